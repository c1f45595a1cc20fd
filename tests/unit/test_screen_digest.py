from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console as Terminal

from alerts.screen import put, terminal_for
from alerts.screen_digest import bar, render_digest
from alerts.testing.digests import DAY, FIRST, ONE, QUIET, SAMPLES, WEEK, hostile, many
from monitor.core.digest import Digest


def told(digest: Digest, width: int | None = None) -> str:
    paper = io.StringIO()
    terminal = terminal_for(paper)
    if width is not None:
        terminal.width = width
    render_digest(digest, terminal)
    return paper.getvalue()


@pytest.mark.parametrize("width", [80, 40, 120])
@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_fits_but_addresses(name: str, width: int) -> None:
    lines = told(SAMPLES[name](), width).split("\n")
    assert all(cell_len(row) <= width for row in lines if "https://" not in row)
    assert all(row == row.rstrip() for row in lines)


def test_the_whole_story_is_told_people_first() -> None:
    text = told(WEEK)
    titles = (
        "Call first (9)",
        "Promises (2)",
        "Came back (6)",
        "Thanks (12)",
        "Incidents (1)",
        "Lost (2)",
        "What we broke",
        "Numbers",
        "Places",
        "What won people back, in 90 days",
        "Listened to",
    )
    places = [text.index(f"\n{title}") for title in titles]
    assert places == sorted(places)
    assert "more than usual for a week" in text
    assert "before “Cold soup" in text
    assert "now    “They wrote to me" in text
    assert "Pretend Priya thanks Mina" in text
    assert "6 of 8 (few data)" in text
    assert "hot: more than usual" in text
    assert "4 late posts came in" in text.replace("\n", " ")


def test_who_waits_is_not_told_twice() -> None:
    assert told(DAY).count("I asked for no nuts") == 1
    assert "and 28 more above or in the report" in told(DAY)


def test_a_quiet_day_says_that_all_was_heard() -> None:
    text = told(QUIET)
    assert "A quiet day: nobody wrote, nobody waits, and no promise is due." in text
    assert "Everything was heard: all 5 feeds." in text
    assert "Numbers" not in text


def test_before_the_first_reading_it_says_what_to_do() -> None:
    assert "complaint-monitor run --once" in told(FIRST)
    assert "quiet" not in told(FIRST)


def test_one_complaint_is_no_trend_and_no_percentage() -> None:
    text = told(ONE)
    assert "%" not in text
    assert "1 new complaint" in text


def test_a_crowd_is_cut_counted_and_shown_where_to_find() -> None:
    text = told(many(5_000))
    assert "Call first (5,000)" in text
    assert "and 4,990 more in the report" in text
    assert "The report names everybody: complaint-monitor digest --day 2026-11-24" in text
    assert text.count("\n") < 200


def test_hostile_words_are_harmless() -> None:
    text = told(hostile())
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]x[/red]" in text.replace("\n         ", "")


def test_a_pipe_gets_no_colour_and_a_terminal_does() -> None:
    assert "\x1b[" not in told(DAY)
    paper = io.StringIO()
    coloured = Terminal(file=paper, force_terminal=True, width=80, color_system="standard", markup=False)
    render_digest(DAY, coloured)
    assert "\x1b[" in paper.getvalue()


def test_new_complaints_are_told_where_all_that_are_listed_wait() -> None:
    day = replace(DAY, complaints=tuple(one.who for one in DAY.waiting), complaints_total=34)
    text = " ".join(told(day).split())
    left = 34 - len(DAY.waiting)
    assert f"New complaints (34), besides those to call first and {left} more above or in the report" in text
    assert "New complaints" not in told(replace(day, complaints_total=len(DAY.waiting)))


def test_something_is_never_drawn_as_nothing() -> None:
    assert bar(0, 10) == ""
    assert bar(1, 1000) == "█"
    assert len(bar(10, 10)) == 20


@given(st.text(min_size=1), st.integers(8, 40), st.integers(0, 12), st.integers(0, 9))
def test_rows_that_hang_say_every_word_and_fit(words: str, width: int, indent: int, hang: int) -> None:
    said = " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
    paper = io.StringIO()
    terminal = terminal_for(paper)
    terminal.width = width
    put(terminal, said, indent, hang)
    assert "".join(paper.getvalue().split()) == "".join(said.split())
