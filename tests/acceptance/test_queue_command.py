"""What a lead sees in Slack is on the terminal too: the queue, through the real command."""

from __future__ import annotations

import json

import pytest
from stage import Stage

ROWS = {
    "Fred": "I waited three weeks for my order and nobody answered me. Terrible service.",
    "Gina": "They charged me twice and refuse to give the money back, awful people.",
    "Hal": "\u202eNobody \x1b[31manswered, and I waited for weeks. Terrible, disappointing service. "
    + "😡" * 500,
}


@pytest.fixture
def desk(stage: Stage) -> Stage:
    stage.write()
    rows = [
        {"id": name, "text": text, "author": f"Fictional {name}", "rating": 1} for name, text in ROWS.items()
    ]
    (stage.folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    stage.well("import", "posts.jsonl", "--feed", "posts", "--alert", "all")
    return stage


def number(desk: Stage, name: str) -> str:
    (case,) = desk.well("cases", "list", "--find", f"fictional {name}", "--json").json
    return str(case["id"])


def test_a_queue_empties_as_it_is_worked(desk: Stage) -> None:
    fred, gina, hal = (number(desk, name) for name in ROWS)
    shown = desk.well("queue").out
    assert "What waits: 3 unclaimed" in shown
    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown and "\u202e" not in shown
    assert "and 2 more: `--limit 3` shows all" in desk.well("queue", "--limit", "1").out

    desk.well("cases", "claim", fred, "--as", "dana")
    desk.well("cases", "promise", fred, "a call back", "--due", "1h", "--as", "dana")
    desk.well("cases", "claim", gina, "--as", "robin")
    desk.well("cases", "contact", gina, "--as", "robin")
    desk.well("cases", "recover", hal, "--how", "gesture", "--as", "robin")
    told = desk.well("queue", "--mine", "dana", "--json").json
    assert told["counts"]["mine"] == 1
    (mine,) = told["mine"]
    assert (mine["id"], mine["next"], mine["ends"], mine["overdue"]) == (int(fred), "keep", "promise", False)
    assert [promise["what"] for promise in mine["promises"]] == ["a call back"]
    assert [line["id"] for line in told["waiting"]] == [int(gina)]
    assert [(line["id"], line["how"]) for line in told["recovered"]] == [(int(hal), "gesture")]
    assert told["clear"] is False

    desk.well("cases", "recover", fred, "--how", "reply", "--as", "dana")
    desk.well("cases", "keep", fred, "--as", "dana")
    shown = desk.well("queue", "--mine", "dana").out
    assert "Nothing waits for you: every customer has somebody." in shown
    assert "recovered by a reply" in " ".join(shown.split())
    assert desk.well("queue", "--json").json["clear"] is True
