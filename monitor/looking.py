"""Messages of unknown fate: the receiver is asked whether they arrived.

Found, a message is sent; missed by every look, it goes out again. A look that fails tells nothing, so nothing is
repeated.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from monitor.core.compose import Moot, scheme_of
from monitor.core.errors import DeliveryError, Remedy
from monitor.core.message import Kind, Message, OutboxState, Queued, Receipt
from monitor.core.ports import FindsMany, Notifier, Store
from monitor.core.schedule import blind_pause, look_again
from monitor.core.store import Transaction
from monitor.deleted import card_again
from monitor.pace import Pace, repeatable
from monitor.troubles import Troubles, asked

log = structlog.get_logger(__name__)

BEFORE_START = timedelta(minutes=10)
"""Receivers' clocks differ from ours: look this much further back."""
AT_ONCE = 200
"""How many messages one look is for: as many as a page of Slack's history shows."""
BROKEN_PAUSE = timedelta(minutes=5)
"""How long a message that cannot be drawn waits for a newer version of this program."""


@dataclass(frozen=True, slots=True)
class _Sought:
    row: Queued
    lease: str
    message: Message


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

    def look(self, rows: Sequence[Queued]) -> Looked:
        """Ask the receiver about the first of these, all of one scheme, and in the same breath about all others that
        stand in its place: after an outage hundreds may be in doubt, and looks have a pace."""
        now, scheme = self.now(), scheme_of(rows[0].destination)
        notifier, pace = self.notifiers[scheme], self.paces[scheme]
        with self.store.write() as tx:
            plain = [row for row in rows if row.kind is Kind.DIRECT or repeatable(row)]
            for row in plain:
                self._needs_no_look(tx, row, now)
            if plain:
                return Looked()
            free = tx.take_slot(f"look:{scheme}", now, pace.look)
            if free is not None:
                return Looked(free=free)
            many = isinstance(notifier, FindsMany)
            there = [row for row in rows if many and _together(rows[0], row)] or rows[:1]
            sought = [one for row in there if (one := self._sought(tx, row, now)) is not None]
        if not sought:
            return Looked()
        since = min(one.row.started or one.row.created for one in sought) - BEFORE_START
        messages = [one.message for one in sought]
        try:
            found = asked(rows[0], lambda: _found(notifier, messages, since))
        except DeliveryError as fault:
            if fault.gone:
                self._unrooted(sought, fault)
                return Looked()
            self._blind(sought, fault)
            return Looked(held=str(fault))
        with self.store.write() as tx:
            for one in sought:
                self._settle(tx, one, found.get(one.row.id), pace, now)
        if missing := [one.row.id for one in sought if one.row.id not in found]:
            log.info(
                "looked for messages of unknown fate: not there", count=len(missing), delivery=missing[0]
            )
        return Looked(found=len(found), held="" if found else None)

    def _needs_no_look(self, tx: Transaction, row: Queued, now: datetime) -> None:
        lease = uuid.uuid4().hex
        if tx.claim_look(row.id, lease, now, now + self.lease) is None:
            return
        if row.kind is Kind.DIRECT:
            tx.settle(row.id, lease, OutboxState.FAILED, error="its sender ended in the middle")
        else:
            tx.settle(row.id, lease, OutboxState.PENDING, not_before=now)

    def _sought(self, tx: Transaction, row: Queued, now: datetime) -> _Sought | None:
        """The message to look for, leased. None where there is none to look for."""
        lease = uuid.uuid4().hex
        if tx.claim_look(row.id, lease, now, now + self.lease) is None:
            return None
        try:
            return _Sought(row, lease, self.draw(tx, row, now))
        except Moot:
            tx.settle(row.id, lease, OutboxState.SENT)
        except Exception:
            log.exception("a message cannot be drawn; its fate stays unknown", delivery=row.id)
            tx.settle(row.id, lease, OutboxState.UNKNOWN, not_before=now + BROKEN_PAUSE)
        return None

    def _settle(
        self, tx: Transaction, one: _Sought, receipt: Receipt | None, pace: Pace, asked_at: datetime
    ) -> None:
        row = one.row
        if receipt is not None:
            tx.settle(row.id, one.lease, OutboxState.SENT, receipt=receipt)
            return
        # what counts is when we asked: what arrived during a slow answer was not looked for
        again = look_again(row.started or row.created, asked_at, row.looks + 1, pace.verify_after)
        state = OutboxState.PENDING if again is None else OutboxState.UNKNOWN
        tx.settle(row.id, one.lease, state, not_before=again or self.now(), looks=row.looks + 1)

    def _unrooted(self, sought: Sequence[_Sought], fault: DeliveryError) -> None:
        """They did not arrive, and where they should hang nothing stands: they wait for a new card, if there is to be
        one."""
        now = self.now()
        with self.store.write() as tx:
            for one in sought:
                card_again(tx, one.row, now)
                tx.settle(one.row.id, one.lease, OutboxState.PENDING, not_before=now, error=str(fault))

    def _blind(self, sought: Sequence[_Sought], fault: DeliveryError) -> None:
        """The look itself failed: nothing is known, so nothing is repeated."""
        now, first = self.now(), sought[0].row
        with self.store.write() as tx:
            for one in sought:
                pause = fault.retry_after or blind_pause(now - (one.row.started or one.row.created))
                tx.settle(
                    one.row.id, one.lease, OutboxState.UNKNOWN, not_before=now + pause, error=str(fault)
                )
            if fault.retry_after is not None:
                tx.park(f"look:{scheme_of(first.destination)}", now + fault.retry_after)
            if fault.remedy is Remedy.PERSON:
                self.troubles.for_a_person(tx, first.destination, fault, now)
        self.troubles.holds(first, fault)


def _together(first: Queued, other: Queued) -> bool:
    """Whether one look shows both: each thread is a place of its own."""
    if first.destination != other.destination:
        return False
    below = (Kind.REPLY, Kind.ROSTER, Kind.PAGE)
    return first.id == other.id or not (first.kind in below or other.kind in below)


def _found(notifier: Notifier, messages: Sequence[Message], since: datetime) -> Mapping[str, Receipt]:
    """Those that arrived, by delivery id."""
    if isinstance(notifier, FindsMany):
        return notifier.find_all(messages, since)
    (message,) = messages
    receipt = notifier.find(message, since)
    return {} if receipt is None else {message.delivery_id: receipt}
