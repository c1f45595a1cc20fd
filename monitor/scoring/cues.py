"""The cues of `cues.toml`, made ready to be heard: which signals a text gives, and with which words.

A cue is only tried where a word begins as the cue does, and all that can repeat in it is bounded; so a text
costs time in proportion to its length, whatever is in it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate, count
from operator import add, itemgetter
from typing import NamedTuple

from monitor.scoring.notation import STEM, WORD, beginnings, head_regex
from monitor.scoring.notation import opening as opening_of
from monitor.scoring.reading import CHUNK
from monitor.scoring.vocabulary import NOTHING, Noted, read

CLAUSE_END = re.compile(r"[.!?;,\n⋯]|\bbut\b")
LONG = 500
"""Characters from which on the text is looked through for the same letters but once."""
REACH = 3
"""How many words after a negator it still turns what is said."""
MORE_OF_A_NAME = re.compile(r"(?: [A-Z][\w&'-]{1,30}){1,2}")
BETWEEN = re.compile(r"[^\w\n.!?]{0,3}")
"""What may stand between a word and the space behind it, when the next word is to be of the same cue."""
APART = re.compile(r"(?![\w'])")
"""Behind a word that no stem goes beyond."""
STEM_MOST = 15
"""Letters that a stem with its star can take more than its own, less the star."""
SENTENCE_END = re.compile(r"[.!?]")
LONGEST = 40
"""Letters of a word; what is longer begins no cue."""
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
                for heads, tail, rest, follow, needs in beginnings(cue):
                    for head in heads:
                        ways = sources.setdefault(head, {}).setdefault(number, {})
                        ways.setdefault(rest, []).append((tail, follow, needs))
        self._openings = Noted(_opening)
        self._marked = Noted(Marks(self.signals, sources, negators).find)

    def heard(self, text: str) -> list[Hit]:
        """Every signal in `text`, in order and without overlap. Offsets count in `text` as given."""
        texts = read([text])
        (numbers,) = texts.numbers
        if not numbers:
            return []
        marked = map(self._marked.by(texts.vocabulary).__getitem__, numbers)
        nexts = [*numbers[1:], NOTHING]
        openings = self._openings.by(texts.vocabulary)
        lowered = _lowered(text)
        hits: list[Hit] = []
        # a look for a few letters costs a tenth of a pattern, where the text is no book
        holds = Held(lowered).__getitem__ if len(lowered) > LONG else lowered.__contains__
        done = 0
        negated_at = -1
        for at, some, following in zip(_starts(text), marked, nexts, strict=True):
            if not some:
                continue
            opening = openings[following]
            for begins, ends, behind, ways, ahead, negates in some:
                if ahead is not None:
                    ways = ahead.get(opening, ways)
                if not (ways or negates) or at + begins < done:
                    continue
                found = None
                for way in ways:
                    if holds(way.needs) and (found := way.match(lowered, at + behind)):
                        break
                if found:
                    signal = way.signal
                    start, end = at + begins, found.end()
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
        return hits


class Held(dict[str, bool]):
    """Letters -> whether they stand in a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def __missing__(self, letters: str) -> bool:
        found = self[letters] = letters in self._text
        return found


Beginnings = dict[int, dict[str, list[tuple[str, frozenset[str] | None, str]]]]
"""For each signal, by the regex of the rest: the tails of its beginnings, how the next word can open, what it needs."""


class Way:
    """One way a cue can go on behind the word it begins with. Many words share it."""

    __slots__ = ("_regex", "match", "needs", "signal")

    def __init__(self, signal: Signal, regex: str, needs: str) -> None:
        self.signal = signal
        self.needs = needs
        self._regex = regex
        self.match: Callable[[str, int], re.Match[str] | None] = self._first

    def _first(self, text: str, at: int) -> re.Match[str] | None:
        """The pattern is made when it is first needed: a short run needs few."""
        self.match = re.compile(f"(?:{self._regex})(?![\\w'])").match
        return self.match(text, at)


class Mark(NamedTuple):
    """A word worth stopping at, at `[begins:ends]` of its chunk: a cue can begin with it, or it negates."""

    begins: int
    ends: int
    behind: int
    """Where in its chunk the patterns begin."""
    ways: Sequence[Way]
    """What may be told from here, in the order of trying."""
    ahead: Mapping[str, Sequence[Way]] | None
    """The same by how the next chunk opens, where that matters; `ways` then is for all that is not in it."""
    negates: bool


class Choice(NamedTuple):
    """The ways of all heads that a word has."""

    alone: Sequence[Way]
    """Those that any word may follow, or none."""
    ahead: Mapping[str, Sequence[Way]]
    """By how the next word opens; all ways where that cannot be told."""


class Marks:
    """`find` gives the words of a chunk that are worth stopping at: most have none."""

    def __init__(
        self, signals: Sequence[Signal], sources: Mapping[str, Beginnings], negators: Set[str]
    ) -> None:
        self._signals = signals
        self._sources = sources
        self._stems = {head[:STEM] for head in sources if head.endswith("*")}
        self._negators = negators
        self._beginnings = negators | sources.keys()
        self._choices: dict[tuple[str, ...], Choice] = {}
        self._whole: dict[tuple[str, ...], Sequence[Way]] = {}
        self._made: dict[tuple[int, str], Way] = {}

    def find(self, chunk: str) -> tuple[Mark, ...]:
        piece = _lowered(chunk)
        words = (piece,) if piece.isalpha() else WORD.findall(piece)
        if not any(map(self._begins, words)):
            return ()
        return tuple(mark for word in WORD.finditer(piece) if (mark := self._mark(word)))

    def _begins(self, word: str) -> bool:
        """Whether a cue may begin with it, or it negates."""
        return word in self._beginnings or word[:STEM] in self._stems

    def _mark(self, found: re.Match[str]) -> Mark | None:
        word, (begins, ends) = found[0], found.span()
        if len(word) > LONGEST:
            return None
        heads: tuple[str, ...] = (word,) if word in self._sources else ()
        if word[:STEM] in self._stems:
            stems = (f"{word[:length]}*" for length in range(STEM, len(word) + 1))
            heads += tuple(stem for stem in stems if stem in self._sources)
        negates = word in self._negators
        if not heads:
            return Mark(begins, ends, ends, (), None, negates) if negates else None
        behind = found.string[ends:]
        if heads != (word,) and ("'" in word or not APART.match(behind)):
            # a stem may end before an apostrophe, or go on where the word does not
            return Mark(begins, ends, begins, self._all(heads), None, negates)
        heads = tuple(head for head in heads if len(word) - len(head) < STEM_MOST)
        choice = self._choice(heads)
        if SENTENCE_END.match(behind):
            return Mark(begins, ends, ends, choice.alone, None, negates)
        if BETWEEN.fullmatch(behind):
            return Mark(begins, ends, ends, choice.alone, choice.ahead, negates)
        return Mark(begins, ends, ends, choice.ahead[""], None, negates)

    def _ways(
        self, heads: tuple[str, ...], *, whole: bool = False
    ) -> list[tuple[Way, frozenset[str] | None]]:
        """In the order in which they are tried, with what can follow. `whole`: from the heads on, not behind them."""
        ways = [
            (number, (head_regex(head) if whole else "") + tail + rest, needs, follow)
            for head in heads
            for number, by_rest in self._sources[head].items()
            for rest, tails in by_rest.items()
            for tail, follow, needs in tails
        ]
        ways.sort(key=itemgetter(0))
        return [(self._way(number, regex, needs), follow) for number, regex, needs, follow in ways]

    def _way(self, number: int, regex: str, needs: str) -> Way:
        if (number, regex) not in self._made:
            self._made[number, regex] = Way(self._signals[number], regex, needs)
        return self._made[number, regex]

    def _all(self, heads: tuple[str, ...]) -> Sequence[Way]:
        if heads not in self._whole:
            self._whole[heads] = [way for way, _ in self._ways(heads, whole=True)]
        return self._whole[heads]

    def _choice(self, heads: tuple[str, ...]) -> Choice:
        if heads not in self._choices:
            ways = self._ways(heads)
            ahead: dict[str, list[Way]] = {place: [] for _, follow in ways for place in follow or ()}
            for way, follow in ways:
                for some in ahead.values() if follow is None else map(ahead.__getitem__, follow):
                    some.append(way)
            ahead[""] = [way for way, _ in ways]
            self._choices[heads] = Choice([way for way, follow in ways if follow is None], ahead)
        return self._choices[heads]


def _starts(text: str) -> Iterator[int]:
    """Where its chunks begin."""
    lengths = list(map(len, text.split()))
    if len(text) - sum(lengths) == len(lengths) - 1:  # one space between any two, and none besides
        return map(add, accumulate(lengths[:-1], initial=0), count())
    return map(re.Match.start, CHUNK.finditer(text))


def _opening(chunk: str) -> str:
    return opening_of(_lowered(chunk))


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
