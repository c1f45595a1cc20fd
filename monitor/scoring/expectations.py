"""Which expectations of a customer were broken, most important first, each with the words that show it.

A trained table of topics says what a complaint is about; what the complaint scorer heard and cues of its own
(`expectations.toml`) are added to it. Only what may be a complaint is asked about.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from importlib import resources
from typing import Any, ClassVar

from monitor.core.model import Evidence, Mention, Opinion
from monitor.scoring import quote, topics
from monitor.scoring.complaint import Complaint
from monitor.scoring.cues import Cues
from monitor.scoring.language import Language
from monitor.scoring.reading import beginning
from monitor.scoring.stars import Stars
from monitor.scoring.vocabulary import read

ASKED = 0.3
"""From this complaint value on it is worth asking."""
MOST = 3
SHOWN = 1.0
"""What a signal must add to an expectation for its words to show it; a signal with an expectation's name adds this."""


class Expectations:
    """`signals` are the keys of broken expectations, `evidence` the words for each, in the same order.

    Empty where the complaint scorer's value is below `ASKED`. Words in another language are not read, nor those behind
    a page of blank lines: what the complaint scorer heard in them, or the stars, must tell.
    """

    name: ClassVar[str] = "expectations"
    version: ClassVar[str] = "1"
    api: ClassVar[int] = 1
    uses: ClassVar[tuple[str, ...]] = ("complaint", "stars", "language")

    def __init__(self) -> None:
        table = settings()
        self._topics = topics.Topics(topics.table("expectations"))
        self._keys = self._topics.labels
        self._cues = Cues(table)
        self._second, self._third = float(table["second"]), float(table["third"])
        self._sole = str(table["sole"])
        self._place = {key: place for place, key in enumerate(self._keys)}
        self._told = {key: [(place, SHOWN)] for key, place in self._place.items()}
        self._told |= {
            signal: [(self._place[key], float(weight)) for key, weight in adds.items()]
            for signal, adds in table["signals"].items()
        }
        self._none = Opinion(self.name, self.version)

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        """An opinion on each mention, asking the other scorers itself."""
        return self.weigh(
            mentions,
            {
                "complaint": Complaint().score(mentions),
                "stars": Stars().score(mentions),
                "language": Language().score(mentions),
            },
        )

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """An opinion on each mention, from what the scorers in `uses` already said of the same mentions."""
        opinions = [self._none] * len(mentions)
        readable: list[tuple[int, str]] = []
        for place, (mention, complaint) in enumerate(zip(mentions, heard["complaint"], strict=True)):
            if (complaint.value or 0.0) < ASKED:
                continue
            words = mention.words
            # a text that begins with a page of blank lines is not read: the stars tell more than a word at its end
            if heard["language"][place].label in (None, "en") and beginning(words).strip():
                readable.append((place, words))
            else:
                opinions[place] = self._unread(mention, words, complaint)
        texts = read([beginning(words) for _, words in readable])
        for text, ((place, words), odds) in enumerate(
            zip(readable, self._topics.odds(texts).tolist(), strict=True)
        ):
            shares = partial(self._topics.shares, texts, text)
            opinions[place] = self._opinion(words, shares, odds, heard["complaint"][place])
        return opinions

    def _opinion(
        self, words: str, shares: Callable[[int], Sequence[int]], odds: list[float], complaint: Opinion
    ) -> Opinion:
        """`shares`: what each chunk adds to the expectation of that number."""
        spans: dict[int, tuple[int, int]] = {}
        for hit in self._cues.heard(words):
            place = self._place[hit.signal.key]
            if place not in spans and not hit.turned:
                spans[place] = hit.start, hit.end
                odds[place] += hit.signal.weight
        for signal in complaint.signals:
            for place, weight in self._told.get(signal, ()):
                odds[place] += weight
        for item in complaint.evidence:
            for place, weight in self._told.get(item.signal, ()):
                if weight >= SHOWN:
                    spans.setdefault(place, (item.start, item.end))
        first, second, third, *_ = sorted(range(len(odds)), key=odds.__getitem__, reverse=True)
        named = [first]
        if odds[second] >= self._second:
            named.append(second)
            if odds[third] >= self._third:
                named.append(third)
        return self._named(
            self._quoted(self._keys[place], words, spans.get(place) or quote.strongest(words, shares(place)))
            for place in named
        )

    def _unread(self, mention: Mention, words: str, complaint: Opinion) -> Opinion:
        """By what the complaint scorer heard; where it heard nothing by the stars, or by how the text begins."""
        found: dict[str, Evidence] = {}
        for item in complaint.evidence:
            for place, weight in self._told.get(item.signal, ()):
                if weight >= SHOWN:
                    key = self._keys[place]
                    found.setdefault(key, self._quoted(key, words, (item.start, item.end)))
        if found:
            return self._named(list(found.values())[:MOST])
        rating = mention.rating
        if rating:
            told = f"{rating.stars:g} of {rating.scale:g} stars"
            return self._named([Evidence(self._sole, told)])
        return self._named([self._quoted(self._sole, words, quote.beginning(words))] if words.strip() else [])

    def _quoted(self, key: str, words: str, span: tuple[int, int]) -> Evidence:
        start, end = quote.around(words, *span)
        return Evidence(key, words[start:end], start, end)

    def _named(self, evidence: Iterable[Evidence]) -> Opinion:
        found = tuple(evidence)
        return Opinion(self.name, self.version, signals=tuple(item.signal for item in found), evidence=found)


@cache
def settings() -> Mapping[str, Any]:
    """`expectations.toml` as read."""
    text = resources.files("monitor.scoring").joinpath("expectations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
