"""What every part of the transaction stands on: its connection, and lists cut to what a statement takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import CursorResult
from sqlalchemy.sql import Executable

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


def batches(items: Sequence[T]) -> Iterator[list[T]]:
    """Lists of at most 500: databases limit the variables of one statement."""
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch
