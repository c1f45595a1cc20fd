"""The memory of the product: a transaction that does everything, and the store that hands it out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from monitor.core.happening import Follower
from monitor.core.store import Transaction
from storage.applying import Applying
from storage.cases import Cases
from storage.copies import Copies
from storage.customers import Customers
from storage.database import Database
from storage.export import Export
from storage.facts import Facts
from storage.feeds import Feeds
from storage.labels import Labels
from storage.listeners import Listeners
from storage.noticing import Noticing
from storage.outbox import Outbox
from storage.pace import Pace
from storage.promises import Promises
from storage.recounting import Recounting
from storage.rereading import Rereading
from storage.rules import Rules


class SqlTransaction(
    Feeds,
    Customers,
    Copies,
    Applying,
    Export,
    Cases,
    Promises,
    Labels,
    Rules,
    Rereading,
    Outbox,
    Pace,
    Noticing,
    Listeners,
    Facts,
    Recounting,
):
    """Everything that is done within one transaction, on one connection."""

    def __init__(self, connection: Connection, followers: tuple[Follower, ...] = ()) -> None:
        super().__init__(connection)
        self.followers = followers


class SqlStore:
    """A `monitor.core.ports.Store` in SQLite or PostgreSQL. Safe to share between threads.

    `followers` are told of every change of a case, in the transaction that makes it."""

    def __init__(self, database: Database, followers: tuple[Follower, ...] = ()) -> None:
        self._database = database
        self._followers = followers

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._database.write() as connection:
            yield SqlTransaction(connection, self._followers)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        with self._database.read() as connection:
            yield SqlTransaction(connection)

    def close(self) -> None:
        self._database.close()
