"""Was this said before, in nearly the same words? Sketches find who might have; comparing the words decides.

A sketch is made of the smallest hashes of a text's word pairs, each with the next: texts that share most of their
words share most of these, and others next to none, so an index finds the few worth comparing. Single hashes would
find twenty times as many. Short texts have none: two people who say "terrible service" are two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from zlib import crc32

from monitor.core.model import Mention

SMALLEST = 8
SHARED = 2
"""Hashes in common that make a comparison worth its while."""
CANDIDATES = 3
"""Texts that one text is compared with at most, the most alike first."""
LEAST_WORDS, LEAST_CHARACTERS = 8, 40
READ = 5_000
"""Characters that are looked at."""
REMEMBERED = timedelta(days=30)
"""How long after a complaint another in its words counts as a copy."""

_WORD = re.compile(r"\w+")
_APART = {code: " " for code in range(128) if not _WORD.match(chr(code))}
"""What stands between words, in ASCII."""


@dataclass(frozen=True, slots=True)
class Sketch:
    words: str
    """As they are compared: no capitals, no punctuation."""
    hashes: tuple[int, ...]
    """At most 7, of 62 bits; the same in every process."""


def words_of(text: str) -> list[str]:
    folded = text[:READ].casefold()
    # most posts are plain ASCII, and to part those needs no look at each word
    return folded.translate(_APART).split() if folded.isascii() else _WORD.findall(folded)


def compared(text: str) -> str:
    """A text as it is compared."""
    return " ".join(words_of(text))


def sketch_of(mention: Mention) -> Sketch | None:
    """None for a text that is too short to tell copying from chance."""
    words = words_of(mention.words)
    if len(words) < LEAST_WORDS:
        return None
    text = " ".join(words)
    if len(text) < LEAST_CHARACTERS:
        return None
    pairs = pairwise(text.encode("utf-8", "surrogatepass").split(b" "))
    smallest = sorted(set(map(crc32, map(b" ".join, pairs))))[:SMALLEST]
    return Sketch(text, tuple((one & 0x3FFFFFFF) << 32 | next_ for one, next_ in pairwise(smallest)))
