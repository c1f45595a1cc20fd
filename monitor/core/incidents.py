"""Spikes that have one reason are one incident: it opens, takes in what belongs to it, and ends by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.core.spikes import Watch

QUIET = timedelta(hours=4)
"""How long a series must be back to usual before its incident is over."""
LONGEST = timedelta(days=7)
"""What lasts longer has become the usual."""


SHARED = 0.5
"""Share of the fewer cases that two rises must have in common for one reason."""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that makes many customers complain. Its cases are those of the series `keys` since `started`."""

    id: int
    keys: tuple[str, ...]
    """The series that show it; the first was risen the most when it was noticed."""
    started: datetime
    """When the rise seems to have begun, by what customers said."""
    noticed: datetime
    risen: datetime
    """When it was last seen to be unusual."""
    count: int
    """Voices in the window that showed it."""
    usual: float
    """What is usual for that window."""
    hours: int
    also: tuple[str, ...] = ()
    """Series that rose with it, and by nothing but it."""
    ended: datetime | None = None
    told_by: str | None = None
    """The outbox row of its card."""


def cases_of(incident: Incident, watch: Watch, now: datetime) -> set[int]:
    return set[int]().union(*(watch.cases(key, incident.started, now) for key in incident.keys))


def step(known: Sequence[Incident], watch: Watch, now: datetime, quiet: timedelta = QUIET) -> list[Incident]:
    """The incidents as they are now: the known ones, which are open, brought up to date or ended; then new ones,
    with id 0.

    What has risen belongs to the running incident with which it shares half of the fewer cases. If it has not risen
    without the cases of those that run, they explain it, and it brings them nothing. All else is a new incident.
    """
    found = [_later(one, watch, now, quiet) for one in known]
    cases = {place: cases_of(one, watch, now) for place, one in enumerate(found) if one.ended is None}
    for rise in watch.look(now):
        shared = {
            place: len(rise.cases & theirs) / min(len(rise.cases), len(theirs))
            for place, theirs in cases.items()
        }
        place = max(shared, key=shared.__getitem__, default=-1)
        explained = set[int]().union(*cases.values())
        alone = watch.rise(rise.key, now, explained) if explained else rise
        if place >= 0 and (alone is None or shared[place] >= SHARED):
            found[place] = _joined(found[place], rise.key, brings=alone is not None, now=now)
        elif alone is not None:
            place = len(found)
            since, count, usual, hours = alone.since, alone.count, alone.usual, alone.hours
            found.append(Incident(0, (rise.key,), since, now, now, count, usual, hours))
        cases[place] = cases_of(found[place], watch, now)
    return found


def _joined(incident: Incident, key: str, *, brings: bool, now: datetime) -> Incident:
    if key in incident.keys:
        return replace(incident, risen=now)
    if brings:
        also = tuple(one for one in incident.also if one != key)
        return replace(incident, keys=(*incident.keys, key), also=also, risen=now)
    return incident if key in incident.also else replace(incident, also=(*incident.also, key))


def _later(incident: Incident, watch: Watch, now: datetime, quiet: timedelta) -> Incident:
    """An open incident is over once all of its series have been back to usual for long enough."""
    if not all(watch.back_to_usual(key, now) for key in incident.keys):
        incident = replace(incident, risen=now)
    if now - incident.risen >= quiet or now - incident.started >= LONGEST:
        return replace(incident, ended=incident.risen)
    return incident
