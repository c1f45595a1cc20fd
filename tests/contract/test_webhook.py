"""The webhook keeps the notifier's contract, signs as Standard Webhooks has it, and takes every misbehaviour."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from receiver import Manner, Receiver

from alerts.cloudevent import cloud_event
from alerts.signing import keys_of, signature
from alerts.testing import samples
from alerts.testing.contract import NotifierContract
from alerts.webhook import REST, Endpoint, Webhook
from monitor.core.errors import ConfigError, DeliveryError, Outcome, Remedy
from monitor.core.happening import NAMES
from monitor.core.message import Happened, Kind, Message
from monitor.core.model import State
from monitor.core.moves import Action
from sources.http import HttpClient

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


Make = Callable[..., Webhook]


@pytest.fixture
def make(receiver: Receiver) -> Iterator[Make]:
    made: list[HttpClient] = []

    def webhook(
        *, url: str | None = None, secret: Any = lambda: SECRET, allow: Any = None, **more: Any
    ) -> Webhook:
        words, deadline = more.get("words", False), more.get("deadline", 5.0)
        allowed = [receiver.host] if allow is None else allow
        made.append(HttpClient(now=lambda: NOW, deadline=deadline, spacing=0, allow_private_hosts=allowed))
        return Webhook({"desk": Endpoint(url or receiver.url, secret, words)}, made[-1], lambda: NOW)

    yield webhook
    for http in made:
        http.close()


def event(content: Happened | None = None) -> Message:
    return samples.message(content or samples.happened(), Kind.EVENT, "delivery-9", "desk", case_id=12)


class TestWebhook(NotifierContract):
    exactly_once = False

    @pytest.fixture
    def channel(self) -> str:
        return "desk"

    @pytest.fixture
    def notifier(self, make: Make) -> Webhook:
        return make(words=True)

    @pytest.fixture
    def shown(self, receiver: Receiver) -> Callable[[], str]:
        """Every text in it, as a help desk would show it."""

        def texts(value: Any) -> Iterator[str]:
            if isinstance(value, str):
                yield value
            elif isinstance(value, dict | list):
                for one in value.values() if isinstance(value, dict) else value:
                    yield from texts(one)

        return lambda: "\n".join(text for got in receiver.got for text in texts(got.event))


def fault(webhook: Webhook, message: Message | None = None) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        webhook.send(message or event(), None)
    told = str(caught.value)
    for secret in ("SECRET", SECRET, SECRET.removeprefix("whsec_"), "PATH-IS"):
        assert secret not in told
    return caught.value


# ── what is sent ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_stranger_can_verify_it_with_nothing_but_the_standard(make: Make, receiver: Receiver) -> None:
    make().send(event(), None)
    [got] = receiver.got
    signed = b".".join(
        (got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body)
    )
    due = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{due}"
    assert got.headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert got.headers["webhook-id"] == got.event["id"]
    assert "." not in got.headers["webhook-id"]
    assert got.headers["content-type"] == "application/cloudevents+json; charset=utf-8"
    assert got.body.isascii()


def test_it_signs_as_the_example_of_the_standard_does() -> None:
    keys = keys_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(keys, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_while_a_secret_is_changed_both_sign(make: Make, receiver: Receiver) -> None:
    other = base64.b64encode(b"x" * 24).decode()
    make(secret=lambda: f"{SECRET}\nwhsec_{other}\n").send(event(), None)
    got = receiver.got[0].headers
    ident, at, body = got["webhook-id"], int(got["webhook-timestamp"]), receiver.got[0].body
    assert got["webhook-signature"].split() == [signature([key], ident, at, body) for key in (KEY, b"x" * 24)]


def test_an_event_has_all_that_cloudevents_asks_for(make: Make, receiver: Receiver) -> None:
    make().send(event(), None)
    told = receiver.got[0].event
    data = told.pop("data")
    assert told == {
        "specversion": "1.0",
        "id": told["id"],
        "source": "/complaint-monitor/default",
        "type": "internal.complaint-monitor.case.lost",
        "time": "2026-03-02T14:05:00Z",
        "subject": "case/12",
        "datacontenttype": "application/json",
    }
    assert data["event"] == {
        "number": 41,
        "action": "lost",
        "at": "2026-03-02T14:05:00Z",
        "actor": "Fictional Fred",
        "by_machine": False,
        "before": "open",
        "after": "lost",
        "note": samples.WORDS,
        "facts": {"text": samples.WORDS},
    }
    assert data["case"]["state"] == "lost"
    assert data["case"]["promises"] == {"kept": 1, "broken": 0, "withdrawn": 0, "open": 1}
    assert data["case"]["url"] == samples.URL
    assert (data["schema"], data["case"]["severity"], data["case"]["revision"]) == (1, "high", 3)


def test_the_customers_name_and_words_go_along_only_where_that_is_wanted(
    make: Make, receiver: Receiver
) -> None:
    content = samples.happened()
    content = replace(
        content,
        line=replace(content.line, event=replace(content.line.event, note="", actor="dana", data=None)),
    )
    make().send(event(content), None)
    assert samples.NAME not in receiver.got[0].body.decode()
    assert samples.WORDS not in receiver.got[0].body.decode()
    make(words=True).send(event(content), None)
    assert receiver.got[1].event["data"]["customer"] == {"name": samples.NAME, "words": samples.WORDS}
    assert content.heard is not None
    gone = replace(content, heard=replace(content.heard, gone_at=NOW))
    make(words=True).send(event(gone), None)
    assert receiver.got[2].event["data"]["customer"] == {"name": None, "words": None}


def test_every_move_has_a_public_name_of_plain_letters() -> None:
    assert set(Action) <= NAMES.keys()
    assert len(set(NAMES.values())) == len(NAMES)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in NAMES.values())
    for action, name in NAMES.items():
        assert cloud_event(event(samples.happened(action=action)), NOW, words=False)["type"].endswith(
            f".case.{name}"
        )


def test_a_repetition_has_the_same_id_and_no_other_event_has(make: Make, receiver: Receiver) -> None:
    webhook, content = make(), samples.happened()
    first = webhook.send(event(content), None)
    later = replace(content, case=replace(content.case, state=State.OPEN, revision=9))
    assert webhook.send(event(later), None).ref == first.ref
    for line in (
        replace(content.line, id=42),
        replace(content.line, event=replace(content.line.event, at=NOW)),
        replace(content.line, event=replace(content.line.event, case_id=13)),
    ):
        assert webhook.send(event(replace(content, line=line)), None).ref != first.ref


@pytest.mark.parametrize("attempt", samples.HOSTILE)
def test_hostile_words_keep_the_body_small_and_readable(make: Make, receiver: Receiver, attempt: str) -> None:
    words = samples.HOSTILE[attempt]
    make(words=True).send(event(samples.happened(words, words)), None)
    body = receiver.got[0].body
    assert body.isascii()
    assert len(body) < 80_000
    assert json.loads(body)["subject"] == "case/12"


# ── what comes back ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("status", range(200, 300, 7))
def test_every_status_of_success_is_one(make: Make, receiver: Receiver, status: int) -> None:
    receiver.always = Manner(status)
    assert make().send(event(), None).channel == "desk"


LATER = {408, 425, 429}
PERSON = {401, 403, 404, 405, 407, 410}


@pytest.mark.parametrize("status", [*range(300, 309), *range(400, 432), 451, *range(500, 512), 599])
def test_what_each_status_means(make: Make, receiver: Receiver, status: int) -> None:
    receiver.always = Manner(status, {"location": f"{receiver.url}/elsewhere"})
    found = fault(make())
    if status >= 500 or status in LATER:
        assert (found.outcome, found.remedy, found.retry_after) == (Outcome.UNKNOWN, Remedy.WAIT, REST)
    elif status in PERSON or status < 400:
        assert (found.outcome, found.remedy) == (Outcome.REFUSED, Remedy.PERSON)
    else:
        assert (found.outcome, found.remedy) == (Outcome.REFUSED, Remedy.NOBODY)
    assert len(receiver.got) == 1, "no redirect is followed, nothing is asked twice"
    assert found.code == str(status)
    assert receiver.host in str(found)


@pytest.mark.parametrize(
    ("said", "span"),
    [
        ("120", timedelta(seconds=120)),
        ("0", timedelta(seconds=1)),
        ("Sun, 22 Nov 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Sun, 22 Nov 2026 11:05:00 GMT", timedelta(seconds=1)),
        ("999999999", timedelta(hours=1)),
        ("soon", REST),
        ("", REST),
        ("-5", REST),
        ("Sun, 22 Nov 99999999999999999999 12:05:00 GMT", REST),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_wish_to_be_asked_later_is_kept(
    make: Make, receiver: Receiver, status: int, said: str, span: timedelta
) -> None:
    receiver.always = Manner(status, {"retry-after": said})
    assert fault(make()).retry_after == span


@pytest.mark.parametrize("how", ["hangs", "drips", "cuts", "babbles"])
def test_no_misbehaviour_holds_it_or_passes_for_success(make: Make, receiver: Receiver, how: str) -> None:
    receiver.always = Manner(how=how)
    found = fault(make(deadline=0.5))
    assert (found.outcome, found.remedy, found.retry_after) == (Outcome.UNKNOWN, Remedy.WAIT, REST)
    assert len(receiver.got) == 1


def test_an_answer_without_an_end_is_not_read(make: Make, receiver: Receiver) -> None:
    receiver.always = Manner(how="floods")
    assert make().send(event(), None).channel == "desk"


def test_nobody_there_is_no_answer(make: Make) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = fault(make(url=f"http://127.0.0.1:{port}/x", allow=[f"127.0.0.1:{port}"]))
    assert (found.outcome, found.remedy, found.retry_after) == (Outcome.UNKNOWN, Remedy.WAIT, REST)


# ── where it may not go ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:{port}",
        "localhost:{port}",
        "127.1:{port}",
        "[::1]:{port}",
        "169.254.169.254",
        "10.0.0.1",
        "0x7f000001",
    ],
)
def test_private_addresses_are_refused_unless_they_are_allowed(
    make: Make, receiver: Receiver, host: str
) -> None:
    port = receiver.host.partition(":")[2]
    webhook = make(url=f"http://{host.format(port=port)}/PATH-IS-SECRET", allow=[])
    found = fault(webhook)
    assert (found.outcome, found.remedy) == (Outcome.NOT_SENT, Remedy.PERSON)
    assert "http.allow_private_hosts" in str(found)
    assert receiver.got == []
    [finding] = webhook.check("desk")
    assert not finding.ok


def test_nothing_goes_out_unencrypted(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: there)
    found = fault(make(url="http://desk.example/PATH-IS-SECRET"))
    assert (found.outcome, found.remedy) == (Outcome.NOT_SENT, Remedy.PERSON)
    assert "https://" in str(found)


def missing() -> str:
    raise ConfigError("webhook desk: the variable DESK is empty, where its secret was due")


@pytest.mark.parametrize(
    "secret",
    [
        missing,
        lambda: " ",
        lambda: "hunter-SECRET",
        lambda: "whsec_SECRET!",
        lambda: "whsec_" + base64.b64encode(b"SECRET").decode(),
        lambda: "whsec_" + base64.b64encode(b"S" * 65).decode(),
    ],
)
def test_without_a_good_secret_nothing_is_sent(
    make: Make, receiver: Receiver, secret: Callable[[], str]
) -> None:
    webhook = make(secret=secret)
    found = fault(webhook)
    assert (found.outcome, found.remedy, found.code) == (Outcome.NOT_SENT, Remedy.PERSON, "secret")
    assert receiver.got == []
    assert [finding.ok for finding in webhook.check("desk")] == [False]


def test_one_that_was_taken_out_of_the_settings_is_told_of(make: Make) -> None:
    found = fault(make(), replace(event(), channel="old"))
    assert (found.outcome, found.remedy) == (Outcome.NOT_SENT, Remedy.PERSON)


def test_a_probe_is_of_a_type_of_its_own_and_says_what_is_wrong(make: Make, receiver: Receiver) -> None:
    assert make().probe("desk").ok
    assert receiver.types() == ["test"]
    assert receiver.got[0].event["data"] == {"schema": 1, "webhook": "desk"}
    receiver.always = Manner(401)
    found = make().probe("desk")
    assert not found.ok
    assert "signature" in found.detail
    assert "SECRET" not in found.detail
