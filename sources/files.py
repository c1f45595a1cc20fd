"""Reviews in a file: CSV (comma, semicolon or tab) or JSON lines, as every review site exports them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.core.errors import BadPayload, Gone, Unreachable
from monitor.core.model import NOBODY, NOWHERE, Author, Feed, Mention, Page, Place, Rating, Rejected
from monitor.core.ports import Http
from sources.text import instant, language_code, web_address

FIELDS = ("id", "text", "title", "author", "published", "rating", "url", "lang", "place")
ALSO = {
    "stars": "rating",
    "date": "published",
    "language": "lang",
    "location": "place",
    "body": "text",
    "review": "text",
}
"""Other names that columns go by, read when the proper name is missing."""
PAGE = 1_000
"""Rows that are stored together: each commit waits for the disk."""
TELLING_ID = 8
"""An id shorter than this (a row number, say) tells rows apart within its own feed only: two exports that both
have a row 17 do not speak of the same review. A longer one is the same review in next month's export."""
LONGEST_ID = 200
UNMARKED = 200
"""Bytes that are looked at for an encoding that the file does not name."""
LONGEST_FIELD = 64_000_000
NAMELESS = frozenset(
    [
        "-",
        "a google user",
        "anon",
        "anonym",
        "anonymous",
        "guest",
        "n/a",
        "na",
        "none",
        "null",
        "unknown",
        "user",
    ]
)
"""What exports write where they do not know who spoke: no two of these are known to be one person."""


class FilesOptions(BaseModel):
    model_config = ConfigDict(extra="forbid")

    path: Path = Field(description="The file: .csv, or .jsonl with one object a line.")
    map: dict[str, str] = Field(default_factory=dict, description="Our field = the file's column.")
    scale: float = Field(5, gt=0, le=1000, description="The best grade of the file's ratings.")

    @field_validator("map")
    @classmethod
    def _known_fields(cls, columns: dict[str, str]) -> dict[str, str]:
        columns = {"rating" if ours == "stars" else ours: theirs for ours, theirs in columns.items()}
        if unknown := sorted(columns.keys() - set(FIELDS)):
            raise ValueError(f"no such field: {', '.join(unknown)}; fields are {', '.join(FIELDS)}")
        return columns


class Files:
    """One file, read as a whole whenever it has changed."""

    name: ClassVar[str] = "files"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = False
    Options: ClassVar[type[FilesOptions]] = FilesOptions

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        """Pages of 1,000 rows. Raises Gone (no such file), Unreachable (not readable), BadPayload (no text column)."""
        options: FilesOptions = feed.options
        try:
            stat = options.path.stat()
        except FileNotFoundError:
            raise Gone(f"there is no file {options.path}") from None
        except OSError as fault:
            raise Unreachable(f"{options.path} cannot be read: {fault.strerror}") from None
        mark = {"path": str(options.path), "size": stat.st_size, "modified": stat.st_mtime_ns}
        if feed.cursor is not None and dict(feed.cursor) == mark:
            yield Page((), mark, unchanged=True)
            return
        for page in read(options.path, feed.name, options.map, options.scale):
            # the mark is passed with the last page alone: a reading that broke off starts again
            yield Page(page.mentions, feed.cursor or {}, page.rejected)
        yield Page((), mark)


def read(path: Path, feed: str, columns: Mapping[str, str], scale: float) -> Iterator[Page]:
    """The file's rows as pages. A row that cannot be read is rejected with its line number.

    Raises Unreachable, or BadPayload when no row could have a text at all. `columns`: our field to the file's
    column. A row without an id gets one from text, author, date and how often the same came before, so that the
    same file read again is recognised row by row.
    """
    found = rows(path, lambda header: _check(header, columns, path))
    seen: Counter[str] = Counter()
    while chunk := list(islice(found, PAGE)):
        mentions, rejected = [], []
        for line, row in chunk:
            try:
                if isinstance(row, str):
                    raise ValueError(row)
                mentions.append(_mention(_fields(row, columns), feed, scale, seen))
            except ValueError as fault:
                rejected.append(Rejected(f"line {line}", str(fault)))
        yield Page(tuple(mentions), {}, tuple(rejected))


Row = tuple[int, dict[str, Any] | str]
"""Line number, and the row's fields by their lower-case names, or what is wrong with it."""


def rows(path: Path, check: Callable[[Sequence[str]], None]) -> Iterator[Row]:
    """The file's rows, whatever their fields mean. `check` sees the header of a CSV before its first row, and may
    raise. Raises Unreachable."""
    text = _text(path)
    yield from _json_lines(text) if _is_json(path, text) else _csv(text, check)


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise Unreachable(f"there is no file {path}") from None
    except OSError as fault:
        raise Unreachable(f"{path} cannot be read: {fault.strerror}") from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", "replace")
    if wide := _unmarked(raw[:UNMARKED]):
        return raw.decode(wide, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        mended = raw.decode("utf-8-sig", "replace")
    broken = mended.count("\ufffd")
    if sum(not sign.isascii() for sign in mended) > 2 * broken:
        # UTF-8 with a few bytes lost, such as a file that was cut off
        return mended
    # spreadsheets on Windows still write this
    return raw.decode("cp1252", "replace")


def _unmarked(beginning: bytes) -> str | None:
    """UTF-16 that does not say so: every other byte of plain words is zero, as in no other writing."""
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(beginning) > 1 and 2 * beginning[first::2].count(0) > len(beginning[first::2]):
            return name
    return None


def _is_json(path: Path, text: str) -> bool:
    return path.suffix.lower() in (".jsonl", ".ndjson", ".json") or text.lstrip()[:1] == "{"


def _json_lines(text: str) -> Iterator[Row]:
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as fault:
            yield number, f"not JSON: {fault}"
            continue
        if isinstance(row, dict):
            yield number, {str(key).strip().lower(): value for key, value in row.items()}
        else:
            yield number, "not a JSON object: one object a line is needed"


def _check(header: Sequence[str], columns: Mapping[str, str], path: Path) -> None:
    wanted = columns.get("text", "text").strip().lower()
    usable = {wanted, "title", *(alias for alias, ours in ALSO.items() if ours == "text"), "rating", "stars"}
    missing = [f"{ours}={theirs}" for ours, theirs in columns.items() if theirs.strip().lower() not in header]
    if missing or not usable & set(header):
        found = ", ".join(header) or "nothing"
        need = f"no column for --map {', '.join(missing)}" if missing else "no column called text"
        raise BadPayload(f"{path.name}: {need}. Found: {found}. Name it with --map text=COLUMN.")


def _csv(text: str, check: Callable[[Sequence[str]], None]) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    lines = list(io.StringIO(text, newline=""))
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    reader = csv.reader(iter(lines), delimiter=delimiter)
    header = [name.strip().lower() for name in next(reader, [])]
    check(header)
    passed = 0  # lines before those the reader counts
    while True:
        start = passed + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            yield start, f"not CSV: {fault}"
            continue
        if _torn(lines[start - 1 : passed + reader.line_num], delimiter):
            yield start, "a quote is opened here and not closed properly; reading goes on with the next line"
            passed, reader = start, csv.reader(iter(lines[start:]), delimiter=delimiter)
        elif len(cells) > len(header):
            yield start, f"{len(cells)} cells where the header names {len(header)} columns (a missing quote?)"
        elif any(cell.strip() for cell in cells):
            yield start, dict(zip(header, cells, strict=False))


def _torn(lines: list[str], delimiter: str) -> bool:
    """Did a stray quote make one row of these lines, swallowing those after it? Real rows of several lines are
    quoted by the book."""
    if len(lines) < 2:
        return False
    try:
        next(csv.reader(iter(lines), delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _fields(row: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """Our fields of a row: as mapped, else by their own name, else by another name they go by."""
    fields = {
        name: value for name, value in row.items() if name in FIELDS and value is not None and value != ""
    }
    if not ALSO.keys().isdisjoint(row):
        for alias, ours in ALSO.items():
            if row.get(alias) not in (None, ""):
                fields.setdefault(ours, row[alias])
    for ours, theirs in columns.items():
        fields[ours] = row.get(theirs.strip().lower())
    return fields


def _mention(fields: Mapping[str, Any], feed: str, scale: float, seen: Counter[str]) -> Mention:
    told = {name: _string(name, value) for name, value in fields.items() if name != "rating"}
    text, title = told.get("text", ""), told.get("title", "")
    rating = _rating(fields.get("rating"), scale)
    if not text.strip() and not title.strip() and rating is None:
        raise ValueError("has neither text nor title nor rating")
    author, when = told.get("author", "").strip(), told.get("published", "").strip()
    own = told.get("id", "").strip() or _made_id((text, title, author, when), seen)
    if len(own) < TELLING_ID:
        own = f"{feed}:{own}"
    elif len(own) > LONGEST_ID:
        own = _hash((own,))
    place = told.get("place", "").strip()
    return Mention(
        source=Files.name,
        native_id=own,
        text=text,
        title=title,
        url=web_address(told.get("url")),
        author=_author(author),
        published=_when(when),
        rating=rating,
        language=language_code(told.get("lang")),
        place=Place(location=place) if place else NOWHERE,
    )


def _author(name: str) -> Author:
    """A name is all a file tells of a person: the same name is taken for the same person."""
    if not name:
        return NOBODY
    return Author(None if name.casefold() in NAMELESS else name.casefold(), name)


def _hash(parts: tuple[str, ...]) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _made_id(parts: tuple[str, ...], seen: Counter[str]) -> str:
    same = _hash(parts)
    seen[same] += 1
    return f"{same}-{seen[same]}"


def _string(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list | bool):
        raise ValueError(f"{name} is {type(value).__name__} where text is due")
    return "" if value is None else f"{value}"


def _when(text: str) -> datetime | None:
    """An unreadable date leaves the words undated: that loses less than dropping the row."""
    return instant(text) if text else None


_RATING = re.compile(r"(-?\d{1,9}(?:[.,]\d+)?)\s*(?:(?:/|of|out of)\s*([1-9]\d{0,3}))?\s*(?:stars?)?", re.I)
"""`4`, `4,5`, `4/5`, `8 / 10`, `4 stars`, `4.0 out of 5 stars`: a scale that is said counts."""


def _rating(value: Any, scale: float) -> Rating | None:
    return None if value is None or value == "" else _grade(str(value).strip(), scale)


@lru_cache(256)
def _grade(told: str, scale: float) -> Rating:
    """Few are different in a file."""
    if "★" in told:
        stars = float(told.count("★"))
    else:
        number = _RATING.fullmatch(told)
        if number is None:
            raise ValueError(f"rating {told[:40]!r} is no number")
        stars = float(number[1].replace(",", "."))
        scale = float(number[2] or scale)
    if not 0 <= stars <= scale:
        raise ValueError(f"rating {told[:40]!r} is not between 0 and {scale:g} (set the scale with --scale)")
    return Rating(stars, scale, lowest=min(1.0, stars) if scale > 1 else 0.0)
