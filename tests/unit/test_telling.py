"""The words for the values of a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from alerts import telling
from alerts.testing.digests import COVERAGE, DAY, FIRST, ONE, QUIET, SAMPLES, UNTIL, WEEK
from monitor.core.digest import Against, Changed, Figure, Length, Lever, Recovering, Share, Times
from monitor.core.recovering import NEVER, NOTHING
from monitor.core.severity import WITH

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        (
            Figure(34, 19, 12.0, 27.0, 8, Against.MORE),
            "34: more than usual for a Tuesday (usually 12 to 27)",
        ),
        (Figure(2, 19, 12.0, 27.0, 8, Against.LESS), "2: fewer than usual for a Tuesday (usually 12 to 27)"),
        (
            Figure(1_200, 1_000, 900.5, 1_300.7, 8, Against.USUAL),
            "1,200: as usual for a Tuesday (901 to 1,300)",
        ),
        (Figure(0, 0, -1.0, 0.4, 8, Against.USUAL), "0: as usual for a Tuesday (none)"),
        (Figure(9, 2, -2.0, 5.0, 8, Against.MORE), "9: more than usual for a Tuesday (usually up to 5)"),
        (Figure(3, 3, 2.6, 3.2, 8, Against.USUAL), "3: as usual for a Tuesday (3)"),
        (Figure(3, None, None, None, 2), "3: too little past to compare with"),
    ],
)
def test_a_figure_is_told_beside_what_is_usual(figure: Figure, told: str) -> None:
    assert telling.figure_told(figure, telling.period_of(DAY)) == told


@pytest.mark.parametrize(
    ("share", "told", "likely"),
    [
        (Share(34, 212, 0.117, 0.216, True), "16% (34 of 212)", "likely 12% to 22%"),
        (Share(2, 3, 0.2, 0.9), "2 of 3 (few data)", ""),
        (Share(0, 0), "none yet", ""),
        (Share(1, 900, 0.0002, 0.006, True), "under 1% (1 of 900)", "likely under 1% to 1%"),
        (Share(899, 900, 0.99, 0.9999, True), "over 99% (899 of 900)", "likely 99% to over 99%"),
    ],
)
def test_a_share_is_a_percentage_only_of_enough(share: Share, told: str, likely: str) -> None:
    assert (telling.share_told(share), telling.interval_told(share)) == (told, likely)


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (Times(), "did not happen"),
        (Times(1, 0.5), "30 min (once)"),
        (Times(6, 21.0), "half within 21 h (6 times; few data)"),
        (Times(24, 0.4, 2.1), "half within 24 min, nine in ten within 2 h (24 times)"),
        (Times(2), "2 times (few data)"),
    ],
)
def test_how_long_it_took(times: Times, told: str) -> None:
    assert telling.times_told(times) == told


def test_the_span_is_told_by_its_days_and_else_by_its_hours() -> None:
    assert telling.title_told(DAY) == "The Invented Café · Tue 24 Nov 2026"
    assert telling.title_told(replace(WEEK, place="Mill Lane")).endswith(
        "Café, Mill Lane · Wed 18 Nov to Tue 24 Nov 2026"
    )
    part = replace(DAY, since=DAY.since + timedelta(hours=8))
    assert telling.title_told(part).endswith("24 Nov 2026 08:00 CET to 25 Nov 2026 00:00 CET")
    over = telling.span_told(
        datetime(2026, 12, 30, 23, tzinfo=UTC), datetime(2027, 1, 1, 23, tzinfo=UTC), BERLIN
    )
    assert over == "Thu 31 Dec 2026 to Fri 1 Jan 2027"


def test_the_day_on_which_the_clocks_change_is_one_day() -> None:
    long = telling.span_told(
        datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), BERLIN
    )
    assert long == "Sun 25 Oct 2026"


def test_what_it_is_compared_with() -> None:
    assert telling.period_of(WEEK) == "a week"
    assert telling.period_of(replace(DAY, length=Length.SPAN)) == "such a time"


def test_how_urgent_the_first_answer_is() -> None:
    assert [telling.left_told(one.left) for one in DAY.waiting] == [
        "30 min of working time left for the first answer",
        "the first answer is overdue by 2 h of working time",
        "no clock runs",
    ]


def test_a_promise_says_when_it_is_or_was_due() -> None:
    late, soon = DAY.owed
    assert telling.owed_told(late, BERLIN) == "overdue by 3 h: it was due 25 Nov 2026 05:30 CET"
    assert telling.owed_told(soon, BERLIN) == "due in 5 h: 25 Nov 2026 13:30 CET"
    assert telling.owed_told(replace(soon, late=0.0), BERLIN).startswith("due now")


def test_each_of_the_twelve_has_a_title_and_an_explanation() -> None:
    assert set(telling.EXPLAINED) == set(WITH)
    assert telling.expectation_told("respect") == "How people are treated"
    assert telling.expectation_told("own_key") == "Own key"
    assert telling.expectation_told("") == ""
    assert set(telling.LEVERS) == set(Lever)


def test_an_incident_goes_on_or_is_over() -> None:
    (trouble,) = DAY.troubles
    assert telling.trouble_told(trouble, BERLIN) == (
        "11 cases; usually 0.4 complaints an hour; since 24 Nov 2026 17:00 CET, and goes on"
    )
    over = replace(trouble, ended=UNTIL, cases=1, usual=12.0)
    assert telling.trouble_told(over, BERLIN).startswith("1 case; usually 12 complaints an hour; 24 Nov")
    assert "usually none" in telling.trouble_told(replace(trouble, usual=0.0), BERLIN)


def test_what_each_feed_brought() -> None:
    told = [telling.coverage_told(feed, BERLIN) for feed in COVERAGE]
    assert told[0] == "120 posts, last reached 25 Nov 2026 08:15 CET"
    assert told[2] == "heard, nothing new, last reached 25 Nov 2026 08:00 CET"
    assert told[3].startswith("failing since 24 Nov 2026 14:30 CET, 11 tries failed, last reached")
    assert told[3].endswith(": the server answered 503 (it is overloaded)")
    assert told[4].startswith("silent since 15 Nov 2026 08:30 CET: ")


def test_not_heard_is_never_told_as_quiet() -> None:
    assert telling.hearing_told(QUIET) == "Everything was heard: all 5 feeds."
    assert telling.hearing_told(ONE) == "Not everything was heard: reviews-fr (failing), blog (silent)."
    new = replace(QUIET.coverage[0], state="new")
    assert telling.hearing_told(replace(QUIET, coverage=(*QUIET.coverage, new))) == (
        "What is read was heard: all 5 feeds; 1 not read yet."
    )
    paused = replace(new, state="paused")
    assert telling.hearing_told(replace(QUIET, coverage=(paused,))) == "No feed is listened to now."


def test_before_any_feed_was_read_nothing_is_told_as_quiet() -> None:
    assert telling.unread(FIRST)
    assert telling.hearing_told(FIRST) == "No feed has been read yet, so nothing can be told."
    assert [name for name, make in SAMPLES.items() if telling.unread(make())] == ["first"]


def test_what_came_in_late() -> None:
    assert WEEK.changed is not None
    assert telling.changed_told(WEEK.changed, BERLIN) == (
        "Since this was first posted on 25 Nov 2026 06:30 CET, 4 late posts came in: "
        "posts heard 208, now 212; complaints 32, now 34."
    )
    assert telling.changed_told(Changed(UNTIL, 0), BERLIN).endswith("something changed.")


def test_the_report_that_is_asked_for_is_that_of_this_span() -> None:
    day = "complaint-monitor digest --day 2026-11-24 --html report.html"
    assert telling.report_command(DAY) == day
    assert "digest --week --day 2026-11-1" in telling.report_command(WEEK)
    night = replace(
        DAY,
        length=Length.SPAN,
        since=datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        until=datetime(2026, 10, 25, 23, tzinfo=UTC),
        place="Mill Lane",
    )
    assert telling.report_command(night) == (
        "complaint-monitor digest --since 2026-10-25T02:30:00+02:00 --until 2026-10-26 "
        "--place 'Mill Lane' --html report.html"
    )


def test_what_nobody_noted_is_not_told_as_nothing_done() -> None:
    told = [
        Recovering(lever, value, Share(1, 2))
        for lever, value in ((Lever.FIRST_RESPONSE, NEVER), (Lever.MEANS, NOTHING))
    ]
    assert list(map(telling.recovering_told, told)) == ["No answer noted", "Nothing noted"]


def test_how_cases_ended_is_told_within_those_that_did() -> None:
    numbers = replace(DAY.numbers, opened=31, closed=9, recovered=6, lost=2, dismissed=1, regressed=0)
    told = telling.cases_told(replace(DAY, numbers=replace(numbers, waiting=17, backlog=0)))
    assert told == "31 opened, 9 closed (6 won back, 2 lost, 1 dismissed), 17 not over now"
