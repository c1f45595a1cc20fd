"""How long a customer waited: until somebody took the case, until they were told something, until they were won back.

What passed on the wall, at night and on Sunday too: that is what a customer feels. What the desk has used of its own
hours, `monitor.core.clocks` tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.cases import BESIDE
from monitor.core.model import Case, CaseEvent, State
from monitor.core.moves import MACHINES, REGRESS, Action

REGRESSIONS = frozenset({REGRESS, "regressed"})
"""The second is its name in old databases."""
REOPENINGS = frozenset({Action.REOPEN.value, "reopened"})
"""What takes an end back that should not have been one: by a person, and by an edit of the post."""
DEEDS = frozenset(Action) - set(BESIDE)


@dataclass(frozen=True, slots=True)
class Elapsed:
    """Counted from `begun`. None: it has not happened."""

    to_claim: timedelta | None = None
    to_contact: timedelta | None = None
    to_recover: timedelta | None = None


def begun(case: Case, events: Sequence[CaseEvent]) -> datetime:
    """Since when the customer waits: since the case was opened, or, where they were won back and complained again,
    since they last did."""
    return max((event.at for event in events if event.action in REGRESSIONS), default=case.opened)


def elapsed(case: Case, events: Sequence[CaseEvent]) -> Elapsed:
    """`events`: the whole history of the case, in order."""
    start = begun(case, events)
    last = max((n for n, event in enumerate(events) if event.action in REGRESSIONS), default=-1)
    since = events[last + 1 :]
    told = _first(event for event in since if event.action == Action.CONTACT)
    if told is not None and last < 0 and case.contacted is not None:
        # an answer that was seen at the source was given before it was seen
        told = min(told, case.contacted)
    taken, ended = _first(event for event in since if _takes(event)), _recovered(since)
    return Elapsed(*(at if at is None else at - start for at in (taken, told, ended)))


def _first(found: Iterable[CaseEvent]) -> datetime | None:
    return next((event.at for event in found), None)


def _takes(event: CaseEvent) -> bool:
    """Whoever does something with a case that is nobody's comes to own it, and nobody but a person does."""
    return event.action in DEEDS and event.actor not in MACHINES and event.after is not State.OPEN


def _recovered(since: Sequence[CaseEvent]) -> datetime | None:
    """When the customer was won back, if that still stands."""
    at = None
    for event in since:
        if event.action == Action.RECOVER:
            at = event.at
        elif event.action in REOPENINGS:
            at = None
    return at
