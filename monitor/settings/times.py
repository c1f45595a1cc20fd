"""Opening hours and holidays as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from monitor.core.hours import ALWAYS, DAY, Opening

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = timedelta(days=366)
"""Of one range of holidays: a longer one is a slip of the pen."""

_LINE = re.compile(r"([a-z,\- ]*[a-z])\s+(\d[\d:,\- ]*)", re.I)
_TIMES = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_EXAMPLES = 'write days and times, such as "mon-fri 09:00-12:30 13:30-17:00" or "fri 22:00-06:00"'


def openings(told: Any) -> tuple[Opening, ...]:
    """`"always"`, or a list of lines such as `"mon-fri 09:00-17:00"`. Raises ValueError, with what would be right."""
    if isinstance(told, str):
        if told.strip().lower() == "always":
            return ALWAYS.openings
        told = [told]
    if not isinstance(told, list | tuple):
        raise ValueError(f'these are no opening hours: {_EXAMPLES}, or "always"')
    found: list[Opening] = []
    for line in told:
        if not isinstance(line, Opening):  # a default that was read already
            found += _line(line)
        else:
            found.append(line)
    return tuple(sorted(set(found)))


def holidays(told: Any) -> frozenset[date]:
    """Dates, and ranges such as `"2026-12-24 to 2027-01-01"` with both ends. Raises ValueError."""
    if not isinstance(told, list | tuple | set | frozenset):
        raise ValueError('must be a list of dates, such as ["2026-12-25", "2026-12-28 to 2027-01-01"]')
    found: set[date] = set()
    for one in told:
        first, _, last = str(one).partition(" to ")
        begin = _date(first, one)
        end = _date(last, one) if last else begin
        if not timedelta(0) <= end - begin <= LONGEST:
            raise ValueError(
                f"{str(one)!r} is no range of days: the first comes first, and it is a year at most"
            )
        found |= {begin + timedelta(days=n) for n in range((end - begin).days + 1)}
    return frozenset(found)


def _date(text: str, whole: Any) -> date:
    try:
        if not isinstance(whole, str) and (isinstance(whole, datetime) or not isinstance(whole, date)):
            raise ValueError
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(
            f'{str(whole)!r} is no date: write one such as "2026-12-25", or "2026-12-28 to 2027-01-01"'
        ) from None


def _line(line: Any) -> list[Opening]:
    found = _LINE.fullmatch(line.strip()) if isinstance(line, str) else None
    if found is None:
        raise ValueError(f"{line!r} is no opening: {_EXAMPLES}")
    days = [day for part in found[1].lower().split(",") for day in _days(part.strip(), line)]
    times = [
        _times(part, line) for part in re.split(r"[,\s]+", re.sub(r"\s*-\s*", "-", found[2]).strip(", "))
    ]
    return [Opening(day, opens, closes) for day in days for opens, closes in times]


def _days(part: str, line: str) -> list[int]:
    first, dash, last = (one.strip() for one in part.partition("-"))
    names = (first, last) if dash else (first,)
    for name in names:
        if name not in DAYS:
            raise ValueError(f"{name!r} in {line!r} is no day: days are {', '.join(DAYS)}")
    begin, end = DAYS.index(names[0]), DAYS.index(names[-1])
    return [(begin + n) % 7 for n in range((end - begin) % 7 + 1)]


def _times(part: str, line: str) -> tuple[int, int]:
    found = _TIMES.fullmatch(part)
    hours = [int(one) for one in found.groups()] if found else []
    if not found or hours[0] > 23 or max(hours[1], hours[3]) > 59 or hours[2] * 60 + hours[3] > DAY:
        raise ValueError(f"{part!r} in {line!r} is no time of day: {_EXAMPLES}")
    opens, closes = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    return opens, closes if closes > opens else closes + DAY
