"""What befalls a desk in Slack, and its way back from there: an outage, and what people take away by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from workday import Workday

from alerts.testing.slack import SlackLookalike
from monitor.core.gestures import Link
from monitor.core.moves import Action

START = datetime(2026, 10, 21, 9, tzinfo=ZoneInfo("Europe/Berlin"))
HOUR = timedelta(hours=1)
ANA = "U0ANA0001"
SETTINGS = """
[business]
name = "Acme Coffee"
timezone = "Europe/Berlin"
[slack]
channel = "C0COMPLAINTS"
api_url = "{url}"
post_interval = "1s"
update_interval = "1s"
storm_after = 0
"""
FAULTS = (
    "cold coffee",
    "a rude waiter",
    "sour milk",
    "a broken chair",
    "a wrong bill",
    "no towels",
    "a lost parcel",
)


def grumble(number: int) -> str:
    what = FAULTS[number % 7]
    return f"{what.title()} at Acme Coffee, {'x' * (number + 3)} {number}: terrible, and nobody said sorry."


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Workday]:
    with Workday(tmp_path, SETTINGS, START, ("C0COMPLAINTS",)) as found:
        yield found


def _connected(day: Workday) -> bool:
    """Both sides say so: for a moment either knows of an end that the other has not noticed."""
    ours = day.app.inbound is not None and day.app.inbound.state().link is Link.CONNECTED
    return ours and bool(day.slack.sockets.open)


def test_after_an_hour_without_slack_all_is_told_in_order_and_at_its_pace(day: Workday) -> None:
    day.hear((1, "fred1", grumble(1)))
    day.slack.go_down()
    for n in range(2, 14):
        day.clock.at += HOUR / 12
        day.hear((n, f"fred{n}", grumble(n)))
    day.hear((101, "fred1", "Still nobody called me back, Acme Coffee. Awful."))
    assert day.slack.deliveries().total() == 1
    tried = len(day.slack.calls)
    assert tried < 200, "whoever is away is not asked every second"
    day.slack.come_back()
    day.until(lambda: _connected(day))
    back = day.clock()
    day.clock.at += timedelta(minutes=5)
    day.app.deliverer.drain(timedelta(minutes=5))
    posts = [call for call in day.slack.called("chat.postMessage") if call["stored"]]
    told = [call["body"]["metadata"]["event_payload"]["case_id"] for call in posts]
    cards = [case for case, call in zip(told, posts, strict=True) if not call["body"].get("thread_ts")]
    assert sorted(cards) == list(range(1, 14))
    worst_first = sorted(cards[1:], key=lambda n: (-day.case(n).severity.rank, n))
    assert cards[1:] == worst_first
    assert set(day.slack.deliveries().values()) == {1}
    times = [float(call["ts"]) for call in posts if float(call["ts"]) >= back.timestamp()]
    assert min(later - sooner for sooner, later in pairwise(times)) > 0.99
    with day.app.store.read() as tx:
        account = tx.account()
    assert (account.complaints, account.delivered) == (14, 14)
    day.act(Action.CLAIM, ANA, 13)


def test_one_look_settles_all_that_an_outage_left_in_doubt(tmp_path: Path) -> None:
    """Every second message had arrived; no answer had."""
    quick = SETTINGS.replace('post_interval = "1s"', 'post_interval = "0.01s"')
    with Workday(tmp_path, quick, START, ("C0COMPLAINTS",)) as day:
        for n in range(60):
            day.slack.fail("500", after=bool(n % 2), method="chat.postMessage")
        day.hear(*((n, f"fred{n}", grumble(n)) for n in range(1, 61)))
        day.app.deliverer.drain(timedelta(minutes=3))
        assert day.slack.deliveries().total() == 60
        assert set(day.slack.deliveries().values()) == {1}
        assert len(day.slack.called("conversations.history")) <= 6


@pytest.mark.parametrize("answered", [False, True])
def test_a_card_that_is_deleted_by_hand_comes_back_when_its_case_moves(day: Workday, answered: bool) -> None:
    day.hear((1, "fred1", grumble(1)), (2, "fred2", grumble(2)))
    if answered:
        day.act(Action.CLAIM, ANA, 1)
    before = day.card(1)
    day.slack.people.delete(before)
    day.clock.at += HOUR
    day.hear((101, "fred1", "Acme Coffee has not called me back. Awful, and rude."))
    day.clock.at += HOUR / 60
    day.deliver()
    card = day.card(1)
    assert card != before
    assert [line[10:] for line in day.story(1)[1:]] == ["Fred1 complained again"], "where people read it"
    way = f"archives/C0COMPLAINTS/p{before.replace('.', '')}"
    assert (way in _drawn(day, card)) is answered, "it leads to what was told before, if anything was"
    day.form(Action.CONTACT, ANA, 1, text="We are sorry.")
    assert day.story(1)[-1].endswith("told the customer")
    assert (way in _drawn(day, card)) is answered, "also when it is drawn anew"
    assert len(day.slack.thread(day.card(2))) == 1, "the other is as it was"
    with day.app.store.read() as tx:
        account = tx.account()
    assert (account.complaints, account.delivered) == (3, 3)


def test_what_the_clock_says_first_of_a_deleted_card_is_said_below_the_new_one(day: Workday) -> None:
    day.hear((1, "fred1", grumble(1)))
    before = day.card(1)
    day.slack.people.delete(before)
    day.wait_until(START + 2 * HOUR)
    assert day.card(1) != before
    assert [line[10:] for line in day.story(1)[1:]] == ["Nobody has taken it yet"]
    assert {post.get("thread_ts") for post in day.slack.messages()} == {None, day.card(1)}, (
        "none in the old one"
    )


def _drawn(day: Workday, ts: str) -> str:
    return json.dumps(next(post for post in day.slack.messages() if post["ts"] == ts)["blocks"])


def _archived(slack: SlackLookalike) -> Callable[[], None]:
    slack.people.archive()
    return slack.people.unarchive


def _removed(slack: SlackLookalike) -> Callable[[], None]:
    slack.people.remove_bot()
    return slack.people.invite_bot


def _revoked(slack: SlackLookalike) -> Callable[[], None]:
    slack.people.revoke(slack.token)

    def given_back() -> None:
        slack.workspace.revoked -= {slack.token}

    return given_back


@pytest.mark.parametrize("befalls", [_archived, _removed, _revoked])
def test_what_a_person_takes_away_in_the_middle_of_a_day_waits_for_a_person(
    day: Workday, befalls: Callable[[SlackLookalike], Callable[[], None]]
) -> None:
    day.hear((1, "fred1", grumble(1)))
    mend = befalls(day.slack)
    day.clock.at += HOUR / 60
    day.hear((2, "fred2", grumble(2)), (101, "fred1", "Still nobody called me, Acme Coffee. Awful."))

    def troubles() -> list[str]:
        with day.app.store.read() as tx:
            return [one.destination for one in tx.troubles()]

    assert troubles() == ["slack:C0COMPLAINTS"]
    assert day.slack.deliveries().total() == 1
    mend()
    day.clock.at += 2 * HOUR / 60
    day.app.deliverer.drain(timedelta(minutes=1))
    assert troubles() == []
    assert [len(day.slack.thread(day.card(n))) for n in (1, 2)] == [2, 1]
    assert set(day.slack.deliveries().values()) == {1}
    day.act(Action.CLAIM, ANA, 2)
    with day.app.store.read() as tx:
        account = tx.account()
    assert (account.complaints, account.delivered) == (3, 3)
