"""Where words, pairs of words and pieces of words stand in a table that a model was trained on: by their checksums."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.reading import chunks, tokens

SIZE = 1 << 18
MASK = SIZE - 1
MOST_LETTERS = 30
PIECES = (3, 4)
"""Lengths of the pieces of a word in bytes, its ends marked."""
WORDS, PAIRS = 1, 2
"""Where the hash begins, so that a word, its pieces (their length) and its pairs are told apart."""
EDGE = crc32(b"edge")
"""Stands before the first word and behind the last."""
LEFT, RIGHT = 0x9E3779B1, 0x85EBCA6B
REMEMBERED = 1 << 14
"""Words whose places are found out once."""


def marked(word: str) -> bytes:
    """A word with its ends marked, as it is taken to pieces."""
    return f"<{word[:MOST_LETTERS]}>".encode("utf-8", "replace")


def whole_word(marked: bytes) -> int:
    """The place of a word."""
    return crc32(marked, WORDS) & MASK


@lru_cache(REMEMBERED)
def word_features(word: str) -> tuple[int, ...]:
    """The places of a word, first, and of its pieces in the table."""
    spelled = marked(word)
    places = [whole_word(spelled)]
    if word[0].isalnum():
        for length in PIECES:
            places += [
                crc32(spelled[at : at + length], length) & MASK for at in range(len(spelled) - length + 1)
            ]
    return tuple(places)


def word_hash(word: str) -> int:
    return crc32(word.encode("utf-8", "replace"), PAIRS)


def pair_features(hashes: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """The places of each pair of neighbours in a row of word hashes."""
    mixed = hashes[:-1] * np.uint32(LEFT) + hashes[1:] * np.uint32(RIGHT)
    places: NDArray[np.uint32] = (mixed ^ (mixed >> np.uint32(15))) & np.uint32(MASK)
    return places


def features(text: str, pieces: bool = True) -> list[int]:
    """All places of one text, repeats as often as they occur: for training. `pieces` of words too, or words alone."""
    words = [word for chunk in chunks(text) for word in tokens(chunk)]
    hashes = np.array([EDGE, *map(word_hash, words), EDGE], dtype=np.uint32)
    most = None if pieces else 1
    return [
        *chain.from_iterable(word_features(word)[:most] for word in words),
        *pair_features(hashes).tolist(),
    ]
