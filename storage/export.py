"""Everything of one kind, in steps of some hundred rows by their numbers: memory stays the same however many there are.

The whole export is one transaction, so it is one view, whatever is written meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, func, select, true

from monitor.core.exporting import CaseFacts, Kept, Span
from monitor.core.model import CaseEvent, Heard, HistoryLine
from storage.case_rows import event_of
from storage.database import BATCH
from storage.mentions import HEARD, Mentions
from storage.part import beside
from storage.promises import Promises
from storage.rows import heard
from storage.tables import case_event, cases, mention

_MOMENT = {
    Kept.MENTIONS: mention.c.first_seen,
    Kept.CASES: cases.c.opened,
    Kept.EVENTS: case_event.c.at,
}


class Export(Promises, Mentions):
    def how_many(self, what: Kept, business: str, span: Span) -> int:
        counted = select(func.count()).select_from(_from(what)).where(_wanted(what, business, span))
        return self._db.execute(counted).scalar_one()

    def every_mention(self, business: str, span: Span) -> Iterator[Heard]:
        wanted = HEARD.where(_wanted(Kept.MENTIONS, business, span))
        for batch in self._steps(wanted, mention):
            yield from map(heard, batch)

    def every_case(self, business: str, span: Span) -> Iterator[CaseFacts]:
        wanted = select(cases.c.id).where(_wanted(Kept.CASES, business, span))
        for batch in self._steps(wanted, cases):
            yield from self._facts([row.id for row in batch])

    def every_event(self, business: str, span: Span) -> Iterator[HistoryLine]:
        wanted = select(case_event, cases.c.business).select_from(_from(Kept.EVENTS))
        for batch in self._steps(wanted.where(_wanted(Kept.EVENTS, business, span)), case_event):
            yield from (HistoryLine(row.id, row.business, event_of(row)) for row in batch)

    def _steps(self, wanted: Select[Any], table: Table) -> Iterator[list[Any]]:
        """Both drivers would fetch a whole result at once; by its number each step begins where the last ended."""
        last = 0
        while True:
            step = wanted.where(table.c.id > last).order_by(table.c.id).limit(BATCH)
            batch = list(self._db.execute(step))
            if batch:
                yield batch
            if len(batch) < BATCH:
                return
            last = batch[-1].id

    def _facts(self, case_ids: list[int]) -> Iterator[CaseFacts]:
        events: defaultdict[int, list[CaseEvent]] = defaultdict(list)
        told = select(case_event).where(case_event.c.case_id.in_(case_ids)).order_by(case_event.c.id)
        for row in self._db.execute(told):
            events[row.case_id].append(event_of(row))
        said = (
            select(mention.c.case_id, mention.c.is_complaint, func.count().label("number"))
            .where(mention.c.case_id.in_(case_ids))
            .group_by(mention.c.case_id, mention.c.is_complaint)
        )
        mentions: defaultdict[int, int] = defaultdict(int)
        complaints: defaultdict[int, int] = defaultdict(int)
        for row in self._db.execute(said):
            mentions[row.case_id] += row.number
            complaints[row.case_id] += row.number * row.is_complaint
        cues = self.cues(case_ids)
        for case, promises in self.promised(case_ids):
            yield CaseFacts(
                case,
                tuple(events[case.id]),
                promises,
                mentions[case.id],
                complaints[case.id],
                cues.get(case.id),
            )


def _from(what: Kept) -> Any:
    match what:
        case Kept.MENTIONS:
            return mention
        case Kept.CASES:
            return cases
        case Kept.EVENTS:
            return case_event.join(cases, cases.c.id == case_event.c.case_id)


def _wanted(what: Kept, business: str, span: Span) -> ColumnElement[bool]:
    """None of it is to choose an index by: the rows are walked by their numbers."""
    since, until = span
    moment = _MOMENT[what]
    theirs = (mention if what is Kept.MENTIONS else cases).c.business == business
    return and_(
        beside(theirs),
        beside(moment >= since) if since is not None else true(),
        beside(moment < until) if until is not None else true(),
    )
