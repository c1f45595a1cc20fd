"""Spellings made alike: case, accents, letter runs, half-width signs, and what a language writes in two ways.

"DÉÇUUU" and "decu" fold to the same letters, so a cue needs one spelling. Each folded character remembers where
in the text as given it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.scoring.memory import Memory

RUN = re.compile(r"([^\W\d_])\1\1+")
APOSTROPHES = "'’‘ʼ`´"


class Folded(NamedTuple):
    """`text` in folded spelling; its character `n` stood at `places[n]`, or at `n` where there are no places."""

    text: str
    places: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]`, which is not empty, stands in the text as given."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


class Letters(Memory[str]):
    """Character -> what it folds to. Bounded: a hostile text may hold a million."""

    def __init__(self, own: Mapping[str, str], accents: bool) -> None:
        super().__init__()
        self._own = own
        self._accents = accents

    def find(self, letter: str) -> str:
        if letter in APOSTROPHES:
            return " "
        if letter in self._own:
            return self._own[letter]
        if self._accents:
            return unicodedata.normalize("NFKC", letter).lower()
        parts = unicodedata.normalize("NFKD", letter.lower())
        return "".join(self._own.get(part, part) for part in parts if not unicodedata.combining(part))


class Fold:
    """How one language's spellings are made alike.

    `letters` maps characters to what they stand for; "" drops one. `accents` keeps them: in Japanese they are
    part of the letter. `prefixes` are cut from the beginnings of words, as the Arabic article is.
    """

    def __init__(self, letters: Mapping[str, str], accents: bool = False, prefixes: str = "") -> None:
        self._letters = Letters(letters, accents)
        self._prefixes = re.compile(rf"(?<!\w)(?:{prefixes})") if prefixes else None

    def __call__(self, text: str) -> Folded:
        parts = [self._letters[letter] for letter in text]
        folded = "".join(parts)
        places: list[int] | None = None
        if len(folded) != len(text) or "" in parts:
            places = [place for place, part in enumerate(parts) for _ in part]
        unwanted = [(run.start() + 1, run.end()) for run in RUN.finditer(folded)]
        if self._prefixes:
            unwanted = sorted([*unwanted, *(found.span() for found in self._prefixes.finditer(folded))])
        return _without(folded, places, unwanted) if unwanted else Folded(folded, places)


def _without(text: str, places: list[int] | None, unwanted: Sequence[tuple[int, int]]) -> Folded:
    kept: list[str] = []
    left: list[int] = []
    done = 0
    for start, end in [*unwanted, (len(text), len(text))]:
        if start > done:
            kept.append(text[done:start])
            left.extend(places[done:start] if places else range(done, start))
        done = max(done, end)
    return Folded("".join(kept), left)
