"""A mention as a query reads it: its words numbered in order, its hashtags, its handles.

Each is read once, when it is first asked for, and in a time that grows with the text and no faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.core.brand import HANDLE, HASHTAG, UNSPACED, fold, spoken
from monitor.core.model import Mention

Span = tuple[int, int]
"""First and last word, by their numbers."""

_SIGNS = "\u0900-\u0963\u0966-\u0dff"
"""Scripts of India write vowels as signs, which `\\w` leaves out."""
_LETTER = rf"[\w{UNSPACED.pattern[1:-1]}{_SIGNS}]"
_WORD = re.compile(rf"{_LETTER}++(?:'{_LETTER}++)*+|\n")
_PIECE = re.compile(rf"(?P<word>{_LETTER}++(?:'{_LETTER}++)*+)(?P<prefix>\*?)")
_UNSPACED_PIECE = re.compile(rf"{UNSPACED.pattern}|(?:(?!{UNSPACED.pattern}).)++")


def _split(word: str) -> list[str]:
    """Where a script sets no spaces every letter is a word: a name is found inside a longer run of letters."""
    if word.isascii() or not UNSPACED.search(word):
        return [word]
    return _UNSPACED_PIECE.findall(word)


@dataclass(frozen=True, slots=True)
class Piece:
    """One word to look for, without its apostrophes. `prefix`: it was written with a `*` at its end."""

    word: str
    prefix: bool = False

    def fits(self, forms: Sequence[str]) -> bool:
        return any(form.startswith(self.word) for form in forms) if self.prefix else self.word in forms


def pieces(written: str) -> tuple[Piece, ...]:
    """The words of a term or phrase, folded. Empty when there is no letter and no digit."""
    found: list[Piece] = []
    for match in _PIECE.finditer(fold(written)):
        *before, last = _split(match["word"])
        found += [Piece(word.replace("'", "")) for word in before]
        found.append(Piece(last.replace("'", ""), bool(match["prefix"])))
    return tuple(found)


class Passage:
    """A text as its words in order. The end of a line is a place of its own, where no phrase passes."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._bare = text.replace("'", "")
        self._forms: list[tuple[str, ...]] = []
        self._places: dict[str, list[int]] = {}

    def may_have(self, phrase: Sequence[Piece]) -> bool:
        """Whether it is worth counting the words: most posts that a search brings lack one as mere letters."""
        return all(piece.word in self._bare for piece in phrase)

    def _count(self) -> None:
        """Number the words, when first asked where one is."""
        text, self._text = self._text, ""
        for match in _WORD.findall(text):
            for word in _split(match):
                self._add(word)

    def _add(self, word: str) -> None:
        place = len(self._forms)
        if word == "\n":
            self._forms.append(())
            return
        if "'" not in word:
            self._forms.append((word,))
            self._places.setdefault(word, []).append(place)
            return
        # "wendy's" is also "wendys" and "wendy": people write all three
        forms = (word, word.replace("'", ""), *word.split("'"))
        self._forms.append(forms)
        for form in dict.fromkeys(forms):
            self._places.setdefault(form, []).append(place)

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._places)

    def places(self, piece: Piece) -> Sequence[int]:
        """Where the word stands, in order."""
        if not piece.prefix:
            return self._places.get(piece.word, ())
        words = self._sorted
        found: set[int] = set()
        for index in range(bisect_left(words, piece.word), len(words)):
            if not words[index].startswith(piece.word):
                break
            found.update(self._places[words[index]])
        return sorted(found)

    def spans(self, phrase: Sequence[Piece]) -> list[Span]:
        """Where the words stand one right after the other, in order."""
        if not self.may_have(phrase):
            return []
        if self._text:
            self._count()
        further, end = phrase[1:], len(self._forms) - len(phrase)
        return [
            (place, place + len(further))
            for place in self.places(phrase[0])
            if place <= end and all(piece.fits(self._forms[place + n]) for n, piece in enumerate(further, 1))
        ]

    def shown(self, span: Span) -> str:
        """The words of a span, folded."""
        words = [forms[0] for forms in self._forms[span[0] : span[1] + 1]]
        return ("" if all(UNSPACED.match(word) for word in words) else " ").join(words)


class Subject:
    """A mention as a query reads it. `excluded`: what does not count as said, such as names of others."""

    def __init__(self, mention: Mention, excluded: re.Pattern[str] | None = None) -> None:
        self.mention = mention
        self._excluded = excluded
        self._passages: dict[str, Passage] = {}

    @cached_property
    def _folded(self) -> str:
        return fold(self.mention.words)

    @cached_property
    def _spoken(self) -> str:
        return spoken(self._folded, self._excluded)

    @cached_property
    def handles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(found[1].rstrip(".-") for found in HANDLE.finditer(self._folded)))

    @cached_property
    def tags(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(HASHTAG.findall(self._spoken)))

    def passage(self, field: str) -> Passage:
        """The words of a field; of all that was said where `field` is empty."""
        if field not in self._passages:
            self._passages[field] = Passage(self._text(field))
        return self._passages[field]

    def _text(self, field: str) -> str:
        mention = self.mention
        if field == "title":
            return spoken(fold(mention.title), self._excluded)
        if field == "text":
            return spoken(fold(mention.text), self._excluded)
        if field == "author":
            return fold(mention.author.name)
        if field == "place":
            return fold("\n".join(filter(None, (mention.place.location, mention.place.storefront))))
        return self._spoken
