"""What every part of the transaction stands on: its connection, and lists cut to what a statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Dialect, Table, case, insert
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler

from storage.columns import Moment, as_text, aware
from storage.database import BATCH

T = TypeVar("T")


class Part:
    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def _change(self, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> int:
        """Run it; the number of rows changed, over all of `rows`."""
        if rows is not None and not rows:
            return 0
        result = self._db.execute(statement, rows) if rows is not None else self._db.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows of the same columns by the driver's own `executemany`.

        Core would spend as much on binding each row's values as the database on storing them.
        """
        if not rows:
            return
        dialect = self._db.dialect
        statement, places, moments = _prepared(table, tuple(rows[0]), dialect)
        bound = aware if dialect.name == "postgresql" else as_text
        for row in rows:
            for moment in moments:
                if row[moment] is not None:
                    row[moment] = bound(row[moment])
        in_order = itemgetter(*places) if places else dict
        self._db.exec_driver_sql(statement, [in_order(row) for row in rows])


@lru_cache
def _prepared(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """The statement, the columns in the order of its places (none: they have names), those that hold moments."""
    compiled = insert(table).compile(dialect=dialect, column_keys=columns)
    assert isinstance(compiled, SQLCompiler)
    moments = tuple(column for column in columns if isinstance(table.c[column].type, Moment))
    return str(compiled), tuple(compiled.positiontup or ()), moments


def beside(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, but not one to choose an index by: SQLite, which counts no rows, would rather look
    up all of a business or all that is due than walk the few rows of the index that was made for the query."""
    return case((condition, 1), else_=0) == 1


def batches(items: Sequence[T]) -> Iterator[list[T]]:
    """Lists of at most 500: databases limit the variables of one statement."""
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
