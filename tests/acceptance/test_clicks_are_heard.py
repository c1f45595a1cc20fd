"""The service hears buttons: the real command, a real socket, and the way out in good order."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from stage import Post, Stage, until

from alerts.testing.slack import SlackLookalike

ANA, BEN = "U0ANA0001", "U0BEN0002"


@contextmanager
def service(stage: Stage) -> Iterator[list[str]]:
    """`run`, until its socket is open; then told to end. What it logged is in the list afterwards."""
    said: list[str] = []
    process = stage.start("-v", "run", MONITOR_SLACK__APP_TOKEN=stage.slack.app_token)
    try:
        until(lambda: stage.slack.sockets.open, "a socket to Slack")
        yield said
    finally:
        process.send_signal(signal.SIGTERM)
        ended = stage.ended(process)
        said += [ended.out, ended.err]
        assert ended.code == 0, ended.err


def cases(stage: Stage) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.well("cases", "list", "--json").json
    return found


def test_a_click_becomes_a_claim_and_the_socket_is_in_the_status(stage: Stage, slack: SlackLookalike) -> None:
    stage.listen("news")
    stage.stand.feeds["news"] = [Post(1)]
    with service(stage) as log:
        until(slack.messages, "the card")
        click = slack.people.click(slack.messages()[0]["ts"], "claim", ANA).wait()
        assert click.acked
        until(lambda: f"<@{ANA}>" in str(slack.messages()[0]["blocks"]), "the card drawn anew")
        slack.people.click(slack.messages()[0]["ts"], "more_modal", BEN, "claim:1:1").wait()
        until(lambda: slack.whispers(BEN), "a whisper")
        token = {"MONITOR_SLACK__APP_TOKEN": slack.app_token}

        def socket_shown() -> dict[str, Any]:
            (found,) = stage.well("status", "--json", **token).json["sockets"] or [{"state": "?"}]
            shown: dict[str, Any] = found
            return shown

        until(lambda: socket_shown()["state"] == "connected", "the socket in the status")
        socket = socket_shown()
        assert (socket["state"], socket["renewed"], socket["fault"]) == ("connected", 0, None)
        page = stage.well("status", **token).out
        assert "clicks  connected for" in page and "Nobody hears" not in page
    assert [(one["state"], one["owner"]) for one in cases(stage)] == [("claimed", ANA)]
    assert f"<@{ANA}> was faster: claimed" in slack.whispers(BEN)[0]["text"]
    assert slack.sockets.open == []
    said = "".join(log)
    assert "Slack's socket is open" in said
    assert slack.token not in said and slack.app_token not in said
    after = stage.well("status", **token)
    assert "Nobody hears Slack's buttons now" in after.out
    assert stage.well("status", "--json", **token).json["sockets"] == []
    assert "Nobody hears" not in stage.well("status").out, "without an app-level token nobody should"


def test_a_round_says_that_it_does_not_listen(stage: Stage, slack: SlackLookalike) -> None:
    stage.listen("news")
    told = stage.well("run", "--once", MONITOR_SLACK__APP_TOKEN=slack.app_token)
    assert "Buttons in Slack are not heard in a round" in told.err
    assert slack.called("apps.connections.open") == []
    assert "not heard" not in stage.well("run", "--once").err


def test_only_the_listed_may_claim(stage: Stage, slack: SlackLookalike) -> None:
    stage.settings["slack"]["people"] = [BEN]
    stage.listen("news")
    stage.stand.feeds["news"] = [Post(1)]
    with service(stage):
        until(slack.messages, "the card")
        slack.people.click(slack.messages()[0]["ts"], "claim", ANA).wait()
        until(lambda: slack.whispers(ANA), "a refusal")
        slack.people.click(slack.messages()[0]["ts"], "claim", BEN).wait()
        until(lambda: f"<@{BEN}>" in str(slack.messages()[0]["blocks"]), "the claim on the card")
    assert "not among those" in slack.whispers(ANA)[0]["text"]
    assert [one["owner"] for one in cases(stage)] == [BEN]
