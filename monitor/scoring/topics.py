"""Several questions asked of one text at once: a linear model over hashed words, pairs and pieces of words.

It reads as the complaint model does, and answers for each of its labels with log-odds. All sums are of whole
numbers, so a text gets the same figures alone and in a batch, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.lean import EDGE, SIZE, pair_features, word_features, word_hash
from monitor.scoring.reading import LONGEST, tokens

WEIGHTS = Path(__file__).parent / "weights"
CAPACITY = 30_000
"""Chunks that are remembered, about."""
MOST_ROWS = (1 << 16) - 1
"""A row's number takes two bytes."""


@dataclass(frozen=True, slots=True)
class Table:
    """What training found. Row r is about place `places[r]` of the `SIZE` that a word can hash to."""

    labels: tuple[str, ...]
    places: NDArray[np.uint32]
    """Ascending; shape (rows,)."""
    weights: NDArray[np.int8]
    """Shape (rows, labels)."""
    rarity: NDArray[np.uint8]
    """Shape (rows,)."""
    scale: float
    bias: NDArray[np.float64]
    """Shape (labels,)."""

    def written(self) -> dict[str, NDArray[Any]]:
        """As the arrays of an .npz file."""
        return {
            "labels": np.array(self.labels),
            "places": self.places,
            "weights": self.weights,
            "rarity": self.rarity,
            "scale": np.array(self.scale),
            "bias": self.bias,
        }


def table(name: str) -> Table:
    """The table of that name that comes with the product: `weights/NAME.npz`."""
    with np.load(WEIGHTS / f"{name}.npz", allow_pickle=False) as found:
        return Table(
            tuple(map(str, found["labels"])),
            found["places"],
            found["weights"],
            found["rarity"],
            float(found["scale"]),
            found["bias"],
        )


class Topics:
    """`odds` gives the log-odds of each label. Keeps what it found out about a chunk; emptied when full."""

    def __init__(self, table: Table) -> None:
        assert len(table.places) <= MOST_ROWS
        self.labels = table.labels
        self._scale, self._bias = table.scale, table.bias
        rarity = table.rarity.astype(np.int32)[:, None]
        found = np.hstack([table.weights * rarity, rarity * rarity]).astype(np.int32)
        self._rows = np.vstack([np.zeros_like(found[:1]), found])
        """What a feature adds to each label's sum and, last, to the norm; row 0: a feature never learned."""
        self._row = np.zeros(SIZE, np.uint16)
        self._row[table.places] = np.arange(1, len(table.places) + 1)
        self._known = _Known(self._row, self._rows)

    def odds(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """For each text, given as its `chunks`, its log-odds in the order of `labels`: shape (texts, labels)."""
        if not texts:
            return np.zeros((0, len(self.labels)))
        known = self._known.with_room()
        hashes = [EDGE]
        numbers: list[int] = []
        pair_starts: list[int] = []
        starts: list[int] = []
        for text in texts:
            pair_starts.append(len(hashes) - 1)
            starts.append(len(numbers))
            for number, some in map(known.__getitem__, text):
                numbers.append(number)
                hashes += some
            numbers.append(0)
            hashes.append(EDGE)
        pairs = self._rows[self._row[pair_features(np.array(hashes, dtype=np.uint32))]]
        sums = np.add.reduceat(pairs, pair_starts, axis=0)
        sums += np.add.reduceat(known.sums[numbers], starts, axis=0)
        found: NDArray[np.float64] = self._scale * sums[:, :-1] / np.sqrt(sums[:, -1:] + 1.0) + self._bias
        return found

    def shares(self, text: Sequence[str], label: int) -> list[int]:
        """What each chunk of a text adds to one label by itself, as whole numbers that compare with each other."""
        known = self._known.with_room()
        numbers = [known[chunk][0] for chunk in text]
        shares: list[int] = known.sums[numbers, label].tolist()
        return shares


class _Known(dict[str, tuple[int, tuple[int, ...]]]):
    """Chunk -> its row in `sums`, and the hashes of its tokens. Row 0 of `sums` is nothing."""

    def __init__(self, row: NDArray[np.uint16], rows: NDArray[np.int32]) -> None:
        super().__init__()
        self._row, self._rows = row, rows
        self.sums = np.zeros((1024, rows.shape[1]), np.int32)

    def with_room(self) -> _Known:
        """Itself, emptied when full: never amid a batch, which holds on to row numbers."""
        if len(self) > CAPACITY:
            self.clear()
        return self

    def __missing__(self, chunk: str) -> tuple[int, tuple[int, ...]]:
        if len(chunk) > LONGEST:  # the rest is not read
            return self[chunk[:LONGEST]]
        words = tokens(chunk)
        places = list(chain.from_iterable(map(word_features, words)))
        number = len(self) + 1
        if number == len(self.sums):
            self.sums = np.vstack([self.sums, np.zeros_like(self.sums)])
        self.sums[number] = self._rows[self._row[places]].sum(0)
        found = self[chunk] = number, tuple(map(word_hash, words))
        return found
