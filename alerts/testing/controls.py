"""What Slack refuses in buttons, menus and inputs: https://docs.slack.dev/reference/block-kit/block-elements"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from alerts.testing.measures import between, fits, plain, some, text

_INITIAL = {
    "static_select": "initial_option",
    "external_select": "initial_option",
    "users_select": "initial_user",
    "conversations_select": "initial_conversation",
    "channels_select": "initial_channel",
    "multi_static_select": "initial_options",
    "multi_external_select": "initial_options",
    "multi_users_select": "initial_users",
    "multi_conversations_select": "initial_conversations",
    "multi_channels_select": "initial_channels",
    "radio_buttons": "initial_option",
    "checkboxes": "initial_options",
    "datepicker": "initial_date",
    "timepicker": "initial_time",
    "datetimepicker": "initial_date_time",
    "plain_text_input": "initial_value",
    "email_text_input": "initial_value",
    "url_text_input": "initial_value",
    "number_input": "initial_value",
    "rich_text_input": "initial_value",
}
"""The field that holds what an element shows at first; only elements with such a field keep a state."""
_MENUS = {kind for kind in _INITIAL if kind.endswith("_select")}
_TYPED = {"plain_text_input", "email_text_input", "url_text_input", "number_input", "rich_text_input"}
_PICKERS = {"datepicker", "timepicker"}
_FIELDS = {
    "button": {"text", "url", "value", "style", "accessibility_label", "confirm"},
    "overflow": {"options", "confirm"},
    "image": {"image_url", "alt_text"},
    "radio_buttons": {"options", "confirm"},
    "checkboxes": {"options", "confirm"},
    "datepicker": {"placeholder", "confirm"},
    "timepicker": {"placeholder", "confirm", "timezone"},
    "datetimepicker": {"confirm"},
    "plain_text_input": {"placeholder", "multiline", "min_length", "max_length", "dispatch_action_config"},
    "email_text_input": {"placeholder", "dispatch_action_config"},
    "url_text_input": {"placeholder", "dispatch_action_config"},
    "rich_text_input": {"placeholder", "dispatch_action_config"},
    "number_input": {"placeholder", "is_decimal_allowed", "min_value", "max_value", "dispatch_action_config"},
    **{
        kind: {"placeholder", "confirm"}
        | ({"options", "option_groups"} if "static" in kind else set())
        | ({"min_query_length"} if "external" in kind else set())
        | ({"max_selected_items"} if kind.startswith("multi") else set())
        | ({"filter", "default_to_current_conversation"} if "conversations" in kind else set())
        | ({"response_url_enabled"} if kind in ("conversations_select", "channels_select") else set())
        for kind in _MENUS
    },
}
_CLICKED = {"button", "overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker"}
PLACES = {
    "actions": _CLICKED | _MENUS | {"datetimepicker"},
    "section": _CLICKED | _MENUS | {"image"},
    "input": _TYPED | _MENUS | _PICKERS | {"radio_buttons", "checkboxes", "datetimepicker"},
}
"""Which elements each block takes."""


def control(item: Any, place: str) -> bool:
    """Would Slack take this element in a block of this kind?"""
    if not isinstance(item, dict) or item.get("type") not in PLACES[place]:
        return False
    kind = item["type"]
    known = _FIELDS[kind] | {"type", "action_id", "focus_on_load"} | {_INITIAL.get(kind, "type")}
    if set(item) - known or not fits(item, "action_id", 1, 255):
        return False
    if "placeholder" in item and not plain(item["placeholder"], 150):
        return False
    if "confirm" in item and not _confirm(item["confirm"]):
        return False
    match kind:
        case "image":
            return between(item.get("image_url"), 1, 3_000) and between(item.get("alt_text"), 1, 2_000)
        case "button":
            return _button(item)
        case "overflow":
            return some(item.get("options"), 5) and all(_option(o, url=True) for o in item["options"])
        case "radio_buttons" | "checkboxes":
            return some(item.get("options"), 10) and _known(item)
        case "static_select" | "multi_static_select":
            return _menu(item)
        case "plain_text_input":
            least, most = item.get("min_length", 0), item.get("max_length", 3_000)
            return 0 <= least <= most <= 3_000 and fits(item, "initial_value", 0, most)
        case "number_input":
            return isinstance(item.get("is_decimal_allowed"), bool)
    return True


def initial(item: dict[str, Any]) -> Any:
    """What the element shows before anybody touched it."""
    return item.get(_INITIAL.get(item.get("type", ""), ""))


def has_state(item: Any) -> bool:
    return isinstance(item, dict) and item.get("type") in _INITIAL


def options(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those of a menu, its groups included."""
    yield from item.get("options", ())
    for group in item.get("option_groups", ()):
        yield from group.get("options", ())


def elements(block: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What can be clicked, chosen or filled in one block."""
    match block.get("type"):
        case "section" if isinstance(block.get("accessory"), dict):
            yield block["accessory"]
        case "actions":
            yield from block.get("elements", ())
        case "input" if isinstance(block.get("element"), dict):
            yield block["element"]


def _button(item: dict[str, Any]) -> bool:
    return (
        plain(item.get("text"), 75)
        and ("url" not in item or bool(re.fullmatch(r"https?://\S{1,2990}", str(item["url"]))))
        and fits(item, "value", 0, 2_000)
        and fits(item, "accessibility_label", 1, 75)
        and item.get("style", "primary") in ("primary", "danger")
    )


def _menu(item: dict[str, Any]) -> bool:
    if ("options" in item) == ("option_groups" in item):
        return False
    if "options" in item:
        return some(item["options"], 100) and _known(item)
    groups: list[Any] = item["option_groups"]
    return some(groups, 100) and all(
        isinstance(group, dict) and plain(group.get("label"), 75) and some(group.get("options"), 100)
        for group in groups
    )


def _known(item: dict[str, Any]) -> bool:
    """Whole options, and what is chosen at first is one of them."""
    first = initial(item)
    chosen = first if isinstance(first, list) else [first] if first is not None else []
    return all(_option(o) for o in item["options"]) and all(o in item["options"] for o in chosen)


def _option(item: Any, *, url: bool = False) -> bool:
    known = {"text", "value", "description"} | ({"url"} if url else set())
    return (
        isinstance(item, dict)
        and not set(item) - known
        and text(item.get("text"), 75)
        and between(item.get("value"), 1, 150)
        and ("description" not in item or text(item["description"], 75))
    )


def _confirm(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and not set(item) - {"title", "text", "confirm", "deny", "style"}
        and plain(item.get("title"), 100)
        and text(item.get("text"), 300)
        and plain(item.get("confirm"), 30)
        and plain(item.get("deny"), 30)
    )
