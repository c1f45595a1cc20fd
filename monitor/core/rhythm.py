"""How often a feed brings something, and so how long it may bring nothing before it counts as silent."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from monitor.core.store import FeedState, Transaction

MEASURED = timedelta(days=28)
"""Over how long before it fell quiet the rhythm of a feed is measured."""
KNOWN = timedelta(days=7)
"""Of less than that nothing is concluded."""
GAPS = 10
"""A feed that brought nothing for so many of its usual gaps may be deaf without knowing it."""
SOONEST, LATEST = timedelta(days=3), timedelta(days=30)
"""A weekend makes no feed silent, and after a month even a rare one is worth a look."""
UNKNOWN = timedelta(days=7)
"""When a feed without a known rhythm counts as silent."""


def silent_after(gap: timedelta | None) -> timedelta:
    """How long a feed may bring nothing that usually brings something every `gap`."""
    return UNKNOWN if gap is None else min(LATEST, max(SOONEST, GAPS * gap))


def usual_gap(tx: Transaction, feed: FeedState, now: datetime) -> timedelta | None:
    """The mean time between two mentions of a feed before it fell quiet; None where it is not known, or not needed
    since the feed is not quiet for long. What its first reading brought was said long before, and does not count."""
    last = feed.last_heard
    if last is None or feed.baselined is None or now - last <= SOONEST:
        return None
    since = max(feed.baselined, last - MEASURED)
    if last - since < KNOWN:
        return None
    moment = timedelta(microseconds=1)
    heard = tx.heard_by_feed(since + moment, last + moment).get(feed.name, 0)
    return (last - since) / heard if heard else None
