"""Posts that somebody labelled: what the judge is measured on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from monitor.core.errors import BadPayload
from monitor.core.model import Mention, Rating, Rejected

YES = frozenset({"1", "1.0", "true", "yes"})
NO = frozenset({"0", "0.0", "false", "no"})
"""Spreadsheets and data frames write 1.0 and 0.0 where a label is missing somewhere in the column."""
BEST = 5.0
NEED = "Each row needs its words in `text` (or `title`); `label` is 1 or 0."


@dataclass(frozen=True, slots=True)
class LabelledPost:
    """A post, and whether it is a complaint; None where nobody said. `aspect` is what it is about, as written."""

    mention: Mention
    label: bool | None = None
    aspect: str = ""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One file of them. `rejected` are the rows that could not be read."""

    name: str
    posts: tuple[LabelledPost, ...]
    rejected: tuple[Rejected, ...] = ()


def check_header(file: str, header: Collection[str]) -> None:
    """Raises BadPayload when no column of a table can hold the words."""
    if not {"text", "title"} & set(header):
        raise BadPayload(f"{file}: no column called text. Found: {', '.join(header) or 'nothing'}. {NEED}")


def labelled_set(
    name: str,
    file: str,
    rows: Iterable[tuple[int, Mapping[str, Any] | str]],
    *,
    stars: bool = False,
    limit: int | None = None,
) -> LabelledSet:
    """The first `limit` readable ones of a file's rows (line number, and fields or why it is no row).

    `stars`: take the ratings in; else they are not even looked at. Raises BadPayload when no row can be read.
    """
    posts: list[LabelledPost] = []
    rejected: list[Rejected] = []
    found: dict[str, None] = {}
    for line, row in rows:
        try:
            if isinstance(row, str):
                raise ValueError(row)
            found |= dict.fromkeys(row)
            posts.append(_labelled(row, line, stars))
        except ValueError as fault:
            rejected.append(Rejected(f"line {line}", str(fault)))
        if limit is not None and len(posts) >= limit:
            break
    if posts:
        return LabelledSet(name, tuple(posts), tuple(rejected))
    if not rejected:
        raise BadPayload(f"{file}: there are no posts in it, a header at most. {NEED}")
    raise BadPayload(
        f"{file}: none of its {len(rejected)} rows can be read ({rejected[0].where}: {rejected[0].why}). "
        f"Found: {', '.join(list(found)[:20]) or 'no fields'}. {NEED}"
    )


def _labelled(row: Mapping[str, Any], line: int, stars: bool) -> LabelledPost:
    text, title = _string(row, "text"), _string(row, "title")
    if not text.strip() and not title.strip():
        raise ValueError("has neither text nor title")
    rating = _rating(row.get("stars")) if stars else None
    mention = Mention("evaluate", _string(row, "id") or f"line {line}", text, title=title, rating=rating)
    return LabelledPost(mention, _label(row.get("label")), _string(row, "aspect"))


def _string(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if isinstance(value, dict | list | bool):
        raise ValueError(f"{name} is {type(value).__name__} where text is due")
    return "" if value is None else value if isinstance(value, str) else f"{value}"


def _label(value: Any) -> bool | None:
    told = "" if value is None else str(value).strip().casefold()
    if not told:
        return None
    if told in YES or told in NO:
        return told in YES
    raise ValueError(f"label {told[:40]!r} is none of 1, 0, true, false, yes, no (or empty)")


def _rating(value: Any) -> Rating | None:
    told = "" if value is None else str(value).strip()
    if not told:
        return None
    try:
        given = float(told.replace(",", "."))
    except ValueError:
        raise ValueError(f"stars {told[:40]!r} is no number") from None
    if not 0 <= given <= BEST:
        raise ValueError(f"stars {told[:40]!r} is not between 0 and {BEST:g}")
    return Rating(given, BEST, lowest=min(1.0, given))
