"""Whose a complaint is: the case that its customer has, what they said before, and the card that shows it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, func, select, text

from monitor.core.intents import Standing, Where
from monitor.core.model import State
from monitor.core.severity import History
from storage.case_rows import case_of
from storage.columns import by_name
from storage.part import Part, batches, beside
from storage.tables import UNCLOSED, case_event, cases, mention, outbox

UNTOLD = (None, "")
"""Of a case without a card."""


class Standings(Part):
    def standing(
        self, business: str, source: str, customers: Sequence[str], destination: Where
    ) -> dict[str, Standing]:
        return self._standing(business, source, customers, destination, text(UNCLOSED))

    def recovered(
        self, business: str, source: str, customers: Sequence[str], destination: Where
    ) -> dict[str, Standing]:
        later = cases.alias("later")
        latest = ~(
            select(later.c.id)
            .where(
                later.c.business == cases.c.business,
                later.c.source == cases.c.source,
                later.c.customer == cases.c.customer,
                later.c.id > cases.c.id,
            )
            .exists()
        )
        return self._standing(
            business, source, customers, destination, and_(cases.c.state == State.RECOVERED.value, latest)
        )

    def closed(self, case_ids: Sequence[int], destination: Where) -> dict[int, Standing]:
        found: dict[int, Standing] = {}
        for batch in batches(case_ids):
            ended = cases.c.state.in_([state.value for state in State if state.closed])
            rows = self._db.execute(select(cases).where(cases.c.id.in_(batch), ended)).all()
            cards = self._cards([row.id for row in rows], destination)
            found.update((row.id, Standing(case_of(row), *cards.get(row.id, UNTOLD))) for row in rows)
        return found

    def histories(self, business: str, source: str, customers: Sequence[str]) -> dict[str, History]:
        asked = by_name(customers)
        said = func.coalesce(mention.c.published, mention.c.first_seen)
        regressed = (
            select(case_event.c.id)
            .where(case_event.c.case_id == cases.c.id, case_event.c.action.in_(["regress", "regressed"]))
            .exists()
        )
        unclosed = cases.c.state.not_in([state.value for state in State if state.closed])
        theirs = and_(
            mention.c.is_complaint,
            mention.c.author_key == cases.c.customer,
            mention.c.source == cases.c.source,
        )
        found: dict[str, History] = {}
        for batch in batches(list(asked)):
            rows = self._db.execute(
                select(
                    cases.c.customer,
                    func.count(),
                    func.min(said),
                    func.max(case((and_(unclosed, regressed), 1), else_=0)),
                )
                .join(mention, mention.c.case_id == cases.c.id)
                .where(
                    cases.c.business == business,
                    cases.c.source == source,
                    cases.c.customer.in_(batch),
                    cases.c.state != State.DISMISSED.value,
                    beside(theirs),
                )
                .group_by(cases.c.customer)
            )
            for customer, complaints, since, back in rows:
                for given in asked[customer]:
                    found[given] = History(complaints, since, bool(back))
        return found

    def _standing(
        self,
        business: str,
        source: str,
        customers: Sequence[str],
        destination: Where,
        condition: ColumnElement[bool] | object,
    ) -> dict[str, Standing]:
        asked = by_name(customers)
        found: dict[str, Standing] = {}
        for batch in batches(list(asked)):
            rows = self._db.execute(
                select(cases).where(
                    cases.c.business == business,
                    cases.c.source == source,
                    cases.c.customer.in_(batch),
                    condition,  # type: ignore[arg-type]
                )
            ).all()
            cards = self._cards([row.id for row in rows], destination)
            for row in rows:
                for given in asked[row.customer]:
                    found[given] = Standing(case_of(row), *cards.get(row.id, UNTOLD))
        return found

    def _cards(self, case_ids: Sequence[int], destination: Where) -> dict[int, tuple[str, str]]:
        """The newest card of each case there that has not failed, and its destination."""
        found: dict[int, tuple[str, str]] = {}
        there = (destination,) if isinstance(destination, str) else destination
        for batch in batches(case_ids):
            rows = self._db.execute(
                select(outbox.c.case_id, outbox.c.id, outbox.c.destination)
                .where(
                    outbox.c.case_id.in_(batch),
                    outbox.c.kind == "card",
                    beside(outbox.c.destination.in_(there)),
                    outbox.c.state != "failed",
                )
                .order_by(outbox.c.seq)
            )
            found.update((row.case_id, (row.id, row.destination)) for row in rows)
        return found
