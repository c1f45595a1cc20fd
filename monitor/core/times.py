"""Times as people write them in a reply: `tomorrow at 10 am`, `by Friday`, `within two hours`.

A time is read only where it can mean one thing; a time that is there but not sure is no due time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from monitor.core.reply import MONTHS, WEEKDAYS, Facts

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_DAY_NAMES = "|".join(f"{name}|{name[:3]}" for name in WEEKDAYS)
_MONTH_NAMES = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_NUMBER = rf"(?:\d{{1,3}}|{'|'.join(NUMBERS)})"
TIME = re.compile(
    r"(?<![\w/])(?:(?:by|on|at|before|until|from|no later than|latest|around|about|within|in|till)\s{1,3})?"
    r"(?:the\s{1,3})?(?:"
    rf"(?:next\s{{1,3}})?(?P<count>{_NUMBER})\s{{1,3}}(?P<working>working\s{{1,3}}|business\s{{1,3}}|full\s{{1,3}})?"
    r"(?P<unit>minute|min|hour|hr|day|week|month)s?(?:'\s{1,3}time)?"
    rf"|(?P<dd>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?:of\s{{1,3}})?(?P<month>{_MONTH_NAMES})(?:,?\s{{1,3}}(?P<year>20\d\d))?"
    rf"|(?P<month2>{_MONTH_NAMES})\s{{1,3}}(?P<dd2>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s{{1,3}}(?P<year2>20\d\d))?"
    r"|(?P<iso>20\d\d-\d\d-\d\d)"
    r"|(?P<slash>\d{1,2}[/.]\d{1,2}(?:[/.]20\d\d)?)(?!\s?[ap]\.?m)"
    r"|(?P<clock>(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?|noon|midday|\d{1,2}\s?o'clock)"
    r"|(?P<today>end\s{1,3}of\s{1,3}(?:the\s{1,3}day|day|today|business)|close\s{1,3}of\s{1,3}business|today)"
    r"|(?P<tomorrow>tomorrow)"
    r"|(?P<now>right\s{1,3}now|right\s{1,3}away|straight\s{1,3}away|immediately|this\s{1,3}minute|now|at\s{1,3}once)"
    rf"|(?P<weekday>{_DAY_NAMES})"
    r"|(?P<half>(?:this\s{1,3})?(?:morning|afternoon))"
    r"|(?P<vague>tonight|(?:this\s{1,3})?evening|end\s{1,3}of\s{1,3}(?:the\s{1,3}|this\s{1,3}|next\s{1,3})?(?:week|month)"
    rf"|(?:this|next|over\s{{1,3}}the|the)\s{{1,3}}(?:week|month|weekend|{_DAY_NAMES})|weekend|overnight|hour|same\s{{1,3}}day)"
    r"|(?P<bare>(?<=at\s)\d{1,2})(?![\d/:.-]\d)"
    r")(?![\w])"
)
"""One time, with the word before it. Which group it is says how it is read."""


def due_in(times: Sequence[re.Match[str]], facts: Facts) -> tuple[datetime | None, bool]:
    """The one due time that these say together, and whether it is told to the hour; None where that is not sure."""
    try:
        return _due_in(times, facts)
    except OverflowError:  # beyond the calendar
        return None, False


def _due_in(times: Sequence[re.Match[str]], facts: Facts) -> tuple[datetime | None, bool]:
    days: set[date] = set()
    clocks: set[time] = set()
    today = facts.now.astimezone(facts.zone).date()
    for told in times:
        kind = told.lastgroup if told.lastgroup not in ("unit", "working") else "count"
        if kind == "count" or told["count"]:
            return _after(told, facts) if len(times) == 1 else (None, False)
        if told["vague"] or told["bare"] or told[0].startswith("before"):
            return None, False
        if told["now"]:
            continue
        if told["half"]:
            clocks.add(time(12) if "morning" in told["half"] else facts.day_ends)
            days |= {today} if told["half"].startswith("this") else set()
        elif told["clock"]:
            clock = _clock(told["clock"])
            if clock is None:
                return None, False
            clocks.add(clock)
        else:
            day = _day(told, today)
            if day is None:
                return None, False
            days.add(day)
    if len(days) > 1 or len(clocks) > 1 or not (days or clocks):
        return None, False
    due = _at(days.pop() if days else today, clocks.pop() if clocks else facts.day_ends, facts)
    sure = any(told["clock"] or told["half"] for told in times)
    return (due, sure) if due > facts.now else (None, False)


def _after(told: re.Match[str], facts: Facts) -> tuple[datetime | None, bool]:
    """`in 2 hours`, `within three days`. Of working days nobody but the business knows the holidays."""
    count = NUMBERS.get(told["count"]) or int(told["count"])
    unit = told["unit"]
    if told["working"] or unit == "month" or not re.match(r"within|in\b", told[0]):
        return None, False
    if unit in ("minute", "min"):
        return facts.now + timedelta(minutes=count), True
    if unit in ("hour", "hr"):
        return facts.now + timedelta(hours=count), True
    day = facts.now.astimezone(facts.zone).date() + timedelta(days=count * (7 if unit == "week" else 1))
    return _at(day, facts.day_ends, facts), False


def _at(day: date, clock: time, facts: Facts) -> datetime:
    return datetime.combine(day, clock, facts.zone).astimezone(facts.now.tzinfo)


def _day(told: re.Match[str], today: date) -> date | None:
    if told["today"]:
        return today
    if told["tomorrow"]:
        return today + timedelta(days=1)
    if told["weekday"]:
        ahead = ([name[:3] for name in WEEKDAYS].index(told["weekday"][:3]) - today.weekday()) % 7
        return today + timedelta(days=ahead) if ahead else None  # on a Friday "Friday" may mean either
    if told["iso"]:
        return _date(*map(int, told["iso"].split("-")))
    if told["slash"]:
        first, second, *year = map(int, re.split(r"[/.]", told["slash"]))
        if first <= 12 and second <= 12 and first != second:
            return None  # day and month, or month and day
        day, month = (first, second) if second <= 12 else (second, first)
        return _this_year_or_next(day, month, year[0] if year else None, today)
    month_name = told["month"] or told["month2"]
    month = [name[:3] for name in MONTHS].index(month_name[:3]) + 1
    year_told = told["year"] or told["year2"]
    return _this_year_or_next(
        int(told["dd"] or told["dd2"]), month, int(year_told) if year_told else None, today
    )


def _this_year_or_next(day: int, month: int, year: int | None, today: date) -> date | None:
    found = _date(year or today.year, month, day)
    if found is None or year or found >= today or (today - found).days < 180:
        return found
    return _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _clock(words: str) -> time | None:
    if words in ("noon", "midday"):
        return time(12)
    found = re.match(r"(\d{1,2})(?:[:.](\d\d))?\s?([ap])?", words)
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute) if 1 <= hour <= 12 else None
    if "clock" in words or (hour < 8 and not words.startswith("0")):
        return None  # morning or evening?
    return time(hour, minute) if hour < 24 else None
