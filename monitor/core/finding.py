"""What a check of a reply finds: where, how grave, why, and what to do instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.core.reply import Promised


class Level(StrEnum):
    SERIOUS = "serious"
    """It may do harm: somebody's data, a reply that does not fit."""
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at again: `words == text[start:end]`; both empty at the end where something is missing."""

    rule: str
    level: Level
    start: int
    end: int
    words: str
    why: str
    """As after the words: "puts the blame on the customer"."""
    instead: str
    promise: Promised | None = None
    """To be logged, where the text promises what is not logged yet."""


def finding(
    text: str,
    rule: str,
    level: Level,
    start: int,
    end: int,
    why: str,
    instead: str,
    promise: Promised | None = None,
) -> Finding:
    """A finding about `text[start:end]`."""
    return Finding(rule, level, start, end, text[start:end], why, instead, promise)
