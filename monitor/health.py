"""How the service is, as facts: for `status`, for the watchdog, for checks from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.day import NEVER_DUE, coverage_of
from monitor.core.errors import StoreError
from monitor.core.gestures import Link, Listener
from monitor.core.ports import Store
from monitor.core.rhythm import usual_gap
from monitor.core.store import FeedState, Trouble

STUCK_AFTER = timedelta(minutes=10)
GONE_AFTER = timedelta(seconds=30)
"""A process that listens says so every five seconds."""


@dataclass(frozen=True, slots=True)
class Status:
    mentions: int
    complaints: int
    cases: Mapping[str, int]
    outbox: Mapping[str, int]
    feeds: tuple[tuple[FeedState, str], ...]
    """Each with its state in a word."""
    troubles: tuple[Trouble, ...]
    held_back: int = 0
    """Complaints that rules hold back."""
    listeners: tuple[Listener, ...] = ()
    """The processes that hear clicks, each with its socket."""
    deaf: bool = False
    """There should be one, and there is none that works."""

    def facts(self) -> dict[str, Any]:
        """For `--json`: times as ISO 8601 in UTC."""
        return {
            "mentions": self.mentions,
            "complaints": self.complaints,
            "held_back": self.held_back,
            "cases": dict(self.cases),
            "outbox": dict(self.outbox),
            "feeds": [
                {
                    "name": feed.name,
                    "source": feed.source,
                    "last_success": iso(feed.last_success),
                    "failures": feed.failures,
                    "next_due": iso(feed.next_due) if feed.next_due < NEVER_DUE else None,
                    "last_error": feed.last_error or None,
                    "state": state,
                    "rejected": feed.rejected,
                    "replaced": feed.replaced,
                }
                for feed, state in self.feeds
            ],
            "sockets": [
                {
                    "holder": one.holder,
                    "state": one.line.link.value,
                    "since": iso(one.line.since),
                    "renewed": one.line.renewed,
                    "fault": one.line.fault or None,
                    "seen": iso(one.seen),
                }
                for one in self.listeners
            ],
            "troubles": [
                {"destination": t.destination, "code": t.code, "message": t.message, "since": iso(t.since)}
                for t in self.troubles
            ],
        }


def read_status(
    store: Store, enabled: Sequence[str], configured: Sequence[str], now: datetime, *, clicks: bool = False
) -> Status:
    """`clicks`: somebody should listen to the desk."""
    with store.read() as tx:
        mentions, complaints, cases, outbox = tx.counts()
        feeds = tx.feeds()
        heard = tx.heard_by_feed(now - timedelta(days=1), now)
        troubles = tx.troubles()
        held_back = tx.held_back()
        listeners = tuple(tx.listeners(now - GONE_AFTER))
        told = tuple(
            (
                feed,
                state_of(feed, heard.get(feed.name, 0), enabled, configured, now, usual_gap(tx, feed, now)),
            )
            for feed in feeds
        )
    return Status(
        mentions,
        complaints,
        cases,
        outbox,
        told,
        tuple(troubles),
        held_back,
        listeners,
        clicks and not any(one.line.link is Link.CONNECTED for one in listeners),
    )


def state_of(
    feed: FeedState,
    heard: int,
    enabled: Sequence[str],
    configured: Sequence[str],
    now: datetime,
    gap: timedelta | None = None,
) -> str:
    """heard, quiet, failing, silent, new; paused (by the settings), imported, or removed (from the settings)."""
    if feed.name in configured:
        return coverage_of(feed, heard, now, paused=feed.name not in enabled, gap=gap).state
    return "imported" if feed.next_due >= NEVER_DUE or feed.source == "files" else "removed"


def alive(store: Store, enabled: Sequence[str], now: datetime) -> bool:
    """Can it do its work? The database answers, and no feed that is read is held far beyond its lease.

    A lease left on another (one that was removed, or an import that was killed) is nobody's to take back.
    """
    try:
        with store.read() as tx:
            leases = [feed.lease_until for feed in tx.feeds() if feed.lease_until and feed.name in enabled]
    except StoreError:
        return False
    return all(now - lease < STUCK_AFTER for lease in leases)


def iso(moment: datetime | None) -> str | None:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else None
