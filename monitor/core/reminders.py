"""When somebody must be reminded of a case, when it is released, and when a promise calls.

Each says from when on, from the case alone: whether that time has come, and whether it may be said then, is
asked in `monitor.core.due`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from monitor.core.clocks import Running
from monitor.core.duties import DUE, LEAD, BrokenPromise, Duty, Nudge, Release, Remind, Wake, Why
from monitor.core.model import Case, Promise, State
from monitor.core.policy import Policy


@dataclass(frozen=True, slots=True)
class Planned:
    """An intent and what may hold it back."""

    duty: Duty
    pauses: bool = True
    """Not while the case stands."""
    hushed: bool = True
    """Not in quiet hours."""


def latest(*times: datetime | None) -> datetime:
    """The last of those that are known; one must be."""
    return max(at for at in times if at is not None)


def idle_since(case: Case, runs: Running) -> datetime:
    """Since when nothing has happened. Waking counts as something."""
    return latest(case.opened, case.claimed, case.touched, *(end for _, end in runs.pauses))


def reminders(case: Case, policy: Policy, runs: Running, near: Iterable[datetime]) -> Iterator[Planned]:
    """`near`: when clocks that still run near their end."""
    told, since = policy.reminders, idle_since(case, runs)
    if runs.stands_since is not None:
        at = runs.hours.add(latest(runs.stands_since, case.reminded), told.standing)
        yield Planned(Remind(at, Why.STANDING, case.owner), pauses=False)
        return
    match case.state:
        case State.OPEN:
            yield from _unless_spoken(case, runs.add(since, told.unclaimed), Why.UNCLAIMED)
        case State.CLAIMED:
            yield from _idle(case, policy, runs, runs.add(since, told.idle))
        case State.CONTACTED:
            again = runs.add(latest(since, case.reminded), told.follow_up)
            if again is not None:
                yield Planned(Remind(again, Why.FOLLOW_UP, case.owner))
    for at in near:
        yield from _unless_spoken(case, at, Why.SOON)


def waking(case: Case) -> Iterator[Planned]:
    if case.snoozed is not None and case.wake is not None:
        yield Planned(Wake(case.wake), pauses=False, hushed=False)


def promised(case: Case, promises: Iterable[Promise], policy: Policy) -> Iterator[Planned]:
    """A promise calls whatever the case does: that it sleeps, or is won back, breaks no promise."""
    hours, told = policy.hours_of(case), policy.reminders
    for one in promises:
        if one.outcome is not None:
            continue
        broken = hours.add(one.due, told.promise_grace)
        # it is told to more than its owner, and goes up the ladder: that can wait until morning
        yield Planned(BrokenPromise(broken, one), pauses=False)
        if one.nudged < DUE:
            yield Planned(Nudge(one.due, one, DUE), pauses=False, hushed=False)
        lead = hours.before(one.due, told.promise_lead)
        # whoever promises something for the next hour knows it
        if one.nudged < LEAD and lead > one.made:
            yield Planned(Nudge(lead, one, LEAD), pauses=False, hushed=False)


def _idle(case: Case, policy: Policy, runs: Running, at: datetime | None) -> Iterator[Planned]:
    """First the reminder, then the release: its time counts from when the owner was truly told."""
    if at is None:
        return
    if case.reminded is None or case.reminded < at:
        yield Planned(Remind(at, Why.IDLE, case.owner))
    elif policy.reminders.release is not None:
        freed = runs.add(case.reminded, policy.reminders.release)
        if freed is not None:
            yield Planned(Release(freed, case.owner))


def _unless_spoken(case: Case, at: datetime | None, why: Why) -> Iterator[Planned]:
    """Once, and not where a reminder or the ladder has spoken since."""
    spoken = (one for one in (case.reminded, case.escalated) if one is not None)
    if at is not None and all(one < at for one in spoken):
        yield Planned(Remind(at, why, case.owner))
