"""What the desk says is learnt from: dismissals, misses, and rules, through the real command."""

from __future__ import annotations

import json

from stage import Stage

POEMS = [
    "Terrible day, so I wrote a poem about the worst tea in the valley, all of it invented by me.",
    "Rain again, and here is a poem about the worst tea in the valley. The rude waiter is invented.",
    "A poem about the worst tea in the valley is terrible work, yet I finish one each week.",
    "My last one was awful: a poem about the worst tea in the valley, sung by a rude goose.",
]
REAL = "I waited three weeks for my order and nobody answered me. Terrible service."
QUIET = "We sat by the window and read about parcel boats all afternoon."
"""No judge takes this for a complaint, whatever it learns: only a person can bring it in."""


def _import(stage: Stage, name: str, *rows: dict[str, object]) -> None:
    (stage.folder / name).write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    stage.well("import", name, "--feed", "posts", "--alert", "all")


def _post(number: int, text: str, author: str, stars: int | None = None) -> dict[str, object]:
    url = f"https://posts.example/{number}"
    row = {"id": str(number), "text": text, "author": author, "url": url}
    return row if stars is None else {**row, "rating": stars}


def test_dismissals_propose_a_rule_that_people_put_in_force_and_end(stage: Stage) -> None:
    stage.write()
    poems = [_post(n, text, f"Poet {n}", 1) for n, text in enumerate(POEMS)]
    _import(stage, "first.jsonl", *poems[:3], _post(10, REAL, "Real Rita", 1))
    cases = {case["words"]: case["id"] for case in stage.well("cases", "list", "--json").json}
    assert stage.well("rules", "list", "--json").json == []
    for text in POEMS[:3]:
        stage.well("cases", "dismiss", str(cases[text]), "--not-a-complaint", "--as", "dana")
    stage.well("cases", "contact", str(cases[REAL]), "--as", "dana")

    found = stage.well("rules", "list", "--json").json
    rule = next(one for one in found if one["ground"] == "phrase")
    assert (rule["in_force"], rule["dismissals"], rule["would_have_held"]) == (False, 3, 3)
    shown = stage.well("rules", "list").out
    assert rule["id"] in shown
    assert max(map(len, shown.splitlines())) <= 80
    stage.well("rules", "accept", rule["id"], "--as", "dana")
    assert stage.do("rules", "accept", rule["id"]).code == 1

    _import(stage, "second.jsonl", poems[3])
    assert len(stage.well("cases", "list", "--json").json) == 4
    status = stage.well("status", "--json").json
    assert (status["complaints"], status["held_back"]) == (5, 1)
    assert "1 complaints held back" in stage.well("status").out
    assert stage.account()["suppressed"] == 4
    (held,) = stage.well("mentions", "--not-complaints", "--json").json
    assert held["held_back"]
    assert held["reasons"][0].startswith(f"held back by rule {rule['id']}: posts with the words")

    back = stage.well("rules", "withdraw", rule["id"], "--json").json
    assert [one["id"] for one in back["held"]] == [held["id"]]
    stage.well("missed", str(held["id"]), "--as", "dana")
    stage.well("run", "--once")
    assert stage.well("status", "--json").json["held_back"] == 0
    assert stage.account()["suppressed"] == 3


def test_what_was_missed_is_found_and_gets_its_card_once(stage: Stage) -> None:
    stage.write()
    _import(stage, "posts.jsonl", _post(1, QUIET, "Quiet \x1b[31mQuentin"), _post(2, "Nice tea.", "Ann"))
    assert stage.well("cases", "list", "--json").json == []
    shown = stage.well("mentions", "--find", "parcel").out
    assert "\x1b" not in shown
    assert "parcel" in shown
    assert "Nice tea" not in shown
    (found,) = stage.well("mentions", "--find", "PARCEL", "--json").json
    assert (found["url"], found["is_complaint"], found["case"]) == ("https://posts.example/1", False, None)

    case = stage.well("missed", found["url"], "--note", "waits since spring", "--json").json
    twice = stage.do("missed", str(found["id"]))
    assert (twice.code, f"case {case['case']} has this post" in twice.err) == (1, True)
    stage.well("run", "--once")
    _import(stage, "posts.jsonl", _post(1, QUIET, "Quiet \x1b[31mQuentin"), _post(2, "Nice tea.", "Ann"))
    stage.well("run", "--once")
    assert len(stage.slack.calls) > 0
    account = stage.account()
    assert (account["complaints"], account["delivered"]) == (1, 1)
    stage.well("cases", "dismiss", str(case["case"]), "--note", "it came")
    assert stage.account()["suppressed"] == 1


def test_what_is_not_there_is_said(stage: Stage) -> None:
    stage.write()
    nothing = stage.do("missed", "https://posts.example/none")
    assert (nothing.code, "mentions --find" in nothing.err) == (1, True)
    assert stage.do("rules", "withdraw", "abc123").code == 1
    assert "No rule is in force" in stage.well("rules", "list").out
    assert "Nothing of the kind" in stage.well("mentions").out
