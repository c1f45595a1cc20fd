"""What follows from each error that Slack documents, for each method that we call: seen where it strikes.

Which methods we call is read from the source, which errors they have from Slack's own documentation. Each code must
stand in the one table of meanings, and what its meaning promises must come about over real HTTP: it waits, a person is
told what to mend, the message is drawn simpler, the card comes back, or it is given up and said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from desk import Desk
from fakes import ACME
from postroom import Post
from slack_methods import used

from alerts.slack import errors
from alerts.slack.access import Access
from alerts.slack.inbound import SLOW
from alerts.slack.listening import Socket, words_of
from alerts.slack.probe import Probe
from alerts.slack.send import Slack
from alerts.testing import samples
from alerts.testing.slack import SlackLookalike
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.message import Kind, OutboxState
from monitor.core.policy import Policy
from monitor.homes import DEBOUNCE, PARKED, Homes

S = timedelta(seconds=1)
MOMENT = 10 * S
HOUR = timedelta(hours=1)
ALIKE = {"views.push": "views.open", "users.conversations": "conversations.list"}
"""Methods whose documentation is not at hand, with one that has the same errors."""
OUTBOX = ("chat.postMessage", "chat.update", "conversations.history", "conversations.replies")
ANSWERS = ("chat.postEphemeral", "views.open", "views.push", "views.update")
LOOKS = ("auth.test", "conversations.info", "users.conversations", "chat.delete")
OTHERS = ("views.publish", "apps.connections.open")


@pytest.fixture(scope="module")
def documented(test_data: Path) -> Callable[[str], list[str]]:
    """The error codes of a method, those of every method among them."""
    folder = test_data / "slack-judge" / "methods"
    common = set(json.loads((folder / "common_errors.json").read_text("utf-8")))

    def codes(method: str) -> list[str]:
        told = json.loads((folder / f"{ALIKE.get(method, method)}.json").read_text("utf-8"))
        return sorted(common | set(told["errors"]))

    return codes


def meaning(code: str) -> DeliveryError:
    return errors.of_answer(200, {"ok": False, "error": code}, {})


# ── the table ────────────────────────────────────────────────────────────────────────────────────────────


def test_each_method_that_we_call_is_tried_below() -> None:
    assert used() == {*OUTBOX, *ANSWERS, *LOOKS, *OTHERS}


def test_every_documented_error_has_a_meaning(documented: Callable[[str], list[str]]) -> None:
    missing = {method: sorted(set(documented(method)) - set(errors.CODES)) for method in used()}
    assert {method: codes for method, codes in missing.items() if codes} == {}
    assert sum(len(documented(method)) for method in used()) > 500


def test_whatever_a_person_must_mend_says_how() -> None:
    remedies = ("Install", "Add the scope", "administrator", "/invite", "Set slack", "Bring it", "Change who")
    remedies += ("Switch it on", "Check slack.api_url")
    for code in errors.CODES:
        fault = meaning(code)
        if fault.remedy is Remedy.PERSON:
            assert any(remedy in str(fault) for remedy in remedies), code


# ── what the outbox sends, and looks for ─────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def open_post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    with SlackLookalike() as slack:
        found = Post(tmp_path_factory.mktemp("post"), slack)
        yield found
        found.store.close()


@pytest.fixture
def post(open_post: Post) -> Post:
    open_post.slack.faults.script.clear()
    return open_post


def test_every_error_of_a_new_message(post: Post, documented: Callable[[str], list[str]]) -> None:
    for code in documented("chat.postMessage"):
        given_up, fault = post.failed(), meaning(code)
        case_id = post.hear()
        post.slack.fail(f"error:{code}", method="chat.postMessage", times=1_000)
        troubles = post.drain(MOMENT)
        post.slack.faults.script.clear()
        assert post.told(case_id) == [], code
        if fault.remedy is Remedy.PERSON:
            assert [told for told in troubles if code in told], (
                f"{code}: the operator is told, with its remedy"
            )
        elif fault.remedy is Remedy.WAIT:
            assert troubles == [], code
        given_up += fault.remedy is Remedy.NOBODY
        post.clock.pass_(60 * S)
        assert post.drain(HOUR) == [], f"{code}: it works again"
        assert (post.failed(), post.waiting()) == (given_up, 0), code
        assert len(post.told(case_id)) == (fault.remedy is not Remedy.NOBODY), code
        if fault.remedy is Remedy.NOBODY:
            assert code in post.card(case_id).error, "and why stands beside it"


def test_every_error_that_leaves_a_doubt_is_looked_after(
    post: Post, documented: Callable[[str], list[str]]
) -> None:
    """It had arrived all the same."""
    doubtful = [one for one in documented("chat.postMessage") if meaning(one).outcome is Outcome.UNKNOWN]
    assert {"internal_error", "fatal_error", "service_unavailable"} <= set(doubtful)
    for code in doubtful:
        case_id = post.hear()
        post.slack.fail(f"error:{code}", method="chat.postMessage", after=True)
        post.drain(HOUR)
        assert len(post.told(case_id)) == 1, code
        assert post.card(case_id).state is OutboxState.SENT, code


@pytest.mark.parametrize("code", sorted(errors.TOO_MUCH))
def test_what_is_too_rich_is_drawn_simpler_at_once(post: Post, code: str) -> None:
    case_id = post.hear()
    post.slack.fail(f"error:{code}", method="chat.postMessage", times=2)
    post.drain(MOMENT)
    (told,) = post.told(case_id)
    assert [block["type"] for block in told["body"]["blocks"]] == ["rich_text", "actions"]


@pytest.mark.parametrize("code", sorted(errors.STALE_ID))
def test_an_id_that_slack_remembers_wrongly_is_left_out(post: Post, code: str) -> None:
    case_id = post.hear()
    post.slack.fail(f"error:{code}", method="chat.postMessage")
    post.drain(HOUR)
    (told,) = post.told(case_id)
    assert "client_msg_id" not in told["body"]


def test_every_error_of_a_redrawing(post: Post, documented: Callable[[str], list[str]]) -> None:
    for code in documented("chat.update"):
        case_id, fault = post.hear(), meaning(code)
        post.drain(MOMENT)
        given_up = post.failed()
        post.claim(case_id)
        post.slack.fail(f"error:{code}", method="chat.update", times=1_000)
        troubles = post.drain(MOMENT)
        post.slack.faults.script.clear()
        assert bool([told for told in troubles if code in told]) is (fault.remedy is Remedy.PERSON), code
        post.clock.pass_(60 * S)
        assert post.drain(HOUR) == [], code
        redrawn = [call for call in post.slack.called("chat.update") if call["stored"]]
        of_it = [call for call in redrawn if call["body"]["ts"] == post.card(case_id).receipt.ref]  # type: ignore[union-attr]
        cards = [call for call in post.told(case_id) if not call["body"].get("thread_ts")]
        assert post.waiting() == 0, code
        assert len(cards) == 1 + fault.gone, f"{code}: a card that is gone comes back"
        lost = fault.remedy is Remedy.NOBODY and not fault.gone
        assert post.failed() == given_up + lost, code
        assert bool(of_it) is not (lost or fault.gone), code
        assert [call for call in post.told(case_id) if call["body"].get("thread_ts")], "its thread tells it"


@pytest.mark.parametrize("place", ["conversations.history", "conversations.replies"])
def test_every_error_of_a_look(post: Post, documented: Callable[[str], list[str]], place: str) -> None:
    """What cannot be seen is never taken for absent: it is not repeated before somebody has looked."""
    for code in documented(place):
        case_id, fault = post.hear(), meaning(code)
        if place == "conversations.replies":
            post.drain(MOMENT)
            post.claim(case_id)
        before = len(post.told(case_id))
        post.slack.fail("drop", method="chat.postMessage", after=True)
        post.slack.fail(f"error:{code}", method=place, times=1 if fault.gone else 1_000)
        troubles = post.drain(MOMENT)
        post.slack.faults.script.clear()
        assert bool([told for told in troubles if code in told]) is (fault.remedy is Remedy.PERSON), code
        post.clock.pass_(60 * S)
        post.drain(HOUR)
        # a thread that is gone took the line with it: card and line come back
        assert len(post.told(case_id)) == before + 1 + 2 * fault.gone, code
        assert post.waiting() == 0, code


# ── answers to a person who waits ────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def open_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with (
        SlackLookalike() as slack,
        Desk(tmp_path_factory.mktemp("desk"), slack, ping=0.4) as found,
    ):
        yield found


@pytest.fixture
def desk(open_desk: Desk) -> Desk:
    open_desk.slack.faults.script.clear()
    return open_desk


NEWCOMERS = (f"U0X{number:06}" for number in count(1))
"""Somebody new for each try, so that nothing of an earlier one is taken for its answer."""


def test_every_error_of_a_whisper(desk: Desk, documented: Callable[[str], list[str]]) -> None:
    """It reaches them by the address that came with the click."""
    for code, who in zip(documented("chat.postEphemeral"), NEWCOMERS, strict=False):
        desk.slack.fail(f"error:{code}", method="chat.postEphemeral")
        desk.press("reopen", who).wait()
        assert "cannot be re-opened now" in desk.told(who), code


@pytest.mark.parametrize("method", ["views.open", "views.push"])
def test_every_error_of_a_window(desk: Desk, documented: Callable[[str], list[str]], method: str) -> None:
    """What a moment mends is tried again at once: a trigger lives three seconds. Else they are told."""
    for code, who in zip(documented(method), NEWCOMERS, strict=False):
        fault = meaning(code)
        if method == "views.push":
            desk.press("more_modal", who, case_id=2).wait()
            window = desk.modal("more", who)["id"]
        again = fault.remedy is Remedy.WAIT
        desk.slack.fail(f"error:{code}", method=method, times=1 if again else 1_000)
        if method == "views.push":
            desk.slack.people.click(window, "note", who).wait()
        else:
            desk.press("note", who, case_id=2).wait()
        if again:
            desk.modal("note", who)
        else:
            assert desk.told(who) == SLOW, code
        desk.slack.faults.script.clear()


def test_every_error_of_filling_a_window(desk: Desk, documented: Callable[[str], list[str]]) -> None:
    """Nobody is left before a window that says to wait."""
    for code, who in zip(documented("views.update"), NEWCOMERS, strict=False):
        fault = meaning(code)
        again = fault.remedy is Remedy.WAIT and not code.startswith("invalid")
        desk.slack.fail(f"error:{code}", method="views.update")
        desk.press("note", who, case_id=2).wait()
        if again:
            desk.modal("note", who)
        else:
            assert desk.told(who) == SLOW, code


# ── Home and the socket ──────────────────────────────────────────────────────────────────────────────────


def test_every_error_of_a_home(post: Post, documented: Callable[[str], list[str]]) -> None:
    homes = Homes(post.store, post.notifier, ACME, Policy(), now=post.clock, enabled={})
    for code, who in zip(documented("views.publish"), NEWCOMERS, strict=False):
        post.slack.workspace.person(who)
        post.slack.fail(f"error:{code}", method="views.publish", times=1_000)
        post.clock.pass_(DEBOUNCE + S)
        tried = len(post.slack.called("views.publish"))
        homes.opened(who)
        if code != "hash_conflict":
            assert homes.refresh() == 0
        again = code == "hash_conflict"  # it is drawn anew at once, in place of whatever stands there
        assert len(post.slack.called("views.publish")) == tried + 1 + again, code
        assert post.slack.home(who) is None, code
        post.slack.faults.script.clear()
        post.clock.pass_(PARKED + S)
        homes.refresh()
        post.slack.until(lambda: post.clock.pass_(S) or (homes.refresh() >= 0 and post.slack.home(who)))  # noqa: B023


def test_every_error_of_opening_a_socket(documented: Callable[[str], list[str]]) -> None:
    def request(*_: object) -> None: ...

    with SlackLookalike() as slack:
        socket = Socket(slack.app_token, slack.api_url, timeout=2, ping=10, request=request, wish=request)
        for code in documented("apps.connections.open"):
            slack.fail(f"error:{code}", method="apps.connections.open")
            with pytest.raises(DeliveryError) as told:
                socket.renew()
            words = words_of(told.value)
            assert told.value.code == code and code in words
            waits = meaning(code).remedy is not Remedy.PERSON
            assert ("is asked again" in words) is waits, f"{code}: {words}"
        socket.renew()
        assert socket.is_connected()
        socket.close()


# ── looking at the set-up ────────────────────────────────────────────────────────────────────────────────


def test_without_knowing_the_workspace_messages_go_out(
    post: Post, documented: Callable[[str], list[str]]
) -> None:
    for code in documented("auth.test"):
        post.slack.fail(f"error:{code}", method="auth.test")
        card = samples.message(samples.card(), Kind.CARD, f"link-{code}", post.slack.channel, case_id=10**6)
        assert Slack(post.slack.token, post.slack.api_url).send(card, None).link is None
        assert post.slack.faults.script == []


@pytest.mark.parametrize("method", ["auth.test", "conversations.info", "conversations.history"])
def test_check_tells_every_error_with_what_to_do(
    post: Post, documented: Callable[[str], list[str]], method: str
) -> None:
    access = Access(post.slack.api_url)
    for code in documented(method):
        post.slack.fail(f"error:{code}", method=method)
        found = list(access.examine(post.slack.token, None, {post.slack.channel: "slack.channel"}))
        amiss = [one for one in found[:-1] if not one.ok]
        assert amiss and all(one.remedy for one in amiss), code
        assert any(code in (one.remedy or "") for one in amiss), code


def test_set_up_tells_every_error_of_listing_its_channels(
    post: Post, documented: Callable[[str], list[str]]
) -> None:
    for code in documented("users.conversations"):
        post.slack.fail(f"error:{code}", method="users.conversations")
        with pytest.raises(DeliveryError, match=code):
            Access(post.slack.api_url).places(post.slack.token)


def test_a_probe_tells_every_error_of_deleting_its_card(
    post: Post, documented: Callable[[str], list[str]]
) -> None:
    for code in documented("chat.delete"):
        post.slack.fail(f"error:{code}", method="chat.delete", times=2)
        card = samples.message(samples.card(), Kind.CARD, f"probe-{code}", post.slack.channel, case_id=10**6)
        last = list(Probe(post.notifier, card, post.clock(), lambda _: None).findings())[-1]
        post.slack.faults.script.clear()
        assert last.ok is (code == "message_not_found"), code
        assert last.ok or (code in last.detail and "by hand" in last.remedy), code
