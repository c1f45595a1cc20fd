"""How bad a complaint is, by a table that a support lead can read aloud: docs/severity.md shows it.

The worst floor of the rules that hold is where it starts, their steps go up from there to high at most, and a
doubt takes some of it back. Only danger, discrimination and somebody vulnerable who was wronged are critical:
nothing else adds up to that. What the customer said before comes last. The same inputs always give the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from monitor.core.model import UNREACHED, Case, Rating, Reach, Severity
from monitor.core.severity_rules import (
    AGAIN,
    ASKED,
    BARE,
    BY_SIGNAL,
    CAME_BACK,
    COMPLAINED,
    CRITICAL,
    HIGH,
    LOW,
    MEDIUM,
    MONTHS,
    MUST_BE_SEEN,
    OFTEN,
    PLACE,
    RESOLVED,
    UNSURE,
    WITH,
    Facts,
    Rule,
)

_TOLD = re.compile(COMPLAINED.format(r"(\d{1,9})") + r"(?: since ([A-Z][a-z]+) (\d{4}))?")
"""How often, and since when, as a reason tells it."""


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
    heard = [BY_SIGNAL[signal] for signal in facts.signals if signal in BY_SIGNAL]
    asked = [rule for rule in ASKED if rule.holds(facts)]
    return sorted(heard + asked, key=lambda rule: PLACE[rule.key])


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


def history_told(reasons: Sequence[str]) -> History:
    """What the reasons of a verdict tell of its customer's past, as `remembering` put it."""
    told = next((found for why in reasons if (found := _TOLD.fullmatch(why))), None)
    since: datetime | None = None
    if told is not None and told[2] in MONTHS:
        since = datetime(int(told[3]), MONTHS.index(told[2]) + 1, 1, tzinfo=UTC)
    return History(int(told[1]) - 1 if told else 0, since, CAME_BACK in reasons)


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
    return tuple(why for why in newer if why in MUST_BE_SEEN and why not in known)


def with_grave(reasons: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """The reasons, and what must be seen of the others."""
    return (*reasons, *unheard(reasons, others))


def _bare(broken: Sequence[str]) -> str:
    known = next((WITH[key] for key in broken if key in WITH), None)
    return f"{BARE} with {known}" if known else BARE


def _of_the_past(reason: str) -> bool:
    return reason == CAME_BACK or reason.startswith(OFTEN)


def _stepped(severity: Severity, steps: int) -> Severity:
    """Up to high, down to low; what is critical stays."""
    if severity is CRITICAL or not steps:
        return severity
    return (LOW, MEDIUM, HIGH)[max(0, min(2, severity.rank + steps))]
