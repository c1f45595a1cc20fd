"""The story of a day as one value, the same for terminal, Slack and JSON. Built in `monitor.core.day`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.core.model import Severity


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case nobody has finished with."""

    case_id: int
    name: str
    severity: Severity
    state: str
    source: str
    opened: datetime
    age_hours: float
    owner: str | None
    quote: str
    url: str | None
    link: str | None = None
    """Its card."""
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """Something a customer said: praise, or a complaint of the day."""

    name: str
    source: str
    quote: str
    url: str | None
    case_id: int | None = None
    severity: Severity | None = None
    feed: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Was this feed heard? `state`: heard, quiet, failing, silent, new, paused."""

    feed: str
    source: str
    state: str
    last_success: datetime | None
    failing_since: datetime | None
    failures: int
    heard: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything told of the span [since, until)."""

    business: str
    timezone: str
    since: datetime
    until: datetime
    heard: int
    complaints: int
    opened: int
    closed: int
    recovered: int
    waiting_total: int
    backlog_total: int
    waiting: tuple[Waiting, ...]
    """Worst first, then oldest; at most as many as asked for. `waiting_total` counts all."""
    complaints_worst: tuple[Voice, ...]
    """Complaints of the span, worst first, whose customers are not named in `waiting` already."""
    praise: tuple[Voice, ...]
    praise_total: int
    coverage: tuple[Coverage, ...]
