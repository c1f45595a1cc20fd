"""Is a post in another language than English a complaint? By cue words, by the moods of words, and by the stars.

No text of these languages trained anything: what speaks for and against is written down in `languages/`, and
weighed as log-odds by a handful of figures that all languages share. The judge of English never sees these texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import islice
from math import exp
from typing import ClassVar, NamedTuple

from monitor.core.model import Evidence, Opinion
from monitor.scoring.folding import Folded
from monitor.scoring.lexicon import BUILT_IN, Heard, Lexicon, Listening, common, lexicon
from monitor.scoring.proper import Proper
from monitor.scoring.rules import CLEARLY_NONE, MOST_EVIDENCE, repeated
from monitor.scoring.spaced import Spaced
from monitor.scoring.stars import log_odds
from monitor.scoring.unspaced import Unspaced

LANGUAGES = frozenset(BUILT_IN)
"""The languages judged here, as ISO 639-1 codes."""

MOST_READ = 6_000
"""Characters that are judged, from the beginning: a thousand words, and no text takes longer than 50 ms."""
CUT = "judged on the first {} of {} characters"
GRIEVANCES = frozenset({"strong", "negative", "raise"})
PRAISES = frozenset({"praise", "content", "thanks"})
UNMET_KINDS = PRAISES | {"resolved"}
"""What speaks for a complaint when it is negated: "not good", "never put right"."""
TOLD = {"resolved", "thanks", "wish"}
"""Signals worth telling beside the grievances."""
UNMET = "dismay"
"""The signal of praise that was negated, and of words that are bad but no cue."""


class Reading(NamedTuple):
    """What became of one text: an opinion, and the expectations broken, most important first, with the words."""

    opinion: Opinion
    expectations: tuple[Evidence, ...]


class Foreign:
    """`value` is how likely this is a complaint to answer, 0 to 1; .5 is where flagging it pays most evenly.

    Signals are those of `cues.toml`, gravest first, and "praise" where it is that instead.
    """

    name: ClassVar[str] = "foreign"
    version: ClassVar[str] = "cues-1"

    def __init__(self, names: Sequence[str] = ()) -> None:
        """`names`: what the business is called. No cue is heard in them."""
        self._proper = Proper(names)

    def opinion(self, words: str, language: str, stars: float | None = None) -> Opinion | None:
        """What is thought of `words`; None where `language` (ISO 639-1) is not built in.

        `stars` run from 0 (worst) to 1 (best). Evidence counts in `words` as given.
        """
        reading = self.read(words, language, stars)
        return reading.opinion if reading else None

    def read(self, words: str, language: str, stars: float | None = None) -> Reading | None:
        """The opinion, and which expectations were broken; None where `language` is not built in."""
        known = lexicon(language)
        if known is None:
            return None
        notes = (CUT.format(MOST_READ, len(words)),) if len(words) > MOST_READ else ()
        words = words[:MOST_READ]
        folded = known.fold(words)
        listening = self._heard(words, folded, known)
        weights = _weights(listening.cues)
        odds = common()["bias"] + sum(weights.values()) + _faces(words) + _mood(listening) + log_odds(stars)
        value = 1 / (1 + exp(-odds))
        grieved = _grievances(words, folded, listening)
        # of equals the first that is shown: a set's order is another in each process
        told = dict.fromkeys(item.signal for item in grieved)
        signals = sorted(told, key=lambda signal: -weights.get(signal, 0.0))
        kinds = {hit.group.kind for hit in listening.cues if not hit.turned}
        spoken = {hit.group.signal for hit in listening.cues if not hit.turned}
        signals.extend(sorted(spoken & TOLD))
        if value < CLEARLY_NONE and not (kinds & GRIEVANCES) and kinds & PRAISES:
            signals.append("praise")
        evidence = (*grieved, *_kind_words(words, folded, listening))[:MOST_EVIDENCE]
        opinion = Opinion(
            self.name, self.version, value, signals=tuple(signals), evidence=evidence, notes=notes
        )
        return Reading(opinion, _expectations(words, folded, listening))

    def _heard(self, words: str, folded: Folded, known: Lexicon) -> Listening:
        """What is heard in `words`; no cue in a name. A name's mood is left to it: it tells no reason."""
        listening = _ears(known.language).hear(folded.text)
        if not listening.cues:
            return listening
        spans = self._proper.spans(words, by_capitals=known.small_nouns)
        named = {place for start, end in spans for place in range(start, end)}
        cues = [
            hit
            for hit in listening.cues
            if hit.group.signal and not named.issuperset(range(*folded.span(hit.start, hit.end)))
        ]
        return listening._replace(cues=cues)


@cache
def _ears(language: str) -> Spaced | Unspaced:
    known = lexicon(language)
    assert known is not None
    return Spaced(known) if known.spaced else Unspaced(known)


def _weights(hits: Sequence[Heard]) -> dict[str, float]:
    """What each signal adds in log-odds; repeats add a share."""
    weights: dict[str, float] = {}
    for hit in hits:
        signal, weight = hit.group.signal, _weight(hit)
        if hit.turned:
            signal = "denied" if weight < 0 else "unmet"
        so_far = weights.get(signal)
        if so_far is None:
            weights[signal] = weight
        elif hit.group.kind != "contrast":
            weights[signal] = repeated(so_far, weight)
    return weights


def _weight(hit: Heard) -> float:
    table, kind = common(), hit.group.kind
    if hit.turned and kind in GRIEVANCES:
        return float(table["turned"]["denied"])
    if hit.turned and kind in UNMET_KINDS:
        return float(table["turned"]["unmet"])
    weight = float(table["weights"][kind])
    return weight * float(table["weak"]) if hit.weak else weight


def _mood(listening: Listening) -> float:
    """What the words that are no cues add, and each "not" that turned none."""
    table = common()
    most = float(table["moods"]["most"])
    mood = -float(table["moods"]["point"]) * sum(mood.value for mood in listening.moods)
    return max(-most, min(most, mood)) + float(table["denials"]) * min(3, len(listening.denials))


def _faces(words: str) -> float:
    """What emoji add: one weight for each mood among them."""
    table = common()["faces"]
    if words.isascii():
        return 0.0
    signs = set(words)
    weight = float(table["weight"])
    return weight * (not signs.isdisjoint(table["negative"])) - weight * (
        not signs.isdisjoint(table["positive"])
    )


def _grievances(words: str, folded: Folded, listening: Listening) -> list[Evidence]:
    """The words that speak for a complaint, heaviest first; each signal once."""
    firsts: dict[str, tuple[float, Evidence]] = {}

    def add(signal: str, weight: float, start: int, end: int) -> None:
        if signal not in firsts:
            start, end = folded.span(start, end)
            firsts[signal] = weight, Evidence(signal, words[start:end], start, end)

    for hit in listening.cues:
        grievance = hit.group.kind in GRIEVANCES
        if grievance and not hit.turned:
            add(hit.group.signal, _weight(hit), hit.start, hit.end)
        elif hit.turned and hit.group.kind in UNMET_KINDS:
            add(UNMET, _weight(hit), hit.start, hit.end)
    if not firsts:
        bad = [mood for mood in listening.moods if mood.value < 0]
        spans = [(mood.start, mood.end) for mood in sorted(bad, key=lambda mood: mood.value)]
        for start, end in [*spans, *listening.denials][:1]:
            add(UNMET, 0.0, start, end)
    if not firsts:
        faces = common()["faces"]["negative"]
        faced = (Evidence(UNMET, sign, at, at + 1) for at, sign in enumerate(words) if sign in faces)
        return [*islice(faced, 1)]
    return [item for _, item in sorted(firsts.values(), key=lambda it: -it[0])]


def _kind_words(words: str, folded: Folded, listening: Listening) -> list[Evidence]:
    """The words that speak against a complaint; each signal once."""
    firsts: dict[str, Evidence] = {}
    for hit in listening.cues:
        if hit.group.kind not in GRIEVANCES and hit.group.kind != "contrast" and not hit.turned:
            start, end = folded.span(hit.start, hit.end)
            firsts.setdefault(hit.group.signal, Evidence(hit.group.signal, words[start:end], start, end))
    return list(firsts.values())


def _expectations(words: str, folded: Folded, listening: Listening) -> tuple[Evidence, ...]:
    """Each expectation that a grievance stands for, by the weight of all its words, with the first of them."""
    weights: dict[str, float] = {}
    firsts: dict[str, Evidence] = {}
    for hit in listening.cues:
        unmet = hit.turned and hit.group.kind in UNMET_KINDS
        if unmet or (hit.group.kind in GRIEVANCES and not hit.turned):
            key = hit.group.expectation
            start, end = folded.span(hit.start, hit.end)
            weights[key] = weights.get(key, 0.0) + _weight(hit)
            firsts.setdefault(key, Evidence(key, words[start:end], start, end))
    return tuple(firsts[key] for key in sorted(firsts, key=lambda key: -weights[key]))
