"""What the digest reads: what was said and done in spans of time.

A post belongs to the time at which it was said (`Heard.said`), whenever it was heard. A case belongs to a place when
one of its complaints names it; an empty place is everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.model import Case, CaseEvent, Heard, Promise, State

Span = tuple[datetime, datetime]
"""From, and up to but not including."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`count` posts that are alike in all this."""

    feed: str
    location: str
    """Empty where the source names none."""
    complaint: bool
    praise: bool
    broken: int
    """A mask of `monitor.core.expectations`; it counts for complaints alone."""
    count: int


@dataclass(frozen=True, slots=True)
class Worked:
    """A case with its whole history, the oldest first."""

    case: Case
    events: tuple[CaseEvent, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """A case that was won back or lost, as far as it says what helps."""

    state: State
    opened: datetime
    contacted: datetime | None
    """When the customer first got an answer."""
    how: str
    """By what they were won back; empty where nobody said."""
    broken: int
    """All that its complaints named."""
    kept: int
    """Promises that were kept, and broken."""
    failed: int


class Recounting(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    # ── posts ────────────────────────────────────────────────────────────────────────────────────────────

    def tallies(self, business: str, spans: Sequence[Span]) -> list[tuple[Tally, ...]]:
        """What was said in each of the spans. Costs what was said in them, however much there is beside."""
        ...

    def listened(self, since: datetime, until: datetime) -> dict[str, list[Span]]:
        """When feeds were read well: the first and the last time of each day in UTC that [since, until) touches."""
        ...

    def complaints_said(
        self, business: str, since: datetime, until: datetime, limit: int, *, place: str = ""
    ) -> tuple[list[Heard], int]:
        """For each case that was not dismissed its worst complaint of the span: the worst case first, then the surest
        and the newest complaint. And how many cases there are in all."""
        ...

    def thanks_said(
        self, business: str, since: datetime, until: datetime, limit: int, *, place: str = ""
    ) -> tuple[list[Heard], int]:
        """Praise whose words are still there: those that name staff first, then the newest. And how many in all."""
        ...

    def heard_after(
        self, business: str, since: datetime, until: datetime, at: datetime, *, place: str = ""
    ) -> int:
        """How many posts of the span were first heard after `at`."""
        ...

    # ── cases ────────────────────────────────────────────────────────────────────────────────────────────

    def opened(self, business: str, since: datetime, until: datetime, *, place: str = "") -> int:
        """Cases opened in the span, backlog too."""
        ...

    def unclosed(self, business: str, *, place: str = "") -> tuple[int, int]:
        """Cases that are not closed now: those that wait, and backlog."""
        ...

    def unclaimed(self, business: str, *, place: str = "") -> list[Case]:
        """Those of them that nobody has taken or answered, backlog left out; oldest first."""
        ...

    def worked(
        self,
        business: str,
        since: datetime,
        until: datetime,
        actions: Collection[str],
        *,
        place: str = "",
    ) -> list[Worked]:
        """The cases in whose history one of these actions stands in the span, by number."""
        ...

    def ended(
        self, business: str, since: datetime, until: datetime, limit: int, *, place: str = ""
    ) -> list[Ended]:
        """Cases that are recovered or lost and were closed in the span; the newest, if there are more."""
        ...

    def standing_until(
        self, business: str, until: datetime, limit: int, *, place: str = ""
    ) -> tuple[list[tuple[Promise, Case]], int]:
        """Promises that stand and are due before that instant, the next due first, each with its case. And how many
        there are in all."""
        ...

    # ── what lists need of their cases ───────────────────────────────────────────────────────────────────

    def links(self, case_ids: Collection[int], scheme: str) -> dict[int, str]:
        """Of cases whose newest card at destinations of this scheme has arrived and has an address: that."""
        ...

    def staff_of(self, case_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
        """Whom the posts of each case name, as the customers wrote the names; cases without any are left out."""
        ...
