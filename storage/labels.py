"""What the desk said of verdicts. Rows are added and never changed: the newest of a mention is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, func, or_, select, text

from monitor.core.labels import Label, Labelled
from monitor.core.model import Heard, State
from monitor.core.moves import CONTACT, SOURCE
from storage.columns import clean
from storage.mentions import HEARD
from storage.part import Part, batches
from storage.rows import Row, heard
from storage.tables import assessment, case_event, cases, label, mention

_TOLD = (
    select(case_event.c.id)
    .where(case_event.c.case_id == cases.c.id, case_event.c.action == CONTACT, case_event.c.actor != SOURCE)
    .exists()
)
_WORKED = or_(cases.c.state.in_(["recovered", "lost"]), and_(cases.c.state == "contacted", _TOLD))
"""Whether somebody took a case for a complaint. An answer at the source does not say so: thanks are answered too."""
_VERDICT = {column.name for column in mention.c} & {column.name for column in assessment.c} - {"fingerprint"}
_BEFORE_EDITS = (
    select(
        *(column for column in mention.c if column.name not in {*_VERDICT - {"language"}, "judged_by"}),
        *(column for column in assessment.c if column.name not in {"fingerprint", "version", "language"}),
        assessment.c.language.label("a_language"),
        assessment.c.version.label("judged_by"),
    )
    .join(assessment, assessment.c.mention_id == mention.c.id)
    .where(assessment.c.fingerprint != mention.c.fingerprint)
)
"""Edited mentions with each verdict on words that they have no more."""


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
            then = self._labelled(said, [one.id for one in known.values() if _edited(one, said)])
            for one in (known[mention_id] for mention_id in batch if mention_id in known):
                if one.id in said:
                    found.append(_given(then.get(one.id, one), said[one.id]))
                else:
                    found.append(_implied(one, worked[one.id]))
        return found

    def _labelled(self, said: Mapping[int, Row], edited: Sequence[int]) -> dict[int, Heard]:
        """Edited mentions with the verdict that was labelled, and without words: those are gone."""
        then: dict[int, Heard] = {}
        if not edited:
            return then
        for row in self._db.execute(_BEFORE_EDITS.where(mention.c.id.in_(edited))):
            told = said[row.id]
            if (row.probability, row.judged_by) == (told.probability, told.version):
                one = heard(row)
                then[one.id] = replace(one, mention=replace(one.mention, title="", text=""))
        return then

    def strayed(self, case_id: int, by: str, at: datetime) -> list[int]:
        rows = self._db.execute(
            select(label.c.mention_id)
            .join(mention, mention.c.id == label.c.mention_id)
            .outerjoin(cases, cases.c.id == mention.c.case_id)
            .where(
                label.c.by == clean(by),
                label.c.at == at,
                label.c.label == int(Label.NOT_A_COMPLAINT),
                or_(
                    mention.c.case_id.is_(None),
                    and_(mention.c.case_id != case_id, cases.c.state != State.DISMISSED.value),
                ),
            )
            .order_by(label.c.mention_id)
        )
        return list(rows.scalars())

    def _in_force(self) -> Sequence[Row]:
        newest = select(func.max(label.c.id)).group_by(label.c.mention_id)
        return self._db.execute(
            select(label).where(label.c.id.in_(newest), label.c.label.is_not(None)).order_by(label.c.id)
        ).all()

    def _worked(self, business: str) -> Sequence[Row]:
        return self._db.execute(
            select(mention.c.id, cases.c.owner, cases.c.contacted, cases.c.closed, cases.c.opened)
            .join(cases, cases.c.id == mention.c.case_id)
            .where(text("is_complaint"), cases.c.business == business, _WORKED)
            .order_by(mention.c.id)
        ).all()


def _edited(one: Heard, said: Mapping[int, Row]) -> bool:
    """The judge says otherwise now than when the label was given."""
    return one.id in said and one.verdict.complaint != said[one.id].probability


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
