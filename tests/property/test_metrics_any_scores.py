"""The figures against their definitions, for any scores: pairs counted one by one, precision threshold by threshold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.metrics import auc, average_precision, calibration_error, outcomes

posts = st.lists(
    st.tuples(st.one_of(st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.floats(0, 1)), st.booleans()), max_size=40
)
"""Few distinct scores among them, so that ties are common."""


@given(posts)
def test_the_area_is_the_share_of_pairs_won(given_posts: list[tuple[float, bool]]) -> None:
    complaints = [score for score, label in given_posts if label]
    others = [score for score, label in given_posts if not label]
    pairs = [(c > o) + (c == o) / 2 for c in complaints for o in others]
    found = auc([s for s, _ in given_posts], [b for _, b in given_posts])
    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(posts)
def test_average_precision_is_the_sum_over_thresholds(given_posts: list[tuple[float, bool]]) -> None:
    scores, labels = [s for s, _ in given_posts], [b for _, b in given_posts]
    found = average_precision(scores, labels)
    if not any(labels):
        assert found is None
        return
    total = before = 0.0
    for line in sorted(set(scores), reverse=True):
        counts = outcomes([score >= line for score in scores], labels)
        total += (counts.recall - before) * counts.precision
        before = counts.recall
    assert found == pytest.approx(total)


@given(posts, st.floats(0, 1))
def test_every_share_is_one_and_order_does_not_matter(
    given_posts: list[tuple[float, bool]], line: float
) -> None:
    def all_of(rows: list[tuple[float, bool]]) -> list[float | None]:
        scores, labels = [s for s, _ in rows], [b for _, b in rows]
        counts = outcomes([score >= line for score in scores], labels)
        return [
            auc(scores, labels),
            average_precision(scores, labels),
            calibration_error(scores, labels),
            counts.precision,
            counts.recall,
            counts.f1,
            counts.macro_f1,
        ]

    found = all_of(given_posts)
    assert all(value is None or 0 <= value <= 1 + 1e-9 for value in found)
    assert found == [
        pytest.approx(value) if value is not None else None for value in all_of(given_posts[::-1])
    ]


@given(posts.filter(lambda rows: len({label for _, label in rows}) == 2))
def test_the_area_turns_with_the_scores(given_posts: list[tuple[float, bool]]) -> None:
    scores, labels = [s for s, _ in given_posts], [b for _, b in given_posts]
    one, other = auc(scores, labels), auc([-score for score in scores], labels)
    assert one is not None
    assert other is not None
    assert one + other == pytest.approx(1)
