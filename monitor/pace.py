"""How fast may be written where: a slot of a bucket for each call, in the database, so that all senders share it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from monitor.core.compose import scheme_of
from monitor.core.message import Kind, Queued

NO_WAIT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a kind of destination may be written to, and when cards become a storm."""

    post: timedelta = NO_WAIT
    update: timedelta = NO_WAIT
    look: timedelta = NO_WAIT
    storm_after: int = 0
    storm_age: timedelta = timedelta(seconds=60)
    verify_after: tuple[timedelta, ...] = (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30))


def bucket_of(row: Queued, pace: Pace) -> tuple[str, timedelta]:
    """Posts are paced by channel, updates by workspace."""
    if replaces(row):
        return f"update:{scheme_of(row.destination)}", pace.update
    return f"post:{row.destination}", pace.post


def repeatable(row: Queued) -> bool:
    """Telling it twice does no harm, so an unknown fate is no question: it is told again."""
    return replaces(row) or row.kind is Kind.EVENT


def replaces(row: Queued) -> bool:
    """It draws an existing message anew."""
    return row.kind is Kind.UPDATE or row.receipt is not None or bool((row.data or {}).get("root"))
