"""Who tells of an incident's cases, and where: pages that grow, the console, a channel that is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from alerts.incident import facts
from monitor.core.compose import Moot, NotYet, compose
from monitor.core.incidents import Incident
from monitor.core.intents import Outgoing
from monitor.core.message import IncidentCard, Kind, OutboxState, Queued, Roster
from monitor.core.model import CaseEvent, Evidence, Severity, State
from monitor.core.store import Transaction
from monitor.incidents import draw_anew, mute, switch_off
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    HOUR,
    NOW,
    SLACK,
    bad,
    by,
    hear,
    note,
    said,
    send,
    send_all,
)

OTHER = "slack:C0OTHER"


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Transaction]:
    store: SqlStore = temporary_store(tmp_path)
    with store.write() as found:
        yield found
    store.close()


def incident(tx: Transaction, destination: str = SLACK, key: str = "expectation:respect") -> Incident:
    opened = tx.open_incident(BUSINESS, Incident(0, (key,), NOW - HOUR, NOW, NOW, 12, 0.5, 1))
    assert opened is not None
    card = Outgoing(
        destination, f"incident:{opened.id}", Kind.INCIDENT, BUSINESS, data={"incident": opened.id}
    )
    tx.queue(card, NOW)
    told = replace(opened, told_by=card.id)
    assert tx.change_incident(told)
    return told


def complains(
    tx: Transaction, *names: str, key: str = "respect", severity: Severity = Severity.MEDIUM, to: str = SLACK
) -> None:
    for name in names:
        item = bad(said(name, author=by(name)), severity)
        broken = replace(item, verdict=replace(item.verdict, expectations=(Evidence(key, ""),)))
        hear(tx, broken, destination=to)


def pages(tx: Transaction, one: Incident) -> list[Queued]:
    return tx.rosters(one.told_by or "")


def test_only_its_own_cases_below_high_are_muted(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, "ann", "bob")
    complains(tx, "cid", key="fairness")
    complains(tx, "dan", severity=Severity.HIGH)
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 2
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 0
    (page,) = pages(tx, one)
    assert tx.told_by(page.id) == tx.cases_in(one.id) == [1, 2]
    assert sum(row.kind is Kind.CARD for row in tx.ready(NOW, [SLACK])) == 2


def test_what_was_said_before_it_began_is_not_its_own(tx: Transaction) -> None:
    incident(tx)
    item = bad(said("ann", author=by("ann"), published=NOW - 2 * HOUR), Severity.LOW)
    hear(tx, replace(item, verdict=replace(item.verdict, expectations=(Evidence("respect", ""),))))
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 0


def test_when_it_is_over_nothing_is_muted(tx: Transaction) -> None:
    assert tx.change_incident(replace(incident(tx), ended=NOW))
    complains(tx, "ann")
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 0


def test_cards_of_another_channel_go_there(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, "ann")
    complains(tx, "bob", to=OTHER)
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 1
    assert mute(tx, OTHER, BUSINESS, Severity.HIGH, NOW) == 0
    assert [row.kind for row in tx.ready(NOW, [OTHER])] == [Kind.CARD]
    assert tx.told_by(pages(tx, one)[-1].id) == [1]


def test_who_writes_again_stands_on_the_page_once_and_it_is_drawn_anew(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, "ann", "bob")
    mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
    send_all(tx)
    send_all(tx)
    again = bad(said("again", author=by("ann")), Severity.LOW)
    hear(tx, replace(again, verdict=replace(again.verdict, expectations=(Evidence("respect", ""),))))
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 1
    first, second = pages(tx, one)
    assert (second.data or {})["cases"] == [1, 2]
    assert (second.data or {})["root"] == first.id
    assert tx.told_by(second.id) == [1, 2]
    assert tx.account().unaccounted == 0


def test_who_writes_again_after_the_page_was_full_is_told_by_that_page(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, *(f"guest{number}" for number in range(41)))
    mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
    again = bad(said("again", author=by("guest3")), Severity.LOW)
    hear(tx, replace(again, verdict=replace(again.verdict, expectations=(Evidence("respect", ""),))))
    complains(tx, "late")
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 2
    newest = {(row.data or {})["page"]: len((row.data or {})["cases"]) for row in pages(tx, one)}
    assert newest == {1: 40, 2: 2}
    assert sum(len(tx.told_by(row.id)) for row in pages(tx, one)) == 42


def test_what_has_grown_worse_while_its_card_waited_goes_out_with_all_that_hangs_below(
    tx: Transaction,
) -> None:
    incident(tx)
    complains(tx, "ann")
    worse = bad(said("again", author=by("ann")), Severity.CRITICAL)
    hear(tx, replace(worse, verdict=replace(worse.verdict, expectations=(Evidence("respect", ""),))))
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 0
    assert tx.fold(SLACK, Severity.HIGH, note("storm", Kind.STORM), 40, 1, NOW) == 0


@pytest.mark.parametrize("more", [{"owner": "U1", "state": State.CLAIMED}, {"level": 1, "escalated": NOW}])
def test_what_somebody_has_or_was_called_for_is_summed_up_no_more(
    tx: Transaction, more: dict[str, Any]
) -> None:
    incident(tx)
    complains(tx, "ann")
    case = tx.case(1)
    assert case is not None
    later = replace(case, revision=case.revision + 1, **more)
    assert tx.revise(later, CaseEvent(1, NOW, "U1", "claim", case.state, later.state))
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 0
    assert tx.fold(SLACK, Severity.HIGH, note("storm", Kind.STORM), 40, 1, NOW) == 0


def test_a_page_in_doubt_is_looked_for_before_the_next_drawing_takes_its_place(tx: Transaction) -> None:
    one = incident(tx)
    send_all(tx)
    complains(tx, "ann")
    mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
    (first,) = pages(tx, one)
    assert tx.claim(first.id, "l", NOW, NOW + HOUR)
    complains(tx, "bob")
    mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
    assert tx.settle(first.id, "l", OutboxState.UNKNOWN, not_before=NOW)
    older, newer = pages(tx, one)
    assert compose(tx, older, NOW, "UTC")[0].delivery_id == first.id
    with pytest.raises(NotYet):
        compose(tx, newer, NOW, "UTC")
    assert tx.claim_look(first.id, "m", NOW, NOW + HOUR)
    assert tx.settle(first.id, "m", OutboxState.PENDING, not_before=NOW, looks=3)
    send(tx, tx.outgoing(first.id) or first)
    _, replaced, _ = compose(tx, newer, NOW, "UTC")
    assert replaced == (tx.outgoing(first.id) or first).receipt


def test_switched_off_what_runs_is_over_and_says_so(tx: Transaction) -> None:
    one = incident(tx)
    send_all(tx)
    switch_off(tx, BUSINESS, NOW + HOUR)
    assert tx.running(BUSINESS) == []
    (row,) = tx.ready(NOW + HOUR, [SLACK])
    content = compose(tx, row, NOW + HOUR, "UTC")[0].content
    assert isinstance(content, IncidentCard)
    assert any("Nobody watches it any more" in told for told in facts(content, UTC))
    assert not any("All is as usual" in told for told in facts(content, UTC))
    assert content.incident.id == one.id


def test_a_page_that_grew_before_it_went_out_is_sent_once(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, "ann")
    mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
    complains(tx, "bob")
    mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
    older, newer = pages(tx, one)
    with pytest.raises(Moot):
        compose(tx, older, NOW, "UTC")
    with pytest.raises(NotYet):
        compose(tx, newer, NOW, "UTC")
    card = tx.outgoing(one.told_by or "")
    assert card is not None
    send(tx, card)
    message, replaced, _ = compose(tx, newer, NOW, "UTC")
    assert replaced is None
    assert message.thread is not None
    assert isinstance(message.content, Roster)
    assert [line.case_id for line in message.content.lines] == [1, 2]


def test_a_page_that_grows_later_is_drawn_anew_in_place(tx: Transaction) -> None:
    one = incident(tx)
    for name in ("ann", "bob", "cid"):
        complains(tx, name)
        mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW)
        send_all(tx)
    first, _, third = pages(tx, one)
    _, replaced, _ = compose(tx, third, NOW, "UTC")
    assert replaced is not None
    assert replaced == (tx.outgoing(first.id) or first).receipt
    assert tx.told_by(third.id) == [1, 2, 3]
    content = compose(tx, tx.outgoing(one.told_by or "") or first, NOW, "UTC")[0].content
    assert isinstance(content, IncidentCard)
    assert (content.total, content.listed, content.pages) == (3, 3, 1)


def test_the_console_prints_each_page_once_and_the_card_again_only_at_the_end(tx: Transaction) -> None:
    one = incident(tx, CONSOLE)
    for name in ("ann", "bob"):
        complains(tx, name, to=CONSOLE)
        mute(tx, CONSOLE, BUSINESS, Severity.HIGH, NOW)
        send_all(tx, destination=CONSOLE)
    assert [(row.data or {})["cases"] for row in pages(tx, one)] == [[1], [2]]
    assert tx.ready(NOW, [CONSOLE]) == []
    draw_anew(tx, replace(one, ended=NOW), NOW)
    assert [row.kind for row in tx.ready(NOW, [CONSOLE])] == [Kind.INCIDENT]


def test_pages_of_an_incident_that_the_console_showed_stand_alone_in_a_channel(tx: Transaction) -> None:
    one = incident(tx, CONSOLE)
    send_all(tx, destination=CONSOLE)
    complains(tx, "ann", to=CONSOLE)
    mute(tx, CONSOLE, BUSINESS, Severity.HIGH, NOW)
    assert tx.redirect(CONSOLE, SLACK)
    (row,) = [row for row in tx.ready(NOW, [SLACK]) if row.kind is Kind.ROSTER]
    message, replaced, _ = compose(tx, row, NOW, "UTC")
    assert (message.thread, replaced, message.channel) == (None, None, "C0ACME")
    assert tx.told_by(row.id) == tx.cases_in(one.id)


def test_a_card_that_can_never_be_sent_mutes_nothing(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, "ann")
    card = tx.outgoing(one.told_by or "")
    assert card is not None
    assert tx.claim(card.id, "l", NOW, NOW + HOUR)
    assert tx.settle(card.id, "l", OutboxState.FAILED, error="no")
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 0
