"""Whether the service can do its work, and what is known of each feed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, NOW

from monitor.core.day import coverage_of
from monitor.core.errors import StoreError
from monitor.core.store import FeedState, Transaction
from monitor.health import STUCK_AFTER, alive, read_status
from storage.engine import open_store
from storage.store import SqlStore

DAY = timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield store
    store.close()


class Gone:
    """A database that does not answer."""

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        raise StoreError("the database is gone")
        yield

    write = read

    def close(self) -> None: ...


def leased(store: SqlStore, name: str) -> None:
    with store.write() as tx:
        tx.register_feed(name, "rss", ACME.key, NOW)
        assert tx.lease_feed(name, "t", NOW, NOW + timedelta(minutes=5))


def test_it_is_alive_until_a_feed_is_held_far_beyond_its_lease(store: SqlStore) -> None:
    leased(store, "news")
    end = NOW + timedelta(minutes=5)
    assert alive(store, ["news"], NOW)
    assert alive(store, ["news"], end + STUCK_AFTER - timedelta(seconds=1))
    assert not alive(store, ["news"], end + STUCK_AFTER)


def test_a_lease_that_a_killed_import_left_behind_stops_no_heart(store: SqlStore) -> None:
    leased(store, "imported")
    assert alive(store, ["news"], NOW + 30 * DAY)


def test_without_a_database_it_is_not_alive() -> None:
    assert not alive(Gone(), [], NOW)


def state(**more: object) -> FeedState:
    return FeedState("news", "rss", ACME.key, None, NOW, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("feed", "heard", "expected"),
    [
        (state(), 0, "new"),
        (state(last_success=NOW, baselined=NOW), 3, "heard"),
        (state(last_success=NOW, baselined=NOW), 0, "quiet"),
        (state(last_success=NOW, last_heard=NOW - 7 * DAY), 0, "quiet"),
        (state(last_success=NOW, last_heard=NOW - 8 * DAY), 0, "silent"),
        (state(last_success=NOW, baselined=NOW - 8 * DAY), 0, "silent"),
        (state(last_success=NOW, last_heard=NOW - 8 * DAY), 1, "heard"),
        (state(failures=1, last_success=NOW, last_error="no"), 5, "failing"),
        (state(failures=1), 0, "failing"),
    ],
)
def test_failing_and_silent_are_never_mistaken_for_quiet(feed: FeedState, heard: int, expected: str) -> None:
    covered = coverage_of(feed, heard, NOW)
    assert covered.state == expected
    assert covered.error == ("no" if feed.last_error else "")
    assert coverage_of(feed, heard, NOW, paused=True).state == "paused"


def test_the_state_of_a_feed_knows_the_settings(store: SqlStore) -> None:
    with store.write() as tx:
        for name, source in (("on", "rss"), ("off", "rss"), ("dropped", "rss"), ("shop", "files")):
            tx.register_feed(name, source, ACME.key, NOW)
    status = read_status(store, ["on"], ["on", "off"], NOW)
    assert {feed.name: told for feed, told in status.feeds} == {
        "on": "new",
        "off": "paused",
        "dropped": "removed",
        "shop": "imported",
    }
    facts = status.facts()
    assert {"mentions", "complaints", "cases", "outbox", "feeds"} <= facts.keys()
    assert facts["feeds"][0]["next_due"] == "2026-11-22T12:00:00Z"
