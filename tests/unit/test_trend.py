"""The fortnight in one line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from alerts.testing.digests import DAY
from alerts.trend import sparkline, trend_told
from monitor.core.digest import Day


def test_a_sparkline_has_one_sign_a_day() -> None:
    assert sparkline([0, 4, 8]) == "▁▅█"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([8, None]) == "█·"
    assert sparkline([]) == ""


def test_what_a_dot_means_is_said_where_there_is_one() -> None:
    days = [Day(date(2026, 11, 1) + timedelta(days=number), 9, number) for number in range(4)]
    told = trend_told(replace(DAY, trend=tuple(days)))
    assert told == "▁▃▆█ 0 to 3 complaints a day, 1 Nov to 4 Nov"
    days[1] = replace(days[1], listened=False)
    assert trend_told(replace(DAY, trend=tuple(days))) == (
        "▁·▆█ 0 to 3 complaints a day, 1 Nov to 4 Nov (·: nobody listened)"
    )
