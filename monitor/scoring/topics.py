"""Several questions asked of one text at once: a linear model over hashed words, pairs and pieces of words.

It reads as the complaint model does, and answers for each of its labels with log-odds. All sums are of whole
numbers, so a text gets the same figures alone and in a batch, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.lean import EDGE, SIZE, pair_features, word_features, word_hash
from monitor.scoring.reading import LONGEST, tokens

WEIGHTS = Path(__file__).parent / "weights"
CAPACITY = 50_000
"""Chunks that are remembered, about."""
NOWHERE = SIZE
"""A place that stands for nothing; it keeps each chunk's places from being none."""
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
    pieces: bool = True
    """Whether pieces of words are read; else whole words and pairs of them alone, which is quicker."""

    def written(self) -> dict[str, NDArray[Any]]:
        """As the arrays of an .npz file."""
        return {
            "labels": np.array(self.labels),
            "places": self.places,
            "weights": self.weights,
            "rarity": self.rarity,
            "scale": np.array(self.scale),
            "bias": self.bias,
            "pieces": np.array(self.pieces),
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
            bool(found["pieces"]) if "pieces" in found else True,
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
        self._row = np.zeros(SIZE + 1, np.uint16)
        self._row[table.places] = np.arange(1, len(table.places) + 1)
        self._known = _Known(self._row, self._rows, table.pieces)

    def odds(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """For each text, given as its `chunks`, its log-odds in the order of `labels`: shape (texts, labels)."""
        if not texts:
            return np.zeros((0, len(self.labels)))
        known = self._known.with_room()
        read = [BETWEEN]
        starts: list[int] = []
        for text in texts:
            starts.append(len(read) - 1)
            read += text
            read.append(BETWEEN)
        numbers = known.numbers(read)
        hashes, first = known.hashes_of(numbers)
        pairs, begin = self._row[pair_features(hashes)], first[starts]
        met = pairs > 0  # most pairs were never learned; one is kept of each text, so that none has no rows
        met[begin] = True
        sums = np.add.reduceat(self._rows[pairs[met]], met.cumsum()[begin] - 1, axis=0)
        sums += np.add.reduceat(known.sums[numbers], starts, axis=0)
        found: NDArray[np.float64] = self._scale * sums[:, :-1] / np.sqrt(sums[:, -1:] + 1.0) + self._bias
        return found

    def shares(self, text: Sequence[str], label: int) -> list[int]:
        """What each chunk of a text adds to one label by itself, as whole numbers that compare with each other."""
        known = self._known.with_room()
        numbers = known.numbers(text)
        shares: list[int] = known.sums[numbers, label].tolist()
        return shares


BETWEEN = ""
"""The chunk that stands between two texts; no text holds it."""


class _Known(dict[str, int]):
    """Chunk -> its number. `sums` has what a chunk adds by itself; number 0 is `BETWEEN`, which adds nothing.

    A chunk that is met for the first time gets a number at once, its row in `sums` when the batch is through:
    one sum over many chunks costs little more than one over a single chunk.
    """

    def __init__(self, row: NDArray[np.uint16], rows: NDArray[np.int32], pieces: bool) -> None:
        super().__init__({BETWEEN: 0})
        self._row, self._rows = row, rows
        self._read = None if pieces else 1
        self._empty()

    def _empty(self) -> None:
        self.sums = np.zeros((1024, self._rows.shape[1]), np.int32)
        self._hashes = np.array([EDGE], np.uint32)
        self._starts, self._counts = np.array([0]), np.array([1])
        self._new_hashes: list[int] = []
        self._new_counts: list[int] = []
        self._new_places: list[int] = []
        self._new_starts: list[int] = []

    def with_room(self) -> _Known:
        """Itself, emptied when full: never amid a batch, which holds on to numbers."""
        if len(self) > CAPACITY:
            self.clear()
            self[BETWEEN] = 0
            self._empty()
        return self

    def numbers(self, chunks: Sequence[str]) -> NDArray[np.intp]:
        """The numbers of chunks, new ones learned."""
        numbers = np.fromiter(map(self.__getitem__, chunks), np.intp, len(chunks))
        if self._new_starts:
            self._learn()
        return numbers

    def hashes_of(self, numbers: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The hashes of all tokens of these chunks in a row, and where in it each chunk begins."""
        counts = self._counts[numbers]
        ends = counts.cumsum()
        first = ends - counts
        places = np.arange(ends[-1]) + (self._starts[numbers] - first).repeat(counts)
        return self._hashes[places], first

    def __missing__(self, chunk: str) -> int:
        if len(chunk) > LONGEST:  # the rest is not read
            return self[chunk[:LONGEST]]
        words = tokens(chunk)
        self._new_starts.append(len(self._new_places))
        self._new_places.append(NOWHERE)
        for word in words:
            self._new_places += word_features(word)[: self._read]
        self._new_hashes += map(word_hash, words)
        self._new_counts.append(len(words))
        number = self[chunk] = len(self)
        return number

    def _learn(self) -> None:
        learned, more = len(self._counts), len(self._new_counts)
        while len(self.sums) < learned + more:
            self.sums = np.vstack([self.sums, np.zeros_like(self.sums)])
        added = self._rows[self._row[self._new_places]]
        self.sums[learned : learned + more] = np.add.reduceat(added, self._new_starts, axis=0)
        counts = np.array(self._new_counts)
        self._starts = np.r_[self._starts, len(self._hashes) + counts.cumsum() - counts]
        self._counts = np.r_[self._counts, counts]
        self._hashes = np.r_[self._hashes, np.array(self._new_hashes, np.uint32)]
        for queue in (self._new_hashes, self._new_counts, self._new_places, self._new_starts):
            queue.clear()
