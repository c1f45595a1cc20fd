"""What people do in Slack, over real HTTP and WebSocket with the real slack_bolt: moves, windows, whispers."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk import ANA, BEN, EVE, Desk, now

from alerts.testing.slack import SlackLookalike
from monitor.core.cases import Action
from monitor.core.errors import StoreError
from monitor.core.gestures import Answer, Gesture, Nothing, Submitted
from monitor.core.message import OutboxState
from monitor.core.model import State
from monitor.pace import Pace
from monitor.recover import move


@pytest.fixture
def slack() -> Iterator[SlackLookalike]:
    with SlackLookalike() as slack:
        yield slack


@pytest.fixture
def desk(tmp_path: Path, slack: SlackLookalike) -> Iterator[Desk]:
    with Desk(tmp_path, slack) as desk:
        yield desk


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_claim_is_acknowledged_made_and_shown_on_the_card(desk: Desk, slack: SlackLookalike) -> None:
    click = slack.people.click(desk.card(), "claim", ANA).wait()
    assert click.acked
    desk.until(lambda: desk.done() == [(ANA, "claim")])
    desk.deliver()
    card = next(message for message in slack.messages() if message["ts"] == desk.card())
    assert f"<@{ANA}>" in str(card["blocks"])
    assert slack.thread(desk.card())[0]["ts"] == desk.card()
    assert len(slack.thread(desk.card())) == 2
    assert slack.whispers(ANA) == []


def test_of_two_people_who_claim_one_is_told_who_was_faster(desk: Desk, slack: SlackLookalike) -> None:
    first, second = desk.press("claim", ANA, revision=1), desk.press("claim", BEN, revision=1)
    assert first.wait().acked and second.wait().acked
    ((winner, _),) = desk.until(desk.done)
    loser = BEN if winner == ANA else ANA
    assert f"<@{winner}> was faster: claimed" in desk.told(loser)
    assert f"and <@{winner}> has it" in desk.told(loser)
    assert slack.whispers(winner) == []
    assert desk.done() == [(winner, "claim")]


def test_whoever_claims_twice_has_it_once_and_is_told_nothing(desk: Desk, slack: SlackLookalike) -> None:
    clicks = [desk.press("claim", ANA, revision=1) for _ in range(2)]
    assert all(click.wait().acked for click in clicks)
    desk.until(desk.done)
    assert desk.press("claim", BEN, revision=1).wait().acked
    desk.told(BEN)
    assert desk.done() == [(ANA, "claim")]
    assert slack.whispers(ANA) == []


def test_what_slack_sends_twice_is_one_move(desk: Desk, slack: SlackLookalike) -> None:
    click = desk.press("claim").wait()
    slack.sockets.send(click)
    desk.until(lambda: len(click.acks) == 2 and desk.done())
    desk.press("release").wait()
    desk.until(lambda: len(desk.done()) == 2)
    assert desk.done() == [(ANA, "claim"), (ANA, "release")]


def test_two_processes_that_hear_the_same_press_make_one_move(
    desk: Desk, slack: SlackLookalike, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    other = Desk(tmp_path / "other", slack, customers=0, store=desk.store)
    other.inbound.start(desk.clicks)
    try:
        desk.until(lambda: other.connected() and len(slack.sockets.open) == 2)
        click = desk.press("claim").wait()
        slack.sockets.send(click)
        desk.until(lambda: len(click.acks) == 2)
        assert len({attempt.socket for attempt in click.attempts}) == 2
        desk.until(desk.done)
    finally:
        other.inbound.stop()
    assert desk.done() == [(ANA, "claim")]


def test_a_stale_press_draws_the_card_anew(desk: Desk, slack: SlackLookalike) -> None:
    move(desk.store, 1, Action.DISMISS, "Dora", now(), note="a joke")
    desk.press("claim", revision=1).wait()
    assert "Dora was faster: dismissed" in desk.told()
    assert "Case 1 is dismissed now" in desk.told()
    desk.deliver()
    assert slack.called("chat.update")[-1]["stored"]
    assert desk.case().state is State.DISMISSED


def test_what_the_case_does_not_allow_is_said(desk: Desk, slack: SlackLookalike) -> None:
    desk.press("release").wait()
    assert "cannot be given back now" in desk.told()
    assert desk.done() == []


def test_the_link_to_the_source_and_what_nobody_knows_change_nothing(
    desk: Desk, slack: SlackLookalike
) -> None:
    slack.people.click(desk.card(), "more_modal", ANA, "dance:1:1").wait()
    assert "older version" in desk.told()
    slack.people.click(desk.card(), "more_modal", BEN, "gibberish").wait()
    assert "older version" in desk.told(BEN)
    assert desk.done() == []


# ── cards that are not ours, and cards that were lost ────────────────────────────────────────────────────


def test_a_card_of_another_database_is_answered_politely(desk: Desk, slack: SlackLookalike) -> None:
    slack.people.click(desk.card(), "more_modal", ANA, "claim:999:1").wait()
    assert "not in this database" in desk.told()
    desk.press("claim", BEN, revision=50).wait()
    assert "not in this database" in desk.told(BEN)
    stranger = dict(slack.workspace.channels[slack.channel].messages[desk.card()]["metadata"])
    stranger["event_payload"] = {"delivery_id": "somebody-else", "case_id": 1}
    slack.workspace.channels[slack.channel].messages[desk.card()]["metadata"] = stranger
    desk.press("claim", EVE).wait()
    assert "not in this database" in desk.told(EVE)
    assert desk.done() == []


def test_a_press_finds_the_card_again_that_the_outbox_had_lost(tmp_path: Path, slack: SlackLookalike) -> None:
    """Slack took the post, its answer got lost, and history does not show it yet."""
    # on a busy machine looks as quick as the other tests' would give it up before the press
    desk = Desk(tmp_path, slack, customers=1, pace=Pace(verify_after=(timedelta(hours=1),)))
    slack.workspace.lag = 3600.0
    slack.fail("drop", after=True, method="chat.postMessage")
    desk.deliverer.drain(timedelta(0))
    with desk.store.read() as tx:
        row = tx.card_of(1, "slack")
    assert row is not None and (row.state, row.receipt) == (OutboxState.UNKNOWN, None)
    (stored,) = slack.messages()
    desk.inbound.start(desk.clicks)
    desk.until(desk.connected)
    try:
        slack.people.click(stored["ts"], "claim", ANA).wait()
        desk.until(desk.done)
        assert desk.card() == stored["ts"]
        desk.deliver()
    finally:
        desk.close()
    assert len([call for call in slack.called("chat.postMessage") if not call["body"].get("thread_ts")]) == 1
    assert slack.called("chat.update")[-1]["body"]["ts"] == stored["ts"]


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────────

TOMORROW = int((now() + timedelta(days=1)).timestamp())
FORMS: dict[str, dict[str, Any]] = {
    "contact": {"text": "We are sorry, the refund is on its way.", "link": "https://reviews.example/1"},
    "recover": {"how": "refund", "note": "quick"},
    "lose": {"reason": "went to another roaster"},
    "dismiss": {"reason": "a joke", "erred": ["yes"]},
    "note": {"note": "knows the owner"},
    "snooze": {"until": TOMORROW, "note": "they are away"},
    "escalate": {"reason": "asks for the manager"},
    "hand_over": {"person": BEN},
    "promise": {"what": "a call", "until": TOMORROW},
    "link": {"other": "2"},
}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_opens_is_filled_in_and_becomes_its_move(
    desk: Desk, slack: SlackLookalike, name: str
) -> None:
    slack.workspace.person(BEN)
    click = desk.press(name).wait()
    assert click.acked
    desk.modal(name)
    sent = slack.people.submit(ANA, FORMS[name]).wait()
    assert (sent.effect, sent.errors) == ("cleared", {})
    assert slack.modals(ANA) == []
    assert desk.done() == [(ANA, name)]
    first = [call["method"] for call in slack.calls if call["method"].startswith("views.")]
    assert first == ["views.open", "views.update"], "a window that waits is there before anything slow"


def test_the_fields_arrive_in_the_history(desk: Desk, slack: SlackLookalike) -> None:
    desk.press("promise").wait()
    desk.modal("promise")
    slack.people.submit(ANA, FORMS["promise"]).wait()
    (promise,) = desk.file().promises
    assert (promise.what, int(promise.due.timestamp()), promise.made_by) == ("a call", TOMORROW, ANA)
    desk.press("keep").wait()
    desk.until(lambda: desk.file().promises[0].outcome == "kept")
    assert slack.modals(ANA) == [], "there is one promise that it can mean"


def test_of_several_promises_a_form_asks_which(desk: Desk, slack: SlackLookalike) -> None:
    for what in ("a call", "a refund"):
        desk.press("promise").wait()
        desk.modal("promise")
        slack.people.submit(ANA, {"what": what, "until": TOMORROW}).wait()
    desk.press("break").wait()
    desk.modal("break")
    chosen = str(desk.file().promises[1].id)
    assert slack.people.submit(ANA, {"promise": chosen}).wait().effect == "cleared"
    assert [one.outcome for one in desk.file().promises] == [None, "broken"]


def test_what_is_wrong_is_shown_below_its_field_and_may_be_mended(desk: Desk, slack: SlackLookalike) -> None:
    desk.press("promise").wait()
    desk.modal("promise")
    past = int((now() - timedelta(hours=1)).timestamp())
    sent = slack.people.submit(ANA, {"what": "a call", "until": past}).wait()
    assert (sent.effect, list(sent.errors)) == ("errors", ["until"])
    assert "time has passed" in sent.errors["until"]
    assert slack.people.submit(ANA, {"until": TOMORROW}).wait().effect == "cleared"
    assert [one.what for one in desk.file().promises] == ["a call"]


def test_a_form_that_was_overtaken_keeps_what_was_written_and_may_be_sent_again(
    desk: Desk, slack: SlackLookalike
) -> None:
    desk.press("contact").wait()
    desk.modal("contact")
    move(desk.store, 1, Action.CLAIM, BEN, now())
    sent = slack.people.submit(ANA, {"text": "We are sorry."}).wait()
    assert sent.effect == "updated"
    view = desk.modal("contact")
    assert f"{BEN}" in str(view["blocks"]) and "was faster: claimed" in str(view["blocks"])
    assert view["state"]["values"]["text"]["text"]["value"] == "We are sorry."
    assert slack.people.submit(ANA).wait().effect == "cleared"
    assert desk.done() == [(BEN, "claim"), (ANA, "contact")]


def test_a_form_opened_from_an_old_card_says_what_happened_meanwhile(desk: Desk) -> None:
    move(desk.store, 1, Action.CLAIM, BEN, now())
    desk.press("recover", revision=1).wait()
    assert "was faster: claimed" in str(desk.modal("recover")["blocks"])


def test_the_whole_case_opens_and_its_buttons_work_there(desk: Desk, slack: SlackLookalike) -> None:
    slack.people.click(desk.card(), "more_modal", ANA).wait()
    view = desk.modal("more")
    slack.people.click(view["id"], "promise", ANA).wait()
    desk.modal("promise")
    assert len(slack.modals(ANA)) == 2
    assert slack.people.submit(ANA, FORMS["promise"]).wait().effect == "cleared"
    slack.people.click(desk.card(), "more_modal", BEN).wait()
    slack.people.click(desk.modal("more", BEN)["id"], "claim", BEN).wait()
    assert "Done" in str(desk.modal("notice", BEN)["title"])
    assert desk.done() == [(ANA, "promise"), (BEN, "claim")]


def test_a_draft_is_looked_through_once_and_kept(desk: Desk, slack: SlackLookalike) -> None:
    desk.press("draft").wait()
    desk.modal("draft")
    harsh = "You are wrong. As per our policy this is your own fault!!!"
    assert slack.people.submit(ANA, {"text": harsh}).wait().effect == "updated"
    assert "look at again" in str(desk.modal("draft")["blocks"])
    assert desk.done() == []
    assert slack.people.submit(ANA).wait().effect == "cleared"
    assert desk.done() == [(ANA, "note")]
    assert desk.file().events[-1].note == f"Draft of a reply: {harsh}"


def test_a_window_that_opened_although_slack_did_not_say_so_is_filled(
    desk: Desk, slack: SlackLookalike
) -> None:
    slack.fail("drop", after=True, method="views.open")
    desk.press("note").wait()
    desk.modal("note")
    slack.fail("500", method="views.open")
    desk.press("contact", BEN).wait()
    desk.modal("contact", BEN)


def test_where_slack_opens_no_window_the_person_is_told(desk: Desk, slack: SlackLookalike) -> None:
    for _ in range(10):
        slack.fail("error:expired_trigger_id", method="views.open")
    desk.press("note").wait()
    assert "Press the button once more" in desk.told()


def test_a_form_whose_move_takes_too_long_closes_and_its_answer_comes_later(
    tmp_path: Path, slack: SlackLookalike
) -> None:
    """Nobody waits longer than Slack does; what was written is given back where it was not taken."""
    desk = Desk(tmp_path, slack, patience=0.2)
    pause = threading.Event()

    def slow(gesture: Gesture) -> Answer:
        if isinstance(gesture, Submitted):
            pause.wait(20)
        return desk.clicks(gesture)

    desk.open(slow)
    try:
        desk.press("contact").wait()
        desk.modal("contact")
        sent = slack.people.submit(ANA, {"text": "We are sorry."}).wait()
        assert (sent.acked, sent.effect) == (True, "cleared")
        move(desk.store, 1, Action.CLAIM, BEN, now())
        pause.set()
        assert "was faster: claimed" in desk.told()
        assert "You wrote: We are sorry." in desk.told()
    finally:
        pause.set()
        desk.close()


# ── who may, and what is amiss ───────────────────────────────────────────────────────────────────────────


def test_only_those_on_the_list_may_and_the_others_are_told_privately(
    tmp_path: Path, slack: SlackLookalike
) -> None:
    with Desk(tmp_path, slack, people=[ANA]) as desk:
        desk.press("claim", EVE).wait()
        assert "not among those" in desk.told(EVE)
        desk.press("note", EVE).wait()
        assert "not among those" in str(desk.modal("notice", EVE)["blocks"])
        desk.press("claim", ANA).wait()
        desk.until(desk.done)
        assert desk.done() == [(ANA, "claim")]
        assert len(slack.messages()) == 2, "nobody else reads of a refusal"


def test_a_fault_of_ours_is_told_and_changes_nothing(tmp_path: Path, slack: SlackLookalike) -> None:
    def broken(gesture: Gesture) -> Answer:
        raise StoreError("the disk is full")

    desk = Desk(tmp_path, slack)
    desk.open(broken)
    try:
        assert desk.press("claim").wait().acked
        assert "went wrong on our side" in desk.told()
        desk.press("note", BEN).wait()
        assert "went wrong on our side" in str(desk.modal("notice", BEN)["blocks"])
    finally:
        desk.close()
    assert "disk" not in str(slack.calls)


def test_a_command_is_acknowledged_and_answered_privately(desk: Desk, slack: SlackLookalike) -> None:
    typed = slack.people.command("/complaints", "find called", ANA).wait()
    assert typed.acked
    assert desk.told() == "Cases found"
    assert len(slack.messages()) == 2, "nobody else reads it"


def test_home_is_drawn_turned_and_shows_at_once_what_was_done_there(
    desk: Desk, slack: SlackLookalike
) -> None:
    opened = slack.people.open_home(ANA)
    assert opened is not None and opened.wait().acked
    view = desk.until(lambda: slack.home(ANA))
    assert slack.people.click(view["id"], "claim", ANA).wait().acked
    desk.until(desk.done)
    desk.until(lambda: (slack.home(ANA) or {}).get("hash") != view["hash"])
    again = slack.home(ANA)
    assert again is not None
    assert slack.people.click(again["id"], "home:refresh", ANA).wait().acked
    desk.until(lambda: (slack.home(ANA) or {}).get("hash") != again["hash"])


def test_home_and_events_we_never_asked_for_are_acknowledged(tmp_path: Path, slack: SlackLookalike) -> None:
    heard: list[Gesture] = []

    def answering(gesture: Gesture) -> Answer:
        heard.append(gesture)
        return Nothing()

    slack.workspace.events |= {"message"}
    desk = Desk(tmp_path, slack)
    desk.open(answering)
    try:
        opened = slack.people.open_home(ANA)
        assert opened is not None and opened.wait().acked
        desk.until(lambda: [getattr(one, "person", "") for one in heard] == [ANA])
        slack.people.write("hello", BEN)
        assert slack.sockets.envelopes[-1].wait().acked
    finally:
        desk.close()


@pytest.mark.parametrize("how", ["revoked", "uninstalled"])
def test_an_app_that_was_taken_away_is_trouble_for_a_person(
    desk: Desk, slack: SlackLookalike, how: str
) -> None:
    if how == "revoked":
        slack.people.revoke(slack.token)
    else:
        slack.people.happens({"type": "app_uninstalled"})

    def troubles() -> list[str]:
        with desk.store.read() as tx:
            return [one.message for one in tx.troubles() if one.destination == desk.destination]

    (told,) = desk.until(troubles)
    assert "Install" in told
    desk.deliver()
    assert troubles() == [told], "that nothing waits does not mend it"


def test_whoever_clicks_while_the_bot_token_is_revoked_is_answered_all_the_same(
    desk: Desk, slack: SlackLookalike
) -> None:
    move(desk.store, 1, Action.CLAIM, BEN, now())
    slack.people.revoke(slack.token)
    click = desk.press("claim", revision=1).wait()
    assert click.acked
    desk.until(lambda: click.replies)
    assert "was faster" in click.replies[0]["text"]
