"""A case as it was and as another judge would have had it, and what such a comparison is made on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitor.core.copies import Same
from monitor.core.labels import Label
from monitor.core.model import Severity
from monitor.core.routing import Routing
from monitor.core.severity import History
from monitor.core.suppress import Rule

Customer = tuple[str, str]
"""Source, and who within it."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What both worlds have in common, and where their cards would go."""

    rules: Sequence[Rule]
    """In force now."""
    window: timedelta
    """How young a post of a first reading must be to alert."""
    first_reading: Callable[[str, datetime], bool]
    """Was what this feed brought at that instant part of its first reading, or of an import?"""
    then: Routing
    now: Routing
    same: Same


@dataclass(slots=True)
class Side:
    """A case in one of the two worlds: `first` is the number of the complaint that opened it, `lead` that of the worst,
    of equals the first."""

    at: datetime
    """When its first complaint was heard."""
    first: int
    lead: int
    severity: Severity
    expectation: str | None
    place: str
    """Where its card goes, as the outbox names it."""
    past: History
    """What the lead's severity owes to what its customer had said before."""
    latest: datetime
    gone: bool = False
    """The words of its lead are gone: it is as it was."""
    complaints: int = 1


@dataclass(slots=True)
class Unit:
    """One customer's case: as it was, and as it would have been."""

    case_id: int | None = None
    made: int = 0
    """A number below 0, of one that only the new judge would have opened."""
    customer: Customer = ("", "")
    older: bool = False
    """Opened before the span: what opened it is not looked at."""
    by_hand: bool = False
    """A person brought a post of it in."""
    ended: datetime | None = None
    again: int | None = None
    """The recovered case that it would have been, opened again."""
    word: Label | None = None
    """What people took it for: by a label, or by working it as a complaint."""
    loud: bool = False
    """It was told by itself, and not summed up."""
    would_be_loud: bool = False
    before: Side | None = None
    after: Side | None = None

    @property
    def eased(self) -> bool:
        """It was opened by words that were edited since: neither judge knows them."""
        return self.case_id is not None and not self.by_hand and self.before is None


@dataclass(slots=True)
class Posts:
    """What became of the posts."""

    read: int = 0
    judges: Counter[str] = field(default_factory=Counter)
    """By whom their verdicts are that are stored."""
    gone: int = 0
    """Without words: their verdict stands."""
    dropped: int = 0
    """The other settings would not have kept them."""
    held: int = 0
    """Complaints to the new judge, held back by a rule."""
    more: int = 0
    """Complaints to the new judge alone."""
    fewer: int = 0
    """Complaints to the old judge alone."""
    judged: int = 0
    """By people: labelled, or a complaint in a case that was worked as one."""
    right_then: int = 0
    right_now: int = 0
    unseen: list[int] = field(default_factory=list)
    """Those that people call complaints, and the new judge does not."""
    disagreed: list[int] = field(default_factory=list)
    """Those that people call no complaints, and the new judge calls one."""
