"""Which language a mention is in: the source's own claim, what pycld2 is sure of, or else what its words hint at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

from monitor.core.model import Mention, Opinion
from monitor.scoring.hints import hinted

ENOUGH = 600
"""Characters that tell the language as well as a whole book does."""

NO_WORDS = re.compile(r"(?:https?://|www\.|[@#])\S+")
"""Addresses, handles and hashtags: often in another language than what is said."""

UNREADABLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
"""Control characters, lone surrogates and non-characters: pycld2 takes them for broken UTF-8 and refuses."""

OLD_CODES = {"iw": "he", "jw": "jv", "in": "id", "ji": "yi", "mo": "ro"}

TWINS = frozenset({"ms", "jv", "su", "gl", "oc", "co", "ca", "ast", "af", "fy", "lb", "rm"})
"""Languages that pycld2 takes a short text of one of their greater neighbours for."""


class Language:
    """`label` is a lower-case ISO 639-1 code; None where a text is too short or too mixed to tell."""

    name: ClassVar[str] = "language"
    version: ClassVar[str] = "pycld2-0.42+hints-1"
    api: ClassVar[int] = 1

    def __init__(self) -> None:
        self._known: dict[str | None, Opinion] = {}

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        return [
            self._opinion(iso_639_1(mention.language or "") or detect(mention.words)) for mention in mentions
        ]

    def _opinion(self, label: str | None) -> Opinion:
        opinion = self._known.get(label)
        if opinion is None:
            opinion = self._known[label] = Opinion(self.name, self.version, label=label)
        return opinion


@lru_cache(256)
def iso_639_1(code: str) -> str | None:
    """The two-letter code in a language tag ("en-GB" gives "en"); None where it holds none."""
    primary = code.replace("_", "-").partition("-")[0].strip().lower()
    if len(primary) != 2 or not (primary.isascii() and primary.isalpha()):
        return None
    return OLD_CODES.get(primary, primary)


def detect(text: str) -> str | None:
    """The language of `text`, or None where it cannot be told. Takes any string whatever."""
    text = text[:ENOUGH]
    if "@" in text or "#" in text or "://" in text or "www." in text:
        text = NO_WORDS.sub(" ", text)
    cld = _pycld2()
    try:
        reliable, _, (best, *_) = cld.detect(text, isPlainText=True)
    except (cld.error, UnicodeEncodeError):
        reliable, _, (best, *_) = cld.detect(UNREADABLE.sub(" ", text), isPlainText=True)
    told = iso_639_1(best[1])
    if reliable and told not in TWINS:
        return told
    return hinted(text, told) or (told if reliable else None)


@cache
def _pycld2() -> Any:
    import pycld2

    return pycld2
