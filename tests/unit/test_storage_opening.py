"""Opening a database: where it is, who may read it, and what is said when it does not open."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event

from monitor.core.errors import ConfigError, Conflict, StoreError
from monitor.core.intents import Plan
from storage.database import Database, locate
from storage.engine import migrate_store, open_store
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, FEED, NOW, SOURCE, bad, by, hear, said


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = temporary_store(tmp_path)
    yield store
    store.close()


def test_a_relative_path_counts_from_the_settings(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    open_store("sqlite:///here/a b%.db", settings_dir=tmp_path).close()
    assert (tmp_path / "here" / "a b%.db").stat().st_size > 0


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/x.db", settings_dir=tmp_path / "elsewhere").close()
    assert (tmp_path / "x.db").exists()


def test_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        store = temporary_store(tmp_path)
        with store.write() as tx:
            tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
        store.close()
    finally:
        os.umask(before)
    assert modes == {"monitor.db": 0o600, "monitor.db-wal": 0o600, "monitor.db-shm": 0o600}


def test_a_commit_outlives_a_power_cut_and_references_are_kept(store: SqlStore) -> None:
    raw = store._database.engine.raw_connection()
    found = [
        raw.cursor().execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys")
    ]
    raw.close()
    assert found == ["wal", 2, 1]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sqlite:///no/such/folder/x.db", "does not exist"),
        ("sqlite://", "needs a file"),
        ("sqlite:///:memory:", "needs a file"),
        ("sqlite:///file:x?mode=memory&uri=true", "needs a file"),
        ("sqlite://host/x.db", "sqlite:///"),
        ("sqlite:///x.db?timeout=1", "sqlite:///"),
        ("mysql://user:hunter2@host/db", "not supported"),
        ("nonsense hunter2", "no database address"),
        ("", "no database address"),
        ("sqlite:///.", "is a folder"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_words(tmp_path: Path, url: str, told: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        open_store(url, settings_dir=tmp_path)
    assert told in str(refusal.value)
    assert "storage.url" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


def test_both_spellings_of_postgres_are_understood() -> None:
    for scheme in ("postgresql", "postgresql+psycopg", "postgres"):
        assert locate(f"{scheme}://u:p@h/d").drivername == "postgresql+psycopg"


def test_a_postgres_that_does_not_answer_is_named_without_its_password() -> None:
    url = "postgresql+psycopg://acme:hunter2@127.0.0.1:1/reviews"
    for attempt in (open_store, migrate_store):
        with pytest.raises(StoreError) as fault:
            attempt(url)
        told = str(fault.value)
        assert "'reviews' at 127.0.0.1" in told and "does not answer" in told
        assert "hunter2" not in told and "acme" not in told
        assert fault.value.__cause__ is None and fault.value.__suppress_context__


def test_something_else_in_the_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "monitor.db"
    path.write_bytes(b"these are the minutes of a meeting, and no database at all" * 40)
    with pytest.raises(StoreError, match="not a database of Complaint Monitor"):
        temporary_store(tmp_path)
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE invoices (id)")
    other.close()
    with pytest.raises(StoreError, match="not a database of Complaint Monitor"):
        temporary_store(tmp_path)
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("invoices",)]
    other.close()


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").symlink_to("/proc/version_that_is_not_there/x")
    with pytest.raises(StoreError, match="cannot be opened"):
        temporary_store(tmp_path)


def test_a_locked_database_is_waited_for_and_then_named(tmp_path: Path) -> None:
    temporary_store(tmp_path).close()
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path, patience=0.05)
    holder = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="locked by another process") as fault, store.write():
        pytest.fail("two writers at once")  # pragma: no cover
    assert not isinstance(fault.value, Conflict)
    with store.read() as tx:
        assert tx.feeds() == []
    holder.execute("ROLLBACK")
    holder.close()
    with store.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
    store.close()


def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path) -> None:
    temporary_store(tmp_path).close()
    database = Database(locate("sqlite:///monitor.db", tmp_path))
    event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA max_page_count = 60"))
    store = SqlStore(database)
    with pytest.raises(StoreError, match="no room left on the disk"), store.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
        hear(tx, *(bad(said(str(n), "long words " * 100, author=by(f"c{n}"))) for n in range(400)))
    with store.write() as tx:
        assert (tx.counts(), tx.feeds()) == ((0, 0, {}, {}), [])
        assert hear(tx, bad(said("1"))).added == 1
    store.close()


def test_no_error_holds_a_customers_words(store: SqlStore) -> None:
    page = bad(said("1", "SECRET WORDS", author=by("secretperson")))
    with store.write() as tx:
        hear(tx, page)
        case = tx.cases()[0]
    with pytest.raises(Conflict) as fault, store.write() as tx:
        tx.apply(Plan(cases=[replace(case, id=-1)]), BUSINESS, FEED, NOW)
    assert "secret" not in str(fault.value).lower()
    assert fault.value.__suppress_context__ and fault.value.__cause__ is None
