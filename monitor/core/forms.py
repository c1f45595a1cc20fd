"""What a form says, as a move takes it. A field is named as the desk names it; one that was left empty is not there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from monitor.core.cases import NOTHING, Details
from monitor.core.gestures import Value
from monitor.core.moves import NEEDS_NOTE, Action, How

LARGEST = 2**63 - 1
"""No database counts further."""
AT_ONCE: frozenset[str] = frozenset({Action.CLAIM, Action.RELEASE, Action.REOPEN, Action.WAKE, Action.UNLINK})
"""Moves that need no words."""
OF_A_PROMISE: frozenset[str] = frozenset({Action.KEEP, Action.BREAK})
"""Likewise, where there is one promise that they can mean."""
MORE, DRAFT = "more", "draft"
"""What is opened beside the moves: the whole case, and the draft of a reply."""
FORMS: frozenset[str] = (frozenset(Action) | {MORE, DRAFT}) - AT_ONCE - {Action.REMIND}
"""What has a form; of these `OF_A_PROMISE` not always."""


class Unfit(Exception):
    """What is wrong, by field."""

    def __init__(self, **errors: str) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors: Mapping[str, str] = errors


@dataclass(frozen=True, slots=True)
class Filled:
    note: str = ""
    details: Details = NOTHING
    erred: bool = False
    """Of a dismissal: the judge erred, and learns from it."""


def filled(action: Action, values: Mapping[str, Value], now: datetime) -> Filled:
    """Raises Unfit, in words for whoever filled it in. What only the case can tell (is it closed? whose is it?) is
    left to the move."""
    reason, said = _text(values, "reason"), _text(values, "note")
    note = ": ".join(part for part in (reason, said) if part)
    if action in NEEDS_NOTE and not note:
        told = NEEDS_NOTE[action]
        raise Unfit(**{"note" if "note" in values or action is Action.NOTE else "reason": told})
    read = _DETAILS.get(action)
    return Filled(note, read(values, now) if read else NOTHING, bool(values.get("erred")))


def _text(values: Mapping[str, Value], name: str) -> str:
    found = values.get(name)
    return found.strip() if isinstance(found, str) else ""


def _time(values: Mapping[str, Value], now: datetime) -> datetime | None:
    until = values.get("until")
    if not isinstance(until, datetime):
        return None
    if until <= now:
        raise Unfit(until="that time has passed: choose a later one")
    return until


def _number(text: str) -> int | None:
    plain = text.removeprefix("#").strip()
    if not (plain.isascii() and plain.isdecimal() and len(plain) <= 19):
        return None
    number = int(plain)
    return number if number <= LARGEST else None


def _contacted(values: Mapping[str, Value], _: datetime) -> Details:
    link = _text(values, "link")
    try:
        parts = urlsplit(link)
        sound = not link or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        sound = False
    if not sound:
        raise Unfit(link="this is no web address: it begins with https://")
    return Details(text=_text(values, "text"), link=link)


def _recovered(values: Mapping[str, Value], _: datetime) -> Details:
    how = _text(values, "how")
    if how and how not in set(How):
        raise Unfit(how=f"choose one of {', '.join(How)}")
    return Details(how=How(how) if how else None)


def _snoozed(values: Mapping[str, Value], now: datetime) -> Details:
    if values.get("happens"):
        return Details()
    until = _time(values, now)
    if until is None:
        raise Unfit(until="choose a time, or let it sleep until something happens")
    return Details(until=until)


def _handed_over(values: Mapping[str, Value], _: datetime) -> Details:
    person = _text(values, "person")
    if not person:
        raise Unfit(person="say to whom the case goes")
    return Details(to=person)


def _promised(values: Mapping[str, Value], now: datetime) -> Details:
    what, until = _text(values, "what"), _time(values, now)
    missing = {} if what else {"what": "say what is promised"}
    if until is None:
        missing["until"] = "say by when it is promised"
    if missing:
        raise Unfit(**missing)
    return Details(what=what, until=until)


def _outcome(values: Mapping[str, Value], _: datetime) -> Details:
    chosen = _text(values, "promise")
    number = _number(chosen)
    if chosen and number is None:
        raise Unfit(promise="choose one of the promises")
    return Details(promise=number)


def _linked(values: Mapping[str, Value], _: datetime) -> Details:
    number = _number(_text(values, "other"))
    if number is None:
        raise Unfit(other="write the number of the other case, as its card shows it")
    return Details(other=number)


_DETAILS: Mapping[Action, Callable[[Mapping[str, Value], datetime], Details]] = {
    Action.CONTACT: _contacted,
    Action.RECOVER: _recovered,
    Action.SNOOZE: _snoozed,
    Action.HAND_OVER: _handed_over,
    Action.PROMISE: _promised,
    Action.KEEP: _outcome,
    Action.BREAK: _outcome,
    Action.WITHDRAW: _outcome,
    Action.LINK: _linked,
}
