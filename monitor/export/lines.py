"""CSV and JSONL: a line for each row (in CSV a quoted cell may hold line ends of its own)."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import IO, Any

from monitor.core.export import Column, Type
from monitor.core.exporting import Kept
from monitor.core.fingerprint import sound

FORMULA = re.compile(
    "(?<![^;\t\r\n])(?=[ ']*[=+\\-@\uff1d\uff0b\uff0d\uff20])"  # where a cell may begin, and a sign that runs it
    "|\\A(?=[ ']*[\t\r\n])"  # some take these away, and then look
)
"""Where an apostrophe goes, so that no spreadsheet runs it; the last four (full-width signs) are run in some languages.

A cell may begin in the middle too: where lists are parted by semicolons, a spreadsheet opens the file with these, and
knows no quotes that stand within a cell. Apostrophes before a sign count, so that taking one away always gives back
what was there; blanks, because some programs drop them.
"""
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""They steer terminals, and no spreadsheet takes them."""

_JSON = json.JSONEncoder(separators=(",", ":"), allow_nan=False)


def write_csv(stream: IO[bytes], what: Kept, columns: tuple[Column, ...], rows: Iterator[list[Any]]) -> None:
    """As RFC 4180 has it, in UTF-8 without a byte order mark."""
    text = io.TextIOWrapper(stream, "utf-8", newline="", write_through=False)
    try:
        out = csv.writer(text)
        out.writerow(column.name for column in columns)
        cells = [_CELLS.get(column.type) for column in columns]
        for row in rows:
            out.writerow(
                [
                    value if cell is None or value is None else cell(value)
                    for cell, value in zip(cells, row, strict=True)
                ]
            )
        text.flush()
    finally:
        text.detach()  # or it would close what it was lent


def write_jsonl(
    stream: IO[bytes], what: Kept, columns: tuple[Column, ...], rows: Iterator[list[Any]]
) -> None:
    """An object a line. All beyond ASCII is escaped: the words come out exactly, and steer no terminal on the way."""
    names = [column.name for column in columns]
    values = [_VALUES.get(column.type) for column in columns]
    for row in rows:
        told = {
            name: value if plain is None or value is None else plain(value)
            for name, plain, value in zip(names, values, row, strict=True)
        }
        stream.write(_JSON.encode(told).encode() + b"\n")


def cell(text: str) -> str:
    """Text that no spreadsheet runs and no terminal obeys."""
    text = sound(text)[0]
    if CONTROLS.search(text):
        text = CONTROLS.sub("\ufffd", text)
    return FORMULA.sub("'", text)


def moment(at: datetime) -> str:
    """Always of one width, so that it sorts as text too."""
    return f"{at.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def whole(value: Any) -> Any:
    """The same value, its texts without what UTF-8 cannot hold."""
    if isinstance(value, str):
        return sound(value)[0]
    if isinstance(value, dict):
        return {sound(str(name))[0]: whole(one) for name, one in value.items()}
    return [whole(one) for one in value] if isinstance(value, list | tuple) else value


def json_text(value: Any) -> str:
    return _JSON.encode(whole(value))


def json_cell(value: Any) -> str:
    """The same JSON without a semicolon: see FORMULA."""
    return json_text(value).replace(";", "\\u003b")


_CELLS: dict[Type, Callable[[Any], Any]] = {
    Type.TEXT: cell,
    Type.TRUTH: lambda value: "true" if value else "false",
    Type.TIME: moment,
    Type.LIST: json_cell,
    Type.OBJECT: json_cell,
}
_VALUES: dict[Type, Callable[[Any], Any]] = {
    Type.TEXT: whole,
    Type.TIME: moment,
    Type.LIST: whole,
    Type.OBJECT: whole,
}
