"""In which alphabet are these bytes, when nobody says? For old feeds that are neither UTF-8 nor declared."""

from __future__ import annotations

import re

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=", re.I)
_WORD = re.compile(r"[^\W\d_]+")
_ALPHABETS = (
    # Hebrew first: its bytes are also good Cyrillic, while Russian ones soon leave the Hebrew table.
    ("windows-1255", re.compile("[א-ת]+")),
    # Either Cyrillic table reads the other's text too, but with small and capital letters exchanged.
    ("koi8-r", re.compile("[А-ЯЁ]?[а-яё]+")),
    ("windows-1251", re.compile("[А-ЯЁЄІЇ]?[а-яёєії]+")),
)
_SURE = 0.8
"""The share of the letters beyond ASCII that must stand in whole words of the alphabet: French in the wrong
table has such letters as well, but in the middle of its words."""

_ENOUGH = 20
"""Fewer letters prove nothing."""


def guess(data: bytes) -> str | None:
    """The name of the encoding, or None: declared, UTF-8, or none of those known here."""
    if _DECLARED.search(data[:400]) or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return None
    try:
        data.decode("utf-8")
        return None
    except UnicodeDecodeError:
        pass
    for name, alphabet in _ALPHABETS:
        try:
            text = data[:200_000].decode(name)
        except UnicodeDecodeError:
            continue
        foreign = [word for word in _WORD.findall(text) if not word.isascii()]
        good = sum(len(word) for word in foreign if alphabet.fullmatch(word))
        if good >= _ENOUGH and good > _SURE * sum(map(len, foreign)):
            return name
    return None
