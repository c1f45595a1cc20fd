"""What is remembered, and how it is asked for: the transaction every part of the application works in.

Times go in and come out aware and in UTC. Nothing here returns a row of the database: only values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from monitor.core.intents import Alike, Outgoing, Plan
from monitor.core.learning import Learning
from monitor.core.message import OutboxState, Queued, Receipt
from monitor.core.model import Case, CaseEvent, Heard, Json, Severity, State
from monitor.core.recalling import Recalling


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


@dataclass(frozen=True, slots=True)
class Trouble:
    """A destination that only a person can mend."""

    destination: str
    code: str
    message: str
    since: datetime
    next_probe: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """Every complaint mention in exactly one class; they sum up to `complaints`."""

    complaints: int
    delivered: int
    queued: int
    summarised: int
    suppressed: int
    unaccounted: int


@dataclass(frozen=True, slots=True)
class WaitingCards:
    """Cards that could go out now but have not."""

    count: int
    oldest: datetime | None


class Transaction(Learning, Recalling, Protocol):
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
        self, business: str, hashes: Mapping[str, Sequence[int]], destination: str, since: datetime
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

    # ── cases ────────────────────────────────────────────────────────────────────────────────────────────

    def case(self, case_id: int) -> Case | None: ...

    def cases(
        self, *, states: Sequence[State] | None = None, business: str | None = None, limit: int | None = None
    ) -> list[Case]:
        """Worst first, then oldest."""
        ...

    def cues(self, case_ids: Sequence[int]) -> dict[int, Heard]:
        """For each case the mention worth quoting: its worst complaint, the newest of equals."""
        ...

    def events(self, case_id: int) -> list[CaseEvent]:
        """The history, oldest first."""
        ...

    def revise(self, case: Case, event: CaseEvent) -> bool:
        """Store a case one revision on, with its line of history. False when the event's key was seen before
        (nothing is changed then). Raises Conflict when the stored revision is not `case.revision - 1`."""
        ...

    # ── outbox ───────────────────────────────────────────────────────────────────────────────────────────

    def queue(self, message: Outgoing, now: datetime) -> bool:
        """Queue unless its (destination, key) was ever queued (same rules as `apply` for updates)."""
        ...

    def release(self, destination: str, key: str, now: datetime) -> None:
        """Let a held pending message go."""
        ...

    def open_backlog(self, destination: str, feed: str) -> str | None:
        """The key of a backlog summary of this feed that is still pending, if there is one."""
        ...

    def outgoing(self, message_id: str) -> Queued | None: ...

    def card_of(self, case_id: int, scheme: str) -> Queued | None:
        """The newest card of a case at any destination whose name is `scheme` or starts with `scheme:`."""
        ...

    def ready(self, now: datetime, destinations: Sequence[str], limit: int = 50) -> list[Queued]:
        """Pending rows that may go out now: due, and no earlier row of the same case still unfinished
        (pending, sending, unknown). Digests first; then by severity, publication, order of creation."""
        ...

    def next_ready_at(self, destinations: Sequence[str]) -> datetime | None:
        """When the next pending or unknown row is due (`not_before`, or a running lease's end). Rows that an
        earlier unfinished row of their case holds back do not count: the earlier one does."""
        ...

    def postpone(self, message_id: str, until: datetime) -> None:
        """Let a pending row wait longer. Does nothing to a row in any other state."""
        ...

    def claim(self, message_id: str, lease: str, now: datetime, until: datetime) -> Queued | None:
        """`pending -> sending`, if it still is pending; else None. Counts the attempt, sets `started`."""
        ...

    def lapse(self, now: datetime) -> int:
        """`sending -> unknown` for rows whose lease ran out: their sender died in the middle."""
        ...

    def uncertain(self, now: datetime, destinations: Sequence[str], limit: int = 50) -> list[Queued]:
        """Unknown rows of these destinations that are due for a look and under no live lease."""
        ...

    def claim_look(self, message_id: str, lease: str, now: datetime, until: datetime) -> Queued | None:
        """Lease an unknown row for one look."""
        ...

    def settle(
        self,
        message_id: str,
        lease: str,
        state: OutboxState,
        *,
        not_before: datetime | None = None,
        receipt: Receipt | None = None,
        error: str = "",
        looks: int | None = None,
        revision: int | None = None,
    ) -> bool:
        """End a lease with what became of the row. False if the lease is no longer ours. `revision`: the case
        revision that was shown. Going back to `pending` keeps `attempts`."""
        ...

    def shown_revision(self, case_id: int, destination: str) -> int:
        """The newest case revision any sent card or update has shown there; 0 if none."""
        ...

    def take_slot(self, bucket: str, now: datetime, interval: timedelta) -> datetime | None:
        """Take the bucket's next slot: None when it is ours now, else when it will be free."""
        ...

    def park(self, bucket: str, until: datetime) -> None:
        """Nobody takes a slot of this bucket before `until` (a 429)."""
        ...

    def trouble(self, destination: str, code: str, message: str, now: datetime, next_probe: datetime) -> bool:
        """Note that a person must mend this destination. True when that is news (tell the operator)."""
        ...

    def troubles(self) -> list[Trouble]: ...

    def mended(self, destination: str) -> bool:
        """The destination works again. True when it had been in trouble."""
        ...

    def waiting_cards(self, destination: str, now: datetime) -> WaitingCards:
        """Pending cards that are due."""
        ...

    def fold(
        self,
        destination: str,
        below: Severity,
        storm: Outgoing,
        page_size: int,
        first_page: int,
        now: datetime,
    ) -> int:
        """Storm: take the pending due cards below that severity out of the queue and let rosters tell them.

        Queues `storm` unless it exists, and one ROSTER row (key `<storm.key>:<page>`, data
        {"storm": storm.id, "page": n, "cases": [...]}) per `page_size` cases, from page `first_page` on. The
        complaints the cards told are told by their roster from now on. Follow-ups waiting for a folded card
        are folded with it. Returns the number of cases folded."""
        ...

    def rosters(self, storm_id: str) -> list[Queued]:
        """The roster rows of a storm, by page."""
        ...

    def latest_storm(self, destination: str) -> Queued | None: ...

    def redirect(self, old: str, new: str) -> int:
        """Address pending messages of one destination to another (a token was added): never-sent ones only."""
        ...

    def addressed(self) -> list[str]:
        """The destinations of everything that has not gone out yet."""
        ...

    def abandon(self, destination: str, *, threads: bool) -> int:
        """Empty the queue of a destination that gets no new cards any more. Pending rows that tell of no
        complaint any more are dropped; what the others tell is of cases that a person has closed unseen, and
        counts as told. `threads`: also what hangs under cards that were shown there. Returns how many."""
        ...

    def untold(self, business: str, destination: str) -> list[int]:
        """Unclosed cases that no message at `destination` tells of, sent or queued."""
        ...

    def retell(self, case_ids: Sequence[int], message_id: str) -> None:
        """From now on this message tells of all complaints of these cases."""
        ...

    def told_by(self, message_id: str) -> list[int]:
        """The ids of the cases whose complaints this message tells of."""
        ...

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────

    def account(self) -> Account:
        """Classify every complaint mention (for `reconcile`).

        `suppressed`: its case is dismissed, or a rule holds it back. Else by the message that tells of it:
        `summarised` if that is a sent BACKLOG, STORM or ROSTER; `delivered` if another kind, sent; `queued` if
        pending, sending or unknown; `unaccounted` if there is none or it failed."""
        ...

    def counts(self) -> tuple[int, int, dict[str, int], dict[str, int]]:
        """Mentions, complaints, cases by state, outbox rows by state."""
        ...

    def heard_by_feed(self, since: datetime, until: datetime) -> dict[str, int]:
        """Mentions first seen in [since, until), by feed."""
        ...

    def day_counts(self, business: str, since: datetime, until: datetime) -> DayCounts: ...

    def voices(
        self, business: str, since: datetime, until: datetime, *, praise: bool, limit: int
    ) -> list[Heard]:
        """Praise, or complaints (worst first), first seen in the span."""
        ...


@dataclass(frozen=True, slots=True)
class DayCounts:
    heard: int
    complaints: int
    praise: int
    opened: int
    closed: int
    recovered: int
    waiting: int
    """Unclosed now, backlog left out."""
    backlog: int
