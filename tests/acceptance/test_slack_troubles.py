"""What a person must mend, storms, and digests: nothing is lost on the way, and nothing is said twice."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from stage import ALARM, Newsstand, Post, Stage, lost_and_doubled, mark, posts, stored

from alerts.testing.slack import SlackLookalike
from alerts.testing.workspace import SCOPES


def _wrong_token(slack: SlackLookalike, stage: Stage) -> Callable[[], None]:
    stage.environ["MONITOR_SLACK__BOT_TOKEN"] = "xoxb-outdated-and-secret"

    def mend() -> None:
        stage.environ["MONITOR_SLACK__BOT_TOKEN"] = slack.token

    return mend


def _missing_scope(slack: SlackLookalike, stage: Stage) -> Callable[[], None]:
    slack.workspace.tokens[slack.token] = SCOPES - {"chat:write"}
    return lambda: slack.workspace.tokens.update({slack.token: SCOPES})


def _not_invited(slack: SlackLookalike, stage: Stage) -> Callable[[], None]:
    channel = slack.workspace.channels[slack.channel]
    channel.member = False
    return lambda: setattr(channel, "member", True)


def _archived(slack: SlackLookalike, stage: Stage) -> Callable[[], None]:
    channel = slack.workspace.channels[slack.channel]
    channel.archived = True
    return lambda: setattr(channel, "archived", False)


@pytest.mark.parametrize(
    ("break_it", "remedy"),
    [
        (_wrong_token, "token"),
        (_missing_scope, "chat:write"),
        (_not_invited, "/invite"),
        (_archived, "archived"),
    ],
)
def test_what_a_person_must_mend_is_said_once_and_loses_nothing(
    stage: Stage,
    slack: SlackLookalike,
    stand: Newsstand,
    break_it: Callable[[SlackLookalike, Stage], Callable[[], None]],
    remedy: str,
) -> None:
    stage.listen("news")
    stand.feeds["news"] = posts(1, 5)
    mend = break_it(slack, stage)
    ended = stage.do("run", "--once", "--wait", "2s")
    assert ended.code == 1
    assert len(re.findall(r"^! ", ended.err, re.MULTILINE)) == 1, ended.err
    assert remedy in ended.err
    assert "xoxb" not in (ended.out + ended.err).replace("xoxb-...", "")
    assert len([call for call in slack.calls if call["method"] == "chat.postMessage"]) == 1
    account = stage.account()
    assert (account["queued"], account["delivered"]) == (5, 0)
    assert stage.well("status", "--json").json["outbox"]["pending"] == 5

    mend()
    stage.well("run", "--once")
    assert lost_and_doubled(stage.told, range(1, 6)) == (0, 0)
    assert stage.account()["delivered"] == 5
    assert "! " not in stage.well("run", "--once").err


def test_a_storm_is_told_in_one_summary_that_names_everybody(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    stage.settings["slack"] |= {"storm_after": 20}
    stage.listen("news")
    stand.feeds["news"] = [*posts(1, 56), *posts(57, 4, text=ALARM)]
    result = stage.well("run", "--once", "--json").json
    assert result["folded"] == 56
    assert lost_and_doubled(stage.told, range(57, 61)) == (0, 0)
    assert not any(stage.told[mark(number)] for number in range(1, 57))
    bodies = stored(slack.calls)
    roots = [body for body in bodies if not body.get("thread_ts")]
    assert len(roots) == 5, "four grave cases one by one, and one summary"
    rosters = json.dumps([body for body in bodies if body.get("thread_ts")])
    for number in range(1, 57):
        assert f"Fictional Fred {number} " in re.sub(r"[^\w ]", " ", rosters), number
        assert (
            f"https://posts.example/{number}\\" in rosters
            or f"https://posts.example/{number}|" in rosters
            or (f'https://posts.example/{number}"' in rosters)
        ), number
    account = stage.account()
    assert (account["complaints"], account["delivered"], account["summarised"]) == (60, 4, 56)

    # a folded case that speaks again is answered for like any other
    stand.feeds["news"] += [Post(100, author="Fictional Fred 1")]
    stage.well("run", "--once", "--all")
    assert lost_and_doubled(stage.told, [100]) == (0, 0)
    assert stage.account()["queued"] == 0


def test_no_storm_where_storms_are_off(stage: Stage, slack: SlackLookalike, stand: Newsstand) -> None:
    stage.listen("news")
    stand.feeds["news"] = posts(1, 30)
    assert stage.well("run", "--once", "--json").json["folded"] == 0
    assert lost_and_doubled(stage.told, range(1, 31)) == (0, 0)


def test_a_digest_is_posted_once_however_often_it_is_asked_for(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    slack.workspace.pace = None
    stage.listen("news")
    both = [stage.start("digest", "--post"), stage.start("digest", "--post")]
    said = [stage.ended(process) for process in both]
    assert [ended.code for ended in said] == [0, 0], said
    again = stage.well("digest", "--post")
    assert "brought up to date there" in again.err
    stage.well("run", "--once")
    assert len(stored(slack.calls)) == 1
    facts = stage.well("digest", "--json").json
    assert "news" in json.dumps(facts)
    assert len(stored(slack.calls)) == 1


def test_a_retry_after_is_heeded_over_the_end_of_the_process(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    slack.fail("429", method="chat.postMessage", retry_after="600")
    stage.well("run", "--once", "--wait", "1s")
    stage.well("run", "--once", "--wait", "1s")
    assert len([call for call in slack.calls if call["method"] == "chat.postMessage"]) == 1
    assert stage.account()["queued"] == 2
