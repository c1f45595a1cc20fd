"""The story of a span told: as a value for the terminal, or queued once for a channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.core.clock import day_span
from monitor.core.day import digest_of
from monitor.core.digest import Digest, Length
from monitor.core.frame import SHOWN, Frame
from monitor.core.intents import Outgoing
from monitor.core.message import Kind, Queued
from monitor.core.model import Business
from monitor.core.pages import MOST, SIZE, lists_of
from monitor.core.policy import Policy
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.posting import post, post_again

WEEK = timedelta(days=7)
ON_PAGES = MOST * SIZE
"""The most that the pages below a posted digest name of each list."""
PLACES_SINCE = timedelta(days=90)
"""How long before a span a place may have been named last."""


@dataclass(frozen=True, slots=True)
class Span:
    """[since, until), and the key that says which digest of a channel this is."""

    since: datetime
    until: datetime
    key: str
    length: Length = Length.SPAN


def yesterday(now: datetime, timezone: str) -> Span:
    """The last whole calendar day in that zone: 23 or 25 hours long when the clocks change."""
    return day(now.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1), timezone)


def day(which: date, timezone: str) -> Span:
    since, until = day_span(which, ZoneInfo(timezone))
    return Span(since, until, f"digest:{which.isoformat()}", Length.DAY)


def week(which: date, timezone: str) -> Span:
    """From Monday to Monday, with that day in it."""
    monday = which - timedelta(days=which.weekday())
    since, _ = day_span(monday, ZoneInfo(timezone))
    until, _ = day_span(monday + WEEK, ZoneInfo(timezone))
    return Span(since, until, f"digest:week:{monday.isoformat()}", Length.WEEK)


def last_week(now: datetime, timezone: str) -> Span:
    """The last whole week in that zone."""
    return week(now.astimezone(ZoneInfo(timezone)).date() - WEEK, timezone)


def due(now: datetime, timezone: str, at: time, weekly: int | None = None) -> list[Span]:
    """The digests whose hour has come: that of yesterday, from `at` on; and that of the last week, from `at` on that
    day of the week (Monday is 0) until the next such day, so that a service which was off then tells it late."""
    local = now.astimezone(ZoneInfo(timezone))
    found = [yesterday(now, timezone)] if local.time() >= at else []
    if weekly is not None:
        back = (local.weekday() - weekly) % 7
        if back == 0 and local.time() < at:
            back = 7
        found.append(week(local.date() - timedelta(days=back) - WEEK, timezone))
    return found


def between(since: datetime, until: datetime) -> Span:
    return Span(since, until, f"digest:{since.isoformat()}..{until.isoformat()}")


def asked(since: datetime | None, until: datetime | None, now: datetime, timezone: str) -> Span:
    """The span that somebody asks for: up to now where no end is given, a day long where no start is.

    A whole day is that day, a whole week that week, however it is written, and what goes up to now is told once a day:
    a channel gets none twice. Raises ValueError when the end is not after the start.
    """
    if since is None and until is None:
        return yesterday(now, timezone)
    zone = ZoneInfo(timezone)
    end = (until or now).astimezone(UTC)
    start = (since or end.astimezone(zone) - timedelta(days=1)).astimezone(UTC)
    if end <= start:
        raise ValueError("the end is not after the start")
    first = start.astimezone(zone).date()
    for whole in (day(first, timezone), week(first, timezone)):
        if (start, end) == (whole.since, whole.until):
            return whole
    if until is None:
        return Span(start, end, f"digest:{start.isoformat()}..{now.astimezone(zone).date().isoformat()}")
    return between(start, end)


def frame_of(
    business: Business,
    span: Span,
    feeds: Mapping[str, bool] | None = None,
    *,
    place: str = "",
    policy: Policy | None = None,
    shown: int = SHOWN,
) -> Frame:
    """`feeds`: those of the settings, and whether each is enabled. `shown`: the most that a list names."""
    return Frame(
        business=business.key,
        name=business.name,
        timezone=business.timezone,
        since=span.since,
        until=span.until,
        length=span.length,
        place=place,
        feeds=feeds,
        policy=policy or Policy(),
        shown=shown,
    )


def read_digest(
    store: Store,
    business: Business,
    span: Span,
    now: datetime,
    feeds: Mapping[str, bool] | None = None,
    *,
    place: str = "",
    policy: Policy | None = None,
    shown: int = SHOWN,
    destination: str = "",
) -> Digest:
    """As it is known now; the arguments are those of `frame_of`. `destination`: where it may have been posted before,
    so that it tells what has changed since."""
    frame = frame_of(business, span, feeds, place=place, policy=policy, shown=shown)
    with store.read() as tx:
        posted = _posted(tx, business, span, destination, place) if destination else None
        first = (posted.data or {}).get("first") if posted and posted.receipt else None
        return digest_of(tx, frame, now, first)


def post_digest(
    store: Store,
    business: Business,
    span: Span,
    destination: str,
    now: datetime,
    feeds: Mapping[str, bool] | None = None,
    *,
    place: str = "",
    policy: Policy | None = None,
) -> bool:
    """Queue the digest for a channel, and its pages. False when that channel had it before, whoever posted it."""
    frame = frame_of(business, span, feeds, place=place, policy=policy, shown=ON_PAGES)
    message = _outgoing(business, span, destination, place, frame.facts())
    with store.read() as tx:
        if tx.outgoing(message.id) is not None:  # the timer asks twice a minute
            return False
        lists = lists_of(digest_of(tx, frame, now))  # before the other writers are kept waiting
    with store.write() as tx:
        return post(tx, message, lists, now)


def update_digest(
    store: Store,
    business: Business,
    span: Span,
    destination: str,
    now: datetime,
    feeds: Mapping[str, bool] | None = None,
    *,
    place: str = "",
    policy: Policy | None = None,
) -> bool:
    """Have the digest that a channel got before brought up to date, with its pages. False while it is on its way."""
    frame = frame_of(business, span, feeds, place=place, policy=policy, shown=ON_PAGES)
    message = _outgoing(business, span, destination, place, frame.facts())
    with store.read() as tx:
        lists = lists_of(digest_of(tx, frame, now))
    with store.write() as tx:
        return post_again(tx, message, lists, now)


def digest_row(
    store: Store, business: Business, span: Span, destination: str, place: str = ""
) -> Queued | None:
    """The outbox row of a digest that was queued."""
    with store.read() as tx:
        return _posted(tx, business, span, destination, place)


def _posted(tx: Transaction, business: Business, span: Span, destination: str, place: str) -> Queued | None:
    return tx.outgoing(_outgoing(business, span, destination, place).id)


def _outgoing(
    business: Business, span: Span, destination: str, place: str, data: Mapping[str, object] | None = None
) -> Outgoing:
    key = f"{business.key}:{span.key}" + (f":{place}" if place else "")
    return Outgoing(destination, key, Kind.DIGEST, business.key, data=data)


def places(store: Store, business: Business, span: Span) -> list[str]:
    """The locations that posts of the span or of the time before it name, those most often named first."""
    with store.read() as tx:
        (said,) = tx.tallies(business.key, [(span.since - PLACES_SINCE, span.until)])
    named: Counter[str] = Counter()
    for one in said:
        named[one.location] += one.count
    return [name for name, _ in named.most_common() if name]
