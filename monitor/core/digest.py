"""The story of a span of time as one value: the same facts for Slack, terminal, HTML, Markdown and JSON.

Times are aware and in UTC; lengths of time are hours, as the customer lived through them (nights and weekends count).
Tuples that are cut short stand beside a `_total` which is not. Built in `monitor.core.day`; renderers work nothing out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.core.model import Severity, State

DEAF = ("failing", "silent")
"""States of a feed that was not heard though it should have been."""


class Length(StrEnum):
    """What kind of span is told."""

    DAY = "day"
    WEEK = "week"
    SPAN = "span"


DAYS = {Length.DAY: 1, Length.WEEK: 7}


# ── numbers that say how far they can be trusted ─────────────────────────────────────────────────────────


class Against(StrEnum):
    """A figure beside its own past."""

    MORE = "more"
    LESS = "less"
    USUAL = "usual"
    UNKNOWN = "unknown"
    """Too little past to compare with."""
    EARLY = "early"
    """The span was not over when it was told: half a day is not held against whole ones."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A count, and what the same weekdays before (for a week: the weeks before) had."""

    count: int
    usual: float | None = None
    """The median of the past; None where it is too short."""
    low: float | None = None
    high: float | None = None
    """Between these a count is nothing unusual."""
    past: int = 0
    """How many days (weeks) that rests on."""
    against: Against = Against.UNKNOWN


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `of`. A share is told as a percentage only where `enough` says so; else as "2 of 3"."""

    part: int
    of: int
    low: float | None = None
    high: float | None = None
    """The 95 % interval (Wilson), 0 to 1."""
    enough: bool = False


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, of the `count` times that it happened in the span."""

    count: int = 0
    median: float | None = None
    p90: float | None = None
    """None where there are too few to say (fewer than ten)."""


@dataclass(frozen=True, slots=True)
class Numbers:
    heard: Figure
    complaints: Figure
    rate: Share
    """Complaints of what was heard."""
    thanks: int
    opened: int
    closed: int
    recovered: int
    lost: int
    dismissed: int
    regressed: int
    """Were won back, and complained again."""
    to_claim: Times
    to_contact: Times
    to_recover: Times
    saved: Share
    """Recovered, of those that were recovered or lost in the span."""
    waiting: int
    """Unclosed cases when it is told, the backlog left out."""
    backlog: int


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Person:
    """A customer, and the case that is theirs."""

    case_id: int
    name: str
    severity: Severity
    state: State
    source: str
    feed: str
    quote: str
    """Their own words: those the verdict rests on where there are any, else how the post begins."""
    said: datetime
    place: str = ""
    owner: str | None = None
    expectation: str = ""
    """The first that was broken: a key of the twelve; empty where none could be told."""
    url: str | None = None
    link: str | None = None
    """Its card in Slack."""
    reach: int | None = None
    """Followers or likes, whichever is more."""
    revision: int = 0
    """Of the case as it is told; 0: not known, and nobody can act on it from here."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Unclaimed and unanswered."""

    who: Person
    hours: float
    """Since they wrote."""
    left: float | None
    """Working hours until the first response is overdue; below zero: overdue since. None: no clock runs."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A promise that stands."""

    who: Person
    what: str
    due: datetime
    made_by: str
    late: float
    """Hours overdue; zero or less while there is time."""


@dataclass(frozen=True, slots=True)
class Return:
    """Somebody who was won back."""

    who: Person
    before: str
    after: str
    """Both in the customer's words; `after` is empty where they did not write again."""
    done: str
    """What was done, in a few words: "by a refund", with the note of whoever did it."""
    hours: float
    """From the opening of the case (or the complaint after an earlier recovery) to this one, as in `to_recover`."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Loss:
    who: Person
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Thanks:
    """Kind words."""

    name: str
    source: str
    feed: str
    quote: str
    said: datetime
    url: str | None = None
    place: str = ""
    staff: tuple[str, ...] = ()
    """Who is thanked, as the customer wrote the names."""


# ── what went wrong, and where ───────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Broken:
    """One of the twelve expectations, and how many complaints named it (one may name several)."""

    expectation: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Spot:
    """Complaints of one source or location."""

    kind: str
    """"source" or "location"."""
    name: str
    heard: int
    complaints: Figure
    rate: Share
    hot: bool = False
    """More complaints than its own past and the other places explain, with enough data to say so."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Was this feed heard? `state`: heard, quiet, failing, silent, new, paused."""

    feed: str
    source: str
    state: str
    heard: int
    last_success: datetime | None = None
    last_heard: datetime | None = None
    since: datetime | None = None
    """Since when it fails or is silent."""
    failures: int = 0
    error: str = ""

    @property
    def well(self) -> bool:
        """It was listened to, whether it brought anything or not."""
        return self.state in ("heard", "quiet")

    @property
    def deaf(self) -> bool:
        return self.state in DEAF


@dataclass(frozen=True, slots=True)
class Trouble:
    """An incident that ran in the span: many complaints with one cause."""

    title: str
    """"Late deliveries in Harbour Street", say."""
    started: datetime
    ended: datetime | None
    cases: int
    usual: float
    """Complaints an hour that this had before."""
    link: str | None = None


class Lever(StrEnum):
    """By what recoveries are told apart."""

    EXPECTATION = "expectation"
    FIRST_RESPONSE = "first response"
    MEANS = "means"
    """What the desk did before the end, won back or not: "reply", "promise kept", "promise broken", "nothing"."""
    HOW = "how"
    """By what those were won back who were: "refund". It is known of them alone, so the share is of all of them."""


@dataclass(frozen=True, slots=True)
class Recovering:
    """Of the cases that ended over a longer time: how many with this property were won back; for `HOW`, how many of
    those who were won back had it."""

    lever: Lever
    value: str
    """A key of the twelve; "within 1 hour"; "promise kept"; "refund"."""
    saved: Share


# ── the whole ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Day:
    """One point of the trend."""

    day: date
    heard: int
    complaints: int
    listened: bool = True
    """Some feed was read well on it. Else its zero is a hole and no silence."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What became known after the digest was first posted."""

    first: datetime
    """When it was first posted."""
    late: int
    """Posts of the span that were heard only afterwards."""
    figures: tuple[tuple[str, int, int], ...] = ()
    """What, then, now: only where it differs."""


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything told of [since, until), as known at `told`."""

    business: str
    timezone: str
    length: Length
    since: datetime
    until: datetime
    told: datetime
    numbers: Numbers
    place: str = ""
    """Only this place is told of; empty: all."""
    waiting: tuple[Waiting, ...] = ()
    """Whom to call first: worst, then least time left, then most visible, then oldest."""
    waiting_total: int = 0
    owed: tuple[Owed, ...] = ()
    """Promises due by the end of the day after the span, the next due first."""
    owed_total: int = 0
    overdue: int = 0
    """Of all those promises; the list may be cut."""
    complaints: tuple[Person, ...] = ()
    """New ones, worst first; also those that wait."""
    complaints_total: int = 0
    returned: tuple[Return, ...] = ()
    returned_total: int = 0
    lost: tuple[Loss, ...] = ()
    lost_total: int = 0
    thanks: tuple[Thanks, ...] = ()
    """Those that name somebody first."""
    thanks_total: int = 0
    broken: tuple[Broken, ...] = ()
    """All that were broken in the span or usually are, most often first."""
    spots: tuple[Spot, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    trend: tuple[Day, ...] = ()
    """The fortnight that ends with the span's last day, oldest first; none where nothing was heard yet."""
    recovering: tuple[Recovering, ...] = ()
    """Told weekly."""
    recovering_days: int = 0
    """How many days `recovering` looks back."""
    changed: Changed | None = None
    pages: int = 0
    """How many pages of its long lists hang beneath it, where it was posted."""

    @property
    def quiet(self) -> bool:
        """Nothing to tell of people: then it matters that everything was heard."""
        return not (
            self.numbers.heard.count
            or self.waiting_total
            or self.owed_total
            or self.complaints_total
            or self.returned_total
            or self.lost_total
            or self.thanks_total
            or self.troubles
        )

    @property
    def deaf(self) -> tuple[Coverage, ...]:
        """Feeds that fail or are silent."""
        return tuple(feed for feed in self.coverage if feed.deaf)

    @property
    def unlistened(self) -> bool:
        """No feed was read on any of its days: then it is no silence if nothing is known of them. Of spans that are no
        days it is not told."""
        days = self.trend[-DAYS.get(self.length, 0) :] if self.length in DAYS else ()
        return bool(days) and not any(day.listened for day in days)

    @property
    def all_heard(self) -> bool:
        return bool(self.coverage) and not self.deaf and not self.unlistened
