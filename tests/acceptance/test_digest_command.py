"""Which span and place `digest` tells, and its facts for machines."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from stage import Stage

MONDAY = date(2026, 3, 23)
"""Of a week that ends with the beginning of summer time in London: it has 167 hours."""


@pytest.fixture
def told(stage: Stage) -> Stage:
    stage.write()
    posts = (
        ("1", "I waited three weeks and nobody answered me. Terrible service.", MONDAY, "Mill Lane"),
        ("2", "They charged me twice and refuse to give it back, awful.", MONDAY + timedelta(days=6), ""),
        ("3", "Thank you Nina, you were wonderful!", MONDAY + timedelta(days=7), "Mill Lane"),
    )
    rows = [
        {
            "id": number,
            "text": text,
            "author": f"Fictional {number}",
            "published": f"{day}T12:00Z",
            "place": where,
        }
        for number, text, day, where in posts
    ]
    (stage.folder / "posts.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    stage.well("import", "posts.jsonl", "--alert", "all")
    return stage


def test_a_week_a_day_or_a_span(told: Stage) -> None:
    facts = told.well("digest", "--week", "--day", "2026-03-26", "--json").json
    assert (facts["length"], facts["since"], facts["until"]) == (
        "week",
        "2026-03-23T00:00:00Z",
        "2026-03-29T23:00:00Z",
    )
    assert (facts["numbers"]["heard"]["count"], facts["recovering_days"]) == (2, 90)
    assert [day["day"] for day in facts["trend"]][-1] == "2026-03-29"
    same = told.well("digest", "--since", "2026-03-23", "--until", "2026-03-30", "--json").json
    as_of_now = {name: facts[name] for name in ("told", "waiting")}  # the hours that they wait grow meanwhile
    assert {**same, **as_of_now} == facts
    day = told.well("digest", "--day", "2026-03-29", "--json").json
    assert (day["length"], day["numbers"]["complaints"]["count"]) == ("day", 1)
    assert (day["since"], day["until"]) == ("2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z")
    last = told.well("digest", "--week", "--json").json
    assert (last["length"], last["numbers"]["heard"]["count"]) == ("week", 0)


def test_one_place(told: Stage) -> None:
    week = ("digest", "--week", "--day", "2026-03-23")
    facts = told.well(*week, "--place", "mill lane", "--json").json
    assert (facts["place"], facts["numbers"]["heard"]["count"]) == ("Mill Lane", 1)
    assert [who["place"] for who in facts["complaints"]] == ["Mill Lane"]
    failed = told.do(*week, "--place", "Nowhere")
    assert failed.code == 2
    assert "places that were named: Mill Lane" in " ".join(failed.err.replace("│", " ").split())


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--day", "yesterday"), "write a day such as"),
        (("--week", "--since", "2026-03-01"), "leave --since and --until away"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "later than --since"),
        (("--day", "2999-03-01"), "that time has not begun"),
        (("--until", "2999-03-01"), "that time has not begun"),
        (("--html", "one.html", "--markdown", "one.html"), "name two"),
    ],
)
def test_what_cannot_be_told_is_refused(told: Stage, words: tuple[str, ...], why: str) -> None:
    failed = told.do("digest", *words)
    assert failed.code == 2
    assert why in " ".join(failed.err.replace("│", " ").split())


def test_a_day_that_is_not_over_is_told_so_far_and_not_posted(told: Stage) -> None:
    today = ("digest", "--day", f"{datetime.now(ZoneInfo('Europe/London')):%Y-%m-%d}")
    assert told.well(*today, "--json").json["numbers"]["heard"]["against"] == "early"
    failed = told.do(*today, "--post")
    assert failed.code == 2
    assert "leave --post away" in " ".join(failed.err.replace("│", " ").split())
