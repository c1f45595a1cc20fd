"""Filling in a form as a person does: what each input holds, what it takes, and what Slack's client refuses.

A value is given in its plainest form: text for what is typed, the option's value for menus (a list of them
where several may be chosen), an id for people and channels, "2026-03-02" and "14:05" for pickers, Unix seconds
for a date with its time, and None for "emptied".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from alerts.testing import controls

Blocks = list[dict[str, Any]]
State = dict[str, dict[str, dict[str, Any]]]
"""block_id -> action_id -> what the element holds, as in a payload's `state.values`."""

_HOLDS = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "checkboxes": "selected_options",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "rich_text_input": "rich_text_value",
}


class CannotDo(LookupError):
    """A person could not do this in Slack: no such button, no such option, a required input left empty."""


def named(blocks: Blocks) -> Blocks:
    """Slack gives an id to each block and element that came without one."""
    for place, block in enumerate(blocks):
        block.setdefault("block_id", f"slack-{place}")
        for number, element in enumerate(controls.elements(block)):
            if element["type"] != "image":
                element.setdefault("action_id", f"slack-{place}-{number}")
    return blocks


def blank(blocks: Blocks) -> State:
    """The state before anybody touched anything."""
    state: State = {}
    for block, element in _stateful(blocks):
        state.setdefault(block["block_id"], {})[element["action_id"]] = _held(
            element, controls.initial(element)
        )
    return state


def fill(blocks: Blocks, state: State, values: Mapping[str, Any]) -> None:
    """Put `values` (by action_id, or by block_id) into `state`. Raises CannotDo."""
    wanted = dict(values)
    for block, element in _stateful(blocks):
        for key in (element["action_id"], block["block_id"]):
            if key in wanted:
                state[block["block_id"]][element["action_id"]] = _held(
                    element, taken(element, wanted.pop(key))
                )
                break
    if wanted:
        raise CannotDo(f"the form has no input {sorted(wanted)[0]!r}")


def empty_inputs(blocks: Blocks, state: State) -> list[str]:
    """Required inputs, by block_id, that hold nothing: Slack's client would not submit."""
    missing = []
    for block, element in _stateful(blocks):
        if block["type"] != "input" or block.get("optional"):
            continue
        held = state[block["block_id"]][element["action_id"]]
        if held[_field(element)] in (None, "", []):
            missing.append(block["block_id"])
    return missing


def find(blocks: Blocks, action_id: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """The block and the element of this action. Raises CannotDo."""
    for block in blocks:
        for element in controls.elements(block):
            if element.get("action_id") == action_id:
                return block, element
    raise CannotDo(f"there is nothing to click that is called {action_id!r}")


def taken(element: dict[str, Any], value: Any) -> Any:
    """The value as Slack keeps it: options whole, typed text within its bounds. Raises CannotDo."""
    kind, field = element["type"], _field(element)
    if value is None or (value == "" and field == "value"):
        return None
    if field == "selected_option" and kind != "external_select":
        return _option(element, value)
    if field == "selected_options" and kind != "multi_external_select":
        return [_option(element, one) for one in value]
    if kind == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3_000)
        if not least <= len(value) <= most:
            raise CannotDo(f"{element['action_id']!r} takes {least} to {most} characters, not {len(value)}")
    return value


def chosen(element: dict[str, Any], value: Any) -> dict[str, Any]:
    """What an action in a payload says about the choice."""
    if element["type"] == "button":
        told: dict[str, Any] = {key: element[key] for key in ("value", "style") if key in element}
        return {**told, "text": element["text"], **({} if value is None else {"value": value})}
    if element["type"] == "overflow":
        return {"selected_option": _option(element, value)}
    return {_field(element): taken(element, value)}


def _held(element: dict[str, Any], value: Any) -> dict[str, Any]:
    field = _field(element)
    return {"type": element["type"], field: [] if value is None and field.endswith("s") else value}


def _field(element: dict[str, Any]) -> str:
    return _HOLDS.get(element["type"], "value")


def _option(element: dict[str, Any], value: Any) -> dict[str, Any]:
    for option in controls.options(element):
        if option["value"] == value:
            return option
    raise CannotDo(f"{element.get('action_id')!r} has no option {value!r}")


def _stateful(blocks: Blocks) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for block in blocks:
        for element in controls.elements(block):
            if controls.has_state(element):
                yield block, element
