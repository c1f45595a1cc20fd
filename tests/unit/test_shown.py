"""The sixty posts of docs/judgement.md: what is told there is what the judge says now."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise

import pytest

from monitor.core.aspects import EXPECTATIONS
from monitor.core.model import Evidence, Severity, Verdict
from monitor.core.severity_rules import BARE, PUT_RIGHT, RULES, WITH
from monitor.core.triage import KINDS
from training.show import (
    BEGINS,
    DOCUMENT,
    ENDS,
    POSTS,
    Post,
    count,
    otherwise,
    posts,
    put,
    row,
    safe,
    shown,
    words,
)

TOLD = (Evidence("respect", "shrugged", 0, 8),)
SULKY = Verdict(0.999, True, Severity.HIGH, ("was treated rudely",), expectations=TOLD)
CALM = Verdict(0.1, False)
GRIEVANCE = Post("They shrugged.", True, "plain", expected=("respect",))
NONE = Post("Lovely.", False, "praise")


def test_the_table_is_what_the_judge_says_now() -> None:
    document = DOCUMENT.read_text("utf-8")
    now = put(document, shown(posts()))
    stale = [line for line in now.splitlines() if line not in document.splitlines()]
    assert not stale, "docs/judgement.md is out of date; run `python -m training.show` and commit. Now:\n" + (
        "\n".join(stale)
    )
    assert now == document, "docs/judgement.md is out of date; run `python -m training.show` and commit"


def test_there_are_sixty_posts_of_every_tricky_sort() -> None:
    lines = [json.loads(line) for line in POSTS.read_text("utf-8").splitlines()]
    assert len(lines) == len({line["id"] for line in lines}) == len({line["text"] for line in lines}) == 60
    for line in lines:
        assert line["label"] in (0, 1), line["id"]
        assert bool(line.get("expected")) == bool(line["label"]), line["id"]
        assert set(line.get("expected", ())) <= EXPECTATIONS, line["id"]
    kinds = {line["kind"] for line in lines}
    assert {"polite", "ironic", "buried", "chasing", "safety", "discrimination", "legal"} <= kinds
    assert {"resolved", "praise", "wish", "question", "news", "job", "own reply", "bystander"} <= kinds


def test_the_next_reader_is_not_led_by_the_order() -> None:
    labels = [post.label for post in posts()]
    assert sum(one is not other for one, other in pairwise(labels)) > 20


def test_reasons_found_untrue_are_written_as_they_are_told() -> None:
    known = {rule.reason for rule in RULES} | {f"reads as {kind}" for kind in KINDS.values()}
    known |= {f"{BARE} with {what}" for what in WITH.values()} | {BARE, PUT_RIGHT, "praise"}
    listed = [reason for post in posts() for reason in post.false_reasons]
    assert listed
    assert set(listed) <= known


def test_a_reason_that_is_untrue_is_marked_where_it_is_told() -> None:
    slandered = replace(GRIEVANCE, false_reasons=("was treated rudely", "it came late"))
    assert otherwise(slandered, SULKY) == "✗ untrue: was treated rudely"
    assert (
        otherwise(replace(slandered, expected=("clarity",)), SULKY)
        == "✗ `clarity`; ✗ untrue: was treated rudely"
    )
    assert otherwise(slandered, CALM) == "✗ **missed**"
    assert count([slandered, GRIEVANCE], [SULKY, SULKY]).endswith("A reason is untrue of 1 of all.")


def test_what_was_heard_of_no_complaint_is_headed_so() -> None:
    heard = replace(CALM, evidence=(Evidence("delayed", "late", 0, 4),), expectations=TOLD)
    assert words(heard) == "heard: `delayed` “late”"
    assert words(SULKY) == "`respect` “shrugged”"


def test_the_count_tells_errors_of_both_kinds_apart() -> None:
    of = [GRIEVANCE, GRIEVANCE, NONE, NONE, replace(GRIEVANCE, expected=("fairness",))]
    told = count(of, [SULKY, CALM, CALM, SULKY, SULKY])
    assert told.startswith(
        "**Right in 3 of 5.** Of 3 complaints it found 2 and missed 1; of the other 2 it took 1"
    )
    assert told.endswith(
        "Of the 2 found, the expectation it names first is a right one in 1. A reason is untrue of 0 of all."
    )


@pytest.mark.parametrize(
    ("post", "said", "told"),
    [
        (GRIEVANCE, SULKY, ""),
        (NONE, CALM, ""),
        (GRIEVANCE, CALM, "✗ **missed**"),
        (NONE, SULKY, "✗ **false alarm**"),
        (replace(GRIEVANCE, expected=("fairness", "clarity")), SULKY, "✗ `fairness` or `clarity`"),
    ],
)
def test_errors_are_marked_with_what_would_be_right(post: Post, said: Verdict, told: str) -> None:
    assert otherwise(post, said) == told


def test_a_row_shows_words_reasons_and_severity() -> None:
    post = replace(GRIEVANCE, stars=1.0)
    assert row(7, post, SULKY) == (
        "| 7 | plain, 1 of 5 stars | They shrugged. | 0.999 | **complaint**, high | `respect` “shrugged” |"
        " was treated rudely |  |"
    )
    praised = replace(CALM, praise=True, staff=("Nadia",))
    assert row(8, NONE, praised) == "| 8 | praise | Lovely. | 0.100 | no |  | praise; names Nadia |  |"


def test_a_customers_words_stay_words_and_in_their_cell() -> None:
    assert safe("a | b\n<img src=x> [x](y) `c` \x1b[31m\u202ered_hot_ *", 80) == (
        r"a \| b \<img src=x\> \[x\](y) \`c\` \[31mred\_hot\_ \*"
    )
    assert safe("word " * 50, 20) == "word word word word…"


def test_the_block_takes_the_place_of_the_one_before() -> None:
    document = f"above\n{BEGINS}\nold\n{ENDS}\nbelow\n"
    once = put(document, "new")
    assert once == f"above\n{BEGINS}\n\nnew\n\n{ENDS}\nbelow\n"
    assert put(once, "new") == once


@pytest.mark.parametrize("document", ["none", BEGINS, ENDS + BEGINS, f"{BEGINS}{ENDS}{BEGINS}{ENDS}"])
def test_a_document_without_its_place_is_left_alone(document: str) -> None:
    with pytest.raises(SystemExit, match="between two lines"):
        put(document, "new")
