"""The socket to Slack, in all the ways it can fail: what is heard, how soon there is another, what is said of it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from desk import ANA, BEN, Desk

from alerts.slack.inbound import SlackInbound
from alerts.slack.watchdog import SILENT_AFTER, Watchdog
from alerts.testing.envelopes import Outcome
from alerts.testing.slack import SlackLookalike
from monitor.core.errors import DeliveryError
from monitor.core.errors import Outcome as Sent
from monitor.core.gestures import Gesture, Link, Nothing


@pytest.fixture
def slack() -> Iterator[SlackLookalike]:
    with SlackLookalike() as slack:
        yield slack


@pytest.fixture
def desk(tmp_path: Path, slack: SlackLookalike) -> Iterator[Desk]:
    with Desk(tmp_path, slack) as desk:
        yield desk


def hears(desk: Desk, who: str = ANA, case_id: int = 1) -> bool:
    """Whether a click of this person is acknowledged and made."""
    before = len(desk.done(case_id))
    click = desk.press("claim", who, case_id).wait()
    if click.outcome is not Outcome.ACKED:
        return False
    desk.until(lambda: len(desk.done(case_id)) > before)
    return True


def fresh(desk: Desk) -> None:
    """Wait for another socket than those of before."""
    known = {number for number, what in desk.slack.sockets.story if what == "open"}
    desk.until(lambda: set(desk.slack.sockets.open) - known and desk.connected())


# ── over the wire ────────────────────────────────────────────────────────────────────────────────────────


def test_a_socket_that_drops_is_replaced_and_counted(desk: Desk, slack: SlackLookalike) -> None:
    slack.sockets.drop()
    fresh(desk)
    assert desk.inbound.state().renewed == 1
    assert hears(desk)
    assert len(slack.sockets.open) == 1


def test_a_socket_that_is_open_and_silent_is_replaced(tmp_path: Path, slack: SlackLookalike) -> None:
    with Desk(tmp_path, slack, ping=0.5) as desk:
        slack.sockets.silence()
        fresh(desk)
        assert desk.inbound.state().renewed == 1
        assert hears(desk)
        assert len(slack.sockets.open) == 1, "the silent one is closed"


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
def test_slacks_wish_for_another_socket_is_no_fault(desk: Desk, slack: SlackLookalike, reason: str) -> None:
    slack.sockets.disconnect(reason)
    fresh(desk)
    assert hears(desk)
    assert desk.inbound.state().renewed == 0


def test_too_many_sockets_are_not_asked_for_again_and_again(tmp_path: Path, slack: SlackLookalike) -> None:
    slack.sockets.most = 0
    desk = Desk(tmp_path, slack)
    desk.deliver()
    desk.inbound.start(desk.clicks)
    try:
        desk.until(lambda: "no more sockets" in desk.inbound.state().fault)
        assert desk.inbound.state().link is Link.OFF
        asked = len(slack.called("apps.connections.open"))
        assert asked <= 4, "each failure doubles the pause"
        slack.sockets.most = 10
        desk.until(desk.connected)
        assert desk.inbound.state().fault == ""
        assert hears(desk)
    finally:
        desk.close()


def test_a_refused_app_token_is_said_with_its_remedy_and_never_shown(
    tmp_path: Path, slack: SlackLookalike, capsys: pytest.CaptureFixture[str]
) -> None:
    inbound = SlackInbound(slack.token, "xapp-fictional-secret", slack.api_url, timeout=2, ping=1)
    inbound.start(lambda _: Nothing())
    try:
        told = slack.until(lambda: inbound.state().fault)
    finally:
        inbound.stop()
    assert "Make one under Basic Information" in told and "(invalid_auth)" in told
    out = capsys.readouterr()
    assert "app-level token" in out.out + out.err
    assert "fictional-secret" not in out.out + out.err + repr(inbound)


def test_slack_away_at_the_start_and_later_is_waited_for(tmp_path: Path, slack: SlackLookalike) -> None:
    desk = Desk(tmp_path, slack)
    desk.deliver()
    slack.go_down()
    desk.inbound.start(desk.clicks)
    try:
        desk.until(lambda: desk.inbound.state().fault)
        slack.come_back()
        desk.until(desk.connected)
        assert hears(desk)
        slack.go_down()
        desk.until(lambda: desk.inbound.state().link is Link.OFF)
        click = desk.press("release").wait()
        assert click.outcome is Outcome.NO_ANSWER, "Slack tells the person itself"
        slack.come_back()
        desk.until(desk.connected)
        assert hears(desk, BEN, 2)
    finally:
        desk.close()
    assert desk.inbound.state().link is Link.OFF


def test_what_was_taken_in_is_finished_before_the_end(tmp_path: Path, slack: SlackLookalike) -> None:
    desk = Desk(tmp_path, slack)
    heard: list[Gesture] = []

    def slow(gesture: Gesture) -> Nothing:
        time.sleep(0.2)
        heard.append(gesture)
        return Nothing()

    desk.open(slow)
    clicks = [desk.press("claim", f"U0WHO{n:04}").wait() for n in range(20)]
    desk.close()
    assert all(click.acked for click in clicks)
    assert len(heard) == 20
    late = slack.people.click(slack.messages()[0]["ts"], "claim", ANA).wait()
    assert late.outcome is Outcome.NO_ANSWER


# ── the watchdog alone ───────────────────────────────────────────────────────────────────────────────────


class Thread:
    """A socket by hand."""

    def __init__(self) -> None:
        self.heard_at = 0.0
        self.connected = False
        self.age = 0.0
        self.asked = self.made = 0
        self.fault: DeliveryError | None = None

    def is_connected(self) -> bool:
        return self.connected

    def feel(self) -> float:
        return self.age

    def renew(self) -> None:
        self.asked += 1
        if self.fault is not None:
            raise self.fault
        self.made += 1
        self.connected, self.age = True, 0.0
        self.heard_at += 1.0

    def hello(self) -> None:
        self.heard_at += 0.5


class Hours:
    """Time that passes only when it is told to."""

    def __init__(self) -> None:
        self.at = 1_000.0

    def __call__(self) -> float:
        return self.at


def watched() -> tuple[Watchdog, Thread, Hours]:
    """One that has said hello, a while ago."""
    hours = Hours()
    dog, thread = Watchdog(10.0, lambda: None, hours), Thread()
    dog.look(thread)
    thread.hello()
    dog.look(thread)
    hours.at += 60.0
    return dog, thread, hours


def test_a_socket_counts_as_open_only_once_it_spoke() -> None:
    dog, thread = Watchdog(10.0, lambda: None), Thread()
    dog.look(thread)
    assert (thread.made, dog.line.link) == (1, Link.OFF)
    dog.look(thread)
    assert dog.line.link is Link.OFF
    thread.hello()
    dog.look(thread)
    assert (thread.made, dog.line.link, dog.line.renewed) == (1, Link.CONNECTED, 0)


def test_silence_begins_after_three_pings() -> None:
    dog, thread, _ = watched()
    thread.age = SILENT_AFTER * 10.0
    dog.look(thread)
    assert (thread.made, dog.line.link) == (1, Link.CONNECTED)
    thread.age += 0.1
    dog.look(thread)
    assert (thread.made, dog.line.link, dog.line.renewed) == (2, Link.SILENT, 1)
    dog.look(thread)
    assert dog.line.link is Link.SILENT, "it has not spoken yet"
    thread.hello()
    dog.look(thread)
    assert (dog.line.link, dog.line.fault) == (Link.CONNECTED, "")


def test_failures_are_paused_after_and_a_sign_of_life_ends_the_row() -> None:
    dog, thread, hours = watched()
    thread.connected = False
    thread.fault = DeliveryError("?", outcome=Sent.NOT_SENT, code="ConnectionRefusedError")
    tries = []
    for _ in range(1_000):
        asked = thread.asked
        dog.look(thread)
        if thread.asked > asked:
            tries.append(hours.at)
        hours.at += 0.5
    pauses = [after - before for before, after in pairwise(tries)]
    assert pauses[:5] == [1.0, 2.0, 4.0, 8.0, 16.0] and set(pauses[5:]) == {30.0}
    assert "ConnectionRefusedError" in dog.line.fault
    thread.fault = None
    hours.at += 30.0
    dog.look(thread)
    thread.hello()
    dog.look(thread)
    assert (thread.made, dog.line.link, dog.line.fault) == (2, Link.CONNECTED, "")
    thread.connected = False
    hours.at += 2.0
    dog.look(thread)
    assert thread.made == 3, "the row of failures is over"


def test_a_socket_that_slack_switched_off_is_not_replaced_at_once() -> None:
    dog, thread, _ = watched()
    dog.wish("link_disabled")
    dog.look(thread)
    assert (thread.made, dog.line.link) == (1, Link.OFF)
    assert "Socket Mode is switched off" in dog.line.fault
