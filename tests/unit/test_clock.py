"""Spans as people write them, and the days of people's calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.clock import LONGEST, day_span, span, spoken


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("1.1s", 1.1),
        ("250ms", 0.25),
        ("15m", 900),
        ("24h", 86_400),
        ("2d", 172_800),
        ("1w", 604_800),
        ("1h30m", 5_400),
        (" 1 h 30 m ", 5_400),
        ("90S", 90),
        ("0", 0),
        ("90", 90),
        ("1.5", 1.5),
        (5, 5),
        (0.5, 0.5),
    ],
)
def test_a_span_is_read_as_it_is_meant(told: object, seconds: float) -> None:
    assert span(told) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "told",
    ["", " ", "soon", "15x", "-5m", "1h-30m", "m", "1m30", "1..5s", "5 5", "∞", "nan", "1e3s", "15m!"],
)
def test_what_is_no_span_is_refused(told: str) -> None:
    with pytest.raises(ValueError, match="no time span"):
        span(told)


@pytest.mark.parametrize("told", [True, False, None, [], ["15m"], {"minutes": 15}, date(2026, 1, 1)])
def test_what_is_not_even_text_is_refused_in_words(told: object) -> None:
    with pytest.raises(ValueError, match="a time span such as 15m is needed"):
        span(told)


@pytest.mark.parametrize("told", ["999999w", "9" * 400 + "s", 1e300, float("inf"), -1, float("nan")])
def test_a_span_that_leads_out_of_the_calendar_is_refused(told: object) -> None:
    with pytest.raises(ValueError, match=r"longer than a hundred years|no time span"):
        span(told)


@given(st.integers(0, int(LONGEST.total_seconds())))
def test_every_whole_number_of_seconds_can_be_written(seconds: int) -> None:
    assert span(f"{seconds}s") == span(seconds) == timedelta(seconds=seconds)


@given(st.text(max_size=30))
def test_any_text_is_a_span_or_a_valueerror(told: str) -> None:
    try:
        assert timedelta(0) <= span(told) <= LONGEST
    except ValueError as fault:
        assert str(fault)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (0.25, "0.2 s"),
        (45, "45 s"),
        (89, "89 s"),
        (240, "4 min"),
        (5_399, "90 min"),
        (10_800, "3 h"),
        (172_799, "48 h"),
        (172_800, "2 days"),
    ],
)
def test_a_span_is_spoken_as_a_person_would(seconds: float, words: str) -> None:
    assert spoken(timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("zone", "day", "since", "until"),
    [
        ("UTC", date(2026, 5, 1), "2026-05-01T00:00", "2026-05-02T00:00"),
        ("Europe/London", date(2026, 3, 29), "2026-03-29T00:00", "2026-03-29T23:00"),
        ("Europe/London", date(2026, 10, 25), "2026-10-24T23:00", "2026-10-26T00:00"),
        ("Asia/Kolkata", date(2026, 1, 1), "2025-12-31T18:30", "2026-01-01T18:30"),
        ("America/Havana", date(2026, 3, 8), "2026-03-08T05:00", "2026-03-09T04:00"),
    ],
)
def test_a_day_is_as_long_as_its_calendar_says(zone: str, day: date, since: str, until: str) -> None:
    span_of_day = day_span(day, ZoneInfo(zone))
    assert span_of_day == tuple(
        datetime.fromisoformat(moment).replace(tzinfo=UTC) for moment in (since, until)
    )


@given(
    st.dates(date(1975, 1, 1), date(2075, 1, 1)),
    st.sampled_from(["Europe/London", "America/St_Johns", "Asia/Gaza"]),
)
def test_days_follow_one_another_without_gap_or_overlap(day: date, zone: str) -> None:
    today, tomorrow = (day_span(day + timedelta(days=n), ZoneInfo(zone)) for n in (0, 1))
    assert today[1] == tomorrow[0]
    assert timedelta(hours=22) <= today[1] - today[0] <= timedelta(hours=26)
