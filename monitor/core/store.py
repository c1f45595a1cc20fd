"""What is remembered, and how it is asked for: the transaction every part of the application works in.

Times go in and come out aware and in UTC. Nothing here returns a row of the database: only values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitor.core.attending import Attending
from monitor.core.counting import Account, Counting
from monitor.core.exporting import Exporting
from monitor.core.intents import Alike, Plan, Where
from monitor.core.learning import Learning
from monitor.core.model import Heard, Json
from monitor.core.noticing import Noticing
from monitor.core.recalling import Recalling
from monitor.core.recounting import Recounting
from monitor.core.rereading import Rereading
from monitor.core.sending import Sending, Trouble, WaitingCards
from monitor.core.working import Working

__all__ = ["Account", "Applied", "FeedState", "Transaction", "Trouble", "WaitingCards"]


@dataclass(frozen=True, slots=True)
class FeedState:
    """What is known of a feed between readings."""

    name: str
    source: str
    business: str
    cursor: Mapping[str, Json] | None
    next_due: datetime
    baselined: datetime | None = None
    """When the first reading was complete; None: not yet."""
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    last_heard: datetime | None = None
    """When it last brought a mention that was new."""
    failures: int = 0
    """In a row; 0 is healthy."""
    failing_since: datetime | None = None
    last_error: str = ""
    rejected: int = 0
    """Items that could not be read, ever."""
    replaced: int = 0
    """Characters no database takes (NUL, lone surrogates), replaced by U+FFFD, ever."""
    lease_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What storing a plan did."""

    added: int
    updated: int
    complaints: int
    case_ids: Mapping[int, int] = field(default_factory=dict)
    """Negative id in the plan to the real one."""
    replaced: int = 0


class Transaction(
    Working,
    Sending,
    Noticing,
    Learning,
    Recalling,
    Rereading,
    Counting,
    Recounting,
    Attending,
    Exporting,
    Protocol,
):
    """One transaction. In a `write()` all of it happens or nothing; writers take turns across processes."""

    # ── feeds ────────────────────────────────────────────────────────────────────────────────────────────

    def register_feed(self, name: str, source: str, business: str, now: datetime) -> None:
        """Make the feed known, due now. A known one stays as it is (a changed `source` is taken over, and
        then its cursor, being of no use to another source, starts anew)."""
        ...

    def feeds(self) -> list[FeedState]:
        """All feeds ever registered, by name."""
        ...

    def lease_feed(
        self, name: str, token: str, now: datetime, until: datetime, *, force: bool = False
    ) -> FeedState | None:
        """Take the feed if it is due (or `force`) and no live lease holds it; else None."""
        ...

    def commit_page(
        self,
        name: str,
        token: str,
        cursor: Mapping[str, Json],
        now: datetime,
        until: datetime,
        *,
        rejected: int = 0,
        replaced: int = 0,
        heard: bool = False,
    ) -> None:
        """Pass the page: store its cursor and renew the lease to `until`. Raises Conflict if the lease is no
        longer ours, so that the whole page rolls back. `heard`: it brought something new (`last_heard`)."""
        ...

    def succeed_feed(self, name: str, token: str, now: datetime, next_due: datetime) -> None:
        """The reading is complete: clear failures, set `baselined` if unset, give the lease back. A lost lease
        is ignored: whoever took over will finish."""
        ...

    def fail_feed(self, name: str, token: str, now: datetime, next_due: datetime, error: str) -> None:
        """The reading broke off: count the failure, keep the cursor, give the lease back."""
        ...

    def return_feed(self, name: str, token: str) -> None:
        """Give the lease back and change nothing else: the reading was interrupted from outside."""
        ...

    # ── mentions ─────────────────────────────────────────────────────────────────────────────────────────

    def alike(
        self, business: str, hashes: Mapping[str, Sequence[int]], destination: Where, since: datetime
    ) -> dict[str, list[Alike]]:
        """For each of the names the complaints of unclosed cases, heard since that day (in UTC), that share two of
        its hashes: the most alike first, then the newest, at most three."""
        ...

    def forget_sketches(self, before: datetime) -> int:
        """From now on no copies are found of complaints heard before that day. Returns how many hashes went."""
        ...

    def apply(self, plan: Plan, business: str, feed: str, now: datetime) -> Applied:
        """Store a plan in batches: cases, mentions with their assessments, events, outbox rows.

        Negative case ids become real ones, in events, entries, messages and in update keys. Revised cases are
        compare-and-set on `revision - 1`. A message whose (destination, key) exists is not queued again; an
        UPDATE is not queued while one for the same case and destination is still pending, nor when the case has
        no card at the destination. Raises Conflict when somebody was faster.
        """
        ...

    def mark_gone(
        self, business: str, source: str, native_ids: Sequence[str], now: datetime, *, words: bool
    ) -> list[int]:
        """Note that posts were deleted at their source; with `words` true blank title, text and author name.
        Returns the unclosed case ids that are touched, each once; already gone ones are not touched again."""
        ...

    def expire(self, source: str, before: datetime) -> int:
        """Blank the words of mentions first seen before that instant (a source's retention). Returns how many."""
        ...

    def mentions_of(self, case_id: int) -> list[Heard]:
        """All mentions of a case, oldest first by publication, then as heard."""
        ...

    def mention(self, business: str, source: str, native_id: str) -> Heard | None: ...

    def latest(self, business: str, *, before: int | None = None, limit: int = 500) -> list[Heard]:
        """Mentions whose words are still there, the last heard first; `before`: only those with a smaller id."""
        ...
