"""Messages of unknown fate: the receiver is asked whether they arrived.

Found, a message is sent; missed by every look, it goes out again. A look that fails tells nothing, so nothing is
repeated.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.core.compose import Moot, scheme_of
from monitor.core.errors import DeliveryError, Remedy
from monitor.core.message import Kind, Message, OutboxState, Queued
from monitor.core.ports import Notifier, Store
from monitor.core.schedule import blind_pause, look_again
from monitor.core.store import Transaction
from monitor.pace import Pace, repeatable
from monitor.troubles import Troubles, asked

log = structlog.get_logger(__name__)

BEFORE_START = timedelta(minutes=10)
"""Receivers' clocks differ from ours: look this much further back."""
BROKEN_PAUSE = timedelta(minutes=5)
"""How long a message that cannot be drawn waits for a newer version of this program."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of one look. `free`: it must wait for its slot until then, and nothing was done."""

    free: datetime | None = None
    found: int = 0
    held: str | None = None
    """Why the look failed; empty: it did not."""


class Looking:
    """For one process. Several may look at once. `draw`: the message that a row is."""

    def __init__(
        self,
        store: Store,
        notifiers: Mapping[str, Notifier],
        paces: Mapping[str, Pace],
        *,
        now: Callable[[], datetime],
        lease: timedelta,
        draw: Callable[[Transaction, Queued, datetime], Message],
        troubles: Troubles,
    ) -> None:
        self.store = store
        self.notifiers = notifiers
        self.paces = paces
        self.now = now
        self.lease = lease
        self.draw = draw
        self.troubles = troubles

    def look(self, row: Queued) -> Looked:
        """Ask the receiver whether a message arrived."""
        now, lease, scheme = self.now(), uuid.uuid4().hex, scheme_of(row.destination)
        started = row.started or row.created
        with self.store.write() as tx:
            free = tx.take_slot(f"look:{scheme}", now, self.paces[scheme].look)
            if free is not None:
                return Looked(free=free)
            message = self._asked_for(tx, row, lease, now)
        if message is None:
            return Looked()
        try:
            receipt = asked(row, lambda: self.notifiers[scheme].find(message, started - BEFORE_START))
        except DeliveryError as fault:
            self._blind(row, lease, fault)
            return Looked(held=str(fault))
        with self.store.write() as tx:
            if receipt is not None:
                tx.settle(row.id, lease, OutboxState.SENT, receipt=receipt)
                return Looked(found=1, held="")
            # what counts is when we asked: what arrived during a slow answer was not looked for
            again = look_again(started, now, row.looks + 1, self.paces[scheme].verify_after)
            state = OutboxState.PENDING if again is None else OutboxState.UNKNOWN
            tx.settle(row.id, lease, state, not_before=again or self.now(), looks=row.looks + 1)
        log.info("looked for a message of unknown fate: not there", delivery=row.id, again=str(again))
        return Looked()

    def _asked_for(self, tx: Transaction, row: Queued, lease: str, now: datetime) -> Message | None:
        """The message to look for, leased. None where there is none to look for."""
        if tx.claim_look(row.id, lease, now, now + self.lease) is None:
            return None
        if row.kind is Kind.DIRECT:
            tx.settle(row.id, lease, OutboxState.FAILED, error="its sender ended in the middle")
            return None
        if repeatable(row):
            tx.settle(row.id, lease, OutboxState.PENDING, not_before=now)
            return None
        try:
            return self.draw(tx, row, now)
        except Moot:
            tx.settle(row.id, lease, OutboxState.SENT)
        except Exception:
            log.exception("a message cannot be drawn; its fate stays unknown", delivery=row.id)
            tx.settle(row.id, lease, OutboxState.UNKNOWN, not_before=now + BROKEN_PAUSE)
        return None

    def _blind(self, row: Queued, lease: str, fault: DeliveryError) -> None:
        """The look itself failed: nothing is known, so nothing is repeated."""
        now = self.now()
        pause = fault.retry_after or blind_pause(now - (row.started or row.created))
        with self.store.write() as tx:
            tx.settle(row.id, lease, OutboxState.UNKNOWN, not_before=now + pause, error=str(fault))
            if fault.retry_after is not None:
                tx.park(f"look:{scheme_of(row.destination)}", now + fault.retry_after)
            if fault.remedy is Remedy.PERSON:
                self.troubles.for_a_person(tx, row.destination, fault, now)
        self.troubles.holds(row, fault)
