"""300 clicks while a third of all calls fail and sockets drop: nothing lost, nothing doubled, nobody without an
answer. All is counted from the look-alike's own log."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk

from alerts.testing.envelopes import Envelope
from alerts.testing.slack import WRITES, SlackLookalike
from monitor.core.message import OutboxState

CASES, CLICKS, SHARE = 60, 300, 0.35
HANDS = 4
HOWS = ("drop", "reset", "500", "503", "html", "torso", "timeout")


@pytest.mark.slow
def test_no_click_is_lost_doubled_or_left_without_an_answer(tmp_path: Path) -> None:
    dice = random.Random(2026)
    with SlackLookalike() as slack:
        desk = Desk(tmp_path, slack, customers=CASES, timeout=0.4)
        desk.open()
        delivering = threading.Thread(target=_deliver, args=(desk,), daemon=True)
        slack.fail_at_random(SHARE, seed=2026, hows=HOWS, methods=(*WRITES, "apps.connections.open"))
        delivering.start()
        clicks: list[tuple[Envelope, str, int, str]] = []
        for number in range(CLICKS):
            who, case_id = f"U0{number:07}", number % CASES + 1
            what = dice.choice(["claim", "claim", "note"])
            clicks.append((desk.press(what, who, case_id, revision=1), who, case_id, what))
            if number >= HANDS:
                clicks[number - HANDS][0].wait()  # so many people press at one time
            if number % 10 == 9:
                slack.sockets.send(clicks[-1][0])  # Slack sends it twice
            if number % 40 == 39:
                slack.sockets.drop()
                desk.until(lambda: slack.sockets.open and desk.connected())
        for click, *_ in clicks:
            click.wait()
        _settled(desk, clicks)
        slack.fail_at_random(0.0, seed=0)
        desk.stop.set()
        delivering.join()
        desk.stop.clear()
        desk.deliver(60.0)
        acked = [click for click, *_ in clicks if click.acked]
        assert len(acked) > CLICKS * 2 // 3, "too few clicks came through to prove anything"
        assert sum(call["fault"] is not None for call in slack.calls) > 100
        for case_id in range(1, CASES + 1):
            moves = desk.done(case_id)
            assert len(moves) == len(set(moves)), "a click is one move, however often it comes"
            assert sum(action == "claim" for _, action in moves) <= 1, "they all saw the same revision"
        assert unanswered(desk, clicks) == []
        assert set(slack.deliveries().values()) == {1}, "nothing is posted twice"
        with desk.store.read() as tx:
            assert tx.counts()[3].get(OutboxState.PENDING.value, 0) == 0
            assert tx.account().unaccounted == 0
        told = Counter(call["body"]["metadata"]["event_payload"].get("case_id") for call in posts(slack))
        for case_id in range(1, CASES + 1):
            assert told[case_id] == 1 + len(desk.done(case_id)), (
                "a card, and a line in its thread for each move"
            )
        desk.close()


def _settled(desk: Desk, clicks: list[tuple[Envelope, str, int, str]]) -> None:
    deadline = time.monotonic() + 60
    while (left := unanswered(desk, clicks)) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []


def posts(slack: SlackLookalike) -> list[dict[str, object]]:
    return [call for call in slack.called("chat.postMessage") if call["stored"]]


def unanswered(desk: Desk, clicks: list[tuple[Envelope, str, int, str]]) -> list[str]:
    """Who was not shown an error by Slack, and neither moved the case nor was whispered to nor has a window."""
    slack, found = desk.slack, []
    for click, who, case_id, what in clicks:
        if not click.acked:
            continue  # Slack has told them
        moved = (who, what) in desk.done(case_id)
        window = slack.modals(who)
        opened = bool(window) and window[-1]["callback_id"] != "loading"
        if not (moved or opened or slack.whispers(who) or click.replies):
            found.append(f"{who} {what} {case_id}")
    return found


def _deliver(desk: Desk) -> None:
    while not desk.stop.is_set():
        desk.deliverer.drain(timedelta(seconds=1))
        desk.stop.wait(0.05)
