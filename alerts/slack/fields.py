"""The inputs of a modal. A field's name is its block id and its action id."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from alerts.slack.buttons import plain
from alerts.slack.escape import literal
from alerts.words import clean

Block = dict[str, Any]

TYPED = 3_000
"""Characters that an input takes."""
OPTION = 75
"""Characters of an option, escaped."""
OPTIONS = 100


def words(
    name: str,
    label: str,
    *,
    initial: str = "",
    lines: bool = True,
    optional: bool = False,
    hint: str = "",
    most: int = TYPED,
) -> Block:
    """What is typed. `initial` is as literal as what a person types: it is never escaped."""
    element: Block = {"type": "plain_text_input", "action_id": name, "multiline": lines, "max_length": most}
    if shown := clean(initial, limit=most, lines=200):
        element["initial_value"] = shown
    return _input(name, label, element, optional, hint)


def address(name: str, label: str, *, hint: str = "") -> Block:
    return _input(name, label, {"type": "url_text_input", "action_id": name}, True, hint)


def when(name: str, label: str, initial: datetime, *, optional: bool = False, hint: str = "") -> Block:
    """A day with its time, in the zone of whoever looks at it."""
    element = {
        "type": "datetimepicker",
        "action_id": name,
        "initial_date_time": int(initial.timestamp()),
    }
    return _input(name, label, element, optional, hint)


def choice(
    name: str,
    label: str,
    options: Iterable[tuple[str, str, str]],
    *,
    chosen: str | None = None,
    hint: str = "",
) -> Block:
    """`options`: value, words, and what stands small below them; at most 100."""
    shown = [_option(*told) for told in options][:OPTIONS]
    element: Block = {"type": "static_select", "action_id": name, "options": shown}
    first = next((option for option in shown if option["value"] == chosen), None)
    return _input(name, label, {**element, "initial_option": first} if first else element, False, hint)


def tick(name: str, label: str, told: str, *, ticked: bool = False, hint: str = "") -> Block:
    options = [_option("yes", told, "")]
    element: Block = {"type": "checkboxes", "action_id": name, "options": options}
    return _input(name, label, {**element, "initial_options": options} if ticked else element, True, hint)


def person(name: str, label: str) -> Block:
    return _input(name, label, {"type": "users_select", "action_id": name}, False, "")


def _input(name: str, label: str, element: Block, optional: bool, hint: str) -> Block:
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label),
        "element": element,
        "optional": optional,
    }
    return {**block, "hint": plain(hint)} if hint else block


def _option(value: str, told: str, small: str) -> Block:
    option: Block = {"text": plain(fitting(told, OPTION) or value), "value": value}
    return {**option, "description": plain(below)} if (below := fitting(small, OPTION)) else option


def fitting(text: str, most: int) -> str:
    """Foreign words on one line, escaped and still no longer than `most`."""
    limit = most
    while len(shown := literal(text, limit)) > most:
        limit -= max(1, (len(shown) - most) // 5)
    return shown
