"""What an export asks of the store: everything of one kind in the order of its numbers, never all of it at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from monitor.core.model import Case, CaseEvent, Heard, HistoryLine, Promise


class Kept(StrEnum):
    """What can be taken out."""

    MENTIONS = "mentions"
    CASES = "cases"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """A case with all that is counted of it."""

    case: Case
    events: tuple[CaseEvent, ...]
    promises: tuple[Promise, ...]
    mentions: int
    complaints: int
    cue: Heard | None = None
    """The mention worth quoting."""


Span = tuple[datetime | None, datetime | None]
"""[since, until): of a mention when it was first heard, of a case when it was opened, of an event when it happened.
None: without that bound."""


class Exporting(Protocol):
    """A part of `monitor.core.store.Transaction`. The iterators are read inside of it, and hold some hundred values."""

    def how_many(self, what: Kept, business: str, span: Span) -> int: ...

    def every_mention(self, business: str, span: Span) -> Iterator[Heard]: ...

    def every_case(self, business: str, span: Span) -> Iterator[CaseFacts]: ...

    def every_event(self, business: str, span: Span) -> Iterator[HistoryLine]: ...
