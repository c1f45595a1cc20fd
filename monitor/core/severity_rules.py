"""The table of how bad a complaint is: each rule with its condition in words, its effect and its reason.

`monitor.core.severity` weighs by it; docs/severity.md shows it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.core.model import Rating, Reach, Severity

LOW, MEDIUM, HIGH, CRITICAL = Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL

SURE = 0.7
"""From this probability on a complaint is medium at least, and may add up to high."""
POOR = 0.3
"""Up to this value of a rating (two of five stars) it is a bad one; the lowest grade is 0."""
WIDE, FAMOUS, LIKED = 10_000, 100_000, 100
"""Followers, followers, likes."""
AGAIN = 2
"""Earlier complaints from which on repeating itself weighs."""
BARE = "reads as a bad experience"
"""The reason where no other is known. With what, the broken expectation tells, where one was found."""
WITH = {
    "respect": "how people are treated",
    "follow_through": "what was promised",
    "communication": "what they are told",
    "listening": "being heard",
    "promptness": "how long it takes",
    "alternatives": "the choices there are",
    "authority": "finding somebody who can decide",
    "clarity": "knowing what to expect",
    "expertise": "what the staff know",
    "advocacy": "the help they get",
    "reliability": "what they got",
    "fairness": "prices or charges",
}
PUT_RIGHT = "says it was put right"


@dataclass(frozen=True, slots=True)
class Facts:
    """What one post gives to go by."""

    probability: float
    signals: frozenset[str]
    rating: Rating | None
    reach: Reach
    words: bool

    @property
    def followers(self) -> int:
        return self.reach.followers or 0

    @property
    def likes(self) -> int:
        return self.reach.likes or 0

    @property
    def poor(self) -> bool:
        return self.rating is not None and self.rating.value <= POOR

    @property
    def worst(self) -> bool:
        """The lowest grade there is, and words with it."""
        return self.words and self.rating is not None and self.rating.value <= 0

    @property
    def wrongs(self) -> int:
        """How many things happened to the customer: opinions and threats are none."""
        return len(self.signals & WRONGS)


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table. `when` is its condition in words; a reason may name figures of the `Facts` (`{0}`)."""

    key: str
    when: str
    holds: Callable[[Facts], bool]
    reason: str = ""
    floor: Severity = LOW
    steps: int = 0
    ceiling: Severity = CRITICAL
    strong: bool = False
    """Stands also where it is not sure that it is a complaint."""
    signal: str = ""
    """Where hearing this one signal is all of the condition: the table is looked up by it."""

    @property
    def effect(self) -> str:
        """What it does to the severity, in words."""
        if self.floor is CRITICAL:
            return "critical"
        at_least = [f"{self.floor.value} at least"] if self.floor is not LOW else []
        at_most = [f"{self.ceiling.value} at most"] if self.ceiling is not CRITICAL else []
        steps = [f"one step {'up' if self.steps > 0 else 'down'}"] if self.steps else []
        return ", ".join([*at_least, *at_most, *steps]) or "none"


def _heard(key: str, reason: str, floor: Severity = LOW, steps: int = 0, *, strong: bool = False) -> Rule:
    """A rule that holds where the signal was heard."""
    return Rule(
        key,
        f"`{key}` was heard",
        lambda facts: key in facts.signals,
        reason,
        floor,
        steps,
        strong=strong,
        signal=key,
    )


_GRAVE = (
    _heard("safety", "somebody's safety is at stake", CRITICAL, strong=True),
    _heard("discrimination", "discrimination is alleged", CRITICAL, strong=True),
    Rule(
        "vulnerable_wronged",
        "`vulnerable` was heard, and something went wrong",
        lambda facts: "vulnerable" in facts.signals and facts.wrongs > 0,
        "a vulnerable customer was wronged",
        CRITICAL,
        strong=True,
    ),
    _heard("legal_threat", "threatens to go to law or to a regulator", HIGH, strong=True),
    _heard("press_threat", "threatens to tell the press or everybody", HIGH, strong=True),
    Rule(
        "vulnerable",
        "`vulnerable` was heard, and nothing that went wrong",
        lambda facts: "vulnerable" in facts.signals and not facts.wrongs,
        "a vulnerable customer is affected",
        HIGH,
        strong=True,
    ),
    Rule(
        "famous",
        f"{FAMOUS:,} or more follow the author",
        lambda facts: facts.followers >= FAMOUS,
        "{0.followers:,} people follow this author",
        HIGH,
        strong=True,
    ),
)
MUST_BE_SEEN = frozenset(rule.reason for rule in _GRAVE if rule.key != "famous")
_STRONG = (
    _heard("promised_no_call", "was promised a call or an answer that never came", steps=1, strong=True),
    _heard("repeat_contact", "it is not the first time", steps=1, strong=True),
    _heard("charged_twice", "was charged twice or wrongly", steps=1, strong=True),
    _heard("refund_refused", "wants money back and did not get it", steps=1, strong=True),
    _heard("competitor", "is leaving for a competitor", steps=1, strong=True),
)
_BAD = (
    _heard("still_waiting", "is still waiting", MEDIUM),
    _heard("no_response", "got no response", MEDIUM),
    _heard("on_hold", "was kept on hold, transferred or hung up on", MEDIUM),
    _heard("rude", "was treated rudely", MEDIUM),
)
_BAD_KEYS = frozenset(rule.key for rule in _BAD)
_HAPPENED = (
    _heard("not_received", "did not get what was ordered"),
    _heard("unhelpful", "was not helped"),
    _heard("not_working", "it does not work"),
    _heard("delayed", "it came late"),
    _heard("poor_quality", "it was of poor quality"),
)
_OPINIONS = (
    _heard("scam", "feels cheated"),
    _heard("price", "finds the price unfair"),
    _heard("warning", "warns others off"),
    _heard("dismay", "is angry or disappointed"),
)
_MORE = (
    Rule(
        "several",
        "two of: still waiting, no response, on hold, rude; or three things of any kind that went wrong",
        lambda facts: len(facts.signals & _BAD_KEYS) > 1 or facts.wrongs > 2,
        "several things went wrong together",
        steps=1,
    ),
    Rule(
        "worst_rating",
        "the lowest grade, with words",
        lambda facts: facts.worst,
        "rated it {0.rating.stars:g} of {0.rating.scale:g}",
        MEDIUM,
        steps=1,
    ),
    Rule(
        "poor_rating",
        "one or two of five stars (three tenths of the scale), if not that",
        lambda facts: facts.poor and not facts.worst,
        "rated it {0.rating.stars:g} of {0.rating.scale:g}",
        MEDIUM,
    ),
    Rule(
        "wide",
        f"{WIDE:,} or more follow the author, but fewer than {FAMOUS:,}",
        lambda facts: WIDE <= facts.followers < FAMOUS,
        "{0.followers:,} people follow this author",
        steps=1,
    ),
    Rule(
        "liked",
        f"{LIKED} or more like the post",
        lambda facts: facts.likes >= LIKED,
        "{0.likes:,} people like this post",
        steps=1,
    ),
    Rule(
        "sure",
        f"{SURE:g} or more likely to be a complaint",
        lambda facts: facts.probability >= SURE,
        "",
        MEDIUM,
    ),
)
WRONGS = frozenset(rule.key for rule in (*_STRONG, *_BAD, *_HAPPENED)) - {"competitor"}
"""Signals of something that went wrong. That somebody leaves, threatens or is angry tells not what."""

RULES = (*_GRAVE, *_STRONG, *_BAD, *_MORE, *_HAPPENED, *_OPINIONS)
"""In the order in which reasons are told."""

BY_SIGNAL = {rule.signal: rule for rule in RULES if rule.signal}
ASKED = tuple(rule for rule in RULES if not rule.signal)
PLACE = {rule.key: place for place, rule in enumerate(RULES)}

UNSURE = Rule(
    "unsure",
    f"less than {SURE:g} likely to be a complaint, and no rule holds that stands then too",
    lambda facts: facts.probability < SURE,
    "it may be no complaint at all",
    ceiling=MEDIUM,
)
RESOLVED = Rule(
    "resolved",
    "`resolved` was heard; what is critical stays so",
    lambda facts: "resolved" in facts.signals,
    PUT_RIGHT,
    steps=-1,
)
DOUBTS = (UNSURE, RESOLVED)

SILENT = {"ordeal": "its words (had to, was told, even though) stand in any story: they tell no reason"}
"""Grievances that are heard, but make no reason."""

CAME_BACK = "came back after being won back"
COMPLAINED = "has complained {} times"
OFTEN = COMPLAINED.split("{", maxsplit=1)[0]
PAST = (
    ("regressed", "the case was recovered, and this opened it again", "high at least", CAME_BACK),
    (
        "repeated",
        "the third complaint or a later one",
        "one step up",
        f"{COMPLAINED.format(3)} since May 2026",
    ),
)
"""What history does (key, when, effect, an example of its reason): after all else, and never to a critical one."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
