"""What the desk agrees on, as it is written down; and what is said of what cannot be meant."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.core.errors import ConfigError
from monitor.core.hours import ALWAYS, Opening
from monitor.core.model import Severity
from monitor.core.policy import HOUR, Policy, Rung, Target
from monitor.core.routing import Route
from monitor.settings import Settings, load
from monitor.settings.times import holidays, openings

HEAD = '[business]\nname = "Acme Coffee"\ntimezone = "Europe/London"\n'


def loaded(folder: Path, text: str) -> Settings:
    file = folder / "monitor.toml"
    file.write_text(HEAD + text, "utf-8")
    return load(file, {})


def test_a_newcomer_need_set_nothing(tmp_path: Path) -> None:
    policy, plain = loaded(tmp_path, "").policy, Policy()
    assert str(policy.hours.zone) == "Europe/London"
    assert policy.hours.openings == plain.hours.openings
    assert policy.quiet is not None
    assert plain.quiet is not None
    assert policy.quiet.openings == plain.quiet.openings
    assert (policy.targets, policy.soon, policy.reminders) == (plain.targets, plain.soon, plain.reminders)
    assert policy.around_the_clock == plain.around_the_clock
    assert policy.ladder.rungs == plain.ladder.rungs
    assert dict(policy.ladder.starts) == dict(plain.ladder.starts)
    assert loaded(tmp_path, "").routes == ()


def test_what_is_written_is_what_the_desk_goes_by(tmp_path: Path) -> None:
    settings = loaded(
        tmp_path,
        """
[slack]
channel = "C110"
[[slack.routes]]
channel = "C111"
severity = ["high", "critical"]
expectation = "respect"
[[slack.routes]]
channel = "C112"
place = "Pretend Pier"

[desk]
timezone = "Asia/Tokyo"
hours = ["mon-fri 09:00-12:30 13:30-17:00", "fri 22:00-06:00"]
holidays = [2026-12-25, "2026-12-30 to 2027-01-01"]
around_the_clock = []
first_response = { high = "30m" }
soon = 50
unclaimed_after = "10m"
release_after = "0"
quiet = []
starts = { safety = 1 }
[[desk.ladder]]
name = "shop"
wait = "2h"
people = "U0123456789"
[[desk.ladder]]
name = "office"
channel = "C119"
""",
    )
    policy = settings.policy
    assert str(policy.hours.zone) == "Asia/Tokyo"
    assert len(policy.hours.openings) == 11
    assert policy.hours.openings[-3:] == (Opening(4, 540, 750), Opening(4, 810, 1020), Opening(4, 1320, 1800))
    assert sorted(policy.hours.holidays) == [
        date(2026, 12, 25),
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
    ]
    assert (policy.quiet, policy.around_the_clock, policy.soon) == (None, frozenset(), 0.5)
    assert policy.targets[Severity.HIGH] == Target(timedelta(minutes=30), 16 * HOUR)
    assert (policy.reminders.unclaimed, policy.reminders.release) == (timedelta(minutes=10), None)
    assert policy.ladder.rungs == (
        Rung("shop", 2 * HOUR, ("U0123456789",)),
        Rung("office", 4 * HOUR, channel="C119"),
    )
    assert (policy.ladder.starts["safety"], policy.ladder.starts["press_threat"]) == (1, 2)
    assert settings.routes == (
        Route("C111", severity=("high", "critical"), expectation=("respect",)),
        Route("C112", place=("Pretend Pier",)),
    )


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("always", ALWAYS.openings),
        (["sat 10:00-14:00"], (Opening(5, 600, 840),)),
        (["Sat, Sun 10:00 - 14:00"], (Opening(5, 600, 840), Opening(6, 600, 840))),
        (["sat-mon 0:00-24:00"], (Opening(0, 0, 1440), Opening(5, 0, 1440), Opening(6, 0, 1440))),
        (["fri 22:00-06:00"], (Opening(4, 1320, 1800),)),
        (["mon 08:00-12:00, 13:00-17:00"], (Opening(0, 480, 720), Opening(0, 780, 1020))),
    ],
)
def test_hours_are_written_as_people_do(told: object, meant: tuple[Opening, ...]) -> None:
    assert openings(told) == meant


def test_a_range_of_holidays_has_both_its_ends() -> None:
    assert holidays(["2026-02-28 to 2026-03-01"]) == {date(2026, 2, 28), date(2026, 3, 1)}


@pytest.mark.parametrize(
    ("text", "line", "place", "told"),
    [
        (
            '[desk]\nhours = ["mon-fri 9-5"]',
            5,
            "desk.hours",
            "'9-5' in 'mon-fri 9-5' is no time of day: write",
        ),
        ('[desk]\nhours = ["monday 09:00-17:00"]', 5, "desk.hours", "days are mon, tue,"),
        ('[desk]\nhours = "sometimes"', 5, "desk.hours", "is no opening: write days and times"),
        ("[desk]\nhours = 8", 5, "desk.hours", 'or "always"'),
        ("[desk]\nhours = []", 5, "desk.hours", "is never open"),
        ('[desk]\nquiet = "always"', 5, "desk.quiet", "quiet all week"),
        ('[desk]\nholidays = ["25 December"]', 5, "desk.holidays", "is no date: write one such as"),
        ("[desk]\nholidays = [2026-12-25T10:00:00]", 5, "desk.holidays", "is no date"),
        ("[desk]\nholidays = [5]", 5, "desk.holidays", "is no date"),
        ("[desk]\nholidays = '2026-12-25'", 5, "desk.holidays", "must be a list of dates"),
        ('[desk]\nholidays = ["2026-12-25 to 2026-12-20"]', 5, "desk.holidays", "the first comes first"),
        ('[desk]\ntimezone = "Mars"', 5, "desk.timezone", "is no time zone"),
        ('[desk]\nidle_after = "0"', 5, "desk.idle_after", "at least 60s"),
        ('[desk]\nidle_after = "4"', 5, "desk.idle_after", "has no unit"),
        ('[desk]\nrelease_after = "1s"', 5, "desk.release_after", "or 0 for never"),
        ("[desk]\nsoon = 0.75", 5, "desk.soon", "valid integer"),
        (
            '[desk]\naround_the_clock = "grave"',
            5,
            "desk.around_the_clock",
            "'low', 'medium', 'high' or 'critical'",
        ),
        (
            '[desk]\nfirst_response = { hgh = "1h" }',
            5,
            "desk.first_response.hgh",
            "critical, high, medium, low",
        ),
        ('[desk]\nfirst_response = { high = "0" }', 5, "desk.first_response.high", "at least 60s"),
        ("[desk.starts]\nsafety = 'lead'", 5, "desk.starts.safety", "valid integer"),
        ("[desk]\nladder = []", 5, "desk.ladder", "nobody would be told"),
        (
            '[[desk.ladder]]\nname = "a"\n[[desk.ladder]]\nname = "b"\npeople = ["Bob"]',
            8,
            "desk.ladder[1].people",
            "is no member ID: open",
        ),
        (
            '[[desk.ladder]]\nname = "a"\nrole = "b"',
            6,
            "desk.ladder[0].role",
            "Known here: name, wait, people, channel",
        ),
        ('[[slack.routes]]\nsource = "rss"', 4, "slack.routes[0].channel", "is missing"),
        (
            '[[slack.routes]]\nchannel = "#help"\nsource = "rss"',
            5,
            "slack.routes[0].channel",
            "is no channel ID",
        ),
        ('[[slack.routes]]\nchannel = "C111"', 4, "slack.routes[0]", "this route asks for nothing"),
        (
            '[[slack.routes]]\nchannel = "C111"\nexpectation = "kindness"',
            6,
            "slack.routes[0].expectation",
            "they are respect,",
        ),
        (
            '[[slack.routes]]\nchannel = "C111"\nlanguage = "german"',
            6,
            "slack.routes[0].language",
            "two small letters",
        ),
        ('[[slack.routes]]\nchannel = "C111"\nseverity = "bad"', 6, "slack.routes[0].severity", "'critical'"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_place_and_what_would_be_right(
    tmp_path: Path, text: str, line: int, place: str, told: str
) -> None:
    with pytest.raises(ConfigError) as fault:
        loaded(tmp_path, text)
    (problem,) = fault.value.problems
    assert problem.startswith(f"{tmp_path / 'monitor.toml'} line {line}, {place}"), problem
    assert told in problem
