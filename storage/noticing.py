"""Incidents: the points they are found in, themselves, their cases, and who tells of these."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, func, insert, or_, select, text, update

from monitor.core.errors import Conflict
from monitor.core.expectations import keys_of
from monitor.core.incidents import Incident
from monitor.core.intents import Outgoing
from monitor.core.model import Severity
from monitor.core.series import Point
from storage.columns import clean, dumps, loads
from storage.incident_tables import RUNNING
from storage.part import batches, beside
from storage.storm import Folding, lesser
from storage.tables import SUMMARY, incident, incident_case, mention, outbox, sketch

_POINT = select(
    mention.c.id,
    mention.c.said,
    mention.c.first_seen,
    mention.c.case_id,
    mention.c.feed,
    mention.c.thread,
    mention.c.parent,
    mention.c.native_id,
    mention.c.repost,
    mention.c.location,
    mention.c.storefront,
    mention.c.app_version,
    mention.c.broken,
).where(text("mention.is_complaint"), mention.c.case_id.is_not(None), mention.c.published.is_not(None))


class Noticing(Folding):
    # ── points ───────────────────────────────────────────────────────────────────────────────────────────

    def points(self, business: str, since: datetime, *, after: int = 0) -> list[Point]:
        said, new = mention.c.said >= since, mention.c.id > after
        ours = mention.c.business == business
        query = _POINT.where(ours, said) if not after else _POINT.where(new, beside(ours), beside(said))
        hashes = self._hashes(since, after)
        return self._points(query.order_by(mention.c.id), hashes)

    def pending_points(
        self, destination: str, below: Severity, words: Collection[int], now: datetime
    ) -> list[Point]:
        rows = self._db.execute(select(outbox.c.id).where(*lesser(destination, below, now)))
        found: list[Point] = []
        for batch in batches(list(rows.scalars())):
            found += self._points(_POINT.where(mention.c.told_by.in_(batch)), {})
        shared = self._sharing_words([one.id for one in found], words)
        return [replace(one, hashes=tuple(shared.get(one.id, ()))) for one in found]

    def _sharing_words(self, ids: Sequence[int], words: Collection[int]) -> dict[int, list[int]]:
        found: defaultdict[int, list[int]] = defaultdict(list)
        for batch in batches(ids if words else []):
            rows = self._db.execute(
                select(sketch.c.mention_id, sketch.c.hash).where(
                    sketch.c.hash.in_(words), sketch.c.mention_id.in_(batch)
                )
            )
            for one, value in rows:
                found[one].append(value)
        return found

    def _points(self, query: Select[Any], hashes: Mapping[int, Sequence[int]]) -> list[Point]:
        return [
            Point(
                row.id,
                row.said,
                row.first_seen,
                row.case_id,
                row.feed,
                row.thread or row.parent or row.native_id,
                bool(row.repost),
                row.location,
                row.storefront,
                row.app_version,
                keys_of(row.broken) if row.broken else (),
                tuple(hashes.get(row.id, ())),
            )
            for row in self._db.execute(query)
        ]

    def _hashes(self, since: datetime, after: int) -> dict[int, list[int]]:
        """Of complaints heard since that day."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        day = since.astimezone(UTC).toordinal()
        if after:
            heard = select(mention.c.first_seen).where(mention.c.id > after).order_by(mention.c.id).limit(1)
            first = self._db.execute(heard).scalar()
            day = first.toordinal() if first else day
        rows = self._db.execute(
            select(sketch.c.mention_id, sketch.c.hash).where(sketch.c.day >= day, sketch.c.mention_id > after)
        )
        for one, value in rows:
            found[one].append(value)
        return found

    # ── incidents ────────────────────────────────────────────────────────────────────────────────────────

    def running(self, business: str) -> list[Incident]:
        query = select(incident).where(text(RUNNING), incident.c.business == business)
        return [_incident(row) for row in self._db.execute(query.order_by(incident.c.id))]

    def incident(self, number: int) -> Incident | None:
        row = self._db.execute(select(incident).where(incident.c.id == number)).first()
        return None if row is None else _incident(row)

    def incidents_since(self, business: str, since: datetime) -> list[Incident]:
        ran = or_(incident.c.ended.is_(None), incident.c.ended >= since)
        query = select(incident).where(incident.c.business == business, ran)
        return [_incident(row) for row in self._db.execute(query.order_by(incident.c.started, incident.c.id))]

    def open_incident(self, business: str, one: Incident) -> Incident | None:
        runs = select(incident.c.id).where(
            text(RUNNING), incident.c.business == business, incident.c.lead == clean(one.keys[0])
        )
        if self._db.execute(runs).first() is not None:
            return None
        number = (self._db.execute(select(func.max(incident.c.id))).scalar() or 0) + 1
        self._change(
            insert(incident).values(
                id=number, business=business, lead=clean(one.keys[0]), noticed=one.noticed, **_values(one)
            )
        )
        return replace(one, id=number)

    def change_incident(self, one: Incident) -> bool:
        same = and_(text(RUNNING), incident.c.id == one.id)
        return bool(self._change(update(incident).where(same).values(**_values(one))))

    def join_incident(self, number: int, case_ids: Collection[int]) -> list[int]:
        there = set(self.cases_in(number))
        new = sorted(one for one in case_ids if one not in there)
        self._insert(
            incident_case,
            [
                {"incident_id": number, "case_id": one, "joined": place}
                for place, one in enumerate(new, len(there) + 1)
            ],
        )
        return new

    def cases_in(self, number: int) -> list[int]:
        query = select(incident_case.c.case_id).where(incident_case.c.incident_id == number)
        return list(self._db.execute(query.order_by(incident_case.c.joined)).scalars())

    # ── who tells of their cases ─────────────────────────────────────────────────────────────────────────

    def gather(
        self, case_ids: Sequence[int], page: Outgoing, now: datetime, *, instead: str | None = None
    ) -> None:
        if not self.queue(page, now):
            raise Conflict("this page of an incident was written by somebody else meanwhile")
        if instead is not None:
            self._change(update(mention).where(mention.c.told_by == instead).values(told_by=page.id))
        self._take_over(case_ids, page.destination, page.id)

    def redraw(self, card: Outgoing, now: datetime) -> bool:
        waiting = select(outbox.c.data).where(
            text(SUMMARY),
            outbox.c.destination == card.destination,
            outbox.c.kind == card.kind.value,
            outbox.c.state == "pending",
        )
        root = (card.data or {})["root"]
        if any((loads(data) or {}).get("root") == root for data in self._db.execute(waiting).scalars()):
            return False
        return self.queue(card, now)


def _values(one: Incident) -> dict[str, Any]:
    return {
        "keys": dumps(list(one.keys)),
        "also": dumps(list(one.also)),
        "started": one.started,
        "risen": one.risen,
        "ended": one.ended,
        "voices": one.count,
        "usual": one.usual,
        "hours": one.hours,
        "told_by": one.told_by,
    }


def _incident(row: Any) -> Incident:
    return Incident(
        row.id,
        tuple(loads(row.keys)),
        row.started,
        row.noticed,
        row.risen,
        row.voices,
        row.usual,
        row.hours,
        tuple(loads(row.also)),
        row.ended,
        row.told_by,
    )
