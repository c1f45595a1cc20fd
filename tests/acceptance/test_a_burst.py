"""A burst of complaints with one cause: one incident card in place of single ones, severe cases alone, and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes import Stop
from stage import saying
from workday import Workday

from monitor.collect.ingest import Reading
from monitor.core.cases import Action, Details
from monitor.core.errors import StoreError
from monitor.core.intents import Alert
from monitor.core.model import Author, Mention, Place, State
from monitor.core.store import Account
from monitor.incidents import Lookout
from monitor.recover import move
from monitor.settings import load
from monitor.wiring import App

SETTINGS = """
[business]
name = "Acme Coffee"
timezone = "Europe/Berlin"
[slack]
channel = "C0COMPLAINTS"
api_url = "{url}"
post_interval = "0.01s"
update_interval = "0.01s"
storm_after = 3
[[feeds]]
name = "reviews"
source = "files"
path = "none.csv"
"""
START = datetime(2026, 3, 11, 12, 30, tzinfo=ZoneInfo("Europe/Berlin"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BROKEN = "The order from Acme Coffee never arrived and the app showed an error, very disappointing."
RUDE = "The coffee at Acme Coffee was cold and the staff ignored me. Disappointing service."
ALARM = "Acme Coffee gave me food poisoning and I ended up in hospital."


class Town(Workday):
    """Nine weeks in which somebody complains every five hours, told to nobody; then what a test adds."""

    number = 0

    def __enter__(self) -> Town:
        super().__enter__()
        now = self.clock() - 63 * DAY
        with self.app.store.write() as tx:
            tx.register_feed("reviews", "reviews", self.app.settings.business.key, now)
            assert tx.lease_feed("reviews", "t", now, now + HOUR, force=True)
            tx.succeed_feed("reviews", "t", now, now + DAY)
        while now + DAY < self.clock():
            said = [self.post(RUDE, now + hours * HOUR) for hours in range(0, 24, 5)]
            now += DAY
            self.store(said, now, Alert.NONE)
        self.deliver()
        return self

    def post(self, text: str, at: datetime, **more: object) -> Mention:
        self.number += 1
        name = f"guest{self.number}"
        return Mention(
            "reviews",
            str(self.number),
            saying(text, self.number),
            author=Author(name, name.title()),
            published=at,
            **more,  # type: ignore[arg-type]
        )

    def store(self, said: list[Mention], now: datetime, alert: Alert) -> None:
        ingest = self.app.ingest
        with self.app.store.write() as tx:
            telling = ingest.telling(tx, "reviews", now.isoformat(), alert, now)
            ingest.store_judged(tx, ingest.judged(ingest.fresh(said)), telling, now, Reading("reviews"))

    def burst(self, count: int, text: str = BROKEN, **more: object) -> None:
        """`count` customers in the last half hour."""
        step = 30 * MINUTE / count
        begin = self.clock() - 30 * MINUTE
        self.store([self.post(text, begin + n * step, **more) for n in range(count)], self.clock(), Alert.ALL)

    def look(self) -> int:
        assert self.app.lookout is not None
        running = self.app.lookout.look(self.clock())
        self.deliver()
        return len(running)

    def account(self) -> Account:
        with self.app.store.read() as tx:
            return tx.account()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with Town(tmp_path, SETTINGS, START, ["C0COMPLAINTS"]) as found:
        yield found


def test_a_burst_is_one_incident_and_severe_cases_stay_alone(town: Town) -> None:
    """Cards that were to go out are told on a page in the thread; the hospital has its card; nothing is a storm."""
    before, posted = town.account(), len(town.slack.messages())
    town.burst(14, place=Place("Mill Road"))
    town.burst(1, ALARM, place=Place("Mill Road"))
    assert town.look() == 1
    incident, page, card = _kinds(town, posted)
    assert "Many complaints about" in incident["text"]
    assert "reliability" in incident["text"] or "Mill Road" in incident["text"]
    words = json.dumps(incident)
    assert "customers in one hour" in words
    assert "15 cases" in words
    assert "14 of them have no card of their own" in words
    assert page["thread_ts"] == incident["ts"]
    assert sum(f"Guest{n}" in json.dumps(page) for n in range(town.number - 14, town.number)) == 14
    assert "hospital" in json.dumps(card)

    after = town.account()
    assert (after.complaints - before.complaints, after.delivered - before.delivered) == (15, 1)
    assert (after.summarised - before.summarised, after.queued, after.unaccounted) == (14, 0, 0)
    with town.app.store.read() as tx:
        assert len(tx.cases_in(1)) == 15
        assert all(tx.case(one).state is State.OPEN for one in tx.cases_in(1))


def test_who_complains_while_it_runs_joins_the_page_and_the_card_is_drawn_anew(town: Town) -> None:
    town.burst(14)
    town.look()
    posted = len(town.slack.messages())
    for _ in range(3):
        town.clock.pass_(20 * MINUTE)
        town.burst(4)
        town.deliver()
        assert town.look() == 1
    assert len(town.slack.messages()) == posted
    incident, page = _kinds(town, posted - 2)
    assert "26 cases" in json.dumps(incident)
    assert sum(f"Guest{n}" in json.dumps(page) for n in range(town.number - 25, town.number + 1)) == 26
    assert town.account().unaccounted == town.account().queued == 0


def test_many_are_told_on_several_pages(town: Town) -> None:
    town.burst(90)
    town.look()
    incident, *pages = _kinds(town, len(town.slack.messages()) - 4)
    assert "90 cases" in json.dumps(incident)
    assert "3 pages" in json.dumps(incident)
    assert [page["text"] for page in pages] == [
        f"Customers of this incident, page {number}: {count} cases"
        for number, count in ((1, 40), (2, 40), (3, 10))
    ]


def test_it_closes_by_itself_and_then_cards_are_single_again(town: Town) -> None:
    town.burst(14)
    town.look()
    posted = len(town.slack.messages())
    hours = 0
    while town.look():
        town.clock.pass_(30 * MINUTE)
        hours += 1
        assert hours < 30
    incident = town.slack.messages()[posted - 2]
    assert incident["text"].startswith("Over: many complaints")
    assert "All is as usual again since" in json.dumps(incident)
    assert "Until it is over" not in json.dumps(incident)
    assert len(town.slack.messages()) == posted

    town.burst(2)
    assert town.look() == 0
    assert len(town.slack.messages()) == posted + 2
    assert town.account().unaccounted == 0


def test_cards_that_were_sent_before_it_was_noticed_are_not_told_again(town: Town) -> None:
    town.burst(2)
    town.deliver()
    posted = len(town.slack.messages())
    town.clock.pass_(10 * MINUTE)
    town.burst(12)
    town.look()
    incident, page = _kinds(town, posted)
    assert "14 cases" in json.dumps(incident)
    assert "12 of them have no card of their own" in json.dumps(incident)
    assert f"Guest{town.number - 12}" not in json.dumps(page)


def test_two_processes_tell_it_once(town: Town) -> None:
    town.burst(14)
    posted = len(town.slack.messages())
    other = Lookout(town.app.store, town.app.settings.business.key, town.app.destination, 4 * HOUR)
    assert len(other.look(town.clock())) == 1
    assert town.look() == 1
    town.clock.pass_(MINUTE)
    other.look(town.clock())
    town.look()
    assert len(town.slack.messages()) == posted + 2
    with town.app.store.read() as tx:
        assert len(tx.running("default")) == 1


def test_switched_off_nothing_is_muted(tmp_path: Path) -> None:
    with Town(tmp_path, f"{SETTINGS}[incidents]\nenabled = false\n", START, ["C0COMPLAINTS"]) as town:
        town.burst(3)
        assert town.app.lookout is None
        posted = len(town.slack.messages())
        town.deliver()
        assert len(town.slack.messages()) == posted + 3


def test_switched_off_while_one_runs_it_is_over(town: Town) -> None:
    town.burst(14)
    town.look()
    path = town.folder / "monitor.toml"
    path.write_text(f"{path.read_text('utf-8')}[incidents]\nenabled = false\n", "utf-8")
    settings = load(path, {"MONITOR_SLACK__BOT_TOKEN": town.slack.token})
    app = App(settings, town.app.store, Stop(town.clock), now=town.clock)
    town.clock.pass_(MINUTE)
    app.prepare()
    app.deliverer.drain(timedelta(seconds=5))
    assert sum("Nobody watches it any more" in json.dumps(post) for post in town.slack.messages()) == 1
    with town.app.store.read() as tx:
        assert tx.running("default") == []


def test_a_card_that_was_deleted_by_hand_comes_back_with_its_pages(town: Town) -> None:
    town.burst(50)
    town.look()
    incident, *below = _kinds(town, len(town.slack.messages()) - 3)
    town.slack.people.delete(incident["ts"])
    town.clock.pass_(10 * MINUTE)
    town.burst(3)
    town.deliver()
    town.look()
    town.deliver()
    new = [post for post in town.slack.messages() if float(post["ts"]) > float(below[-1]["ts"])]
    again, *pages = sorted(new, key=lambda post: post["ts"])
    assert "53 cases" in json.dumps(again)
    assert {page["thread_ts"] for page in pages} == {again["ts"]}
    assert sum(f"Guest{n}" in json.dumps(pages) for n in range(town.number - 52, town.number + 1)) == 53
    assert len(pages) == 2
    account = town.account()
    assert (account.unaccounted, account.queued) == (0, 0)
    assert _failed(town) == 0


def test_a_page_that_was_deleted_by_hand_comes_back(town: Town) -> None:
    town.burst(14)
    town.look()
    incident, page = _kinds(town, len(town.slack.messages()) - 2)
    town.slack.people.delete(page["ts"])
    town.clock.pass_(10 * MINUTE)
    town.burst(3)
    town.deliver()
    (again,) = [post for post in town.slack.messages() if float(post["ts"]) > float(page["ts"])]
    assert again["thread_ts"] == incident["ts"]
    assert "17 cases" in again["text"]
    assert (town.account().unaccounted, _failed(town)) == (0, 0)


def test_a_page_that_may_not_be_changed_any_more_is_told_by_a_new_one(town: Town) -> None:
    town.burst(14)
    town.look()
    incident, page = _kinds(town, len(town.slack.messages()) - 2)
    town.clock.pass_(10 * MINUTE)
    town.burst(3)
    town.slack.fail("error:edit_window_closed", method="chat.update", times=2)
    town.deliver()
    (again,) = [post for post in town.slack.messages() if float(post["ts"]) > float(page["ts"])]
    assert (again["thread_ts"], "17 cases" in again["text"]) == (incident["ts"], True)
    assert town.account().unaccounted == 0


def test_a_storm_summary_that_was_deleted_by_hand_comes_back_for_its_pages(town: Town) -> None:
    """Before it is an incident it may be a storm."""
    town.burst(6)
    town.deliver()
    storm, _ = town.slack.messages()[-2:]
    town.slack.people.delete(storm["ts"])
    town.clock.pass_(MINUTE)
    town.burst(5)
    town.slack.fail("error:thread_not_found", method="chat.postMessage", times=1)
    town.deliver()
    town.clock.pass_(MINUTE)
    town.deliver()
    again, page = sorted(town.slack.messages(), key=lambda post: post["ts"])[-2:]
    assert "11 cases" in json.dumps(again)
    assert page["thread_ts"] == again["ts"]
    account = town.account()
    assert (account.unaccounted, account.queued, _failed(town)) == (0, 0, 0)


def test_nobody_cares_for_the_card_of_one_that_is_over(town: Town) -> None:
    town.burst(14)
    town.look()
    incident, _ = _kinds(town, len(town.slack.messages()) - 2)
    town.slack.people.delete(incident["ts"])
    count = len(town.slack.messages())
    while town.look():
        town.clock.pass_(30 * MINUTE)
    assert len(town.slack.messages()) == count
    assert (town.account().unaccounted, _failed(town)) == (0, 0)


def test_what_somebody_else_ended_is_not_found_anew(town: Town) -> None:
    """Two services watch. One ends the incident; the other, which has read the past before, hears two more complain."""
    store, business = town.app.store, town.app.settings.business.key
    one, other = (Lookout(store, business, town.app.destination, HOUR) for _ in range(2))
    town.burst(14)
    assert len(one.look(town.clock())) == len(other.look(town.clock())) == 1
    while one.look(town.clock()):
        town.clock.pass_(15 * MINUTE)
    town.burst(2)
    assert other.look(town.clock()) == []
    assert one.look(town.clock()) == []


def test_what_was_found_and_not_kept_is_found_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.burst(14)

    def full(*_: object, **__: object) -> bool:
        raise StoreError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr("storage.store.SqlTransaction.open_incident", full)
        with pytest.raises(StoreError):
            town.look()
    assert town.look() == 1


def test_who_stands_on_a_page_alone_gets_a_card_before_the_time_to_answer_is_over(town: Town) -> None:
    """Nobody takes them. Each is told by a card of its own, once, and what comes due stands below it."""
    town.burst(14)
    town.look()
    with town.app.store.read() as tx:
        ids = tx.cases_in(1)
        assert [one for one in ids if tx.card_of(one, "slack")] == []
    town.wait_until(town.clock() + 3 * DAY)
    for one in ids:
        card, first, *_ = town.story(one)
        assert card.endswith("card")
        assert "Its time is nearly over" in first
    assert town.account().unaccounted == 0


def test_the_owner_of_a_case_without_a_card_is_called_below_a_card(town: Town) -> None:
    """Claimed and promised by command: the promise calls whoever made it."""
    town.burst(14)
    town.look()
    with town.app.store.read() as tx:
        one, two = tx.cases_in(1)[:2]
    now = town.clock()
    move(town.app.store, one, Action.CLAIM, "U0ANN", now)
    due = Details(what="Send a new cup", until=now + 3 * HOUR)
    move(town.app.store, one, Action.PROMISE, "U0ANN", now, details=due)
    move(town.app.store, two, Action.CLAIM, "U0ANN", now)
    town.wait_until(now + 4 * HOUR)
    assert any("<@U0ANN>" in json.dumps(post) for post in town.slack.thread(town.card(one)))


def _failed(town: Town) -> int:
    with town.app.store.read() as tx:
        return tx.counts()[3].get("failed", 0)


def _kinds(town: Town, posted: int) -> list[dict[str, Any]]:
    """What was posted since, the incident first, then its pages, then cards."""

    def weight(post: dict[str, Any]) -> int:
        return 2 - ("omplaints about" in post["text"]) * 2 - ("of this incident" in post["text"])

    return sorted(town.slack.messages()[posted:], key=weight)
