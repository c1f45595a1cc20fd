"""Is this a negative customer experience that a support team should answer? By rules that can be read.

What a customer tells (`cues.toml`), VADER's figure and the stars are weighed together as log-odds. Somebody was
promised a call that never came: VADER finds "promised" pleasant, the cue does not. A trained judge will take
this module's place behind the same `score` and `weigh`; where to draw the line is for triage to say.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import exp
from typing import Any, ClassVar

from monitor.core.model import Evidence, Mention, Opinion
from monitor.scoring.cues import Hit, cues, settings
from monitor.scoring.foreign import Foreign
from monitor.scoring.language import Language
from monitor.scoring.stars import Stars
from monitor.scoring.vader import Vader

MOST_EVIDENCE = 12
REPEAT = 0.25
"""What each further hit of one signal adds, as a share of the first."""
MOST_REPEATED = 2.0
TURNED = {"grievance": "denied", "raise": "denied", "praise": "unmet", "damp": "unmet"}
"""What a signal becomes behind a negator: "not slow" denies a grievance, "not helpful" is praise unmet."""
CLEARLY_NONE = 0.3
"""Below this value a mention may count as praise."""
PRAISING = frozenset({"praise", "content"})
PRAISE_STARS, PRAISE_WARMTH, THANKS_WARMTH = 0.9, 0.5, 0.75
NOT_ENGLISH = "the words are in another language ({}): judged by the stars alone"
NO_VIEW = "the words are in another language ({}) and there are no stars: not judged"


class Complaint:
    """`value` is how likely this is a complaint to answer, 0 to 1; .5 is where flagging it pays most evenly.

    `signals` are the keys of `cues.toml` that were heard, gravest first, and "praise" for the digest's good
    news; `evidence` holds the words, what speaks for a complaint before what speaks against. The value is None
    where nothing can be judged: no stars, and words in a language that is not built in (`foreign.py` has those
    that are, besides English).
    """

    name: ClassVar[str] = "complaint"
    version: ClassVar[str] = "rules-1"
    api: ClassVar[int] = 1
    uses: ClassVar[tuple[str, ...]] = ("vader", "stars", "language")
    """Whose opinions `weigh` wants."""

    def __init__(
        self, vader: Vader | None = None, stars: Stars | None = None, language: Language | None = None
    ) -> None:
        self._vader = vader or Vader()
        self._stars = stars or Stars()
        self._language = language or Language()
        self._foreign = Foreign()
        table: Mapping[str, Any] = settings()
        self._bias = float(table["bias"])
        self._silent = float(table["silent"])
        self._negative = float(table["sentiment"]["negative"])
        self._positive = float(table["sentiment"]["positive"])
        self._points = [(float(at), float(weight)) for at, weight in table["stars"]["points"]]
        self._turned = {key: float(weight) for key, weight in table["turned"].items()}

        against = {signal.key for signal in cues().signals if signal.kind in ("grievance", "raise")}
        self._against = frozenset({*against, "unmet"})

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        """An opinion on each mention, asking the other scorers itself."""
        language = self._language.score(mentions)
        return self.weigh(
            mentions,
            {
                "language": language,
                "stars": self._stars.score(mentions),
                "vader": self._vader.weigh(mentions, {"language": language}),
            },
        )

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """An opinion on each mention, from what the scorers in `uses` already said of the same mentions."""
        return [
            self._opinion(mention, vader.value, stars.value, language.label)
            for mention, vader, stars, language in zip(
                mentions, heard["vader"], heard["stars"], heard["language"], strict=True
            )
        ]

    def _opinion(
        self, mention: Mention, compound: float | None, stars: float | None, language: str | None
    ) -> Opinion:
        english = language is None or language == "en"
        if not english and (found := self._foreign.opinion(mention.words, language or "", stars)):
            return replace(found, scorer=self.name, version=self.version)
        if not english and stars is None:
            return Opinion(self.name, self.version, notes=(NO_VIEW.format(language),))
        words = mention.words
        hits = cues().heard(words) if english else []
        weights, firsts = self._weighed(hits)
        odds = self._bias + sum(weights.values()) + self._sentiment(compound) + self._rating(stars)
        grieved = not self._against.isdisjoint(weights)
        if not grieved and stars is None and (compound or 0.0) >= 0:
            odds += self._silent
        value = 1 / (1 + exp(-odds))
        signals = sorted(firsts, key=lambda key: -weights[key])
        signals = [key for key in signals if key != "praise"]
        if value < CLEARLY_NONE and _is_praise(firsts.keys(), grieved, compound or 0.0, stars):
            signals.append("praise")
        evidence = tuple(
            Evidence(hit.signal.key, words[hit.start : hit.end], hit.start, hit.end)
            for hit in sorted(firsts.values(), key=lambda hit: -hit.signal.weight)[:MOST_EVIDENCE]
        )
        notes = () if english else (NOT_ENGLISH.format(language),)
        return Opinion(self.name, self.version, value, None, tuple(signals), evidence, notes)

    def _weighed(self, hits: Sequence[Hit]) -> tuple[dict[str, float], dict[str, Hit]]:
        """What each signal adds in log-odds, and its first hit. Turned signals weigh, but are not shown."""
        weights: dict[str, float] = {}
        firsts: dict[str, Hit] = {}
        for hit in hits:
            key, weight = hit.signal.key, hit.signal.weight
            if hit.turned:
                key = TURNED[hit.signal.kind]
                weight = self._turned[key]
            else:
                firsts.setdefault(key, hit)
            so_far = weights.get(key)
            if so_far is None:
                weights[key] = weight
            elif abs(so_far) < MOST_REPEATED * abs(weight):
                weights[key] = so_far + REPEAT * weight
        return weights, firsts

    def _sentiment(self, compound: float | None) -> float:
        if compound is None:
            return 0.0
        return -compound * self._negative if compound < 0 else compound * self._positive

    def _rating(self, stars: float | None) -> float:
        if stars is None:
            return 0.0
        for (left, low), (right, high) in pairwise(self._points):
            if stars <= right:
                return low + (high - low) * (stars - left) / (right - left)
        return self._points[-1][1]


def _is_praise(heard: Collection[str], grieved: bool, warmth: float, stars: float | None) -> bool:
    """Good news worth telling the team: the best stars, or words of praise that are meant warmly.

    A friendly tone alone is none: half of it stands in questions and in complaints made politely. Thanks are
    praise when the rest is warm too.
    """
    if stars is not None:
        return stars >= PRAISE_STARS
    needed = PRAISE_WARMTH if not PRAISING.isdisjoint(heard) else THANKS_WARMTH if "thanks" in heard else None
    return needed is not None and not grieved and warmth >= needed
