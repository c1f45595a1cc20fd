"""Names of staff are shortened where many read them: the case itself keeps every word as it was said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from monitor.core.model import Evidence, Heard

DOTS = "…"
_ALSO_WORDS_TEXT = """
amber angel april art august autumn basil bill bob chance charity chase cherry chuck crystal daisy dale
dawn dean dick dot drew duke earl eve faith fern flora frank gene ginger grace grant guy hazel heather
holly hope iris ivy jack jade jasmine jay jewel josh joy june lance lee lily lucky major mark mason max
may melody miles misty nick norm olive page pat patience pearl penny peter pierce poppy porter rain ray
reed rich rob robin rod rose ruby rusty sandy sky sterling sue summer terry trinity tom viola violet
wade will winter woody
"""
ALSO_WORDS = frozenset(_ALSO_WORDS_TEXT.split())
"""Names that are everyday words too: written small they are left alone."""


def mask_staff(text: str, names: Iterable[str]) -> str:
    """Each name in `text` as its first letter and dots, `Nadia's` as `N…'s`; of two names both, `N… K…`.

    A name is found whatever its accents and capitals, and as a whole word; the first of several names also alone.
    """
    wanted = _wanted(names)
    if not wanted:
        return text
    folded, places = _folded(text)
    pieces, at = [], 0
    for found in wanted.finditer(folded):
        start, end = places[found.start()], places[found.end() - 1] + 1
        end = _with_marks(text, end)
        if text[start].islower() and found[0] in ALSO_WORDS:
            continue
        pieces += [text[at:start], _short(text[start:end])]
        at = end
    return "".join([*pieces, text[at:]])


def masked(heard: Heard, names: Iterable[str]) -> Heard:
    """What was heard with each of the names shortened. Its evidence keeps the place it had in the words
    as they were said."""
    names = tuple(names)
    if not names:
        return heard
    mention, verdict = heard.mention, heard.verdict

    def short(found: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(replace(piece, words=mask_staff(piece.words, names)) for piece in found)

    return replace(
        heard,
        mention=replace(
            mention, title=mask_staff(mention.title, names), text=mask_staff(mention.text, names)
        ),
        verdict=replace(verdict, evidence=short(verdict.evidence), expectations=short(verdict.expectations)),
    )


def _wanted(names: Iterable[str]) -> re.Pattern[str] | None:
    told = {" ".join(_folded(name)[0].split()) for name in names}
    parts = {part for name in told for part in (name, *name.split()[:1]) if len(part) > 1}
    if not parts:
        return None
    longest_first = sorted(parts, key=lambda part: (-len(part), part))
    return re.compile("|".join(map(_pattern, longest_first)))


def _pattern(name: str) -> str:
    """As a whole word; in a script without small letters words may stand side by side."""
    body = r"\s{1,3}".join(map(re.escape, name.split(" ")))
    if not any(char.islower() for char in name):
        return body
    return rf"(?<![^\W_])(?<![^\W_]-){body}(?![^\W_]|-[^\W_])"


def _short(words: str) -> str:
    return re.sub(r"[^\s\W]\S*", lambda word: _first(word[0]) + DOTS, words)


def _first(word: str) -> str:
    return word[: _with_marks(word, 1)]


def _with_marks(text: str, end: int) -> int:
    while end < len(text) and unicodedata.category(text[end]) == "Mn":
        end += 1
    return end


def _folded(text: str) -> tuple[str, list[int]]:
    """The text without accents, marks, invisible characters and capitals, and where each character stood."""
    kept = [
        (char, offset)
        for offset, given in enumerate(text)
        for char in chain.from_iterable(unicodedata.normalize("NFKD", one.casefold()) for one in _bare(given))
        if unicodedata.category(char) not in ("Mn", "Cf")
    ]
    return "".join(char for char, _ in kept), [offset for _, offset in kept]


def _bare(char: str) -> str:
    return _LETTERS.get(char) or unicodedata.normalize("NFKD", char)


_LETTERS = {
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ı": "i",
    "æ": "ae",
    "Æ": "Ae",
    "ð": "d",
}
"""Letters that no decomposition takes their stroke from."""
