"""What Slack refuses in messages, modals and Home, as its documentation states it; the look-alike enforces it.

Block Kit reference (https://docs.slack.dev/reference/block-kit/blocks), chat.postMessage, chat.update and
https://docs.slack.dev/reference/views. The ceiling over a whole message is documented nowhere: 13,200
characters is what others measured.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from alerts.testing import charts
from alerts.testing.controls import control, elements
from alerts.testing.measures import between, fits, plain, some, text

BLOCKS = 50
VIEW_BLOCKS = 100
WHOLE_MESSAGE = 13_200
WHOLE_VIEW = 250_000
"""Bytes of a view's JSON."""
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
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "markdown": {"text"},
    "data_visualization": {"title", "chart"},
}
_NOT_IN_VIEWS = {"markdown", "data_visualization"}
_VIEW_FIELDS = {
    "home": {"type", "blocks", "private_metadata", "callback_id", "external_id"},
    "modal": {"type", "blocks", "private_metadata", "callback_id", "external_id", "title", "submit", "close"}
    | {"clear_on_close", "notify_on_close", "submit_disabled"},
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
    if len(blocks) > BLOCKS or amiss(blocks) is not None:
        return "invalid_blocks"
    if sum(block["type"] == "data_visualization" for block in blocks) > charts.IN_A_MESSAGE:
        return "invalid_blocks"
    if sum(map(len, visible(blocks))) > WHOLE_MESSAGE:
        return "msg_blocks_too_long"
    return None


def view_refusal(view: Any, kind: str) -> tuple[str, str] | None:
    """Slack's error code for this `modal` or `home`, and the words beside it; None when it would take it."""
    if not isinstance(view, dict):
        return "invalid_arguments", "must provide an object [json-pointer:/view]"
    if len(json.dumps(view).encode()) > WHOLE_VIEW:
        return "view_too_large", ""
    if view.get("type") != kind:
        return "invalid_arguments", f"must be a {kind} [json-pointer:/view/type]"
    if unknown := sorted(set(view) - _VIEW_FIELDS[kind]):
        return "invalid_arguments", f"additional property: {unknown[0]} [json-pointer:/view]"
    for name, most in (("private_metadata", 3_000), ("callback_id", 255), ("external_id", 255)):
        if not fits(view, name, 0, most):
            return (
                "invalid_arguments",
                f"must be shorter than {most + 1} characters [json-pointer:/view/{name}]",
            )
    blocks: Any = view.get("blocks")
    if not some(blocks, VIEW_BLOCKS) or not all(isinstance(block, dict) for block in blocks):
        return "invalid_arguments", f"must have 1 to {VIEW_BLOCKS} items [json-pointer:/view/blocks]"
    for name in ("title", "submit", "close") if kind == "modal" else ():
        if (name in view or name == "title") and not plain(view.get(name), 24):
            return "invalid_arguments", f"must be a text below 25 characters [json-pointer:/view/{name}]"
    if kind == "modal" and "submit" not in view and any(b.get("type") == "input" for b in blocks):
        return "invalid_arguments", "missing required field: submit [json-pointer:/view]"
    if (where := amiss(blocks, views=True)) is not None:
        return "invalid_arguments", f"failed to match all allowed schemas [json-pointer:/view/blocks/{where}]"
    return None


def amiss(blocks: list[dict[str, Any]], *, views: bool = False) -> int | None:
    """The first block, by its place, that Slack would not take here."""
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not _block(block) or (views and block["type"] in _NOT_IN_VIEWS):
            return place
        named = [item["action_id"] for item in elements(block) if "action_id" in item]
        if len(named) != len(set(named)) or block.get("block_id") in seen:
            return place
        if "block_id" in block:
            seen.add(block["block_id"])
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
    if "block_id" in block and not between(block["block_id"], 1, 255):
        return False
    match kind:
        case "section":
            return _section(block)
        case "header":
            return plain(block.get("text"), 150)
        case "context":
            parts: Any = block.get("elements")
            return some(parts, 10) and all(text(part, 3_000) or _picture(part) for part in parts)
        case "actions":
            parts = block.get("elements")
            return some(parts, 25) and all(control(part, "actions") for part in parts)
        case "rich_text":
            parts = block.get("elements")
            return isinstance(parts, list) and bool(parts) and all(map(_rich, parts))
        case "image":
            return _picture(block)
        case "input":
            return _input(block)
        case "data_visualization":
            return charts.chart(block)
        case "markdown":
            return between(block.get("text"), 1, 12_000)
    return True


def _section(block: dict[str, Any]) -> bool:
    if "text" not in block and "fields" not in block:
        return False
    if "text" in block and not text(block["text"], 3_000):
        return False
    if "accessory" in block and not control(block["accessory"], "section"):
        return False
    fields: list[Any] = block.get("fields", [])
    return "fields" not in block or (some(fields, 10) and all(text(item, 2_000) for item in fields))


def _picture(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and item.get("type") == "image"
        and between(item.get("image_url"), 1, 3_000)
        and between(item.get("alt_text"), 1, 2_000)
    )


def _input(block: dict[str, Any]) -> bool:
    return (
        plain(block.get("label"), 2_000)
        and ("hint" not in block or plain(block["hint"], 2_000))
        and control(block.get("element"), "input")
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
