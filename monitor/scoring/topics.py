"""Several questions asked of one text at once: a linear model over hashed words, pairs and pieces of words.

It reads as the complaint model does, and answers for each of its labels with log-odds. All sums are of whole
numbers, so a text gets the same figures alone and in a batch, on any machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.features import Places
from monitor.scoring.hashing import SIZE
from monitor.scoring.vocabulary import Sums, Texts

WEIGHTS = Path(__file__).parent / "weights"
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
    """`odds` gives the log-odds of each label. Threads may share it."""

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
        self._kinds = None if table.pieces else 1
        self._sums = Sums(self._summed)

    def odds(self, texts: Texts) -> NDArray[np.float64]:
        """For each text its log-odds in the order of `labels`: shape (texts, labels)."""
        if not len(texts):
            return np.zeros((0, len(self.labels)))
        places, begin = texts.pairs
        pairs = self._row[places]
        met = pairs > 0  # most pairs were never learned; one is kept of each text, so that none has no rows
        met[begin] = True
        sums = np.add.reduceat(self._rows[pairs[met]], met.cumsum()[begin] - 1, axis=0)
        sums += np.add.reduceat(self._sums.by(texts.vocabulary)[texts.rows], texts.starts, axis=0)
        found: NDArray[np.float64] = self._scale * sums[:, :-1] / np.sqrt(sums[:, -1:] + 1.0) + self._bias
        return found

    def shares(self, texts: Texts, place: int, label: int) -> list[int]:
        """What each chunk of one text adds to one label by itself, as whole numbers that compare with each other."""
        shares: list[int] = self._sums.by(texts.vocabulary)[texts.rows_of(place), label].tolist()
        return shares

    def _summed(self, features: list[Places]) -> NDArray[np.int32]:
        sums = np.zeros((len(features[0].counts), self._rows.shape[1]), np.int32)
        for kind in features[: self._kinds]:
            # most places were never learned
            rows = self._row[kind.places]
            learned = np.flatnonzero(rows)
            if len(learned):
                chunk = np.arange(len(sums)).repeat(kind.counts)[learned]
                starts = np.flatnonzero(np.diff(chunk, prepend=-1))
                sums[chunk[starts]] += np.add.reduceat(self._rows[rows[learned]], starts, axis=0)
        return sums
