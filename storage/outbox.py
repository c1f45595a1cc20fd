"""Emptying the outbox: what may go, who has it, what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    TextClause,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)

from monitor.core.message import OutboxState, Queued, Receipt
from monitor.core.model import Json
from storage.columns import clean, dumps
from storage.part import Part, beside
from storage.rows import queued
from storage.tables import IN_DOUBT, PENDING, UNFINISHED, outbox

_EARLIER = outbox.alias("earlier")
_FIRST_OF_ITS_CASE = ~exists(literal_column("1")).where(
    _EARLIER.c.case_id == outbox.c.case_id,
    _EARLIER.c.destination == outbox.c.destination,
    _EARLIER.c.seq < outbox.c.seq,
    text("earlier." + UNFINISHED),
    # what is told below a card takes its turn with all posts: the card need not look old for so long
    or_(outbox.c.kind != "update", _EARLIER.c.kind.in_(["card", "update"])),
)
HURRIED = -1
"""The turn of what somebody waits for."""


class Outbox(Part):
    def outgoing(self, message_id: str) -> Queued | None:
        row = self._db.execute(select(outbox).where(outbox.c.id == message_id)).first()
        return queued(row) if row else None

    def card_of(self, case_id: int, scheme: str) -> Queued | None:
        rows = self._db.execute(
            select(outbox)
            .where(outbox.c.case_id == case_id, outbox.c.kind == "card")
            .order_by(outbox.c.seq.desc())
        )
        cards = (queued(row) for row in rows)
        return next((card for card in cards if card.destination.split(":", 1)[0] == scheme), None)

    def ready(self, now: datetime, destinations: Sequence[str], limit: int = 50) -> list[Queued]:
        """Each destination's first rows come from an index that is in this order; the rest is never read."""
        order = (outbox.c.turn, outbox.c.said, outbox.c.seq)
        rows: list[Any] = []
        for destination in dict.fromkeys(destinations):
            first = select(outbox).where(
                text(PENDING),
                outbox.c.destination == destination,
                beside(outbox.c.not_before <= now),
                _FIRST_OF_ITS_CASE,
            )
            rows += self._db.execute(first.order_by(*order).limit(limit))
        rows.sort(key=lambda row: (row.turn, row.said, row.seq))
        return [queued(row) for row in rows[:limit]]

    def next_ready_at(self, destinations: Sequence[str]) -> datetime | None:
        """Rows that wait for an earlier one of their case are left out: they become ready when that one ends."""
        moments: list[datetime | None] = []
        for destination in dict.fromkeys(destinations):
            pending = (
                select(outbox.c.not_before)
                .where(text(PENDING), outbox.c.destination == destination, _FIRST_OF_ITS_CASE)
                .order_by(outbox.c.not_before)
                .limit(1)
            )
            moments.append(self._db.execute(pending).scalar())
        doubtful = self._db.execute(
            select(outbox.c.state, outbox.c.not_before, outbox.c.lease_until).where(
                text(IN_DOUBT), beside(outbox.c.destination.in_(list(destinations)))
            )
        )
        for row in doubtful:
            if row.state == "sending":
                moments.append(row.lease_until)
            else:
                moments.append(max(row.not_before, row.lease_until or row.not_before))
        return min((moment for moment in moments if moment is not None), default=None)

    def postpone(self, message_id: str, until: datetime) -> None:
        self._change(
            update(outbox)
            .where(outbox.c.id == message_id, text(PENDING), outbox.c.not_before < until)
            .values(not_before=until)
        )

    def hurry(self, case_id: int, destination: str) -> None:
        self._change(
            update(outbox)
            .where(
                outbox.c.case_id == case_id,
                outbox.c.kind == "update",
                beside(outbox.c.destination == destination),
                text(PENDING),
            )
            .values(turn=HURRIED)
        )

    def claim(self, message_id: str, lease: str, now: datetime, until: datetime) -> Queued | None:
        return self._take(
            message_id,
            text(PENDING),
            state="sending",
            attempts=outbox.c.attempts + 1,
            started=now,
            lease=lease,
            lease_until=until,
        )

    def lapse(self, now: datetime) -> int:
        return self._change(
            update(outbox)
            .where(text(IN_DOUBT), outbox.c.state == "sending", outbox.c.lease_until <= now)
            .values(state="unknown", looks=0, lease=None, lease_until=None)
        )

    def uncertain(self, now: datetime, destinations: Sequence[str], limit: int = 50) -> list[Queued]:
        rows = self._db.execute(
            select(outbox)
            .where(
                text(IN_DOUBT),
                outbox.c.state == "unknown",
                outbox.c.not_before <= now,
                outbox.c.destination.in_(list(destinations)),
                _unleased(now),
            )
            .order_by(outbox.c.turn, outbox.c.said, outbox.c.seq)
            .limit(limit)
        )
        return [queued(row) for row in rows]

    def claim_look(self, message_id: str, lease: str, now: datetime, until: datetime) -> Queued | None:
        return self._take(
            message_id, outbox.c.state == "unknown", _unleased(now), lease=lease, lease_until=until
        )

    def _take(
        self, message_id: str, *conditions: ColumnElement[bool] | TextClause, **values: Any
    ) -> Queued | None:
        take = update(outbox).where(outbox.c.id == message_id, *conditions).values(**values)
        return self.outgoing(message_id) if self._change(take) else None

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
        values: dict[str, Any] = {
            "state": state.value,
            "lease": None,
            "lease_until": None,
            "error": clean(error),
        }
        if not_before is not None:
            values["not_before"] = not_before
        if receipt is not None:
            values |= {
                "channel": clean(receipt.channel),
                "ref": clean(receipt.ref),
                "received": receipt.at,
                "link": None if receipt.link is None else clean(receipt.link),
            }
        if revision is not None:
            values["revision"] = revision
        if looks is not None:
            values["looks"] = looks
        elif state is OutboxState.UNKNOWN:
            # looks count since it became uncertain: those of an earlier doubt say nothing about this call
            values["looks"] = case((outbox.c.state == "sending", 0), else_=outbox.c.looks)
        ours = update(outbox).where(outbox.c.id == message_id, outbox.c.lease == lease)
        return bool(self._change(ours.values(**values)))

    def recall(self, message_id: str, receipt: Receipt, now: datetime) -> bool:
        row = self.outgoing(message_id)
        if row is None:
            return False
        values: dict[str, Any] = dict.fromkeys(("channel", "ref", "received", "link", "revision"))
        if receipt.link is not None and self._hangs_below(row, receipt):
            values["data"] = dumps({**(row.data or {}), "before": receipt.link})
        here = (outbox.c.state.in_(["sent", "pending"]), outbox.c.ref == clean(receipt.ref))
        stood = update(outbox).where(outbox.c.id == message_id, *here)
        return bool(self._change(stood.values(state="pending", not_before=now, **values)))

    def _hangs_below(self, card: Queued, receipt: Receipt) -> bool:
        """Whether anything was told in the thread that a message began."""
        told = select(outbox.c.id).where(
            outbox.c.case_id == card.case_id,
            outbox.c.kind == "reply",
            outbox.c.state == "sent",
            outbox.c.destination == card.destination,
            outbox.c.received >= receipt.at,
        )
        return self._db.execute(told.limit(1)).first() is not None

    def amend(self, message_id: str, data: Mapping[str, Json]) -> None:
        self._change(update(outbox).where(outbox.c.id == message_id).values(data=dumps(data)))

    def renew(self, message_id: str, data: Mapping[str, Json], now: datetime) -> bool:
        at_rest = (outbox.c.id == message_id, outbox.c.state.in_(["sent", "failed"]))
        again = {"state": "pending", "not_before": now, "attempts": 0, "looks": 0, "error": ""}
        return bool(self._change(update(outbox).where(*at_rest).values(data=dumps(data), **again)))

    def shown_revision(self, case_id: int, destination: str) -> int:
        newest = select(func.max(outbox.c.revision)).where(
            outbox.c.case_id == case_id,
            outbox.c.kind.in_(["card", "update"]),
            beside(outbox.c.destination == destination),
            outbox.c.state == "sent",
        )
        return self._db.execute(newest).scalar() or 0


def _unleased(now: datetime) -> ColumnElement[bool]:
    return or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
