"""The history of a case cut into rounds: whoever was won back and complains again begins another.

In each round a case is taken, answered and ended once at most, and the end is the one that was not taken back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.elapsed import DEEDS, REGRESSIONS, REOPENINGS, begun, elapsed
from monitor.core.model import Case, CaseEvent
from monitor.core.moves import PROPOSE, Action
from monitor.core.recounting import Worked

ENDS = frozenset({Action.RECOVER.value, Action.LOSE.value, Action.DISMISS.value})
TOLD = frozenset(action.value for action in DEEDS) | REGRESSIONS
"""What a digest tells of."""


@dataclass(frozen=True, slots=True)
class Round:
    case: Case
    begun: datetime
    again: bool
    """Its customer had been won back before."""
    taken: datetime | None
    to_claim: timedelta | None
    answered: datetime | None
    """When the answer became known."""
    to_contact: timedelta | None
    end: CaseEvent | None
    to_recover: timedelta | None
    kind: int | None
    """The number of the post in which the customer sounded won back."""


def rounds_of(worked: Worked) -> Iterable[Round]:
    """The oldest first."""
    events = worked.events
    starts = [0, *(n for n, event in enumerate(events) if event.action in REGRESSIONS)]
    for start, stop in zip(starts, [*starts[1:], len(events)], strict=True):
        yield _round(worked.case, events[:stop], events[start:stop])


def _round(case: Case, history: tuple[CaseEvent, ...], here: tuple[CaseEvent, ...]) -> Round:
    """`history`: all up to the end of the round, `here`: the round's own."""
    start, took = begun(case, history), elapsed(case, history)
    end = _end(here)
    return Round(
        case=case,
        begun=start,
        again=bool(here) and here[0].action in REGRESSIONS,
        taken=None if took.to_claim is None else start + took.to_claim,
        to_claim=took.to_claim,
        answered=next((event.at for event in here if event.action == Action.CONTACT), None),
        to_contact=took.to_contact,
        end=end,
        to_recover=took.to_recover if end is not None and end.action == Action.RECOVER else None,
        kind=_kind(here, end),
    )


def _end(here: tuple[CaseEvent, ...]) -> CaseEvent | None:
    found = None
    for event in here:
        if event.action in ENDS:
            found = event
        elif event.action in REOPENINGS:
            found = None
    return found


def _kind(here: tuple[CaseEvent, ...], end: CaseEvent | None) -> int | None:
    found = None
    for event in here:
        if event.action == PROPOSE and event.data and (end is None or event.at <= end.at):
            told = event.data.get("after")
            found = told if isinstance(told, int) else found
    return found
