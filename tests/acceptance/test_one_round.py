"""`run --once`, stopped or interrupted: in order, and nothing is lost."""

from __future__ import annotations

import signal

import pytest
from stage import Newsstand, Stage, lost_and_doubled, posts

from alerts.testing.slack import SlackLookalike


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_round_that_is_told_to_stop_ends_in_order(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, number: signal.Signals
) -> None:
    stage.listen("slow")
    stand.silent.add("slow")
    process = stage.start("run", "--once")
    assert stand.asked.wait(60)
    process.send_signal(number)
    ended = stage.ended(process)
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    feed = stage.well("status", "--json").json["feeds"][0]
    assert (feed["failures"], feed["last_error"]) == (0, None)
    stand.silent.clear()
    stand.feeds["slow"] = posts(1, 1)
    stage.well("run", "--once")
    assert lost_and_doubled(stage.told, [1]) == (0, 0)


def test_a_feed_that_a_dead_process_left_is_named_and_not_called_idle(
    stage: Stage, stand: Newsstand, slack: SlackLookalike
) -> None:
    stage.settings["collect"]["lease"] = "5m"
    stage.listen("slow")
    stand.silent.add("slow")
    process = stage.start("run", "--once")
    assert stand.asked.wait(60)
    stage.kill(process)
    stand.silent.clear()
    told = stage.well("run", "--once", "--all").err
    assert "slow: not read: another process" in told
    assert "No feed was due" not in told
