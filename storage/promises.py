"""Promises, and what the desk asks of cases: whose clocks run, who owns which, which one is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, insert, or_, select, text, update

from monitor.core.model import Case, Promise, State
from storage.case_rows import case_of, promise_of, promise_values
from storage.columns import clean
from storage.part import Part, batches, beside
from storage.tables import OWNED, STANDING, UNCLOSED, cases, mention, promise


class Promises(Part):
    def ticking(self, business: str) -> list[tuple[Case, tuple[Promise, ...]]]:
        stand: defaultdict[int, list[Promise]] = defaultdict(list)
        for one in self._standing_promises(business):
            stand[one.case_id].append(one)
        rows = self._db.execute(
            select(cases)
            .where(text(UNCLOSED), beside(cases.c.business == business), cases.c.backlog.is_(False))
            .order_by(cases.c.opened, cases.c.id)
        )
        return [(case_of(row), tuple(stand.get(row.id, ()))) for row in rows]

    def watched(self, business: str) -> dict[int, int]:
        of_business = beside(cases.c.business == business)
        unclosed = select(cases.c.id, cases.c.revision).where(
            text(UNCLOSED), of_business, cases.c.backlog.is_(False)
        )
        promised = (
            select(cases.c.id, cases.c.revision)
            .join(promise, cases.c.id == promise.c.case_id)
            .where(text(STANDING), of_business)
        )
        found = {row.id: row.revision for row in self._db.execute(unclosed)}
        return found | {row.id: row.revision for row in self._db.execute(promised)}

    def promised(self, case_ids: Sequence[int]) -> list[tuple[Case, tuple[Promise, ...]]]:
        found: list[tuple[Case, tuple[Promise, ...]]] = []
        for batch in batches(case_ids):
            made: defaultdict[int, list[Promise]] = defaultdict(list)
            theirs = select(promise).where(promise.c.case_id.in_(batch))
            for row in self._db.execute(theirs.order_by(promise.c.due, promise.c.id)):
                made[row.case_id].append(promise_of(row))
            rows = self._db.execute(select(cases).where(cases.c.id.in_(batch)).order_by(cases.c.id))
            found += ((case_of(row), tuple(made[row.id])) for row in rows)
        return found

    def owned(self, business: str, owner: str) -> list[Case]:
        rows = self._db.execute(
            select(cases)
            .where(text(OWNED), cases.c.owner == owner, beside(cases.c.business == business))
            .order_by(cases.c.severity.desc(), cases.c.opened, cases.c.id)
        )
        return [case_of(row) for row in rows]

    def find_cases(self, business: str, words: str, limit: int) -> list[Case]:
        words = clean(words)
        heard = select(mention.c.case_id).where(
            mention.c.business == business,
            mention.c.case_id.is_not(None),
            or_(
                *(
                    column.icontains(words, autoescape=True)
                    for column in (mention.c.text, mention.c.title, mention.c.author_name)
                )
            ),
        )
        rows = self._db.execute(
            select(cases)
            .where(
                beside(cases.c.business == business),
                or_(cases.c.name.icontains(words, autoescape=True), cases.c.id.in_(heard)),
            )
            .order_by(cases.c.opened.desc(), cases.c.id.desc())
            .limit(limit)
        )
        return [case_of(row) for row in rows]

    def closed_since(self, business: str, state: State, since: datetime) -> list[Case]:
        rows = self._db.execute(
            select(cases)
            .where(
                cases.c.closed >= since,
                beside(cases.c.state == state.value),
                beside(cases.c.business == business),
            )
            .order_by(cases.c.closed.desc(), cases.c.id.desc())
        )
        return [case_of(row) for row in rows]

    def make_promise(self, made: Promise) -> Promise:
        """Writers take turns, so the number may be given here."""
        number = (self._db.execute(select(func.max(promise.c.id))).scalar() or 0) + 1
        self._change(insert(promise).values(id=number, **promise_values(made)))
        stored = self.promise(number)
        assert stored is not None
        return stored

    def promise(self, promise_id: int) -> Promise | None:
        row = self._db.execute(select(promise).where(promise.c.id == promise_id)).first()
        return promise_of(row) if row else None

    def promises(self, case_id: int) -> list[Promise]:
        rows = self._db.execute(
            select(promise).where(promise.c.case_id == case_id).order_by(promise.c.due, promise.c.id)
        )
        return [promise_of(row) for row in rows]

    def promises_due(self, business: str, until: datetime) -> list[Promise]:
        return list(self._standing_promises(business, until))

    def update_promise(self, changed: Promise) -> None:
        self._change(update(promise).where(promise.c.id == changed.id).values(**promise_values(changed)))

    def _standing_promises(self, business: str, until: datetime | None = None) -> Iterable[Promise]:
        query = (
            select(promise)
            .join(cases, cases.c.id == promise.c.case_id)
            .where(text(STANDING), beside(cases.c.business == business))
            .order_by(promise.c.due, promise.c.id)
        )
        if until is not None:
            query = query.where(promise.c.due < until)
        return [promise_of(row) for row in self._db.execute(query)]
