"""What the watch makes of a simulated year: heard post by post, looked at every ten minutes.

`python tests/simulated_listening.py 1 2 3` prints what was found in the years of these seeds, and `--sizes` how fast
a rise of which size is found.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from simulated_year import BEGIN, FEEDS, TrueIncident, Year, simulate

from monitor.collect.ingest import nearly_the_same
from monitor.core.incidents import Incident, cases_of, step
from monitor.core.series import Point, Words
from monitor.core.sketch import sketch_of
from monitor.core.spikes import Watch

TICK = timedelta(minutes=10)
BEFORE, AFTER = timedelta(minutes=30), timedelta(hours=6)
"""How far from a true incident a finding still belongs to it."""


@dataclass(frozen=True, slots=True)
class Findings:
    incidents: tuple[Incident, ...]
    delays: dict[str, timedelta]
    """From the start of each true incident, by kind, to the moment at which one of its series was found."""
    false_alarms: tuple[Incident, ...]


def points(year: Year) -> Iterator[Point]:
    """The complaints as the store would give them: one case a customer, and one for the same words."""
    cases: dict[tuple[str, str | None], int] = {}
    said: dict[int, tuple[str, int]] = {}
    words = Words()
    for number, post in enumerate(year.posts):
        if not post.verdict.is_complaint:
            continue
        mention = post.mention
        sketch = sketch_of(mention)
        point = Point(
            number,
            mention.published,
            post.heard,
            number,
            post.feed,
            mention.thread or mention.parent or mention.native_id,
            mention.repost,
            mention.place.location,
            mention.place.storefront,
            mention.place.version,
            tuple(one.signal for one in post.verdict.expectations),
            sketch.hashes if sketch else (),
        )
        customer = (mention.source, mention.author.key)
        own = cases.get(customer)
        first = words.of(point.said.timestamp(), point)
        copied = said.get(first) if first is not None else None
        if own is None and copied is not None and sketch and nearly_the_same(copied[0], sketch.words):
            yield replace(point, case_id=copied[1], hashes=())
            continue
        case = cases.setdefault(customer, number)
        if sketch is not None:
            said[number] = sketch.words, case
        yield replace(point, case_id=case)


def watched(year: Year) -> list[Incident]:
    """All incidents of the year as they were in the end."""
    return watched_points(list(points(year)))


def watched_points(heard: Sequence[Point]) -> list[Incident]:
    watch = Watch({feed.name: BEGIN for feed in FEEDS})
    now, running, ended = BEGIN, [], []
    place = 0
    while place < len(heard):
        now += TICK
        upto = place
        while upto < len(heard) and heard[upto].heard <= now:
            upto += 1
        if upto == place and not running:
            continue
        watch.add(heard[place:upto])
        place = upto
        found = step(running, watch, now)
        for incident in found:
            if incident.ended is not None:
                watch.leave_out(cases_of(incident, watch, now), incident.started, now)
        ended += [incident for incident in found if incident.ended is not None]
        running = [incident for incident in found if incident.ended is None]
    return sorted(ended + running, key=lambda incident: incident.noticed)


def is_of(incident: Incident, true: TrueIncident) -> bool:
    series = {*incident.keys, *(key.partition(":")[0] for key in incident.keys)}
    there = true.start - BEFORE <= incident.noticed <= true.end + AFTER
    return there and not series.isdisjoint(true.series)


def findings(year: Year) -> Findings:
    incidents = tuple(watched(year))
    delays = {}
    for true in year.truth.incidents:
        found = [incident.noticed - true.start for incident in incidents if is_of(incident, true)]
        if found:
            delays[true.kind] = min(found)
    false = [one for one in incidents if not any(is_of(one, true) for true in year.truth.incidents)]
    return Findings(incidents, delays, tuple(false))


SIZES = (4, 6, 8, 10, 15, 20, 30, 50)
"""Complaints an hour beside the usual."""


def delays_of_size(seed: int, size: int, feed: str = "social") -> list[timedelta | None]:
    """A year in which every fortnight `size` complaints an hour more name one expectation, for twelve hours from
    some hour of the day on: how long each takes to be found (None: it is not)."""
    rng = random.Random(seed * 1000 + size)
    year = simulate(seed)
    starts = [BEGIN + timedelta(days=day, hours=rng.uniform(0, 24)) for day in range(80, 350, 14)]
    more = []
    for start in starts:
        at = start
        while (at := at + timedelta(hours=rng.expovariate(size))) < start + timedelta(hours=12):
            heard = at + timedelta(minutes=rng.uniform(1, 6))
            number = 1_000_000 + len(more)
            more.append(Point(number, at, heard, number, feed, broken=("communication",)))
    incidents = watched_points(sorted([*points(year), *more], key=lambda point: point.heard))
    found = []
    for start in starts:
        noticed = [
            one.noticed - start
            for one in incidents
            if "expectation:communication" in one.keys and start <= one.noticed <= start + timedelta(hours=13)
        ]
        found.append(min(noticed, default=None))
    return found


def _sizes() -> None:
    for size in SIZES:
        delays = sorted((delay or timedelta.max) for seed in (1, 2) for delay in delays_of_size(seed, size))
        found = [delay for delay in delays if delay < timedelta.max]
        median = delays[len(delays) // 2]
        told = f"{median.total_seconds() / 60:.0f} min" if median < timedelta.max else "not found"
        print(f"{size:>3} an hour: {len(found)} of {len(delays)} found, median {told}", flush=True)


def _years(seeds: Sequence[int]) -> None:
    for seed in seeds:
        found = findings(simulate(seed))
        delays = ", ".join(
            f"{kind} {delay.total_seconds() / 60:.0f} min" for kind, delay in found.delays.items()
        )
        print(f"seed {seed}: {delays}; {len(found.false_alarms)} false alarms", flush=True)
        for one in found.false_alarms:
            keys = " ".join(one.keys)
            print(
                f"   {one.noticed:%Y-%m-%d %H:%M} {keys}: {one.count} in {one.hours} h, usual {one.usual:.2f}"
            )


if __name__ == "__main__":
    if sys.argv[1:] == ["--sizes"]:
        _sizes()
    else:
        _years([int(seed) for seed in sys.argv[1:]] or [1])
