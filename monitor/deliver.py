"""Emptying the outbox, so that nothing is lost and nothing is doubled.

    pending -> [ commit: sending, lease, pacing slot ] -> send -> [ commit: sent, receipt ]

A row found in `sending` after its lease lapsed, or whose call ended without a clear answer, is *unknown*: the
receiver is asked whether it arrived, and only when it surely did not is it sent again. Nothing here sleeps
with a row in its hands: waiting is a column.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.around import go_around, still_troubled, unusable
from monitor.core.compose import Moot, NotYet, compose, scheme_of
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.message import Kind, Message, OutboxState, Queued, Receipt
from monitor.core.model import Business
from monitor.core.ports import Notifier, Store
from monitor.core.schedule import RETRY_AFTER_CAP, try_again
from monitor.core.showing import AS_SHIPPED, Showing
from monitor.core.store import Transaction
from monitor.deleted import card_again, storm_again
from monitor.incidents import mute, page_anew, stands_again
from monitor.looking import AT_ONCE, BROKEN_PAUSE, Looking
from monitor.pace import NO_WAIT, Pace, bucket_of, repeatable
from monitor.posting import keep_facts, posted_anew
from monitor.storm import STILL_ALONE, fold
from monitor.troubles import Troubles, asked

log = structlog.get_logger(__name__)

AHEAD = 200
"""How many rows are looked at at once for one whose pacing slot is free."""
ROOT_PAUSE = timedelta(seconds=5)
"""How long a message waits before it looks for its root again."""


@dataclass(slots=True)
class Delivered:
    """What a drain came to."""

    sent: int = 0
    folded: int = 0
    failed: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    """What only a person can mend; not empty: exit 1."""
    held: str = ""
    """Why something waits, if waiting mends it: the network is gone, or the receiver is ill."""


@dataclass(frozen=True, slots=True)
class _Claimed:
    row: Queued
    message: Message
    previous: Receipt | None
    revision: int | None


class Deliverer:
    """Empties the outbox for one process. Several may run at once."""

    def __init__(
        self,
        store: Store,
        notifiers: Mapping[str, Notifier],
        destinations: tuple[str, ...],
        *,
        now: Callable[[], datetime],
        lease: timedelta,
        paces: Mapping[str, Pace],
        stop: threading.Event,
        business: Business,
        showing: Showing = AS_SHIPPED,
        fallback: str | None = None,
        owner: str | None = None,
        mutes: bool = False,
    ) -> None:
        self.store = store
        self.notifiers = notifiers
        self.configured = destinations
        self.destinations = destinations
        """The configured ones, and channels that were left while threads in them still had something to tell."""
        self.now = now
        self.lease = lease
        self.paces = paces
        self.stop = stop
        self.business = business
        self.showing = showing
        self.fallback = fallback
        """Where cards go whose own channel takes none; None: they wait."""
        self.owner = owner
        """Who is told of such a channel."""
        self.mutes = mutes
        """Whether running incidents tell of their cases in place of single cards."""
        self._free_at: list[datetime] = []
        self._troubles = Troubles()
        self._looking = Looking(
            store, notifiers, paces, now=now, lease=lease, draw=self._message, troubles=self._troubles
        )

    def drain(self, wait: timedelta = NO_WAIT, on_sent: Callable[[int], None] | None = None) -> Delivered:
        """Deliver until nothing may go out within `wait`. Ends early when the service stops, and when nothing
        has gone out for so long that no try still to come is likely to fare better.

        `on_sent` is told how many went out, as they do.
        """
        result = Delivered()
        if self.fallback is not None:
            go_around(self.store, self.fallback, self.configured, self.now())
        self.destinations = self._in_use()
        progress = self.now()
        patience = wait + max(pace.verify_after[-1] for pace in self.paces.values())
        while not self.stop.is_set():
            before = result.sent
            if self._step(result):
                if result.sent > before:
                    progress = self.now()
                    if on_sent:
                        on_sent(result.sent - before)
                continue
            upcoming = self._next()
            if upcoming is None or upcoming - self.now() > wait or upcoming - progress > patience:
                break
            self.stop.wait(max(0.01, (upcoming - self.now()).total_seconds()))
        result.troubles = still_troubled(self.store, self.configured, self.fallback)
        result.held = result.held or self._held_back()
        return result

    def _held_back(self) -> str:
        """Why something waits although nothing was tried this time: the fault of its last try."""
        with self.store.read() as tx:
            waiting = tx.ready(self.now() + RETRY_AFTER_CAP, self.configured, 1)
        return waiting[0].error if waiting else ""

    def _in_use(self) -> tuple[str, ...]:
        schemes = {scheme_of(destination) for destination in self.configured}
        with self.store.read() as tx:
            left = [
                d
                for d in tx.addressed()
                if d not in (*self.configured, self.owner) and scheme_of(d) in schemes
            ]
        return (*self.configured, *([self.owner] if self.owner else []), *left)

    def _next(self) -> datetime | None:
        """When something may go out next: a row falls due, a lease ends, a slot comes.

        A destination that a person must mend is not waited for: a later drain tries it.
        """
        with self.store.read() as tx:
            due = tx.next_ready_at(self._open(tx, self.now()))
        return max(due, min(self._free_at)) if due and self._free_at else due

    def _open(self, tx: Transaction, now: datetime) -> list[str]:
        """The destinations that may be tried: not those found in trouble here, until their next try is due."""
        probes = {t.destination: t.next_probe for t in tx.troubles() if t.destination in self._troubles.tried}
        return [d for d in self.destinations if d not in probes or probes[d] <= now]

    # ── one unit of work ─────────────────────────────────────────────────────────────────────────────────

    def _step(self, result: Delivered) -> bool:
        """Do one thing. False when nothing may be done now."""
        self._free_at = []
        now = self.now()
        with self.store.read() as tx:
            open_ones = self._open(tx, now)
            doubtful = tx.uncertain(now, open_ones, AT_ONCE)
            due = tx.next_ready_at(self.destinations)
        if due is not None and due <= now:
            with self.store.write() as tx:
                if tx.lapse(now):
                    return True
                for destination in open_ones:
                    pace = self.paces[scheme_of(destination)]
                    if self.mutes:
                        result.folded += mute(tx, destination, self.business.key, STILL_ALONE, now)
                    result.folded += fold(
                        tx, destination, self.business, pace.storm_after, pace.storm_age, now
                    )
        for scheme in dict.fromkeys(scheme_of(row.destination) for row in doubtful):
            looked = self._looking.look([row for row in doubtful if scheme_of(row.destination) == scheme])
            if looked.free is None:
                result.sent += looked.found
                result.held = result.held if looked.held is None else looked.held
                return True
            self._free_at.append(looked.free)
        claimed = self._claim(open_ones)
        if claimed is None:
            return False
        self._send(claimed, result)
        return True

    def _claim(self, destinations: list[str]) -> _Claimed | None:
        """Take the first row that may go out, its slot with it: committed before the call.

        Where none of the first may, those behind them are looked at too, without the destinations that hold them up.
        """
        now = self.now()
        parked: set[str] = set()
        while destinations:
            with self.store.read() as tx:
                rows = tx.ready(now, destinations, AHEAD)
            for row in rows:
                bucket, interval = bucket_of(row, self._pace(row))
                if bucket in parked:
                    continue
                claimed = self._take(row, bucket, interval, now, parked)
                if claimed is not None:
                    return claimed
            held = {row.destination for row in rows if bucket_of(row, self._pace(row))[0] in parked}
            if len(rows) < AHEAD or not held:
                return None
            destinations = [one for one in destinations if one not in held]
        return None

    def _take(
        self, row: Queued, bucket: str, interval: timedelta, now: datetime, parked: set[str]
    ) -> _Claimed | None:
        with self.store.write() as tx:
            drawn = self._draw(tx, row, now)
            if drawn is None:
                return None
            message, previous, revision = drawn
            free = tx.take_slot(bucket, now, interval)
            if free is not None:
                parked.add(bucket)
                self._free_at.append(free)
                return None
            mine = tx.claim(row.id, uuid.uuid4().hex, now, now + self.lease)
            if mine is not None:
                keep_facts(tx, mine, message)
        return None if mine is None else _Claimed(mine, message, previous, revision)

    def _message(self, tx: Transaction, row: Queued, now: datetime) -> Message:
        return compose(tx, row, now, self.business.timezone, self.showing)[0]

    def _draw(
        self, tx: Transaction, row: Queued, now: datetime
    ) -> tuple[Message, Receipt | None, int | None] | None:
        """What to send, or None when there is nothing to send now."""
        try:
            message, previous, revision = compose(tx, row, now, self.business.timezone, self.showing)
        except Moot:
            self._settle_unsent(tx, row, now)
            return None
        except NotYet:
            tx.postpone(row.id, now + ROOT_PAUSE)
            return None
        except Exception:
            # one row that cannot be drawn must not hold up the others, and must not be lost either
            log.exception("a message cannot be drawn; it stays queued", delivery=row.id, kind=row.kind.value)
            tx.postpone(row.id, now + BROKEN_PAUSE)
            return None
        if (
            row.kind is Kind.UPDATE
            and row.case_id is not None
            and revision is not None
            and tx.shown_revision(row.case_id, row.destination) >= revision
        ):
            self._settle_unsent(tx, row, now)
            return None
        return message, previous, revision

    def _settle_unsent(self, tx: Transaction, row: Queued, now: datetime) -> None:
        """Nothing to say that is not said already."""
        lease = uuid.uuid4().hex
        if tx.claim(row.id, lease, now, now + self.lease):
            tx.settle(row.id, lease, OutboxState.SENT)

    def _pace(self, row: Queued) -> Pace:
        return self.paces[scheme_of(row.destination)]

    def _send(self, claimed: _Claimed, result: Delivered) -> None:
        row, lease = claimed.row, claimed.row.lease or ""
        notifier = self.notifiers[scheme_of(row.destination)]
        if row.lease_until is not None and self.now() > row.lease_until - self.lease / 2:
            # we were held up so long that the call might outlast the lease: whoever finds the row may have it
            log.warning("held up before sending; the next look decides", delivery=row.id)
            return
        try:
            receipt = asked(row, lambda: notifier.send(claimed.message, claimed.previous))
        except DeliveryError as fault:
            self._failed(row, lease, fault, result)
            return
        with self.store.write() as tx:
            ours = tx.settle(row.id, lease, OutboxState.SENT, receipt=receipt, revision=claimed.revision)
            self._troubles.over(tx, row.destination)
        result.held = ""
        if ours:
            result.sent += 1
            log.info("delivered", kind=row.kind.value, case=row.case_id, delivery=row.id)
        else:
            log.warning("delivered after the lease had lapsed; the next look will find it", delivery=row.id)

    def _failed(self, row: Queued, lease: str, fault: DeliveryError, result: Delivered) -> None:
        now, told = self.now(), str(fault)
        if row.kind is Kind.DIRECT and fault.outcome is not Outcome.NOT_SENT:
            self._give_up(row, lease, told)
            return
        unknown = fault.outcome is Outcome.UNKNOWN and not repeatable(row)
        with self.store.write() as tx:
            never = fault.remedy is Remedy.NOBODY and not unknown
            ways_back = (card_again, posted_anew, storm_again, stands_again) if fault.gone else (page_anew,)
            lost = never and not any(back(tx, row, now) for back in ways_back)
            if unknown:
                first = (row.started or now) + self._pace(row).verify_after[0]
                tx.settle(row.id, lease, OutboxState.UNKNOWN, not_before=first, error=told, looks=0)
            elif lost:
                tx.settle(row.id, lease, OutboxState.FAILED, error=told)
            elif fault.remedy is Remedy.PERSON:
                # what holds the row back is the destination's trouble, not a date of its own
                tx.settle(row.id, lease, OutboxState.PENDING, error=told)
                self._troubles.for_a_person(tx, row.destination, fault, now)
                if fault.here and row.destination in self.configured:
                    unusable(tx, row, told, self.fallback, self.owner, now)
            else:
                pause = fault.retry_after or try_again(row.attempts)
                tx.settle(row.id, lease, OutboxState.PENDING, not_before=now + pause, error=told)
                if fault.retry_after is not None:
                    tx.park(bucket_of(row, self._pace(row))[0], now + fault.retry_after)
        if lost:
            result.failed.append(told)
            log.error("this message can never be delivered", case=row.case_id, kind=row.kind.value, why=told)
        else:
            result.held = told
            self._troubles.holds(row, fault)

    def _give_up(self, row: Queued, lease: str, why: str) -> None:
        """A direct message is told at most once: what it tells is in the log and in `status` too."""
        with self.store.write() as tx:
            tx.settle(row.id, lease, OutboxState.FAILED, error=why)
        log.warning("a direct message did not surely arrive; it is not repeated", delivery=row.id, why=why)
