"""Customers under several names: what is known of one is known of all that were linked to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from monitor.core.intents import Standing, Where
from monitor.core.model import Past, State
from monitor.core.severity import History
from storage.case_rows import case_of
from storage.columns import name
from storage.mentions import COPIED
from storage.rows import Row
from storage.standing import UNTOLD, Standings
from storage.tables import case_event, cases, mention, same_customer

Name = tuple[str, str]
"""A source, and a customer there."""


class Customers(Standings):
    _groups: dict[str, dict[Name, list[Name]]] | None = None
    """By business: each name that was linked, with all names of that person. Read once a transaction."""

    def standing(
        self, business: str, source: str, customers: Sequence[str], destination: Where
    ) -> dict[str, Standing]:
        found = super().standing(business, source, customers, destination)
        for asked, theirs in self._of_linked(business, source, customers).items():
            unclosed = [row for row in theirs if not State(row.state).closed]
            if asked not in found and unclosed:
                found[asked] = self._stands(unclosed[-1], destination)
        return found

    def recovered(
        self, business: str, source: str, customers: Sequence[str], destination: Where
    ) -> dict[str, Standing]:
        found = super().recovered(business, source, customers, destination)
        for asked, theirs in self._of_linked(business, source, customers).items():
            found.pop(asked, None)
            if theirs and theirs[-1].state == State.RECOVERED.value:
                found[asked] = self._stands(theirs[-1], destination)
        return found

    def histories(self, business: str, source: str, customers: Sequence[str]) -> dict[str, History]:
        found = super().histories(business, source, customers)
        for asked, names in self._linked(business, source, customers).items():
            complaints, since = self._said(business, names)
            if complaints:
                found[asked] = History(complaints, since, self._came_back(business, names))
        return found

    # ── linking ──────────────────────────────────────────────────────────────────────────────────────────

    def link(self, case_id: int, other_id: int, now: datetime) -> bool:
        (business, one), (_, other) = self._customer(case_id), self._customer(other_id)
        ones, others = self._names(business, one), self._names(business, other)
        if one == other or other in ones:
            return False
        last = self._db.execute(select(func.max(same_customer.c.group_id))).scalar() or 0
        for names in (ones, others):
            if len(names) > 1:
                same = and_(same_customer.c.business == business, _any(same_customer, names))
                self._change(update(same_customer).where(same).values(group_id=last + 1))
            else:
                self._change(
                    insert(same_customer).values(
                        business=business,
                        source=names[0][0],
                        customer=names[0][1],
                        group_id=last + 1,
                        since=now,
                    )
                )
        self._groups = None
        return True

    def unlink(self, case_id: int) -> bool:
        """The last of a group is linked to nobody either."""
        business, one = self._customer(case_id)
        names = self._names(business, one)
        gone = names if len(names) <= 2 else [one]
        same = and_(same_customer.c.business == business, _any(same_customer, gone))
        changed = self._change(delete(same_customer).where(same))
        self._groups = None
        return bool(changed)

    def linked(self, case_id: int) -> list[int]:
        business, one = self._customer(case_id)
        others = [other for other in self._names(business, one) if other != one]
        return [row.id for row in self._cases_of(business, others)]

    def past(self, case_id: int) -> Past:
        business, one = self._customer(case_id)
        names = self._names(business, one)
        others: dict[State, int] = {}
        for row in self._cases_of(business, names):
            if row.id != case_id:
                others[State(row.state)] = others.get(State(row.state), 0) + 1
        complaints, since = self._said(business, names)
        return Past(complaints, since, others)

    # ── who is who ───────────────────────────────────────────────────────────────────────────────────────

    def _customer(self, case_id: int) -> tuple[str, Name]:
        row = self._db.execute(
            select(cases.c.business, cases.c.source, cases.c.customer).where(cases.c.id == case_id)
        ).one()
        return row.business, (row.source, row.customer)

    def _names(self, business: str, one: Name) -> list[Name]:
        """All names of a person, this one at least."""
        return self._persons(business).get(one, [one])

    def _persons(self, business: str) -> dict[Name, list[Name]]:
        groups = self._groups = {} if self._groups is None else self._groups
        if business not in groups:
            rows = self._db.execute(
                select(same_customer.c.group_id, same_customer.c.source, same_customer.c.customer)
                .where(same_customer.c.business == business)
                .order_by(same_customer.c.source, same_customer.c.customer)
            )
            people: dict[int, list[Name]] = {}
            for group, *one in rows:
                people.setdefault(group, []).append((one[0], one[1]))
            groups[business] = {one: names for names in people.values() for one in names}
        return groups[business]

    def _linked(self, business: str, source: str, customers: Sequence[str]) -> dict[str, list[Name]]:
        """Those of the asked that have other names, with all of them."""
        persons = self._persons(business)
        if not persons:
            return {}
        named = {asked: persons.get((source, name(asked))) for asked in customers}
        return {asked: names for asked, names in named.items() if names}

    def _of_linked(self, business: str, source: str, customers: Sequence[str]) -> dict[str, list[Row]]:
        linked = self._linked(business, source, customers)
        return {asked: self._cases_of(business, names) for asked, names in linked.items()}

    def _cases_of(self, business: str, names: Sequence[Name]) -> list[Row]:
        """Oldest first."""
        if not names:
            return []
        query = select(cases).where(cases.c.business == business, _any(cases, names)).order_by(cases.c.id)
        return list(self._db.execute(query))

    def _stands(self, row: Row, destination: Where) -> Standing:
        return Standing(case_of(row), *self._cards([row.id], destination).get(row.id, UNTOLD))

    def _said(self, business: str, names: Sequence[Name]) -> tuple[int, datetime | None]:
        """Their own complaints, and when the first was said. What was dismissed, and what others said in the same
        words, does not count."""
        said = func.coalesce(mention.c.published, mention.c.first_seen)
        complaints, since = self._db.execute(
            select(func.count(), func.min(said))
            .select_from(mention)
            .join(cases, cases.c.id == mention.c.case_id)
            .where(
                cases.c.business == business,
                _any(cases, names),
                cases.c.state != State.DISMISSED.value,
                mention.c.is_complaint,
                ~COPIED,
            )
        ).one()
        return complaints, since

    def _came_back(self, business: str, names: Sequence[Name]) -> bool:
        unclosed = [row.id for row in self._cases_of(business, names) if not State(row.state).closed]
        return bool(
            self._db.execute(
                select(func.count())
                .select_from(case_event)
                .where(case_event.c.case_id.in_(unclosed), case_event.c.action.in_(["regress", "regressed"]))
            ).scalar()
        )


def _any(table: object, names: Sequence[Name]) -> ColumnElement[bool]:
    columns = table.c  # type: ignore[attr-defined]
    return or_(*(and_(columns.source == source, columns.customer == customer) for source, customer in names))
