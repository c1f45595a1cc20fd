"""The notation of cues, as `cues.toml` explains it: from a cue to regexes, and to what it can begin with."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile
from operator import eq
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*+")
STEM = 4
"""Letters that a stem must have to begin a cue."""
BETWEEN = r"[^\w\n.!?]{1,4}"
"""What may stand between two words of one cue."""
OTHER = r"[\w']{1,30}"
FEW = 4
"""Choices that need no sorting by their first letter."""
ITEM = re.compile(r"\(|\)|\[|\]|\||\.\.\.?|[^\s()\[\]|]+")
ANY = "_"
OPENING_LETTERS = 3
OPENING = re.compile(r"\w[\w']{0,2}")
DIGIT = "0"
TELLING = 4
"""Letters that few texts hold."""
NONE = ""
"""Stands for a text that may be empty."""


class Beginning(NamedTuple):
    """One thing that a cue can begin with, and the rest."""

    heads: tuple[str, ...]
    """The word, or stem with its star, that it begins with, in each way it can be written."""
    tail: str
    """Regex of what else stands in this beginning and in no other."""
    rest: str
    """Regex of what follows all beginnings of the cue."""
    follow: frozenset[str] | None
    """How the word behind the head can open (`opening`); None where there need be none, or where any will do."""
    needs: str
    """Letters that stand in every text in which the cue is heard; may be none."""


def beginnings(cue: str) -> Iterator[Beginning]:
    """The cue taken apart. Raises AssertionError where it is not written as it should be."""
    items = ITEM.findall(cue)
    end, starts = 1, [0]
    if items[0] == "(":
        depth = 1
        while depth and end < len(items):
            depth += (items[end] in "([") - (items[end] in ")]")
            if items[end] == "|" and depth == 1:
                starts.append(end)
            end += 1
        assert not depth, f"a bracket is not closed in the cue {cue}"
        firsts = [items[start + 1 : stop] for start, stop in pairwise([*starts, end - 1])]
    else:
        firsts = [items[:1]]
    rest = _regex(items[end:], BETWEEN)
    after, needs = _openings(items[end:]), _needed(items[end:])
    for first in firsts:
        found = WORD.match(first[0]) if first else None
        assert found, f"a cue must begin with a word: {cue}"
        word, joined = found[0], first[0][found.end() :]
        stem = joined == "*"
        assert len(word) >= STEM or not stem, f"too short a stem to begin a cue with: {first[0]}"
        tail = _regex(first[1:], BETWEEN)
        follow = after
        if len(first) > 1:
            follow = _openings(first[1:])
            if follow is not None and NONE in follow:
                follow = None if after is None else follow - {NONE} | after
        if joined and not stem:
            tail, follow = _word(joined) + tail, None
        heads = dict.fromkeys(form + "*" * stem for form in (word, word.replace("'", "")))
        follow = None if follow is None or NONE in follow else follow
        yield Beginning(tuple(heads), tail, rest, follow, needs)


def head_regex(head: str) -> str:
    """What a word that begins a cue, or a stem with its star, stands for."""
    return _word(head)


def opening(text: str) -> str:
    """The first letters of a text that begins with a word: enough to tell most words apart. Else nothing.

    All that begins with a digit opens alike.
    """
    found = OPENING.match(text)
    if found is None:
        return ""
    return DIGIT if text[0].isdecimal() else found[0]


def _openings(items: list[str]) -> frozenset[str] | None:
    """How texts can open that begin as `items` do: with `NONE` where they may be empty; None for in any way."""
    words, _ = _first_words(items, 0)
    found: set[str] = set()
    for word in words:
        if word == NONE:
            found.add(NONE)
            continue
        bare = word.rstrip("*")
        forms = {DIGIT} if word == "#" else {opening(form) for form in (bare, bare.replace("'", ""))}
        short = word.endswith("*") and DIGIT not in forms and min(map(len, forms)) < OPENING_LETTERS
        if short or word == ANY or "" in forms or bare.count("'") > 1:
            return None
        found |= forms
    return frozenset(found)


def _first_words(items: list[str], at: int) -> tuple[set[str], int]:
    """What all up to the bracket that closes can begin with, and where that stands."""
    found: set[str] = set()
    words = {NONE}
    while at < len(items) and items[at] not in ")]":
        item = items[at]
        at += 1
        if item == "|":
            found |= words
            words = {NONE}
            continue
        if item in "([":
            said, at = _first_words(items, at)
            at += 1
            if item == "[":
                said.add(NONE)
        elif item in ("..", "..."):
            said = {NONE, ANY}
        else:
            said = {item}
        if NONE in words:
            words = words - {NONE} | said
    return found | words, at


def _needed(items: list[str]) -> str:
    """Letters that stand in every text in which `items` are heard: the most there are, where they are telling."""
    found, at = "", 0
    while at < len(items):
        end = _closing(items, at) if items[at] in "([" else at
        if items[at] != "[":
            found = max(found, _shared(items[at : end + 1]), key=len)
        at = end + 1
    return found if len(found) >= TELLING else ""


def _closing(items: list[str], at: int) -> int:
    """Where the bracket closes that opens at `at`."""
    depth = 0
    for end in range(at, len(items)):
        depth += (items[end] in "([") - (items[end] in ")]")
        if not depth:
            return end
    raise AssertionError(f"a bracket is not closed in the cue {' '.join(items)}")


def _shared(items: list[str]) -> str:
    """The letters by which the last words of all choices begin, of a word or of a bracket with no other in it."""
    words = items
    if len(items) > 1:
        within = items[1:-1]
        if not {"(", ")", "[", "]"}.isdisjoint(within):
            return ""
        words = [choice.split()[-1] if choice.split() else "" for choice in " ".join(within).split("|")]
    bare = [word.rstrip("*") for word in words]
    if not all(map(str.isalpha, bare)):
        return ""
    first, last = min(bare), max(bare)
    return "".join(one for one, _ in takewhile(lambda pair: eq(*pair), zip(first, last, strict=False)))


def _regex(items: list[str], before: str = "") -> str:
    regex, end = _sequence(items, 0, before)
    assert end == len(items), f"a bracket too many in the cue {' '.join(items)}"
    return regex


def _sequence(items: list[str], at: int, before: str) -> tuple[str, int]:
    """The regex of all up to the bracket that closes, and where that stands. `before` parts it from what precedes."""
    choices = [""]
    while at < len(items) and items[at] not in ")]":
        item = items[at]
        at += 1
        if item == "|":
            choices.append("")
            before = ""
            continue
        if item in "([":
            inner, at = _sequence(items, at, "")
            assert at < len(items), f"a bracket is not closed in the cue {' '.join(items)}"
            at += 1
            choices[-1] += f"{before}(?:{inner})" if item == "(" else f"(?:{before}(?:{inner}))?"
        elif item in ("..", "..."):
            choices[-1] += f"(?:{before}{OTHER}){{0,{3 if item == '..' else 8}}}?"
        else:
            choices[-1] += before + _word(item)
        before = BETWEEN
    return _by_first_letter(choices), at


def _by_first_letter(choices: list[str]) -> str:
    """The choices as one regex, parted by their first letters where all have one: quicker to turn down."""
    if len(choices) < FEW or not all(choice[:1].isalnum() for choice in choices):
        return "|".join(choices)
    rests: dict[str, list[str]] = {}
    for choice in choices:
        rests.setdefault(choice[0], []).append(choice[1:])
    return "|".join(f"{letter}(?:{'|'.join(some)})" for letter, some in rests.items())


def _word(word: str) -> str:
    if word == "#":
        return r"\d{1,6}"
    if word == "_":
        return OTHER
    stem = word.endswith("*")
    return "'?".join(re.escape(part) for part in word.rstrip("*").split("'")) + (
        r"[\w']{0,15}" if stem else ""
    )
