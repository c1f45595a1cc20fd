"""The rating a customer gave, as an opinion like any other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import ClassVar

from monitor.core.model import Mention, Opinion

POINTS = ((0.0, 4.0), (0.25, 3.0), (0.5, 0.6), (0.75, -2.4), (1.0, -4.0))
"""A rating from 0 (worst) to 1 (best), and what it adds to the log-odds of a complaint; straight lines between."""


class Stars:
    """`value` is the rating on 0 (worst) to 1 (best); None where none was given."""

    name: ClassVar[str] = "stars"
    version: ClassVar[str] = "1"
    api: ClassVar[int] = 1

    def __init__(self) -> None:
        self._unrated = Opinion(self.name, self.version)

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        return [self._opinion(mention) for mention in mentions]

    def _opinion(self, mention: Mention) -> Opinion:
        rating = mention.rating
        if rating is None:
            return self._unrated
        if rating.scale <= rating.lowest or not rating.lowest <= rating.stars <= rating.scale:
            note = (
                f"the rating {rating.stars:g} is not between {rating.lowest:g} and {rating.scale:g}: ignored"
            )
            return Opinion(self.name, self.version, notes=(note,))
        return Opinion(self.name, self.version, rating.value)


def log_odds(stars: float | None) -> float:
    """What a rating from 0 to 1 adds to the log-odds of a complaint, in any language; nothing where there is none."""
    if stars is None:
        return 0.0
    for (left, low), (right, high) in pairwise(POINTS):
        if stars <= right:
            return low + (high - low) * (stars - left) / (right - left)
    return POINTS[-1][1]
