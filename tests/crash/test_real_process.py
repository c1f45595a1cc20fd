"""The real command, killed with SIGKILL at random moments, or run many times at once."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from stage import Newsstand, Stage, lost_and_doubled, posts, told, until

from alerts.testing.slack import SlackLookalike, read_log, stored_posts

ROUNDS = 20


def hold(stage: Stage, log: Path, numbers: list[int]) -> None:
    """By the look-alike's own log: nothing lost, nothing doubled."""
    calls = read_log(log)
    assert lost_and_doubled(told(calls), numbers) == (0, 0)
    assert all(n == 1 for n in stored_posts(calls).values())
    account = stage.account()
    assert (account["complaints"], account["delivered"], account["queued"]) == (len(numbers), len(numbers), 0)


@pytest.mark.slow
def test_killed_at_random_moments(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, tmp_path: Path
) -> None:
    stage.listen("news")
    stage.listen("forum")
    dice = random.Random(2026)
    numbers: list[int] = []
    for round_ in range(ROUNDS):
        for name, first in (("news", 10 * round_ + 1), ("forum", 10 * round_ + 6)):
            stand.feeds[name] += posts(first, 2)
            numbers += [first, first + 1]
        arguments = ("run",) if round_ % 2 else ("run", "--once", "--all")
        process = stage.start(*arguments)
        time.sleep(dice.uniform(0.8, 2.2))
        stage.kill(process)
    # whoever held a feed or a message is dead: its leases lapse within a second
    time.sleep(1.1)
    stage.well("run", "--once", "--all")
    hold(stage, tmp_path / "slack.jsonl", numbers)


@pytest.mark.slow
def test_two_services_and_a_cron_job_at_once(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, tmp_path: Path
) -> None:
    stage.listen("news")
    stage.listen("forum")
    numbers: list[int] = []
    services = [stage.start("run"), stage.start("run")]
    for round_ in range(3):
        for name, first in (("news", 20 * round_ + 1), ("forum", 20 * round_ + 11)):
            stand.feeds[name] = stand.feeds[name] + posts(first, 10)
            numbers += range(first, first + 10)
        stage.well("run", "--once")
    until(lambda: len(stage.told) == len(numbers), "every post is told")
    for service in services:
        service.terminate()
    for service in services:
        assert stage.ended(service).code == 0
    stage.well("run", "--once", "--all")
    hold(stage, tmp_path / "slack.jsonl", numbers)


FAULTS = ("drop", "reset", "timeout", "500", "503", "429", "html", "torso", "cut")


@pytest.mark.parametrize("after", [False, True], ids=["before the write", "after the write"])
def test_every_fault_once(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, tmp_path: Path, after: bool
) -> None:
    stage.listen("news")
    numbers = list(range(1, 13))
    stand.feeds["news"] = posts(1, 12)
    for how in FAULTS:
        slack.fail(how, after=after and how != "429", method="chat.postMessage", retry_after="1")
    stage.well("run", "--once", "--wait", "20s")
    assert {call["fault"] for call in slack.calls} >= {
        f"{how} {'after' if after and how != '429' else 'before'}" for how in FAULTS
    }
    hold(stage, tmp_path / "slack.jsonl", numbers)


def test_history_out_of_reach_while_in_doubt(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, tmp_path: Path
) -> None:
    """While it cannot be known whether a message arrived, it is neither repeated nor given up."""
    stage.listen("news")
    stand.feeds["news"] = posts(1, 3)
    slack.fail("drop", after=True, method="chat.postMessage", times=2)
    slack.fail("503", method="conversations.history")
    stage.well("run", "--once", "--wait", "20s")
    hold(stage, tmp_path / "slack.jsonl", [1, 2, 3])
