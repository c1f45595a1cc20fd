"""A small convolutional network over word pieces: hears word order, and words made of known parts.

It is computed as look-ups and sums of whole numbers: what a piece adds to each filter at each place is worked out
once, when the piece is first met. So it is quick without any library for networks, and a text gets the same figure
alone and in a batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.memory import Memory
from monitor.scoring.reading import LONGEST, tokens

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
"""Texts: with many more, the products are large enough for NumPy to wake threads for them, which costs far more."""
NEW_AT_ONCE = 16
"""Pieces that are met for the first time: as few for the same reason. Woken threads spin on for long."""
MOST_PIECES = 2_000
"""Of them all, about: more do not fit near the processor."""


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


class Pieces:
    """`odds` gives the log-odds of a complaint. Threads may share it."""

    def __init__(self, net: Net) -> None:
        self._net = net
        self._filters = net.filters.reshape(net.filters.shape[0], -1).astype(np.float32)
        self._added = np.zeros((SLOTS, len(net.pieces), net.filters.shape[2]), np.int16)
        self._met = np.zeros(len(net.pieces), bool)
        self._known = _Known({piece: number for number, piece in enumerate(net.pieces)})
        self._hidden = net.hidden.astype(np.float64)
        self._out = net.out.astype(np.float64)

    def odds(self, texts: Sequence[Sequence[str]]) -> list[float]:
        """For each text, given as its `chunks`."""
        read = [self.read(chunks) for chunks in texts]
        order = sorted(range(len(read)), key=lambda place: len(read[place]))
        found = np.zeros(len(read))
        start = 0
        while start < len(order):
            end = start + max(1, min(AT_ONCE, MOST_PIECES // max(len(read[order[start]]), 1)))
            some = order[start:end]
            found[some] = self._group([read[place] for place in some])
            start = end
        odds: list[float] = found.tolist()
        return odds

    def read(self, chunks: Iterable[str]) -> list[int]:
        """The numbers of a text's pieces."""
        ids = list(chain.from_iterable(map(self._known.__getitem__, chunks)))
        return ids if len(ids) <= HEAD + TAIL else ids[:HEAD] + ids[-TAIL:]

    def _group(self, read: list[list[int]]) -> NDArray[np.float64]:
        """Texts of like length. Padding adds nothing to a filter, and filters count from zero."""
        reach = max(WIDTHS) - 1
        places = max(len(read[-1]), 1) + reach
        beside = [BESIDE] * places
        row: list[int] = []
        for ids in read:
            row += beside[:reach]
            row += ids
            row += beside[len(ids) :]
        turned = np.array(row, np.int32).reshape(len(read), -1).T
        self._meet(turned)
        best, means = [], []
        count = np.maximum([len(ids) for ids in read], 1)[:, None]
        # a bare 0 would be compared slowly
        nothing = np.zeros((places, len(read), self._added.shape[2]), np.int16)
        slot = 0
        for width in WIDTHS:
            heard = self._added[slot].take(turned[:places], axis=0)
            for step in range(1, width):
                heard += self._added[slot + step].take(turned[step : step + places], axis=0)
            np.maximum(heard, nothing, out=heard)
            best.append(heard.max(0))
            means.append(np.rint(heard.sum(0, dtype=np.int32) / count))
            slot += width
        pooled = np.concatenate([*best, *means], axis=1).astype(np.float64)
        units = np.maximum(pooled @ self._hidden + self._net.hidden_bias, 0)
        return np.rint(units / SHIFT) @ self._out * self._net.scale + self._net.bias

    def _meet(self, table: NDArray[np.int32]) -> None:
        """Work out what pieces add that were not met before."""
        met = self._met[table]
        if not met.all():
            every = np.unique(table[~met])
            for start in range(0, len(every), NEW_AT_ONCE):
                new = every[start : start + NEW_AT_ONCE]
                products = self._net.embedding[new].astype(np.float32) @ self._filters
                self._added[:, new] = np.rint(products / SHIFT).reshape(len(new), SLOTS, -1).swapaxes(0, 1)
            self._met[every] = True


class _Known(Memory[tuple[int, ...]]):
    """Chunk -> the numbers of its pieces."""

    LONGEST = LONGEST

    def __init__(self, numbers: dict[str, int]) -> None:
        super().__init__()
        self._numbers = numbers

    def find(self, chunk: str) -> tuple[int, ...]:
        return tuple(number for word in tokens(chunk) for number in split(word, self._numbers))


def split(word: str, numbers: dict[str, int]) -> list[int]:
    """The longest known pieces of a word, from its beginning."""
    if len(word) > LETTERS:
        return [UNKNOWN]
    found: list[int] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            number = numbers.get(mark + word[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            return [UNKNOWN]
    return found
