"""The life of a case: which move is legal from which state, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from monitor.core.errors import CaseError
from monitor.core.model import Case, CaseEvent, State

OPEN, CLAIMED, CONTACTED = State.OPEN, State.CLAIMED, State.CONTACTED
RECOVERED, LOST, DISMISSED = State.RECOVERED, State.LOST, State.DISMISSED


class Action(StrEnum):
    CLAIM = "claim"
    CONTACT = "contact"
    RECOVER = "recover"
    LOSE = "lose"
    DISMISS = "dismiss"
    REOPEN = "reopen"


MOVES: dict[Action, dict[State, State]] = {
    Action.CLAIM: {OPEN: CLAIMED, CLAIMED: CLAIMED, CONTACTED: CONTACTED},
    Action.CONTACT: {OPEN: CONTACTED, CLAIMED: CONTACTED, CONTACTED: CONTACTED},
    Action.RECOVER: {OPEN: RECOVERED, CLAIMED: RECOVERED, CONTACTED: RECOVERED},
    Action.LOSE: {OPEN: LOST, CLAIMED: LOST, CONTACTED: LOST},
    Action.DISMISS: {OPEN: DISMISSED, CLAIMED: DISMISSED, CONTACTED: DISMISSED},
    Action.REOPEN: {RECOVERED: OPEN, LOST: OPEN, DISMISSED: OPEN},
}

NEEDS_NOTE = {
    Action.LOSE: "say why the customer was lost",
    Action.DISMISS: "say why this is not a complaint to answer",
}

DONE = {
    Action.CLAIM: "claimed",
    Action.CONTACT: "told the customer",
    Action.RECOVER: "recovered the customer",
    Action.LOSE: "gave the customer up as lost",
    Action.DISMISS: "dismissed",
    Action.REOPEN: "re-opened",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A move made: the case after it, and the line of history that says so."""

    case: Case
    event: CaseEvent


def moves_from(state: State) -> tuple[Action, ...]:
    """What a person may do with a case in this state."""
    return tuple(action for action, table in MOVES.items() if state in table)


def transition(
    case: Case, action: Action, actor: str, now: datetime, *, note: str = "", key: str | None = None
) -> Step:
    """The case one revision on. Raises CaseError, in words for the person who asked.

    Claiming a case that somebody else owns hands it over; claiming one's own again is refused, so that a
    double click tells its person that nothing new happened.
    """
    after = MOVES[action].get(case.state)
    if after is None:
        may = ", ".join(moves_from(case.state))
        raise CaseError(f"case {case.id} is {case.state}: it cannot be {_PAST[action]} now. Possible: {may}.")
    if action in NEEDS_NOTE and not note.strip():
        raise CaseError(f"{NEEDS_NOTE[action]} (a note is needed, so that the team can learn from it)")
    if action is Action.CLAIM and case.owner == actor:
        raise CaseError(f"case {case.id} is yours already")
    owner = actor if action is Action.CLAIM or (case.owner is None and after is not OPEN) else case.owner
    moved = replace(
        case,
        state=after,
        owner=None if action is Action.REOPEN else owner,
        revision=case.revision + 1,
        closed=now if after.closed else None,
        contacted=case.contacted or (now if action is Action.CONTACT else None),
        backlog=case.backlog and after.closed,
    )
    return Step(moved, CaseEvent(case.id, now, actor, str(action), case.state, after, note, key))


_PAST = {
    Action.CLAIM: "claimed",
    Action.CONTACT: "marked as contacted",
    Action.RECOVER: "marked as recovered",
    Action.LOSE: "marked as lost",
    Action.DISMISS: "dismissed",
    Action.REOPEN: "re-opened",
}
