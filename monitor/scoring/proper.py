"""Where a text names somebody: in languages that write common nouns small by the capital letters within a sentence,
in all of them by the names it is told.

A courier called "Lumaca Veloce" is no snail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

SENTENCE = re.compile(r"""[^.!?…:;\n•|"“”«»()¡¿]+""")
"""Behind any of these signs a capital letter may only begin what is said."""
WORD = re.compile(r"[^\W\d_]+")
TELLING = 4
"""Letters of a small word that tells that a sentence is no heading, where most words have capitals."""
SHORTEST = 3
"""Letters that a name must have to be looked for."""

Span = tuple[int, int]


class Proper:
    """`names`: what the business is called. Immutable, so threads may share it."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        known = sorted((name for name in names if len(name) >= SHORTEST), key=len, reverse=True)
        self._known = re.compile(rf"\b(?:{'|'.join(map(re.escape, known))})\b", re.I) if known else None

    def spans(self, text: str, *, by_capitals: bool) -> list[Span]:
        """Where names stand in `text`, those told before those found `by_capitals`."""
        told = [found.span() for found in self._known.finditer(text)] if self._known else []
        return [*told, *_capitals(text)] if by_capitals else told


def _capitals(text: str) -> Iterator[Span]:
    """Words with a capital letter that neither begin a sentence nor stand in a heading; neighbours as one."""
    for sentence in SENTENCE.finditer(text):
        within = list(WORD.finditer(text, *sentence.span()))[1:]
        if not any(word[0].islower() and len(word[0]) >= TELLING for word in within):
            continue
        name: Span | None = None
        for word in within:
            if not _is_capital(word[0]):
                continue
            joined = name is not None and text[name[1] : word.start()] == " "
            if name and not joined:
                yield name
            name = (name[0] if name and joined else word.start()), word.end()
        if name:
            yield name


def _is_capital(word: str) -> bool:
    """Not where all is written in capitals: that is loud, and no name."""
    return word[0].isupper() and word[1:].islower()
