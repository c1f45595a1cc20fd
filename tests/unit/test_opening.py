"""The first lines of a digest."""

from __future__ import annotations

from dataclasses import replace

from alerts.opening import opening_told
from alerts.testing.digests import DAY, FIRST, ONE, QUIET, WEEK, hostile
from monitor.core.digest import Coverage


def test_a_rich_day() -> None:
    assert opening_told(DAY) == (
        "9 people wait for a first answer; call Invented Ines first.",
        "2 promises are due, 1 of them overdue.",
        "An incident goes on: Late deliveries in Harbour Street (11 cases).",
        "6 customers came back.",
        "34 new complaints: more than usual for a Tuesday (usually 12 to 27).",
        "Not everything was heard: reviews-fr (failing), blog (silent).",
    )
    assert "for a week" in opening_told(WEEK)[4]


def test_a_day_with_one_complaint_and_one_promise() -> None:
    assert opening_told(replace(ONE, owed=DAY.owed[1:], owed_total=1, coverage=QUIET.coverage)) == (
        "1 person waits for a first answer; call Imaginary Luis first.",
        "1 promise is due, none overdue.",
        "1 new complaint: too little past to compare with.",
    )


def test_all_that_is_overdue_is_counted_also_where_the_list_is_cut() -> None:
    told = opening_told(replace(DAY, owed_total=40, overdue=31))
    assert "40 promises are due, 31 of them overdue." in told
    assert "1 promise is overdue." in opening_told(replace(DAY, owed_total=1, overdue=1))


def test_nobody_waits() -> None:
    assert opening_told(replace(ONE, waiting=(), waiting_total=0))[0] == "Nobody waits for a first answer."


def test_a_quiet_day_says_so_only_beside_what_was_heard() -> None:
    assert opening_told(QUIET) == (
        "A quiet day: nobody wrote, nobody waits, and no promise is due.",
        "Everything was heard: all 5 feeds.",
    )
    assert opening_told(replace(QUIET, coverage=ONE.coverage))[1].startswith("Not everything was heard")


def test_a_day_on_which_nobody_listened_is_not_called_quiet() -> None:
    off = tuple(replace(day, listened=False) for day in QUIET.trend[-1:])
    assert opening_told(replace(QUIET, trend=QUIET.trend[:-1] + off)) == (
        "Nothing was heard of what was said on that day; nobody waits, and no promise is due.",
        "No feed was read on that day: of what was said, only what was heard later is known.",
    )
    last = opening_told(replace(DAY, trend=off))[-1]
    assert last.startswith("No feed was read on that day")
    assert last.endswith("Not everything was heard: reviews-fr (failing), blog (silent).")
    assert "No feed was read" not in " ".join(opening_told(replace(WEEK, trend=WEEK.trend[:-1] + off)))


def test_before_anything_was_read() -> None:
    assert opening_told(FIRST) == ("No feed has been read yet, so there is nothing to tell.",)
    tried = replace(FIRST, coverage=(Coverage("blog", "rss", "failing", 0, failures=1),))
    assert opening_told(tried) == ("No feed could be read yet, so there is nothing to tell: blog (failing).",)


def test_hostile_words_stay_on_their_line() -> None:
    told = opening_told(hostile())
    assert all(sentence.isprintable() and len(sentence) < 200 for sentence in told)
