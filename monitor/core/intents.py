"""What a plan is made of: what was judged, what is known, and what is to be stored and told.

Cases that do not exist yet have negative ids in a plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from monitor.core.fingerprint import delivery_id
from monitor.core.message import Kind
from monitor.core.model import Case, CaseEvent, Json, Mention, Rating, Reply, Severity, Verdict
from monitor.core.routing import Routing
from monitor.core.sketch import Sketch
from monitor.core.suppress import Rule

MONITOR = "monitor"
"""The actor of what the product does by itself."""

CLOCK_SKEW = timedelta(days=1)
"""A post dated further ahead than this has no believable date."""


class Alert(StrEnum):
    """Which complaints of a reading are told one by one; the others are summed up in one message."""

    ALL = "all"
    RECENT = "recent"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Telling:
    """Where to tell, and how much of it one by one."""

    destination: str
    """`console` or `slack:<channel>`."""
    alert: Alert
    window: timedelta
    """How young a mention is that counts as recent."""
    backlog_key: str
    """The key of the one message that sums up the rest."""
    feed: str
    routing: Routing | None = None
    """Which channel a new card goes to; None: `destination`, as everything else."""
    praise: str | None = None
    """Where kind words are passed on; None: nowhere."""

    @property
    def in_use(self) -> tuple[str, ...]:
        """Where cards may be."""
        return self.routing.destinations if self.routing is not None else (self.destination,)

    def place(self, mention: Mention, verdict: Verdict, severity: Severity) -> str:
        """Where a card goes that this mention is the first to need."""
        return self.routing.destination(mention, verdict, severity) if self.routing else self.destination

    def one_by_one(self, mention: Mention, now: datetime) -> bool:
        """Undated is not recent, and neither is a date further ahead than clocks go wrong."""
        if self.alert is not Alert.RECENT:
            return self.alert is Alert.ALL
        said = mention.published
        return said is not None and now - self.window <= said <= now + CLOCK_SKEW


@dataclass(frozen=True, slots=True)
class Known:
    """A mention that is stored already."""

    id: int
    fingerprint: str
    is_complaint: bool
    case_id: int | None
    told_by: str | None
    copied: bool = False
    """Its case is that of somebody else, who said the same before."""
    answered: bool = False
    """An answer of the business is stored with it."""
    rating: Rating | None = None


Where = str | tuple[str, ...]
"""A destination, or all that are in use."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A customer's case, and the outbox row of its card at the destinations in use, if it has one."""

    case: Case
    card: str | None
    at: str = ""
    """The card's destination; empty: the one that things are told at by default."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A complaint of an unclosed case that may have been in the same words."""

    mention_id: int
    words: str
    """As `monitor.core.sketch` compares them."""
    stands: Standing
    told_by: str | None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to queue. Its (destination, key) is queued at most once, ever; `id` follows from them."""

    destination: str
    key: str
    kind: Kind
    business: str
    case_id: int | None = None
    severity: Severity | None = None
    published: datetime | None = None
    hold_until: datetime | None = None
    """Not to go out earlier (None: at once)."""
    data: Mapping[str, Json] | None = None

    @property
    def id(self) -> str:
        return delivery_id(self.destination, self.key)


def redrawing(case: Case, destination: str, published: datetime | None = None) -> Outgoing:
    """The wish to have a case's card drawn anew. The store keeps one such wish a case: the newest state wins.

    It is queued before what is to be told below the card, which then waits for it: a card that somebody has deleted
    is noticed so, and nothing is told where nobody reads it. `published`: of the mention it is drawn for, whose turn it
    takes."""
    return Outgoing(
        destination,
        f"{case.business}:update:{case.id}:{case.revision}",
        Kind.UPDATE,
        case.business,
        case_id=case.id,
        severity=case.severity,
        published=published,
    )


@dataclass(frozen=True, slots=True)
class Judged:
    mention: Mention
    verdict: Verdict
    rule: Rule | None = None
    """The rule that holds it back, unless its customer has a case already."""
    sketch: Sketch | None = None
    """What finds others in nearly the same words; only complaints have one."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A mention to insert (`known` None) or to bring up to date."""

    mention: Mention
    verdict: Verdict
    fingerprint: str
    case_id: int | None
    told_by: str | None
    known: int | None = None
    held_by: Rule | None = None
    hashes: tuple[int, ...] = ()
    """By which copies of it are found."""


@dataclass(slots=True)
class Plan:
    """Everything one page changes. `cases` are new (negative ids), `revised` exist (compare-and-set)."""

    entries: list[Entry] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    revised: dict[int, Case] = field(default_factory=dict)
    events: list[CaseEvent] = field(default_factory=list)
    messages: list[Outgoing] = field(default_factory=list)
    answers: dict[int, Reply] = field(default_factory=dict)
    """Answers of the business to mentions that are known and otherwise unchanged, by number."""
    unchanged: int = 0

    @property
    def complaints(self) -> int:
        return sum(entry.verdict.is_complaint and entry.known is None for entry in self.entries)
