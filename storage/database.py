"""The database itself: where it is, and how its transactions begin and end."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, get_ident
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from monitor.core.errors import ConfigError, StoreError
from storage.faults import CANNOT_OPEN, LOCKED, place, plainly

PATIENCE = 30.0
"""Seconds a writer waits for its turn."""

BATCH = 500
"""Rows a statement."""

TURN = 0x636F6D70
"""The advisory lock by which writers on PostgreSQL take turns."""


class Database:
    """One database and the two ways into it. Safe to share between threads."""

    def __init__(self, url: URL, *, patience: float = PATIENCE) -> None:
        self.url = url
        self.sqlite = url.get_backend_name() == "sqlite"
        self.patience = patience
        self.engine = _sqlite(url, patience) if self.sqlite else _postgres(url, patience)
        event.listen(self.engine, "begin", self._begin)
        self._turn = Lock()
        self._writer: int | None = None

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that may write, alone of its kind in the world. Raises StoreError.

        Threads queue here and not in SQLite, where waiting means sleeping and asking again.
        """
        if self._writer == get_ident():
            raise RuntimeError("a write() inside a write() would wait for itself")
        if not self._turn.acquire(timeout=self.patience):
            raise StoreError(LOCKED.format(where=place(self.url)))
        self._writer = get_ident()
        try:
            with self._transaction("write") as connection:
                yield connection
        finally:
            self._writer = None
            self._turn.release()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view, in which writing fails. Raises StoreError."""
        with self._transaction("read") as connection:
            yield connection

    @contextmanager
    def _transaction(self, purpose: str) -> Iterator[Connection]:
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(purpose=purpose)
                with connection.begin():
                    yield connection
        except SQLAlchemyError as fault:
            raise plainly(fault, self.url) from None

    def _begin(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get("purpose") == "write"
        run = connection.exec_driver_sql
        if self.sqlite:
            run(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
            run("BEGIN IMMEDIATE" if writes else "BEGIN")
        elif writes:
            # the lock comes first: every statement after it sees what the writer before has committed
            run(f"SELECT pg_advisory_xact_lock({TURN})")
        else:
            run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")


def locate(url: str, settings_dir: Path | None = None) -> URL:
    """Read `storage.url`. A relative SQLite path counts from the folder of the settings. Raises ConfigError."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ConfigError(
            "storage.url is no database address: write sqlite:///monitor.db or postgresql+psycopg://..."
        ) from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in ("sqlite", "sqlite+pysqlite"):
        raise ConfigError(
            f"storage.url: {parsed.drivername} is not supported: "
            "write sqlite:///monitor.db or postgresql+psycopg://..."
        )
    if not parsed.database or parsed.database == ":memory:" or parsed.database.startswith("file:"):
        raise ConfigError("storage.url: SQLite needs a file to remember in, such as sqlite:///monitor.db")
    if parsed.query or parsed.host:
        raise ConfigError(
            "storage.url: write a SQLite path as sqlite:///monitor.db or sqlite:////full/path.db"
        )
    path = Path(parsed.database).expanduser()
    path = path if path.is_absolute() else (settings_dir or Path()).absolute() / path
    if not path.parent.is_dir():
        raise ConfigError(
            f"storage.url: the folder {path.parent} does not exist. Create it, or name another."
        )
    if path.is_dir():
        raise ConfigError(f"storage.url: {path} is a folder; name a file in it.")
    return parsed.set(drivername="sqlite", database=str(path))


def prepare_file(database: Database) -> None:
    """Create a SQLite file for its owner alone (its -wal and -shm take after it) and turn on the WAL."""
    path = Path(str(database.url.database))
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError:
        raise StoreError(CANNOT_OPEN.format(where=place(database.url))) from None
    deadline = time.monotonic() + database.patience
    while True:
        try:
            with database.engine.connect() as connection:
                raw = connection.connection.driver_connection
                assert isinstance(raw, sqlite3.Connection)
                if raw.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    raw.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as fault:
            # the busy handler is not asked for this one: two first starts at once meet here
            if fault.sqlite_errorname == "SQLITE_BUSY" and time.monotonic() < deadline:
                time.sleep(0.02)
                continue
            raise plainly(_wrapped(fault), database.url) from None
        except sqlite3.DatabaseError as fault:
            raise plainly(_wrapped(fault), database.url) from None
        except SQLAlchemyError as fault:
            raise plainly(fault, database.url) from None


def _wrapped(fault: sqlite3.DatabaseError) -> SQLAlchemyError:
    from sqlalchemy.exc import DatabaseError

    return DatabaseError("", None, fault)


def _sqlite(url: URL, patience: float) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        insertmanyvalues_page_size=BATCH,
        max_overflow=64,
        connect_args={"timeout": patience, "check_same_thread": False, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def settle_in(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        # a commit that a power cut could undo would send its message twice: NORMAL does not sync the WAL
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -32768")
        connection.execute("PRAGMA temp_store = MEMORY")

    return engine


def _postgres(url: URL, patience: float) -> Engine:
    try:
        return create_engine(
            url,
            hide_parameters=True,
            insertmanyvalues_page_size=BATCH,
            max_overflow=64,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": 10,
                "application_name": "complaint-monitor",
                # a stricter default would freeze a writer's view before its turn has come
                "options": f"-c timezone=UTC -c lock_timeout={int(patience * 1000)} "
                "-c default_transaction_isolation=read\\ committed",
            },
        )
    except ModuleNotFoundError:
        raise ConfigError(
            "storage.url names PostgreSQL, but its driver is not installed: "
            "run pip install 'complaint-monitor[postgres]'"
        ) from None
