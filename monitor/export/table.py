"""Parquet: columns with types of their own, for whoever counts. Needs the extra `parquet`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import IO, Any, cast

from monitor.core.errors import ConfigError
from monitor.core.export import VERSION, Column, Type
from monitor.core.exporting import Kept
from monitor.export.lines import json_text, whole

BATCH = 5_000
GROUP = 50_000
"""Rows of a group: what is held at once, packed."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def write_parquet(
    stream: IO[bytes], what: Kept, columns: tuple[Column, ...], rows: Iterator[list[Any]]
) -> None:
    """Raises ConfigError where the extra is not installed."""
    try:
        from arro3 import core
        from arro3.io import write_parquet as write
    except ImportError:
        raise ConfigError(
            "Parquet needs an extra: run pip install 'complaint-monitor[parquet]', or take --format csv or jsonl"
        ) from None
    arrays = _arrays(core)
    schema = core.Schema([core.Field(column.name, arrays[column.type][0]) for column in columns])
    faults: list[BaseException] = []
    target = cast("IO[bytes]", _Calm(stream, faults))

    def batches() -> Iterator[Any]:
        try:
            while not faults and (batch := list(islice(rows, BATCH))):
                yield core.RecordBatch.from_arrays(
                    [
                        arrays[column.type][1](list(values))
                        for column, values in zip(columns, zip(*batch, strict=True), strict=True)
                    ],
                    schema=schema,
                )
        except BaseException as fault:  # the writer would make words of it
            faults.append(fault)
            raise

    try:
        write(
            core.RecordBatchReader.from_batches(schema, batches()),
            target,
            compression="zstd(3)",
            max_row_group_size=GROUP,
            key_value_metadata={f"complaint-monitor.{what}": str(VERSION)},
        )
    except Exception:
        if not faults:
            raise
    if faults:
        raise faults[0]


class _Calm(io.RawIOBase):
    """A stream that takes everything. The writer does not outlive one that raises: the fault is kept for later."""

    def __init__(self, stream: IO[bytes], faults: list[BaseException]) -> None:
        super().__init__()
        self._stream = stream
        self._faults = faults

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        if not self._faults:
            try:
                self._stream.write(data)
            except BaseException as fault:  # noqa: BLE001
                self._faults.append(fault)
        return len(data)


def _arrays(core: Any) -> dict[Type, tuple[Any, Callable[[list[Any]], Any]]]:
    """How the values of each type lie in a file, and how to make a column of them."""
    text, integer = core.DataType.string(), core.DataType.int64()
    time, number = core.DataType.timestamp("us", tz="UTC"), core.DataType.float64()
    texts = core.DataType.list(core.Field("item", text))

    def lists(values: list[Any]) -> Any:
        ends, flat = [0], []
        for value in values:
            flat += whole(value)
            ends.append(len(flat))
        return core.list_array(
            core.Array(ends, core.DataType.int32()), core.Array(flat, text), type=core.Field("", texts)
        )

    def plain(kind: Any) -> Callable[[list[Any]], Any]:
        return lambda values: core.Array(values, kind)

    def as_numbers(values: list[Any]) -> Any:
        return core.Array([None if v is None else float(v) for v in values], number)

    def times(values: list[Any]) -> Any:
        since = [None if at is None else (at - EPOCH) // MICROSECOND for at in values]
        return core.Array(since, integer).cast(time)

    def objects(values: list[Any]) -> Any:
        return core.Array([None if value is None else json_text(value) for value in values], text)

    return {
        Type.TEXT: (text, lambda values: core.Array([v if v is None else whole(v) for v in values], text)),
        Type.INTEGER: (integer, plain(integer)),
        Type.NUMBER: (number, as_numbers),
        Type.TRUTH: (core.DataType.bool(), plain(core.DataType.bool())),
        Type.TIME: (time, times),
        Type.LIST: (texts, lists),
        Type.OBJECT: (text, objects),
    }
