"""A query cut into brackets, operators, words and phrases, and how a fault in it is shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.core.errors import ConfigError

WIDTH = 70
"""Columns of a query that are shown around a fault."""

_TOKEN = re.compile(
    r"""\s*+(?P<token>(?P<sign>[()])|(?P<minus>-(?=[^\s)]))|(?P<quoted>(?:[a-zA-Z]++:)?+["“”„][^"“”„]*+["“”„]?+)|[^\s()"“”„]++)"""
)
_QUOTE = str.maketrans("“”„", '"""')


class QueryError(ConfigError):
    """A query that cannot be read: what is wrong, where, and what to write instead. `at` counts from 0."""

    def __init__(self, text: str, at: int, told: str, remedy: str) -> None:
        super().__init__(f"{told}, at character {at + 1}: {remedy}\n{_pointed(text, at)}")
        self.at = at
        self.told = told
        self.remedy = remedy


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    """`(`, `)`, AND, OR, NOT, NEAR, quoted or word; empty at the end."""
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        assert match is not None, "every character but white space begins a token"
        word, start = match["token"], match.start("token")
        if match["sign"]:
            kind = word
        elif match["minus"]:
            kind = "NOT"
        elif match["quoted"]:
            kind, word = "quoted", word.translate(_QUOTE)
        else:
            kind = (
                word if word in ("AND", "OR", "NOT") else "NEAR" if re.match(r"NEAR(/|$)", word) else "word"
            )
        yield Token(kind, word, start)
        at = match.end()
    yield Token("", "", end)


def _pointed(text: str, at: int) -> str:
    """The query in one line, cut to what fits, and below it a mark at `at`."""
    start = max(0, at - WIDTH * 2 // 3)
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text[start : start + WIDTH])
    before = "…" if start else ""
    after = "…" if start + WIDTH < len(text) else ""
    room = sum(_columns(c) for c in shown[: at - start])
    return f"    {before}{shown}{after}\n    {' ' * (len(before) + room)}^"


def _columns(character: str) -> int:
    """How wide a terminal draws it."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
