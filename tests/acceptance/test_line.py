"""From the feed to the channel: what is told, once, in which order, and what the commands say of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from stage import ALARM, GRUMBLE, MARK, PRAISE, Newsstand, Post, Stage, lost_and_doubled, mark, posts, stored

from alerts.testing.slack import SlackLookalike

LONG_AGO = datetime.now(UTC) - timedelta(days=3)


@pytest.mark.slow
def test_fourteen_thousand_posts_of_a_file_are_all_accounted_for(stage: Stage, test_data: Path) -> None:
    file = str(test_data / "labelled/dev/us_airline.jsonl")
    first = stage.well("import", file, "--alert", "all", "--json").json
    assert (first["read"], first["rejected"], first["updated"]) == (14_183, 0, 0)
    assert first["added"] + first["known"] == 14_183
    assert 0 < first["complaints"] < first["added"]
    account = stage.account()
    assert account["complaints"] == account["queued"] == first["complaints"]
    again = stage.well("import", file, "--alert", "all", "--json").json
    assert (again["read"], again["added"], again["updated"], again["complaints"]) == (14_183, 0, 0, 0)
    assert stage.account() == account
    status = stage.well("status", "--json").json
    assert status["mentions"] == first["added"]
    assert status["complaints"] == first["complaints"]


def test_a_first_reading_alerts_the_new_and_sums_up_the_old(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    stage.listen("news")
    stand.feeds["news"] = [*posts(1, 2), *posts(3, 4, published=LONG_AGO), *posts(7, 1, published=None)]
    assert stage.well("run", "--once", "--json").json["sent"] == 3
    assert lost_and_doubled(stage.told, [1, 2]) == (0, 0)
    assert not any(stage.told[mark(number)] for number in range(3, 8))
    summaries = [body for body in stored(slack.calls) if mark(3) in json.dumps(body)]
    assert len(summaries) == 1
    account = stage.account()
    assert (account["delivered"], account["summarised"]) == (2, 5)

    # known ones stay untold whatever the feed is called, and a second reading alerts whatever is new to it
    stand.feeds["news"] += [*posts(8, 1), *posts(9, 1, published=LONG_AGO)]
    stage.feeds[0]["name"] = "papers"
    stage.write()
    stage.well("run", "--once", "--all")
    stand.feeds["news"] += posts(10, 1, published=LONG_AGO)
    stage.well("run", "--once", "--all")
    assert lost_and_doubled(stage.told, [1, 2, 8, 10]) == (0, 0)
    assert len([body for body in stored(slack.calls) if mark(3) in json.dumps(body)]) == 1
    assert stage.account()["complaints"] == 10


def test_a_paused_feed_is_not_read(stage: Stage, slack: SlackLookalike, stand: Newsstand) -> None:
    stage.listen("news", enabled=False)
    stand.feeds["news"] = posts(1, 1)
    assert stage.well("run", "--once", "--all", "--json").json["feeds"] == []
    named = stage.do("run", "--once", "--feed", "news")
    assert (named.code, "news" in named.err) == (78, True)
    assert stage.well("status", "--json").json["mentions"] == 0


def test_the_worst_goes_first_and_then_the_oldest(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    def ago(hours: int) -> datetime:
        return datetime.now(UTC) - timedelta(hours=hours)

    stage.listen("news")
    stand.feeds["news"] = [
        Post(1, GRUMBLE, published=ago(1)),
        Post(2, GRUMBLE, published=ago(6)),
        Post(3, ALARM, published=ago(1)),
        Post(4, ALARM, published=ago(5)),
        Post(5, GRUMBLE, author="Regular Rita", published=ago(9)),
        Post(6, GRUMBLE, author="Regular Rita", published=ago(8)),
        Post(7, PRAISE, author="Regular Rita", published=ago(7)),
        Post(8, PRAISE, published=ago(3)),
    ]
    stage.well("run", "--once")
    order = [
        int(word[2:7]) for body in stored(slack.calls) for word in sorted(set(MARK.findall(json.dumps(body))))
    ]
    assert [number for number in order if number in (3, 4)] == [4, 3]
    assert order.index(3) < min(order.index(number) for number in (1, 2, 5))
    assert [number for number in order if number in (1, 2, 5)] == [5, 2, 1]
    # kind words are set beside the complaint, and a person is asked whether the customer is won back
    assert [number for number in order if number in (5, 6, 7)] == [5, 6, 6, 7]
    assert 8 not in order
    roots = [body for body in stored(slack.calls) if not body.get("thread_ts")]
    assert len(roots) == 5


def test_what_machines_read_has_the_agreed_shape(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    stage.listen("news")
    stage.listen("broken")
    stand.statuses["broken"] = (503, {})
    stand.feeds["news"] = [*posts(1, 2), Post(3, ALARM), Post(4, PRAISE)]
    stage.well("run", "--once")
    status = stage.well("status", "--json").json
    assert {"mentions", "complaints", "cases", "outbox", "feeds"} <= set(status)
    assert (status["mentions"], status["complaints"], status["cases"]["open"]) == (4, 3, 3)
    # three cards; danger goes up the ladder at once, and its card shows that
    assert status["outbox"]["sent"] == 5
    feeds = {feed["name"]: feed for feed in status["feeds"]}
    wanted = {"name", "source", "last_success", "failures", "next_due", "last_error", "state"}
    assert all(wanted <= set(feed) for feed in feeds.values())
    assert (feeds["news"]["failures"], feeds["news"]["last_error"]) == (0, None)
    assert feeds["broken"]["failures"] == 1
    assert feeds["broken"]["last_success"] is None
    assert datetime.fromisoformat(feeds["news"]["last_success"]).utcoffset() == timedelta(0)
    assert datetime.fromisoformat(feeds["broken"]["next_due"]).utcoffset() == timedelta(0)

    cases = stage.well("cases", "list", "--json").json
    wanted = {"id", "state", "severity", "customer", "opened", "owner", "source", "url", "words", "reasons"}
    assert len(cases) == 3 and all(wanted <= set(case) for case in cases)
    assert cases[0]["severity"] == "critical" and mark(3) in cases[0]["words"]
    assert cases[0]["url"] == "https://posts.example/3"
    assert (cases[0]["owner"], cases[0]["source"], cases[0]["state"]) == (None, "rss", "open")
    stage.well("cases", "dismiss", str(cases[0]["id"]), "--note", "the hospital was another one's")
    account = stage.account()
    assert set(account) == {
        "complaints", "delivered", "queued", "summarised", "suppressed", "unaccounted"
    }  # fmt: skip
    assert (account["delivered"], account["suppressed"]) == (2, 1)

    said = stage.well("explain", ALARM, "--stars", "1", "--json").json
    wanted = {
        "complaint", "is_complaint", "severity", "signals", "evidence", "language", "reasons"
    }  # fmt: skip
    assert wanted <= set(said)
    assert 0 <= said["complaint"] <= 1 and said["is_complaint"] is True and said["severity"] == "critical"
    assert all(words in ALARM for words in said["evidence"])


def test_a_slack_token_added_later_hears_of_open_cases_once(
    stage: Stage, slack: SlackLookalike, stand: Newsstand
) -> None:
    token = stage.environ.pop("MONITOR_SLACK__BOT_TOKEN")
    stage.listen("news")
    stand.feeds["news"] = posts(1, 3)
    alone = stage.well("run", "--once")
    assert "No Slack token is set" in alone.err
    assert all(mark(number) in alone.out for number in (1, 2, 3))
    assert not slack.calls
    stage.well("cases", "dismiss", "3", "--note", "not about our coffee")

    stage.environ["MONITOR_SLACK__BOT_TOKEN"] = token
    stage.well("run", "--once")
    bodies = stored(slack.calls)
    assert len(bodies) == 1, "open cases are told in one message, as backlog"
    text = json.dumps(bodies[0])
    gone = next(number for number in (1, 2, 3) if mark(number) not in text)
    assert sum(mark(number) in text for number in (1, 2, 3)) == 2
    closed = stage.well("cases", "show", "3", "--json").json
    assert mark(gone) in json.dumps(closed)
    stage.well("run", "--once")
    assert len(stored(slack.calls)) == 1
    stand.feeds["news"] += posts(4, 1)
    stage.well("run", "--once", "--all")
    assert lost_and_doubled(stage.told, [4]) == (0, 0)
    account = stage.account()
    assert (account["complaints"], account["suppressed"], account["queued"]) == (4, 1, 0)
