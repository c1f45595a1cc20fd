"""Who follows the cases hears of every change, queued with it, once, in order; it counts for nobody's telling."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.cases import Action, Details, transition
from monitor.core.compose import compose
from monitor.core.happening import NAMES, Follower, name_of
from monitor.core.message import Happened, Kind, OutboxState, Queued
from monitor.core.model import CaseEvent, Promise, State
from monitor.core.moves import CLOCK
from monitor.core.policy import Policy
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.escalate import Clockwork
from monitor.recover import move
from storage.engine import open_store
from storage.testing.field import BUSINESS, HOUR, NOW, SLACK, bad, by, case_of, fine, hear, said

DESK, TOOL = "webhook:desk", "webhook:tool"
Open = Callable[..., Store]


@pytest.fixture(params=["sqlite", "postgres"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Open]:
    url = "sqlite:///monitor.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    stores: list[Store] = []

    def open_(*followers: Follower) -> Store:
        stores.append(open_store(url, settings_dir=tmp_path, followers=followers))
        return stores[-1]

    yield open_
    for store in stores:
        store.close()


def queued(tx: Transaction, destination: str) -> list[Queued]:
    """All there are, those too that wait for an earlier one of their case, in the order they were queued."""
    found: dict[str, Queued] = {}
    lease = 0
    while rows := tx.ready(NOW + 999 * HOUR, [destination], 500):
        for row in rows:
            found[row.id] = row
            lease += 1
            assert tx.claim(row.id, str(lease), NOW, NOW + HOUR)
            tx.settle(row.id, str(lease), OutboxState.SENT)
    return sorted(found.values(), key=lambda row: row.seq)


def told(store: Store, destination: str = DESK) -> list[str]:
    """The public names of what waits there; nothing is changed."""

    class Enough(Exception): ...

    names: list[str] = []
    try:
        with store.write() as tx:
            for row in queued(tx, destination):
                content = compose(tx, row, NOW, "UTC")[0].content
                assert isinstance(content, Happened)
                names.append(name_of(content.line.event.action))
            raise Enough
    except Enough:
        return names


def test_a_page_a_persons_move_and_the_clock_are_all_heard_in_order(opened: Open) -> None:
    store = opened(Follower(DESK))
    with store.write() as tx:
        hear(tx, bad(said("1")), fine(said("2", author=by("gil"))))
        hear(tx, bad(said("3", "Again nobody called")))
        case = case_of(tx, "1")
    move(store, case.id, Action.CLAIM, "dana", NOW + HOUR)
    due = NOW + 2 * HOUR
    move(store, case.id, Action.PROMISE, "dana", NOW + HOUR, details=Details(what="a call", until=due))
    Clockwork(store, BUSINESS, Policy(), lambda tx, case: SLACK).run(due + 3 * timedelta(days=1))
    names = told(store)
    assert names[:4] == ["opened", "complained_again", "claimed", "promised"]
    assert "broken" in names
    with store.read() as tx:
        assert names == [name_of(event.action) for event in tx.events(case.id)]


def test_each_follower_gets_what_it_wants_and_each_once(opened: Open) -> None:
    store = opened(Follower(DESK), Follower(TOOL, frozenset({"opened", "lost"})))
    with store.write() as tx:
        hear(tx, bad(said("1")))
        case = case_of(tx, "1")
    move(store, case.id, Action.CLAIM, "dana", NOW, key="click 1")
    move(store, case.id, Action.CLAIM, "dana", NOW, key="click 1")
    move(store, case.id, Action.LOSE, "dana", NOW, note="moved away")
    assert told(store, DESK) == ["opened", "claimed", "lost"]
    assert told(store, TOOL) == ["opened", "lost"]


def test_what_is_rolled_back_is_not_told(opened: Open) -> None:
    store = opened(Follower(DESK))
    with pytest.raises(RuntimeError), store.write() as tx:
        hear(tx, bad(said("1")))
        raise RuntimeError
    assert told(store) == []


def test_whom_nobody_follows_nothing_is_queued_for(opened: Open) -> None:
    store = opened()
    with store.write() as tx:
        hear(tx, bad(said("1")))
    with store.read() as tx:
        assert tx.addressed() == [SLACK]


def test_a_complaint_is_told_to_people_by_its_card_alone(opened: Open) -> None:
    store = opened(Follower(DESK))
    with store.write() as tx:
        hear(tx, bad(said("1")), bad(said("2", "Cold", author=by("gil"))))
    with store.write() as tx:
        assert len(queued(tx, DESK)) == 2  # and they are sent
        account = tx.account()
        assert (account.complaints, account.delivered, account.queued) == (2, 0, 2)
        assert tx.untold(BUSINESS, SLACK) == []
        for row in queued(tx, SLACK):
            assert row.kind is Kind.CARD
        assert tx.account().delivered == 2
        assert tx.card_of(case_of(tx, "1").id, "webhook") is None


def test_a_case_waits_for_its_own_earlier_event_and_for_no_other(opened: Open) -> None:
    store = opened(Follower(DESK))
    with store.write() as tx:
        hear(tx, bad(said("1")), bad(said("2", "Cold", author=by("gil"))))
        first = case_of(tx, "1")
    move(store, first.id, Action.CLAIM, "dana", NOW)
    with store.write() as tx:
        ready = tx.ready(NOW, [DESK])
        assert [row.case_id for row in ready] == [first.id, case_of(tx, "2").id]
        tx.postpone(ready[0].id, NOW + HOUR)
        assert [row.case_id for row in tx.ready(NOW, [DESK])] == [case_of(tx, "2").id]


def test_two_lines_of_one_transaction_are_two_events(opened: Open) -> None:
    store = opened(Follower(DESK))
    with store.write() as tx:
        hear(tx, bad(said("1")))
        case = case_of(tx, "1")
        step = transition(case, Action.SNOOZE, "dana", NOW)
        tx.revise(step.case, step.event)
        hear(tx, bad(said("2", "Still nothing")))
    assert told(store) == ["opened", "snoozed", "complained_again", "woken"]


def test_an_event_of_a_later_version_keeps_its_words(opened: Open) -> None:
    store = opened(Follower(DESK))
    with store.write() as tx:
        hear(tx, bad(said("1")))
        case = case_of(tx, "1")
        changed = replace(case, revision=case.revision + 1)
        tx.revise(changed, CaseEvent(case.id, NOW, CLOCK, "Sent to Mars!", State.OPEN, State.OPEN))
    assert told(store)[-1] == "sent_to_mars"
    assert "sent_to_mars" not in NAMES.values()


def test_what_is_told_is_how_the_case_stands_when_it_is_told(opened: Open) -> None:
    store = opened(Follower(DESK))
    with store.write() as tx:
        hear(tx, bad(said("1")))
        case = case_of(tx, "1")
        tx.make_promise(Promise(0, case.id, "a cup", NOW + HOUR, NOW, "dana"))
    move(store, case.id, Action.LOSE, "dana", NOW, note="moved away")
    with store.write() as tx:
        row = tx.ready(NOW, [DESK])[0]
        message, previous, revision = compose(tx, row, NOW, "UTC")
    content = message.content
    assert isinstance(content, Happened)
    assert (content.line.event.action, content.case.state) == ("opened", State.LOST)
    assert [promise.what for promise in content.promises] == ["a cup"]
    assert content.heard is not None
    assert (message.channel, previous, revision) == ("desk", None, None)
