"""The memory of the product: a transaction that does everything, and the store that hands it out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from monitor.core.store import Transaction
from storage.applying import Applying
from storage.cases import Cases
from storage.copies import Copies
from storage.customers import Customers
from storage.database import Database
from storage.facts import Facts
from storage.feeds import Feeds
from storage.labels import Labels
from storage.listeners import Listeners
from storage.outbox import Outbox
from storage.pace import Pace
from storage.promises import Promises
from storage.recounting import Recounting
from storage.rereading import Rereading
from storage.rules import Rules
from storage.storm import Folding


class SqlTransaction(
    Feeds,
    Customers,
    Copies,
    Applying,
    Cases,
    Promises,
    Labels,
    Rules,
    Rereading,
    Outbox,
    Pace,
    Folding,
    Listeners,
    Facts,
    Recounting,
):
    """Everything that is done within one transaction, on one connection."""


class SqlStore:
    """A `monitor.core.ports.Store` in SQLite or PostgreSQL. Safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._database.write() as connection:
            yield SqlTransaction(connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self._database.read() as connection:
            yield SqlTransaction(connection)

    def close(self) -> None:
        self._database.close()
