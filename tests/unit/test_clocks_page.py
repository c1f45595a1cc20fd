"""The example of docs/clocks.md is what the software does, line by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from diary import told

from monitor.core.clocks import Clocks, Pace, clocks
from monitor.core.due import due_actions, next_tick
from monitor.core.duties import done
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.policy import Policy
from monitor.settings.desk import DeskSection

PAGE = (Path(__file__).parents[2] / "docs" / "clocks.md").read_text("utf-8")
LONDON = ZoneInfo("Europe/London")
POLICY = DeskSection().policy("Europe/London")
ROWS = re.findall(r"^\| (\w{3} \d+ \w{3} \d\d:\d\d) \| (\w+) \| (.+?) \| (?:`(.+)`)? ?\|$", PAGE, re.M)


def at(when: str) -> datetime:
    found = datetime.strptime(f"{when} 2026", "%a %d %b %H:%M %Y").replace(tzinfo=LONDON)
    assert f"{found:%a %-d %b %H:%M}" == when, "the weekday is wrong"
    return found


Told = tuple[Case, tuple[Promise, ...]]


def _claim(case: Case, made: tuple[Promise, ...], now: datetime) -> Told:
    return replace(case, state=State.CLAIMED, owner="Ann", claimed=now, touched=now), made


def _answer(case: Case, made: tuple[Promise, ...], now: datetime) -> Told:
    call = Promise(1, case.id, "a call", at("Tue 27 Oct 15:00"), now, "Ann")
    return replace(case, state=State.CONTACTED, contacted=now, touched=now), (call,)


def _wait(case: Case, made: tuple[Promise, ...], now: datetime) -> Told:
    return replace(case, waiting=now, touched=now, pauses=((now, None),)), made


def _go_on(case: Case, made: tuple[Promise, ...], now: datetime) -> Told:
    return replace(case, waiting=None, pauses=((case.pauses[0][0], now),)), made


def _call(case: Case, made: tuple[Promise, ...], now: datetime) -> Told:
    return replace(case, touched=now), made


def _close(case: Case, made: tuple[Promise, ...], now: datetime) -> Told:
    return replace(case, state=State.RECOVERED, closed=now), made


STEPS: list[Callable[[Case, tuple[Promise, ...], datetime], Told]] = [
    _claim,
    _answer,
    _wait,
    _go_on,
    _call,
    _close,
]


def recomputed(policy: Policy) -> tuple[list[tuple[str, str]], Case]:
    """What the clock says between the steps of the people on the page."""
    people = [at(when) for when, who, _, _ in ROWS if who != "clock"]
    now, *steps = people
    case = Case(7, "default", "rss", "fred", "Fred", State.OPEN, Severity.MEDIUM, now)
    made: tuple[Promise, ...] = ()
    lines = []
    for then, step in zip(steps, STEPS, strict=True):
        while (upcoming := next_tick(case, made, policy, now)) is not None and upcoming <= then:
            now = upcoming
            for duty in due_actions(case, made, policy, now):
                lines.append((f"{now.astimezone(LONDON):%a %-d %b %H:%M}", told(duty)))
                case, made = done(case, made, duty, now)
        case, made = step(case, made, then)
        now = then
    return lines, case


def test_the_example_is_what_happens() -> None:
    lines, _ = recomputed(POLICY)
    shown = [(when, intent) for when, who, _, intent in ROWS if who == "clock"]
    assert lines == shown
    assert all(not intent for _, who, _, intent in ROWS if who != "clock")


def test_the_hours_it_names_are_right() -> None:
    lines, case = recomputed(POLICY)
    assert len(lines) == 8
    assert case.closed is not None
    found = clocks(case, POLICY, case.closed + timedelta(days=9))
    assert isinstance(found, Clocks)
    assert "after 22 of 24 hours" in PAGE
    assert (found.resolution.used, found.resolution.target) == (timedelta(hours=22), timedelta(hours=24))
    assert (found.resolution.state, found.resolution.remaining) == (Pace.SOON, timedelta(hours=2))
    assert found.resolution.due == at("Thu 29 Oct 13:00")
    assert "over by Thursday 13:00" in PAGE
    assert found.first_response.due == at("Mon 26 Oct 11:30")
    assert "due on Monday 11:30" in PAGE
    assert found.first_response.state is Pace.OVERDUE
    assert found.first_response.used == timedelta(hours=4, minutes=10)


def test_the_table_of_targets_is_that_of_the_defaults() -> None:
    for severity, target in POLICY.targets.items():
        hours = [f"{span / timedelta(hours=1):g} h" for span in (target.first_response, target.resolution)]
        assert f"| {severity} | {hours[0]} | {hours[1]} |" in PAGE
