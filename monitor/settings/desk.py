"""`[desk]` and `[[slack.routes]]`: when the desk works, how quickly it answers, who is told next, and where."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from monitor.core.hours import Hours, Opening
from monitor.core.model import Severity
from monitor.core.policy import (
    MINUTE,
    NIGHTS,
    NINE_TO_FIVE,
    RUNGS,
    STARTS,
    TARGETS,
    Ladder,
    Policy,
    Reminders,
    Rung,
    Target,
)
from monitor.core.routing import CONDITIONS, Route
from monitor.core.severity_rules import WITH
from monitor.settings.times import holidays, openings
from monitor.settings.values import Channel, NeededChannel, Person, Section, Span, Zone, at_least


def _open(week: tuple[Opening, ...]) -> tuple[Opening, ...]:
    if not week:
        raise ValueError('the desk is never open: write its hours, or "always"')
    return week


def _loud(week: tuple[Opening, ...]) -> tuple[Opening, ...]:
    if week and Hours(NIGHTS.zone, week).endless:
        raise ValueError("it would be quiet all week, and nothing would ever go up the ladder")
    return week


def _or_never(wait: timedelta) -> timedelta:
    if NEVER < wait < MINUTE:
        raise ValueError(f"must be at least {MINUTE.total_seconds():g}s, or 0 for never")
    return wait


def _several(told: Any) -> Any:
    """One value may stand without its brackets."""
    return (told,) if isinstance(told, str) else told


def _expectation(key: str) -> str:
    if key not in WITH:
        raise ValueError(f"{key!r} is no expectation: they are {', '.join(WITH)}")
    return key


def _language(code: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", code):
        raise ValueError(f"{code!r} is no language code: write two small letters, such as en")
    return code


Week = Annotated[tuple[Opening, ...], BeforeValidator(openings)]
Days = Annotated[frozenset[date], BeforeValidator(holidays)]
Wait = Annotated[Span, at_least(MINUTE)]
Values = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_several)]
Start = Annotated[int, Field(strict=True, ge=0, le=10)]
REMINDERS = Reminders()
NEVER = timedelta()


class FirstResponse(Section):
    critical: Wait = TARGETS[Severity.CRITICAL].first_response
    high: Wait = TARGETS[Severity.HIGH].first_response
    medium: Wait = TARGETS[Severity.MEDIUM].first_response
    low: Wait = TARGETS[Severity.LOW].first_response


class Resolution(Section):
    critical: Wait = TARGETS[Severity.CRITICAL].resolution
    high: Wait = TARGETS[Severity.HIGH].resolution
    medium: Wait = TARGETS[Severity.MEDIUM].resolution
    low: Wait = TARGETS[Severity.LOW].resolution


class Starts(Section):
    safety: Start = STARTS["safety"]
    discrimination: Start = STARTS["discrimination"]
    vulnerable_wronged: Start = STARTS["vulnerable_wronged"]
    legal_threat: Start = STARTS["legal_threat"]
    press_threat: Start = STARTS["press_threat"]
    vulnerable: Start = STARTS["vulnerable"]
    ignored_twice: Start = STARTS["ignored_twice"]


class RungSection(Section):
    """One `[[desk.ladder]]`, the nearest to the owner first."""

    name: str = Field(min_length=1, max_length=40, description="How people call it.")
    wait: Wait = Field(
        timedelta(hours=4),
        description="Business time until the next is told; of the last: until it is told again.",
    )
    people: Annotated[tuple[Person, ...], BeforeValidator(_several)] = Field(
        (), description="Member IDs of those who are named."
    )
    channel: Channel = Field(None, description="Where it is told; default: the case's channel.")

    def value(self) -> Rung:
        return Rung(self.name, self.wait, self.people, self.channel)


def _rungs(ladder: tuple[RungSection, ...]) -> tuple[RungSection, ...]:
    if not ladder:
        raise ValueError(
            "nobody would be told: leave it out for lead, manager and authority, or write one table"
        )
    return ladder


class RouteSection(Section):
    """One `[[slack.routes]]`. Each condition is one value or a list; of a list any will do."""

    channel: NeededChannel = Field(description="ID of the channel.")
    source: Values = Field((), description="The kind of source, such as appstore.")
    place: Values = Field((), description="Location or storefront, as the source tells it.")
    severity: Annotated[tuple[Severity, ...], BeforeValidator(_several)] = Field(
        (), description="low, medium, high or critical."
    )
    expectation: Annotated[
        tuple[Annotated[str, AfterValidator(_expectation)], ...], BeforeValidator(_several)
    ] = Field((), description="Which expectation was broken, such as respect.")
    language: Annotated[tuple[Annotated[str, AfterValidator(_language)], ...], BeforeValidator(_several)] = (
        Field((), description="Two letters, such as de.")
    )
    business: Values = Field((), description="The name of the business.")

    @model_validator(mode="after")
    def _asks(self) -> Self:
        if not self.value().asks:
            raise ValueError(
                f"this route asks for nothing, and would take every case: set one of {', '.join(CONDITIONS)}. "
                "The channel for all others is slack.channel"
            )
        return self

    def value(self) -> Route:
        return Route(**{key: getattr(self, key) for key in ("channel", *CONDITIONS)})


class DeskSection(Section):
    playbooks: Path | None = Field(None, description="TOML file with starting texts of your own.")
    timezone: Zone | None = Field(None, description="Where the desk is; default: business.timezone.")
    hours: Annotated[Week, AfterValidator(_open)] = Field(
        NINE_TO_FIVE.openings, description='When it works: lines of days and times, or "always".'
    )
    holidays: Days = Field(frozenset(), description="Days, and ranges of days, on which it does not open.")
    around_the_clock: Annotated[tuple[Severity, ...], BeforeValidator(_several)] = Field(
        (Severity.CRITICAL,), description="Severities whose clocks run outside of the hours too."
    )
    first_response: FirstResponse = Field(
        FirstResponse(), description="By severity: until the customer is told something."
    )
    resolution: Resolution = Field(Resolution(), description="By severity: until the case is closed.")
    soon: int = Field(
        75, strict=True, ge=1, le=100, description="Percent of a target from which its end is near."
    )
    unclaimed_after: Wait = Field(REMINDERS.unclaimed, description="Nobody took it: the channel is reminded.")
    idle_after: Wait = Field(
        REMINDERS.idle, description="Claimed and nothing happened: its owner is reminded."
    )
    release_after: Annotated[Span, AfterValidator(_or_never)] = Field(
        REMINDERS.release or NEVER, description="After that reminder it is anybody's again; 0: never."
    )
    follow_up_after: Wait = Field(
        REMINDERS.follow_up,
        description="The customer was told and nothing happened since: the owner is reminded.",
    )
    standing_after: Wait = Field(
        REMINDERS.standing, description="It waits or sleeps without an end: the owner is reminded."
    )
    promise_lead: Wait = Field(
        REMINDERS.promise_lead, description="How long before its time a promise calls."
    )
    promise_grace: Wait = Field(REMINDERS.promise_grace, description="How long after its time it is broken.")
    quiet: Annotated[Week, AfterValidator(_loud)] = Field(
        NIGHTS.openings, description="When nothing but the critical is said; [] for never."
    )
    starts: Starts = Field(Starts(), description="By reason: on which rung of the ladder a case begins.")
    ladder: Annotated[tuple[RungSection, ...], AfterValidator(_rungs)] = Field(
        tuple(RungSection(name=one.name, wait=one.wait) for one in RUNGS),
        description="Who is told beyond the owner, one after the other.",
    )

    def policy(self, timezone: str) -> Policy:
        """As the core takes it. `timezone`: of the business, where the desk has none of its own."""
        zone = ZoneInfo(self.timezone or timezone)
        return Policy(
            hours=Hours(zone, self.hours, self.holidays),
            quiet=Hours(zone, self.quiet) if self.quiet else None,
            around_the_clock=frozenset(self.around_the_clock),
            targets={
                one: Target(getattr(self.first_response, one.value), getattr(self.resolution, one.value))
                for one in Severity
            },
            soon=self.soon / 100,
            reminders=Reminders(
                unclaimed=self.unclaimed_after,
                idle=self.idle_after,
                release=self.release_after or None,
                follow_up=self.follow_up_after,
                standing=self.standing_after,
                promise_lead=self.promise_lead,
                promise_grace=self.promise_grace,
            ),
            ladder=Ladder(tuple(one.value() for one in self.ladder), self.starts.model_dump()),
        )
