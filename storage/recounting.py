"""What the digest reads: counted and listed by span of time, each from an index."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select, text, true

from monitor.core.model import Case, CaseEvent, Heard, Promise, State
from monitor.core.recounting import Span, Tally, Worked
from storage.case_rows import case_of, event_of, promise_of
from storage.columns import clean, loads
from storage.ending import Ending, of_business, of_place
from storage.mentions import HEARD
from storage.part import batches, beside
from storage.rows import heard
from storage.tables import (
    STANDING,
    UNCLOSED,
    assessment,
    case_event,
    cases,
    listened,
    mention,
    outbox,
    promise,
)

_ALIKE = (
    mention.c.feed,
    mention.c.location,
    mention.c.is_complaint,
    mention.c.praise,
    mention.c.broken,
)


_TALLIES = (
    select(*_ALIKE, func.count())
    .where(
        mention.c.business == bindparam("business"),
        mention.c.said >= bindparam("since"),
        mention.c.said < bindparam("until"),
    )
    .group_by(*_ALIKE)
)
"""Asked of very many days."""


class Recounting(Ending):
    # ── posts ────────────────────────────────────────────────────────────────────────────────────────────

    def tallies(self, business: str, spans: Sequence[Span]) -> list[tuple[Tally, ...]]:
        found = []
        for since, until in spans:
            rows = self._db.execute(_TALLIES, {"business": business, "since": since, "until": until})
            found.append(
                tuple(
                    Tally(feed, location or "", bool(complaint), bool(praise), broken, count)
                    for feed, location, complaint, praise, broken, count in rows
                )
            )
        return found

    def listened(self, since: datetime, until: datetime) -> dict[str, list[Span]]:
        first_day, last_day = (moment.astimezone(UTC).toordinal() for moment in (since, until))
        rows = self._db.execute(
            select(listened.c.feed, listened.c.first, listened.c.last)
            .where(listened.c.day.between(first_day, last_day))
            .order_by(listened.c.feed, listened.c.day)
        )
        found: dict[str, list[Span]] = {}
        for feed, first, last in rows:
            found.setdefault(feed, []).append((first, last))
        return found

    def complaints_said(
        self, business: str, since: datetime, until: datetime, limit: int, *, place: str = ""
    ) -> tuple[list[Heard], int]:
        rank = func.row_number().over(
            partition_by=mention.c.case_id,
            order_by=[
                mention.c.severity.desc(),
                mention.c.probability.desc(),
                mention.c.said.desc(),
                mention.c.id.desc(),
            ],
        )
        said = (
            select(mention.c.id, cases.c.severity, mention.c.probability, mention.c.said, rank.label("rank"))
            .join(cases, cases.c.id == mention.c.case_id)
            .where(
                _said(business, since, until),
                mention.c.is_complaint.is_(True),
                beside(cases.c.state != State.DISMISSED.value),
                _here(place),
            )
            .subquery()
        )
        worst = select(said).where(said.c.rank == 1)
        total = self._count(select(func.count()).select_from(worst.subquery()))
        first = worst.order_by(
            said.c.severity.desc(), said.c.probability.desc(), said.c.said.desc(), said.c.id
        ).limit(limit)
        return self._in_order([row.id for row in self._db.execute(first)]), total

    def thanks_said(
        self, business: str, since: datetime, until: datetime, limit: int, *, place: str = ""
    ) -> tuple[list[Heard], int]:
        kind = and_(
            _said(business, since, until),
            mention.c.praise.is_(True),
            mention.c.gone_at.is_(None),
            mention.c.blanked_at.is_(None),
            _here(place),
        )
        named_first = case((assessment.c.staff == "[]", 1), else_=0)
        rows = self._db.execute(
            HEARD.where(kind).order_by(named_first, mention.c.said.desc(), mention.c.id).limit(limit)
        )
        return [heard(row) for row in rows], self._count(
            select(func.count()).select_from(mention).where(kind)
        )

    def heard_after(
        self, business: str, since: datetime, until: datetime, at: datetime, *, place: str = ""
    ) -> int:
        later = and_(_said(business, since, until), beside(mention.c.first_seen > at), _here(place))
        return self._count(select(func.count()).select_from(mention).where(later))

    # ── cases ────────────────────────────────────────────────────────────────────────────────────────────

    def opened(self, business: str, since: datetime, until: datetime, *, place: str = "") -> int:
        return self._count(
            select(func.count())
            .select_from(cases)
            .where(cases.c.opened >= since, cases.c.opened < until, of_business(business), of_place(place))
        )

    def unclosed(self, business: str, *, place: str = "") -> tuple[int, int]:
        rows = self._db.execute(
            select(cases.c.backlog, func.count())
            .where(text(UNCLOSED), cases.c.business == business, of_place(place))
            .group_by(cases.c.backlog)
        )
        counted = {bool(backlog): count for backlog, count in rows}
        return counted.get(False, 0), counted.get(True, 0)

    def unclaimed(self, business: str, *, place: str = "") -> list[Case]:
        rows = self._db.execute(
            select(cases)
            .where(
                text(UNCLOSED),
                cases.c.business == business,
                cases.c.backlog.is_(False),
                cases.c.state == State.OPEN.value,
                of_place(place),
            )
            .order_by(cases.c.opened, cases.c.id)
        )
        return [case_of(row) for row in rows]

    def worked(
        self,
        business: str,
        since: datetime,
        until: datetime,
        actions: Collection[str],
        *,
        place: str = "",
    ) -> list[Worked]:
        touched = (
            select(case_event.c.case_id)
            .where(
                case_event.c.at >= since,
                case_event.c.at < until,
                beside(case_event.c.action.in_(sorted(actions))),
            )
            .distinct()
        )
        ids = [row.case_id for row in self._db.execute(touched)]
        events: defaultdict[int, list[CaseEvent]] = defaultdict(list)
        found: list[Case] = []
        for batch in batches(sorted(ids)):
            ours = select(cases).where(cases.c.id.in_(batch), of_business(business), of_place(place))
            here = [case_of(row) for row in self._db.execute(ours.order_by(cases.c.id))]
            found += here
            told = select(case_event).where(case_event.c.case_id.in_([one.id for one in here]))
            for row in self._db.execute(told.order_by(case_event.c.id)):
                events[row.case_id].append(event_of(row))
        return [Worked(one, tuple(events[one.id])) for one in found]

    def standing_until(
        self, business: str, until: datetime, limit: int, *, place: str = ""
    ) -> tuple[list[tuple[Promise, Case]], int]:
        due = (
            select(promise.c.id, promise.c.case_id)
            .join(cases, cases.c.id == promise.c.case_id)
            .where(text(STANDING), promise.c.due < until, of_business(business), of_place(place))
        )
        first = due.order_by(promise.c.due, promise.c.id).limit(limit).subquery()
        promises = [
            promise_of(row)
            for row in self._db.execute(
                select(promise).join(first, first.c.id == promise.c.id).order_by(promise.c.due, promise.c.id)
            )
        ]
        theirs = select(cases).where(cases.c.id.in_({one.case_id for one in promises}))
        known = {row.id: case_of(row) for row in self._db.execute(theirs)}
        total = self._count(select(func.count()).select_from(due.subquery()))
        return [(one, known[one.case_id]) for one in promises], total

    # ── what lists need of their cases ───────────────────────────────────────────────────────────────────

    def links(self, case_ids: Collection[int], scheme: str) -> dict[int, str]:
        newest: dict[int, str | None] = {}
        for batch in batches(sorted(case_ids)):
            rows = self._db.execute(
                select(outbox.c.case_id, outbox.c.destination, outbox.c.link)
                .where(outbox.c.case_id.in_(batch), outbox.c.kind == "card")
                .order_by(outbox.c.seq)
            )
            newest.update(
                (row.case_id, row.link) for row in rows if row.destination.split(":", 1)[0] == scheme
            )
        return {case_id: link for case_id, link in newest.items() if link}

    def staff_of(self, case_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        named: dict[int, dict[str, None]] = {}
        for batch in batches(sorted(case_ids)):
            rows = self._db.execute(
                select(mention.c.case_id, assessment.c.staff)
                .join(
                    assessment,
                    and_(
                        assessment.c.mention_id == mention.c.id,
                        assessment.c.fingerprint == mention.c.fingerprint,
                        assessment.c.version == mention.c.judged_by,
                    ),
                )
                .where(mention.c.case_id.in_(batch), assessment.c.staff != "[]")
                .order_by(mention.c.id)
            )
            for case_id, staff in rows:
                named.setdefault(case_id, {}).update(dict.fromkeys(loads(staff)))
        return {case_id: tuple(names) for case_id, names in named.items()}

    # ── the parts ────────────────────────────────────────────────────────────────────────────────────────

    def _count(self, query: object) -> int:
        return self._db.execute(query).scalar_one()  # type: ignore[no-any-return, call-overload]

    def _in_order(self, ids: Sequence[int]) -> list[Heard]:
        found: dict[int, Heard] = {}
        for batch in batches(ids):
            found |= {row.id: heard(row) for row in self._db.execute(HEARD.where(mention.c.id.in_(batch)))}
        return [found[one] for one in ids if one in found]


def _said(business: str, since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(mention.c.business == business, mention.c.said >= since, mention.c.said < until)


def _here(place: str) -> ColumnElement[bool]:
    """Whether a post names the place."""
    return beside(mention.c.location == clean(place)) if place else true()
