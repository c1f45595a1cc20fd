"""Who tells of an incident's cases, and where: pages that grow, the console, a channel that is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.core.compose import Moot, NotYet, compose
from monitor.core.incidents import Incident
from monitor.core.intents import Outgoing
from monitor.core.message import IncidentCard, Kind, OutboxState, Queued, Roster
from monitor.core.model import Evidence, Severity
from monitor.core.store import Transaction
from monitor.incidents import draw_anew, mute
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, CONSOLE, HOUR, NOW, SLACK, bad, by, hear, said, send, send_all


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


def test_cases_of_another_channel_are_told_on_the_same_page(tx: Transaction) -> None:
    one = incident(tx)
    complains(tx, "ann")
    complains(tx, "bob", to="slack:C0OTHER")
    assert mute(tx, SLACK, BUSINESS, Severity.HIGH, NOW) == 1
    assert mute(tx, "slack:C0OTHER", BUSINESS, Severity.HIGH, NOW) == 1
    assert tx.told_by(pages(tx, one)[-1].id) == [1, 2]
    assert {row.destination for row in pages(tx, one)} == {SLACK}


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
