"""Socket Mode of the look-alike, under the real slack_bolt with its own client: sockets come, go and fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from listener import bolt, button, card, listening, web
from slack_sdk.errors import SlackApiError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from alerts.testing.envelopes import Envelope, Outcome
from alerts.testing.slack import SlackLookalike

ADA, BEN = "U0ADA", "U0BEN"


@pytest.fixture
def slack() -> Iterator[SlackLookalike]:
    with SlackLookalike() as slack:
        yield slack


@pytest.fixture
def root(slack: SlackLookalike) -> str:
    blocks = card(button("claim"))
    return str(web(slack).chat_postMessage(channel=slack.channel, text="card", blocks=blocks)["ts"])


def socket_of(slack: SlackLookalike) -> Any:
    url = web(slack, slack.app_token).apps_connections_open(app_token=slack.app_token)["url"]
    return connect(url, close_timeout=0.2)


def frame(link: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(link.recv(timeout=5))
    return told


def ack(link: Any, envelope_id: str, payload: dict[str, Any] | None = None) -> None:
    link.send(json.dumps({"envelope_id": envelope_id, **({"payload": payload} if payload else {})}))


def listener(slack: SlackLookalike) -> tuple[Any, list[str]]:
    app, heard = bolt(slack), []

    @app.action("claim")
    def claim(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body["user"]["id"])
        ack()

    @app.event("app_home_opened")
    def opened(event: dict[str, Any]) -> None:
        heard.append(event["user"])

    return app, heard


# ── connecting ───────────────────────────────────────────────────────────────────────────────────────────


def test_says_hello_with_its_numbers(slack: SlackLookalike) -> None:
    slack.sockets.approximate_connection_time = 360
    with socket_of(slack) as first, socket_of(slack) as second:
        hellos = [frame(first), frame(second)]
    assert [hello["type"] for hello in hellos] == ["hello", "hello"]
    assert [hello["num_connections"] for hello in hellos] == [1, 2]
    assert hellos[0]["debug_info"]["approximate_connection_time"] == 360


def test_opens_only_for_the_right_token_and_once_for_each_ticket(slack: SlackLookalike) -> None:
    def refused(token: str) -> str:
        with pytest.raises(SlackApiError) as caught:
            web(slack).apps_connections_open(app_token=token)
        return str(caught.value.response["error"])

    slack.workspace.tokens["xapp-little"] = frozenset()
    assert refused(slack.token) == "not_allowed_token_type"
    assert refused("xapp-wrong") == "invalid_auth"
    assert refused("xapp-little") == "missing_scope"
    url = web(slack).apps_connections_open(app_token=slack.app_token)["url"]
    with connect(url) as link:
        assert frame(link)["type"] == "hello"
        with pytest.raises(InvalidStatus):
            connect(url)


def test_an_eleventh_socket_is_sent_away(slack: SlackLookalike) -> None:
    slack.sockets.most = 1
    with socket_of(slack) as first, socket_of(slack) as second:
        assert frame(first)["type"] == "hello"
        assert frame(second)["reason"] == "too_many_websockets"
        with pytest.raises(ConnectionClosed):
            frame(second)


# ── envelopes ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_click_reaches_the_app_and_its_acknowledgement_is_kept(slack: SlackLookalike, root: str) -> None:
    app, heard = listener(slack)
    with listening(slack, app):
        click = slack.people.click(root, "claim", ADA).wait()
        slack.until(lambda: heard)
    assert (click.outcome, len(click.attempts), len(click.acks)) == (Outcome.ACKED, 1, 1)
    assert click.ack_after is not None
    assert heard == [ADA]


def test_each_payload_goes_to_one_socket_and_all_get_some(slack: SlackLookalike, root: str) -> None:
    app, heard = listener(slack)
    with listening(slack, app), listening(slack, app):
        clicks = [slack.people.click(root, "claim", ADA) for _ in range(6)]
        assert all(click.wait().acked for click in clicks)
    assert all(len(click.attempts) == 1 for click in clicks)
    assert len({click.attempts[0].socket for click in clicks}) == 2
    assert len(heard) == 6


def test_a_click_that_nobody_acknowledges_is_shown_as_an_error_and_not_sent_again(
    slack: SlackLookalike, root: str
) -> None:
    slack.sockets.ack_within = 0.2
    with socket_of(slack) as link:
        frame(link)
        click = slack.people.click(root, "claim", ADA)
        envelope = frame(link)
        assert click.wait().outcome is Outcome.NO_ANSWER
        ack(link, envelope["envelope_id"])
        slack.until(lambda: click.acks)
    assert envelope["type"] == "interactive" and envelope["accepts_response_payload"]
    assert "retry_attempt" not in envelope
    assert click.acks[0].late and click.outcome is Outcome.NO_ANSWER and click.ack_after is None
    assert len(click.attempts) == 1


def test_a_click_while_nobody_listens_is_an_error_at_once(slack: SlackLookalike, root: str) -> None:
    click = slack.people.click(root, "claim", ADA)
    assert click.wait().outcome is Outcome.NO_ANSWER
    assert [attempt.socket for attempt in click.attempts] == [None]


def test_an_event_is_sent_again_until_it_is_acknowledged(slack: SlackLookalike) -> None:
    slack.sockets.ack_within, slack.sockets.retries = 0.1, (0.0, 0.1, 0.1)
    with socket_of(slack) as link:
        frame(link)
        event = slack.people.open_home(ADA)
        assert event is not None
        frames = [frame(link) for _ in range(3)]
        ack(link, frames[-1]["envelope_id"])
        assert event.wait().acked
    assert [sent["retry_attempt"] for sent in frames] == [0, 1, 2]
    assert frames[1]["retry_reason"] == "timeout"
    assert len({sent["payload"]["event_id"] for sent in frames}) == 1
    assert len({sent["envelope_id"] for sent in frames}) == 3


def test_an_event_is_given_up_after_its_last_attempt(slack: SlackLookalike) -> None:
    slack.sockets.retries = (0.0, 0.05, 0.05)
    event = slack.people.open_home(ADA)
    assert event is not None and event.wait().outcome is Outcome.NO_ANSWER
    assert [attempt.number for attempt in event.attempts] == [0, 1, 2, 3]


def test_what_happened_while_nobody_listened_comes_with_the_retry(slack: SlackLookalike) -> None:
    app, heard = listener(slack)
    slack.sockets.retries = (0.1,) * 300
    event = slack.people.open_home(BEN)
    slack.until(lambda: event and len(event.attempts) > 1)
    with listening(slack, app):
        assert event is not None and event.wait().acked
        slack.until(lambda: heard)
    assert heard == [BEN]


def test_the_same_envelope_can_come_twice(slack: SlackLookalike, root: str) -> None:
    with socket_of(slack) as link:
        frame(link)
        click = slack.people.click(root, "claim", ADA)
        slack.sockets.send(click)
        twice = [frame(link), frame(link)]
        for sent in twice:
            ack(link, sent["envelope_id"])
        slack.until(lambda: len(click.acks) == 2)
    assert twice[0]["payload"] == twice[1]["payload"]
    assert [given.late for given in click.acks] == [False, True]
    assert slack.sockets.envelopes == [click]


# ── going ────────────────────────────────────────────────────────────────────────────────────────────────


def clicks_until_answered(slack: SlackLookalike, root: str, user: str) -> list[Envelope]:
    """A person who sees an error clicks again."""
    clicks = [slack.people.click(root, "claim", user).wait()]
    while not clicks[-1].acked and len(clicks) < 200:
        threading.Event().wait(0.05)
        clicks.append(slack.people.click(root, "claim", user).wait())
    return clicks


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
def test_the_app_connects_anew_when_it_is_told_to(slack: SlackLookalike, root: str, reason: str) -> None:
    app, _ = listener(slack)
    with listening(slack, app):
        (first,) = slack.sockets.open
        slack.sockets.disconnect(reason)
        # The client closes its old socket only when a wait of three seconds for bytes is over.
        slack.until(lambda: slack.sockets.open and first not in slack.sockets.open, timeout=20)
        assert clicks_until_answered(slack, root, ADA)[-1].acked
    assert (first, f"disconnect: {reason}") in slack.sockets.story
    assert len(slack.called("apps.connections.open")) == 2


def test_the_app_comes_back_after_a_drop(slack: SlackLookalike, root: str) -> None:
    app, heard = listener(slack)
    with listening(slack, app, ping=0.05):
        (first,) = slack.sockets.open
        slack.sockets.drop()
        slack.until(lambda: slack.sockets.open and first not in slack.sockets.open, timeout=20)
        assert clicks_until_answered(slack, root, ADA)[-1].acked
    assert heard == [ADA]


def test_a_silent_socket_takes_payloads_and_answers_nothing(slack: SlackLookalike, root: str) -> None:
    slack.sockets.ack_within = 0.2
    with socket_of(slack) as link:
        frame(link)
        slack.sockets.silence()
        click = slack.people.click(root, "claim", ADA)
        pong = link.ping()
        with pytest.raises(TimeoutError):
            link.recv(timeout=0.3)
        assert not pong.is_set()
        assert click.wait().outcome is Outcome.NO_ANSWER
        assert click.attempts[0].socket in slack.sockets.open


def test_a_socket_may_be_silent_from_the_first(slack: SlackLookalike) -> None:
    slack.sockets.silent = True
    with socket_of(slack) as link:
        with pytest.raises(TimeoutError):
            link.recv(timeout=0.2)
        assert slack.sockets.story[-1][1] == "silent"


def test_the_app_leaves_a_silent_socket(slack: SlackLookalike, root: str) -> None:
    app, _ = listener(slack)
    with listening(slack, app, ping=0.05):
        (first,) = slack.sockets.open
        slack.sockets.silence(first)
        slack.until(lambda: slack.sockets.open and first not in slack.sockets.open, timeout=20)
        assert clicks_until_answered(slack, root, ADA)[-1].acked


def test_a_revoked_app_token_ends_the_sockets(slack: SlackLookalike) -> None:
    with socket_of(slack) as link:
        frame(link)
        slack.people.revoke(slack.app_token)
        assert frame(link)["reason"] == "link_disabled"
        with pytest.raises(SlackApiError, match="token_revoked"):
            web(slack).apps_connections_open(app_token=slack.app_token)


def test_through_dropping_sockets_every_click_has_an_end(slack: SlackLookalike, root: str) -> None:
    slack.sockets.ack_within = 1.0
    app, heard = listener(slack)
    people = [f"U0N{number}" for number in range(30)]
    with listening(slack, app, ping=0.05), listening(slack, app, ping=0.05):
        for number, user in enumerate(people):
            if number % 10 == 9:
                slack.sockets.drop(slack.sockets.open[0])
                slack.people.click(root, "claim", user)
            assert clicks_until_answered(slack, root, user)[-1].acked
    assert set(heard) == set(people)
    assert all(e.wait().outcome is not Outcome.WAITING for e in slack.sockets.envelopes)
    assert len([what for _, what in slack.sockets.story if what == "drop"]) >= 3


def test_an_outage_takes_everything_and_ends(slack: SlackLookalike, root: str) -> None:
    app, _ = listener(slack)
    with listening(slack, app, ping=0.05):
        slack.go_down()
        slack.until(lambda: not slack.sockets.open)
        with pytest.raises(SlackApiError):
            web(slack).chat_postMessage(channel=slack.channel, text="x")
        assert slack.people.click(root, "claim", ADA).wait().outcome is Outcome.NO_ANSWER
        slack.until(lambda: slack.called("apps.connections.open")[-1]["fault"], timeout=20)
        slack.come_back()
        slack.until(lambda: slack.sockets.open, timeout=20)
        assert clicks_until_answered(slack, root, ADA)[-1].acked
    assert [m["text"] for m in slack.messages()] == ["card"]
