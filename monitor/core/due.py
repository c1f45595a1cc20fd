"""What must happen to a case now, and when something will happen next: pure functions of (case, policy, now).

    agenda:      everything that is planned for the case as it stands, each with its time
    due_actions: what of it has come, one after the other, each seeing what the earlier ones changed
    next_tick:   when the first of the rest comes

The agenda says what is due from when on, never how often it should have been said: after a weekend without service
each thing is said once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from monitor.core.clocks import Running, clocks, running
from monitor.core.duties import ORDER, Duty, done
from monitor.core.escalation import FIRST_RESPONSE, RESOLUTION, escalations
from monitor.core.hours import Hours
from monitor.core.model import Case, Promise, Severity
from monitor.core.policy import Policy
from monitor.core.reminders import Planned, promised, reminders, waking


def agenda(case: Case, promises: Sequence[Promise], policy: Policy) -> list[Planned]:
    """All that is planned, of one kind the weightiest first.

    Of a closed case that is its promises alone; one of the backlog has no clock besides.
    """
    plans = list(promised(case, promises, policy))
    if case.state.closed:
        return plans
    plans += waking(case)
    told = clocks(case, policy, case.opened)
    if told is None:
        return plans
    runs = running(case, policy)
    both = {FIRST_RESPONSE: told.first_response, RESOLUTION: told.resolution}
    going = {key: clock for key, clock in both.items() if clock.done is None}
    plans += escalations(
        case, promises, policy, runs, {key: one.due for key, one in going.items() if one.due is not None}
    )
    plans += reminders(case, policy, runs, [one.soon for one in going.values() if one.soon is not None])
    return plans


def due_actions(case: Case, promises: Sequence[Promise], policy: Policy, now: datetime) -> list[Duty]:
    """The intents whose time has come, in the order in which to carry them out (`duties.done`)."""
    found: list[Duty] = []
    while (duty := _first(case, promises, policy, now)) is not None:
        found.append(duty)
        case, promises = done(case, promises, duty, now)
    return found


def next_tick(case: Case, promises: Sequence[Promise], policy: Policy, now: datetime) -> datetime | None:
    """The first instant from `now` on at which `due_actions` has something. None: never, as the case stands."""
    runs, quiet = running(case, policy), _quiet(case, policy)
    times = (_ready(plan, runs, quiet, now) for plan in agenda(case, promises, policy))
    return min((at for at in times if at is not None), default=None)


def _first(case: Case, promises: Sequence[Promise], policy: Policy, now: datetime) -> Duty | None:
    reached = [plan for plan in agenda(case, promises, policy) if plan.duty.at <= now]
    if not reached:  # most cases, most of the time
        return None
    runs, quiet = running(case, policy), _quiet(case, policy)
    come = [plan.duty for plan in reached if _ready(plan, runs, quiet, now) == now]
    # of one kind the first is the weightiest: whoever hears that a promise is due need not hear that it will be
    return min(come, key=lambda duty: ORDER.index(type(duty)), default=None)


def _quiet(case: Case, policy: Policy) -> Hours | None:
    return None if case.severity is Severity.CRITICAL else policy.quiet


def _ready(plan: Planned, runs: Running, quiet: Hours | None, now: datetime) -> datetime | None:
    """When it may be said, from `now` on. None: not as long as the case stands."""
    at, before = max(plan.duty.at, now), None
    while at != before:
        before = at
        if plan.pauses:
            resumed = runs.resumed(at)
            if resumed is None:
                return None
            at = resumed
        if plan.hushed and quiet is not None:
            at = quiet.closing(at)
    return at
