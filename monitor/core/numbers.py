"""Figures that say how far they can be trusted: shares with their interval, times as median and p90."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from math import ceil, sqrt
from statistics import median

from monitor.core.digest import Share, Times

ENOUGH_OF = 20
"""Of fewer a share is told in words: "2 of 3"."""
ENOUGH_TIMES = 10
"""Of fewer there is no telling how long the slowest tenth took."""
Z = 1.96
HOUR = timedelta(hours=1)


def hours(length: timedelta) -> float:
    return round(length / HOUR, 2)


def share(part: int, of: int) -> Share:
    """With the interval by Wilson: the share that was seen lies in it, and it never leaves 0 to 1."""
    if not of:
        return Share(0, 0)
    seen = part / of
    scale = 1 + Z * Z / of
    middle = (seen + Z * Z / (2 * of)) / scale
    reach = Z * sqrt(seen * (1 - seen) / of + Z * Z / (4 * of * of)) / scale
    low, high = max(0.0, middle - reach), min(1.0, middle + reach)
    return Share(part, of, round(low, 3), round(high, 3), enough=of >= ENOUGH_OF)


def times(lengths: Iterable[timedelta]) -> Times:
    """The p90 is the nearest rank: nine of ten took no longer."""
    found = sorted(length / HOUR for length in lengths)
    if not found:
        return Times()
    slowest = found[ceil(0.9 * len(found)) - 1] if len(found) >= ENOUGH_TIMES else None
    return Times(len(found), round(median(found), 2), None if slowest is None else round(slowest, 2))
