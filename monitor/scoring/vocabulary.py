"""The chunks that were read so far, each with a number: what one scorer finds out of a chunk it finds out once.

A chunk is what stands between two spaces. People write with few different ones, and to look one up is the dearest of
all that is done with it, so it is done once for all scorers. What is new in a batch is worked out together, for that
costs little more than a single one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.features import Places, places_of
from monitor.scoring.hashing import EDGE, pair_features, word_hash
from monitor.scoring.reading import LONGEST, level, parted

ROOM = 2_000_000
"""Letters that a vocabulary holds, about: a new one is begun when it is full, so that no stream of texts fills it."""
ENTRY = 20
"""What a chunk takes besides its letters."""
TEXTS = 2_048
"""Texts whose numbers are remembered, because several scorers ask for them: some batches."""
BETWEEN = ""
"""The chunk that stands between two texts; no text holds it. It adds nothing."""
NOTHING = 0
"""Its number."""
LINK, LINKS = "http://", ("http://", "https://")
"""Nothing is read in a link, and nearly each is another: all have one number."""

Found = TypeVar("Found")


class Vocabulary:
    """Chunks and their numbers. Only grows; whoever holds numbers of it may go on using them.

    What models add up they keep in rows: chunks that are read alike share one.
    """

    def __init__(self) -> None:
        self.chunks: list[str] = [BETWEEN]
        """By number, as written."""
        self.rows = array("q", [NOTHING])
        """By number."""
        self.tokens: list[tuple[str, ...]] = [()]
        """By row."""
        self._hashes = Ragged()
        self._hashes.append([EDGE], [1])
        self._levelled: dict[str, int] = {}
        self._numbers = _Numbers(self._learn)
        self._read: dict[str, list[int]] = {}
        self._letters = 0
        self._features: tuple[int, int, list[Places]] = (0, 0, [])

    def full(self) -> bool:
        return self._letters > ROOM

    def read(self, text: str) -> list[int]:
        """The numbers of a text's chunks."""
        numbers = self._read.get(text)
        if numbers is None:
            if len(self._read) >= TEXTS:
                self._read.clear()
            numbers = self._read[text] = list(map(self._numbers.__getitem__, text.split()))
        return numbers

    def hashes(self) -> Ragged:
        """Of the tokens, by row."""
        if new := self.tokens[len(self._hashes.counts) :]:
            self._hashes.append([word_hash(word) for words in new for word in words], list(map(len, new)))
        return self._hashes

    def features(self, first: int) -> list[Places]:
        """Of all rows from `first` on: their words, then the pieces of words, kind by kind."""
        if self._features[:2] != (first, len(self.tokens)):
            self._features = first, len(self.tokens), places_of(self.tokens[first:])
        return self._features[2]

    def _learn(self, chunk: str) -> int:
        if chunk.startswith(LINKS) and chunk != LINK:
            return self._numbers[LINK]
        levelled = level(chunk.lower()[:LONGEST])
        row = self._levelled.get(levelled)
        if row is None:
            row = self._levelled[levelled] = len(self.tokens)
            self.tokens.append(parted(levelled))
        number = self._numbers[chunk] = len(self.chunks)
        self.chunks.append(chunk)
        self.rows.append(row)
        self._letters += len(chunk) + ENTRY
        return number


class _Numbers(dict[str, int]):
    """Chunk -> its number."""

    def __init__(self, learn: Callable[[str], int]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, chunk: str) -> int:
        return self._learn(chunk)


class Ragged:
    """Rows of unequal length, one after the other in one array."""

    def __init__(self) -> None:
        self._values = np.zeros(0, np.uint32)
        self.counts = np.zeros(0, np.intp)
        self._starts = np.zeros(0, np.intp)

    def append(self, values: Sequence[int], counts: Sequence[int]) -> None:
        """More rows: `counts` says how many of `values` each takes."""
        more = np.array(counts, np.intp)
        self._starts = np.concatenate([self._starts, len(self._values) + more.cumsum() - more])
        self.counts = np.concatenate([self.counts, more])
        self._values = np.concatenate([self._values, np.array(values, np.uint32)])

    def take(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The values of these rows in a row, and where in it each begins."""
        counts = self.counts[rows]
        ends = counts.cumsum()
        first = ends - counts
        places = np.arange(ends[-1]) + (self._starts[rows] - first).repeat(counts)
        return self._values[places], first


class Texts:
    """Texts as numbers of chunks."""

    def __init__(self, vocabulary: Vocabulary, numbers: list[list[int]]) -> None:
        self.vocabulary = vocabulary
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def rows(self) -> NDArray[np.intp]:
        """Of all chunks, text by text: row 0, of `BETWEEN`, before each text and behind the last."""
        numbers: list[int] = []
        for text in self.numbers:
            numbers.append(NOTHING)
            numbers += text
        numbers.append(NOTHING)
        with READER.lock:  # nothing can be added to an array while it is looked at
            return np.frombuffer(self.vocabulary.rows, np.int64)[numbers]

    @cached_property
    def starts(self) -> NDArray[np.intp]:
        """Where in `rows` each text has its `BETWEEN`."""
        counts = np.fromiter(map(len, self.numbers), np.intp, len(self.numbers)) + 1
        starts: NDArray[np.intp] = counts.cumsum() - counts
        return starts

    def rows_of(self, place: int) -> list[int]:
        """Of one text's chunks."""
        return [self.vocabulary.rows[number] for number in self.numbers[place]]

    @cached_property
    def pairs(self) -> tuple[NDArray[np.uint32], NDArray[np.intp]]:
        """The places of all pairs of neighbouring tokens, and where those of each text begin: each has one or more."""
        with READER.lock:
            known = self.vocabulary.hashes()
        hashes, first = known.take(self.rows)
        return pair_features(hashes), first[self.starts]


class Reader:
    """Holds the vocabulary of the day. Threads may share it."""

    def __init__(self) -> None:
        self.vocabulary = Vocabulary()
        self.lock = Lock()

    def read(self, texts: Sequence[str]) -> Texts:
        with self.lock:
            if self.vocabulary.full():
                self.vocabulary = Vocabulary()
            return Texts(self.vocabulary, list(map(self.vocabulary.read, texts)))


READER = Reader()
"""The one that all scorers share."""
read = READER.read


class Notes(dict[int, Found]):
    """Number of a chunk -> what a scorer finds in it, found out when it is first asked for."""

    def __init__(self, vocabulary: Vocabulary, find: Callable[[str], Found]) -> None:
        super().__init__()
        self.vocabulary = vocabulary
        self._find = find

    def __missing__(self, number: int) -> Found:
        found = self[number] = self._find(self.vocabulary.chunks[number])
        return found


class Noted(Generic[Found]):
    """What a scorer finds in chunks. Threads may share it."""

    def __init__(self, find: Callable[[str], Found]) -> None:
        self._find = find
        self._notes = Notes(READER.vocabulary, find)

    def by(self, vocabulary: Vocabulary) -> Notes[Found]:
        """By the numbers of a vocabulary."""
        notes = self._notes
        if notes.vocabulary is not vocabulary:
            notes = self._notes = Notes(vocabulary, self._find)
        return notes


class Sums:
    """What each row of a vocabulary adds to a model's sums by itself, worked out when it is asked for."""

    def __init__(self, summed: Callable[[list[Places]], NDArray[np.int32]]) -> None:
        """`summed`: what rows add, from their features: shape (rows, columns)."""
        self._summed = summed
        self._of: tuple[Vocabulary | None, NDArray[np.int32]] = None, np.zeros(0, np.int32)

    def by(self, vocabulary: Vocabulary) -> NDArray[np.int32]:
        """A row for each of its rows."""
        with READER.lock:
            whose, rows = self._of
            known = len(rows) if whose is vocabulary else 0
            if known < len(vocabulary.tokens):
                more = self._summed(vocabulary.features(known))
                rows = np.concatenate([rows, more]) if known else more
                self._of = vocabulary, rows
            return rows
