"""The rating a customer gave, as an opinion like any other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from monitor.core.model import Mention, Opinion


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
