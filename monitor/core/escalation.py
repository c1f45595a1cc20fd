"""Who must know of a case beyond its owner, and from when on: the ladder.

A case climbs one rung when a clock is overdue, and one more each time a rung has had its wait; a broken promise takes
it up at once. Some begin higher. At the end of the ladder the last rung is told again and again: it never falls
silent while a clock is overdue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from monitor.core.clocks import Running
from monitor.core.duties import Escalate
from monitor.core.model import Case, Promise
from monitor.core.policy import Ladder, Policy
from monitor.core.reminders import Planned, latest
from monitor.core.severity_rules import COMPLAINED, RULES

BROKEN, FIRST_RESPONSE, RESOLUTION = "broken_promise", "first_response", "resolution"
IGNORED = "ignored_twice"
UNHEARD = frozenset({"promised_no_call", "no_response", "repeat_contact"})
"""What somebody tells who was ignored: two of them, and it happened twice."""

_KEYS = {rule.reason: rule.key for rule in RULES if rule.reason and "{" not in rule.reason}
_REPEATED = COMPLAINED.split("{", maxsplit=1)[0]


def heard_of(case: Case) -> frozenset[str]:
    """The keys of the severity table that its reasons stand for, and `ignored_twice`."""
    keys = {_KEYS[why] for why in case.reasons if why in _KEYS}
    if len(keys & UNHEARD) > 1 or any(why.startswith(_REPEATED) for why in case.reasons):
        keys.add(IGNORED)
    return frozenset(keys)


def start_of(case: Case, ladder: Ladder) -> tuple[int, tuple[str, ...]]:
    """At which rung the case begins, and because of what; 0: with its owner."""
    starts = {key: min(ladder.starts.get(key, 0), ladder.top) for key in sorted(heard_of(case))}
    level = max(starts.values(), default=0)
    return level, tuple(key for key, start in starts.items() if start == level) if level else ()


def escalations(
    case: Case, promises: Sequence[Promise], policy: Policy, runs: Running, overdue: Mapping[str, datetime]
) -> Iterator[Planned]:
    """`overdue`: when each clock that still runs is, or will be, overdue."""
    ladder = policy.ladder
    level = min(case.level, ladder.top)
    start, because = start_of(case, ladder)
    if level < start:
        # whoever puts danger off for a week has not seen it
        yield Planned(Escalate(case.opened, start, because, last=start == ladder.top), pauses=False)
        return
    broken = [
        one.ended
        for one in promises
        if one.outcome == "broken" and one.ended and (case.escalated is None or one.ended > case.escalated)
    ]
    if broken:
        yield Planned(_next(min(broken), level, (BROKEN,), ladder), pauses=False)
    if overdue:
        first = min(overdue.values())
        at = _after_wait(case, level, ladder, runs, first)
        if at is not None:
            why = tuple(key for key, due in overdue.items() if due <= at)
            yield Planned(_next(at, level, why, ladder))


def _after_wait(case: Case, level: int, ladder: Ladder, runs: Running, overdue: datetime) -> datetime | None:
    if level == 0 or case.escalated is None:
        return overdue
    waited = runs.add(case.escalated, ladder.wait(level))
    return None if waited is None else latest(overdue, waited)


def _next(at: datetime, level: int, why: tuple[str, ...], ladder: Ladder) -> Escalate:
    again = level >= ladder.top
    up = ladder.top if again else level + 1
    return Escalate(at, up, why, again=again, last=up == ladder.top and not again)
