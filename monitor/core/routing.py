"""Which channel a case goes to: the first route that fits, else the fallback; and why it went there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from monitor.core.model import Business, Mention, Severity, Verdict

CONDITIONS = ("source", "place", "severity", "expectation", "language", "business")
"""What a route may ask for, in the order in which reasons are told."""


NOBODYS = Business("")


@dataclass(frozen=True, slots=True)
class Route:
    """A channel, and what a case must have to go there: of each condition that is set, one of its values.

    Upper and lower case are the same. A route that asks for nothing fits every case.
    """

    channel: str
    source: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    expectation: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    business: tuple[str, ...] = ()

    @property
    def asks(self) -> dict[str, tuple[str, ...]]:
        """The conditions that are set."""
        return {key: told for key in CONDITIONS if (told := getattr(self, key))}


class Routed(NamedTuple):
    channel: str | None
    route: int | None
    """Which one, counted from 1; None: the fallback."""
    reasons: tuple[str, ...]


Facts = Mapping[str, tuple[str, ...]]
"""What a case has, by condition: often one value, none where nothing is known."""


def facts_of(
    mention: Mention, verdict: Verdict, business: Business, severity: Severity | None = None
) -> Facts:
    """What routes go by. `severity` is that of the case, where it is worse than its mention."""
    place, worst = mention.place, severity or verdict.severity
    language = verdict.language or mention.language
    return {
        "source": (mention.source,),
        "place": tuple(known for known in (place.location, place.storefront) if known),
        "severity": (worst.value,) if worst else (),
        "expectation": tuple(dict.fromkeys(broken.signal for broken in verdict.expectations)),
        "language": (language,) if language else (),
        "business": (business.name, business.key),
    }


@dataclass(frozen=True, slots=True)
class Routing:
    """Where the cards of one business go: the first of the routes that fits, else `fallback`."""

    fallback: str
    """A destination, as the outbox names them: `console`, or `slack:<channel>`."""
    routes: tuple[Route, ...] = ()
    business: Business = NOBODYS

    @property
    def destinations(self) -> tuple[str, ...]:
        """All in use, the fallback first."""
        return tuple(dict.fromkeys((self.fallback, *(f"slack:{one.channel}" for one in self.routes))))

    def of(self, mention: Mention, verdict: Verdict, severity: Severity | None = None) -> Routed:
        """Which route fits, and why. `severity` is that of the case, where it is worse than its mention."""
        facts = facts_of(mention, verdict, self.business, severity)
        return route(facts, self.routes, self.fallback.partition(":")[2] or None)

    def destination(self, mention: Mention, verdict: Verdict, severity: Severity | None = None) -> str:
        if not self.routes:  # most businesses have one channel
            return self.fallback
        found = self.of(mention, verdict, severity)
        return self.fallback if found.route is None else f"slack:{found.channel}"


def route(facts: Facts, routes: Sequence[Route], fallback: str | None) -> Routed:
    """Where a case with these facts goes. `fallback` None: there is no channel at all."""
    for number, one in enumerate(routes, 1):
        met = [_met(key, told, facts.get(key, ())) for key, told in one.asks.items()]
        if all(met):
            return Routed(one.channel, number, tuple(why for why in met if why) or ("it takes every case",))
    why = (
        "no route fits, so it goes to slack.channel"
        if routes
        else "there are no routes: all goes to slack.channel"
    )
    return Routed(fallback, None, (why,))


def _met(key: str, told: Sequence[str], has: Sequence[str]) -> str | None:
    """In words, or None where the condition is not met."""
    wanted = {value.strip().casefold() for value in told}
    found = next((value for value in has if value.strip().casefold() in wanted), None)
    return None if found is None else f"{key} is {found}"
