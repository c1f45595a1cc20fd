"""What may stand in the settings, where else it may stand, and what is said when it cannot be used."""

from __future__ import annotations

import json
import re
from datetime import date, time, timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from monitor.cli.setup import settings_text
from monitor.core.errors import ConfigError
from monitor.core.hours import ALWAYS, Opening
from monitor.core.model import Severity
from monitor.settings import Settings, Tables, load
from monitor.settings.desk import FirstResponse, Resolution, RouteSection, RungSection, Starts
from monitor.settings.tables import FeedSection, TransformerSection

WHOLE = """\
[business]
name = "Acme Coffee"
timezone = "Europe/London"

[slack]
channel = "C0123456789"
post_interval = "1.1s"

[[feeds]]
name = "news"
source = "rss"
every = "15m"
url = "https://example.com/feed.xml"

[[feeds]]
name = "forum"
source = "rss"
enabled = false
url = "https://example.com/forum.xml"
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "monitor.toml"
    file.write_text(text, "utf-8")
    return file


def loaded(folder: Path, text: str = WHOLE, **environ: str) -> Settings:
    return load(written(folder, text), environ)


def problems(folder: Path, text: str = WHOLE, **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as fault:
        loaded(folder, text, **environ)
    return fault.value.problems


def edited(line: str, instead: str) -> str:
    assert line in WHOLE
    return WHOLE.replace(line, instead, 1)


# ── what is read ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_file_is_read_and_the_rest_has_defaults(tmp_path: Path) -> None:
    settings = loaded(tmp_path)
    tables = settings.tables
    assert (settings.business.name, settings.zone.key) == ("Acme Coffee", "Europe/London")
    assert [(feed.name, feed.enabled, feed.options) for feed in tables.feeds] == [
        ("news", True, {"url": "https://example.com/feed.xml"}),
        ("forum", False, {"url": "https://example.com/forum.xml"}),
    ]
    assert tables.feeds[1].every == timedelta(minutes=15)
    assert tables.slack.verify_after == (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30))
    assert (tables.slack.storm_after, tables.slack.storm_age) == (20, timedelta(seconds=60))
    assert (tables.collect.lease, tables.delivery.lease) == (timedelta(minutes=5), timedelta(seconds=60))
    assert tables.triage.baseline_window == timedelta(hours=24)
    assert (tables.digest.at, tables.storage.url) == (time(8, 30), "sqlite:///monitor.db")
    assert settings.folder == tmp_path.resolve()
    assert (settings.bot_token, settings.app_token) == (None, None)


def test_the_file_is_found_by_name_by_variable_and_by_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    for folder, name in ((here, "Here"), (there, "There")):
        folder.mkdir()
        written(folder, edited("Acme Coffee", name))
    monkeypatch.chdir(here)
    assert load(environ={}).business.name == "Here"
    by_variable = {"MONITOR_CONFIG": str(there / "monitor.toml")}
    assert load(environ=by_variable).business.name == "There"
    assert load(here / "monitor.toml", by_variable).business.name == "Here"


def test_without_any_file_it_says_how_to_begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match=r"no monitor\.toml here.*init.*--config"):
        load(environ={})
    with pytest.raises(ConfigError, match=r"no settings file .*absent\.toml"):
        load(tmp_path / "absent.toml", {})
    assert load(environ={"MONITOR_BUSINESS__NAME": "By Variable"}).business.name == "By Variable"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "monitor.toml"
    file.write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load(file, {}).business.name == "Acme Coffee"


@pytest.mark.parametrize("raw", [b"[business]\nname = \xff", b"[business\n", b"name = 'a' name = 'b'"])
def test_what_is_no_toml_is_refused_with_its_file(tmp_path: Path, raw: bytes) -> None:
    file = tmp_path / "monitor.toml"
    file.write_bytes(raw)
    with pytest.raises(ConfigError, match=r"monitor\.toml"):
        load(file, {})


# ── every key by variable ────────────────────────────────────────────────────────────────────────────────

CHANGED: dict[type, tuple[str, Any]] = {
    timedelta: ("77s", timedelta(seconds=77)),
    int: ("250", 250),
    time: ("07:05", time(7, 5)),
    Path: ("some/file", Path("some/file")),
}
SPECIAL = {
    ("business", "timezone"): ("Asia/Tokyo", "Asia/Tokyo"),
    ("slack", "channel"): ("C999", "C999"),
    ("digest", "channel"): ("C999", "C999"),
    ("digest", "weekly"): ("Friday", 4),
    ("slack", "api_url"): ("http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api"),
    ("slack", "mask_staff"): ("false", False),
    ("slack", "praise_channel"): ("C0PRAISE", "C0PRAISE"),
    ("slack", "owner"): ("U0BOSS", "U0BOSS"),
    ("slack", "verify_after"): ('["1s", "9s"]', (timedelta(seconds=1), timedelta(seconds=9))),
    ("storage", "retention"): ('{"rss": "30d"}', {"rss": timedelta(days=30)}),
    ("collect", "workers"): ("7", 7),
    ("scoring", "transformer"): ('{"model": "a/b"}', TransformerSection(model="a/b")),
    ("http", "max_bytes"): ("5000", 5000),
    ("slack", "people"): ('["U0123", "W0456"]', ("U0123", "W0456")),
    ("slack", "routes"): (
        '[{"channel": "C999", "source": "rss"}]',
        (RouteSection(channel="C999", source=("rss",)),),
    ),
    ("desk", "timezone"): ("Asia/Tokyo", "Asia/Tokyo"),
    ("desk", "hours"): ("always", ALWAYS.openings),
    ("desk", "holidays"): ('["2026-12-25"]', frozenset({date(2026, 12, 25)})),
    ("desk", "around_the_clock"): ('["low"]', (Severity.LOW,)),
    ("desk", "first_response"): ('{"high": "7h"}', FirstResponse(high=timedelta(hours=7))),
    ("desk", "resolution"): ('{"low": "7h"}', Resolution(low=timedelta(hours=7))),
    ("desk", "soon"): ("50", 50),
    ("incidents", "enabled"): ("false", False),
    ("desk", "quiet"): ('["sat 10:00-12:00"]', (Opening(5, 600, 720),)),
    ("desk", "starts"): ('{"safety": 1}', Starts(safety=1)),
    ("desk", "ladder"): ('[{"name": "boss"}]', (RungSection(name="boss"),)),
}
OF_THEIR_OWN = {("scoring", "transformer"), ("slack", "routes"), ("desk", "ladder")}
"""Keys that are written as tables."""
KEYS = [
    (section, key)
    for section, field in Tables.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    for key in field.annotation.model_fields
]


def changed(section: str, key: str) -> tuple[str, Any]:
    """Another value for a setting: as written in a variable, and as it must arrive."""
    if (section, key) in SPECIAL:
        return SPECIAL[section, key]
    kind = Tables.model_fields[section].annotation.model_fields[key].annotation  # type: ignore[union-attr]
    for known, value in CHANGED.items():
        if kind is known or kind == known | None:
            return value
    if kind == tuple[str, ...]:
        return '["one", "two"]', ("one", "two")
    if isinstance(kind, type) and issubclass(kind, Enum):
        last = list(kind)[-1]
        return last.value, last
    assert kind in (str, str | None), f"no example of {kind} for {section}.{key}"
    return "another", "another"


@pytest.mark.parametrize(("section", "key"), KEYS, ids=".".join)
def test_every_key_can_be_set_by_variable_and_wins_over_the_file(
    tmp_path: Path, section: str, key: str
) -> None:
    raw, value = changed(section, key)
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "file").write_text("a-token")
    tables = loaded(tmp_path, **{f"MONITOR_{section}__{key}".upper(): raw}).tables
    assert getattr(getattr(tables, section), key) == value
    assert getattr(getattr(loaded(tmp_path).tables, section), key) != value


def test_all_sections_are_among_the_keys() -> None:
    assert {section for section, _ in KEYS} == set(Tables.model_fields) - {"feeds", "webhooks"}


def test_feeds_can_be_set_by_variable_as_json(tmp_path: Path) -> None:
    feeds = [{"name": "a", "source": "rss", "every": "5s", "url": "https://a.example"}]
    tables = loaded(tmp_path, MONITOR_FEEDS=json.dumps(feeds)).tables
    assert [(feed.name, feed.every) for feed in tables.feeds] == [("a", timedelta(seconds=5))]


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ("MONITOR_SLAK__CHANNEL", "sections are business, storage"),
        ("MONITOR_SLACK__CHANEL", r"\[slack\] knows channel"),
        ("MONITOR_SLACK", "is no setting"),
        ("MONITOR_STORAGE__RETENTION__RSS", "is no setting"),
        ("MONITOR_", "is no setting"),
        ("MONITOR_DEBUG", "is no setting"),
        ("MONITOR_FEEDS__NAME", "JSON list of feeds"),
        ("MONITOR_FEEDS", "JSON list of feeds"),
    ],
)
def test_an_unknown_variable_is_refused_by_name(tmp_path: Path, variable: str, told: str) -> None:
    (problem,) = problems(tmp_path, **{variable: "x"})
    assert problem.startswith(variable)
    with pytest.raises(ConfigError, match=told):
        loaded(tmp_path, **{variable: "x"})


def test_variables_of_others_and_of_the_tests_are_none_of_ours(tmp_path: Path) -> None:
    loaded(tmp_path, MONITORING="x", HOME="/", MONITOR_TEST_DATA="/data", MONITOR_CONFIG="/elsewhere")


def test_a_bad_value_from_a_variable_is_blamed_on_the_variable(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, MONITOR_SLACK__POST_INTERVAL="soon")
    assert problem.startswith("MONITOR_SLACK__POST_INTERVAL, slack.post_interval: ")
    (problem,) = problems(tmp_path, MONITOR_FEEDS='[{"name": "a", "source": "rss", "every": "0s"}]')
    assert problem.startswith("MONITOR_FEEDS, feeds[0].every: ")


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────

REFUSED = [
    # line to change, instead, line number, place, what is said
    ('name = "Acme Coffee"', 'nam = "Acme Coffee"', 2, "business.nam", "no such setting. Known here: name,"),
    ('name = "Acme Coffee"', 'name = ""', 2, "business.name", "at least 1"),
    ('name = "Acme Coffee"', "name = 5", 2, "business.name", "valid string"),
    ('name = "Acme Coffee"', 'name = "A"\naliases = "one"', 3, "business.aliases", "must be a list"),
    ('timezone = "Europe/London"', 'timezone = "Mars"', 3, "business.timezone", "is no time zone"),
    ("[slack]", "[slak]\nx = 1\n[slack]", 5, "slak", "no such setting. Known here: business, storage"),
    ('channel = "C0123456789"', 'channel = "#help"', 6, "slack.channel", "is no channel ID"),
    ('channel = "C0123456789"', 'owner = "S0GROUP"', 6, "slack.owner", "is a user group"),
    ('channel = "C0123456789"', 'owner = "dana"', 6, "slack.owner", "is no member ID"),
    ('channel = "C0123456789"', "channel = 5", 6, "slack.channel", "valid string"),
    ('post_interval = "1.1s"', 'post_interval = "soon"', 7, "slack.post_interval", "is no time span"),
    ('post_interval = "1.1s"', 'post_interval = ["1s"]', 7, "slack.post_interval", "time span such as"),
    ('post_interval = "1.1s"', "post_interval = true", 7, "slack.post_interval", "time span such as"),
    ('post_interval = "1.1s"', 'post_interval = "-1s"', 7, "slack.post_interval", "is no time span"),
    ('post_interval = "1.1s"', "storm_after = -1", 7, "slack.storm_after", "greater than or equal to 0"),
    ('post_interval = "1.1s"', 'storm_after = "many"', 7, "slack.storm_after", "valid integer"),
    ('post_interval = "1.1s"', "verify_after = []", 7, "slack.verify_after", "at least 1"),
    ('post_interval = "1.1s"', 'verify_after = ["8s", "2s"]', 7, "slack.verify_after", "must rise"),
    ('post_interval = "1.1s"', 'api_url = "ftp://slack.com"', 7, "slack.api_url", "is no web address"),
    ('post_interval = "1.1s"', 'api_url = "slack.com/api/"', 7, "slack.api_url", "is no web address"),
    ('post_interval = "1.1s"', 'api_url = "https://"', 7, "slack.api_url", "is no web address"),
    ('post_interval = "1.1s"', 'api_url = "http://[::1/"', 7, "slack.api_url", "is no web address"),
    ('every = "15m"', 'every = "0.5s"', 12, "feeds[0].every", "must be at least 1s"),
    ('every = "15m"', "every = 1979-05-27", 12, "feeds[0].every", "time span such as"),
    ('every = "15m"', 'every = "9999999d"', 12, "feeds[0].every", "a hundred years"),
    ("enabled = false", 'enabled = "perhaps"', 18, "feeds[1].enabled", "valid boolean"),
    ('name = "forum"', 'name = "news"', 16, "feeds[1].name", "two feeds are called 'news'"),
    ('name = "forum"', "", 15, "feeds[1].name", "is missing and has no default"),
    ('source = "rss"\nenabled', "enabled", 15, "feeds[1].source", "is missing and has no default"),
    ("[[feeds]]", "[feeds]", 9, "feeds", "must be a list"),
    ("[business]", "[[business]]", 1, "business", "several businesses are not supported yet"),
    ("[business]", "busines = 5\n[business]", 1, "busines", "no such setting"),
    ("[slack]", "[slack]\nbot_token = 'xoxb-1-secret'", 6, "slack.bot_token", "MONITOR_SLACK__BOT_TOKEN"),
    ("[slack]", "[slack]\napp_token = 'xapp-1-secret'", 6, "slack.app_token", "slack.app_token_file"),
]


@pytest.mark.parametrize(("line", "instead", "number", "place", "told"), REFUSED)
def test_a_mistake_is_refused_with_its_place_and_what_would_be_right(
    tmp_path: Path, line: str, instead: str, number: int, place: str, told: str
) -> None:
    text = edited(line, instead)
    if instead == "[feeds]":
        text = text[: text.index("\n[[feeds]]")]
    found = problems(tmp_path, text)
    file = tmp_path / "monitor.toml"
    fitting = [one for one in found if told in one]
    assert fitting, found
    assert any(one.startswith(f"{file} line {number}, {place}") for one in fitting), fitting
    assert not any("secret" in one and "xox" in one for one in found)


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ('[digest]\nat = "25:00"', "is no time of day"),
        ('[digest]\nweekly = "mondays"', "is no day of the week"),
        ("[digest]\nweekly = true", "is no day of the week"),
        ('[digest]\nat = "8h"', "is no time of day"),
        ("[digest]\nat = 830", "is no time of day"),
        ("[collect]\nworkers = 0", "greater than or equal to 1"),
        ('[collect]\nlease = "10ms"', "at least 1s"),
        ('[delivery]\nlease = "0"', "at least 1s"),
        ("[scoring]\nmax_chars = 10", "greater than or equal to 200"),
        ('[scoring]\nsensitivity = "extreme"', "'low', 'normal' or 'high'"),
        ("[scoring]\ntransformer = true", "must be a table"),
        ('[scoring.transformer]\nmodel = "a/b"\nmodle = "a/b"', "Known here: model, revision, label"),
        ("[scoring.transformer]\nweight = 0.5", "scoring.transformer.model: is missing"),
        ('[scoring.transformer]\nmodel = "a/b"\nweight = "half"', "scoring.transformer.weight"),
        ('[scoring.transformer]\nmodel = "a/b"\nlanguages = ["English"]', "such as en"),
        ('[scoring.transformer]\nmodel = "a/b"\nmax_tokens = 1', "greater than or equal to 8"),
        ('[http]\ndeadline = "0s"', "at least 1s"),
        ('[storage]\nretention = { rss = "soon" }', "is no time span"),
        ('storage = "sqlite:///x.db"', "must be a table"),
    ],
)
def test_impossible_values_of_other_sections_are_refused(tmp_path: Path, section: str, told: str) -> None:
    text = f"{section}\n{WHOLE}" if section.startswith("storage") else f"{WHOLE}\n{section}\n"
    (problem,) = problems(tmp_path, text)
    assert told in problem
    assert " line " in problem


def test_a_mistake_in_a_table_within_a_table_is_found_there(tmp_path: Path) -> None:
    text = f'{WHOLE}\n[scoring]\nmax_chars = 500\n\n[scoring.transformer]\nmodel = "a/b"\nbatch = 0\n'
    (problem,) = problems(tmp_path, text)
    line = text[: text.index("batch")].count("\n") + 1
    assert problem.startswith(f"{tmp_path / 'monitor.toml'} line {line}, scoring.transformer.batch: ")
    (problem,) = problems(tmp_path, MONITOR_SCORING__TRANSFORMER='{"model": "a/b", "batch": 0}')
    assert problem.startswith("MONITOR_SCORING__TRANSFORMER, scoring.transformer.batch: ")


@pytest.mark.parametrize("told", ['"8:30"', '"08:30"', "08:30:00"])
def test_a_time_of_day_is_written_as_people_do(tmp_path: Path, told: str) -> None:
    assert loaded(tmp_path, f"{WHOLE}\n[digest]\nat = {told}\n").tables.digest.at == time(8, 30)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    text = edited('every = "15m"', 'every = "soon"').replace("[slack]", "[slack]\nbot_token = 'x'\nnope = 1")
    found = problems(tmp_path, text, MONITOR_NONSENSE="1")
    assert len(found) == 4


# ── secrets ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_token_comes_from_a_variable_a_file_or_a_credential(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("xoxb-from-file\n")
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    (credentials / "slack_bot_token").write_text("xoxb-from-systemd\n")
    (credentials / "slack_app_token").write_text("xapp-from-systemd\n")
    systemd = {"CREDENTIALS_DIRECTORY": str(credentials)}
    file = {"MONITOR_SLACK__BOT_TOKEN_FILE": str(tmp_path / "token")}
    variable = {"MONITOR_SLACK__BOT_TOKEN": " xoxb-from-variable "}
    assert loaded(tmp_path, **systemd).bot_token == "xoxb-from-systemd"
    assert loaded(tmp_path, **systemd).app_token == "xapp-from-systemd"
    assert loaded(tmp_path, **systemd, **file).bot_token == "xoxb-from-file"
    assert loaded(tmp_path, **systemd, **file, **variable).bot_token == "xoxb-from-variable"
    assert loaded(tmp_path, MONITOR_SLACK__BOT_TOKEN="").bot_token is None
    assert loaded(tmp_path, MONITOR_SLACK__BOT_TOKEN=" \n").bot_token is None
    by_file = edited("[slack]", '[slack]\nbot_token_file = "token"')
    assert loaded(tmp_path, by_file).bot_token == "xoxb-from-file", "relative to the settings file"


@pytest.mark.parametrize("token", ["xoxb-1 hush", "xoxb-1\nhush", "xoxb-\u2011hush", "xoxb-1\thush"])
def test_a_token_with_more_around_it_is_refused_and_not_shown(tmp_path: Path, token: str) -> None:
    """Sent as it is, it would break each call, and look like a broken connection for ever."""
    (problem,) = problems(tmp_path, MONITOR_SLACK__BOT_TOKEN=token)
    assert problem.startswith("MONITOR_SLACK__BOT_TOKEN: ")
    assert "hush" not in problem
    (tmp_path / "token").write_text(token, "utf-8")
    (problem,) = problems(tmp_path, MONITOR_SLACK__BOT_TOKEN_FILE=str(tmp_path / "token"))
    assert problem.startswith("MONITOR_SLACK__BOT_TOKEN_FILE: ")
    assert "hush" not in problem


def test_a_token_is_never_shown(tmp_path: Path) -> None:
    settings = loaded(tmp_path, MONITOR_SLACK__BOT_TOKEN="xoxb-hush", MONITOR_SLACK__APP_TOKEN="xapp-hush")
    assert "hush" not in repr(settings)
    assert "hush" not in str(settings.tables)


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe"])
def test_a_token_file_without_a_token_is_refused(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    (problem,) = problems(tmp_path, edited("[slack]", '[slack]\nbot_token_file = "token"'))
    assert problem.startswith("MONITOR_SLACK__BOT_TOKEN_FILE: the file token ")


@pytest.mark.parametrize(
    "wrong",
    [
        'channel = "xoxb-12345-hush"',
        'bot_token_file = "xoxb-12345-hush"',
        'post_interval = "xoxb-12345-hush"',
        '"xoxb-12345-hush" = 5',
    ],
)
def test_a_token_in_the_wrong_place_is_not_repeated(tmp_path: Path, wrong: str) -> None:
    found = problems(tmp_path, edited('channel = "C0123456789"', wrong))
    assert found
    assert "hush" not in "".join(found)


# ── init ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_init_writes_can_be_read_and_names_every_key(tmp_path: Path) -> None:
    text = settings_text(
        'Acme "Coffee" \\ \x7f', ["https://a.example/x", "appstore:12", "mastodon:acme"], "UTC", None
    )
    settings = loaded(tmp_path, text)
    assert settings.business.name == 'Acme "Coffee" \\ \x7f'
    assert [feed.name for feed in settings.tables.feeds] == ["rss", "appstore", "mastodon"]
    for section, key in [*KEYS, *(("scoring.transformer", key) for key in TransformerSection.model_fields)]:
        if (section, key) == ("slack", "app_token_file"):
            continue  # nothing uses it yet
        if (section, key) in OF_THEIR_OWN:
            assert re.search(rf"^# \[+{section}\.{key}\]", text, re.M), f"{section}.{key} is not in the file"
            continue
        assert f"{key} = " in text, f"{section}.{key} is not in the file"
    for section in [*Tables.model_fields, "scoring.transformer"]:
        assert f"[{section}]" in text or f"[[{section}]]" in text


def test_what_init_writes_means_the_same_when_its_comments_are_lifted(tmp_path: Path) -> None:
    """The defaults that stand there as comments are the defaults."""
    text = settings_text("Acme", [], "UTC", "C0123456789")
    lifted = [
        line.removeprefix("# ") if re.match(r"# (\[|[a-z_]+ = )", line) else line
        for line in text.splitlines()
        if "_file" not in line
    ]
    tables = loaded(tmp_path, "\n".join(lifted)).tables
    plain = loaded(tmp_path, text).tables
    for section in ("collect", "delivery", "triage", "scoring", "storage"):
        apart = {"retention", "transformer"}
        shown = getattr(tables, section).model_dump(exclude=apart)
        assert shown == getattr(plain, section).model_dump(exclude=apart), section
    assert plain.scoring.transformer is None
    second = tables.scoring.transformer
    assert second is not None
    named = {"model": second.model, "revision": second.revision, "label": second.label}
    assert second == TransformerSection(**named)
    told, default = (
        one.slack.model_dump(exclude={"routes", "praise_channel", "owner"}) for one in (tables, plain)
    )
    assert told == default
    assert tables.slack.routes[0].channel == "C0123456789"
    apart = {"playbooks", "timezone", "holidays", "ladder"}
    assert tables.desk.model_dump(exclude=apart) == plain.desk.model_dump(exclude=apart)
    assert tables.desk.ladder[0] == plain.desk.ladder[0].model_copy(update={"channel": "C0123456789"})
    assert tables.digest.at == plain.digest.at
    assert (tables.http.deadline, tables.http.max_bytes) == (plain.http.deadline, plain.http.max_bytes)
    assert [feed.name for feed in tables.feeds] == ["news"]


def test_every_key_says_what_it_is_for() -> None:
    for section, key in KEYS:
        field = Tables.model_fields[section].annotation.model_fields[key]  # type: ignore[union-attr]
        assert field.description, f"{section}.{key}"
    assert all(field.description for field in FeedSection.model_fields.values())


@pytest.mark.parametrize(
    ("section", "line", "told"),
    [
        ("slack", 'storm_after = "20"', "valid integer"),
        ("slack", "storm_after = 20.0", "valid integer"),
        ("slack", "storm_after = true", "valid integer"),
        ("slack", "storm_age = 60", "no unit"),
        ("triage", "baseline_window = 24", "no unit"),
        ("triage", 'baseline_window = "24"', "no unit"),
        ("scoring", 'max_chars = "5000"', "valid integer"),
        ("business", "name = 7", "valid string"),
        ("http", 'allow_private_hosts = ["http://127.0.0.1/"]', "no host"),
        ("http", 'allow_private_hosts = ["10.0.0.0/8"]', "no host"),
        ("http", 'allow_private_hosts = ["*"]', "no host"),
    ],
)
def test_a_wrong_type_in_the_file_is_refused_and_not_guessed_at(
    tmp_path: Path, section: str, line: str, told: str
) -> None:
    file = tmp_path / "monitor.toml"
    name = "" if section == "business" else 'name = "Acme Coffee"\n'
    head = f"[business]\n{name}" + ("" if section == "business" else f"[{section}]\n")
    file.write_text(f"{head}{line}\n")
    with pytest.raises(ConfigError) as refused:
        load(file, {})
    (problem,) = refused.value.problems
    assert f"line {head.count(chr(10)) + 1}" in problem and told in problem


@pytest.mark.parametrize("line", ['enabled = "no"', 'match = "yes"', "enabled = 0"])
def test_yes_and_no_are_true_and_false(tmp_path: Path, line: str) -> None:
    file = tmp_path / "monitor.toml"
    file.write_text(f'[business]\nname = "Acme Coffee"\n[[feeds]]\nname = "a"\nsource = "rss"\n{line}\n')
    with pytest.raises(ConfigError, match=r"line 6.*valid boolean"):
        load(file, {})


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8080", "[::1]:80", "::1", "feeds.intranet", "localhost:1"]
)
def test_private_hosts_are_names_or_addresses(tmp_path: Path, host: str) -> None:
    tables = loaded(tmp_path, MONITOR_HTTP__ALLOW_PRIVATE_HOSTS=json.dumps([host])).tables
    assert tables.http.allow_private_hosts == (host,)
