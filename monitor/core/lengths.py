"""How long a reply may be at each place, counted as that place counts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import NamedTuple

LINK = re.compile(r"https?://\S+")
LINK_WEIGHS = 23
"""What a link counts where places shorten it, however long it is."""


class Limit(NamedTuple):
    most: int
    unit: str
    """A key of `_WEIGHTS`."""


LIMITS = {
    "appstore": Limit(5970, "characters"),
    "google": Limit(4096, "bytes"),
    "googleplay": Limit(350, "characters"),
    "mastodon": Limit(500, "characters, a link as 23"),
    "bluesky": Limit(300, "visible characters"),
    "x": Limit(280, "weighted characters"),
    "stackexchange": Limit(600, "characters"),
    "reddit": Limit(10_000, "characters"),
    "lemmy": Limit(10_000, "characters"),
    "youtube": Limit(10_000, "characters"),
    "discourse": Limit(32_000, "characters"),
}
"""By source: the usual limit. Servers of Mastodon, Lemmy and Discourse may set their own. No entry: none is known."""


class Excess(NamedTuple):
    length: int
    limit: Limit
    start: int
    """Where the part begins that does not fit, as an offset in the text."""


def excess(text: str, source: str) -> Excess | None:
    """How far a text goes beyond what its source takes; None where it fits or no limit is known."""
    limit = LIMITS.get(source)
    if limit is None:
        return None
    length, start = 0, len(text)
    for offset, weight in _WEIGHTS[limit.unit](text):
        if length + weight > limit.most and start == len(text):
            start = offset
        length += weight
    return Excess(length, limit, start) if length > limit.most else None


def _characters(text: str) -> Iterator[tuple[int, int]]:
    return ((offset, 1) for offset in range(len(text)))


def _bytes(text: str) -> Iterator[tuple[int, int]]:
    return ((offset, len(char.encode("utf-8", "surrogatepass"))) for offset, char in enumerate(text))


def _shortened(text: str, weight: Callable[[str], int]) -> Iterator[tuple[int, int]]:
    """Each character with its weight, a link as one piece."""
    at = 0
    for link in LINK.finditer(text):
        yield from ((offset, weight(text[offset])) for offset in range(at, link.start()))
        yield link.start(), LINK_WEIGHS
        at = link.end()
    yield from ((offset, weight(text[offset])) for offset in range(at, len(text)))


def _links_shortened(text: str) -> Iterator[tuple[int, int]]:
    return _shortened(text, lambda char: 1)


def _weighted(text: str) -> Iterator[tuple[int, int]]:
    """Latin and its neighbours count one, Chinese, emoji and the like two."""

    def weight(char: str) -> int:
        point = ord(char)
        return (
            1
            if point <= 4351 or 8192 <= point <= 8205 or 8208 <= point <= 8223 or 8242 <= point <= 8247
            else 2
        )

    return _shortened(text, weight)


def _visible(text: str) -> Iterator[tuple[int, int]]:
    """Nearly what the eye takes for one character: marks, and what is joined to an emoji, count with it."""
    joined = False
    for offset, char in enumerate(text):
        rides = joined or unicodedata.category(char) in ("Mn", "Me", "Cf") or 0x1F3FB <= ord(char) <= 0x1F3FF
        yield offset, 0 if rides and offset else 1
        joined = char == "\u200d"


_WEIGHTS: dict[str, Callable[[str], Iterator[tuple[int, int]]]] = {
    "characters": _characters,
    "bytes": _bytes,
    "characters, a link as 23": _links_shortened,
    "weighted characters": _weighted,
    "visible characters": _visible,
}
