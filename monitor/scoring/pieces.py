"""A small convolutional network over word pieces: hears word order, and words made of known parts.

It is computed as look-ups and sums of whole numbers: what a piece adds to each filter at each place is worked out
once, when the piece is first met. So it is quick without any library for networks, and a text gets the same figure
alone and in a batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.vocabulary import READER, Ragged, Texts, Vocabulary

WIDTHS = (1, 2, 3)
"""Pieces that a filter sees at once."""
SLOTS = sum(WIDTHS)
HEAD, TAIL = 96, 32
"""Pieces read of a long text's beginning and end."""
LETTERS = 30
"""A longer word is unknown."""
BESIDE, UNKNOWN = 0, 1
"""The piece beside the text, which adds nothing, and the one for what has no pieces."""
SHIFT = 256
"""What the products are divided by to fit into 16 bits."""
AT_ONCE = 48
"""Texts."""
ROWS_AT_ONCE = 16
"""Of a product: with more it is large enough for NumPy to wake threads for it, which spin on for long."""
MOST_PIECES = 2_000
"""Of them all, about: more do not fit near the processor."""
REMEMBERED = 1 << 14
"""Words whose pieces are found out once."""


@dataclass(frozen=True, slots=True)
class Net:
    """What training found, as whole numbers. `pieces` are the vocabulary; a "##" marks what continues a word."""

    pieces: Sequence[str]
    embedding: NDArray[np.int8]
    """(pieces, dimensions)"""
    filters: NDArray[np.int8]
    """(dimensions, SLOTS, channels): widths one after the other, in each the places from left to right."""
    hidden: NDArray[np.int16]
    """(2 * 3 * channels, units): the greatest of each filter, then their means."""
    hidden_bias: NDArray[np.int64]
    out: NDArray[np.int16]
    scale: float
    bias: float


class Pieced(NamedTuple):
    """Texts as numbers of pieces, in a row: where each text begins, how many count, how many of its middle do not."""

    numbers: NDArray[np.uint32]
    begins: NDArray[np.intp]
    counts: NDArray[np.intp]
    left_out: NDArray[np.intp]

    def of(self, place: int) -> list[int]:
        """The pieces that are read of one text."""
        first, counts, left_out = int(self.begins[place]), int(self.counts[place]), int(self.left_out[place])
        found: list[int] = self.numbers[first : first + counts + left_out].tolist()
        return found[:HEAD] + found[HEAD + left_out :]


class Pieces:
    """`odds` gives the log-odds of a complaint. Threads may share it."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._filters = net.filters.reshape(net.filters.shape[0], -1).astype(np.float32)
        self._added = np.zeros((SLOTS, len(net.pieces), net.filters.shape[2]), np.int16)
        self._met = np.zeros(len(net.pieces), bool)
        self._known = Known({piece: number for number, piece in enumerate(net.pieces)})
        self._hidden = net.hidden.astype(np.float64)
        self._out = net.out.astype(np.float64)

    def odds(self, texts: Texts) -> NDArray[np.float64]:
        """For each text."""
        read = self.read(texts)
        order = read.counts.argsort(kind="stable")
        found = np.zeros(len(texts))
        start = 0
        while start < len(order):
            end = start + max(1, min(AT_ONCE, MOST_PIECES // max(int(read.counts[order[start]]), 1)))
            some = order[start:end]
            found[some] = self._group(read, some)
            start = end
        return found

    def read(self, texts: Texts) -> Pieced:
        """The numbers of the texts' pieces: of a long text those of its beginning and end."""
        numbers, first = self._known.by(texts.vocabulary).take(texts.rows)
        begins = first[texts.starts]
        counts = np.diff(begins, append=len(numbers))
        numbers = np.append(numbers, np.uint32(BESIDE))  # looking past the end finds nothing
        return Pieced(numbers, begins, np.minimum(counts, HEAD + TAIL), np.maximum(counts - HEAD - TAIL, 0))

    def _group(self, read: Pieced, some: NDArray[np.intp]) -> NDArray[np.float64]:
        """Texts of like length. Padding adds nothing to a filter, and filters count from zero."""
        reach = max(WIDTHS) - 1
        counts = read.counts[some][:, None]
        longest = max(int(counts.max()), 1)
        places = longest + reach
        steps = np.arange(longest)
        at = read.begins[some][:, None] + steps + read.left_out[some][:, None] * (steps >= HEAD)
        row = np.full((len(some), places + reach), BESIDE, np.int32)
        row[:, reach:places] = np.where(steps < counts, read.numbers.take(at, mode="clip"), BESIDE)
        turned = row.T
        self._meet(turned)
        best, means = [], []
        # a bare 0 would be compared slowly
        nothing = np.zeros((places, len(some), self._added.shape[2]), np.int16)
        slot = 0
        for width in WIDTHS:
            heard = self._added[slot].take(turned[:places], axis=0)
            for step in range(1, width):
                heard += self._added[slot + step].take(turned[step : step + places], axis=0)
            np.maximum(heard, nothing, out=heard)
            best.append(heard.max(0))
            means.append(np.rint(heard.sum(0, dtype=np.int32) / np.maximum(counts, 1)))
            slot += width
        pooled = np.concatenate([*best, *means], axis=1).astype(np.float64)
        weighed = [pooled[at : at + ROWS_AT_ONCE] @ self._hidden for at in range(0, len(some), ROWS_AT_ONCE)]
        units = np.maximum(np.concatenate(weighed) + self._net.hidden_bias, 0)
        return np.rint(units / SHIFT) @ self._out * self._net.scale + self._net.bias

    def _meet(self, table: NDArray[np.int32]) -> None:
        """Work out what pieces add that were not met before."""
        met = self._met[table]
        if not met.all():
            every = np.unique(table[~met])
            for start in range(0, len(every), ROWS_AT_ONCE):
                new = every[start : start + ROWS_AT_ONCE]
                products = self._net.embedding[new].astype(np.float32) @ self._filters
                self._added[:, new] = np.rint(products / SHIFT).reshape(len(new), SLOTS, -1).swapaxes(0, 1)
            self._met[every] = True


class Known:
    """The numbers of the pieces of each chunk in a vocabulary, found out when they are asked for."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self._split = lru_cache(REMEMBERED)(partial(split, numbers=numbers))
        self._of: tuple[Vocabulary | None, Ragged] = None, Ragged()

    def by(self, vocabulary: Vocabulary) -> Ragged:
        with READER.lock:
            whose, rows = self._of
            if whose is not vocabulary:
                rows = Ragged()
            if new := vocabulary.tokens[len(rows.counts) :]:
                found = [list(chain.from_iterable(map(self._split, words))) for words in new]
                rows.append(list(chain.from_iterable(found)), list(map(len, found)))
            self._of = vocabulary, rows
            return rows


def split(word: str, numbers: Mapping[str, int]) -> list[int]:
    """The longest known pieces of a word, from its beginning."""
    if len(word) > LETTERS:
        return [UNKNOWN]
    found: list[int] = []
    start = 0
    mark = ""
    while start < len(word):
        for end in range(len(word), start, -1):
            number = numbers.get(mark + word[start:end])
            if number is not None:
                found.append(number)
                start, mark = end, "##"
                break
        else:
            return [UNKNOWN]
    return found
