"""The customer's own words around a place in a text: few enough to read at a glance, whole words, one clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from operator import add

MOST = 15
"""Words that are quoted."""
BEFORE = 5
"""Words that may stand before the place as long as others follow it."""
LONGEST = 240
"""Characters that are quoted, for writing without spaces."""
SHORT = 5
"""Words that tell little by themselves: fewer, and the neighbouring clause is taken in."""
SENTENCE_ENDS = frozenset(".!?…⋯。！？")
CLAUSE_ENDS = SENTENCE_ENDS | frozenset(";:,、")
WORD = re.compile(r"\S+")
LEFT_OUT = "⋯"
"""Stands where the middle of a long text was left out."""


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of whole words around `text[start:end]`, within its clause: at most `MOST` words."""
    floor = max(text.rfind("\n", 0, start) + 1, start - LONGEST)
    ceiling = text.find("\n", end)
    ceiling = min(len(text) if ceiling < 0 else ceiling, end + LONGEST)
    begins = text.rfind(" ", floor, start) + 1 or floor
    ends = text.find(" ", end, ceiling)
    if ends < 0:
        ends = ceiling
    count = text.count(" ", begins, ends) + 1
    begins, count = _leftwards(text, begins, floor, count, count + BEFORE)
    while (
        count < MOST
        and ends < ceiling
        and text[ends - 1] not in (SENTENCE_ENDS if count < SHORT else CLAUSE_ENDS)
    ):
        ends = text.find(" ", ends + 1, ceiling)
        if ends < 0:
            ends = ceiling
        count += 1
    if count < MOST:
        begins, count = _leftwards(text, begins, floor, count, MOST)
    said = text[begins:ends]
    if count > MOST or ends - begins > LONGEST or len(said.split()) != count:
        return trimmed(text, begins, ends)
    if begins == floor and (
        (begins and not text[begins - 1].isspace()) or said[0].isspace() or said[-1].isspace()
    ):
        return trimmed(text, begins, ends)
    return begins, ends


def strongest(text: str, shares: Sequence[int]) -> tuple[int, int]:
    """The word of `text` where most is added by it and the next, given what each of the first words adds."""
    if not shares:
        return beginning(text)
    pairs = list(map(add, shares, shares[1:])) or [0]
    found = next(islice(WORD.finditer(text), pairs.index(max(pairs)), None))
    return found.span()


def beginning(text: str) -> tuple[int, int]:
    """The place before the first word of `text`, past blank lines and what was left out: a quotation stays within its
    line."""
    start = len(text) - len(text.lstrip().removeprefix(LEFT_OUT).lstrip())
    return start, start


def _leftwards(text: str, begins: int, floor: int, count: int, most: int) -> tuple[int, int]:
    """One word more at a time, up to the beginning of the clause."""
    most = min(most, MOST)
    while (
        count < most
        and begins > floor + 1
        and text[begins - 2] not in (SENTENCE_ENDS if count < SHORT else CLAUSE_ENDS)
    ):
        begins = text.rfind(" ", floor, begins - 1) + 1 or floor
        count += 1
    return begins, count


def trimmed(text: str, begins: int, ends: int) -> tuple[int, int]:
    """`text[begins:ends]` without what is no whole word, and cut to what may be quoted."""
    words = [word.span() for word in islice(WORD.finditer(text, begins, ends), MOST + 1)]
    if not words:
        return begins, begins
    if len(words) > 1 and begins and not text[begins - 1].isspace() and words[0][0] == begins:
        del words[0]
    begins, ends = words[0]
    for _, stops in words[:MOST]:
        if stops - begins <= LONGEST:
            ends = stops
    return begins, min(ends, begins + LONGEST)
