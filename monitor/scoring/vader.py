"""VADER, exactly: the figures of vaderSentiment 3.3.2 from its own word lists, in time linear in the text.

Hutto & Gilbert (2014), "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of Social Media Text".
The installed package gives the lexicon, the emoji descriptions and the constants; the evaluation is our own,
because the package's lower-cases the whole text anew for every word it knows (8 s for 16,000 words).
Whatever it does that looks odd is kept, and marked as its habit: a figure that differs is a fault here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from heapq import heappop, heappush
from importlib import import_module, resources
from math import sqrt
from string import punctuation
from typing import ClassVar, NamedTuple

from monitor.core.model import Mention, Opinion
from monitor.scoring.memory import Memory

FADING = (0.0, 1.0, 0.95, 0.9)
"""How much a booster one, two or three words before still does."""


class Polarity(NamedTuple):
    """Shares of negative, neutral and positive words (0 to 1), and the whole (`compound`, -1 to 1)."""

    neg: float
    neu: float
    pos: float
    compound: float


NOTHING = Polarity(0.0, 0.0, 0.0, 0.0)


class Vader:
    """Sentiment of English words: `value` is the compound figure, -1 (worst) to 1 (best)."""

    name: ClassVar[str] = "vader"
    version: ClassVar[str] = "vaderSentiment-3.3.2"
    api: ClassVar[int] = 1
    _foreign: ClassVar[Opinion] = Opinion(name, version, notes=("not in English: VADER has no view",))
    uses: ClassVar[tuple[str, ...]] = ("language",)
    """Whose opinions `weigh` wants."""

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """As `score`, but without a view on words known to be in another language than English."""
        return [
            self._opinion(mention) if language.label in (None, "en") else self._foreign
            for mention, language in zip(mentions, heard["language"], strict=True)
        ]

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        return [self._opinion(mention) for mention in mentions]

    def _opinion(self, mention: Mention) -> Opinion:
        return _opinion(_evaluator().compound(mention.words) or 0.0)  # there is a -0.0 as well, which is 0


@lru_cache(4096)
def _opinion(compound: float) -> Opinion:
    """There are 20,001 figures, and few that are common."""
    return Opinion(Vader.name, Vader.version, compound)


def polarity(text: str) -> Polarity:
    """VADER's four figures for `text`. The word lists are read on the first call and shared by all threads."""
    return _evaluator().polarity(text)


@dataclass(frozen=True, slots=True)
class Word:
    """All that the rules ask about one token, found out once."""

    lower: str
    value: float | None
    """Its place in the lexicon; None for the many words that have none."""
    boost: float
    """How much it strengthens (or weakens, below 0) the words after it; 0 for most."""
    negates: bool
    shouted: bool
    stirs: bool
    """Whether it may change what a lexicon word near it counts. Most words leave their neighbours alone."""
    notable: bool
    """Whether the rules need to look at it at all."""


class Words(Memory[Word]):
    """Token as written -> Word."""

    def __init__(
        self,
        lexicon: Mapping[str, float],
        boosters: Mapping[str, float],
        negations: Set[str],
        telltales: Set[str],
    ) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._boosters = boosters
        self._negations = negations
        self._stirring = {*boosters, *telltales, "no", "least", "this"}

    def find(self, token: str) -> Word:
        bare = token.strip(punctuation)
        if len(bare) <= 2:  # probably an emoticon
            bare = token
        lower = bare.lower()
        negates = lower in self._negations or "n't" in lower
        value = self._lexicon.get(lower)
        stirs = negates or lower in self._stirring
        shouted = bare.isupper()
        notable = value is not None or stirs or shouted or lower == "but"
        return Word(lower, value, self._boosters.get(lower, 0.0), negates, shouted, stirs, notable)


@cache
def _evaluator() -> Evaluator:
    return Evaluator()


class Evaluator:
    """The rules over one set of word lists. Holds no state of a text, so threads may share it."""

    def __init__(self) -> None:
        stock = import_module("vaderSentiment.vaderSentiment")

        self._capitals: float = stock.C_INCR
        self._flip: float = stock.N_SCALAR
        self._boosters: dict[str, float] = stock.BOOSTER_DICT
        self._idioms: dict[str, float] = stock.SPECIAL_CASES
        phrases = [phrase for phrase in (*self._idioms, *self._boosters) if " " in phrase]
        # Every phrase holds its longest word: without one of these around there is no phrase to look for.
        self._telltales = frozenset(max(phrase.split(), key=len) for phrase in phrases)
        described = {mark: words for mark, words in _table("emoji_utf8_lexicon.txt") if len(mark) == 1}
        self._emoji = frozenset(described)
        self._descriptions = {ord(mark): f" {words}" for mark, words in described.items()}
        lexicon = {word: float(value) for word, value in _table("vader_lexicon.txt")}
        self._words = Words(lexicon, self._boosters, frozenset(stock.NEGATE), self._telltales)

    def polarity(self, text: str) -> Polarity:
        text = self._described(text)
        words = self._read(text)
        return _summary(self._valences(words), len(words), _emphasis(text)) if words else NOTHING

    def compound(self, text: str) -> float:
        """The whole alone."""
        text = self._described(text)
        valences = self._valences(self._read(text))
        return _compound(_total(valences, _emphasis(text))) if valences else 0.0

    def _read(self, text: str) -> list[Word]:
        return list(map(self._words.__getitem__, text.split()))

    def _described(self, text: str) -> str:
        """The text with its emoji in words."""
        if text.isascii() or self._emoji.isdisjoint(text):
            return text
        return text.translate(self._descriptions)

    def _valences(self, words: list[Word]) -> list[float]:
        """What each word of the lexicon counts."""
        notable = [place for place, word in enumerate(words) if word.notable]
        known = [place for place in notable if words[place].value is not None]
        if not known:
            return []
        mixed = 0 < len([place for place in notable if words[place].shouted]) < len(words)
        stirring = {place for place in notable if words[place].stirs}
        valences: list[float] = []
        for place in known:
            if stirring.isdisjoint(range(place - 3, place + 3)):
                valences.append(self._shouted(words[place].value or 0.0, words[place], mixed))
            else:
                valences.append(self._valence(place, words, mixed))
        for place in notable:
            if words[place].lower == "but":
                _weigh_around(place, known, valences)
                break
        return valences

    def _valence(self, place: int, words: list[Word], mixed: bool) -> float:
        """What the lexicon word at `place` counts, after all that its neighbours do to it."""
        word = words[place]
        valence = word.value or 0.0
        before = words[place - 3 if place > 3 else 0 : place]
        lowers = [earlier.lower for earlier in before]
        if place + 1 < len(words):
            following = words[place + 1]
            if word.lower == "kind" and following.lower == "of":
                return 0.0
            if word.lower == "no" and following.value is not None:
                valence = 0.0
        if "no" in lowers and ("no" in lowers[-2:] or lowers[-1] in ("or", "nor")):
            valence = (word.value or 0.0) * self._flip
        valence = self._shouted(valence, word, mixed)
        for distance in range(1, len(before) + 1):
            earlier = before[-distance]
            if earlier.value is None and (earlier.stirs or distance == 3):
                valence = self._modified(valence, before[-distance:], mixed)
                if distance == 3:
                    valence = self._idiom(valence, lowers, words[place : place + 3])
        if lowers and lowers[-1] == "least" and (place == 1 or lowers[-2] not in ("at", "very")):
            valence *= self._flip
        return valence

    def _shouted(self, valence: float, word: Word, mixed: bool) -> float:
        """CAPITALS strengthen, where not all of the text is in them."""
        if mixed and word.shouted:
            return valence + (self._capitals if valence > 0 else -self._capitals)
        return valence

    def _modified(self, valence: float, between: list[Word], mixed: bool) -> float:
        """What the first of `between` makes of a valence that stands right behind the last: one to three words."""
        earlier = between[0]
        distance = len(between)
        if earlier.boost:
            boost = -earlier.boost if valence < 0 else earlier.boost
            if mixed and earlier.shouted:
                boost += self._capitals if valence > 0 else -self._capitals
            valence += boost * FADING[distance]
        if distance > 1:
            second, last = between[1].lower, between[-1].lower
            if earlier.lower == "never" and second in ("so", "this"):
                return valence * 1.25
            if distance == 3 and last in ("so", "this"):  # its habit: without any "never"
                return valence * 1.25
            if earlier.lower == "without" and "doubt" in (second, last):
                return valence
        return valence * self._flip if earlier.negates else valence

    def _idiom(self, valence: float, before: list[str], onward: list[Word]) -> float:
        """Phrases that mean something else than their words. Its habit: only looked for from the fourth word on."""
        ahead = [word.lower for word in onward]
        if self._telltales.isdisjoint(before) and self._telltales.isdisjoint(ahead):
            return valence
        three, two, one = before
        backwards = (f"{three} {two} {one}", f"{three} {two}", f"{two} {one}")
        for phrase in (
            f"{one} {ahead[0]}",
            f"{two} {one} {ahead[0]}",
            backwards[2],
            backwards[0],
            backwards[1],
        ):
            if phrase in self._idioms:
                valence = self._idioms[phrase]
                break
        for length in range(2, len(ahead) + 1):
            valence = self._idioms.get(" ".join(ahead[:length]), valence)
        for phrase in backwards:
            valence += self._boosters.get(phrase, 0.0)
        return valence


def _weigh_around(but: int, places: list[int], valences: list[float]) -> None:
    """Halve what stands before the "but" and strengthen what comes after it by half, in place.

    Its habit: for each valence in turn it changes the *first* one of that figure in the list as it then is, so
    a figure that comes to equal a later one is changed again in the other's stead. One heap of places for each
    figure finds that first one without searching the list.
    """
    holders: dict[float, list[int]] = {}
    for index, valence in enumerate(valences):
        holders.setdefault(valence, []).append(index)
    for index in range(len(valences)):
        valence = valences[index]
        first = heappop(holders[valence])
        changed = valence * (0.5 if places[first] < but else 1.5)
        valences[first] = changed
        heappush(holders.setdefault(changed, []), first)


def _emphasis(text: str) -> float:
    """What exclamation marks (up to four) and repeated question marks add."""
    asked = text.count("?")
    doubt = 0.0 if asked < 2 else asked * 0.18 if asked <= 3 else 0.96
    return min(text.count("!"), 4) * 0.292 + doubt


def _summary(valences: list[float], words: int, emphasis: float) -> Polarity:
    """The four figures from the valences of the known words; all other words count as neutral."""
    good = bad = 0.0
    neutral = words - len(valences)
    for valence in valences:
        if valence > 0:
            good += valence + 1
        elif valence < 0:
            bad += 1 - valence
        else:
            neutral += 1
    if good > bad:
        good += emphasis
    elif good < bad:
        bad += emphasis
    whole = good + bad + neutral
    compound = _compound(_total(valences, emphasis))
    return Polarity(round(bad / whole, 3), round(neutral / whole, 3), round(good / whole, 3), compound)


def _total(valences: list[float], emphasis: float) -> float:
    total = float(sum(valences))
    return total + emphasis if total > 0 else total - emphasis if total < 0 else total


def _compound(total: float) -> float:
    return round(total / sqrt(total * total + 15), 4)


def _table(name: str) -> list[tuple[str, str]]:
    """The first two columns of a word list that the package brings along."""
    text = resources.files("vaderSentiment").joinpath(name).read_text(encoding="utf-8")
    rows = (line.strip().split("\t") for line in text.rstrip("\n").split("\n") if line)
    return [(row[0], row[1]) for row in rows]
