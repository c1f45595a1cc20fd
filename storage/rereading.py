"""Posts with what came of them, read again in the order in which they were heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select

from monitor.core.labels import Label
from monitor.core.model import Case, Heard
from monitor.core.rereading import Reread, Stretch
from storage.case_rows import case_of
from storage.columns import name
from storage.mentions import HEARD
from storage.part import Part, batches, beside
from storage.rows import heard
from storage.tables import cases, label, mention


class Rereading(Part):
    def stretch(
        self, business: str, since: datetime, until: datetime, limit: int | None = None
    ) -> Stretch | None:
        found = self._stretch(Stretch(business, since, until))
        if found is None or limit is None or found.posts <= limit:
            return found
        newest = select(mention.c.first_seen).where(_within(found))
        newest = newest.order_by(mention.c.first_seen.desc()).offset(limit - 1).limit(1)
        return self._stretch(replace(found, since=self._db.execute(newest).scalar_one()))

    def _stretch(self, asked: Stretch) -> Stretch | None:
        numbers = select(func.min(mention.c.id), func.max(mention.c.id), func.count())
        first, last, posts = self._db.execute(numbers.where(_within(asked))).one()
        return replace(asked, first=first, last=last, posts=posts) if posts else None

    def reread(self, stretch: Stretch, after: int = 0, limit: int = 500) -> list[Reread]:
        query: Select[Any] = HEARD.where(
            mention.c.id >= max(stretch.first, after + 1),
            mention.c.id <= stretch.last,
            beside(_within(stretch)),
        )
        rows = self._db.execute(query.order_by(mention.c.id).limit(limit)).all()
        labels = self._labels([row.id for row in rows])
        owners = self._cases(list({row.case_id for row in rows if row.case_id is not None}))
        return [
            Reread(heard(row), row.blanked_at is not None, labels.get(row.id), owners.get(row.case_id))
            for row in rows
        ]

    def heard_of(self, mention_ids: Sequence[int]) -> dict[int, Heard]:
        found: dict[int, Heard] = {}
        for batch in batches(mention_ids):
            rows = self._db.execute(HEARD.where(mention.c.id.in_(batch)))
            found.update((row.id, heard(row)) for row in rows)
        return found

    def cases_of(self, business: str, source: str, customers: Sequence[str]) -> dict[str, list[Case]]:
        asked = {name(one): one for one in customers}
        found: dict[str, list[Case]] = {}
        for batch in batches(list(asked)):
            rows = self._db.execute(
                select(cases)
                .where(cases.c.business == business, cases.c.source == source, cases.c.customer.in_(batch))
                .order_by(cases.c.id)
            )
            for row in rows:
                found.setdefault(asked[row.customer], []).append(case_of(row))
        return found

    def _labels(self, mention_ids: Sequence[int]) -> dict[int, Label]:
        newest = select(func.max(label.c.id)).where(label.c.mention_id.in_(mention_ids))
        rows = self._db.execute(
            select(label.c.mention_id, label.c.label).where(
                label.c.id.in_(newest.group_by(label.c.mention_id)), label.c.label.is_not(None)
            )
        )
        return {row.mention_id: Label(row.label) for row in rows}

    def _cases(self, case_ids: Sequence[int]) -> dict[int, Case]:
        rows = self._db.execute(select(cases).where(cases.c.id.in_(case_ids)))
        return {row.id: case_of(row) for row in rows}


def _within(stretch: Stretch) -> Any:
    return and_(
        mention.c.first_seen >= stretch.since,
        mention.c.first_seen < stretch.until,
        beside(mention.c.business == stretch.business),
    )
