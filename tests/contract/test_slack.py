"""The Slack notifier against the look-alike, over real HTTP: contract, faults, refusals, findings."""

from __future__ import annotations

import importlib.util
import json
import logging
import socket
import ssl
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import IncompleteRead, RemoteDisconnected
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest

from alerts.slack import errors
from alerts.slack.send import Slack
from alerts.testing import samples
from alerts.testing.contract import NotifierContract
from alerts.testing.slack import SlackLookalike
from alerts.testing.workspace import Channel
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.message import Kind, Message, Receipt

SECRET = "xoxb-fictional-secret"


@pytest.fixture
def world() -> Iterator[SlackLookalike]:
    with SlackLookalike() as world:
        yield world


def notifier_of(world: SlackLookalike, token: str | None = None, timeout: float = 0.5) -> Slack:
    return Slack(world.token if token is None else token, world.api_url, timeout)


def card(delivery: str = "d1", **more: Any) -> Message:
    made = samples.message(samples.card(), Kind.CARD, delivery, "C0COMPLAINTS", case_id=12)
    return replace(made, **more)


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(minutes=10)


def failure(call: Callable[..., object], *args: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        call(*args)
    return caught.value


class TestSlack(NotifierContract):
    @pytest.fixture
    def notifier(self, world: SlackLookalike) -> Slack:
        return notifier_of(world)

    @pytest.fixture
    def channel(self, world: SlackLookalike) -> str:
        return world.channel

    @pytest.fixture
    def shown(self, world: SlackLookalike) -> Callable[[], str]:
        def texts() -> str:
            return "\n".join(_texts([[m["text"], m["blocks"]] for m in world.messages()]))

        return texts


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _texts([inner for key, inner in value.items() if key in ("text", "elements", "url")])
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


# ── what goes out ────────────────────────────────────────────────────────────────────────────────────────


def test_every_call_that_writes_passes_the_judge(world: SlackLookalike, test_data: Path) -> None:
    spec = importlib.util.spec_from_file_location("slack_judge", test_data / "slack-judge" / "judge.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        spec.loader.exec_module(module)
    slack = notifier_of(world)
    hostile = samples.HOSTILE["disguised link"] + samples.HOSTILE["everybody"] + samples.HOSTILE["controls"]
    root = slack.send(card(), None)
    for message in samples.every(hostile, hostile, world.channel):
        thread = root if message.thread else None
        slack.send(replace(message, thread=thread), root if message.kind is Kind.UPDATE else None)
    writes = [call for call in world.calls if call["method"].startswith("chat.")]
    assert len(writes) > 15
    for call in writes:
        assert module.judge({"method": call["method"], "body": call["body"]}, untrusted=[hostile]) == []


def test_a_post_carries_its_ids_and_unfurls_nothing(world: SlackLookalike) -> None:
    receipt = notifier_of(world).send(card(), None)
    body = next(c for c in world.calls if c["method"] == "chat.postMessage")["body"]
    assert body["metadata"] == {
        "event_type": "complaint_monitor",
        "event_payload": {"delivery_id": "d1", "case_id": 12},
    }
    assert (body["unfurl_links"], body["unfurl_media"]) == (False, False)
    again = notifier_of(world)
    again.send(card(), None)
    posts = [c["body"] for c in world.calls if c["method"] == "chat.postMessage"]
    assert posts[-1]["client_msg_id"] == body["client_msg_id"]
    assert (
        receipt.link
        == f"https://acme.slack.example/archives/{receipt.channel}/p{receipt.ref.replace('.', '')}"
    )


def test_threads_and_redrawings_go_where_they_belong(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    root = slack.send(card(), None)
    slack.send(card("d2", kind=Kind.REPLY, thread=root), None)
    slack.send(card("d3", kind=Kind.UPDATE), root)
    assert world.messages()[1]["thread_ts"] == root.ref
    update = world.calls[-1]
    assert update["method"] == "chat.update"
    assert update["body"]["parse"] == "none"
    assert "metadata" not in update["body"]
    assert world.messages()[0]["metadata"]["event_payload"]["delivery_id"] == "d1"


def test_asks_for_the_address_of_the_workspace_once_and_goes_on_without(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    world.fail("500", method="auth.test")
    assert slack.send(card(), None).link is None
    assert slack.send(card("d2"), None).link is not None
    slack.send(card("d3"), None)
    assert [call["method"] for call in world.calls].count("auth.test") == 2


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])
@pytest.mark.parametrize("times", [1, 2])
def test_what_slack_finds_too_rich_goes_out_simpler_at_once(
    world: SlackLookalike, code: str, times: int
) -> None:
    world.fail(f"error:{code}", method="chat.postMessage", times=times)
    notifier_of(world).send(card(), None)
    assert world.deliveries() == {"d1": 1}
    posts = [len(call["body"]["blocks"]) for call in world.calls if call["method"] == "chat.postMessage"]
    assert posts == [6, 3, 2][: times + 1]
    assert samples.WORDS[:60] in "".join(_texts(world.messages()[0]["blocks"]))


def test_what_even_the_plainest_drawing_cannot_mend_is_final(world: SlackLookalike) -> None:
    world.fail("error:invalid_blocks", method="chat.postMessage", times=3)
    fault = failure(notifier_of(world).send, card(), None)
    assert (fault.outcome, fault.remedy, fault.code) == (Outcome.REFUSED, Remedy.NOBODY, "invalid_blocks")
    assert world.messages() == []


def test_a_stale_client_id_does_not_block_a_message_for_ever(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    world.fail("error:duplicate_message_not_found", method="chat.postMessage")
    assert failure(slack.send, card(), None).outcome is Outcome.UNKNOWN
    assert slack.find(card(), long_ago()) is None
    slack.send(card(), None)
    assert "client_msg_id" not in world.calls[-1]["body"]
    assert world.deliveries() == {"d1": 1}


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "how", ["drop", "reset", "timeout", "torso", "cut", "html", "500", "502", "503", "error:fatal_error"]
)
def test_a_doubtful_call_is_unknown_and_history_knows(world: SlackLookalike, how: str, after: bool) -> None:
    slack = notifier_of(world)
    root = slack.send(card("root"), None)
    for message in (card(), card("d2", kind=Kind.REPLY, thread=root)):
        world.fail(how, after=after, method="chat.postMessage")
        fault = failure(slack.send, message, None)
        assert (fault.outcome, fault.remedy) == (Outcome.UNKNOWN, Remedy.WAIT)
        found = slack.find(message, long_ago())
        assert (found is not None) is after
        if found is not None:
            stored = world.messages()[-1]
            assert (found.channel, found.ref) == (world.channel, stored["ts"])
            assert found.link
    assert sum(call["method"] == "chat.postMessage" for call in world.calls) == 3


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("1.5", 1.5), ("soon", None), (None, None), ("-3", None), ("nan", None), ("inf", None)],
)
def test_a_429_is_surely_not_sent_and_says_when(
    world: SlackLookalike, header: str | None, seconds: float | None
) -> None:
    world.fail("429", method="chat.postMessage", retry_after=header)
    fault = failure(notifier_of(world).send, card(), None)
    assert (fault.outcome, fault.remedy) == (Outcome.NOT_SENT, Remedy.WAIT)
    assert fault.retry_after == (None if seconds is None else timedelta(seconds=seconds))
    assert world.messages() == []


def test_the_status_outweighs_what_the_body_says() -> None:
    busy = errors.of_answer(429, {}, {"Retry-After": "3"})
    assert (busy.outcome, busy.retry_after) == (Outcome.NOT_SENT, timedelta(seconds=3))
    ill = errors.of_answer(500, {"ok": False, "error": "invalid_blocks"}, {})
    assert (ill.outcome, ill.remedy) == (Outcome.UNKNOWN, Remedy.WAIT)


@pytest.mark.parametrize("header", ["1e300", "86401", "999999999999"])
def test_a_silly_wish_to_wait_is_capped_at_a_day(header: str) -> None:
    assert errors.retry_after({"retry-after": header}) == timedelta(days=1)


def test_nobody_listening_and_unknown_names_are_surely_not_sent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/api/"
        fault = failure(Slack(SECRET, closed).send, card(), None)
    assert (fault.outcome, fault.remedy) == (Outcome.NOT_SENT, Remedy.WAIT)
    no_name = errors.of_exception(URLError(socket.gaierror(-2, "Name or service not known")))
    assert (no_name.outcome, no_name.remedy) == (Outcome.NOT_SENT, Remedy.WAIT)


@pytest.mark.parametrize(
    "raw",
    [
        TimeoutError("timed out"),
        URLError(TimeoutError("timed out")),
        ConnectionResetError(104, "reset"),
        BrokenPipeError(32, "pipe"),
        RemoteDisconnected("gone"),
        IncompleteRead(b"half"),
        URLError(OSError(101, "Network is unreachable")),
        ssl.SSLError("bad record"),
        ValueError(f"Invalid header value b'Bearer {SECRET}'"),
        AttributeError("'list' object has no attribute 'get'"),
    ],
)
def test_every_other_break_is_unknown(raw: Exception) -> None:
    fault = errors.of_exception(raw)
    assert (fault.outcome, fault.remedy) == (Outcome.UNKNOWN, Remedy.WAIT)
    assert SECRET not in str(fault)


def test_an_untrusted_certificate_is_for_a_person() -> None:
    fault = errors.of_exception(URLError(ssl.SSLCertVerificationError("self-signed")))
    assert (fault.outcome, fault.remedy) == (Outcome.NOT_SENT, Remedy.PERSON)


@pytest.mark.parametrize("address", ["ftp://slack.example/", "not an address", ""])
def test_a_broken_address_is_told_and_nothing_else_happens(address: str) -> None:
    assert failure(Slack(SECRET, address).send, card(), None).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("body", ["[]", "null", "7", '"ok"', "{}", '{"ok": true}', '{"ok": true, "ts": 1}'])
def test_json_that_is_no_answer_of_slack_is_unknown(world: SlackLookalike, body: str) -> None:
    world.answer_with(body, method="chat.postMessage")
    fault = failure(notifier_of(world).send, card(), None)
    assert (fault.outcome, fault.remedy) == (Outcome.UNKNOWN, Remedy.WAIT)


def test_no_code_has_two_meanings() -> None:
    codes = [code for words in errors._GROUPS.values() for code in words.split()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("code", sorted(errors.CODES))
def test_each_meaning_makes_sense(code: str) -> None:
    fault = errors.of_answer(200, {"ok": False, "error": code}, {})
    assert code.replace("rate_limited", "ratelimited") in str(fault)
    if fault.outcome is Outcome.NOT_SENT or fault.outcome is Outcome.UNKNOWN:
        assert fault.remedy is Remedy.WAIT


def test_what_a_proxy_wrote_is_no_code() -> None:
    """The SDK puts it where Slack's codes stand."""
    page = "Received a response in a non-JSON format: <html>\x1b[31m" + "x" * 10_000
    for status, code in ((503, "http_503"), (200, "no_slack_answer")):
        fault = errors.of_answer(status, {"ok": False, "error": page}, {})
        assert (fault.outcome, fault.code) == (Outcome.UNKNOWN, code)
        assert "html" not in str(fault)


def test_an_unknown_code_is_unknown() -> None:
    fault = errors.of_answer(200, {"ok": False, "error": "brand_new_trouble"}, {})
    assert (fault.outcome, fault.remedy, fault.code) == (Outcome.UNKNOWN, Remedy.WAIT, "brand_new_trouble")


@pytest.mark.parametrize(
    ("spoil", "code", "remedy"),
    [
        (lambda w: w.workspace.tokens.clear(), "invalid_auth", "MONITOR_SLACK__BOT_TOKEN"),
        (lambda w: w.workspace.tokens.update({w.token: frozenset()}), "missing_scope", "chat:write"),
        (lambda w: setattr(w.workspace.channels[w.channel], "member", False), "not_in_channel", "/invite"),
        (lambda w: setattr(w.workspace.channels[w.channel], "archived", True), "is_archived", "archived"),
        (lambda w: w.workspace.channels.clear(), "channel_not_found", "slack.channel"),
    ],
)
def test_what_a_person_must_mend_says_how(
    world: SlackLookalike, spoil: Callable[[SlackLookalike], None], code: str, remedy: str
) -> None:
    spoil(world)
    fault = failure(notifier_of(world).send, card(), None)
    assert (fault.outcome, fault.remedy, fault.code) == (Outcome.REFUSED, Remedy.PERSON, code)
    assert remedy in str(fault)


def test_a_card_that_was_deleted_cannot_be_drawn_anew(world: SlackLookalike) -> None:
    gone = Receipt(world.channel, "1772460300.000001", samples.NOW)
    fault = failure(notifier_of(world).send, card(kind=Kind.UPDATE), gone)
    assert (fault.outcome, fault.remedy, fault.code) == (Outcome.REFUSED, Remedy.NOBODY, "message_not_found")
    assert fault.gone


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sending_and_looking_lose_and_double_nothing(world: SlackLookalike, seed: int) -> None:
    """The rule that the outbox keeps, at its shortest: send again only after a clean look found nothing."""
    hows = ("drop", "reset", "500", "503", "429", "html", "torso", "cut")
    everything = ("chat.postMessage", "auth.test", "conversations.history")
    world.fail_at_random(0.35, seed=seed, hows=hows, methods=everything)
    slack = notifier_of(world)
    receipts: dict[str, Receipt | None] = {f"d{number}": None for number in range(60)}
    doubtful: set[str] = set()
    while missing := [delivery for delivery, receipt in receipts.items() if receipt is None]:
        for delivery in missing:
            look = delivery in doubtful
            try:
                receipts[delivery] = (
                    slack.find(card(delivery), long_ago()) if look else slack.send(card(delivery), None)
                )
                doubtful.discard(delivery)
            except DeliveryError as fault:
                if fault.outcome is Outcome.UNKNOWN:
                    doubtful.add(delivery)
    assert world.deliveries() == dict.fromkeys(receipts, 1)
    stored = {m["metadata"]["event_payload"]["delivery_id"]: m["ts"] for m in world.messages()}
    assert stored == {delivery: receipt.ref for delivery, receipt in receipts.items() if receipt}
    assert sum(call["fault"] is not None for call in world.calls) > 20


# ── looking ──────────────────────────────────────────────────────────────────────────────────────────────


def test_finds_over_many_pages_and_only_from_the_given_time(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    first = slack.send(card("first"), None)
    for number in range(25):
        slack.send(card(f"d{number}"), None)
    world.workspace.page = 10
    found = slack.find(card("first"), long_ago())
    assert found is not None and found.ref == first.ref
    assert [call["method"] for call in world.calls].count("conversations.history") == 3
    assert slack.find(card("first"), first.at + timedelta(milliseconds=1)) is None
    assert slack.find(card("first"), first.at) is not None


def test_a_redrawing_is_never_asked_for(world: SlackLookalike) -> None:
    assert notifier_of(world).find(card(kind=Kind.UPDATE), long_ago()) is None
    assert world.calls == []


def test_one_look_finds_many(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    sent = {name: slack.send(card(name), None) for name in ("a", "b", "c")}
    before = len(world.calls)
    assert slack.find_all([card(name) for name in ("c", "never", "a")], long_ago()) == {
        "a": sent["a"],
        "c": sent["c"],
    }
    assert [call["method"] for call in world.calls[before:]] == ["conversations.history"]


def test_where_the_card_of_a_reply_is_gone_the_look_says_so(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    nowhere = Receipt(world.channel, "1772460300.000001", samples.NOW)
    root = slack.send(card("root"), None)
    below = slack.send(card("below", thread=root), None)
    world.people.delete(root.ref)
    for thread in (nowhere, root):
        with pytest.raises(DeliveryError) as caught:
            slack.find(card("missing", thread=thread), long_ago())
        assert caught.value.gone
    assert slack.find(card("below", thread=root), long_ago()) == below, "it had arrived before"


@pytest.mark.parametrize(
    ("how", "remedy"),
    [
        ("drop", Remedy.WAIT),
        ("timeout", Remedy.WAIT),
        ("html", Remedy.WAIT),
        ("429", Remedy.WAIT),
        ("500", Remedy.WAIT),
        ("error:missing_scope", Remedy.PERSON),
        ("error:not_in_channel", Remedy.PERSON),
        ("error:invalid_auth", Remedy.PERSON),
        ("error:brand_new_trouble", Remedy.WAIT),
    ],
)
def test_what_cannot_be_seen_is_never_called_absent(world: SlackLookalike, how: str, remedy: Remedy) -> None:
    slack = notifier_of(world)
    slack.send(card(), None)
    world.fail(how, method="conversations.history", retry_after="9")
    fault = failure(slack.find, card(), long_ago())
    assert (fault.outcome, fault.remedy) == (Outcome.UNKNOWN, remedy)
    assert fault.retry_after == (timedelta(seconds=9) if how == "429" else None)


@pytest.mark.parametrize(
    "body",
    [
        '{"ok": true}',
        '{"ok": true, "messages": null}',
        '{"ok": true, "messages": [], "has_more": true}',
        '{"ok": true, "messages": [{"ts": "1.0", "metadata": {"event_type": "complaint_monitor"}}]}',
    ],
)
def test_half_a_history_is_never_called_absent(world: SlackLookalike, body: str) -> None:
    slack = notifier_of(world)
    slack.send(card(), None)
    world.answer_with(body)
    assert failure(slack.find, card(), long_ago()).outcome is Outcome.UNKNOWN


def test_a_server_that_leads_in_circles_is_left(world: SlackLookalike) -> None:
    slack = notifier_of(world)
    slack.send(card(), None)
    page = {"ok": True, "messages": [], "has_more": True, "response_metadata": {"next_cursor": "same"}}
    world.answer_with(json.dumps(page), times=3)
    assert failure(slack.find, card(), long_ago()).code == "endless_history"


# ── checking, and keeping secrets ────────────────────────────────────────────────────────────────────────


def findings(world: SlackLookalike, channel: str | None = None) -> dict[str, tuple[bool, str]]:
    found = notifier_of(world).check(world.channel if channel is None else channel)
    assert all(finding.remedy for finding in found if not finding.ok)
    assert not any(call["method"].startswith("chat.") for call in world.calls)
    return {finding.what: (finding.ok, f"{finding.detail} {finding.remedy}") for finding in found}


def test_check_names_the_workspace_and_the_channel(world: SlackLookalike) -> None:
    found = findings(world)
    assert all(ok for ok, _ in found.values())
    assert "@complaint-monitor in Acme Coffee" in found["Slack token"][1]
    assert "#complaints" in found["Slack channel"][1]


def test_check_of_a_wrong_token(world: SlackLookalike) -> None:
    world.workspace.tokens.clear()
    found = findings(world)
    assert list(found) == ["Slack token"]
    assert "MONITOR_SLACK__BOT_TOKEN" in found["Slack token"][1]


@pytest.mark.parametrize(
    ("private", "granted", "missing"),
    [
        (False, "chat:write channels:read", "channels:history"),
        (False, "channels:read channels:history", "chat:write"),
        (True, "chat:write groups:read channels:history", "groups:history"),
    ],
)
def test_check_names_missing_scopes(world: SlackLookalike, private: bool, granted: str, missing: str) -> None:
    world.workspace.tokens[world.token] = frozenset(granted.split())
    world.workspace.channels[world.channel].private = private
    ok, words = findings(world)["Slack scopes"]
    assert not ok
    assert f"missing: {missing} " in words
    assert "OAuth & Permissions" in words


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("C0CLOSED000", "archived"),
        ("C0OUTSIDE00", "/invite @complaint-monitor` in #elsewhere"),
        ("C0SECRET000", "/invite @complaint-monitor"),
        ("C0UNKNOWN00", "/invite @complaint-monitor"),
        ("#complaints", "Set slack.channel to the ID"),
        ("", "slack.channel is not set"),
    ],
)
def test_check_says_what_is_amiss_with_the_channel(world: SlackLookalike, channel: str, said: str) -> None:
    place = world.workspace.channels
    place["C0CLOSED000"] = Channel("C0CLOSED000", archived=True)
    place["C0OUTSIDE00"] = Channel("C0OUTSIDE00", name="elsewhere", member=False)
    place["C0SECRET000"] = Channel("C0SECRET000", private=True, member=False)
    ok, words = findings(world, channel)["Slack channel"]
    assert not ok
    assert said in words


@pytest.mark.parametrize(
    ("hours", "said"),
    [(-1, "60 minutes ahead of Slack's"), (1, "60 minutes behind Slack's"), (0, "agrees with Slack's")],
)
def test_check_compares_the_clocks(hours: int, said: str) -> None:
    with SlackLookalike(now=lambda: time.time() + 3_600 * hours) as world:
        found = findings(world)
    ok, words = found["Clock"]
    assert ok is (hours == 0)
    assert said in words


def test_check_of_a_vanished_network() -> None:
    found = Slack(SECRET, "http://127.0.0.1:9/api/").check("C0COMPLAINTS")
    assert [(finding.what, finding.ok) for finding in found] == [("Slack token", False)]
    assert "Nobody listens" in found[0].remedy


@pytest.mark.parametrize("token", [SECRET, f"{SECRET}\r\nX: y", f"{SECRET}ü€", ""])
@pytest.mark.parametrize("how", ["none", "drop", "html", "500", "error:fatal_error"])
def test_the_token_reaches_no_error_no_log_and_no_repr(
    world: SlackLookalike,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    token: str,
    how: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    if how != "none":
        world.fail(how, times=5)
    slack = notifier_of(world, token)
    fault = failure(slack.send, card(), None)
    said = "".join(
        [repr(slack), str(fault), repr(fault), repr(fault.__cause__), caplog.text, *capfd.readouterr()]
    )
    assert fault.__suppress_context__
    assert SECRET not in said
    assert samples.WORDS[:20] not in said


def test_a_proxy_for_encrypted_traffic_is_not_asked_for_plain(
    world: SlackLookalike, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    notifier_of(world).send(card(), None)
    assert world.deliveries() == {"d1": 1}


def test_is_imported_without_the_sdk() -> None:
    code = "import sys, alerts.slack.send, alerts.console; print({m.split('.')[0] for m in sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "alerts" in done.stdout
    assert "'slack_sdk'" not in done.stdout
    assert "'rich'" not in done.stdout
