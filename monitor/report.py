"""The day told: as a value for the terminal, or queued once for Slack."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.briefing import Digest
from monitor.core.clock import day_span
from monitor.core.day import digest_of
from monitor.core.intents import Outgoing
from monitor.core.message import Kind, Queued
from monitor.core.model import Business
from monitor.core.ports import Store


@dataclass(frozen=True, slots=True)
class Span:
    """[since, until), and the key that says which digest of a channel this is."""

    since: datetime
    until: datetime
    key: str


def yesterday(now: datetime, timezone: str) -> Span:
    """The last whole calendar day in that zone: 23 or 25 hours long when the clocks change."""
    return day(now.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1), timezone)


def day(which: date, timezone: str) -> Span:
    since, until = day_span(which, ZoneInfo(timezone))
    return Span(since, until, f"digest:{which.isoformat()}")


def between(since: datetime, until: datetime) -> Span:
    return Span(since, until, f"digest:{since.isoformat()}..{until.isoformat()}")


def asked(since: datetime | None, until: datetime | None, now: datetime, timezone: str) -> Span:
    """The span that somebody asks for: up to now where no end is given, a day long where no start is.

    A whole day is that day, however it is written, and what goes up to now is told once a day: a channel gets
    neither twice. Raises ValueError when the end is not after the start.
    """
    if since is None and until is None:
        return yesterday(now, timezone)
    zone = ZoneInfo(timezone)
    end = (until or now).astimezone(UTC)
    start = (since or end.astimezone(zone) - timedelta(days=1)).astimezone(UTC)
    if end <= start:
        raise ValueError("the end is not after the start")
    whole = day(start.astimezone(zone).date(), timezone)
    if (start, end) == (whole.since, whole.until):
        return whole
    if until is None:
        return Span(start, end, f"digest:{start.isoformat()}..{now.astimezone(zone).date().isoformat()}")
    return between(start, end)


def read_digest(
    store: Store, business: Business, span: Span, now: datetime, feeds: Mapping[str, bool] | None = None
) -> Digest:
    """`feeds`: those of the settings, and whether each is enabled."""
    with store.read() as tx:
        return digest_of(
            tx, business.key, business.name, business.timezone, span.since, span.until, now, feeds
        )


def post_digest(
    store: Store,
    business: Business,
    span: Span,
    destination: str,
    now: datetime,
    feeds: Mapping[str, bool] | None = None,
) -> bool:
    """Queue the digest for a channel. False when that channel had it before, whoever posted it."""
    data = {
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "name": business.name,
        "timezone": business.timezone,
        "feeds": None if feeds is None else dict(feeds),
    }
    with store.write() as tx:
        return tx.queue(
            Outgoing(destination, f"{business.key}:{span.key}", Kind.DIGEST, business.key, data=data), now
        )


def digest_row(store: Store, business: Business, span: Span, destination: str) -> Queued | None:
    """The outbox row of a digest that was queued."""
    message = Outgoing(destination, f"{business.key}:{span.key}", Kind.DIGEST, business.key)
    with store.read() as tx:
        return tx.outgoing(message.id)
