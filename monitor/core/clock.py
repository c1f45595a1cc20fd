"""Time as given from outside, and spans as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONGEST = timedelta(days=36_525)
"""No span a person means is longer, and a longer one leads out of the calendar."""

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|w)")


def span(text: object) -> timedelta:
    """`"1.1s"`, `"15m"`, `"24h"`, `"1h30m"`, `"0"`, or a bare number of seconds. Raises ValueError."""
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise ValueError("a time span such as 15m is needed")
    if isinstance(text, int | float):
        text = f"{text}s"
    told = text.strip().lower()
    if re.fullmatch(r"\d+(\.\d+)?", told):
        told += "s"
    if not told or _PART.sub("", told).strip():
        raise ValueError(f"{text!r} is no time span: write a number and a unit, such as 90s, 15m, 24h or 2d")
    seconds = sum(float(n) * _UNITS[unit] for n, unit in _PART.findall(told))
    if seconds > LONGEST.total_seconds():
        raise ValueError(f"{text!r} is longer than a hundred years")
    return timedelta(seconds=seconds)


def spoken(length: timedelta) -> str:
    """A span as a person would say it: `4 min`, `3 h`, `2 days`."""
    seconds = max(0.0, length.total_seconds())
    if seconds < 1:
        return f"{seconds:.1g} s" if seconds else "0 s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 48 * 3600:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86400:.0f} days"


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """[since, until) of a local calendar day, in UTC: 23 or 25 hours when the clocks change."""
    start = datetime.combine(day, time(), zone)
    end = datetime.combine(day + timedelta(days=1), time(), zone)
    return start.astimezone(UTC), end.astimezone(UTC)
