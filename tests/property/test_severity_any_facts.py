"""Whatever is put in: the same comes out for the same, and more of what is bad never makes it milder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.model import Rating, Reach, Severity
from monitor.core.severity import History, holding, weigh
from monitor.core.severity_rules import RULES, Facts

SIGNALS = st.frozensets(st.sampled_from([*(rule.key for rule in RULES), "resolved", "praise", "ordeal"]))
PROBABILITIES = st.floats(0, 1)
FIGURES = st.none() | st.integers(0, 10**12) | st.sampled_from([99, 100, 9_999, 10_000, 99_999, 100_000])
STARS = st.integers(1, 5)
RATINGS = st.none() | STARS.map(Rating)
REACHES = st.builds(Reach, FIGURES, FIGURES)
HISTORIES = st.builds(
    History, st.integers(0, 5), st.none() | st.just(datetime(2026, 5, 4, tzinfo=UTC)), st.booleans()
)


@settings(deadline=None)
@given(PROBABILITIES, SIGNALS, RATINGS, REACHES, st.booleans())
def test_what_holds_is_what_the_conditions_of_the_table_say(
    probability: float, signals: frozenset[str], rating: Rating | None, reach: Reach, words: bool
) -> None:
    facts = Facts(probability, signals, rating, reach, words)
    assert holding(facts) == [rule for rule in RULES if rule.holds(facts)]


@settings(deadline=None)
@given(PROBABILITIES, SIGNALS, RATINGS, REACHES, HISTORIES, st.booleans())
def test_the_same_inputs_give_the_same(
    probability: float,
    signals: frozenset[str],
    rating: Rating | None,
    reach: Reach,
    history: History,
    words: bool,
) -> None:
    found = weigh(probability, signals, rating, reach, history, words=words)
    again = weigh(probability, sorted(signals, reverse=True), rating, reach, history, words=words)
    assert found == again
    assert found.reasons, "a complaint needs a reason that can be read aloud"
    assert all(found.reasons)
    assert len(set(found.reasons)) == len(found.reasons)
    if "safety" in signals:
        assert found.severity is Severity.CRITICAL


@settings(deadline=None)
@given(
    st.tuples(PROBABILITIES, PROBABILITIES),
    SIGNALS,
    st.tuples(STARS, STARS),
    st.tuples(FIGURES, FIGURES),
    st.tuples(FIGURES, FIGURES),
    HISTORIES,
    st.integers(0, 3),
    st.booleans(),
)
def test_more_of_what_is_bad_is_never_milder(
    probability: tuple[float, float],
    signals: frozenset[str],
    stars: tuple[int, int],
    followers: tuple[int | None, int | None],
    likes: tuple[int | None, int | None],
    history: History,
    more: int,
    words: bool,
) -> None:
    def rank(
        probability: float, stars: int, followers: int | None, likes: int | None, history: History
    ) -> int:
        reach = Reach(followers, likes)
        return weigh(probability, signals, Rating(stars), reach, history, words=words).severity.rank

    low, high = sorted(probability)
    worse, better = sorted(stars)
    few, many = sorted(followers, key=lambda count: count or 0)
    cold, warm = sorted(likes, key=lambda count: count or 0)
    mildest = rank(low, better, few, cold, history)
    assert rank(high, better, few, cold, history) >= mildest
    assert rank(low, worse, few, cold, history) >= mildest
    assert rank(low, better, many, cold, history) >= mildest
    assert rank(low, better, few, warm, history) >= mildest
    assert rank(low, better, few, cold, replace(history, complaints=history.complaints + more)) >= mildest
    assert rank(low, better, few, cold, replace(history, regressed=True)) >= mildest
    assert rank(high, worse, many, warm, replace(history, regressed=True)) >= mildest
