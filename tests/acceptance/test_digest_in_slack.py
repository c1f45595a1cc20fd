"""The digest in a channel: cron, a timer and two daemons at once, Slack failing in the middle, and asking again.

What stands there is counted from the look-alike's own log.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from stage import Newsstand, Stage, about, posts, stored, until

from alerts.testing.limits import visible
from alerts.testing.slack import SlackLookalike
from alerts.testing.workspace import Channel

STORY = "C0STORY"
"""A channel that gets the digest alone."""
FAULTS = ("drop", "reset", "500", "503", "429", "html", "torso")


def yesterday() -> datetime:
    return datetime.now(UTC) - timedelta(days=1)


@pytest.fixture
def told(stage: Stage, slack: SlackLookalike, stand: Newsstand) -> Stage:
    """A business that listened for long, and was complained of by 45 customers yesterday."""
    slack.workspace.channels[STORY] = Channel(STORY, name="story")
    stage.settings["digest"] = {"channel": STORY, "at": "00:00"}
    stage.settings["triage"] = {"baseline_window": "3d"}
    stage.settings["delivery"]["lease"] = "3s"
    stage.listen("news")
    stand.feeds["news"] = posts(1, 45, published=yesterday())
    stage.well("run", "--once", "--wait", "20s")
    with sqlite3.connect(stage.folder / "monitor.db") as database:
        database.execute("UPDATE feed SET baselined = '2020-01-01 00:00:00.000000'")
    return stage


def story(slack: SlackLookalike) -> list[dict[str, Any]]:
    """Everything that was ever stored in the channel of the digest."""
    return [body for body in stored(slack.calls) if body["channel"] == STORY]


def counted(slack: SlackLookalike) -> Counter[str]:
    return Counter(str(about(body)["delivery_id"]) for body in story(slack))


def settled(stage: Stage, slack: SlackLookalike) -> None:
    """Slack is well again, and what is left goes out."""
    slack.fail_at_random(0.0, seed=0)

    def through() -> bool:
        stage.well("run", "--once", "--wait", "5s")
        queue = stage.well("status", "--json").json["outbox"]
        return not any(queue.get(state) for state in ("pending", "sending", "unknown"))

    until(through, "the outbox is empty")


def words(message: dict[str, Any]) -> str:
    return "\n".join(visible(message["blocks"]))


@pytest.mark.parametrize("seed", [1, 2])
def test_cron_timer_and_two_daemons_post_it_once_whatever_slack_does(
    told: Stage, slack: SlackLookalike, seed: int
) -> None:
    slack.fail_at_random(0.35, seed=seed, hows=FAULTS)
    daemons = [told.start("run"), told.start("run")]
    commands = [told.start("digest", "--post") for _ in range(4)]
    until(lambda: story(slack), "something of the digest is posted")
    told.kill(daemons[0])
    told.kill(commands[0])
    for command in commands[1:]:
        told.ended(command)
    told.kill(daemons[1])
    settled(told, slack)
    told.well("digest", "--post")

    found = counted(slack)
    assert set(found.values()) == {1}, found
    roots = [body for body in story(slack) if not body.get("thread_ts")]
    pages = [body for body in story(slack) if body.get("thread_ts")]
    assert len(roots) == 1
    assert len(pages) == 2, "45 who wait, 40 on a page"
    standing = slack.messages(STORY)
    assert {one["thread_ts"] for one in standing if "thread_ts" in one} == {standing[0]["ts"]}
    named = Counter(
        number
        for number in range(1, 46)
        for one in standing[1:]
        if f"Fictional Fred {number} " in _spaced(one)
    )
    assert named == dict.fromkeys(range(1, 46), 1)


def _spaced(message: dict[str, Any]) -> str:
    """Each name stands alone in an element of its own."""
    return " ".join(visible(message["blocks"])) + " "


def test_asked_again_it_is_brought_up_to_date_where_it_stands(
    told: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    assert "is posted" in told.well("digest", "--post").err
    first = slack.messages(STORY)
    assert "late post" not in words(first[0])
    stand.feeds["news"] += posts(101, 40, published=yesterday())
    told.well("run", "--once", "--all", "--wait", "20s")
    assert "brought up to date" in told.well("digest", "--post").err
    now = slack.messages(STORY)
    assert [one["ts"] for one in now[:3]] == [one["ts"] for one in first]
    assert len(now) == 4, "one page is new"
    assert "40 late posts came in" in words(now[0])
    assert "complaints 45, now 85" in words(now[0])
    assert "page 1 of 3" in words(now[1])
    assert set(counted(slack).values()) == {1}

    # and once more, with Slack failing after the write
    slack.fail("drop", after=True, method="chat.update")
    told.well("digest", "--post")
    settled(told, slack)
    assert [one["ts"] for one in slack.messages(STORY)] == [one["ts"] for one in now]
    assert set(counted(slack).values()) == {1}


def test_deleted_by_hand_it_comes_back_when_somebody_asks_and_not_before(
    told: Stage, slack: SlackLookalike
) -> None:
    told.well("digest", "--post")
    (root, *pages) = slack.messages(STORY)
    slack.workspace.remove(slack.workspace.channels[STORY], root["ts"])
    daemon = told.start("run")
    until(lambda: daemon.poll() is not None or _looked(slack), "the service is at work")
    told.kill(daemon)
    assert len(story(slack)) == 1 + len(pages)
    told.well("digest", "--post")
    standing = [one for one in slack.messages(STORY) if one.get("subtype") != "tombstone"]
    fresh = [one for one in standing if one["ts"] > pages[-1]["ts"]]
    assert len([one for one in fresh if "thread_ts" not in one]) == 1
    assert len([one for one in fresh if "thread_ts" in one]) == len(pages)


def _looked(slack: SlackLookalike) -> bool:
    """It is up as soon as it asked Slack who it is, or posted anything."""
    return any(call["method"] in ("auth.test", "chat.postMessage") for call in slack.calls[-3:])


def test_where_slack_takes_no_charts_the_digest_is_text_by_itself(
    told: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    slack.workspace.refuses = frozenset({"data_visualization"})
    told.well("digest", "--post")
    refused = [call for call in slack.calls if call["answer"] == "invalid_blocks"]
    assert [call["method"] for call in refused] == ["chat.postMessage"]
    (root, *_) = slack.messages(STORY)
    assert "data_visualization" not in json.dumps(root["blocks"])
    assert "▇▇▇▇▇▇▇▇▇▇" in words(root)
    assert "Call first" in words(root)
    assert set(counted(slack).values()) == {1}

    slack.workspace.refuses = frozenset()
    told.well("digest", "--post")
    assert "data_visualization" in json.dumps(slack.messages(STORY)[0]["blocks"])


def test_who_stands_in_the_digest_can_be_claimed_there(told: Stage, slack: SlackLookalike) -> None:
    told.well("digest", "--post")
    buttons = [block["accessory"] for block in slack.messages(STORY)[0]["blocks"] if "accessory" in block]
    assert [one["action_id"] for one in buttons] == ["claim"] * 3
    cases = {case["id"]: case for case in told.well("cases", "list", "--json").json}
    for one in buttons:
        _, number, revision = one["value"].split(":")
        assert cases[int(number)]["state"] == "open"
        assert int(revision) >= 1


def test_a_yesterday_before_the_first_reading_is_not_told_as_quiet(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    stage.listen("news")
    stage.well("run", "--once")
    stage.well("digest", "--post")
    (root,) = slack.messages()
    assert "Nothing was heard of what was said on that day; nobody waits, and no promise is due." in words(
        root
    )
    assert "No feed was read on that day" in words(root)
    assert "quiet" not in words(root)
