"""Text as the trained judge reads it: links and handles as mere marks, shouting and stretching levelled.

A chunk is what stands between two spaces. People write with few different ones, so what a chunk comes to is found
out once and remembered; the whole text is only lower-cased and split.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

from monitor.core.brand import QUOTES

MOST = 1_500
"""Characters that are read of one text: what it is about stands in its beginning."""
LONGEST = 60
"""Characters of one chunk that are read."""

SHARED = 1 << 14
"""What several models each find new in the same batch is found out once: so many chunks and words are remembered,"""
TEXTS = 1 << 10
"""and so many texts: some batches."""

ADDRESS = re.compile(r"^\W{0,3}(?:https?:|http$|www\.)")
HANDLE = re.compile(r"(?<![\w@])@\w[\w.-]*")
STRETCHED = re.compile(r"(.)\1{3,}", re.DOTALL)
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]|_")
"""A word with its apostrophes, or a single sign."""


def chunks(text: str) -> tuple[str, ...]:
    """What is read of `text`, in lower case, split at spaces."""
    return _split(text[:MOST])


@lru_cache(TEXTS)
def _split(text: str) -> tuple[str, ...]:
    return tuple(text.lower().split())


def level(chunk: str) -> str:
    """A chunk with straight quotes, HTML unescaped, links as "url", handles as "@user", runs of a sign cut to three."""
    if ADDRESS.search(chunk):
        return "url"
    chunk = chunk[:LONGEST]
    if "&" in chunk:
        chunk = unescape(chunk)
    chunk = chunk.translate(QUOTES)
    if "@" in chunk:
        chunk = HANDLE.sub("@user", chunk)
    return STRETCHED.sub(r"\1\1\1", chunk)


def tokens(chunk: str) -> tuple[str, ...]:
    """Words and signs of a chunk."""
    return _tokens(chunk[:LONGEST])


@lru_cache(SHARED)
def _tokens(chunk: str) -> tuple[str, ...]:
    return tuple(TOKEN.findall(level(chunk)))


def plain(text: str) -> str:
    """The whole text as it is read."""
    return " ".join(map(level, chunks(text)))
