"""When a feed is due next: a pure function of what happened."""

from __future__ import annotations

from datetime import datetime, timedelta

BACKOFF_CAP = timedelta(hours=6)
RETRY_AFTER_CAP = timedelta(hours=24)
FIRST_RETRY = timedelta(minutes=1)


def next_due(
    now: datetime,
    every: timedelta,
    *,
    failures: int = 0,
    retry_after: timedelta | None = None,
    not_before: datetime | None = None,
    jitter: float = 0.0,
) -> datetime:
    """The instant to read the feed again.

    After a success: `every` later. After `failures` in a row: a minute (or `every`, if shorter), doubling, at
    most six hours in all. The server's own wish (`retry_after`, `not_before`) is a lower bound, believed up to a day.
    `jitter` (0 to 1, drawn by the caller) adds up to a tenth, so that feeds do not march in step; it never
    makes a feed due early.
    """
    span = every * (1 + jitter / 10)
    if failures:
        span = min(every, FIRST_RETRY) * 2 ** min(failures - 1, 30) * (1 + jitter / 10)
        span = min(span, BACKOFF_CAP)
    due = now + span
    if retry_after is not None:
        due = max(due, now + min(retry_after, RETRY_AFTER_CAP))
    if not_before is not None:
        due = max(due, min(not_before, now + RETRY_AFTER_CAP))
    return due


def look_again(started: datetime, now: datetime, looks: int, after: tuple[timedelta, ...]) -> datetime | None:
    """When to look next for a message whose fate is unknown, after `looks` clean looks; None: it is not there.

    Looks are timed from the start of the call. One made after the last of the times says all there is to say:
    by then whatever arrived is visible.
    """
    if looks and now - started >= after[-1]:
        return None
    upcoming = [started + span for span in after if started + span > now]
    return upcoming[0] if upcoming else now


def try_again(attempts: int) -> timedelta:
    """How long a message waits that surely did not arrive, after so many tries: longer each time, at most five
    minutes."""
    return min(timedelta(seconds=2 ** min(attempts, 9)), timedelta(minutes=5))


def blind_pause(doubted: timedelta) -> timedelta:
    """How long until the next look after one that could not see, for a message that has been in doubt for so long:
    five seconds, and after a while a quarter of that time. Whoever is away for an hour is not asked every second."""
    return min(max(timedelta(seconds=5), doubted / 4), timedelta(minutes=1))
