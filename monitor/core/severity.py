"""How bad a complaint is, by a table that a support lead can read aloud: docs/severity.md shows it.

The worst floor of the rules that hold is where it starts, their steps go up from there to high at most, and a
doubt takes some of it back. Only danger, discrimination and somebody vulnerable who was wronged are critical:
nothing else adds up to that. What the customer said before comes last. The same inputs always give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from monitor.core.model import UNREACHED, Case, Rating, Reach, Severity

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
class History:
    """What is known of a customer from before. `complaints` are the earlier ones, the first of all said at `since`.

    Those that were dismissed do not count: that one thing was no complaint says nothing of the next.
    """

    complaints: int = 0
    since: datetime | None = None
    regressed: bool = False
    """Their case was recovered, and a complaint has opened it again."""


NO_HISTORY = History()


class Weighed(NamedTuple):
    severity: Severity
    reasons: tuple[str, ...]
    """Weightiest first."""


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
_MUST_BE_SEEN = frozenset(rule.reason for rule in _GRAVE if rule.key != "famous")
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

_BY_SIGNAL = {rule.signal: rule for rule in RULES if rule.signal}
_ASKED = tuple(rule for rule in RULES if not rule.signal)
_PLACE = {rule.key: place for place, rule in enumerate(RULES)}

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
_OFTEN = COMPLAINED.split("{", maxsplit=1)[0]
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


def weigh(
    probability: float,
    signals: Iterable[str],
    rating: Rating | None = None,
    reach: Reach = UNREACHED,
    history: History = NO_HISTORY,
    *,
    words: bool = True,
    broken: Sequence[str] = (),
) -> Weighed:
    """How bad it is, and why. `probability` is that of being a complaint, 0 to 1; `words`: there are any; `broken`:
    the keys of broken expectations, most important first, which make a reason where there is no other."""
    facts = Facts(probability, frozenset(signals), rating, reach, words)
    held = holding(facts)
    reasons = [_told(rule, facts) for rule in held if rule.reason] or [_bare(broken)]
    floors = {rule.floor for rule in held}
    found = next((floor for floor in (CRITICAL, HIGH, MEDIUM) if floor in floors), LOW)
    found = _stepped(found, sum([rule.steps for rule in held]))
    if found is HIGH and UNSURE.holds(facts) and not any(rule.strong for rule in held):
        found = UNSURE.ceiling
        reasons.append(UNSURE.reason)
    if RESOLVED.holds(facts):
        found = _stepped(found, RESOLVED.steps)
        reasons.append(RESOLVED.reason)
    return remembering(Weighed(found, tuple(reasons)), history)


def _told(rule: Rule, facts: Facts) -> str:
    return rule.reason.format(facts) if "{" in rule.reason else rule.reason


def holding(facts: Facts) -> list[Rule]:
    """Those of `RULES` that hold, in their order."""
    heard = [_BY_SIGNAL[signal] for signal in facts.signals if signal in _BY_SIGNAL]
    asked = [rule for rule in _ASKED if rule.holds(facts)]
    return sorted(heard + asked, key=lambda rule: _PLACE[rule.key])


def remembering(found: Weighed, history: History) -> Weighed:
    """The same with what the customer said before: told first, unless something critical is."""
    if history is NO_HISTORY:
        return found
    severity, told = found.severity, []
    if history.regressed:
        severity = max(severity, HIGH, key=lambda one: one.rank)
        told.append(CAME_BACK)
    if history.complaints >= AGAIN:
        severity = _stepped(severity, 1)
        since = f" since {MONTHS[history.since.month - 1]} {history.since.year}" if history.since else ""
        told.append(COMPLAINED.format(history.complaints + 1) + since)
    if found.severity is CRITICAL:
        return Weighed(severity, (*found.reasons, *told))
    return Weighed(severity, (*told, *found.reasons))


def retold(reasons: Sequence[str], newer: Sequence[str]) -> tuple[str, ...]:
    """The reasons of a case, with what the `newer` ones say of the customer's past in place of what it said."""
    past = [why for why in newer if _of_the_past(why)]
    if not past:
        return tuple(reasons)
    return (*past, *(why for why in reasons if not _of_the_past(why)))


def graver(case: Case, severity: Severity | None, reasons: Sequence[str]) -> bool:
    """Is this so much worse than what was known of the case that people must look again? By its severity, from
    high on, or by a danger or a threat that was not there."""
    rank = (severity or LOW).rank
    return rank > max(case.severity.rank, MEDIUM.rank) or bool(unheard(case.reasons, reasons))


def unheard(known: Sequence[str], newer: Sequence[str]) -> tuple[str, ...]:
    """Those of the `newer` reasons that must be seen and are not `known`."""
    return tuple(why for why in newer if why in _MUST_BE_SEEN and why not in known)


def with_grave(reasons: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The reasons, and what must be seen of the others."""
    return (*reasons, *unheard(reasons, others))


def _bare(broken: Sequence[str]) -> str:
    known = next((WITH[key] for key in broken if key in WITH), None)
    return f"{BARE} with {known}" if known else BARE


def _of_the_past(reason: str) -> bool:
    return reason == CAME_BACK or reason.startswith(_OFTEN)


def _stepped(severity: Severity, steps: int) -> Severity:
    """Up to high, down to low; what is critical stays."""
    if severity is CRITICAL or not steps:
        return severity
    return (LOW, MEDIUM, HIGH)[max(0, min(2, severity.rank + steps))]
