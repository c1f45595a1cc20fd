"""What the desk said of verdicts. Rows are added and never changed: the newest of a mention is in force."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text

from monitor.core.labels import Label, Labelled
from monitor.core.model import Heard
from storage.columns import clean
from storage.mentions import HEARD
from storage.part import Part, batches
from storage.rows import Row, heard
from storage.tables import cases, label, mention

_WORKED = ("contacted", "recovered", "lost")
"""States of a case that somebody took for a complaint."""


class Labels(Part):
    def label(
        self, mention_ids: Sequence[int], given: Label, by: str, now: datetime, *, note: str = ""
    ) -> None:
        self._label(dict.fromkeys(mention_ids, int(given)), by, now, note)

    def take_back(
        self, mention_ids: Sequence[int], given: Label, by: str, now: datetime, *, note: str = ""
    ) -> int:
        back: dict[int, int | None] = {}
        for batch in batches(mention_ids):
            said: dict[int, list[int | None]] = {}
            rows = self._db.execute(
                select(label.c.mention_id, label.c.label)
                .where(label.c.mention_id.in_(batch))
                .order_by(label.c.id.desc())
            )
            for mention_id, one in rows:
                said.setdefault(mention_id, []).append(one)
            back.update(
                (mention_id, before[1] if len(before) > 1 else None)
                for mention_id, before in said.items()
                if before[0] == given
            )
        self._label(back, by, now, note)
        return len(back)

    def _label(self, given: dict[int, int | None], by: str, now: datetime, note: str) -> None:
        for batch in batches(list(given)):
            judged = self._db.execute(
                select(mention.c.id, mention.c.probability, mention.c.judged_by, mention.c.is_complaint)
                .where(mention.c.id.in_(batch))
                .order_by(mention.c.id)
            ).all()
            self._insert(
                label,
                [
                    {
                        "mention_id": row.id,
                        "label": given[row.id],
                        "by": clean(by),
                        "at": now,
                        "note": clean(note),
                        "probability": row.probability,
                        "version": row.judged_by,
                        "was_complaint": row.is_complaint,
                    }
                    for row in judged
                ],
            )

    def labels(self, business: str) -> list[Labelled]:
        said = {row.mention_id: row for row in self._in_force()}
        worked = {row.id: row for row in self._worked(business) if row.id not in said}
        found: list[Labelled] = []
        for batch in batches([*said, *worked]):
            rows = self._db.execute(HEARD.where(mention.c.id.in_(batch), mention.c.business == business))
            known = {row.id: heard(row) for row in rows}
            for one in (known[mention_id] for mention_id in batch if mention_id in known):
                found.append(_given(one, said[one.id]) if one.id in said else _implied(one, worked[one.id]))
        return found

    def _in_force(self) -> Sequence[Row]:
        newest = select(func.max(label.c.id)).group_by(label.c.mention_id)
        return self._db.execute(
            select(label).where(label.c.id.in_(newest), label.c.label.is_not(None)).order_by(label.c.id)
        ).all()

    def _worked(self, business: str) -> Sequence[Row]:
        return self._db.execute(
            select(mention.c.id, cases.c.owner, cases.c.contacted, cases.c.closed, cases.c.opened)
            .join(cases, cases.c.id == mention.c.case_id)
            .where(text("is_complaint"), cases.c.business == business, cases.c.state.in_(_WORKED))
            .order_by(mention.c.id)
        ).all()


def _given(one: Heard, told: Row) -> Labelled:
    return Labelled(
        one.id,
        one.mention,
        one.feed,
        one.verdict,
        Label(told.label),
        told.by,
        told.at,
        told.probability,
        told.version,
        told.was_complaint,
        note=told.note,
    )


def _implied(one: Heard, case: Row) -> Labelled:
    return Labelled(
        one.id,
        one.mention,
        one.feed,
        one.verdict,
        Label.COMPLAINT,
        case.owner or "",
        case.contacted or case.closed or case.opened,
        one.verdict.complaint,
        one.verdict.version,
        one.verdict.is_complaint,
        given=False,
    )
