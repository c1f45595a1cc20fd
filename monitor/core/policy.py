"""What the desk has agreed on: when it works, how quickly it answers, whom it reminds, and who is told next.

Spans are business time (`monitor.core.hours`), but for severities that run around the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from types import MappingProxyType

from monitor.core.hours import ALWAYS, Hours, Opening
from monitor.core.model import Case, Severity

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Target:
    """How long a case of one severity may take."""

    first_response: timedelta
    resolution: timedelta


@dataclass(frozen=True, slots=True)
class Reminders:
    unclaimed: timedelta = HOUR
    """Nobody took it: the channel is reminded, once."""
    idle: timedelta = 4 * HOUR
    """Claimed, and nothing happened: its owner is reminded."""
    release: timedelta | None = 4 * HOUR
    """After that reminder: it is anybody's again. None: never."""
    follow_up: timedelta = 16 * HOUR
    """The customer was told, and nothing happened since: its owner is reminded, again and again."""
    standing: timedelta = 24 * HOUR
    """It waits for the customer, or sleeps without an end: likewise."""
    promise_lead: timedelta = HOUR
    """Before a promise is due."""
    promise_grace: timedelta = 30 * MINUTE
    """After a promise was due it is broken."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder. Without people and channel the case's own channel is told."""

    name: str
    wait: timedelta
    """Until the next one is told; of the last one: until it is told again."""
    people: tuple[str, ...] = ()
    channel: str | None = None


RUNGS = (Rung("lead", 2 * HOUR), Rung("manager", 4 * HOUR), Rung("authority", 8 * HOUR))
STARTS: Mapping[str, int] = MappingProxyType(
    {
        "safety": 3,
        "discrimination": 3,
        "vulnerable_wronged": 2,
        "legal_threat": 2,
        "press_threat": 2,
        "vulnerable": 1,
        "ignored_twice": 1,
    }
)
"""At which rung a case begins that has such a reason; 0: with its owner, as any other."""


@dataclass(frozen=True, slots=True)
class Ladder:
    rungs: tuple[Rung, ...] = RUNGS
    starts: Mapping[str, int] = field(default_factory=lambda: STARTS)

    @property
    def top(self) -> int:
        return len(self.rungs)

    def wait(self, level: int) -> timedelta:
        """How long this level has before the ladder speaks again. Levels count from 1."""
        return self.rungs[level - 1].wait


NINE_TO_FIVE = Hours(UTC, tuple(Opening(day, 9 * 60, 17 * 60) for day in range(5)))
NIGHTS = Hours(UTC, tuple(Opening(day, 20 * 60, 32 * 60) for day in range(7)))
TARGETS: Mapping[Severity, Target] = MappingProxyType(
    {
        Severity.CRITICAL: Target(HOUR, 24 * HOUR),
        Severity.HIGH: Target(2 * HOUR, 16 * HOUR),
        Severity.MEDIUM: Target(4 * HOUR, 24 * HOUR),
        Severity.LOW: Target(8 * HOUR, 40 * HOUR),
    }
)


@dataclass(frozen=True, slots=True)
class Policy:
    hours: Hours = NINE_TO_FIVE
    quiet: Hours | None = NIGHTS
    """When nobody is reminded and nothing goes up the ladder, unless it is critical."""
    around_the_clock: frozenset[Severity] = frozenset({Severity.CRITICAL})
    """Severities for which business time never stands."""
    targets: Mapping[Severity, Target] = field(default_factory=lambda: TARGETS)
    soon: float = 0.75
    """From this share of a target on, its end is near."""
    reminders: Reminders = field(default_factory=Reminders)
    ladder: Ladder = field(default_factory=Ladder)

    def __post_init__(self) -> None:
        told = self.reminders
        spans = [getattr(told, name) for name in told.__slots__ if name != "release"]
        spans += [rung.wait for rung in self.ladder.rungs] + [told.release or MINUTE]
        spans += [span for one in self.targets.values() for span in (one.first_response, one.resolution)]
        if min(spans) < MINUTE:
            raise ValueError(
                "spans of the desk are a minute at least: what waits no time is said without end"
            )
        if not self.ladder.rungs:
            raise ValueError("the ladder has no rung: nobody would be told")
        if self.quiet is not None and self.quiet.endless:
            raise ValueError("it is quiet all week: nothing would ever go up the ladder")

    def hours_of(self, case: Case) -> Hours:
        """In which time the spans of this case pass."""
        return ALWAYS if case.severity in self.around_the_clock else self.hours
