"""What the clock can ask for: the intents of the desk's job, each with the instant from which on it was due.

`done` is what a case and its promises are after one of them. Whoever carries an intent out stores exactly that, with
the message that tells of it, in one transaction; then asking again at the same instant asks for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.core.model import Case, Promise, State

LEAD, DUE, OVERDUE = 1, 2, 3
"""How far a promise's owner was nudged."""


class Why(StrEnum):
    """Why somebody is reminded. It becomes log field, metric and test case."""

    UNCLAIMED = "unclaimed"
    """Nobody has taken the case."""
    IDLE = "idle"
    """It was claimed, and nothing happened."""
    SOON = "soon"
    """A clock nears its end."""
    FOLLOW_UP = "follow_up"
    """The customer was told, and nothing happened since."""
    STANDING = "standing"
    """It has waited or slept for long, without an end."""


@dataclass(frozen=True, slots=True)
class Wake:
    """Its snooze has run out."""

    at: datetime


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """A promise is overdue past its grace: it is recorded as broken, and the case goes up the ladder."""

    at: datetime
    promise: Promise


@dataclass(frozen=True, slots=True)
class Nudge:
    """Tell the case's owner (else who made it) that a promise is due soon, or now."""

    at: datetime
    promise: Promise
    stage: int
    """LEAD or DUE."""


@dataclass(frozen=True, slots=True)
class Release:
    """Its owner was reminded, and nothing happened: it is anybody's again."""

    at: datetime
    owner: str | None


@dataclass(frozen=True, slots=True)
class Escalate:
    """Tell this level of the ladder."""

    at: datetime
    level: int
    why: tuple[str, ...]
    """Keys: of what makes a case start high, `first_response`, `resolution`, or `broken_promise`."""
    again: bool = False
    """The level knows already: the ladder is at its end, and reminds."""
    last: bool = False
    """There is nobody above: said once, on arrival."""


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind the owner; without one, the channel."""

    at: datetime
    why: Why
    owner: str | None


Duty = Wake | BrokenPromise | Nudge | Release | Escalate | Remind
ORDER: tuple[type[Duty], ...] = (Wake, BrokenPromise, Nudge, Release, Escalate, Remind)
"""What comes first of several that are due together: each sees what the earlier ones have changed."""


def key(case: Case, duty: Duty) -> str:
    """Names the intent for the outbox. `case` is the one it was found for: storing it moves the revision on."""
    kind = type(duty).__name__.lower()
    which = ""
    if isinstance(duty, Nudge):
        which = f":{duty.promise.id}:{duty.stage}"
    elif isinstance(duty, BrokenPromise):
        which = f":{duty.promise.id}"
    return f"{case.business}:desk:{case.id}:{kind}{which}:{case.revision}"


def done(
    case: Case, promises: Sequence[Promise], duty: Duty, now: datetime
) -> tuple[Case, tuple[Promise, ...]]:
    """Both after the intent was carried out at `now`. The revision is left to whoever stores the case."""
    match duty:
        case Wake():
            case = _awake(case, duty.at)
        case BrokenPromise():
            promises = _instead(promises, replace(duty.promise, outcome="broken", ended=now, nudged=OVERDUE))
        case Nudge():
            promises = _instead(promises, replace(duty.promise, nudged=duty.stage))
        case Release():
            case = replace(case, state=State.OPEN, owner=None, claimed=None, touched=now, reminded=None)
        case Escalate():
            # whoever is told wants to see it
            case = replace(_awake(case, now), level=duty.level, escalated=now)
        case Remind():
            case = replace(case, reminded=now)
    return case, tuple(promises)


def _awake(case: Case, at: datetime) -> Case:
    """It sleeps until `at` and no longer; while it is the customer's turn its clocks stand all the same."""
    if case.snoozed is None:
        return case
    pauses = case.pauses
    if case.waiting is None:
        pauses = tuple((since, max(since, at) if end is None else end) for since, end in pauses)
    return replace(case, snoozed=None, wake=None, pauses=pauses)


def _instead(promises: Sequence[Promise], newer: Promise) -> tuple[Promise, ...]:
    return tuple(newer if one.id == newer.id else one for one in promises)
