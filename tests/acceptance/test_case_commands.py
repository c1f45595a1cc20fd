"""The desk on the command line: every move, through the real command."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from stage import Stage

FRED = "I waited three weeks for my order and nobody answered me. Terrible service."
GINA = "They charged me twice and refuse to give the money back, awful people."
DUE = (datetime.now(UTC) + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """A case of Fred's and one of Gina's."""
    stage.write()
    rows = [
        {"id": name, "text": text, "author": f"Fictional {name}", "rating": 1}
        for name, text in (("Fred", FRED), ("Gina", GINA))
    ]
    (stage.folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    stage.well("import", "posts.jsonl", "--feed", "posts", "--alert", "all")
    return stage


def number(desk: Stage, name: str) -> str:
    (case,) = desk.well("cases", "list", "--find", f"fictional {name}", "--json").json
    return str(case["id"])


def test_a_case_goes_through_many_hands(desk: Stage) -> None:
    fred = number(desk, "Fred")

    def do(command: str, *more: str) -> str:
        return desk.well("cases", command, fred, *more, "--as", "dana").out

    assert "dana claimed." in do("claim")
    assert "dana handed it over to robin." in do("hand-over", "robin", "--note", "speaks Dutch")
    assert [case["owner"] for case in desk.well("cases", "list", "--owner", "robin", "--json").json] == [
        "robin"
    ]
    assert "is open now: dana gave it back" in do("release")
    assert "until something happens." in do("snooze")
    assert "dana snoozed it until" in do("snooze", "--until", "2d")
    assert "asleep until" in desk.well("cases", "show", fred).out
    assert "dana woke it." in do("wake")
    assert "escalated it to lead." in do("escalate", "--note", "wants the manager")
    assert "dana noted." in do("note", "asked the kitchen")
    assert "dana told the customer." in do("contact", "--text", "Sorry!", "--link", "https://a.example/1")
    told = desk.well("cases", "recover", fred, "--how", "refund", "--as", "dana", "--json").json
    assert (told["state"], told["level"], told["owner"]) == ("recovered", 1, "dana")
    assert "is open now: dana re-opened." in do("reopen")

    shown = desk.well("cases", "show", fred, "--json").json
    events = {event["action"]: event["data"] for event in shown["events"]}
    assert events["hand_over"] == {"to": "robin"}
    assert events["contact"] == {"text": "Sorry!", "link": "https://a.example/1"}
    assert (events["recover"], events["escalate"]) == ({"how": "refund"}, {"level": 1, "rung": "lead"})
    assert len(shown["pauses"]) >= 2
    assert shown["events"][0]["actor"] == "monitor"
    desk.well("run", "--once")
    said = " ".join(json.dumps(call, default=str) for call in desk.slack.calls)
    for words in ("handed it over to robin", "escalated it to lead", "by a refund"):
        assert words in said


def test_promises_are_made_and_ended(desk: Stage) -> None:
    fred = number(desk, "Fred")
    made = desk.well(
        "cases", "promise", fred, "A call", "--due", DUE.isoformat(), "--as", "dana", "--json"
    ).json
    (call,) = made["promises"]
    assert (call["what"], call["due"], call["by"], call["outcome"]) == (
        "A call",
        DUE.isoformat().replace("+00:00", "Z"),
        "dana",
        None,
    )
    assert (
        "A refund, by" in desk.well("cases", "promise", fred, "A refund", "--due", "4h", "--as", "dana").out
    )
    several = desk.do("cases", "keep", fred, "--as", "dana")
    assert (several.code, "say which" in several.err) == (1, True)
    assert (
        "kept the promise: A call."
        in desk.well("cases", "keep", fred, "--promise", str(call["id"]), "--as", "dana").out
    )
    assert "was broken: A refund." in desk.well("cases", "break", fred, "--as", "dana").out
    desk.well("cases", "promise", fred, "A voucher", "--due", "1d", "--as", "dana")
    assert desk.do("cases", "withdraw", fred, "--as", "dana").code == 1
    desk.well("cases", "withdraw", fred, "--note", "no longer wanted", "--as", "dana")
    shown = desk.well("cases", "show", fred).out
    for words in ("kept", "broken", "withdrawn", "A voucher"):
        assert words in shown
    assert max(map(len, shown.splitlines())) <= 80
    late = desk.do("cases", "promise", fred, "A call", "--due", "2020-01-01", "--as", "dana")
    assert (late.code, "has passed" in late.err) == (1, True)
    wrong = desk.do("cases", "promise", fred, "A call", "--due", "soon", "--as", "dana")
    assert (wrong.code, "write a day such as" in wrong.err) == (2, True)


def test_two_authors_are_one_customer_and_two_again(desk: Stage) -> None:
    fred, gina = number(desk, "Fred"), number(desk, "Gina")
    assert f"same customer as in case {gina}." in desk.well("cases", "link", fred, gina, "--as", "dana").out
    shown = desk.well("cases", "show", gina, "--json").json
    assert (shown["linked"], shown["past"]["complaints"]) == ([int(fred)], 2)
    assert f"the same customer: case {fred}" in desk.well("cases", "show", gina).out
    desk.well("cases", "unlink", fred, "--as", "dana")
    assert desk.well("cases", "show", gina, "--json").json["linked"] == []
    assert desk.do("cases", "unlink", fred, "--as", "dana").code == 1


def test_cases_are_found_by_words(desk: Stage) -> None:
    fred = number(desk, "Fred")
    desk.well("cases", "lose", fred, "--note", "moved on", "--as", "dana")
    found = desk.well("cases", "list", "--find", "THREE weeks", "--json").json
    assert [(case["id"], case["state"]) for case in found] == [(int(fred), "lost")]
    assert desk.well("cases", "list", "--find", "no such words", "--json").json == []


def test_a_round_wakes_who_has_slept_enough(desk: Stage) -> None:
    fred = number(desk, "Fred")
    desk.well("cases", "snooze", fred, "--until", "1ms", "--as", "dana")
    assert desk.well("cases", "show", fred, "--json").json["snoozed"]
    desk.well("run", "--once")
    shown = desk.well("cases", "show", fred, "--json").json
    assert (shown["snoozed"], shown["events"][-1]["action"], shown["events"][-1]["actor"]) == (
        None,
        "wake",
        "clock",
    )
