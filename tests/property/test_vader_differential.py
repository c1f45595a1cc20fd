"""Our VADER against the unmodified package: every figure of every text, quirks included."""

from __future__ import annotations

import json
import random
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SPECIAL_CASES, SentimentIntensityAnalyzer

from monitor.scoring.vader import Evaluator, Words, polarity

PUNCTUATION = [
    "!",
    "!!!",
    "!!!!!",
    "?",
    "??",
    "????",
    ",",
    ".",
    "...",
    ":)",
    ":D",
    ":-(",
    "</3",
    "'",
    '"',
    "-",
    "n't",
]
SMALL_WORDS = [
    "but", "BUT", "But,", "no", "No", "NO", "nor", "or", "least", "at", "very", "so", "this", "never", "without",
    "doubt", "kind", "of", "kind-of", "the", "just", "enough", "sort", "to", "for", "a", "I", "was", "it", "and",
]  # fmt: skip
SPACES = [" ", " ", " ", " ", "  ", "\t", "\n", "\u00a0", "\u3000", "", "\x1f"]


@cache
def stock() -> SentimentIntensityAnalyzer:
    return SentimentIntensityAnalyzer()


@cache
def vocabulary() -> tuple[tuple[str, ...], ...]:
    """Kinds of tokens, each about as likely in a generated text."""
    phrases = [word for phrase in (*SPECIAL_CASES, *BOOSTER_DICT) for word in (phrase, phrase.split()[-1])]
    return (
        tuple(stock().lexicon),
        tuple(stock().emojis),
        tuple(BOOSTER_DICT),
        tuple(NEGATE),
        tuple(phrases),
        tuple(SMALL_WORDS),
        tuple(SMALL_WORDS),
        tuple(PUNCTUATION),
        (
            "good",
            "bad",
            "great",
            "GREAT",
            "horrible",
            "problem",
            "love",
            "shit",
            "bomb",
            "heart",
            "ass",
            "right",
        ),
    )


def generated(draw: random.Random, longest: int) -> str:
    """A text of lexicon words, emoji, idioms, negations, capitals, "but" and odd spaces."""
    parts: list[str] = []
    for _ in range(draw.randint(0, longest)):
        token = draw.choice(draw.choice(vocabulary()))
        shape = draw.random()
        if shape < 0.15:
            token = token.upper()
        elif shape < 0.25:
            token = token.title()
        if draw.random() < 0.15:
            token = draw.choice(PUNCTUATION) + token
        if draw.random() < 0.25:
            token += draw.choice(PUNCTUATION)
        parts += token, draw.choice(SPACES)
    return "".join(parts)


def assert_same(text: str) -> None:
    assert polarity(text)._asdict() == stock().polarity_scores(text), text


def test_twelve_thousand_generated_texts_give_the_same_figures() -> None:
    draw = random.Random(20261122)
    for _ in range(10_000):
        assert_same(generated(draw, 14))
    for _ in range(2_000):
        assert_same(generated(draw, 45))


def test_few_words_in_every_order_meet_every_rule() -> None:
    """Dense in the words that rules speak of, so that rare meetings (never so, least, but between equals) occur."""
    words = [*SMALL_WORDS, "good", "bad", "GOOD", "shit", "heart", "right", "sucks", "isn't"]
    draw = random.Random(7)
    for _ in range(8_000):
        assert_same(" ".join(draw.choices(words, k=draw.randint(1, 9))))


def test_equal_figures_around_but_keep_the_habit_of_changing_the_first() -> None:
    by_value: dict[float, list[str]] = {}
    for word, value in stock().lexicon.items():
        if word.isalpha() and word.islower():
            by_value.setdefault(value, []).append(word)
    words = [group[0] for value, group in by_value.items() if {value / 2, value * 1.5} & by_value.keys()]
    assert len(words) > 10
    draw = random.Random(3)
    for _ in range(3_000):
        before, after = draw.choices(words, k=draw.randint(0, 8)), draw.choices(words, k=draw.randint(0, 8))
        assert_same(" ".join([*before, "but", *after]))


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_gives_the_same_figures(text: str) -> None:
    assert_same(text)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from([*SMALL_WORDS, *PUNCTUATION, "good", "BAD", "😀", "💔", "👍🏽", "ﬁne", "İ"]),
        max_size=25,
    )
)
def test_any_order_of_telling_tokens_gives_the_same_figures(tokens: list[str]) -> None:
    assert_same(" ".join(tokens))
    assert_same("".join(tokens))


def test_a_full_memory_of_words_changes_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Words, "CAPACITY", 5)
    evaluator = Evaluator()
    draw = random.Random(5)
    for _ in range(300):
        text = generated(draw, 12)
        assert evaluator.polarity(text)._asdict() == stock().polarity_scores(text), text
    assert len(evaluator._words) <= 5


def test_labelled_posts_give_the_same_figures(test_data: Path) -> None:
    """Over 20,000 real posts; the longest are left to the generated texts, as the package takes minutes for them."""
    texts = [
        json.loads(line)["text"]
        for folder in ("train", "dev")
        for path in sorted((test_data / "labelled" / folder).glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()[:2_000]
    ]
    texts = [text for text in texts if len(text) < 900]
    assert len(texts) > 20_000
    for text in texts:
        assert_same(text)
