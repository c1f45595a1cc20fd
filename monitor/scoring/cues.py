"""The cues of `cues.toml`, made ready to be heard: which signals a text gives, and with which words.

A cue is only tried where a word begins as the cue does, and all that can repeat in it is bounded; so a text
costs time in proportion to its length, whatever is in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import ClassVar, NamedTuple

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*+")
STEM = 4
"""Letters that a stem must have to begin a cue."""
BETWEEN = r"[^\w\n.!?]{1,4}"
"""What may stand between two words of one cue."""
OTHER = r"[\w']{1,30}"
CLAUSE_END = re.compile(r"[.!?;,\n⋯]|\bbut\b")
FEW = 4
"""Choices that need no sorting by their first letter."""
REACH = 3
"""How many words after a negator it still turns what is said."""
ITEM = re.compile(r"\(|\)|\[|\]|\||\.\.\.?|[^\s()\[\]|]+")
MORE_OF_A_NAME = re.compile(r"(?: [A-Z][\w&'-]{1,30}){1,2}")
APOSTROPHES = "’‘ʼ`´"


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing a customer can be telling. `kind`: grievance, raise, damp or praise; `weight` is in log-odds.

    Without a key it is nothing at all: it only keeps its words from other signals.
    """

    key: str
    kind: str
    weight: float
    named: bool = False
    """Heard only where its words end with a name."""


class Hit(NamedTuple):
    """A signal heard in `text[start:end]`; `turned` when a negator before it makes it mean its opposite."""

    signal: Signal
    start: int
    end: int
    turned: bool


class Cues:
    """All signals with their cues. Immutable, so threads may share it."""

    def __init__(self, table: Mapping[str, object]) -> None:
        self.signals: list[Signal] = []
        negators = {form for word in _strings(table["negators"]) for form in (word, word.replace("'", ""))}
        sources: dict[str, Beginnings] = {}
        for number, row in enumerate(_rows(table["signal"])):
            weight, named = float(str(row["weight"])), bool(row.get("named"))
            self.signals.append(Signal(str(row["key"]), str(row["kind"]), weight, named))
            for cue in _strings(row["cues"]):
                for first, rest in _beginnings(ITEM.findall(cue)):
                    for head in sorted(_heads(first)):
                        ways = sources.setdefault(head, {}).setdefault(number, {})
                        ways.setdefault(rest, []).append(_regex(first))
        self._marks = Marks(sources, negators)

    def heard(self, text: str) -> list[Hit]:
        """Every signal in `text`, in order and without overlap. Offsets count in `text` as given."""
        lowered = _lowered(text)
        hits: list[Hit] = []
        marks = self._marks
        done = at = 0
        negated_at = -1
        for piece in lowered.split(" "):
            for begins, ends, pattern, negates in marks[piece]:
                start = at + begins
                if start < done:
                    continue
                if pattern is not None and (found := pattern.match(lowered, start)):
                    signal = self.signals[int((found.lastgroup or "_0")[1:])]
                    end = found.end()
                    if signal.named and not (end := _name_end(text, start, end)):
                        continue
                    turned = negated_at >= 0 and _within_reach(lowered, negated_at, start)
                    if not turned:
                        negated_at = -1
                    done = end
                    if signal.key:
                        hits.append(Hit(signal, start, done, turned))
                elif negates:
                    negated_at = at + ends
            at += len(piece) + 1
        return hits


Beginnings = dict[int, dict[str, list[str]]]
"""For each signal, by what follows: the regexes of what a cue can begin with."""


class Mark(NamedTuple):
    """A word worth stopping at, at `[begins:ends]` of its piece: a cue can begin with it, or it negates."""

    begins: int
    ends: int
    pattern: re.Pattern[str] | None
    """One pattern for all cues that can begin with the word; the name of its group tells the signal."""
    negates: bool


class Marks(dict[str, tuple[Mark, ...]]):
    """Piece of text without a space -> the words in it worth stopping at: most pieces have none.

    Made when first met, and remembered; emptied when full, so that it stays small.
    """

    CAPACITY: ClassVar[int] = 20_000
    LONGEST: ClassVar[int] = 40

    def __init__(self, sources: Mapping[str, Beginnings], negators: Set[str]) -> None:
        super().__init__()
        self._sources = sources
        self._negators = negators
        self._compiled: dict[tuple[str, ...], re.Pattern[str]] = {}

    def __missing__(self, piece: str) -> tuple[Mark, ...]:
        marks = tuple(mark for word in WORD.finditer(piece) if (mark := self._mark(word)))
        if len(piece) <= self.LONGEST:
            if len(self) >= self.CAPACITY:
                self.clear()
            self[piece] = marks
        return marks

    def _mark(self, found: re.Match[str]) -> Mark | None:
        word = found[0]
        if len(word) > self.LONGEST:
            return None
        stems = (f"{word[:length]}*" for length in range(STEM, len(word) + 1))
        heads = tuple(head for head in (word, *stems) if head in self._sources)
        pattern = self._compile(heads) if heads else None
        negates = word in self._negators
        return Mark(*found.span(), pattern, negates) if pattern or negates else None

    def _compile(self, heads: tuple[str, ...]) -> re.Pattern[str]:
        if heads not in self._compiled:
            choices: dict[int, list[str]] = {}
            for head in heads:
                for number, ways in self._sources[head].items():
                    regexes = (f"(?:{'|'.join(firsts)}){rest}" for rest, firsts in ways.items())
                    choices.setdefault(number, []).extend(regexes)
            groups = (
                f"(?P<_{number}>(?:{'|'.join(some)})(?![\\w']))" for number, some in sorted(choices.items())
            )
            self._compiled[heads] = re.compile("|".join(groups))
        return self._compiled[heads]


@cache
def cues() -> Cues:
    """The cues that come with the product."""
    return Cues(settings())


@cache
def settings() -> Mapping[str, object]:
    """`cues.toml` as read: bias, weights, signals."""
    text = resources.files("monitor.scoring").joinpath("cues.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _within_reach(lowered: str, negator_end: int, start: int) -> bool:
    """Whether the negator turns what is said at `start`: in the same clause, few words on."""
    if CLAUSE_END.search(lowered, negator_end, start):
        return False
    return all(place < REACH - 1 for place, _ in enumerate(WORD.finditer(lowered, negator_end, start)))


def _name_end(text: str, start: int, end: int) -> int:
    """Where the name ends that stands last in `text[start:end]`; 0 where the last word is no name."""
    said = text[start:end]
    if not said[said.rfind(" ") + 1].isupper() or said.isupper():
        return 0
    more = MORE_OF_A_NAME.match(text, end)
    return more.end() if more else end


def _lowered(text: str) -> str:
    """`text` in lower case with straight apostrophes, every character at its old place."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters become two, such as the Turkish capital I with a dot
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)
    if not lowered.isascii():
        for apostrophe in APOSTROPHES:
            lowered = lowered.replace(apostrophe, "'")
    return lowered


def _strings(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(item) for item in value]


def _rows(value: object) -> Iterator[Mapping[str, object]]:
    assert isinstance(value, list)
    yield from value


# ── the notation of cues ─────────────────────────────────────────────────────────────────────────────────


def _beginnings(items: list[str]) -> Iterator[tuple[list[str], str]]:
    """The cue taken apart: each thing it can begin with, and the regex of the rest."""
    end, starts = 1, [0]
    if items[0] == "(":
        depth = 1
        while depth and end < len(items):
            depth += (items[end] in "([") - (items[end] in ")]")
            if items[end] == "|" and depth == 1:
                starts.append(end)
            end += 1
        assert not depth, f"a bracket is not closed in the cue {' '.join(items)}"
        firsts = [items[start + 1 : stop] for start, stop in pairwise([*starts, end - 1])]
    else:
        firsts = [items[:1]]
    rest = _regex(items[end:], BETWEEN)
    for first in firsts:
        yield first, rest


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


def _heads(items: list[str]) -> set[str]:
    """The words, and stems with their star, that the cue can begin with."""
    depth = 0
    heads: set[str] = set()
    due = True
    for item in items:
        if item in "([":
            depth += 1
        elif item in ")]":
            depth -= 1
            due = due and depth > 0
        elif item == "|":
            due = due or depth == 1
        elif due:
            first = WORD.match(item)
            assert first, f"a cue must begin with a word: {' '.join(items)}"
            stem = "*" if first[0] + "*" == item else ""
            assert len(first[0]) >= STEM or not stem, f"too short a stem to begin a cue with: {item}"
            heads |= {first[0] + stem, first[0].replace("'", "") + stem}
            due = False
        if depth == 0 and not due:
            break
    assert heads and not due, f"a cue must begin with a word: {' '.join(items)}"
    return heads
