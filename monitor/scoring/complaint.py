"""Is this a negative customer experience that a support team should answer?

Three opinions on the words are averaged as log-odds: two small trained models (`trained`), and rules that can be read
(`rules`), which also say what the customer tells. The stars come on top. Words in another language go to `foreign`.
Where to draw the line is for triage to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import exp
from typing import ClassVar

from monitor.core.model import Evidence, Mention, Opinion
from monitor.scoring import quote
from monitor.scoring.foreign import Foreign
from monitor.scoring.language import Language
from monitor.scoring.reading import beginning
from monitor.scoring.rules import CLEARLY_NONE, Rules, Told, is_praise
from monitor.scoring.stars import Stars, log_odds
from monitor.scoring.trained import Views, trained
from monitor.scoring.vader import Vader
from monitor.scoring.vocabulary import read

SHARES = {"lean": 0.5, "pieces": 0.3, "rules": 0.2}
"""How much each opinion on the words counts: about as a regression on texts held out of training has it."""
SLOPE, BIAS = 0.82, -0.207
"""Makes the average a probability: fitted on labelled posts that nothing was trained on (`training/calibrate.py`)."""
GRAVE = frozenset({"safety", "discrimination", "legal_threat"})
FLOOR = 0.5
"""Log-odds below which no English text falls that tells something grave: a wrong alarm costs a glance, a missed one
may cost a hand. Not where it says that it was put right."""
WORTH_SHOWING = 0.3
"""From this value on the words that weigh most are shown when no rule names any."""
WORDING = "wording"
NOTHING = "no words and no stars: nothing to judge"
NOT_ENGLISH = "the words are in another language ({}): judged by the stars alone"
NO_VIEW = "the words are in another language ({}) and there are no stars: not judged"


class Complaint:
    """`value` is how likely this is a complaint to answer, 0 to 1.

    `signals` are the keys of `cues.toml` that were heard, gravest first, and "praise" for the digest's good
    news; `evidence` holds the words, what speaks for a complaint before what speaks against. The value is None
    where nothing can be judged: no stars, and no words in a language that is known here.
    """

    name: ClassVar[str] = "complaint"
    version: ClassVar[str] = "trained-1"
    api: ClassVar[int] = 1
    uses: ClassVar[tuple[str, ...]] = ("vader", "stars", "language")
    """Whose opinions `weigh` wants."""

    def __init__(
        self,
        vader: Vader | None = None,
        stars: Stars | None = None,
        language: Language | None = None,
        names: Sequence[str] = (),
    ) -> None:
        """`names`: what the business is called; in languages other than English no cue is heard in them."""
        self._vader = vader or Vader()
        self._stars = stars or Stars()
        self._language = language or Language()
        self._rules = Rules()
        self._foreign = Foreign(names)

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        """An opinion on each mention, asking the other scorers itself."""
        language = self._language.score(mentions)
        vader = self._vader.weigh(mentions, {"language": language})
        return self.weigh(
            mentions, {"language": language, "stars": self._stars.score(mentions), "vader": vader}
        )

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """An opinion on each mention, from what the scorers in `uses` already said of the same mentions."""
        words = [mention.words for mention in mentions]
        languages = [opinion.label for opinion in heard["language"]]
        english = [
            place for place, label in enumerate(languages) if label in (None, "en") and words[place].strip()
        ]
        models = trained()
        texts = read([beginning(words[place]) for place in english])
        views = dict(zip(english, models.views(texts), strict=True))
        opinions = []
        for place, said in enumerate(words):
            stars = heard["stars"][place].value
            if place in views:
                opinions.append(self._english(said, views[place], heard["vader"][place].value, stars))
            else:
                opinions.append(self._otherwise(said, languages[place], stars))
        for number, place in enumerate(english):
            if (opinion := opinions[place]).evidence or (opinion.value or 0.0) < WORTH_SHOWING:
                continue
            start, end = models.telling(words[place], texts, number, quote.MOST)
            if end - start > quote.LONGEST:  # signs without spaces are one word
                start, end = quote.trimmed(words[place], start, end)
            if start < end:  # nothing was read of a text that begins with a page of blank lines
                shown = Evidence(WORDING, words[place][start:end], start, end)
                opinions[place] = replace(opinion, evidence=(shown,))
        return opinions

    def _english(self, words: str, views: Views, compound: float | None, stars: float | None) -> Opinion:
        told = self._rules.told(words, compound)
        value = _probability(odds_of(views, told) + log_odds(stars))
        signals = told.signals
        if value < CLEARLY_NONE and is_praise(told.heard, told.grieved, compound or 0.0, stars):
            signals = (*signals, "praise")
        return Opinion(self.name, self.version, value, None, signals, told.evidence)

    def _otherwise(self, words: str, language: str | None, stars: float | None) -> Opinion:
        """In another language by that language's cues; else by the stars alone, or not at all."""
        said = bool(words.strip()) and language is not None
        if said and (found := self._foreign.opinion(words, language or "", stars)):
            return replace(found, scorer=self.name, version=self.version)
        if stars is None:
            return Opinion(self.name, self.version, notes=(NO_VIEW.format(language) if said else NOTHING,))
        notes = (NOT_ENGLISH.format(language),) if said else ()
        value = _probability(log_odds(stars))
        signals = ("praise",) if value < CLEARLY_NONE and is_praise((), False, 0.0, stars) else ()
        return Opinion(self.name, self.version, value, None, signals, (), notes)


def odds_of(views: Views, told: Told) -> float:
    """Log-odds of a complaint from the words alone."""
    mean = SHARES["lean"] * views.lean + SHARES["pieces"] * views.pieces + SHARES["rules"] * told.odds
    odds = SLOPE * mean + BIAS
    grave = not GRAVE.isdisjoint(told.signals) and "resolved" not in told.signals
    return max(odds, FLOOR) if grave else odds


def _probability(odds: float) -> float:
    return 1 / (1 + exp(-max(-30.0, min(30.0, odds))))
