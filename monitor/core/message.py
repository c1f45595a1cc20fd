"""What the outbox carries and a notifier shows: messages about cases, and the receipts that prove delivery."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from monitor.core.clocks import Clocks
from monitor.core.digest import Digest
from monitor.core.incidents import Incident
from monitor.core.model import Case, Heard, HistoryLine, Json, Past, Promise, Severity

CONSOLE = "console"
"""The destination without a channel: what goes there is printed."""


class Kind(StrEnum):
    """Why a message goes out. It becomes log field, metric and test case."""

    CARD = "card"
    """The one card of a case, at the root of its thread."""
    UPDATE = "update"
    """The card drawn anew in place: the newest state wins."""
    REPLY = "reply"
    """A line of the case's history, in the thread of its card."""
    BACKLOG = "backlog"
    """Everything old that a first reading found, in one message."""
    STORM = "storm"
    """Many cases at once: one living summary in place of single cards."""
    ROSTER = "roster"
    """A page of the customers a summary stands for, of a storm or an incident, in its thread."""
    INCIDENT = "incident"
    """Many cases with one cause: one living message while it lasts."""
    NOTICE = "notice"
    """A case goes up the ladder: said in short where the rung has a channel of its own."""
    PRAISE = "praise"
    """Kind words worth passing on."""
    DIRECT = "direct"
    """To one person, at most once: nobody may look afterwards whether it arrived."""
    DIGEST = "digest"
    """The story of one day."""
    EVENT = "event"
    """A case has changed: for a program, which may hear it twice and knows it again by its id."""
    PAGE = "page"
    """A page of a digest's long lists, in its thread."""


class OutboxState(StrEnum):
    PENDING = "pending"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof of delivery: where, and the receiver's own name for it (Slack: channel ID and ts)."""

    channel: str
    ref: str
    at: datetime
    link: str | None = None


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list: enough to know whom to call."""

    case_id: int
    name: str
    severity: Severity
    source: str
    said: datetime
    """When the customer wrote; when it was heard, where the source does not tell."""
    quote: str
    url: str | None = None
    link: str | None = None
    """The card, where there is one."""
    feed: str = ""


NO_PAST = Past()


@dataclass(frozen=True, slots=True)
class Card:
    """A case as a support lead sees it. `mentions` are all of the customer's, oldest first, never empty."""

    case: Case
    mentions: tuple[Heard, ...]
    cue: int
    """Index in `mentions` of the one that is quoted."""
    repeat: bool = False
    """An earlier try may have arrived although it could not be found: say "possible repeat"."""
    promises: tuple[Promise, ...] = ()
    """Those that stand, the next due first."""
    past: Past = NO_PAST
    clocks: Clocks | None = None
    """As they stand when it is drawn. None: no clock runs for it."""
    rung: str = ""
    """The name of the level it was escalated to."""
    before: str | None = None
    """Where the thread is that it had before somebody deleted it, if anything was told there."""

    @property
    def quoted(self) -> Heard:
        return self.mentions[self.cue]


@dataclass(frozen=True, slots=True)
class Note:
    """A line of history for the thread. `quote` holds the customer's words, where it is about them; else what the
    person noted."""

    case: Case
    headline: str
    quote: str = ""
    url: str | None = None
    action: str = ""
    """What happened, as in the case's history."""
    until: datetime | None = None
    """A time that ends the headline: of a snooze, of a promise."""
    earlier: str = ""
    """What the customer had complained of, where the quote is set against it."""
    people: tuple[str, ...] = ()
    """Who did it, and who gets the case, as they stand in the headline; none where the customer did it."""
    calls: tuple[str, ...] = ()
    """Whom it calls by name: those who must act on it."""
    loud: bool = False
    """The whole channel hears it, not the thread alone."""
    apart: bool = False
    """It stands in no thread: it says itself whose case it is."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a first reading (or an import) found that is too old to alert one by one."""

    feed: str
    total: int
    by_severity: Mapping[str, int]
    oldest: datetime | None
    newest: datetime | None
    worst: tuple[CaseLine, ...]


@dataclass(frozen=True, slots=True)
class Storm:
    """How many cases a storm summary stands for; they are listed in full on its rosters."""

    total: int
    by_severity: Mapping[str, int]
    oldest: datetime | None
    worst: tuple[CaseLine, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Page `page` (from 1) of the customers of a storm or an incident."""

    page: int
    lines: tuple[CaseLine, ...]
    of: Literal["storm", "incident"] = "storm"


@dataclass(frozen=True, slots=True)
class IncidentCard:
    incident: Incident
    total: int
    """Its cases."""
    by_severity: Mapping[str, int]
    unclosed: int
    worst: tuple[CaseLine, ...]
    listed: int
    """Of its cases those that are told on its pages alone; the others have cards of their own."""
    pages: int


@dataclass(frozen=True, slots=True)
class Page:
    """Page `number` of `pages` (from 1) of one list of a digest: everybody on it. Without lines: needed no more."""

    of: str
    """Which list: a key of `monitor.core.pages.SHOWN`."""
    number: int
    pages: int
    lines: tuple[CaseLine, ...]
    left: int = 0
    """How many of the list stand on no page."""


@dataclass(frozen=True, slots=True)
class Praise:
    """What a customer is grateful for, and who is named in it."""

    heard: Heard


@dataclass(frozen=True, slots=True)
class Unusable:
    """A channel that takes no messages."""

    channel: str
    why: str
    instead: str | None = None
    """Where its cases go meanwhile; None: they wait."""
    bot: str = "complaint-monitor"
    """Whom to invite, by the name that the receiver knows."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a case's history, and the case as it stands by now."""

    line: HistoryLine
    case: Case
    promises: tuple[Promise, ...] = ()
    """All that were ever made in it."""
    heard: Heard | None = None
    """The mention worth quoting."""


Content = Card | Note | Backlog | Storm | Roster | Page | IncidentCard | Praise | Unusable | Digest | Happened


@dataclass(frozen=True, slots=True)
class Message:
    """One delivery. `delivery_id` stays the same over every try; receivers keep it with the message."""

    delivery_id: str
    kind: Kind
    channel: str
    """Where to: a Slack channel ID, or empty for the console."""
    content: Content
    case_id: int | None = None
    thread: Receipt | None = None
    """The root to post under; None posts at the root."""
    business: str = ""
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Queued:
    """A row of the outbox, as stored."""

    id: str
    """The delivery id."""
    destination: str
    """`console` or `slack:<channel>`: which notifier, and where."""
    key: str
    """Says what it tells; the same (destination, key) is never queued twice."""
    kind: Kind
    state: OutboxState
    business: str
    case_id: int | None
    created: datetime
    not_before: datetime
    attempts: int = 0
    looks: int = 0
    """Clean looks for it at the receiver since it became uncertain."""
    started: datetime | None = None
    lease_until: datetime | None = None
    lease: str | None = None
    severity: Severity | None = None
    published: datetime | None = None
    data: Mapping[str, Json] | None = None
    receipt: Receipt | None = None
    error: str = ""
    seq: int = 0
    """Order of creation."""
