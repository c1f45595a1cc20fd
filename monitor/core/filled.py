"""What was filled into the form of a move, as the move needs it; and what is amiss with it, field by field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from monitor.core.cases import NOTHING, Details
from monitor.core.errors import CaseError
from monitor.core.moves import NEEDS_NOTE, Action, How

Value = str | bool | datetime
"""Of one field; a field that was left empty is not there."""
Values = Mapping[str, Value]

DRAFT = "draft"
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filled:
    move: str
    """The value of an `Action`, or `draft`."""
    details: Details = NOTHING
    note: str = ""
    erred: bool = False
    """Of a dismissal: the judge erred, learn from it."""


class Unfit(CaseError):
    """A form that cannot be taken as it is. `errors`: what is amiss with each field, in words for the person."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


def filled(move: str, values: Values, now: datetime) -> Filled:
    """Raises Unfit for a field that cannot be taken, ValueError for a move that has no form."""
    if move not in _READ:
        raise ValueError(f"{move!r} asks for nothing")
    errors: dict[str, str] = {}
    found = _READ[move](_Fields(values, errors, now))
    if errors:
        raise Unfit(errors)
    return found


@dataclass(frozen=True, slots=True)
class _Fields:
    """The values, each asked for once; what is amiss is written down under the field's name."""

    values: Values
    errors: dict[str, str]
    now: datetime

    def text(self, name: str, missing: str = "") -> str:
        """`missing`: what to say where nothing was written; without it that is no error."""
        told = self.values.get(name, "")
        words = told.strip() if isinstance(told, str) else ""
        if not words and missing:
            self.errors[name] = missing
        return words

    def ticked(self, name: str) -> bool:
        return self.values.get(name) is True

    def later(self, name: str, missing: str) -> datetime | None:
        told = self.values.get(name)
        if not isinstance(told, datetime):
            self.errors[name] = missing
            return None
        if told <= self.now:
            self.errors[name] = "That time has passed: choose a later one."
        return told

    def number(self, name: str, missing: str) -> int | None:
        told = self.text(name, missing).removeprefix("#")
        if not told:
            return None
        if not (told.isascii() and told.isdecimal() and len(told) <= 19) or int(told) > LARGEST:
            self.errors[name] = missing
            return None
        return int(told)

    def link(self, name: str) -> str:
        told = self.text(name)
        if told and not told.lower().startswith(("https://", "http://")):
            self.errors[name] = "A web address begins with https://."
        return told


def _contact(told: _Fields) -> Filled:
    return Filled(Action.CONTACT, Details(text=told.text("text"), link=told.link("link")))


def _recover(told: _Fields) -> Filled:
    how = told.text("how", "Choose by what the customer was won back.")
    if how and how not in set(How):
        told.errors["how"] = "Choose one of those in the list."
        return Filled(Action.RECOVER)
    return Filled(Action.RECOVER, Details(how=How(how) if how else None), told.text("note"))


def _because(move: Action) -> Callable[[_Fields], Filled]:
    def read(told: _Fields) -> Filled:
        why = told.text("reason", _sentence(NEEDS_NOTE[move]))
        return Filled(move, note=why, erred=move is Action.DISMISS and told.ticked("erred"))

    return read


def _note(told: _Fields) -> Filled:
    return Filled(Action.NOTE, note=told.text("note", "There is nothing to note: write something."))


def _snooze(told: _Fields) -> Filled:
    """A tick wins over a time: the time stands there beforehand."""
    if told.ticked("happens"):
        return Filled(Action.SNOOZE, note=told.text("note"))
    until = told.later("until", "Say until when, or tick that it sleeps until something happens.")
    return Filled(Action.SNOOZE, Details(until=until), told.text("note"))


def _hand_over(told: _Fields) -> Filled:
    return Filled(
        Action.HAND_OVER, Details(to=told.text("person", "Say to whom it goes.")), told.text("note")
    )


def _promise(told: _Fields) -> Filled:
    what = told.text("what", "Say what is promised.")
    until = told.later("until", "Say by when: a promise without a time cannot be kept.")
    return Filled(Action.PROMISE, Details(what=what, until=until))


def _ended(move: Action) -> Callable[[_Fields], Filled]:
    def read(told: _Fields) -> Filled:
        promise = told.number("promise", "Choose which promise.")
        reason = _sentence(NEEDS_NOTE[move]) if move in NEEDS_NOTE else ""
        return Filled(move, Details(promise=promise), told.text("reason" if reason else "note", reason))

    return read


def _link(told: _Fields) -> Filled:
    other = told.number("other", "Give the number of the other case, such as 12.")
    return Filled(Action.LINK, Details(other=other), told.text("note"))


def _draft(told: _Fields) -> Filled:
    text = told.text("text", "There is no text: write something, or close this.")
    return Filled(DRAFT, Details(text=text), text)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


_READ: dict[str, Callable[[_Fields], Filled]] = {
    Action.CONTACT: _contact,
    Action.RECOVER: _recover,
    **{move: _because(move) for move in (Action.LOSE, Action.DISMISS, Action.ESCALATE)},
    Action.NOTE: _note,
    Action.SNOOZE: _snooze,
    Action.HAND_OVER: _hand_over,
    Action.PROMISE: _promise,
    **{move: _ended(move) for move in (Action.KEEP, Action.BREAK, Action.WITHDRAW)},
    Action.LINK: _link,
    DRAFT: _draft,
}
FORMS = frozenset(_READ)
"""The moves that have a form."""
