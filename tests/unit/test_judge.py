"""Every scorer asked once, texts cut at their cap, evidence led back to the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Evidence, Mention, Opinion, Rating
from monitor.scoring import vader
from monitor.scoring.complaint import Complaint
from monitor.scoring.expectations import Expectations
from monitor.scoring.judge import MARK, Judge, cut_to
from monitor.scoring.language import Language
from monitor.scoring.quote import beginning
from monitor.scoring.stars import Stars
from monitor.scoring.vader import Vader


def everyone(max_chars: int = 20_000) -> Judge:
    scorers = (Complaint(), Vader(), Stars(), Language())
    return Judge({scorer.name: scorer for scorer in scorers}, max_chars)


class Finder:
    """Finds every "x" and every word "need"; keeps the mentions it was shown."""

    name: ClassVar[str] = "finder"
    version: ClassVar[str] = "1"
    api: ClassVar[int] = 1

    def __init__(self) -> None:
        self.shown: list[Mention] = []

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        self.shown += mentions
        return [
            Opinion(
                "finder",
                "1",
                evidence=tuple(
                    Evidence("x", "x", at, at + 1) for at, sign in enumerate(m.words) if sign == "x"
                ),
            )
            for m in mentions
        ]


def test_each_mention_gets_every_opinion_in_order() -> None:
    mentions = [Mention("files", str(n), f"still waiting, day {n}") for n in range(1_203)]
    judged = everyone().judge(mentions)
    assert len(judged) == len(mentions)
    assert all(opinions.keys() == {"complaint", "vader", "stars", "language"} for opinions in judged)
    assert judged[0]["complaint"] == Complaint().score(mentions[:1])[0]
    assert everyone().judge([]) == []


def test_sentiment_is_worked_out_once_for_each_text(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    compound = vader.Evaluator.compound

    def watched(evaluator: vader.Evaluator, text: str) -> float:
        seen.append(text)
        return compound(evaluator, text)

    monkeypatch.setattr(vader.Evaluator, "compound", watched)
    everyone().judge([Mention("files", str(n), f"my coffee was cold on day number {n}") for n in range(20)])
    assert len(seen) == 20 == len(set(seen))


def test_words_in_another_language_are_not_given_a_sentiment() -> None:
    (judged,) = everyone().judge(
        [Mention("files", "1", "die Leute sind nett und der Kaffee ist wunderbar heute")]
    )
    assert judged["language"].label == "de"
    assert judged["vader"].value is None
    assert "English" in judged["vader"].notes[0]


def test_complaint_alone_asks_the_others_itself() -> None:
    (alone,) = Judge({"complaint": Complaint()}).judge([Mention("files", "1", "still waiting")])
    (together,) = everyone().judge([Mention("files", "1", "still waiting")])
    assert alone["complaint"] == together["complaint"]


def test_long_texts_are_judged_by_head_and_tail_and_it_is_said() -> None:
    text = "They charged me twice. " + "The shop stands at the corner. " * 200 + "Still waiting for my beans."
    (judged,) = everyone(400).judge([Mention("files", "1", text)])
    found = judged["complaint"]
    assert {"charged_twice", "still_waiting"} <= set(found.signals)
    assert all(text[item.start : item.end] == item.words for item in found.evidence)
    assert found.evidence[-1].start > 400 or found.evidence[0].start > 400
    for opinion in judged.values():
        assert opinion.notes[-1].startswith("judged on ")
        assert opinion.notes[-1].endswith(f"of {len(text)} characters")


def test_no_cue_reaches_across_what_was_left_out() -> None:
    text = "They promised me a visit " + "z" * 1_000 + " never called the plumber"
    (judged,) = everyone(60).judge([Mention("files", "1", text, language="en")])
    assert all("z" not in item.words for item in judged["complaint"].evidence)
    assert not any(item.words.startswith("promised") for item in judged["complaint"].evidence)


@given(st.text("x y\nz", max_size=120), st.text("xt ", max_size=10), st.integers(8, 60))
def test_a_cut_keeps_its_cap_and_leads_evidence_back(text: str, title: str, most: int) -> None:
    mention = Mention("files", "1", text, title)
    finder = Finder()
    (judged,) = Judge({"finder": finder}, most).judge([mention])
    words, shown = mention.words, finder.shown[0].words
    assert all(words[item.start : item.end] == "x" for item in judged["finder"].evidence)
    if len(words) <= most:
        assert shown == words
        assert judged["finder"].notes == ()
    else:
        head, _, tail = shown.partition(MARK)
        assert words.startswith(head)
        assert words.endswith(tail)
        assert len(head) + len(tail) <= most
        assert judged["finder"].notes == (f"judged on {len(head) + len(tail)} of {len(words)} characters",)
        assert len(judged["finder"].evidence) == head.count("x") + tail.count("x")


def test_the_cut_falls_between_words_where_it_can() -> None:
    cut = cut_to(Mention("files", "1", "fine words " * 100), 100)
    assert cut is not None
    head, tail = cut.mention.text.split(MARK)
    assert head.split()[-1] in ("fine", "words")
    assert tail.split()[0] in ("fine", "words")


def test_evidence_across_the_gap_is_cut_short() -> None:
    cut = cut_to(Mention("files", "1", "a" * 30 + "b" * 100 + "c" * 30), 20)
    assert cut is not None
    whole = Opinion(
        "s", "1", evidence=(Evidence("s", "", 5, 18), Evidence("s", "", 11, 20), Evidence("s", "", 10, 12))
    )
    assert [(item.words, item.start) for item in cut.restored(whole).evidence] == [
        ("a" * 5, 5),
        ("c" * 7, 150),
    ]


def test_evidence_that_is_no_place_in_the_words_outlives_the_cut() -> None:
    cut = cut_to(Mention("files", "1", "a" * 100), 20)
    assert cut is not None
    stars = Opinion("s", "1", evidence=(Evidence("reliability", "1 of 5 stars"),))
    assert cut.restored(stars).evidence == stars.evidence


class Short(Finder):
    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        return super().score(mentions)[1:]


def test_a_scorer_that_skips_a_mention_is_named() -> None:
    with pytest.raises(ValueError, match="finder gave 1 opinions on 2 mentions"):
        Judge({"finder": Short()}).judge([Mention("files", "1", ""), Mention("files", "2", "")])


class Circular(Finder):
    uses: ClassVar[tuple[str, ...]] = ("other",)

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        return [Opinion("composed", "1") for _ in mentions]


def test_scorers_that_want_each_other_still_speak() -> None:
    judge = Judge({"one": Circular(), "other": Circular()})
    (judged,) = judge.judge([Mention("files", "1", "x")])
    assert judged.keys() == {"one", "other"}


def test_a_word_behind_pages_of_blank_lines_has_the_stars_for_evidence() -> None:
    judge = Judge({one.name: one for one in (Complaint(), Vader(), Stars(), Language(), Expectations())})
    (judged,) = judge.judge([Mention("files", "1", "\n" * 60_000 + "hi", rating=Rating(1))])
    assert [item.words for item in judged["expectations"].evidence] == ["1 of 5 stars"]


def test_what_was_left_out_is_not_how_a_text_begins() -> None:
    cut = cut_to(Mention("files", "1", "\n" * 60_000 + "hi there"), 20_000)
    assert cut is not None
    start, _ = beginning(cut.mention.words)
    assert cut.mention.words[start:] == "hi there"
