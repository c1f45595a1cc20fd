"""A linear model over hashed words, pairs of words and pieces of words: quick, and hard to surprise with a new word.

All sums are of whole numbers, so a text gets the same figure alone and in a batch, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.features import Places
from monitor.scoring.reading import CHUNK, MOST
from monitor.scoring.vocabulary import Sums, Texts


@dataclass(frozen=True, slots=True)
class Table:
    """What training found: one weight and one rarity for each of `SIZE` places."""

    weights: NDArray[np.int8]
    rarity: NDArray[np.uint8]
    scale: float
    bias: float


class Lean:
    """`odds` gives the log-odds of a complaint. Threads may share it."""

    def __init__(self, table: Table) -> None:
        rarity = table.rarity.astype(np.int32)
        self._table = np.stack([table.weights * rarity, rarity * rarity], axis=1)
        """What each place adds to the sum, and to the norm."""
        self._scale, self._bias = table.scale, table.bias
        self._sums = Sums(lambda features: _summed(features, self._table))

    def odds(self, texts: Texts) -> NDArray[np.float64]:
        """For each text."""
        if not len(texts):
            return np.zeros(0)
        places, first = texts.pairs
        sums = np.add.reduceat(self._sums.by(texts.vocabulary)[texts.rows], texts.starts, axis=0)
        total, norm = (sums + np.add.reduceat(self._table[places], first, axis=0)).T
        found: NDArray[np.float64] = self._scale * total / np.sqrt(norm + 1) + self._bias
        return found

    def telling(self, text: str, texts: Texts, place: int, most: int) -> tuple[int, int]:
        """Where the stretch of at most `most` chunks stands in `text` that adds most to the odds.

        `text` is the one that is at `place` in `texts`. Words alone are counted, not their pairs. Cut to what
        `reading.chunks` reads.
        """
        adds = self._sums.by(texts.vocabulary)[texts.rows_of(place), 0].tolist()
        if not adds:
            return 0, 0
        first, last = stretch(adds, most)
        spans = [found.span() for found in islice(CHUNK.finditer(text[:MOST]), first, last + 1)]
        return spans[0][0], spans[-1][1]


def stretch(adds: Sequence[int], most: int) -> tuple[int, int]:
    """Of neighbours, at most so many, those that add most together: the places of the first and the last.

    The beginning, where nothing adds anything.
    """
    best = (0, 0, min(most, len(adds)) - 1)
    total = first = 0
    for place, add in enumerate(adds):
        total += add
        if place - first == most:
            total -= adds[first]
            first += 1
        while first < place and adds[first] <= 0:
            total -= adds[first]
            first += 1
        if total > best[0]:
            best = (total, first, place)
    return best[1:]


def _summed(features: list[Places], table: NDArray[np.integer]) -> NDArray[np.int32]:
    words, *pieces = (kind.summed(table) for kind in features)
    for some in pieces:
        words += some
    return words
