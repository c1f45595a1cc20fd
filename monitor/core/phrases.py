"""Phrases as people write them down, made into patterns that cost time in proportion to a text's length.

`(a|b)`: one of these. `[a|b]`: one of these or nothing. `..`: up to three words. `word*`: whatever it ends in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

APOSTROPHES = str.maketrans("’‘ʼ`´", "'''''")
_APART = r"[^\w\n.!?]{1,3}"
_ANY = rf"(?:[\w'-]{{1,25}}{_APART}){{0,3}}"
_STEM = r"[\w']{0,15}"
_PIECE = re.compile(r"(\((?:[^()]*)\)|\[(?:[^][]*)\]|[^\s()[\]]+)\s*")
QUOTED = re.compile(r"“[^“”\n]{1,300}”|(?<!\w)\"[^\"\n]{1,300}\"(?!\w)")


def folded(text: str) -> str:
    """Small letters and plain apostrophes, each character in its place: offsets are those of `text`."""
    text = text.translate(APOSTROPHES)
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def unquoted(text: str) -> str:
    """The same with what stands in quotation marks blanked: somebody else said that."""
    return QUOTED.sub(lambda quote: " " * len(quote[0]), text)


def pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all the phrases, to be looked for in folded text. Raises ValueError for one that is none."""
    return re.compile(rf"(?<![\w'])(?:{'|'.join(map(_source, phrases))})(?![\w'])")


def found(wanted: re.Pattern[str], unless: re.Pattern[str] | None, text: str) -> Iterator[tuple[int, int]]:
    """Where a phrase stands in `text`, but for those that overlap with words that make it something else."""
    spared = [hit.span() for hit in unless.finditer(text)] if unless else []
    at = 0
    for hit in wanted.finditer(text):
        start, end = hit.span()
        while at < len(spared) and spared[at][1] <= start:
            at += 1
        if at == len(spared) or spared[at][0] >= end:
            yield start, end


def _source(phrase: str) -> str:
    pieces = [found[1] for found in _PIECE.finditer(phrase)]
    if not pieces or pieces[-1] == ".." or pieces[-1].startswith("["):
        raise ValueError(f"{phrase!r} must end in words")
    parts = []
    for number, piece in enumerate(pieces):
        last = number == len(pieces) - 1
        if piece == "..":
            parts.append(_ANY)
        elif piece[0] == "[":
            parts.append(rf"(?:{_ways(piece[1:-1])}{_APART})?")
        else:
            words = _ways(piece[1:-1]) if piece[0] == "(" else _words(piece)
            parts.append(words if last else words + _APART)
    return "".join(parts)


def _ways(inside: str) -> str:
    return f"(?:{'|'.join(_words(way) for way in inside.split('|'))})"


def _words(words: str) -> str:
    return _APART.join(
        re.escape(word[:-1]) + _STEM if word.endswith("*") else re.escape(word) for word in words.split()
    )
