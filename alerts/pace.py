"""The clocks of a case in plain words. What is due has its time, never what is left of it: a card is not drawn anew
each minute, and would soon say something wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from monitor.core.clocks import Clock, Clocks, Pace

FIRST_ANSWER, SOLUTION, CLOSED = "First answer", "Solution", "Closed"


def paces(both: Clocks, at: Callable[[datetime], str]) -> Iterator[tuple[str, str]]:
    """Each clock by its name. `at` writes a time as the receiver does; nothing else here needs escaping."""
    yield FIRST_ANSWER, pace(both.first_response, at)
    yield CLOSED if both.resolution.done else SOLUTION, pace(both.resolution, at)


def pace(clock: Clock, at: Callable[[datetime], str]) -> str:
    """`due …`, `overdue since …`, `stands, 1 h left`, `in time, after 20 min`."""
    overdue = clock.state is Pace.OVERDUE
    if clock.done is not None:
        return f"{'late' if overdue else 'in time'}, after {lasting(clock.used)}"
    if overdue:
        return f"overdue since {at(clock.due)}" if clock.due else f"overdue by {lasting(-clock.remaining)}"
    if clock.due is None:
        return f"the clock stands, {lasting(clock.remaining)} left"
    return f"due {'soon, ' if clock.state is Pace.SOON else ''}{at(clock.due)}"


def lasting(span: timedelta) -> str:
    """`20 min`, `1 h 20 min`, `26 h`: business time has no days."""
    minutes = max(0, round(span.total_seconds() / 60))
    hours, rest = divmod(minutes, 60)
    if hours >= 10:
        return f"{hours:,} h"
    told = [f"{hours} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return " ".join(told) or "less than a minute"
