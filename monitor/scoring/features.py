"""The features of many words at once, as places in a table: the same that `hashing.word_features` finds of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.hashing import MASK, PIECES, marked, whole_word

BYTES = np.array([crc32(bytes([byte]), 0xFFFFFFFF) ^ 0xFFFFFFFF for byte in range(256)], np.uint32)
"""What each byte does to a checksum: its look-up table, as the function in the library keeps it."""
NO_PIECES = b""
"""A sign has none."""


class Places(NamedTuple):
    """Features of one kind: their places in a table, and how many of them each chunk has."""

    places: NDArray[np.int64]
    counts: NDArray[np.intp]

    def summed(self, table: NDArray[Any]) -> NDArray[np.int32]:
        """For each chunk the sum of the table's rows: shape (chunks, columns)."""
        rows = np.concatenate([table[self.places], np.zeros_like(table[:1])])  # the last may begin at the end
        starts = self.counts.cumsum() - self.counts
        sums: NDArray[np.int32] = np.add.reduceat(rows, starts, axis=0, dtype=np.int32)
        sums[self.counts == 0] = 0
        return sums


def places_of(chunks: Sequence[tuple[str, ...]]) -> list[Places]:
    """The places of the words of chunks, each given as its tokens; then of their pieces, length by length."""
    words = [word for chunk in chunks for word in chunk]
    sizes = np.fromiter(map(len, chunks), np.intp, len(chunks))
    spelled = [marked(word) for word in words]
    whole = np.fromiter(map(whole_word, spelled), np.int64, len(spelled))
    letters = [
        letters if word[0].isalnum() else NO_PIECES for word, letters in zip(words, spelled, strict=True)
    ]
    return [Places(whole, sizes), *(_windows(letters, sizes, length) for length in PIECES)]


def _windows(words: Sequence[bytes], sizes: NDArray[np.intp], length: int) -> Places:
    """Every row of `length` bytes within a word, by its checksum."""
    letters = np.frombuffer(b"".join(words), np.uint8).astype(np.uint32)
    begins = max(len(letters) - length + 1, 0)
    sums = np.full(begins, length ^ 0xFFFFFFFF, np.uint32)
    for step in range(length):
        sums = BYTES[(sums ^ letters[step : step + begins]) & 0xFF] ^ (sums >> np.uint32(8))
    word = np.arange(len(words)).repeat(list(map(len, words)))
    within = word[:begins] == word[length - 1 :]
    chunk = np.arange(len(sizes)).repeat(sizes)[word[:begins][within]]
    return Places(
        (~sums[within] & np.uint32(MASK)).astype(np.int64), np.bincount(chunk, minlength=len(sizes))
    )
