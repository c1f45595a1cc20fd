"""Cases and their history."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, text, update

from monitor.core.errors import Conflict
from monitor.core.model import Case, CaseEvent, HistoryLine, State
from storage.case_rows import case_of, case_values, event_of, event_values
from storage.following import Following
from storage.part import beside
from storage.tables import UNCLOSED, case_event, cases


class Cases(Following):
    def case(self, case_id: int) -> Case | None:
        row = self._db.execute(select(cases).where(cases.c.id == case_id)).first()
        return case_of(row) if row else None

    def cases(
        self, *, states: Sequence[State] | None = None, business: str | None = None, limit: int | None = None
    ) -> list[Case]:
        query = select(cases).order_by(cases.c.severity.desc(), cases.c.opened, cases.c.id)
        if states is not None:
            query = query.where(cases.c.state.in_([state.value for state in states]))
            if not any(state.closed for state in states):
                query = query.where(text(UNCLOSED))
        if business is not None:
            query = query.where(beside(cases.c.business == business))
        return [case_of(row) for row in self._db.execute(query.limit(limit))]

    def events(self, case_id: int) -> list[CaseEvent]:
        rows = self._db.execute(
            select(case_event).where(case_event.c.case_id == case_id).order_by(case_event.c.id)
        )
        return [event_of(row) for row in rows]

    def event(self, number: int) -> HistoryLine | None:
        row = self._db.execute(
            select(case_event, cases.c.business)
            .join(cases, cases.c.id == case_event.c.case_id)
            .where(case_event.c.id == number)
        ).first()
        return HistoryLine(row.id, row.business, event_of(row)) if row else None

    def newest_event(self) -> int:
        return self._db.execute(select(func.max(case_event.c.id))).scalar() or 0

    def revise(self, case: Case, event: CaseEvent) -> bool:
        line = event_values(event, case.id)
        if line["key"] is not None:
            seen = select(case_event.c.id).where(case_event.c.key == line["key"])
            if self._db.execute(seen).first():
                return False
        values = case_values(case)
        if not case.state.closed:
            self._alone(case.id, values)
        changed = self._change(
            update(cases).where(cases.c.id == case.id, cases.c.revision == case.revision - 1).values(**values)
        )
        if not changed:
            raise Conflict(f"case {case.id} was changed by somebody else meanwhile: look at it again")
        self._happen([line])
        return True

    def _alone(self, case_id: int, values: dict[str, object]) -> None:
        """A customer has one unclosed case: re-opening an old one beside it would tear the customer in two."""
        other = self._db.execute(
            select(cases.c.id).where(
                cases.c.business == values["business"],
                cases.c.source == values["source"],
                cases.c.customer == values["customer"],
                text(UNCLOSED),
                cases.c.id != case_id,
            )
        ).scalar()
        if other is not None:
            raise Conflict(f"this customer has another case that is not closed: case {other}. Use that one.")
