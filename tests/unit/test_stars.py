"""Ratings as opinions."""

from __future__ import annotations

import pytest

from monitor.core.model import Mention, Rating
from monitor.scoring.stars import Stars


@pytest.mark.parametrize(
    ("rating", "value"),
    [
        (None, None),
        (Rating(1), 0.0),
        (Rating(3), 0.5),
        (Rating(5), 1.0),
        (Rating(0, 10, 0), 0.0),
        (Rating(7.5, 10, 0), 0.75),
        (Rating(1, 2), 0.0),
    ],
)
def test_value_is_the_rating_between_worst_and_best(rating: Rating | None, value: float | None) -> None:
    (opinion,) = Stars().score([Mention("appstore", "1", "", rating=rating)])
    assert opinion.value == value
    assert opinion.notes == ()


@pytest.mark.parametrize(
    "rating",
    [Rating(0), Rating(6), Rating(float("nan")), Rating(float("inf")), Rating(1, 1, 1), Rating(3, 1, 5)],
)
def test_an_impossible_rating_is_no_view_and_says_so(rating: Rating) -> None:
    (opinion,) = Stars().score([Mention("files", "1", "", rating=rating)])
    assert opinion.value is None
    assert "ignored" in opinion.notes[0]


def test_one_opinion_each_in_order() -> None:
    mentions = [Mention("files", str(n), "", rating=Rating(n)) for n in range(1, 6)]
    assert [opinion.value for opinion in Stars().score(mentions)] == [0.0, 0.25, 0.5, 0.75, 1.0]
