"""300 complaints come in while people click 300 times on the cards that stand already, a third of all calls fail,
sockets drop, and Slack is away for an hour: nothing lost, nothing doubled, nobody without an answer, no limit passed.

All is counted from the look-alike's own log. Time runs forty times as fast, for Slack and for us alike.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from alerts.slack.actions import MORE_MODAL, value_of
from alerts.testing.envelopes import Envelope
from alerts.testing.slack import WRITES, SlackLookalike
from alerts.testing.tiers import PER_MINUTE, WINDOW
from monitor.core.message import OutboxState
from monitor.pace import Pace

COMPLAINTS, CLICKS, SHARE, RATE = 300, 300, 0.35, 40
HANDS = 4
"""So many people press at one time."""
NEWEST = 40
"""Cards on which they press: on older ones everybody would be too late."""
HOWS = ("drop", "reset", "500", "503", "html", "torso", "timeout", "429")
LOOKS = ("conversations.history", "conversations.replies")
PACED = ("chat.postMessage", "chat.update", *LOOKS)
SECOND = timedelta(seconds=1)
PACE = Pace(post=0.25 * SECOND, update=1.3 * SECOND, look=1.3 * SECOND)
"""As shipped, but for posts: Slack lets three hundred a minute through, were they for one channel or for many."""


class FastClock:
    """`RATE` seconds pass in one."""

    def __init__(self) -> None:
        self._began, self._skipped = time.monotonic(), timedelta(0)
        self._start = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._start + RATE * timedelta(seconds=time.monotonic() - self._began) + self._skipped

    def skip(self, span: timedelta) -> None:
        self._skipped += span


class FastStop(threading.Event):
    def wait(self, timeout: float | None = None) -> bool:
        return super().wait(None if timeout is None else timeout / RATE)


Click = tuple[Envelope, str, int, str]
"""With who pressed, of which case, and what."""


@pytest.fixture
def sleepers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules of ours that sleep: a worker that does holds up everybody."""
    found = list[str]()
    sleep = time.sleep

    def watched(seconds: float) -> None:
        module = str(sys._getframe(1).f_globals.get("__name__", ""))
        if module.split(".")[0] in ("monitor", "alerts", "storage") and "testing" not in module:
            found.append(module)
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", watched)
    return found


@pytest.mark.slow
def test_nothing_is_lost_doubled_or_left_without_an_answer(tmp_path: Path, sleepers: list[str]) -> None:
    dice, clock = random.Random(2026), FastClock()
    with SlackLookalike(now=lambda: clock().timestamp(), tiers=True) as slack:
        slack.workspace.meter.per_minute = {method: PER_MINUTE[method] for method in PACED}
        desk = Desk(tmp_path, slack, customers=0, timeout=0.3, now=clock, stop=FastStop(), pace=PACE)
        desk.open()
        slack.fail_at_random(SHARE, seed=2026, hows=HOWS, methods=(*WRITES, *LOOKS))
        delivering = threading.Thread(target=_deliver, args=(desk,), daemon=True)
        delivering.start()
        clicks = list[Click]()
        for number in range(CLICKS):
            if number % 10 == 0:
                desk.hear(COMPLAINTS * 10 // CLICKS, first=number * COMPLAINTS // CLICKS + 1)
            clicks.append(_click(desk, dice, number))
            if number >= HANDS:
                clicks[number - HANDS][0].wait()
            if number % 10 == 9:
                slack.sockets.send(clicks[-1][0])  # Slack sends it twice
            if number == CLICKS // 2:
                _an_hour_without_slack(slack, clock)
            if dice.random() < 0.03 or number == CLICKS // 2:
                if dice.random() < SHARE:
                    slack.fail(dice.choice(HOWS), method="apps.connections.open")
                slack.sockets.drop()
                desk.until(lambda: slack.sockets.open and desk.connected())
        for click, *_ in clicks:
            click.wait()
        _settled(desk, clicks)
        slack.fail_at_random(0.0, seed=0)
        slack.until(lambda: _waiting(desk) == 0, timeout=60)
        desk.stop.set()
        delivering.join()
        assert sum(call["fault"] is not None for call in slack.calls) > 200
        _nobody_unheard(desk, clicks)
        _told_once(desk)
        _within_limits(slack)
        assert sleepers == []
        desk.close()


def _click(desk: Desk, dice: random.Random, number: int) -> Click:
    """Somebody new presses something on one of the newest cards, as they all saw it first."""
    who, what = f"U0{number:07}", dice.choice(["claim", "claim", "note"])
    roots = [post for post in desk.until(desk.slack.messages) if "thread_ts" not in post]
    card = dice.choice(roots[-NEWEST:])
    case_id = int(card["metadata"]["event_payload"]["case_id"])
    value = value_of(what, case_id, 1)
    return desk.slack.people.click(card["ts"], MORE_MODAL, who, value), who, case_id, what


def _an_hour_without_slack(slack: SlackLookalike, clock: FastClock) -> None:
    slack.go_down()
    tried = len(slack.calls)
    clock.skip(timedelta(minutes=30))
    slack.until(lambda: len(slack.calls) > tried)
    clock.skip(timedelta(minutes=30))
    slack.come_back()


def _deliver(desk: Desk) -> None:
    while not desk.stop.is_set():
        desk.deliverer.drain(SECOND)
        desk.stop.wait(1.0)


def _waiting(desk: Desk) -> int:
    with desk.store.read() as tx:
        states = tx.counts()[3]
    return sum(number for state, number in states.items() if state != OutboxState.SENT)


def _settled(desk: Desk, clicks: list[Click]) -> None:
    deadline, left = time.monotonic() + 60, clicks
    while (left := unanswered(desk, left)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []


# ── counted from the log ─────────────────────────────────────────────────────────────────────────────────


def _nobody_unheard(desk: Desk, clicks: list[Click]) -> None:
    assert sum(click.acked for click, *_ in clicks) > CLICKS // 2, "too few came through to prove anything"
    assert unanswered(desk, clicks) == []
    moved = 0
    for case_id in range(1, COMPLAINTS + 1):
        moves = desk.done(case_id)
        moved += len(moves)
        assert len(moves) == len(set(moves)), "a click is one move, however often it comes"
        assert sum(action == "claim" for _, action in moves) <= 1, "they all saw the same revision"
    assert moved > CLICKS // 6, "too few moves to prove anything"


def unanswered(desk: Desk, clicks: list[Click]) -> list[Click]:
    """Whom Slack showed no error, and who neither moved the case nor was whispered to nor has a window."""
    slack, found = desk.slack, list[Click]()
    for click, who, case_id, what in clicks:
        if not click.acked:
            continue  # Slack has told them
        window = slack.modals(who)
        opened = bool(window) and window[-1]["callback_id"] != "loading"
        if not (opened or slack.whispers(who) or click.replies or (who, what) in desk.done(case_id)):
            found.append((click, who, case_id, what))
    return found


def _told_once(desk: Desk) -> None:
    """A card for each complaint, and below it a line for each move, in the order in which they were made."""
    slack = desk.slack
    assert set(slack.deliveries().values()) == {1}, "nothing is posted twice"
    told: dict[int, list[dict[str, Any]]] = {case_id: [] for case_id in range(1, COMPLAINTS + 1)}
    for call in slack.called("chat.postMessage"):
        if call["stored"]:
            told[call["body"]["metadata"]["event_payload"]["case_id"]].append(call)
    for case_id, posts in told.items():
        moves = desk.done(case_id)
        assert len(posts) == 1 + len(moves), "lost, or told twice"
        card, *lines = posts
        assert [line["body"].get("thread_ts") for line in lines] == [card["ts"]] * len(lines)
        assert all(who in line["body"]["text"] for (who, _), line in zip(moves, lines, strict=True))
    with desk.store.read() as tx:
        account = tx.account()
        assert (account.complaints, account.delivered, account.unaccounted) == (COMPLAINTS, COMPLAINTS, 0)


def _within_limits(slack: SlackLookalike) -> None:
    """Also after the hour in which everything had to wait."""
    assert not slack.workspace.meter.refused, "Slack had to tell us to slow down"
    for method in PACED:
        most = max((len(window) for window in _windows(slack, method)), default=0)
        assert most <= PER_MINUTE[method], f"{method}: {most} in a minute"
    assert any(_windows(slack, "chat.update")), "cards were drawn anew"


def _windows(slack: SlackLookalike, method: str) -> Iterator[list[float]]:
    """The calls of each minute that ends with one."""
    recent = deque[float]()
    for call in slack.called(method):
        recent.append(call["at"])
        while recent[0] <= call["at"] - WINDOW:
            recent.popleft()
        yield list(recent)
