"""The twelve expectations a case can name, in the order that is fixed: as bits of one number they can be counted."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

EXPECTATIONS = (
    "respect",
    "follow_through",
    "communication",
    "listening",
    "promptness",
    "alternatives",
    "authority",
    "clarity",
    "expertise",
    "advocacy",
    "reliability",
    "fairness",
)
"""The first is bit 0. Numbers are stored: a new one goes to the end, and none ever moves."""
_BITS = {key: 1 << place for place, key in enumerate(EXPECTATIONS)}


def mask_of(keys: Iterable[str]) -> int:
    """The expectations as one number. What is none of them counts nothing."""
    mask = 0
    for key in keys:
        mask |= _BITS.get(key, 0)
    return mask


@lru_cache
def keys_of(mask: int) -> tuple[str, ...]:
    return tuple(key for key in EXPECTATIONS if mask & _BITS[key])
