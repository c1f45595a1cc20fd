"""The names on which the card, its modals and the listener agree: what a button says when it is pressed, and what a
modal remembers of the card it was opened from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

REPLY_AT_SOURCE: Final = "reply_at_source"
"""A link: Slack tells of the click all the same, and nothing follows from it."""
MORE: Final = "more"
"""The overflow of a card. What was chosen is in the option's value."""
MORE_MODAL: Final = "more_modal"
"""The button that opens the whole case."""
DRAFT: Final = "draft"
"""The button, the option and the modal of a guarded draft."""

# A field's name is the block id and the action id of its input.
NOTE: Final = "note"
TEXT: Final = "text"
LINK: Final = "link"
HOW: Final = "how"
PERSON: Final = "person"
UNTIL: Final = "until"
WHAT: Final = "what"
OTHER: Final = "other"
PROMISE: Final = "promise"
REASON: Final = "reason"
HAPPENS: Final = "happens"
"""Ticked: it sleeps until something happens."""
ERRED: Final = "erred"
"""Ticked: the judge erred, and learns from it."""
FIELDS: Final = (NOTE, TEXT, LINK, HOW, PERSON, UNTIL, WHAT, OTHER, PROMISE, REASON, HAPPENS, ERRED)

LARGEST: Final = 2**63 - 1
"""No database counts further."""


@dataclass(frozen=True, slots=True)
class Press:
    """What a button or an option of an overflow says: the move, of which case, and which revision was seen."""

    move: str
    """The value of an `Action`, or `more_modal` or `draft`."""
    case_id: int
    revision: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Of which case a modal is, and from which message it was opened (empty: from Home or a command)."""

    case_id: int
    revision: int
    channel: str = ""
    ts: str = ""


def value_of(move: str, case_id: int, revision: int) -> str:
    """`<move>:<case id>:<revision>`, under 75 characters."""
    return f"{move}:{case_id}:{revision}"


def read_value(text: str) -> Press:
    """Raises ValueError for what `value_of` did not make."""
    parts = text.split(":") if len(text) <= 75 else []
    if len(parts) != 3 or not parts[0]:
        raise ValueError(f"no move of a case: {text[:75]!r}")
    return Press(parts[0], _number(parts[1]), _number(parts[2]))


def packed(case_id: int, revision: int, channel: str = "", ts: str = "") -> str:
    """The `private_metadata` of a modal."""
    return json.dumps({"case": case_id, "revision": revision, "channel": channel, "ts": ts})


def unpacked(text: str) -> Origin:
    """Raises ValueError for what `packed` did not make."""
    try:
        told = json.loads(text)
    except RecursionError as deep:
        raise ValueError("no metadata of a modal: nested too deeply") from deep
    if not isinstance(told, dict):
        raise ValueError("no metadata of a modal: not an object")
    case, revision = told.get("case"), told.get("revision")
    channel, ts = told.get("channel"), told.get("ts")
    if type(case) is not int or type(revision) is not int:
        raise ValueError("no metadata of a modal: no case or no revision")
    if not isinstance(channel, str) or not isinstance(ts, str):
        raise ValueError("no metadata of a modal: no channel or no ts")
    return Origin(case, revision, channel, ts)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 19) or int(text) > LARGEST:
        raise ValueError(f"no number: {text!r}")
    return int(text)
