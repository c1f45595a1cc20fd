"""Many at once: cards folded into rosters, messages sent another way, and who tells of which case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    TextClause,
    and_,
    delete,
    exists,
    func,
    literal_column,
    or_,
    select,
    text,
    update,
)

from monitor.core.errors import Conflict
from monitor.core.intents import Outgoing, Where
from monitor.core.message import Kind, Queued
from monitor.core.model import Severity
from storage.part import batches, beside
from storage.queueing import Queueing
from storage.rows import queued
from storage.tables import PENDING, SUMMARY, UNCLOSED, UNFINISHED, cases, mention, outbox


def lesser(destination: str, below: Severity, now: datetime) -> tuple[ColumnElement[bool] | TextClause, ...]:
    """The waiting cards that a summary may stand for. Not those of cases that have grown worse since, that somebody has
    or was called for: with the card, what is told below it would be taken out."""
    untouched = exists(literal_column("1")).where(
        cases.c.id == outbox.c.case_id,
        cases.c.severity < below.rank,
        cases.c.owner.is_(None),
        cases.c.level == 0,
    )
    return (
        text(PENDING),
        outbox.c.destination == destination,
        outbox.c.kind == "card",
        outbox.c.not_before <= now,
        outbox.c.severity < below.rank,
        untouched,
    )


class Folding(Queueing):
    def fold(
        self,
        destination: str,
        below: Severity,
        storm: Outgoing,
        page_size: int,
        first_page: int,
        now: datetime,
    ) -> int:
        folded = list(
            self._db.execute(
                select(outbox.c.case_id)
                .where(*lesser(destination, below, now))
                .order_by(outbox.c.turn, outbox.c.said, outbox.c.seq)
            ).scalars()
        )
        listed = list(dict.fromkeys(folded))
        if not listed:
            return 0
        told = self._queue([storm], now, {})[1]
        storm_id = told[storm.id]
        for number, start in enumerate(range(0, len(listed), page_size), first_page):
            page = listed[start : start + page_size]
            roster = Outgoing(
                destination,
                f"{storm.key}:{number}",
                Kind.ROSTER,
                storm.business,
                data={"storm": storm_id, "page": number, "cases": page},
            )
            if not self.queue(roster, now):
                raise Conflict(f"page {number} of this storm was written by somebody else meanwhile")
            self._take_over(page, destination, roster.id)
        return len(listed)

    def _take_over(self, case_ids: Sequence[int], destination: str, roster_id: str) -> None:
        """The roster tells what the pending messages of these cases would have told; they are taken out."""
        for batch in batches(case_ids):
            waiting = and_(
                text(PENDING),
                text(UNFINISHED),
                beside(outbox.c.destination == destination),
                outbox.c.case_id.in_(batch),
            )
            self._change(
                update(mention)
                .where(
                    mention.c.case_id.in_(batch),
                    mention.c.told_by.in_(select(outbox.c.id).where(waiting)),
                )
                .values(told_by=roster_id)
            )
            self._change(delete(outbox).where(waiting))

    def rosters(self, storm_id: str) -> list[Queued]:
        storm = self._db.execute(
            select(outbox.c.destination, outbox.c.key, outbox.c.seq).where(outbox.c.id == storm_id)
        ).first()
        if storm is None:
            return []
        rows = self._db.execute(
            select(outbox).where(
                text(SUMMARY),
                outbox.c.destination == storm.destination,
                outbox.c.kind == "roster",
                outbox.c.seq > storm.seq,
            )
        )
        found = [(row.data or {}, row) for row in map(queued, rows)]
        pages = [(data["page"], row) for data, row in found if data.get("storm") == storm_id]
        return [row for _, row in sorted(pages, key=lambda page: (page[0], page[1].seq))]

    def latest_storm(self, destination: str) -> Queued | None:
        row = self._db.execute(
            select(outbox)
            .where(text(SUMMARY), outbox.c.destination == destination, outbox.c.kind == "storm")
            .order_by(outbox.c.seq.desc())
            .limit(1)
        ).first()
        return queued(row) if row else None

    def redirect(self, old: str, new: str) -> int:
        """What the new destination has been told already is not sent there again: its row tells it for both.

        What hangs under a card goes only where its card goes. What would hang under one that `old` has shown
        is dropped, unless a complaint is told by it alone.
        """
        twin, card = outbox.alias("twin"), outbox.alias("card")
        waiting = and_(text("outbox." + PENDING), outbox.c.destination == old, outbox.c.attempts == 0)
        told = self._db.execute(
            select(outbox.c.id, outbox.c.case_id, twin.c.id.label("twin_id"))
            .join(twin, and_(twin.c.destination == new, twin.c.key == outbox.c.key))
            .where(waiting, outbox.c.case_id.is_not(None))
        ).all()
        for row in told:
            self._change(
                update(mention)
                .where(mention.c.case_id == row.case_id, mention.c.told_by == row.id)
                .values(told_by=row.twin_id)
            )
            self._change(delete(outbox).where(outbox.c.id == row.id))
        there = select(twin.c.key).where(twin.c.destination == new)
        move = update(outbox).where(waiting, outbox.c.key.not_in(there)).values(destination=new)
        hangs = outbox.c.kind.in_(["reply", "update"])
        carded = select(card.c.case_id).where(
            card.c.destination == new, card.c.kind == "card", text("card." + PENDING)
        )
        moved = self._change(move.where(~hangs)) + self._change(
            move.where(hangs, outbox.c.case_id.in_(carded))
        )
        tells = select(mention.c.told_by).where(mention.c.told_by.is_not(None))
        self._change(delete(outbox).where(waiting, hangs, outbox.c.id.not_in(tells)))
        return moved

    def reroute(self, old: str, new: str) -> int:
        """Of a row that waits and was never looked for it is certain that nobody has got it."""
        twin, card = outbox.alias("twin"), outbox.alias("card")
        waiting = and_(text("outbox." + PENDING), outbox.c.destination == old, outbox.c.looks == 0)
        here = select(card.c.case_id).where(
            card.c.destination == old, card.c.kind == "card", text("card." + PENDING), card.c.looks == 0
        )
        whole = exists(literal_column("1")).where(
            twin.c.destination == old, twin.c.kind.in_(["storm", "incident"]), twin.c.state != "pending"
        )
        alone = or_(
            outbox.c.kind.in_(["card", "backlog"]),
            and_(outbox.c.kind.in_(["storm", "incident", "roster"]), ~whole),
            and_(outbox.c.kind.in_(["reply", "update"]), outbox.c.case_id.in_(here)),
        )
        there = select(twin.c.key).where(twin.c.destination == new)
        rows = self._db.execute(
            select(outbox.c.seq).where(waiting, alone, outbox.c.key.not_in(there)).order_by(outbox.c.seq)
        )
        moved = 0
        for batch in batches(list(rows.scalars())):
            moved += self._change(update(outbox).where(outbox.c.seq.in_(batch)).values(destination=new))
        return moved

    def addressed(self) -> list[str]:
        found = select(outbox.c.destination).where(text(UNFINISHED)).distinct().order_by(outbox.c.destination)
        return list(self._db.execute(found).scalars())

    def abandon(self, destination: str, *, threads: bool) -> int:
        waiting = and_(text("outbox." + PENDING), outbox.c.destination == destination)
        if not threads:
            waiting = and_(waiting, outbox.c.kind.not_in(["reply", "update"]))
        tells = select(mention.c.told_by).where(mention.c.told_by.is_not(None))
        dropped = self._change(delete(outbox).where(waiting, outbox.c.id.not_in(tells)))
        return dropped + self._change(update(outbox).where(waiting).values(state="sent"))

    def untold(self, business: str, destination: Where) -> list[int]:
        among_these = outbox.c.destination.in_(
            (destination,) if isinstance(destination, str) else destination
        )
        there = and_(beside(among_these), outbox.c.state != "failed")
        by_summary = exists(literal_column("1")).where(
            mention.c.case_id == cases.c.id,
            mention.c.told_by == outbox.c.id,
            outbox.c.kind.in_(["card", "backlog", "storm", "roster"]),
            there,
        )
        by_card = exists(literal_column("1")).where(
            outbox.c.case_id == cases.c.id, outbox.c.kind == "card", there
        )
        return list(
            self._db.execute(
                select(cases.c.id)
                .where(
                    text("cases." + UNCLOSED), beside(cases.c.business == business), ~or_(by_card, by_summary)
                )
                .order_by(cases.c.severity.desc(), cases.c.opened, cases.c.id)
            ).scalars()
        )

    def retell(self, case_ids: Sequence[int], message_id: str) -> None:
        for batch in batches(case_ids):
            self._change(
                update(mention)
                .where(mention.c.case_id.in_(batch), text("is_complaint"))
                .values(told_by=message_id)
            )

    def told_by(self, message_id: str) -> list[int]:
        complaints = (
            select(mention.c.case_id)
            .where(mention.c.told_by == message_id, text("is_complaint"), mention.c.case_id.is_not(None))
            .group_by(mention.c.case_id)
            .order_by(func.min(mention.c.id))
        )
        return list(self._db.execute(complaints).scalars())
