"""From the store into a file, row by row.

store -> [ ONE VIEW: rows -> values of the columns -> the format's writer ] -> temporary file -> its name
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from monitor.core.errors import MonitorError
from monitor.core.export import COLUMNS, Column
from monitor.core.exporting import Kept, Span
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.export.lines import write_csv, write_jsonl
from monitor.export.table import write_parquet
from monitor.saving import OWNER, saved

Write = Callable[[IO[bytes], Kept, tuple[Column, ...], Iterator[list[Any]]], None]


class Format(StrEnum):
    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


FORMATS: dict[Format, Write] = {
    Format.CSV: write_csv,
    Format.JSONL: write_jsonl,
    Format.PARQUET: write_parquet,
}


def export(
    store: Store,
    what: Kept,
    business: str,
    span: Span,
    format: Format,  # noqa: A002
    to: Path | IO[bytes],
    *,
    begun: Callable[[Callable[[], int]], Callable[[int], None]] = lambda _: lambda _: None,
) -> int:
    """Write everything of that kind. Returns how many rows.

    `to`: a file, which is there whole or not at all, or an open stream. `begun` is handed a way to count the rows,
    and answers whom to tell of each. Raises MonitorError where the file cannot be written, ConfigError where the
    format needs something that is not installed, StoreError.
    """
    count = 0
    columns = COLUMNS[what]

    def values(tx: Transaction, told: Callable[[int], None]) -> Iterator[list[Any]]:
        nonlocal count
        for row in _rows(tx, what, business, span):
            yield [column.value(row) for column in columns]
            count += 1
            told(1)

    with _placed(to) as stream, store.read() as tx:
        told = begun(lambda: tx.how_many(what, business, span))
        FORMATS[format](stream, what, columns, values(tx, told))
    return count


@contextmanager
def _placed(to: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    if isinstance(to, Path):
        with saved(to, OWNER, instead="name another, or write to standard output with --to -") as stream:
            yield stream
        return
    try:
        yield to
        to.flush()
    except BrokenPipeError:  # whoever reads has enough
        raise
    except OSError as fault:
        raise MonitorError(f"the output cannot be written: {fault.strerror or fault}") from None


def _rows(tx: Transaction, what: Kept, business: str, span: Span) -> Iterator[Any]:
    match what:
        case Kept.MENTIONS:
            return tx.every_mention(business, span)
        case Kept.CASES:
            return tx.every_case(business, span)
        case Kept.EVENTS:
            return tx.every_event(business, span)
