"""The life of a case: which move is legal from which state, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.core.errors import CaseError
from monitor.core.model import Case, CaseEvent, Json, Promise, State
from monitor.core.moves import (
    DONE,
    MACHINES,
    MOVES,
    NEEDS_NOTE,
    OUTCOMES,
    PAST,
    Action,
    How,
    moves_from,
    possible,
)
from monitor.core.pauses import paced, slept_until

__all__ = [
    "DONE",
    "MOVES",
    "NEEDS_NOTE",
    "NOTHING",
    "Action",
    "Details",
    "How",
    "Step",
    "answered",
    "came_back",
    "heard_from",
    "moves_from",
    "possible",
    "reopened",
    "settled",
    "transition",
]

AWAKENING = (Action.CLAIM, Action.HAND_OVER, Action.RELEASE, Action.CONTACT, Action.ESCALATE, Action.WAKE)
"""Whoever does this has looked at the case, or wants somebody to: it does not sleep on."""
TAKING = (Action.CLAIM, Action.HAND_OVER)
UNAIDED = (
    Action.CONTACT,
    Action.RELEASE,
    Action.WAKE,
    Action.ESCALATE,
    Action.REMIND,
    Action.BREAK,
    Action.NOTE,
)
"""What happens without a person: nobody comes to own a case by it."""
BESIDE = (Action.NOTE, Action.LINK, Action.UNLINK, Action.KEEP, Action.BREAK, Action.WITHDRAW, Action.REMIND)
"""Said of a case, not done with it: an older one stays backlog, and nobody comes to own it."""


@dataclass(frozen=True, slots=True)
class Details:
    """What a move needs or tells beside its note. Each becomes a key of the event's `data`, where it is given."""

    to: str = ""
    """Hand over: the person who gets it."""
    until: datetime | None = None
    """Snooze: when it wakes (None: when something happens). Promise: when it is due."""
    how: How | None = None
    """Recover: by what."""
    text: str = ""
    """Contact: what was written to the customer."""
    link: str = ""
    """Contact: where."""
    what: str = ""
    """Promise, keep, break, withdraw: what was promised."""
    promise: int | None = None
    """The promise's number."""
    level: int | None = None
    """Escalate: to this rung (None: to the next)."""
    other: int | None = None
    """Link, unlink: the other customer's case."""
    source: bool = False
    """Contact: seen at the source."""

    def facts(self) -> dict[str, Json]:
        told: dict[str, Json] = {
            "to": self.to,
            "until": self.until.isoformat() if self.until else None,
            "how": self.how.value if self.how else None,
            "text": self.text,
            "link": self.link,
            "what": self.what,
            "promise": self.promise,
            "case": self.other,
            "source": self.source,
        }
        return {key: value for key, value in told.items() if value}


NOTHING = Details()


@dataclass(frozen=True, slots=True)
class Step:
    """A move made: the case after it, and the line of history that says so."""

    case: Case
    event: CaseEvent


def transition(
    case: Case,
    action: Action,
    actor: str,
    now: datetime,
    *,
    note: str = "",
    key: str | None = None,
    details: Details = NOTHING,
) -> Step:
    """The case one revision on. Raises CaseError, in words for the person who asked.

    Claiming a case that somebody else owns hands it over; claiming one's own again is refused, so that a
    double click tells its person that nothing new happened.
    """
    _allow(case, action, actor, now, note, details)
    after = MOVES[action][case.state]
    moved = replace(_done(case, action, now, details), state=after, revision=case.revision + 1)
    moved = _owned(moved, case, action, actor, now, details)
    if after.closed and not case.state.closed:
        moved = replace(moved, closed=now, waiting=None, snoozed=None, wake=None)
    elif action is not Action.REOPEN and action not in BESIDE:
        moved = replace(moved, backlog=False)
    # whoever finds it next has as long as for a new one
    if actor not in MACHINES or action is Action.RELEASE:
        moved = replace(moved, touched=now)
    facts = details.facts()
    if action is Action.ESCALATE:
        facts["level"] = moved.level
    event = CaseEvent(case.id, now, actor, str(action), case.state, after, note, key, facts or None)
    return Step(paced(moved, slept_until(case, now) if after.closed else now), event)


def reopened(case: Case, now: datetime) -> Case:
    """The same case as nobody's again. Its clocks stood while it was closed."""
    pauses = case.pauses
    if case.closed is not None and case.closed < now:
        pauses = (*pauses, (max(case.closed, pauses[-1][1] or case.closed) if pauses else case.closed, now))
    return replace(
        case,
        state=State.OPEN,
        closed=None,
        owner=None,
        claimed=None,
        reminded=None,
        waiting=None,
        snoozed=None,
        wake=None,
        level=0,
        escalated=None,
        backlog=False,
        pauses=pauses,
    )


def came_back(case: Case, now: datetime) -> Case:
    """The case opened again by its customer: they wait for a first answer as anybody does who complains."""
    return replace(reopened(case, now), returned=now, answered=None)


def _told(case: Case, at: datetime) -> Case:
    """The first answer is the one that counts, in each round."""
    answered = (case.answered or at) if case.returned is not None else None
    return replace(case, contacted=case.contacted or at, answered=answered)


def heard_from(case: Case, now: datetime) -> Case:
    """The case once its customer has spoken: it wakes, and nobody waits for them any more."""
    if case.waiting is None and case.snoozed is None:
        return case
    return paced(replace(case, waiting=None, snoozed=None, wake=None), slept_until(case, now))


def answered(case: Case, at: datetime, now: datetime) -> Case:
    """The case once the business's own answer is seen at the source, which says that it was given `at`."""
    at = min(max(at, case.asked), now)
    case = heard_from(case, now)
    moved = replace(
        _told(case, at),
        state=MOVES[Action.CONTACT][case.state],
        touched=max(case.touched or at, at),
        waiting=at,
    )
    return paced(moved, now, since=at)


def _allow(case: Case, action: Action, actor: str, now: datetime, note: str, details: Details) -> None:
    if case.state not in MOVES[action]:
        may = ", ".join(possible(case))
        raise CaseError(f"case {case.id} is {case.state}: it cannot be {PAST[action]} now. Possible: {may}.")
    if action in NEEDS_NOTE and not note.strip():
        raise CaseError(NEEDS_NOTE[action])
    if (actor in MACHINES and action not in UNAIDED) or details.to.strip() in MACHINES:
        raise CaseError(
            f"{', '.join(sorted(MACHINES))} are no persons: say who does it (`--as`), or who gets it"
        )
    match action:
        case Action.CLAIM if case.owner == actor:
            raise CaseError(f"case {case.id} is yours already")
        case Action.HAND_OVER if not details.to.strip():
            raise CaseError("say to whom the case goes")
        case Action.HAND_OVER if case.owner == details.to:
            raise CaseError(f"case {case.id} is {details.to}'s already")
        case Action.RELEASE | Action.REMIND if case.owner is None:
            raise CaseError(f"nobody has case {case.id}: there is nobody to {action.value}")
        case Action.WAKE if case.snoozed is None:
            raise CaseError(f"case {case.id} does not sleep")
        case Action.SNOOZE | Action.PROMISE if details.until is not None and details.until <= now:
            raise CaseError("that time has passed: name a later one")
        case Action.PROMISE if details.until is None:
            raise CaseError("say by when it is promised")
        case Action.PROMISE if not details.what.strip():
            raise CaseError("say what is promised")
        case _:
            pass


def _done(case: Case, action: Action, now: datetime, details: Details) -> Case:
    """What the move does beside state and owner."""
    if action in AWAKENING:
        case = paced(replace(case, snoozed=None, wake=None), slept_until(case, now))
    match action:
        case Action.CONTACT:
            return replace(_told(case, now), waiting=now)
        case Action.REOPEN:
            return reopened(case, now)
        case Action.SNOOZE:
            return replace(case, snoozed=case.snoozed or now, wake=details.until)
        case Action.ESCALATE:
            return replace(case, level=details.level or case.level + 1, escalated=now)
        case Action.REMIND:
            return replace(case, reminded=now)
        case _:
            return case


def _owned(moved: Case, case: Case, action: Action, actor: str, now: datetime, details: Details) -> Case:
    """Who acts first owns the case; a machine never does."""
    owner = moved.owner
    if action in TAKING:
        owner = details.to.strip() if action is Action.HAND_OVER else actor
    elif action is Action.RELEASE:
        owner = None
    elif owner is None and moved.state is not State.OPEN and action not in BESIDE and actor not in MACHINES:
        owner = actor
    if owner == case.owner:
        return moved
    return replace(moved, owner=owner, claimed=None if owner is None else now, reminded=None)


def settled(promise: Promise, action: Action, now: datetime) -> Promise:
    """The promise as kept, broken or withdrawn. Raises CaseError where it has ended already."""
    if promise.outcome is not None:
        raise CaseError(f"promise {promise.id} was {promise.outcome} already")
    return replace(promise, outcome=OUTCOMES[action], ended=now)
