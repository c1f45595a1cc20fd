"""The look-alike is a judge of delivery: it must keep Slack's rules, and fail exactly as told."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import WebClient

from alerts.testing.slack import SlackLookalike, read_log, stored_posts
from alerts.testing.workspace import Channel

RICH = [
    {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "hi"}]}],
    }
]
SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[SlackLookalike]:
    with SlackLookalike(log=tmp_path / "calls.jsonl") as slack:
        yield slack


def client(slack: SlackLookalike, token: str | None = None, timeout: float = 0.5) -> WebClient:
    return WebClient(token or slack.token, base_url=slack.api_url, retry_handlers=[], timeout=timeout)  # type: ignore[arg-type]


def post(slack: SlackLookalike, delivery: str = "d1", **more: Any) -> str:
    metadata = {"event_type": "complaint_monitor", "event_payload": {"delivery_id": delivery}}
    body = {"channel": slack.channel, "text": "hello", "blocks": RICH, "metadata": metadata, **more}
    return str(client(slack).chat_postMessage(**body)["ts"])


def refused(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **more)
    return str(caught.value.response["error"])


def test_keeps_messages_threads_and_metadata(slack: SlackLookalike) -> None:
    root = post(slack)
    reply = post(slack, "d2", thread_ts=root)
    assert float(reply) > float(root)
    history = client(slack).conversations_history(channel=slack.channel, include_all_metadata=True)[
        "messages"
    ]
    assert [m["ts"] for m in history] == [root]
    assert history[0]["metadata"]["event_payload"] == {"delivery_id": "d1"}
    thread = client(slack).conversations_replies(channel=slack.channel, ts=root)["messages"]
    assert [m["ts"] for m in thread] == [root, reply]
    assert thread[1]["metadata"] == {"event_type": "complaint_monitor"}
    assert slack.deliveries() == {"d1": 1, "d2": 1}


def test_history_is_paged_and_bounded_in_time(slack: SlackLookalike) -> None:
    stamps = [post(slack, str(n)) for n in range(7)]
    web = client(slack)
    pages = []
    cursor = ""
    while True:
        answer = web.conversations_history(channel=slack.channel, limit=3, cursor=cursor)
        pages.append([m["ts"] for m in answer["messages"]])
        if not answer["has_more"]:
            break
        cursor = answer["response_metadata"]["next_cursor"]
    assert pages == [stamps[:3:-1], stamps[3:0:-1], stamps[:1]]
    after = web.conversations_history(channel=slack.channel, oldest=stamps[4])["messages"]
    assert [m["ts"] for m in after] == [stamps[6], stamps[5]]
    both = web.conversations_history(
        channel=slack.channel, oldest=stamps[4], latest=stamps[5], inclusive=True
    )["messages"]
    assert [m["ts"] for m in both] == [stamps[5], stamps[4]]


def test_a_workspace_may_not_take_a_kind_of_block_yet(slack: SlackLookalike) -> None:
    web = client(slack)
    at: Any = {"channel": slack.channel, "ts": post(slack)}
    slack.workspace.refuses = frozenset({"rich_text"})
    assert refused(web.chat_postMessage, channel=slack.channel, text="x", blocks=RICH) == "invalid_blocks"
    assert refused(web.chat_update, **at, text="x", blocks=RICH) == "invalid_blocks"
    slack.workspace.refuses = frozenset()
    web.chat_update(**at, text="x", blocks=RICH)


def test_update_and_delete_keep_slacks_rules(slack: SlackLookalike) -> None:
    root = post(slack)
    web = client(slack)
    at: Any = {"channel": slack.channel, "ts": root}
    web.chat_update(**at, text="new", blocks=RICH)
    assert slack.messages()[0]["text"] == "new"
    assert slack.messages()[0]["metadata"]["event_payload"] == {"delivery_id": "d1"}
    assert refused(web.chat_update, **at, text="new", blocks=SECTION) == "block_mismatch"
    assert refused(web.chat_update, **at, text="x" * 4_001, blocks=RICH) == "msg_too_long"
    assert refused(web.chat_update, channel=slack.channel, ts="1.000001", text="x") == "message_not_found"
    assert refused(web.chat_update, channel="#complaints", ts=root, text="x") == "channel_not_found"
    web.chat_delete(**at)
    assert slack.messages() == []
    assert slack.deliveries() == {"d1": 1}


@pytest.mark.parametrize(
    ("blocks", "code"),
    [
        (SECTION * 51, "invalid_blocks"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}], "invalid_blocks"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": ""}}], "invalid_blocks"),
        ([{"type": "section"}], "invalid_blocks"),
        ([{"type": "section", "fields": [{"type": "mrkdwn", "text": "x"}] * 11}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "invalid_blocks"),
        ([{"type": "rich_text", "elements": []}], "invalid_blocks"),
        ([{"type": "unheard_of"}], "invalid_blocks"),
        ([{"type": "divider", "colour": "red"}], "invalid_blocks"),
        ([{"type": "divider", "block_id": "a"}] * 2, "invalid_blocks"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2_900}}] * 5, "msg_blocks_too_long"),
        ("not json", "invalid_blocks_format"),
    ],
)
def test_refuses_blocks_that_slack_refuses(slack: SlackLookalike, blocks: Any, code: str) -> None:
    assert refused(client(slack).chat_postMessage, channel=slack.channel, text="x", blocks=blocks) == code
    assert slack.messages() == []


@pytest.mark.parametrize(
    ("button", "taken"),
    [
        ({"url": "https://example.com/r/1"}, True),
        ({"url": "javascript:alert(1)"}, False),
        ({"url": "https://example.com/" + "x" * 3_000}, False),
        ({"text": {"type": "plain_text", "text": "x" * 76}}, False),
    ],
)
def test_refuses_buttons_that_slack_refuses(
    slack: SlackLookalike, button: dict[str, Any], taken: bool
) -> None:
    whole = {"type": "button", "action_id": "a", "text": {"type": "plain_text", "text": "Reply"}, **button}
    blocks = [{"type": "actions", "elements": [whole]}]
    if taken:
        client(slack).chat_postMessage(channel=slack.channel, text="x", blocks=blocks)
    else:
        assert (
            refused(client(slack).chat_postMessage, channel=slack.channel, text="x", blocks=blocks)
            == "invalid_blocks"
        )


def test_knows_tokens_scopes_and_membership(slack: SlackLookalike) -> None:
    place = slack.workspace.channels
    place["C0CLOSED000"] = Channel("C0CLOSED000", archived=True)
    place["C0OUTSIDE00"] = Channel("C0OUTSIDE00", member=False)
    place["C0SECRET000"] = Channel("C0SECRET000", private=True, member=False)
    slack.workspace.tokens["xoxb-little"] = frozenset({"channels:read"})
    web, little = client(slack), client(slack, "xoxb-little")
    assert refused(client(slack, "xoxb-wrong").auth_test) == "invalid_auth"
    assert refused(web.chat_postMessage, channel="C0CLOSED000", text="x") == "is_archived"
    assert refused(web.chat_postMessage, channel="C0OUTSIDE00", text="x") == "not_in_channel"
    assert refused(web.chat_postMessage, channel="C0SECRET000", text="x") == "channel_not_found"
    assert refused(little.chat_postMessage, channel=slack.channel, text="x") == "missing_scope"
    assert refused(little.conversations_history, channel=slack.channel) == "missing_scope"
    assert web.auth_test().headers["x-oauth-scopes"].split(",") == sorted(slack.workspace.tokens[slack.token])
    assert web.conversations_info(channel="C0OUTSIDE00")["channel"]["is_member"] is False
    assert [c["id"] for c in web.conversations_list()["channels"]] == [
        slack.channel,
        "C0CLOSED000",
        "C0OUTSIDE00",
    ]
    assert refused(web.users_info, user="U1") == "user_not_found"


def test_takes_forms_as_well_as_json(slack: SlackLookalike) -> None:
    metadata = {"event_type": "complaint_monitor", "event_payload": {"delivery_id": "form"}}
    args = {
        "channel": slack.channel,
        "text": "x",
        "blocks": json.dumps(RICH),
        "metadata": json.dumps(metadata),
    }
    ts = client(slack).api_call("chat.postMessage", params=args)["ts"]
    assert slack.messages()[0]["blocks"] == RICH
    assert slack.deliveries() == {"form": 1}
    link = client(slack).chat_getPermalink(channel=slack.channel, message_ts=ts)["permalink"]
    assert link == f"https://acme.slack.example/archives/{slack.channel}/p{ts.replace('.', '')}"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("how", "symptom"),
    [
        ("drop", RemoteDisconnected),
        ("reset", ConnectionResetError),
        ("timeout", TimeoutError),
        ("torso", IncompleteRead),
        ("500", SlackApiError),
        ("503", SlackApiError),
        ("html", SlackApiError),
        ("cut", SlackApiError),
        ("error:fatal_error", SlackApiError),
    ],
)
def test_fails_as_told_before_or_after_the_write(
    slack: SlackLookalike, tmp_path: Path, how: str, symptom: type[Exception], after: bool
) -> None:
    slack.fail(how, after=after, method="chat.postMessage")
    client(slack).auth_test()
    with pytest.raises(symptom):
        post(slack)
    assert len(slack.messages()) == int(after)
    post(slack, "d2")
    lines = read_log(tmp_path / "calls.jsonl")
    assert stored_posts(lines) == ({"d1": 1, "d2": 1} if after else {"d2": 1})
    assert [line["fault"] for line in lines] == [None, f"{how} {'after' if after else 'before'}", None]


def test_a_429_stores_nothing_and_says_when(slack: SlackLookalike) -> None:
    slack.fail("429", retry_after="7")
    with pytest.raises(SlackApiError) as caught:
        post(slack)
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert slack.messages() == []


def test_keeps_the_pace_of_a_channel_and_the_tiers() -> None:
    moment = [1_800_000_000.0]
    with SlackLookalike(pace=1.0, now=lambda: moment[0]) as slack:
        post(slack)
        assert refused(post, slack, "d2") == "ratelimited"
        moment[0] += 1.0
        ts = post(slack, "d2")
        assert slack.deliveries() == {"d1": 1, "d2": 1}
        slack.workspace.tiers = True
        for _ in range(50):
            client(slack).chat_update(channel=slack.channel, ts=ts, text="x", blocks=RICH)
        assert refused(client(slack).chat_update, channel=slack.channel, ts=ts, text="x") == "ratelimited"


def test_history_may_lag_behind() -> None:
    moment = [1_800_000_000.0]
    with SlackLookalike(lag=5.0, now=lambda: moment[0]) as slack:
        post(slack)
        assert client(slack).conversations_history(channel=slack.channel)["messages"] == []
        moment[0] += 5.1
        assert len(client(slack).conversations_history(channel=slack.channel)["messages"]) == 1


def test_random_faults_repeat_with_their_seed() -> None:
    def story(seed: int) -> list[str | None]:
        with SlackLookalike() as slack:
            slack.fail_at_random(0.5, seed=seed, hows=("drop", "500"))
            for n in range(30):
                try:
                    post(slack, str(n))
                except (SlackApiError, OSError):
                    continue
            return [call["fault"] for call in slack.calls]

    assert story(1) == story(1)
    assert story(1) != story(2)
    assert {"drop before", "drop after", "500 before", "500 after", None} == set(story(1))


def test_runs_by_itself_and_its_log_survives_a_kill(tmp_path: Path) -> None:
    log = tmp_path / "calls.jsonl"
    command = [sys.executable, "-m", "alerts.testing.slack", "--port", "0", "--log", str(log)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        words = process.stdout.readline().split()
        url = words[words.index("api_url") + 2]
        web = WebClient("xoxb-look-alike", base_url=url, retry_handlers=[])
        web.chat_postMessage(channel="C0COMPLAINTS", text="x")
        process.kill()
    assert [(line["method"], line["stored"]) for line in read_log(log)] == [("chat.postMessage", True)]


def test_stores_nothing_of_a_caller_that_dies_while_speaking(slack: SlackLookalike) -> None:
    address = (urlsplit(slack.api_url).hostname, urlsplit(slack.api_url).port)
    with socket.create_connection(address) as dying:
        head = f"POST /api/chat.postMessage HTTP/1.1\r\nAuthorization: Bearer {slack.token}\r\n"
        body = f"channel={slack.channel}&text=hal"
        dying.sendall(f"{head}Content-Length: {len(body) + 2}\r\n\r\n{body}".encode())
        dying.shutdown(socket.SHUT_WR)
        assert dying.recv(1) == b""
    assert slack.calls == []
    assert slack.messages() == []


def test_leaves_nothing_hanging_when_it_stops() -> None:
    with SlackLookalike() as slack:
        slack.fail("timeout")
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{slack.api_url}api.test", timeout=0.2)
        assert slack.calls[0]["fault"] == "timeout before"
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{slack.api_url}api.test", timeout=0.2)
