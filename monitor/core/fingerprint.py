"""Has this mention changed? And: text that every database and terminal can hold."""

from __future__ import annotations

import hashlib
import uuid
from functools import lru_cache

from monitor.core.model import Mention

_DELIVERIES = uuid.UUID("6a1de2b4-5d0e-5c35-9f6e-0d3b1f0f7c11")


def fingerprint(mention: Mention) -> str:
    """32 hex digits over what a customer can edit: title, text, rating. Reach and replies do not count."""
    rating = mention.rating
    stars = f"{rating.stars:g}/{rating.scale:g}" if rating else ""
    whole = "\x1f".join((mention.title, mention.text, stars))
    return hashlib.blake2b(whole.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


@lru_cache(4096)
def delivery_id(destination: str, key: str) -> str:
    """The name of one delivery, the same in every process and after every restart."""
    return str(uuid.uuid5(_DELIVERIES, sound(f"{destination}\x1f{key}")[0]))


def is_sound(text: str) -> bool:
    """Whether every database and terminal takes this text: it has no NUL and no lone surrogate."""
    if "\x00" in text:
        return False
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def sound(text: str) -> tuple[str, int]:
    """Text with NUL and lone surrogates as U+FFFD, and how many there were."""
    if is_sound(text):
        return text, 0
    mended = "".join("�" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text)
    return mended, sum(a != b for a, b in zip(text, mended, strict=True))
