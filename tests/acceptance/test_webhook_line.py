"""From a post to another program, through the real command: signed, once each, in order, and apart from Slack."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import signal
from collections.abc import Iterator

import pytest
from receiver import Manner, Receiver
from stage import Newsstand, Stage, mark, posts, until

KEY = b"0123456789abcdef0123456789abcdef"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


@pytest.fixture
def receiver(stage: Stage, stand: Newsstand) -> Iterator[Receiver]:
    with Receiver() as receiver:
        stage.settings["http"]["allow_private_hosts"].append(receiver.host)
        hook = {"name": "desk", "url": receiver.url, "secret_env": "DESK_SECRET"}
        stage.environ |= {"MONITOR_WEBHOOKS": json.dumps([hook]), "DESK_SECRET": SECRET}
        stage.listen("news")
        stand.feeds["news"] = posts(1, 2)
        yield receiver


def verified(receiver: Receiver) -> list[tuple[str, str]]:
    """What happened to which case, of what is signed well; each id once."""
    found: dict[str, tuple[str, str]] = {}
    for got in receiver.got:
        ident, at = got.headers["webhook-id"], got.headers["webhook-timestamp"]
        due = hmac.new(KEY, f"{ident}.{at}.".encode() + got.body, hashlib.sha256).digest()
        assert got.headers["webhook-signature"] == f"v1,{base64.b64encode(due).decode()}"
        found.setdefault(ident, (got.event["subject"], got.event["data"]["event"]["action"]))
    return list(found.values())


def findings(stage: Stage, *arguments: str) -> dict[str, bool]:
    found = stage.do("check", "--json", *arguments).json
    return {one["what"]: one["ok"] for one in found if "webhook" in one["what"]}


def test_rounds_and_commands_tell_what_happened_in_order(
    stage: Stage, stand: Newsstand, receiver: Receiver
) -> None:
    assert stage.well("run", "--once", "--json").json["webhooks"]["sent"] == 2
    stage.well("cases", "claim", "1", "--as", "dana")
    stage.well("cases", "lose", "1", "--as", "dana", "--note", "moved away")
    stage.well("run", "--once")
    stage.well("run", "--once")
    assert verified(receiver) == [
        ("case/1", "opened"),
        ("case/2", "opened"),
        ("case/1", "claimed"),
        ("case/1", "lost"),
    ]
    assert len(receiver.got) == 4
    assert not any(mark(1) in got.body.decode() for got in receiver.got), "the customer's words stay here"
    assert stage.account()["delivered"] == 2


def test_a_program_that_is_away_holds_up_nothing_and_misses_nothing(
    stage: Stage, stand: Newsstand, receiver: Receiver
) -> None:
    receiver.always = Manner(503, {"retry-after": "1"})
    told = stage.do("run", "--once", "--wait", "0s")
    assert told.code == 0, told.err
    assert "cannot take it now (503)" in told.err
    assert stage.told == {mark(1): 1, mark(2): 1}
    receiver.always = Manner()
    receiver.got.clear()
    stage.well("run", "--once")
    assert verified(receiver) == [("case/1", "opened"), ("case/2", "opened")]
    for text in (told.out, told.err):
        assert "SECRET" not in text
        assert SECRET not in text


def test_one_that_is_gone_wants_a_person_and_keeps_what_waits(
    stage: Stage, stand: Newsstand, receiver: Receiver
) -> None:
    receiver.always = Manner(410)
    told = stage.do("run", "--once")
    assert told.code == 1
    assert "nobody listens there any more (410)" in told.err
    assert stage.told == {mark(1): 1, mark(2): 1}
    assert "410" in stage.well("status").out
    receiver.always = Manner()
    stage.well("run", "--once")
    assert verified(receiver) == [("case/1", "opened"), ("case/2", "opened")]


def test_one_that_is_taken_out_loses_what_waits_and_a_person_is_told(
    stage: Stage, stand: Newsstand, receiver: Receiver
) -> None:
    receiver.always = Manner(410)
    stage.do("run", "--once")
    del stage.environ["MONITOR_WEBHOOKS"]
    assert findings(stage) == {"webhook desk": False}
    told = stage.well("run", "--once")
    assert "no webhook:desk any more: 2 events that waited for it were dropped" in told.err
    assert "410" not in stage.well("status").out
    assert "dropped" not in stage.well("run", "--once").err
    assert findings(stage) == {}


def test_check_looks_and_a_probe_sends_a_test_event(stage: Stage, receiver: Receiver) -> None:
    assert findings(stage) == {"webhook desk": True}
    assert receiver.got == []
    assert findings(stage, "--probe", "webhook:desk") == {
        "webhook desk": True,
        "webhook desk, test event": True,
    }
    assert receiver.types() == ["test"]
    assert stage.do("check", "--probe", "webhook:other").code == 78
    stage.environ["DESK_SECRET"] = ""
    assert findings(stage) == {"webhook desk": False}


def test_the_service_tells_while_it_runs_and_ends_in_order(
    stage: Stage, stand: Newsstand, receiver: Receiver
) -> None:
    service = stage.start("run")
    until(lambda: len(receiver.got) == 2, "two cases are opened")
    stage.well("cases", "claim", "2", "--as", "dana")
    until(lambda: len(receiver.got) == 3, "one is claimed")
    receiver.always = Manner(how="hangs")
    stage.well("cases", "contact", "2", "--as", "dana")
    until(lambda: len(receiver.got) >= 4, "it is sent to one who does not answer")
    service.send_signal(signal.SIGTERM)
    assert stage.ended(service).code == 0
    assert [action for _, action in verified(receiver)] == ["opened", "opened", "claimed", "contacted"]
