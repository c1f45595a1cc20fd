"""What every part of the transaction stands on: its connection, and lists cut to what a statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Connection,
    Dialect,
    String,
    Table,
    any_,
    bindparam,
    case,
    func,
    insert,
    select,
)
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler

from storage.columns import Moment, as_text, aware, dumps
from storage.database import BATCH

T = TypeVar("T")


class Part:
    def __init__(self, connection: Connection) -> None:
        self._db = connection
        self._sqlite = connection.dialect.name == "sqlite"

    def _change(self, statement: Executable, rows: Sequence[dict[str, Any]] | None = None) -> int:
        """Run it; the number of rows changed, over all of `rows`."""
        if rows is not None and not rows:
            return 0
        result = self._db.execute(statement, rows) if rows is not None else self._db.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount

    def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        """Insert many rows of the same columns."""
        if rows:
            self._insert_columns(table, {column: [row[column] for row in rows] for column in rows[0]})

    def _insert_columns(self, table: Table, columns: Mapping[str, Sequence[Any]]) -> None:
        """Insert many rows, given by columns, by the driver's own `executemany`.

        Core would spend as much on binding each row's values as the database on storing them. A column without
        any value is left out, and SQLite gets numbers for truths: its driver spends ten times as much on None
        and on True as on a number.
        """
        dialect = self._db.dialect
        filled = tuple(name for name, values in columns.items() if values.count(None) < len(values))
        if not filled:
            return
        statement, places, moments, truths = _prepared(table, filled, dialect)
        bound = as_text if self._sqlite else aware
        given = {name: columns[name] for name in filled}
        for name in moments:
            given[name] = [None if value is None else bound(value) for value in given[name]]
        if self._sqlite:
            for name in truths:
                given[name] = [None if value is None else int(value) for value in given[name]]
        rows = zip(*(given[name] for name in places or filled), strict=True)
        in_order = list(rows) if places else [dict(zip(filled, row, strict=True)) for row in rows]
        self._db.exec_driver_sql(statement, in_order)


@lru_cache
def _prepared(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The statement, the columns in the order of its places (none: they have names), and those that hold moments
    and truths."""
    compiled = insert(table).compile(dialect=dialect, column_keys=columns)
    assert isinstance(compiled, SQLCompiler)
    moments = tuple(column for column in columns if isinstance(table.c[column].type, Moment))
    truths = tuple(column for column in columns if isinstance(table.c[column].type, Boolean))
    return str(compiled), tuple(compiled.positiontup or ()), moments, truths


def among(column: ColumnElement[str], sqlite: bool) -> ColumnElement[bool]:
    """Whether the column is one of the texts that `listed` makes one value of, to be bound as `:names`.

    A condition that does not change with them is compiled once, and hundreds of values are not bound one by one.
    """
    if sqlite:
        return column.in_(select(func.json_each(bindparam("names")).table_valued("value").c.value))
    return column == any_(bindparam("names", type_=ARRAY(String)))


def listed(names: Sequence[str], sqlite: bool) -> object:
    return dumps(names) if sqlite else list(names)


def beside(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same condition, but not one to choose an index by: SQLite, which counts no rows, would rather look
    up all of a business or all that is due than walk the few rows of the index that was made for the query."""
    return case((condition, 1), else_=0) == 1


def batches(items: Sequence[T]) -> Iterator[list[T]]:
    """Lists of at most 500: databases limit the variables of one statement."""
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
