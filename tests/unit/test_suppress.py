"""Rules from repeated dismissals: what proposes one, what forbids it, what it holds back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, said

from monitor.core.labels import Label, Labelled
from monitor.core.model import Heard, Severity, Verdict
from monitor.core.suppress import NEVER, Ground, Proposal, Rule, holding, propose, would_hold

BAD = Verdict(0.8, True, Severity.MEDIUM)
SPIN = "every monday i write a haiku about the queue of this cafe"


def dismissed(
    number: int,
    text: str = "",
    *,
    by: str = "",
    verdict: Verdict = BAD,
    label: Label = Label.NOT_A_COMPLAINT,
    feed: str = "feed",
    when: int | None = None,
) -> Labelled:
    """A case of its own each, unless `when` says that several were dismissed at once."""
    mention = said(str(number), text or f"something else number {number}", by=by or f"poet-{number}")
    at = NOW + timedelta(minutes=number if when is None else when)
    return Labelled(number, mention, feed, verdict, label, "dana", at, 0.8, "complaint:1", True)


def rules(labelled: list[Labelled]) -> list[tuple[Ground, str, str, int]]:
    found = propose(labelled)
    return [(one.rule.ground, one.rule.place, one.rule.value, one.dismissals) for one in found]


def test_the_third_dismissal_of_an_author_proposes_a_rule() -> None:
    twice = [dismissed(number, by="bard") for number in (1, 2)]
    assert rules(twice) == []
    assert rules([*twice, dismissed(3, by="bard")]) == [(Ground.AUTHOR, "pages", "bard", 3)]


def test_posts_dismissed_with_one_case_are_one_dismissal() -> None:
    assert rules([dismissed(number, by="bard", when=0) for number in range(5)]) == []


def test_a_confirmed_complaint_speaks_against_the_rule() -> None:
    three = [dismissed(number, by="bard") for number in range(3)]
    assert rules([*three, dismissed(9, by="bard", label=Label.COMPLAINT)]) == []
    assert len(rules([*three, dismissed(9, by="other", label=Label.COMPLAINT)])) == 1


def test_a_kind_of_post_counts_within_its_feed() -> None:
    news = replace(BAD, kind="news")
    two = [dismissed(number, verdict=news) for number in (1, 2)]
    assert rules([*two, dismissed(3, verdict=news, feed="elsewhere")]) == []
    assert rules([*two, dismissed(3, verdict=news)]) == [(Ground.KIND, "feed", "news", 3)]


def test_the_same_signals_and_no_others_propose_a_rule() -> None:
    priced = replace(BAD, signals=("price", "delayed"))
    same = [
        dismissed(1, verdict=priced),
        dismissed(2, verdict=replace(BAD, signals=("delayed", "price"))),
        dismissed(3, verdict=priced),
    ]
    assert rules(same) == [(Ground.SIGNALS, "", "delayed+price", 3)]
    rule = propose(same)[0].rule
    mention = said("x")
    assert rule.covers("any", mention, priced)
    assert not rule.covers("any", mention, replace(BAD, signals=("delayed", "price", "rude")))


def test_of_phrases_that_recur_together_only_the_longest_is_proposed() -> None:
    spun = [dismissed(number, f"{number}! {SPIN.title()}, number {number}") for number in range(3)]
    assert [(ground, len(value.split()), count) for ground, _, value, count in rules(spun)] == [
        (Ground.PHRASE, 8, 3)
    ]
    rule = propose(spun)[0].rule
    assert rule.covers("feed", said("x", f"Hello. {SPIN.upper()}"), BAD)
    assert not rule.covers("feed", said("x", f"Hello. {SPIN}".replace("haiku", "poem")), BAD)


def test_four_words_in_a_row_are_said_by_anybody() -> None:
    assert rules([dismissed(n, f"nr {n} i went to the {n}th") for n in range(3)]) == []


@pytest.mark.parametrize("signal", sorted(NEVER))
def test_what_must_be_seen_is_never_held_back(signal: str) -> None:
    rule = Rule(Ground.AUTHOR, "bard", "pages")
    mention = said("x", by="bard")
    assert holding([rule], "feed", mention, BAD) is rule
    assert holding([rule], "feed", mention, replace(BAD, signals=("price", signal))) is None
    assert holding([rule], "feed", mention, replace(BAD, severity=Severity.CRITICAL)) is None
    grave = [dismissed(n, by="bard", verdict=replace(BAD, signals=(signal,))) for n in range(3)]
    assert propose(grave) == []


def test_an_author_of_another_source_is_somebody_else() -> None:
    rule = Rule(Ground.AUTHOR, "bard", "pages")
    assert holding([rule], "feed", said("x", by="bard", source="elsewhere"), BAD) is None
    assert holding([rule], "feed", said("x", by=None), BAD) is None


def test_a_rule_in_force_is_not_proposed_again() -> None:
    three = [dismissed(number, by="bard") for number in range(3)]
    rule = Rule(Ground.AUTHOR, "bard", "pages")
    assert propose(three) == [Proposal(rule, 3)]
    assert propose(three, [rule]) == []


def test_a_rule_has_the_same_name_everywhere_and_no_other_has_it() -> None:
    rule = Rule(Ground.AUTHOR, "bard", "pages")
    assert rule.key == Rule(Ground.AUTHOR, "bard", "pages").key == "a9a5f8"
    assert len({rule.key, replace(rule, place="x").key, replace(rule, ground=Ground.KIND).key}) == 3


def test_the_past_shows_what_it_would_have_held() -> None:
    rule = Rule(Ground.AUTHOR, "bard", "pages")
    past = [Heard(n, "feed", said(str(n), by=by), BAD, NOW) for n, by in enumerate(["bard", "ann", "bard"])]
    assert [heard.id for heard in would_hold(rule, past)] == [0, 2]
