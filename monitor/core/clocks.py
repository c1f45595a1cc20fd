"""How long a case has taken of what it may take: the first answer, and its end.

Both clocks start when the case is opened, run in business time, and stand in its `pauses`: while it sleeps, while it
is the customer's turn, or while it was closed. Where the customer opens it again, the first response starts anew; the
resolution goes on from where it stood. A case of the backlog has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.hours import ZERO, Hours
from monitor.core.model import Case
from monitor.core.policy import Policy


class Pace(StrEnum):
    FINE = "fine"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Clock:
    """One target as it stands at some instant."""

    target: timedelta
    used: timedelta
    soon: datetime | None
    due: datetime | None
    """When it nears its end, and ends. None: before that it stands, and nobody knows until when."""
    done: datetime | None
    """When the clock stopped for good: the customer was told, or the case was closed."""
    state: Pace
    """Of a clock that is done: as it ended."""

    @property
    def remaining(self) -> timedelta:
        """Below zero when it is overdue."""
        return self.target - self.used

    @property
    def share(self) -> float:
        """Used of the target; past 1 when it is overdue."""
        return self.used / self.target


@dataclass(frozen=True, slots=True)
class Clocks:
    first_response: Clock
    resolution: Clock


@dataclass(frozen=True, slots=True)
class Running:
    """Business time without the pauses of one case: in order, apart from each other, an open one last."""

    hours: Hours
    pauses: tuple[tuple[datetime, datetime | None], ...]

    @property
    def stands_since(self) -> datetime | None:
        """Since when it stands without an end."""
        return self.pauses[-1][0] if self.pauses and self.pauses[-1][1] is None else None

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How long it ran from `since` to `until`."""
        spans = ((begin, until if end is None else min(end, until)) for begin, end in self._runs(since))
        return sum((self.hours.between(begin, end) for begin, end in spans), ZERO)

    def add(self, start: datetime, amount: timedelta) -> datetime | None:
        """When it has run for `amount` (more than nothing) since `start`. None: it stands, without an end."""
        left = amount
        for begin, end in self._runs(start):
            here = None if end is None else self.hours.between(begin, end)
            if here is None or here >= left:
                return self.hours.add(begin, left)
            left -= here
        return None

    def resumed(self, at: datetime) -> datetime | None:
        """The first instant from `at` on at which no pause holds. None: it stands, without an end."""
        for begin, end in self.pauses:
            if begin <= at and (end is None or at < end):
                return end
        return at

    def _runs(self, since: datetime) -> Iterator[tuple[datetime, datetime | None]]:
        """What no pause takes, from `since` on."""
        at = since
        for begin, end in self.pauses:
            if begin > at:
                yield at, begin
            if end is None:
                return
            at = max(at, end)
        yield at, None


def running(case: Case, policy: Policy) -> Running:
    """Its business time. A snooze that has a time ends then, whether somebody has noticed yet or not."""
    wakes = case.wake if case.snoozed is not None and case.waiting is None else None
    apart: list[tuple[datetime, datetime | None]] = []
    for begin, end in sorted(case.pauses, key=lambda pause: pause[0]):
        if end is None and wakes is not None:
            end = wakes
        if end is not None and end <= begin:
            continue
        if not apart or (apart[-1][1] is not None and apart[-1][1] < begin):
            apart.append((begin, end))
        else:
            before, until = apart[-1]
            apart[-1] = (before, None if until is None or end is None else max(until, end))
    return Running(policy.hours_of(case), tuple(apart))


def clocks(case: Case, policy: Policy, now: datetime) -> Clocks | None:
    """Both clocks as they stand. None: the case is of the backlog and has none."""
    if case.backlog:
        return None
    told = min((at for at in (case.told, case.closed) if at is not None), default=None)
    target, runs = policy.targets[case.severity], running(case, policy)
    return Clocks(
        _clock(runs, case.asked, target.first_response, policy.soon, told, now),
        _clock(runs, case.opened, target.resolution, policy.soon, case.closed, now),
    )


def _clock(
    runs: Running, start: datetime, target: timedelta, soon: float, done: datetime | None, now: datetime
) -> Clock:
    used = runs.between(start, now if done is None else min(done, now))
    near = soon * target
    state = Pace.OVERDUE if used >= target else Pace.SOON if used >= near else Pace.FINE
    return Clock(target, used, runs.add(start, near), runs.add(start, target), done, state)
