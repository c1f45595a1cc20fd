"""What Slack refuses in a message, as its documentation states it; the look-alike enforces it.

Block Kit reference (https://docs.slack.dev/reference/block-kit/blocks), chat.postMessage and chat.update.
The ceiling over a whole message is documented nowhere: 13,200 characters is what others measured.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

BLOCKS = 50
WHOLE_MESSAGE = 13_200
UPDATE_TEXT = 4_000
METADATA_BYTES = 16_000

_FIELDS = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text", "level"},
    "context": {"elements"},
    "actions": {"elements"},
    "divider": set(),
    "rich_text": {"elements"},
    "image": {"image_url", "alt_text", "title"},
    "markdown": {"text"},
}
_RICH = {"rich_text_section", "rich_text_quote", "rich_text_list", "rich_text_preformatted"}
_INLINE = {"text", "link", "emoji", "date", "user", "usergroup", "channel", "broadcast", "color", "team"}
_VISIBLE = ("text", "title", "alt_text", "label", "caption")


def refusal(blocks: Any, text: str, *, updating: bool) -> str | None:
    """Slack's error code for this message, or None when it would take it."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return "invalid_blocks_format"
    if not blocks and not text:
        return "no_text"
    if updating and len(text) > UPDATE_TEXT:
        return "msg_too_long"
    if len(blocks) > BLOCKS or not all(_block(block) for block in blocks):
        return "invalid_blocks"
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)):
        return "invalid_blocks"
    if sum(map(len, visible(blocks))) > WHOLE_MESSAGE:
        return "msg_blocks_too_long"
    return None


def visible(value: Any) -> Iterator[str]:
    """Every text in blocks that a reader would see."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _VISIBLE and isinstance(inner, str):
                yield inner
            else:
                yield from visible(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from visible(inner)


def has_rich_text(blocks: list[dict[str, Any]]) -> bool:
    return any(block.get("type") == "rich_text" for block in blocks)


def metadata_refusal(metadata: Any) -> str | None:
    if not isinstance(metadata, dict) or set(metadata) - {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    event, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(event, str) or not event or not isinstance(payload, dict):
        return "invalid_metadata_format"
    if not all(_flat(value) for value in payload.values()):
        return "invalid_metadata_schema"
    return "metadata_too_large" if len(repr(metadata)) > METADATA_BYTES else None


def _flat(value: Any) -> bool:
    """Scalars, objects of scalars, and arrays of those; `null` is none of them."""
    if isinstance(value, dict):
        return all(isinstance(inner, str | int | float | bool) for inner in value.values())
    if isinstance(value, list):
        return all(isinstance(inner, dict) and _flat(inner) for inner in value)
    return isinstance(value, str | int | float | bool)


def _block(block: dict[str, Any]) -> bool:
    kind = block.get("type")
    if kind not in _FIELDS or set(block) - _FIELDS[kind] - {"type", "block_id"}:
        return False
    if "block_id" in block and not _between(block["block_id"], 1, 255):
        return False
    match kind:
        case "section":
            return _section(block)
        case "header":
            return _text(block.get("text"), 150, kinds=("plain_text",))
        case "context":
            elements: list[Any] = block.get("elements", [])
            return _some(elements, 10) and all(_text(item, 3_000) for item in elements)
        case "actions":
            return _actions(block.get("elements"))
        case "rich_text":
            elements = block.get("elements", [])
            return isinstance(elements, list) and bool(elements) and all(map(_rich, elements))
        case "image":
            return _between(block.get("image_url"), 1, 3_000) and _between(block.get("alt_text"), 1, 2_000)
        case "markdown":
            return _between(block.get("text"), 1, 12_000)
    return True


def _section(block: dict[str, Any]) -> bool:
    if "text" not in block and "fields" not in block:
        return False
    if "text" in block and not _text(block["text"], 3_000):
        return False
    fields: list[Any] = block.get("fields", [])
    return "fields" not in block or (_some(fields, 10) and all(_text(item, 2_000) for item in fields))


def _actions(elements: Any) -> bool:
    if not _some(elements, 25):
        return False
    ids = [item.get("action_id") for item in elements if "action_id" in item]
    return len(ids) == len(set(ids)) and all(map(_button, elements))


def _button(item: Any) -> bool:
    """Buttons are the only interactive elements that this product sends."""
    known = {"type", "text", "action_id", "url", "value", "style", "accessibility_label", "confirm"}
    return (
        isinstance(item, dict)
        and item.get("type") == "button"
        and not set(item) - known
        and _text(item.get("text"), 75, kinds=("plain_text",))
        and ("url" not in item or bool(re.fullmatch(r"https?://\S{1,2990}", str(item["url"]))))
        and ("value" not in item or _between(item["value"], 0, 2_000))
        and ("action_id" not in item or _between(item["action_id"], 1, 255))
        and item.get("style", "primary") in ("primary", "danger")
    )


def _rich(element: Any) -> bool:
    if not isinstance(element, dict) or element.get("type") not in _RICH:
        return False
    inner = element.get("elements")
    if not isinstance(inner, list) or not inner:
        return False
    if element["type"] == "rich_text_list":
        sections = all(isinstance(item, dict) and item.get("type") == "rich_text_section" for item in inner)
        return sections and element.get("style") in ("bullet", "ordered") and all(map(_rich, inner))
    return all(map(_inline, inner))


def _inline(item: Any) -> bool:
    if not isinstance(item, dict) or item.get("type") not in _INLINE:
        return False
    if item["type"] == "text":
        return isinstance(item.get("text"), str) and bool(item["text"])
    if item["type"] == "link":
        return bool(re.match(r"(https?://|mailto:)\S", str(item.get("url", ""))))
    return True


def _text(value: Any, limit: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> bool:
    if not isinstance(value, dict) or value.get("type") not in kinds:
        return False
    extra = {"verbatim"} if value["type"] == "mrkdwn" else {"emoji"}
    return not set(value) - {"type", "text"} - extra and _between(value.get("text"), 1, limit)


def _some(value: Any, most: int) -> bool:
    return isinstance(value, list) and 1 <= len(value) <= most


def _between(value: Any, least: int, most: int) -> bool:
    return isinstance(value, str) and least <= len(value) <= most
