"""The values of the field: what is heard, what is thought of it, and whose case it becomes.

All are frozen; times are aware and in UTC; texts are as the customer wrote them (storage alone replaces
NUL and lone surrogates). Nothing here knows a database, a network or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from monitor.core.query import Query

Json = Any
"""A value that `json.dumps` takes."""


# ── heard ────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Author:
    """Who spoke. `key` is stable within the source; None where nobody can be told apart."""

    key: str | None = None
    name: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """Stars as given: `stars` of `scale`, the lowest grade being 1 (0 where the source starts there)."""

    stars: float
    scale: float = 5.0
    lowest: float = 1.0

    @property
    def value(self) -> float:
        """0 (worst) to 1 (best)."""
        return (self.stars - self.lowest) / (self.scale - self.lowest)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was said or what it is about, as far as the source tells."""

    location: str | None = None
    storefront: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """How many may have read it."""

    followers: int | None = None
    likes: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """The business's own public answer, as the source shows it."""

    text: str
    published: datetime | None = None


NOBODY = Author()
NOWHERE = Place()
UNREACHED = Reach()


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing somebody said in public. Identity: (source, native_id)."""

    source: str
    native_id: str
    text: str
    title: str = ""
    url: str | None = None
    author: Author = NOBODY
    published: datetime | None = None
    edited: datetime | None = None
    rating: Rating | None = None
    language: str | None = None
    """The source's own claim, as a lower-case ISO 639-1 code."""
    thread: str | None = None
    parent: str | None = None
    place: Place = NOWHERE
    reach: Reach = UNREACHED
    reply: Reply | None = None
    repost: bool = False
    """Somebody passing on another's words."""
    addressed: bool = False
    """Said to the business by its handle: needs no brand match."""

    @property
    def words(self) -> str:
        """Title and text as one: what is judged, and what evidence offsets count in."""
        if not self.title or self.text.startswith(self.title.rstrip("….")):
            return self.text
        return f"{self.title}\n{self.text}" if self.text else self.title


@dataclass(frozen=True, slots=True)
class Rejected:
    """An item that could not be read: where it stood, and why."""

    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Business:
    """Whom the mentions are about. `key` is its identity in the database and never changes with the name."""

    name: str
    key: str = "default"
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    own_accounts: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    timezone: str = "UTC"
    query: Query | None = None
    """What posts of searches must match, in place of the names."""


@dataclass(frozen=True, slots=True)
class Feed:
    """One reading of one place: what to listen to, from where on (`cursor`), and when `now` is.

    `options` is an instance of the source's own `Options`. `cursor` is the JSON value of the last committed
    page; None on the very first reading.
    """

    name: str
    source: str
    business: Business
    options: Any
    now: datetime
    cursor: Mapping[str, Json] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """The unit of commit: mentions and the cursor that passes them are stored together or not at all."""

    mentions: tuple[Mention, ...]
    cursor: Mapping[str, Json]
    rejected: tuple[Rejected, ...] = ()
    not_before: datetime | None = None
    """The server's wish not to be asked again earlier."""
    unchanged: bool = False
    """The server said "not modified": a success that brought nothing."""
    baseline: bool = False
    """This part of the feed (a storefront just added, say) is read for the first time."""
    gone: tuple[str, ...] = ()
    """Native ids that the source says were deleted."""
    gone_words: bool = False
    """The source's terms want the words of deleted posts removed here too."""


# ── judged ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Evidence:
    """The exact words a verdict rests on: `words == mention.words[start:end]`."""

    signal: str
    words: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one scorer thinks of one mention. What `value` means is the scorer's to document; None: no view."""

    scorer: str
    version: str
    value: float | None = None
    label: str | None = None
    signals: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notes: tuple[str, ...] = ()


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        return _RANK[self._value_]  # `value` takes a call


_RANK = {"low": 0, "medium": 1, "high": 2, "critical": 3}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What triage makes of the opinions: is it a negative customer experience, how bad, and why."""

    complaint: float
    """0 to 1: how sure we are that a support team should answer this."""
    is_complaint: bool
    severity: Severity | None = None
    """None exactly when it is no complaint."""
    reasons: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sentiment: float | None = None
    """VADER's compound, -1 to 1."""
    language: str | None = None
    praise: bool = False
    version: str = ""
    expectations: tuple[Evidence, ...] = ()
    """Which expectations were broken, most important first: `signal` is the key, the words show it."""
    staff: tuple[str, ...] = ()
    """Given names of staff, as the customer wrote them."""
    kind: str | None = None
    """What it is instead of a complaint, where that can be told: a key of `triage.KINDS`. None for a complaint."""


# ── worked on ────────────────────────────────────────────────────────────────────────────────────────────


class State(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    RECOVERED = "recovered"
    LOST = "lost"
    DISMISSED = "dismissed"

    @property
    def closed(self) -> bool:
        return self in (State.RECOVERED, State.LOST, State.DISMISSED)


UNCLOSED = tuple(state for state in State if not state.closed)


@dataclass(frozen=True, slots=True)
class Case:
    """One customer's grievance. At most one unclosed case per (business, source, customer)."""

    id: int
    """Given by the store; negative in a plan that is not stored yet."""
    business: str
    source: str
    customer: str
    """The author's key, or `mention:<native id>` for somebody who cannot be told apart."""
    name: str
    state: State
    severity: Severity
    opened: datetime
    revision: int = 1
    owner: str | None = None
    backlog: bool = False
    """Found on a first reading: no clock, no ping."""
    reasons: tuple[str, ...] = ()
    url: str | None = None
    closed: datetime | None = None
    contacted: datetime | None = None
    """When the customer first got an answer, however often they came back since."""
    claimed: datetime | None = None
    """When its owner took it."""
    touched: datetime | None = None
    """When somebody at the desk last did something for it."""
    waiting: datetime | None = None
    """Since when it is the customer's turn."""
    snoozed: datetime | None = None
    wake: datetime | None = None
    """When a snooze ends; None with `snoozed` set: when something happens."""
    level: int = 0
    """How far up the ladder it is; 0: with its owner."""
    escalated: datetime | None = None
    """When the ladder last spoke."""
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    """Spans in which its clocks stood; the last may be open."""
    reminded: datetime | None = None
    returned: datetime | None = None
    """When its customer last opened it again: from then on a first answer is due anew."""
    answered: datetime | None = None
    """When they got that answer."""

    @property
    def asked(self) -> datetime:
        """Since when a first answer is due."""
        return self.returned or self.opened

    @property
    def told(self) -> datetime | None:
        """When it was given."""
        return self.contacted if self.returned is None else self.answered


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody at the desk promised the customer of a case."""

    id: int
    case_id: int
    what: str
    due: datetime
    made: datetime
    made_by: str
    outcome: Literal["kept", "broken", "withdrawn"] | None = None
    ended: datetime | None = None
    nudged: int = 0
    """How far its owner was nudged: 1 before it was due, 2 at its time, 3 when it was overdue."""


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's history. Append-only, and it holds no words of customers."""

    case_id: int
    at: datetime
    actor: str
    action: str
    before: State | None
    after: State
    note: str = ""
    key: str | None = None
    """Makes a repeated click or command one event."""
    data: Mapping[str, Json] | None = None
    """What a machine needs of it (times in ISO 8601, UTC): `monitor.core.cases.Details` names the keys."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event as stored: the numbers grow over all histories as they are written."""

    id: int
    business: str
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a customer, under every name that was linked: what a card's "third complaint" rests on."""

    complaints: int = 0
    """All of theirs, those of the case at hand among them; what was dismissed does not count."""
    since: datetime | None = None
    """When the first of them was said."""
    cases: Mapping[State, int] = field(default_factory=dict)
    """Their other cases, by state."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A mention as stored, with what was thought of it and where it went."""

    id: int
    feed: str
    mention: Mention
    verdict: Verdict
    first_seen: datetime
    case_id: int | None = None
    told_by: str | None = None
    """The outbox row that tells people of it."""
    gone_at: datetime | None = None
    fingerprint: str = ""

    @property
    def said(self) -> datetime:
        """When it was said, as far as is known: never later than it was heard."""
        published = self.mention.published
        return self.first_seen if published is None else min(published, self.first_seen)
