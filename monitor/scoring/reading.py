"""Text as the trained judge reads it: links and handles as mere marks, shouting and stretching levelled.

A chunk is what stands between two spaces. People write with few different ones, so what a chunk comes to is found
out once and remembered; the whole text is only lower-cased and split.
"""

from __future__ import annotations

import re
from html import unescape

from monitor.core.brand import QUOTES

MOST = 1_500
"""Characters that are read of one text: what it is about stands in its beginning."""
LONGEST = 60
"""Characters of one chunk that are read."""


CHUNK = re.compile(r"\S+")
ADDRESS = re.compile(r"^\W{0,3}(?:https?:|http$|www\.)")
HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]*")
STRETCHED = re.compile(r"(.)\1{3,}", re.DOTALL)
STRETCH = 3
"""Signs that a stretched one repeats at least."""
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_")
"""A word with its apostrophes, or a single sign."""


def beginning(text: str) -> str:
    """What is read of `text`."""
    return text[:MOST]


def chunks(text: str) -> list[str]:
    """What is read of `text`, in lower case, split at spaces."""
    return beginning(text).lower().split()


def level(chunk: str) -> str:
    """A chunk with straight quotes, HTML unescaped, links as "url", handles as "@user", runs of a sign cut to three."""
    if ADDRESS.search(chunk):
        return "url"
    chunk = chunk[:LONGEST]
    if "&" in chunk:
        chunk = unescape(chunk)
    if not chunk.isalnum():
        chunk = chunk.translate(QUOTES)
    if "@" in chunk:
        chunk = HANDLE.sub("@user", chunk)
    # four of a sign are three more than different signs: most chunks need no pattern
    return STRETCHED.sub(r"\1\1\1", chunk) if len(chunk) - len(set(chunk)) >= STRETCH else chunk


def tokens(chunk: str) -> tuple[str, ...]:
    """Words and signs of a chunk."""
    return parted(level(chunk[:LONGEST]))


def parted(levelled: str) -> tuple[str, ...]:
    """Words and signs of a chunk that is levelled already."""
    return tuple(TOKEN.findall(levelled))


def plain(text: str) -> str:
    """The whole text as it is read."""
    return " ".join(map(level, chunks(text)))
