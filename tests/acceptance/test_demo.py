"""`complaint-monitor demo`: no settings, no network, nothing left behind, and nothing canned."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.collect.ingest import Reading
from monitor.core.store import Account
from monitor.deliver import Delivered
from monitor.demo.play import play
from monitor.demo.server import APP, Places

REVIEWS = f"/us/rss/customerreviews/page=1/id={APP}/sortby=mostrecent/json"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the real command prints where everything around it is hostile to it."""
    here, scratch = tmp_path_factory.mktemp("here"), tmp_path_factory.mktemp("scratch")
    (here / "monitor.toml").write_text("this is no TOML [")
    command = Path(sys.executable).with_name("complaint-monitor")
    nowhere = "http://127.0.0.1:9"
    environ = {**os.environ, "TMPDIR": str(scratch), "HTTP_PROXY": nowhere, "HTTPS_PROXY": nowhere}
    environ |= {"MONITOR_CONFIG": "/nonexistent", "MONITOR_SLACK__BOT_TOKEN": "not-a-token"}
    environ.pop("NO_PROXY", None)
    done = subprocess.run(
        [str(command), "demo"],
        cwd=here,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert list(scratch.iterdir()) == []
    assert [path.name for path in here.iterdir()] == ["monitor.toml"]
    return done.stdout


def scenes(shown: str) -> list[str]:
    return re.split(r"^── .*$", shown, flags=re.M)


def test_cards_tell_severity_customer_place_and_words(shown: str) -> None:
    first = scenes(shown)[1]
    assert "Fictional Fred · notice board (rss)" in first
    assert "“promised to call me back, and nobody called”" in first
    assert "Sample Sam · Mastodon" in first
    assert "Madeup Mia · App Store 3★" in first


def test_old_complaints_come_in_one_message(shown: str) -> None:
    first = scenes(shown)[1]
    assert first.count("BACKLOG") == 1
    told = first[first.index("BACKLOG") :]
    assert all(name in told for name in ("Figment Faye", "Standin Stan", "Nobody Nell"))
    assert "Figment Faye" not in first[: first.index("BACKLOG")]


def test_others_news_our_own_posts_and_excluded_names_alert_nobody(shown: str) -> None:
    for words in ("Bakery", "our van broke down", "anvils"):
        assert words not in shown


def test_a_second_complaint_joins_its_case_and_an_edit_is_told_there(shown: str) -> None:
    first, second = scenes(shown)[1:3]
    sam, mia = (
        re.search(rf"{name}.*?case (\d+)", first, re.S)[1]  # type: ignore[index]
        for name in ("Sample Sam", "Madeup Mia")
    )
    assert f"↳ case {sam}: Sample Sam complained again" in second
    assert f"↳ case {mia}: Madeup Mia edited the post" in second
    assert f"case {sam} (updated)" in second
    assert f"case {mia} (updated)" in second
    assert "Madeup Mia · App Store 1★" in second
    assert "CRITICAL Pretend Petra" in second


def test_the_digest_thanks_and_names_the_feed_that_failed(shown: str) -> None:
    digest = scenes(shown)[3]
    thanks, coverage = digest.index("Thanks ("), digest.index("Listened to\n")
    assert "Priya at the harbour shop" in digest[thanks:coverage]
    assert re.search(r"^hacker news .*: failing .*503", digest[coverage:], re.M | re.S)
    assert "Not everything was heard: hacker news (failing)." in digest[:thanks]


def test_the_account_is_whole(shown: str) -> None:
    account = scenes(shown)[4]
    assert re.search(r"^ +0 +unaccounted$", account, re.M)
    assert re.search(r"^8 complaint mentions", account, re.M)


def test_it_reads_at_80_columns(shown: str) -> None:
    assert [line for line in shown.splitlines() if len(line.rstrip()) > 80 and "https://" not in line] == []


def test_the_readme_shows_what_it_truly_prints(shown: str) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    sample = re.search(r"```text\n(CRITICAL.*?)```", readme, re.S)
    assert sample
    pieces = sample[1].split("[…]")
    assert len(pieces) > 3
    for piece in pieces:
        assert timeless(piece) in timeless(shown)


def timeless(text: str) -> str:
    """Without line breaks, times and case numbers: these differ from run to run."""
    text = re.sub(r"\b\d{1,2} \w{3} \d{4}( \d\d:\d\d UTC)?", "TIME", " ".join(text.split()))
    return re.sub(r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b", "DAY", re.sub(r"\bcase \d+", "case N", text))


class Notes:
    """A stage that keeps what the play came to."""

    def __init__(self) -> None:
        self.readings: list[dict[str, Reading]] = []
        self.sent: list[int] = []

    def scene(self, title: str, words: str) -> None:
        assert words

    def read(self, readings: Sequence[Reading]) -> None:
        self.readings.append({reading.feed: reading for reading in readings})

    def delivered(self, delivered: Delivered) -> None:
        assert not delivered.failed
        assert not delivered.troubles
        self.sent.append(delivered.sent)

    def account(self, account: Account) -> None:
        assert account.unaccounted == 0


def test_every_figure_comes_from_the_real_parts() -> None:
    """In this process, where sockets reach loopback alone."""
    notes = Notes()
    account = play(notes)
    before, after = notes.readings
    assert {name: (r.added, r.complaints, r.unmatched, r.error) for name, r in before.items()} == {
        "notice board": (2, 1, 1, ""),
        "app reviews": (5, 4, 0, ""),
        "hashtag": (3, 1, 0, ""),
        "hacker news": (1, 0, 1, ""),
    }
    assert {name: (r.added, r.updated, r.complaints) for name, r in after.items()} == {
        "notice board": (1, 0, 1),
        "app reviews": (0, 1, 0),
        "hashtag": (1, 0, 1),
        "hacker news": (0, 0, 0),
    }
    assert "503" in after["hacker news"].error
    # three cards and the backlog; then a card, two replies and two cards drawn anew
    assert notes.sent == [4, 5]
    assert (account.complaints, account.delivered, account.summarised, account.queued) == (8, 5, 3, 0)


def test_sample_dates_are_as_old_as_they_say_whenever_they_are_served() -> None:
    places = Places(NOW)
    try:
        _, _, news = places.answer("/news.xml")
        assert "<pubDate>Mon, 23 Nov 2026 10:00:00 +0000</pubDate>" in news
        hit = json.loads(places.answer("/api/v1/search_by_date?query=x")[2])["hits"][0]
        five_hours_ago = NOW - timedelta(hours=5)
        assert datetime.fromisoformat(hit["created_at"]) == five_hours_ago
        assert hit["created_at_i"] == five_hours_ago.timestamp()
        for _ in range(2):
            for target in ("/news.xml", REVIEWS, "/api/v1/timelines/tag/acmecoffee"):
                status, _, document = places.answer(target)
                assert status == 200
                assert "@" not in re.sub(r"/@\w+", "", document)
            places.time_passes()
    finally:
        places.close()
