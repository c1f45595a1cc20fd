"""Business time is exactly what somebody would count who looked at the wall clock every minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.core.hours import ALWAYS, DAY, Hours, Opening

MINUTE = timedelta(minutes=1)
CHANGES = {
    "Europe/London": [date(2026, 3, 29), date(2026, 10, 25)],
    "Europe/Berlin": [date(2027, 3, 28), date(2027, 10, 31)],
    "America/New_York": [date(2026, 3, 8), date(2026, 11, 1)],
    "America/Los_Angeles": [date(2027, 3, 14), date(2027, 11, 7)],
    "Australia/Lord_Howe": [date(2026, 4, 5), date(2026, 10, 4)],  # by half an hour
    "America/Havana": [date(2026, 3, 8), date(2026, 11, 1)],  # at midnight
    "Pacific/Apia": [date(2011, 12, 30)],  # a day that never was
    "UTC": [date(2026, 6, 1)],
}


def reached(zone: ZoneInfo, day: date, minutes: int) -> datetime:
    """By looking every minute: the first one whose wall clock shows the time or a later one."""
    wall = datetime.combine(day, time()) + minutes * MINUTE
    at = wall.replace(tzinfo=UTC) - timedelta(hours=40)
    assert at.astimezone(zone).replace(tzinfo=None) < wall
    while at.astimezone(zone).replace(tzinfo=None) < wall:
        at += MINUTE
    return at


def open_minutes(hours: Hours, around: date) -> set[datetime]:
    """Every open minute of the days around, by looking at each."""
    assert isinstance(hours.zone, ZoneInfo)
    found: set[datetime] = set()
    for days in range(-9, 10):
        day = around + timedelta(days=days)
        for one in hours.openings:
            if one.day == day.weekday() and day not in hours.holidays:
                at, end = reached(hours.zone, day, one.opens), reached(hours.zone, day, one.closes)
                while at < end:
                    found.add(at)
                    at += MINUTE
    return found


@st.composite
def openings(draw: st.DrawFn) -> Opening:
    opens = draw(st.integers(0, DAY - 1))
    return Opening(draw(st.integers(0, 6)), opens, opens + draw(st.integers(1, DAY)))


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Hours, date]:
    """Hours, also over midnight and over one another, and a day near which the clocks change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    around = draw(st.sampled_from(CHANGES[zone]))
    near = st.integers(0, 90).map(lambda minutes: 60 + minutes)  # where clocks change
    sunday = st.builds(
        lambda day, at, long: Opening(day, at, at + long), st.just(around.weekday()), near, near
    )
    times = draw(st.lists(openings() | sunday, min_size=1, max_size=6))
    days = st.integers(-4, 4).map(lambda n: around + timedelta(days=n))
    return Hours(ZoneInfo(zone), tuple(times), draw(st.frozensets(days, max_size=2))), around


MINUTES = st.integers(-4 * DAY, 4 * DAY)


@settings(max_examples=60, deadline=None)
@given(weeks(), st.lists(st.tuples(MINUTES, MINUTES), min_size=1, max_size=5))
def test_time_between_is_the_count_of_open_minutes(
    week: tuple[Hours, date], ends: list[tuple[int, int]]
) -> None:
    hours, around = week
    noon = datetime.combine(around, time(12), UTC)
    seen = open_minutes(hours, around)
    for one, other in ends:
        since, until = noon + min(one, other) * MINUTE, noon + max(one, other) * MINUTE
        counted = sum(since <= minute < until for minute in seen)
        assert hours.between(since, until) == counted * MINUTE
        assert hours.open_at(since) == (since in seen)
        assert hours.between(until, since) == timedelta(0) or until == since


@settings(max_examples=60, deadline=None)
@given(weeks(), MINUTES, st.integers(0, 3000))
def test_a_deadline_is_the_first_instant_by_which_the_time_has_passed(
    week: tuple[Hours, date], at: int, amount: int
) -> None:
    hours, around = week
    start = datetime.combine(around, time(12), UTC) + at * MINUTE
    due = hours.add(start, amount * MINUTE)
    assert hours.between(start, due) == amount * MINUTE
    assert amount == 0 or hours.between(start, due - MINUTE) == (amount - 1) * MINUTE
    begin = hours.before(start, amount * MINUTE)
    assert hours.between(begin, start) == amount * MINUTE
    assert amount == 0 or hours.between(begin + MINUTE, start) == (amount - 1) * MINUTE


@settings(max_examples=40, deadline=None)
@given(weeks(), MINUTES)
def test_doors_open_and_close_when_they_are_seen_to(week: tuple[Hours, date], at: int) -> None:
    hours, around = week
    start = datetime.combine(around, time(12), UTC) + at * MINUTE
    opening = hours.opening(start)
    assert hours.open_at(opening)
    assert hours.between(start, opening) == timedelta(0)
    if not hours.endless:
        closing = hours.closing(start)
        assert not hours.open_at(closing)
        assert hours.between(start, closing) == closing - start


@given(
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1)),
    st.timedeltas(timedelta(0), timedelta(days=60)),
)
def test_around_the_clock_is_plain_time(start: datetime, amount: timedelta) -> None:
    assert ALWAYS.add(start, amount) == start + amount
    assert ALWAYS.between(start, start + amount) == amount
    assert ALWAYS.before(start, amount) == start - amount
    assert ALWAYS.endless


def test_ten_years_are_walked_by_days_and_not_by_minutes() -> None:
    """Five million minutes; counted in the days that were worked out, not in seconds of ours."""
    hours = Hours(ZoneInfo("Europe/London"), tuple(Opening(day, 540, 1020) for day in range(5)))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    hours.between(start, start + timedelta(days=3650))
    assert len(hours._known) < 3660


@pytest.mark.parametrize(
    "wrong", [(7, 0, 60), (0, -1, 60), (0, DAY, DAY + 60), (0, 60, 60), (0, 60, 61 + DAY)]
)
def test_what_is_no_opening_is_refused(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="is no opening"):
        Opening(*wrong)


def test_hours_without_an_opening_are_refused() -> None:
    with pytest.raises(ValueError, match="time would stand for ever"):
        Hours(UTC, ())
