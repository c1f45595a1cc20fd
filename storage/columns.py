"""How values lie in columns: times, texts no database refuses, names short enough for an index, JSON."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator, TypeEngine

from monitor.core.fingerprint import is_sound, sound
from monitor.core.model import Json

BIG = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both; on SQLite only INTEGER makes a primary key the row's own number."""

LARGEST = 2**63 - 1
LONGEST_NAME = 250
"""Characters of an id that are kept as they are: PostgreSQL refuses index entries over 2,704 bytes."""

FAR = datetime(9999, 12, 31, tzinfo=UTC)
"""Sorts what has no date after all that has one."""


class Moment(TypeDecorator[datetime]):
    """An instant: aware in, UTC out, to the microsecond. On SQLite text of fixed width, which sorts as time does.

    Raises ValueError for a time without a zone.
    """

    impl = String(26)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(26))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        return aware(value) if dialect.name == "postgresql" else as_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]
        return datetime.fromisoformat(value).replace(tzinfo=UTC)


def aware(value: datetime) -> datetime:
    """The instant in UTC. Raises ValueError for a time without a zone."""
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no time zone: only aware times are stored")
    return value.astimezone(UTC)


@lru_cache(1024)
def as_text(value: datetime) -> str:
    """As SQLite holds it. Most of a page's moments are one: now."""
    return aware(value).isoformat(" ", "microseconds")[:26]


def clean(text: str) -> str:
    """Text that every database takes."""
    return sound(text)[0]


def name(text: str) -> str:
    """An id as it is stored and looked up: sound, and cut to what an index takes, still one of a kind."""
    if not is_sound(text):
        text = clean(text)
    if len(text) <= LONGEST_NAME:
        return text
    return f"{text[:200]}~{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"


def whole(number: int | None) -> int | None:
    """A count as large as a column holds; sources have sent larger ones."""
    return None if number is None else max(-LARGEST, min(number, LARGEST))


def finite(*numbers: float) -> bool:
    return all(math.isfinite(number) for number in numbers)


def texts(strings: Sequence[str]) -> str:
    """A JSON list of texts that every database takes."""
    return _texts(tuple(strings)) if strings else "[]"


@lru_cache(4096)
def _texts(strings: tuple[str, ...]) -> str:
    """Reasons and signals of most posts are one of few lists."""
    return f"[{','.join([quoted(text) for text in strings])}]"


def quoted(text: str) -> str:
    """One such text in JSON; "\\u" stands in it wherever something might need mending."""
    json_text = encode_basestring_ascii(text)
    return encode_basestring_ascii(clean(text)) if "\\u" in json_text else json_text


def dumps(value: Json) -> str:
    """JSON in ASCII: reads back exactly, whatever the strings in it hold."""
    return _ENCODER.encode(value)


_ENCODER = json.JSONEncoder(separators=(",", ":"))


def loads(text: str | None) -> Json:
    return None if text is None else json.loads(text)


def by_name(given: Sequence[str]) -> dict[str, list[str]]:
    """The names as stored, each with those it was asked by."""
    if is_sound("".join(given)) and max(map(len, given), default=0) <= LONGEST_NAME:
        return {one: [one] for one in given}
    stored: dict[str, list[str]] = {}
    for one in dict.fromkeys(given):
        stored.setdefault(name(one), []).append(one)
    return stored
