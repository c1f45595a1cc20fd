"""A linear model over hashed words, pairs of words and pieces of words: quick, and hard to surprise with a new word.

All sums are of whole numbers, so a text gets the same figure alone and in a batch, on any machine.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.memory import Memory
from monitor.scoring.reading import LONGEST, MOST, SHARED, chunks, tokens

SIZE = 1 << 18
MASK = SIZE - 1
MOST_LETTERS = 30
PIECES = (3, 4)
"""Lengths of the pieces of a word in bytes, its ends marked."""
CHUNK = re.compile(r"\S+")
WORDS, PAIRS = 1, 2
"""Where the hash begins, so that a word, its pieces (their length) and its pairs are told apart."""
EDGE = crc32(b"edge")
"""Stands before the first word and behind the last."""
LEFT, RIGHT = 0x9E3779B1, 0x85EBCA6B


@lru_cache(SHARED)
def word_features(word: str) -> tuple[int, ...]:
    """The places of a word, first, and of its pieces in the table."""
    marked = f"<{word[:MOST_LETTERS]}>".encode("utf-8", "replace")
    places = [crc32(marked, WORDS) & MASK]
    if word[0].isalnum():
        for length in PIECES:
            places += [
                crc32(marked[at : at + length], length) & MASK for at in range(len(marked) - length + 1)
            ]
    return tuple(places)


def word_hash(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"), PAIRS)


def pair_features(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The places of each pair of neighbours in a row of word hashes."""
    mixed = hashes[:-1] * np.uint32(LEFT) + hashes[1:] * np.uint32(RIGHT)
    places: NDArray[np.uint32] = (mixed ^ (mixed >> np.uint32(15))) & np.uint32(MASK)
    return places


@dataclass(frozen=True, slots=True)
class Table:
    """What training found: one weight and one rarity for each of `SIZE` places."""

    weights: NDArray[np.int8]
    rarity: NDArray[np.uint8]
    scale: float
    bias: float


class Lean:
    """`odds` gives the log-odds of a complaint."""

    def __init__(self, table: Table) -> None:
        weights = table.weights.astype(np.int32)
        rarity = table.rarity.astype(np.int32)
        self._sums = weights * rarity
        self._norms = rarity * rarity
        self._scale, self._bias = table.scale, table.bias
        self._known = _Known(table)

    def odds(self, texts: Sequence[Sequence[str]]) -> list[float]:
        """For each text, given as its `chunks`."""
        known = self._known
        flat = [EDGE]
        starts: list[int] = []
        own: list[tuple[int, int]] = []
        for text in texts:
            starts.append(len(flat) - 1)
            total = norm = 0
            for hashes, adds, squares in map(known.__getitem__, text):
                flat += hashes
                total += adds
                norm += squares
            flat.append(EDGE)
            own.append((total, norm))
        if not own:
            return []
        places = pair_features(np.array(flat, dtype=np.uint32))
        sums = np.add.reduceat(self._sums[places], starts).tolist()
        norms = np.add.reduceat(self._norms[places], starts).tolist()
        scale, bias = self._scale, self._bias
        return [
            scale * (total + pairs) / sqrt(norm + squares + 1) + bias
            for (total, norm), pairs, squares in zip(own, sums, norms, strict=True)
        ]

    def telling(self, text: str, most: int) -> tuple[int, int]:
        """Where the stretch of at most `most` chunks stands in `text` that adds most to the odds.

        Words alone are counted, not their pairs. Cut to what `reading.chunks` reads.
        """
        spans = [(found.start(), found.end()) for found in CHUNK.finditer(text[:MOST])]
        if not spans:
            return 0, 0
        adds = [self._known[text[start:end].lower()][1] for start, end in spans]
        best = (0, 0, 0)
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
        _, first, last = best
        if best[0] <= 0:
            last = min(most, len(spans)) - 1
        return spans[first][0], spans[last][1]


class _Known(Memory[tuple[tuple[int, ...], int, int]]):
    """Chunk -> the hashes of its tokens, and what they and their pieces add to the sum and to the norm."""

    LONGEST = LONGEST

    def __init__(self, table: Table) -> None:
        super().__init__()
        # single figures are read far quicker from these than from an array
        self._weights = memoryview(table.weights.tobytes()).cast("b")
        self._rarity = memoryview(table.rarity.tobytes())

    def find(self, chunk: str) -> tuple[tuple[int, ...], int, int]:
        words = tokens(chunk)
        adds = squares = 0
        for word in words:
            for place in word_features(word):
                rarity = self._rarity[place]
                adds += self._weights[place] * rarity
                squares += rarity * rarity
        return tuple(map(word_hash, words)), adds, squares


def features(text: str, pieces: bool = True) -> list[int]:
    """All places of one text, repeats as often as they occur: for training. `pieces` of words too, or words alone."""
    words = [word for chunk in chunks(text) for word in tokens(chunk)]
    hashes = np.array([EDGE, *map(word_hash, words), EDGE], dtype=np.uint32)
    most = None if pieces else 1
    return [
        *chain.from_iterable(word_features(word)[:most] for word in words),
        *pair_features(hashes).tolist(),
    ]
