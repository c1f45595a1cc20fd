"""Cases that ended, with all that may have helped; and which cases a digest is about."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true

from monitor.core.model import State
from monitor.core.moves import Action
from monitor.core.recounting import Ended
from storage.columns import clean, loads
from storage.part import Part, batches, beside
from storage.tables import case_event, cases, mention, promise

_ENDED = (State.RECOVERED.value, State.LOST.value)


class Ending(Part):
    def ended(
        self, business: str, since: datetime, until: datetime, limit: int, *, place: str = ""
    ) -> list[Ended]:
        rows = list(
            self._db.execute(
                select(cases.c.id, cases.c.state, cases.c.opened, cases.c.contacted)
                .where(
                    cases.c.closed >= since,
                    cases.c.closed < until,
                    of_business(business),
                    beside(cases.c.state.in_(_ENDED)),
                    of_place(place),
                )
                .order_by(cases.c.closed.desc(), cases.c.id.desc())
                .limit(limit)
            )
        )
        ids = [row.id for row in rows]
        hows, broken, promised = self._hows(ids), self._broken(ids), self._promised(ids)
        return [
            Ended(
                State(row.state),
                row.opened,
                row.contacted,
                hows.get(row.id, "") if row.state == State.RECOVERED.value else "",
                broken.get(row.id, 0),
                promised[row.id, "kept"],
                promised[row.id, "broken"],
            )
            for row in rows
        ]

    def _hows(self, ids: Sequence[int]) -> dict[int, str]:
        """By what each was won back, as it was last said."""
        found: dict[int, str] = {}
        for batch in batches(ids):
            rows = self._db.execute(
                select(case_event.c.case_id, case_event.c.data)
                .where(case_event.c.case_id.in_(batch), beside(case_event.c.action == Action.RECOVER.value))
                .order_by(case_event.c.id)
            )
            found.update((row.case_id, str((loads(row.data) or {}).get("how") or "")) for row in rows)
        return found

    def _broken(self, ids: Sequence[int]) -> dict[int, int]:
        masks: defaultdict[int, int] = defaultdict(int)
        for batch in batches(ids):
            rows = self._db.execute(
                select(mention.c.case_id, mention.c.broken)
                .where(mention.c.case_id.in_(batch), beside(mention.c.is_complaint.is_(True)))
                .distinct()
            )
            for case_id, mask in rows:
                masks[case_id] |= mask
        return masks

    def _promised(self, ids: Sequence[int]) -> Counter[tuple[int, str]]:
        outcomes: Counter[tuple[int, str]] = Counter()
        for batch in batches(ids):
            rows = self._db.execute(
                select(promise.c.case_id, promise.c.outcome, func.count())
                .where(promise.c.case_id.in_(batch), promise.c.outcome.is_not(None))
                .group_by(promise.c.case_id, promise.c.outcome)
            )
            outcomes.update({(case_id, outcome): count for case_id, outcome, count in rows})
        return outcomes


def of_business(business: str) -> ColumnElement[bool]:
    return beside(cases.c.business == business)


def of_place(place: str) -> ColumnElement[bool]:
    """Whether a complaint of the case names the place."""
    if not place:
        return true()
    named = select(mention.c.id).where(
        mention.c.case_id == cases.c.id,
        beside(mention.c.is_complaint.is_(True)),
        beside(mention.c.location == clean(place)),
    )
    return named.correlate(cases).exists()
