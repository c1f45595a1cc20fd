"""What a customer tells, by rules that can be read (`cues.toml`): signals, the words they stand in, and log-odds.

Somebody was promised a call that never came: VADER finds "promised" pleasant, the cue does not.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from monitor.core.model import Evidence
from monitor.scoring.cues import Hit, cues, settings

MOST_EVIDENCE = 12
REPEAT = 0.25
"""What each further hit of one signal adds, as a share of the first."""
MOST_REPEATED = 2.0
TURNED = {"grievance": "denied", "raise": "denied", "praise": "unmet", "damp": "unmet"}
"""What a signal becomes behind a negator: "not slow" denies a grievance, "not helpful" is praise unmet."""
PRAISING = frozenset({"praise", "content"})
CLEARLY_NONE = 0.3
"""Below this value a mention may count as praise."""
PRAISE_STARS, PRAISE_WARMTH, THANKS_WARMTH = 0.9, 0.5, 0.75


class Told(NamedTuple):
    """What the rules make of one text."""

    odds: float
    """Log-odds of a complaint, without the stars."""
    signals: tuple[str, ...]
    """Keys of `cues.toml`, gravest first; "praise" is left to `is_praise`."""
    evidence: tuple[Evidence, ...]
    grieved: bool
    heard: Collection[str]


class Rules:
    """Immutable, so threads may share it."""

    def __init__(self) -> None:
        table: Mapping[str, Any] = settings()
        self._bias = float(table["bias"])
        self._silent = float(table["silent"])
        self._negative = float(table["sentiment"]["negative"])
        self._positive = float(table["sentiment"]["positive"])
        self._turned = {key: float(weight) for key, weight in table["turned"].items()}
        against = {signal.key for signal in cues().signals if signal.kind in ("grievance", "raise")}
        self._against = frozenset({*against, "unmet"})

    def told(self, words: str, compound: float | None) -> Told:
        """`compound` is VADER's figure for the same words, -1 to 1."""
        weights, firsts = self._weighed(cues().heard(words))
        mood = compound or 0.0
        odds = self._bias + sum(weights.values()) - mood * (self._negative if mood < 0 else -self._positive)
        grieved = not self._against.isdisjoint(weights)
        if not grieved and mood >= 0:
            odds += self._silent
        if not firsts:
            return Told(odds, (), (), grieved, ())
        signals = [key for key in sorted(firsts, key=weights.__getitem__, reverse=True) if key != "praise"]
        evidence = [
            Evidence(signal.key, words[start:end], start, end)
            for signal, start, end, _ in sorted(firsts.values(), key=_weight, reverse=True)[:MOST_EVIDENCE]
        ]
        return Told(odds, tuple(signals), tuple(evidence), grieved, firsts.keys())

    def _weighed(self, hits: list[Hit]) -> tuple[dict[str, float], dict[str, Hit]]:
        """What each signal adds in log-odds, and its first hit. Turned signals weigh, but are not shown."""
        weights: dict[str, float] = {}
        firsts: dict[str, Hit] = {}
        for hit in hits:
            signal = hit.signal
            key, weight = signal.key, signal.weight
            if hit.turned:
                key = TURNED[signal.kind]
                weight = self._turned[key]
            else:
                firsts.setdefault(key, hit)
            so_far = weights.get(key)
            if so_far is None:
                weights[key] = weight
            else:
                weights[key] = repeated(so_far, weight)
        return weights, firsts


def repeated(so_far: float, weight: float) -> float:
    """What a signal adds when it is heard once more: a share of the first time, up to a limit."""
    return so_far + REPEAT * weight if abs(so_far) < MOST_REPEATED * abs(weight) else so_far


def _weight(hit: Hit) -> float:
    return hit.signal.weight


def is_praise(heard: Collection[str], grieved: bool, warmth: float, stars: float | None) -> bool:
    """Good news worth telling the team: the best stars, or words of praise that are meant warmly.

    A friendly tone alone is none: half of it stands in questions and in complaints made politely. Thanks are
    praise when the rest is warm too.
    """
    if stars is not None:
        return stars >= PRAISE_STARS
    needed = PRAISE_WARMTH if not PRAISING.isdisjoint(heard) else THANKS_WARMTH if "thanks" in heard else None
    return needed is not None and not grieved and warmth >= needed
