"""What is to be told, and what became of it: the outbox, as the transaction keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from monitor.core.intents import Outgoing, Where
from monitor.core.message import OutboxState, Queued, Receipt
from monitor.core.model import Json, Severity


@dataclass(frozen=True, slots=True)
class Trouble:
    """A destination that only a person can mend."""

    destination: str
    code: str
    message: str
    since: datetime
    next_probe: datetime


@dataclass(frozen=True, slots=True)
class WaitingCards:
    """Cards that could go out now but have not."""

    count: int
    oldest: datetime | None


class Sending(Protocol):
    """A part of `monitor.core.store.Transaction`."""

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
        (pending, sending, unknown); a redrawing waits for the card alone. What is hurried first, then digests; then
        by severity, publication, order of creation."""
        ...

    def next_ready_at(self, destinations: Sequence[str]) -> datetime | None:
        """When the next pending or unknown row is due (`not_before`, or a running lease's end). Rows that an
        earlier unfinished row of their case holds back do not count: the earlier one does."""
        ...

    def postpone(self, message_id: str, until: datetime) -> None:
        """Let a pending row wait longer. Does nothing to a row in any other state."""
        ...

    def hurry(self, case_id: int, destination: str) -> None:
        """Let the redrawing of a case's card that is pending go before everything else."""
        ...

    def claim(self, message_id: str, lease: str, now: datetime, until: datetime) -> Queued | None:
        """`pending -> sending`, if it still is pending; else None. Counts the attempt, sets `started`."""
        ...

    def lapse(self, now: datetime) -> int:
        """`sending -> unknown` for rows whose lease ran out: their sender died in the middle."""
        ...

    def uncertain(self, now: datetime, destinations: Sequence[str], limit: int = 50) -> list[Queued]:
        """Unknown rows of these destinations that are due for a look and under no live lease, in the order of `ready`:
        what did not arrive goes out as it is found, and so in that order."""
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

    def recall(self, message_id: str, receipt: Receipt, now: datetime) -> bool:
        """A message that stands no more where the receipt says: `sent -> pending`, without receipt, so that it goes out
        once more (one that waits to be drawn anew there waits on). Its data's `before` leads to the thread it had,
        where something was told in it. False when it stands elsewhere by now."""
        ...

    def amend(self, message_id: str, data: Mapping[str, Json]) -> None:
        """Keep this with the message from now on, in place of what was kept."""
        ...

    def renew(self, message_id: str, data: Mapping[str, Json], now: datetime) -> bool:
        """A message that went out, or that could not, is to go out with this once more, in place where it has a
        receipt: `sent | failed -> pending`. False while it is still on its way."""
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

    def parked(self, beginning: str, now: datetime) -> list[str]:
        """The buckets whose names begin so and whose next slot is not free yet."""
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

    def reroute(self, old: str, new: str) -> int:
        """Address to another channel the cards and summaries that `old` surely did not take. What hangs under such a
        card goes with it; what hangs under one that `old` has shown waits there. Returns how many."""
        ...

    def addressed(self) -> list[str]:
        """The destinations of everything that has not gone out yet."""
        ...

    def abandon(self, destination: str, *, threads: bool) -> int:
        """Empty the queue of a destination that gets no new cards any more. Pending rows that tell of no
        complaint any more are dropped; what the others tell is of cases that a person has closed unseen, and
        counts as told. `threads`: also what hangs under cards that were shown there. Returns how many."""
        ...

    def untold(self, business: str, destination: Where) -> list[int]:
        """Unclosed cases that no message at `destination` tells of, sent or queued."""
        ...

    def retell(self, case_ids: Sequence[int], message_id: str) -> None:
        """From now on this message tells of all complaints of these cases."""
        ...

    def told_by(self, message_id: str) -> list[int]:
        """The ids of the cases whose complaints this message tells of."""
        ...
