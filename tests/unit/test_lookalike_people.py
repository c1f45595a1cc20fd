"""What people do in the look-alike, and what the real slack_bolt makes of it: clicks, modals, commands, Home."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from listener import bolt, button, card, field, home, listening, modal, options, web, words
from slack_sdk.errors import SlackApiError

from alerts.testing.clock import Clock
from alerts.testing.envelopes import Outcome
from alerts.testing.form import CannotDo
from alerts.testing.slack import SlackLookalike

ADA, BEN = "U0ADA", "U0BEN"
NOTE = field("note", {"type": "plain_text_input", "action_id": "text", "max_length": 20})
DAY = field("day", {"type": "datepicker", "action_id": "date"}, optional=True)
WHO = field("who", {"type": "users_select", "action_id": "owner"}, optional=True)
HOW = field(
    "how",
    {
        "type": "static_select",
        "action_id": "way",
        "options": options("refund", "reply"),
        "initial_option": options("reply")[0],
    },
)
TAGS = field("tags", {"type": "checkboxes", "action_id": "tag", "options": options("a", "b")}, optional=True)


@pytest.fixture
def slack() -> Iterator[SlackLookalike]:
    with SlackLookalike() as slack:
        slack.workspace.add_person(ADA, "Invented Ada", email="ada@acme.example")
        yield slack


@pytest.fixture
def root(slack: SlackLookalike) -> str:
    overflow = {"type": "overflow", "action_id": "more", "options": options("snooze", "escalate")}
    blocks = card(button("claim"), overflow)
    return str(web(slack).chat_postMessage(channel=slack.channel, text="card", blocks=blocks)["ts"])


def refused(call: Any, **more: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(**more)
    return str(caught.value.response["error"])


def opener(slack: SlackLookalike, root: str, view: dict[str, Any], user: str = ADA) -> str:
    """Open a modal, as an app that heard of a click would, and tell its id."""
    click = slack.people.click(root, "claim", user)
    trigger = click.payload["trigger_id"]
    return str(web(slack).views_open(trigger_id=trigger, view=view)["view"]["id"])


# ── messages ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_click_says_who_where_what_and_in_which_message(slack: SlackLookalike, root: str) -> None:
    app, bodies = bolt(slack), []

    @app.action("claim")
    def claim(ack: Any, body: dict[str, Any]) -> None:
        bodies.append(body)
        ack()

    with listening(slack, app):
        assert slack.people.click(root, "claim", ADA).wait().acked
        assert slack.people.click(root, "claim", ADA, value="7:0").wait().acked
        slack.until(lambda: len(bodies) == 2)
    body, stale = bodies
    assert body["user"]["id"] == ADA and body["user"]["name"] == "invented.ada"
    assert body["channel"]["id"] == slack.channel and body["container"]["message_ts"] == root
    assert body["message"]["text"] == "card"
    assert {key: body["actions"][0][key] for key in ("action_id", "block_id", "value", "type")} == {
        "action_id": "claim",
        "block_id": "do",
        "value": "7:1",
        "type": "button",
    }
    assert stale["actions"][0]["value"] == "7:0"
    assert body["actions"][0]["action_ts"] < stale["actions"][0]["action_ts"]
    assert slack.messages()[0]["blocks"] == card(
        button("claim"), slack.messages()[0]["blocks"][0]["elements"][1]
    )


def test_an_overflow_gives_its_option_and_nothing_else_can_be_chosen(
    slack: SlackLookalike, root: str
) -> None:
    app, chosen = bolt(slack), []

    @app.action("more")
    def more(ack: Any, action: dict[str, Any]) -> None:
        chosen.append(action["selected_option"]["value"])
        ack()

    with listening(slack, app):
        assert slack.people.click(root, "more", ADA, "escalate").wait().acked
    assert chosen == ["escalate"]
    for place, action, value in [(root, "more", "delete"), (root, "gone", None), ("1.000001", "claim", None)]:
        with pytest.raises(CannotDo):
            slack.people.click(place, action, ADA, value)
    assert len(slack.sockets.envelopes) == 1


def test_what_one_person_sees_only_that_person_can_click(slack: SlackLookalike, root: str) -> None:
    slack.workspace.person(BEN)
    ts = web(slack).chat_postEphemeral(
        channel=slack.channel, user=ADA, text="psst", blocks=card(button("undo"))
    )["message_ts"]
    assert [shown["text"] for shown in slack.whispers(ADA)] == ["psst"]
    assert slack.whispers(BEN) == []
    assert [m["ts"] for m in slack.messages()] == [root]
    click = slack.people.click(ts, "undo", ADA)
    assert click.payload["container"]["is_ephemeral"] and "message" not in click.payload
    with pytest.raises(CannotDo):
        slack.people.click(ts, "undo", BEN)
    assert refused(web(slack).chat_update, channel=slack.channel, ts=ts, text="x") == "message_not_found"


def test_response_url_answers_five_times_in_half_an_hour(root: str, slack: SlackLookalike) -> None:
    def post(url: str, **body: Any) -> dict[str, Any]:
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                told: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as fault:
            with fault:
                told = json.load(fault)
        return told

    clock = Clock(1_800_000_000.0)
    slack.workspace.now = clock
    click = slack.people.click(root, "claim", ADA)
    url = click.payload["response_url"]
    assert post(url, text="only you")["ok"]
    assert post(url, text="all of us", response_type="in_channel")["ok"]
    assert post(url, text="new card", replace_original=True)["ok"]
    assert post(url, text="")["error"] == "no_text"
    assert post(url, text="four")["ok"] and post(url, text="five")["ok"]
    assert post(url, text="six")["error"] == "used_url"
    assert [m["text"] for m in slack.messages()] == ["new card", "all of us"]
    assert [m["text"] for m in slack.whispers(ADA)] == ["only you", "four", "five"]
    assert len(click.replies) == 5
    other = slack.people.command("/complaints", "", BEN).payload["response_url"]
    clock.advance(1_801)
    assert post(other, text="too late")["error"] == "expired_url"
    assert len(slack.called("response_url")) == 8
    slack.fail("500", method="response_url")
    with pytest.raises(json.JSONDecodeError):
        post(other, text="x")


def test_a_bot_answers_a_command_within_its_acknowledgement_or_later(slack: SlackLookalike) -> None:
    app = bolt(slack)

    @app.command("/complaints")
    def complaints(ack: Any, command: dict[str, Any], respond: Any) -> None:
        ack(f"you asked for {command['text']}")
        respond(text="and here it is", response_type="in_channel")

    with listening(slack, app):
        typed = slack.people.command("/complaints", "queue", ADA).wait()
        slack.until(slack.messages)
    assert typed.acked
    assert {reply["text"] for reply in typed.replies} == {"you asked for queue", "and here it is"}
    assert [shown["text"] for shown in slack.whispers(ADA)] == ["you asked for queue"]
    assert [m["text"] for m in slack.messages()] == ["and here it is"]


def test_what_the_app_does_not_know_is_never_acknowledged(slack: SlackLookalike, root: str) -> None:
    slack.sockets.ack_within = 0.3
    with listening(slack, bolt(slack)):
        assert slack.people.click(root, "claim", ADA).wait().outcome is Outcome.NO_ANSWER
        assert slack.people.command("/unheard", "", ADA).wait().outcome is Outcome.NO_ANSWER


# ── modals ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_modal_is_opened_filled_in_and_submitted(slack: SlackLookalike, root: str) -> None:
    app, saved = bolt(slack), []

    @app.action("claim")
    def claim(ack: Any, body: dict[str, Any], client: Any) -> None:
        ack()
        view = modal(NOTE, HOW, DAY, WHO, TAGS, private_metadata="case 7")
        client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("promise")
    def promise(ack: Any, view: dict[str, Any]) -> None:
        saved.append(view)
        ack()

    with listening(slack, app):
        click = slack.people.click(root, "claim", ADA)
        slack.until(lambda: slack.modals(ADA))
        filled = {"text": "calls at noon", "date": "2026-03-02", "owner": BEN, "tag": ["a", "b"]}
        done = slack.people.submit(ADA, filled).wait()
    assert click.opened == [saved[0]["id"]]
    assert (done.acked, done.effect, slack.modals(ADA)) == (True, "closed", [])
    values = saved[0]["state"]["values"]
    assert values["note"]["text"] == {"type": "plain_text_input", "value": "calls at noon"}
    assert values["how"]["way"]["selected_option"]["value"] == "reply"
    assert values["day"]["date"]["selected_date"] == "2026-03-02"
    assert values["who"]["owner"]["selected_user"] == BEN
    assert [o["value"] for o in values["tags"]["tag"]["selected_options"]] == ["a", "b"]
    assert saved[0]["private_metadata"] == "case 7"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"text": ""},
        {"text": "x" * 21},
        {"text": "ok", "way": "bribe"},
        {"text": "ok", "unheard": "x"},
    ],
)
def test_a_person_cannot_submit_what_slack_would_not_let_them(
    slack: SlackLookalike, root: str, values: dict[str, Any]
) -> None:
    opener(slack, root, modal(NOTE, HOW))
    with pytest.raises(CannotDo):
        slack.people.submit(ADA, values)
    assert len(slack.sockets.envelopes) == 1


@pytest.mark.parametrize(
    ("answer", "effect", "titles"),
    [
        ({}, "closed", ["Promise"]),
        ({"response_action": "clear"}, "cleared", []),
        ({"response_action": "errors", "errors": {"note": "too vague"}}, "errors", ["Promise", "Promise"]),
        ({"response_action": "errors", "errors": {"elsewhere": "x"}}, "invalid", ["Promise", "Promise"]),
        (
            {"response_action": "update", "view": modal(title=words("Sure?"))},
            "updated",
            ["Promise", "Sure?"],
        ),
        (
            {"response_action": "push", "view": modal(title=words("And?"))},
            "pushed",
            ["Promise", "Promise", "And?"],
        ),
        (
            {"response_action": "update", "view": modal(title=words("x" * 25))},
            "invalid",
            ["Promise", "Promise"],
        ),
        ({"response_action": "dance"}, "invalid", ["Promise", "Promise"]),
    ],
)
def test_a_submitted_modal_does_what_the_answer_says(
    slack: SlackLookalike, root: str, answer: dict[str, Any], effect: str, titles: list[str]
) -> None:
    app = bolt(slack)
    app.view("promise")(lambda ack: ack(**answer))
    app.action("deeper")(lambda ack: ack())
    opener(slack, root, modal(*card(button("deeper"))))
    deeper = slack.people.click(slack.modals(ADA)[-1]["id"], "deeper", ADA)
    web(slack).views_push(trigger_id=deeper.payload["trigger_id"], view=modal(NOTE))
    with listening(slack, app):
        done = slack.people.submit(ADA, {"text": "soon"}).wait()
    assert (done.acked, done.effect) == (True, effect)
    assert done.answer == answer
    assert [view["title"]["text"] for view in slack.modals(ADA)] == titles
    if effect == "errors":
        assert done.errors == {"note": "too vague"}
        assert slack.modals(ADA)[-1]["state"]["values"]["note"]["text"]["value"] == "soon"


def test_a_modal_that_nobody_acknowledges_stays(slack: SlackLookalike, root: str) -> None:
    slack.sockets.ack_within = 0.2
    opener(slack, root, modal(NOTE))
    assert slack.people.submit(ADA, {"text": "soon"}).wait().outcome is Outcome.NO_ANSWER
    assert len(slack.modals(ADA)) == 1


def test_closing_is_told_to_those_who_asked(slack: SlackLookalike, root: str) -> None:
    opener(slack, root, modal())
    assert slack.people.dismiss(ADA) is None
    opener(slack, root, modal(notify_on_close=True))
    closed = slack.people.dismiss(ADA, clear=True)
    assert closed is not None
    assert (closed.payload["type"], closed.payload["is_cleared"]) == ("view_closed", True)
    assert slack.modals(ADA) == []
    with pytest.raises(CannotDo):
        slack.people.dismiss(ADA)


def test_a_trigger_is_good_once_and_for_three_seconds(slack: SlackLookalike, root: str) -> None:
    ticks = Clock(100.0)
    slack.workspace.ticks = ticks
    open_modal = web(slack).views_open
    trigger = slack.people.click(root, "claim", ADA).payload["trigger_id"]
    assert refused(open_modal, trigger_id=trigger, view={"type": "modal"}) == "invalid_arguments"
    open_modal(trigger_id=trigger, view=modal())
    assert refused(open_modal, trigger_id=trigger, view=modal()) == "exchanged_trigger_id"
    assert refused(open_modal, trigger_id="1.2.3", view=modal()) == "invalid_trigger_id"
    late = slack.people.click(root, "claim", ADA).payload["trigger_id"]
    ticks.advance(3.1)
    assert refused(open_modal, trigger_id=late, view=modal()) == "expired_trigger_id"


def test_modals_pile_up_to_three(slack: SlackLookalike, root: str) -> None:
    deeper = modal(*card(button("deeper")))
    view = opener(slack, root, deeper)
    outside = slack.people.click(root, "claim", ADA).payload["trigger_id"]
    assert refused(web(slack).views_push, trigger_id=outside, view=deeper) == "not_found"
    for depth in (2, 3):
        trigger = slack.people.click(view, "deeper", ADA).payload["trigger_id"]
        view = web(slack).views_push(trigger_id=trigger, view=deeper)["view"]["id"]
        assert len(slack.modals(ADA)) == depth
    trigger = slack.people.click(view, "deeper", ADA).payload["trigger_id"]
    assert refused(web(slack).views_push, trigger_id=trigger, view=deeper) == "push_limit_reached"
    assert slack.modals(ADA)[1]["previous_view_id"] == slack.modals(ADA)[0]["id"]
    slack.people.dismiss(ADA)
    assert len(slack.modals(ADA)) == 2


def test_a_modal_is_changed_only_by_who_knows_its_latest_hash(slack: SlackLookalike, root: str) -> None:
    view_id = opener(slack, root, modal(NOTE, DAY, external_id="case-7"))
    first = slack.modals(ADA)[-1]["hash"]
    slack.workspace.person(BEN)
    again = slack.people.click(root, "claim", BEN).payload["trigger_id"]
    assert (
        refused(web(slack).views_open, trigger_id=again, view=modal(external_id="case-7"))
        == "duplicate_external_id"
    )
    update = web(slack).views_update
    changed = update(external_id="case-7", hash=first, view=modal(NOTE, HOW, external_id="case-7"))["view"]
    assert changed["id"] == view_id and changed["hash"] != first
    assert set(changed["state"]["values"]) == {"note", "how"}
    assert refused(update, view_id=view_id, hash=first, view=modal()) == "hash_conflict"
    stale = slack.people.submit(ADA, {"text": "soon"}, stale=first)
    assert stale.payload["view"]["hash"] == first
    slack.people.dismiss(ADA)
    assert refused(update, view_id=view_id, view=modal()) == "not_found"


def test_what_was_filled_in_stays_when_the_modal_is_drawn_anew(slack: SlackLookalike, root: str) -> None:
    way = {"type": "static_select", "action_id": "way", "options": options("refund", "reply")}
    blocks = (field("how", way, dispatch_action=True), NOTE)
    view_id = opener(slack, root, modal(*blocks))
    choice = slack.people.click(view_id, "way", ADA, "refund")
    assert choice.payload["view"]["state"]["values"]["how"]["way"]["selected_option"]["value"] == "refund"
    web(slack).views_update(view_id=view_id, view=modal(*blocks, {"type": "divider"}))
    done = slack.people.submit(ADA, {"text": "soon"})
    assert done.payload["view"]["state"]["values"]["how"]["way"]["selected_option"]["value"] == "refund"


def test_a_menu_may_ask_the_app_for_its_options(slack: SlackLookalike, root: str) -> None:
    app = bolt(slack)
    app.options("customer")(lambda ack, payload: ack(options=options(payload["value"] + "!")))
    search = field("who", {"type": "external_select", "action_id": "customer", "min_query_length": 2})
    opener(slack, root, modal(search))
    with listening(slack, app):
        asked = slack.people.suggest(ADA, "customer", "fred").wait()
    assert [option["value"] for option in asked.answer["options"]] == ["fred!"]
    done = slack.people.submit(ADA, {"customer": asked.answer["options"][0]})
    assert done.payload["view"]["state"]["values"]["who"]["customer"]["selected_option"]["value"] == "fred!"


# ── Home ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_home_is_published_when_it_is_opened_and_can_be_clicked(slack: SlackLookalike) -> None:
    app, clicked = bolt(slack), []

    @app.event("app_home_opened")
    def opened(event: dict[str, Any], client: Any) -> None:
        client.views_publish(user_id=event["user"], view=home(*card(button("page"))))

    @app.action("page")
    def page(ack: Any, body: dict[str, Any]) -> None:
        ack()
        clicked.append(body["view"]["type"])

    with listening(slack, app):
        event = slack.people.open_home(ADA)
        view = slack.until(lambda: slack.home(ADA))
        assert slack.people.click(view["id"], "page", ADA).wait().acked
        slack.until(lambda: clicked)
    assert event is not None and event.wait().acked
    assert clicked == ["home"]
    assert slack.home(BEN) is None
    with pytest.raises(CannotDo):
        slack.people.click(view["id"], "page", BEN)


def test_home_is_changed_only_by_who_knows_its_latest_hash(slack: SlackLookalike) -> None:
    publish = web(slack).views_publish
    first = publish(user_id=ADA, view=home())["view"]
    second = publish(user_id=ADA, view=home(), hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    assert refused(publish, user_id=ADA, view=home(), hash=first["hash"]) == "hash_conflict"
    assert refused(publish, user_id="U0NOBODY", view=home()) == "invalid_arguments"
    assert refused(publish, user_id=ADA, view=modal()) == "invalid_arguments"
    slack.workspace.home_tab = False
    assert refused(publish, user_id=ADA, view=home()) == "not_enabled"


# ── what befalls the app ─────────────────────────────────────────────────────────────────────────────────


def test_only_subscribed_events_are_sent(slack: SlackLookalike) -> None:
    slack.people.write("hello", ADA)
    slack.people.archive()
    slack.people.unarchive()
    assert slack.sockets.envelopes == []
    slack.workspace.events |= {"message", "channel_archive", "member_left_channel"}
    ts = slack.people.write("hello again", ADA, thread_ts=slack.messages()[0]["ts"])
    slack.people.archive()
    slack.people.remove_bot()
    events = [envelope.payload["event"] for envelope in slack.sockets.envelopes]
    assert [event["type"] for event in events] == ["message", "channel_archive", "member_left_channel"]
    assert events[0]["ts"] == ts
    assert [m["text"] for m in slack.thread(slack.messages()[0]["ts"])] == ["hello", "hello again"]


def test_a_revoked_token_and_a_removed_app_are_told_and_refused(slack: SlackLookalike) -> None:
    slack.people.revoke(slack.token)
    assert refused(web(slack).auth_test) == "token_revoked"
    slack.people.uninstall()
    assert [e.payload["event"]["type"] for e in slack.sockets.envelopes] == [
        "tokens_revoked",
        "app_uninstalled",
    ]
