"""Where it went wrong: the expectations that were broken, and the sources and locations that complaints came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping

from monitor.core.comparing import Compared, counted
from monitor.core.digest import Against, Broken, Spot
from monitor.core.expectations import EXPECTATIONS, mask_of
from monitor.core.numbers import share
from monitor.core.recounting import Tally

SHOWN = 10
"""Sources, and locations: those with the most complaints."""
HOT_FROM = 5
"""Fewer complaints make no place hot."""


def complains(tally: Tally) -> bool:
    return tally.complaint


def broken_in(compared: Compared) -> tuple[Broken, ...]:
    """What complaints named, or usually name: most often first."""
    found = []
    for key in EXPECTATIONS:
        bit = mask_of([key])
        figure = compared.figure(lambda one, bit=bit: one.complaint and bool(one.broken & bit))  # type: ignore[misc]
        if figure.count or figure.usual:
            found.append(Broken(key, figure))
    return tuple(sorted(found, key=lambda one: (-one.figure.count, -(one.figure.usual or 0.0))))


def spots_in(compared: Compared, sources: Mapping[str, str]) -> tuple[Spot, ...]:
    """`sources`: of each feed."""
    by_source = _spots("source", compared, lambda one: sources.get(one.feed, one.feed))
    return by_source + _spots("location", compared, lambda one: one.location)


def _spots(kind: str, compared: Compared, name_of: Callable[[Tally], str]) -> tuple[Spot, ...]:
    here: defaultdict[str, list[Tally]] = defaultdict(list)
    for tally in compared.now:
        if name := name_of(tally):
            here[name].append(tally)
    size = {name: (counted(filter(complains, tallies)), counted(tallies)) for name, tallies in here.items()}
    worst = sorted(size, key=lambda name: (-size[name][0], -size[name][1], name))[:SHOWN]
    complaints, heard = (sum(one[n] for one in size.values()) for n in (0, 1))
    found = []
    for name in worst:
        ours, all_ours = size[name]
        figure = compared.where(lambda one, name=name: name_of(one) == name).figure(complains)  # type: ignore[misc]
        rate, others = share(ours, all_ours), share(complaints - ours, heard - all_ours)
        hot = (
            ours >= HOT_FROM
            and figure.against is Against.MORE
            and rate.enough
            and others.enough
            and rate.low is not None
            and rate.low > others.part / others.of
        )
        found.append(Spot(kind, name, all_ours, figure, rate, hot=hot))
    return tuple(found)
