"""The contract: what incidents are found in, what is kept of them, and who tells of their cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.core.errors import Conflict
from monitor.core.incidents import Incident
from monitor.core.message import Kind
from monitor.core.model import Evidence, Place, Severity
from monitor.core.ports import Store
from monitor.core.store import Account, Transaction
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    SLACK,
    bad,
    by,
    case_of,
    fine,
    hear,
    note,
    said,
    send_all,
)

RISEN = Incident(0, ("expectation:respect",), NOW - HOUR, NOW, NOW, 12, 0.5, 1)
CARD = note("incident:1", Kind.INCIDENT, data={"incident": 1})


def _broken(*keys: str) -> tuple[Evidence, ...]:
    return tuple(Evidence(key, "") for key in keys)


def _heard(
    tx: Transaction,
    one: str,
    severity: Severity = Severity.MEDIUM,
    text: str = "Nobody called me back",
    **more: Any,
) -> int:
    item = bad(said(one, text, author=by(f"author {one}"), **more), severity)
    hear(tx, replace(item, verdict=replace(item.verdict, expectations=_broken("respect", "clarity"))))
    return case_of(tx, one).id


class NoticingRules:
    def test_points_are_the_dated_complaints_of_cases(self, store: Store) -> None:
        with store.write() as tx:
            case = _heard(
                tx,
                "1",
                text="Nobody at the counter of Acme Coffee in Plum Street looked up from the telephone for ten minutes",
                place=Place("Plum Street", "gb", "4.2"),
                parent="root",
            )
            _heard(tx, "2", published=None)
            _heard(tx, "3", published=NOW - 30 * timedelta(days=1))
            hear(tx, fine(said("4", author=by("dora"))))
            (point,) = tx.points(BUSINESS, NOW - timedelta(days=7))
            assert (point.case_id, point.feed, point.thread, point.repost) == (case, FEED, "root", False)
            assert (point.location, point.storefront, point.version) == ("Plum Street", "gb", "4.2")
            assert (point.said, point.heard) == (NOW - 10 * MINUTE, NOW)
            assert set(point.broken) == {"respect", "clarity"}
            assert len(point.hashes) == 7
            assert tx.points("somebody else", NOW - timedelta(days=7)) == []

    def test_points_after_one_are_those_heard_later(self, store: Store) -> None:
        with store.write() as tx:
            cases = [_heard(tx, str(number)) for number in range(3)]
            first, second, third = tx.points(BUSINESS, NOW - HOUR)
            assert [one.case_id for one in (first, second, third)] == cases
            assert second.thread == "1"
            assert tx.points(BUSINESS, NOW - HOUR, after=second.id) == [third]
            assert tx.points(BUSINESS, NOW, after=first.id) == []

    def test_an_incident_is_opened_once_while_it_runs(self, store: Store) -> None:
        with store.write() as tx:
            assert tx.running(BUSINESS) == []
            opened = tx.open_incident(BUSINESS, RISEN)
            assert opened == replace(RISEN, id=1)
            assert tx.open_incident(BUSINESS, replace(RISEN, count=99)) is None
            other = tx.open_incident(BUSINESS, replace(RISEN, keys=("place:Mill Road", "wording:5")))
            assert other is not None
            assert tx.running(BUSINESS) == [opened, other]
            assert tx.incident(2) == other
            assert tx.incident(3) is None
            assert tx.running("somebody else") == []

    def test_what_becomes_of_it_is_kept_and_the_end_is_final(self, store: Store) -> None:
        with store.write() as tx:
            opened = tx.open_incident(BUSINESS, RISEN)
            assert opened is not None
            later = replace(
                opened,
                keys=(*opened.keys, "place:Mill Road"),
                also=("wording:5",),
                risen=NOW + HOUR,
                told_by="somebody",
            )
            assert tx.change_incident(later)
            assert tx.running(BUSINESS) == [later]
            ended = replace(later, ended=NOW + HOUR)
            assert tx.change_incident(ended)
            assert not tx.change_incident(later)
            assert tx.incident(1) == ended
            assert tx.running(BUSINESS) == []
            assert tx.incidents_since(BUSINESS, NOW) == [ended]
            assert tx.incidents_since(BUSINESS, NOW + 2 * HOUR) == []
            assert tx.open_incident(BUSINESS, RISEN) is not None

    def test_cases_join_once_and_keep_their_order(self, store: Store) -> None:
        with store.write() as tx:
            cases = [_heard(tx, str(number)) for number in range(4)]
            assert tx.open_incident(BUSINESS, RISEN)
            assert tx.join_incident(1, {cases[3]}) == [cases[3]]
            assert tx.join_incident(1, set(cases)) == cases[:3]
            assert tx.join_incident(1, cases) == []
            assert tx.cases_in(1) == [cases[3], *cases[:3]]
            assert tx.cases_in(2) == []

    def test_pending_points_are_those_of_cards_that_could_go_out(self, store: Store) -> None:
        with store.write() as tx:
            case = _heard(tx, "1")
            _heard(tx, "2", Severity.HIGH)
            hear(tx, bad(said("3", author=by("cleo")), Severity.LOW), destination=CONSOLE)
            (point,) = tx.pending_points(SLACK, Severity.HIGH, [], NOW)
            assert (point.case_id, set(point.broken), point.hashes) == (case, {"respect", "clarity"}, ())
            assert len(tx.pending_points(SLACK, Severity.CRITICAL, [], NOW)) == 2
            send_all(tx)
            assert tx.pending_points(SLACK, Severity.CRITICAL, [], NOW) == []

    def test_a_page_tells_of_its_cases_and_the_next_one_of_them_too(self, store: Store) -> None:
        with store.write() as tx:
            first, second, third = (_heard(tx, str(number)) for number in range(3))
            hear(tx, bad(said("again", author=by("author 0")), Severity.MEDIUM))
            tx.queue(CARD, NOW)
            page = note("incident:1:1:1", Kind.ROSTER, data={"storm": CARD.id, "page": 1, "cases": [first]})
            tx.gather([first], page, NOW)
            assert tx.told_by(page.id) == [first]
            assert tx.account() == Account(4, 0, 4, 0, 0, 0)
            more = note(
                "incident:1:1:2", Kind.ROSTER, data={"storm": CARD.id, "page": 1, "cases": [first, second]}
            )
            tx.gather([second], more, NOW, instead=page.id)
            assert (tx.told_by(page.id), tx.told_by(more.id)) == ([], [first, second])
            assert [row.id for row in tx.rosters(CARD.id)] == [page.id, more.id]
            waiting = [row.case_id for row in tx.ready(NOW, [SLACK]) if row.kind is Kind.CARD]
            assert waiting == [third]
            send_all(tx)
            assert tx.account() == Account(4, 1, 0, 3, 0, 0)
            with pytest.raises(Conflict):
                tx.gather([], more, NOW)

    def test_one_redrawing_waits_at_a_time(self, store: Store) -> None:
        def again(number: int, root: str = CARD.id) -> bool:
            drawn = note(f"again:{number}", Kind.INCIDENT, data={"incident": 1, "root": root})
            return tx.redraw(drawn, NOW)

        with store.write() as tx:
            tx.queue(CARD, NOW)
            assert again(1)
            assert not again(2)
            assert again(3, "another")
            send_all(tx)
            assert again(4)
