"""The same words from many accounts: one case, counted, told once, and nothing unaccounted for."""

from __future__ import annotations

import json

from stage import Stage, stored

from alerts.testing.slack import SlackLookalike

CAMPAIGN = "I waited five weeks for the garden chairs and nobody answered one of my mails. Terrible shop, never again."


def _import(stage: Stage, name: str, first: int, count: int) -> None:
    rows = [
        {
            "id": str(number),
            "author": f"Fictional Fred {number}",
            "text": f"{CAMPAIGN.upper() if number % 2 else CAMPAIGN}{'!' * number}",
            "published": f"2026-01-0{number}",
            "rating": 1,
        }
        for number in range(first, first + count)
    ]
    (stage.folder / name).write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    imported = stage.well("import", name, "--feed", "posts", "--alert", "all", "--json").json
    assert (imported["added"], imported["complaints"]) == (count, count)


def test_five_copies_are_one_case_and_one_card(stage: Stage, slack: SlackLookalike) -> None:
    stage.write()
    _import(stage, "first.jsonl", 1, 3)
    stage.well("run", "--once")
    _import(stage, "second.jsonl", 4, 2)
    stage.well("run", "--once")
    (case,) = stage.well("cases", "list", "--json").json
    assert case["customer"] == "Fictional Fred 1"
    shown = stage.well("cases", "show", str(case["id"]), "--json").json
    assert [mention["author"] for mention in shown["mentions"]] == [
        f"Fictional Fred {n}" for n in range(1, 6)
    ]
    assert [event["action"] for event in shown["events"]] == ["opened", *["copied"] * 4]
    status = stage.well("status", "--json").json
    assert (status["mentions"], status["complaints"], status["cases"]) == (5, 5, {"open": 1})
    account = stage.account()
    assert (account["complaints"], account["delivered"]) == (5, 5)

    assert len(stored(slack.calls)) == 1
    (card,) = slack.messages()
    assert "said 5 times, by 5 accounts" in json.dumps(card)
    assert "Fictional Fred 1" in json.dumps(card)

    # a closed case is not joined: who says it now is somebody new
    stage.well("cases", "recover", str(case["id"]))
    _import(stage, "third.jsonl", 6, 1)
    assert stage.well("status", "--json").json["cases"] == {"open": 1, "recovered": 1}
    stage.account()


def test_short_words_from_two_people_are_two_cases(stage: Stage) -> None:
    stage.write()
    rows = [{"id": str(n), "author": f"Ann {n}", "text": "Terrible service!", "rating": 1} for n in (1, 2)]
    (stage.folder / "short.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    stage.well("import", "short.jsonl", "--alert", "all")
    assert len(stage.well("cases", "list", "--json").json) == 2
