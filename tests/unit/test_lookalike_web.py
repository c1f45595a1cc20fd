"""The Web API of the look-alike, by the real SDK: channels, people, whispers, limits, and what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from listener import button, card, field, home, modal, options, web, words
from slack_sdk.errors import SlackApiError

from alerts.testing.clock import Clock
from alerts.testing.limits import refusal, view_refusal
from alerts.testing.slack import SlackLookalike
from alerts.testing.tiers import PER_MINUTE
from alerts.testing.web import CONNECT, METHODS
from alerts.testing.workspace import SCOPES, Channel

Judge = Callable[..., list[str]]
ADA, BEN, BOT = "U0ADA", "U0BEN", "U0MONITOR"
TEXT = {"type": "plain_text_input", "action_id": "text"}


@pytest.fixture
def slack() -> Iterator[SlackLookalike]:
    with SlackLookalike() as slack:
        slack.workspace.add_person(ADA, "Invented Ada", email="ada@acme.example")
        slack.workspace.add_person(BEN, "Made-up Ben")
        yield slack


def grant(slack: SlackLookalike, *scopes: str) -> None:
    slack.workspace.tokens[slack.token] = SCOPES | set(scopes)


def answer(call: Any, **more: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(**more)
    told: dict[str, Any] = caught.value.response.data
    return told


def refused(call: Any, **more: Any) -> str:
    return str(answer(call, **more)["error"])


# ── channels ─────────────────────────────────────────────────────────────────────────────────────────────


def test_channels_are_listed_by_kind_and_by_who_is_in_them(slack: SlackLookalike) -> None:
    grant(slack, "im:read", "chat:write")
    place = slack.workspace.channels
    place["C0CLOSED000"] = Channel("C0CLOSED000", name="closed", archived=True)
    place["C0OUTSIDE00"] = Channel("C0OUTSIDE00", name="outside", member=False)
    place["C0PRIVATE00"] = Channel("C0PRIVATE00", name="private", private=True, people={ADA})
    place["C0SECRET000"] = Channel("C0SECRET000", name="secret", private=True, member=False)
    client = web(slack)
    client.chat_postMessage(channel=ADA, text="x")

    def ids(found: Any) -> list[str]:
        return [channel["id"] for channel in found["channels"]]

    everything = "public_channel,private_channel,im"
    assert ids(client.conversations_list()) == [slack.channel, "C0CLOSED000", "C0OUTSIDE00"]
    assert ids(client.conversations_list(exclude_archived=True, types=everything)) == [
        slack.channel,
        "C0OUTSIDE00",
        "C0PRIVATE00",
        "D00ADA",
    ]
    assert ids(client.users_conversations(types=everything)) == [
        slack.channel,
        "C0CLOSED000",
        "C0PRIVATE00",
        "D00ADA",
    ]
    assert "C0PRIVATE00" not in ids(client.users_conversations(user=BEN, types=everything))
    assert refused(client.users_conversations, user="U0NOBODY") == "user_not_found"
    assert refused(client.conversations_list, types="secret_ones") == "invalid_types"
    assert answer(client.conversations_list, types="mpim")["needed"] == "mpim:read"


def test_members_are_told_page_by_page(slack: SlackLookalike) -> None:
    client = web(slack)
    slack.workspace.channels["C0FEW000000"] = Channel("C0FEW000000", people={BEN}, member=False)
    first = client.conversations_members(channel=slack.channel, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = client.conversations_members(channel=slack.channel, limit=2, cursor=cursor)
    assert first["members"] + second["members"] == [ADA, BEN, BOT]
    assert second["response_metadata"]["next_cursor"] == ""
    assert client.conversations_members(channel="C0FEW000000")["members"] == [BEN]
    info = client.conversations_info(channel=slack.channel, include_num_members=True)
    assert info["channel"]["num_members"] == 3
    assert refused(client.conversations_members, channel="C0UNKNOWN00") == "channel_not_found"
    assert refused(client.conversations_members, channel=slack.channel, cursor="?") == "invalid_cursor"
    assert refused(client.conversations_members, channel=slack.channel, limit="many") == "invalid_limit"


def test_the_bot_comes_into_a_channel_and_out_of_it(slack: SlackLookalike) -> None:
    client = web(slack)
    slack.people.remove_bot()
    assert refused(client.chat_postMessage, channel=slack.channel, text="x") == "not_in_channel"
    assert refused(client.conversations_join, channel=slack.channel) == "missing_scope"
    grant(slack, "channels:join")
    assert "warning" not in client.conversations_join(channel=slack.channel).data
    assert client.conversations_join(channel=slack.channel)["warning"] == "already_in_channel"
    client.chat_postMessage(channel=slack.channel, text="x")
    slack.people.archive()
    assert refused(client.conversations_join, channel=slack.channel) == "is_archived"
    assert refused(client.chat_postMessage, channel=slack.channel, text="x") == "is_archived"
    slack.people.unarchive()
    slack.people.remove_bot()
    slack.people.invite_bot()
    assert client.conversations_info(channel=slack.channel)["channel"]["is_member"]


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_is_written_to_by_id_but_not_read(slack: SlackLookalike) -> None:
    client = web(slack)
    sent = client.chat_postMessage(channel=ADA, text="the bot was thrown out")
    assert sent["channel"] == "D00ADA"
    assert [m["text"] for m in slack.messages("D00ADA")] == ["the bot was thrown out"]
    assert answer(client.conversations_history, channel="D00ADA")["needed"] == "im:history"
    assert refused(client.chat_postMessage, channel="U0NOBODY", text="x") == "channel_not_found"


def test_a_whisper_needs_both_in_the_channel(slack: SlackLookalike) -> None:
    slack.workspace.channels["C0FEW000000"] = Channel("C0FEW000000", people={BEN})
    whisper = web(slack).chat_postEphemeral
    assert refused(whisper, channel="C0FEW000000", user=ADA, text="x") == "user_not_in_channel"
    assert refused(whisper, channel=slack.channel, user="U0NOBODY", text="x") == "user_not_in_channel"
    empty = {"channel": slack.channel, "user": ADA}
    assert refused(lambda: web(slack).api_call("chat.postEphemeral", json=empty)) == "no_text"
    whisper(channel="C0FEW000000", user=BEN, text="x", thread_ts="1.000001")
    assert slack.whispers(BEN)[0]["thread_ts"] == "1.000001"
    slack.people.remove_bot()
    assert refused(whisper, channel=slack.channel, user=ADA, text="x") == "not_in_channel"


def test_history_tells_threads_broadcasts_and_what_was_deleted(slack: SlackLookalike) -> None:
    client, channel = web(slack), slack.channel
    root = client.chat_postMessage(channel=channel, text="card")["ts"]
    lone = client.chat_postMessage(channel=channel, text="lone")["ts"]
    client.chat_postMessage(channel=channel, text="quiet", thread_ts=root)
    loud = client.chat_postMessage(channel=channel, text="loud", thread_ts=root, reply_broadcast=True)["ts"]
    rows = client.conversations_history(channel=channel)["messages"]
    assert [row["text"] for row in rows] == ["loud", "lone", "card"]
    assert (rows[2]["reply_count"], rows[2]["latest_reply"], rows[2]["thread_ts"]) == (2, loud, root)
    slack.people.delete(root)
    client.chat_delete(channel=channel, ts=lone)
    rows = client.conversations_history(channel=channel)["messages"]
    assert [row.get("subtype") for row in rows] == ["thread_broadcast", "tombstone"]
    assert len(client.conversations_replies(channel=channel, ts=root)["messages"]) == 3
    assert refused(client.chat_update, channel=channel, ts=root, text="x") == "message_not_found"
    assert refused(client.conversations_replies, channel=channel, ts=lone) == "thread_not_found"
    theirs = slack.people.write("mine", ADA)
    assert refused(client.chat_delete, channel=channel, ts=theirs) == "cant_delete_message"
    assert refused(client.chat_update, channel=channel, ts=theirs, text="x") == "cant_update_message"


def test_says_which_argument_and_which_block_is_amiss(slack: SlackLookalike) -> None:
    told = answer(lambda: web(slack).api_call("chat.update", json={"channel": slack.channel}))
    assert told["error"] == "invalid_arguments"
    assert told["response_metadata"]["messages"] == ["[ERROR] missing required field: ts"]
    blocks = [{"type": "divider"}, {"type": "alert"}]
    told = answer(web(slack).chat_postMessage, channel=slack.channel, text="x", blocks=blocks)
    assert told["response_metadata"]["messages"][0].endswith("[json-pointer:/blocks/1]")


# ── people and tokens ────────────────────────────────────────────────────────────────────────────────────


def test_people_are_found_by_id_and_by_mail(slack: SlackLookalike) -> None:
    client = web(slack)
    assert client.users_info(user=ADA)["user"]["real_name"] == "Invented Ada"
    assert client.users_info(user=ADA)["user"]["tz"] == "Europe/London"
    assert [user["id"] for user in client.users_list()["members"]] == [ADA, BEN]
    told = answer(client.users_lookupByEmail, email="ada@acme.example")
    assert (told["error"], told["needed"]) == ("missing_scope", "users:read.email")
    assert told["provided"] == ",".join(sorted(SCOPES))
    grant(slack, "users:read.email")
    assert client.users_lookupByEmail(email="ADA@acme.example")["user"]["id"] == ADA
    assert refused(client.users_lookupByEmail, email="nobody@acme.example") == "users_not_found"


def test_each_token_is_good_for_its_own_kind_of_call(slack: SlackLookalike) -> None:
    assert refused(web(slack, slack.app_token).auth_test) == "not_allowed_token_type"
    slack.workspace.revoked = frozenset({slack.token})
    assert refused(web(slack).auth_test) == "token_revoked"


# ── limits of pace ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("method", ["chat.update", "conversations.list", "views.publish"])
def test_each_method_has_its_own_tier(method: str) -> None:
    clock = Clock(1_800_000_000.0)
    with SlackLookalike(now=clock, tiers=True) as slack:
        slack.workspace.add_person(ADA)
        client = web(slack)

        def call(name: str) -> Any:
            return client.api_call(name, json={"user_id": ADA, "view": home(), "channel": "C", "ts": "1.0"})

        for _ in range(PER_MINUTE[method]):
            try:
                call(method)
            except SlackApiError as fault:
                assert fault.response["error"] == "channel_not_found"  # counted all the same
        clock.advance(59.5)
        with pytest.raises(SlackApiError) as caught:
            call(method)
        assert caught.value.response.status_code == 429
        assert caught.value.response["error"] == "ratelimited"
        assert caught.value.response.headers["Retry-After"] == "1"
        assert slack.workspace.meter.refused == {method: 1}
        call("auth.test")
        clock.advance(1.0)
        assert method == "chat.update" or call(method)["ok"]


def test_a_clock_stands_runs_and_is_put_forward() -> None:
    clock = Clock(1_000.0)
    assert clock() == clock() == 1_000.0
    clock.advance(60.0)
    assert clock() == 1_060.0
    clock.run(3_600.0)
    first = clock()
    assert first >= 1_060.0
    clock.run(0.0)
    assert clock() == clock() >= first


# ── limits of size ───────────────────────────────────────────────────────────────────────────────────────


def menu(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "m", "options": options("a"), **more}


OVERFLOW = {"type": "overflow", "action_id": "more", "options": options("a")}
CONFIRM = {"title": words("Sure?"), "text": words("Really"), "confirm": words("Yes"), "deny": words("No")}


TAKEN = [
    menu(),
    menu(options=options("a", "b"), initial_option=options("b")[0], placeholder=words("choose")),
    OVERFLOW,
    {**button("x"), "confirm": CONFIRM},
    {"type": "users_select", "action_id": "u", "initial_user": ADA},
    {"type": "datepicker", "action_id": "d", "initial_date": "2026-03-02"},
    {"type": "checkboxes", "action_id": "c", "options": options("a")},
    {"type": "multi_static_select", "action_id": "m", "options": options("a"), "max_selected_items": 1},
]


@pytest.mark.parametrize(
    "element",
    TAKEN,
)
def test_takes_the_elements_that_slack_takes(element: dict[str, Any]) -> None:
    assert refusal(card(element), "x", updating=False) is None
    section = {"type": "section", "text": words("x"), "accessory": element}
    assert view_refusal(home(section), "home") is None
    assert view_refusal(modal(section), "modal") is None


REFUSED = [
    {**OVERFLOW, "options": options(*"abcdef")},
    {**OVERFLOW, "options": []},
    menu(options=options("x" * 151)),
    menu(options=options(*map(str, range(101)))),
    menu(initial_option=options("b")[0]),
    menu(option_groups=[]),
    menu(colour="red"),
    menu(placeholder=words("x" * 151)),
    {**button("x"), "confirm": {**CONFIRM, "deny": words("x" * 31)}},
    {**button("x"), "confirm": {"title": words("Sure?")}},
    {**button("x"), "action_id": "x" * 256},
    {"type": "plain_text_input", "action_id": "typed"},
    {"type": "checkboxes", "action_id": "c", "options": options(*map(str, range(11)))},
]


@pytest.mark.parametrize(
    "element",
    REFUSED,
)
def test_refuses_the_elements_that_slack_refuses(element: dict[str, Any]) -> None:
    assert refusal(card(element), "x", updating=False) == "invalid_blocks"


REFUSED_VIEWS = [
    (modal(*[{"type": "divider"}] * 101), "modal", "/view/blocks"),
    (modal(title=words("x" * 25)), "modal", "/view/title"),
    (modal(close=words("x" * 25)), "modal", "/view/close"),
    ({"type": "modal", "blocks": [{"type": "divider"}]}, "modal", "/view/title"),
    (
        {"type": "modal", "title": words("x"), "blocks": [field("a", TEXT)]},
        "modal",
        "/view",
    ),
    (modal(private_metadata="x" * 3_001), "modal", "/view/private_metadata"),
    (modal(callback_id="x" * 256), "modal", "/view/callback_id"),
    (modal(colour="red"), "modal", "/view"),
    (modal({"type": "divider"}, {"type": "markdown", "text": "x"}), "modal", "/view/blocks/1"),
    (modal(field("a", TEXT), field("a", TEXT)), "modal", "/view/blocks/1"),
    (modal(field("a", button("x"))), "modal", "/view/blocks/0"),
    (modal(field("a", {**TEXT, "max_length": 3_001})), "modal", "/view/blocks/0"),
    (home({"type": "markdown", "text": "x"}), "home", "/view/blocks/0"),
    (home({"type": "table", "rows": []}), "home", "/view/blocks/0"),
    (home({"type": "data_visualization"}), "home", "/view/blocks/0"),
    ({**home(), "title": words("x")}, "home", "/view"),
    ({"type": "home", "blocks": []}, "home", "/view/blocks"),
    (home(), "modal", "/view/type"),
    ("not json", "home", "/view"),
]


@pytest.mark.parametrize(
    ("view", "kind", "where"),
    REFUSED_VIEWS,
)
def test_refuses_views_that_slack_refuses(view: Any, kind: str, where: str) -> None:
    refused = view_refusal(view, kind)
    assert refused is not None and refused[0] == "invalid_arguments"
    assert refused[1].endswith(f"[json-pointer:{where}]")


def bars(**more: Any) -> dict[str, Any]:
    points = [{"label": "Mon", "value": 3}, {"label": "Tue", "value": 0}]
    drawn = {"type": "bar", "series": [{"name": "complaints", "data": points}]}
    return {**drawn, "axis_config": {"categories": ["Mon", "Tue"]}, **more}


def _many(count: int, label: str = "p", value: Any = 1) -> dict[str, Any]:
    names = [label if count == 1 else f"{label}{n}" for n in range(count)]
    points = [{"label": name, "value": value} for name in names]
    return {"series": [{"name": "complaints", "data": points}], "axis_config": {"categories": names}}


def pie(*values: float) -> dict[str, Any]:
    return {"type": "pie", "segments": [{"label": f"s{n}", "value": v} for n, v in enumerate(values)]}


@pytest.mark.parametrize(
    ("chart", "taken"),
    [
        (bars(), True),
        (bars(type="line"), True),
        (pie(1, 2.5), True),
        (pie(), False),
        (pie(1, 0), False),
        (pie(*[1] * 7), False),
        (bars(series=[]), False),
        (bars(series=bars()["series"] * 2), False),
        (bars(axis_config={"categories": ["Mon"]}), False),
        (bars(axis_config={"categories": ["Mon", "Tue"], "x_label": "x" * 51}), False),
        (bars(type="radar"), False),
        (bars(**_many(20)), True),
        (bars(**_many(21)), False),
        (bars(**_many(1, "x" * 20)), True),
        (bars(**_many(1, "x" * 21)), False),
        (bars(**_many(1, value="3")), False),
        (bars(**_many(1, value=True)), False),
        (bars(series=[{**bars()["series"][0], "name": "x" * 21}]), False),
        (bars(series=[{**bars()["series"][0], "name": f"s{n}"} for n in range(7)]), False),
        ("bars", False),
    ],
)
def test_charts_are_measured_too(chart: Any, taken: bool) -> None:
    block = {"type": "data_visualization", "title": "This week", "chart": chart}
    assert refusal([block], "x", updating=False) == (None if taken else "invalid_blocks")
    assert refusal([block] * 3, "x", updating=False) == "invalid_blocks"


def test_a_title_of_a_chart_has_fifty_characters() -> None:
    block = {"type": "data_visualization", "title": "x" * 50, "chart": bars()}
    assert refusal([block], "x", updating=False) is None
    assert refusal([{**block, "title": "x" * 51}], "x", updating=False) == "invalid_blocks"


def test_a_view_may_be_too_large_as_a_whole() -> None:
    section = {"type": "section", "text": words("x" * 3_000)}
    assert view_refusal(home(*[section] * 80), "home") is None
    assert view_refusal(home(*[section] * 90), "home") == ("view_too_large", "")


# ── against Slack's documentation ────────────────────────────────────────────────────────────────────────


def documented(test_data: Path) -> dict[str, dict[str, Any]]:
    folder = test_data / "slack-judge" / "methods"
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
    return {name: told for name, told in found.items() if "args" in told and not name.startswith("files.")}


def test_knows_every_documented_method_with_its_tier_and_required_arguments(test_data: Path) -> None:
    methods = documented(test_data)
    assert len(methods) >= 15
    for name, told in methods.items():
        assert name in METHODS or name == CONNECT
        required = {arg for arg, about in told["args"].items() if about.get("required")}
        assert name == CONNECT or set(METHODS[name][1]) == required, name
        if most := re.search(r"(\d+)\+ per minute", told["rate_limit"]["label"]):
            assert PER_MINUTE[name] == int(most[1]), name


def test_every_scope_asked_for_is_the_documented_one(test_data: Path) -> None:
    for name, told in documented(test_data).items():
        scopes = {scope["name"] for scope in told["scopes"].get("bot", ())}
        if not scopes:
            continue
        with SlackLookalike() as slack:
            slack.workspace.add_person(ADA)
            slack.workspace.tokens[slack.token] = frozenset()
            args = {"channel": slack.channel, "user": ADA, "ts": "1.0", "email": "x", "text": "x"}
            said = answer(lambda name=name, args=args: web(slack).api_call(name, json=args))
            assert said["error"] == "missing_scope", name
            assert set(said["needed"].split(",")) <= scopes, name


def test_the_judge_takes_what_is_taken_and_refuses_what_is_refused(judge: Judge) -> None:
    """Two readings of the same documentation, by different hands."""
    for element in TAKEN:
        assert judge(card(element), surface="message") == [], element
    for element in REFUSED:
        # Slack's types tell neither the length of a placeholder nor that a first choice is one of the options.
        if not {"placeholder", "initial_option"} & set(element):
            assert judge(card(element), surface="message") != [], element
    for view, _, where in REFUSED_VIEWS:
        if where != "/view/type" and isinstance(view, dict):
            assert judge(view) != [], view
