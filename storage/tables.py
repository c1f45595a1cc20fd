"""The schema. Rows never leave this package; `migrations/` builds what is declared here (a test compares them)."""

from datetime import datetime

from sqlalchemy import Index, SmallInteger, Table, UniqueConstraint
from sqlmodel import Field

from storage import incident_tables as _incident_tables  # noqa: F401 (part of the same metadata)
from storage.columns import BIG, Moment
from storage.declaring import Record, grade, json_list, maybe, moment, number, partial, reference, serial

UNCLOSED = "state NOT IN ('recovered', 'lost', 'dismissed')"
OWNED = f"owner IS NOT NULL AND {UNCLOSED}"
PENDING = "state = 'pending'"
UNFINISHED = "state IN ('pending', 'sending', 'unknown')"
IN_DOUBT = "state IN ('sending', 'unknown')"
FAILED = "state = 'failed'"
SUMMARY = "case_id IS NULL"
IN_FORCE = "withdrawn IS NULL"
STANDING = "outcome IS NULL"
"""Conditions of partial indexes are written into queries letter by letter: neither database matches a bound
value against them."""


UNKNOWN_THEN = "1970-01-01 00:00:00.000000+00"
"""What `said` was for a moment, in rows that were there before it."""


class FeedRow(Record, table=True):
    __tablename__ = "feed"

    name: str = Field(primary_key=True)
    source: str
    business: str
    cursor: str | None = None
    next_due: datetime = moment()
    baselined: datetime | None = maybe()
    last_attempt: datetime | None = maybe()
    last_success: datetime | None = maybe()
    last_heard: datetime | None = maybe()
    failures: int
    failing_since: datetime | None = maybe()
    last_error: str
    rejected: int = Field(sa_type=BIG)
    replaced: int = Field(sa_type=BIG)
    lease: str | None = None
    lease_until: datetime | None = maybe()


class ListenedRow(Record, table=True):
    """When a feed was read well for the first and the last time of a day in UTC: days without a row are holes, and none
    on which nothing was said."""

    __tablename__ = "listened"
    __table_args__ = (Index("ix_listened_day", "day"), {"sqlite_with_rowid": False})

    feed: str = Field(primary_key=True)
    day: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """As in `sketch`."""
    first: datetime = moment()
    last: datetime = moment()


class CaseRow(Record, table=True):
    __tablename__ = "cases"
    __table_args__ = (
        partial("uq_cases_unclosed", UNCLOSED, "business", "source", "customer", unique=True),
        Index("ix_cases_customer", "business", "source", "customer"),
        Index("ix_cases_state", "state"),
        Index("ix_cases_opened", "opened"),
        Index("ix_cases_closed", "closed"),
        partial("ix_cases_owner", OWNED, "owner"),
        partial("ix_cases_unclosed", UNCLOSED, "business", "backlog", "state"),
    )

    id: int = number()
    business: str
    source: str
    customer: str
    name: str
    state: str
    severity: int = Field(sa_type=SmallInteger)
    opened: datetime = moment()
    revision: int
    owner: str | None = None
    backlog: bool
    reasons: str
    url: str | None = None
    closed: datetime | None = maybe()
    contacted: datetime | None = maybe()
    claimed: datetime | None = maybe()
    touched: datetime | None = maybe()
    waiting: datetime | None = maybe()
    snoozed: datetime | None = maybe()
    wake: datetime | None = maybe()
    level: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"})
    escalated: datetime | None = maybe()
    pauses: str = json_list()
    reminded: datetime | None = maybe()


class MentionRow(Record, table=True):
    """`is_complaint` to `judged_by` and `broken` repeat the verdict in force, so that facts are counted from one table.
    `said` is when it was said, as far as is known: never later than it was first seen."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("business", "source", "native_id"),
        Index("ix_mention_first_seen", "first_seen", "feed"),
        Index(
            "ix_mention_said",
            *("business", "said", "feed", "location", "is_complaint", "praise", "broken"),
        ),
        partial("ix_mention_case_id", "case_id IS NOT NULL", "case_id"),
        partial("ix_mention_complained", "is_complaint", "business", "said"),
        partial("ix_mention_complaint", "is_complaint", "told_by", "case_id", "is_complaint"),
    )

    id: int = number()
    business: str
    source: str
    native_id: str
    feed: str
    title: str
    text: str
    url: str | None = None
    author_key: str | None = None
    author_name: str
    author_url: str | None = None
    published: datetime | None = maybe()
    edited: datetime | None = maybe()
    stars: float | None = None
    scale: float | None = None
    lowest: float | None = None
    language: str | None = None
    thread: str | None = None
    parent: str | None = None
    location: str | None = None
    storefront: str | None = None
    app_version: str | None = None
    followers: int | None = Field(default=None, sa_type=BIG)
    likes: int | None = Field(default=None, sa_type=BIG)
    reply: str | None = None
    replied: datetime | None = maybe()
    repost: bool
    addressed: bool
    fingerprint: str
    first_seen: datetime = moment()
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    told_by: str | None = None
    gone_at: datetime | None = maybe()
    blanked_at: datetime | None = maybe()
    is_complaint: bool
    severity: int | None = grade()
    probability: float
    praise: bool
    judged_by: str
    said: datetime = Field(sa_type=Moment, sa_column_kwargs={"server_default": UNKNOWN_THEN})
    broken: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"})
    """Which expectations, a mask of `monitor.core.expectations`."""


class AssessmentRow(Record, table=True):
    __tablename__ = "assessment"

    mention_id: int = reference("mention.id", primary_key=True)
    fingerprint: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    probability: float
    is_complaint: bool
    severity: int | None = grade()
    sentiment: float | None = None
    language: str | None = None
    praise: bool
    reasons: str
    signals: str
    evidence: str
    expectations: str = json_list()
    staff: str = json_list()
    kind: str | None = None


class SketchRow(Record, table=True):
    """By which copies of a complaint are found. No row refers to it, and it goes after a month."""

    __tablename__ = "sketch"
    __table_args__ = (Index("ix_sketch_day", "day"), {"sqlite_with_rowid": False})

    hash: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    mention_id: int = Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})
    day: int
    """When it was heard, as a number (1 is 1 January of the year 1), in UTC: rows are many, so they are small."""


class LabelRow(Record, table=True):
    """Append-only: the newest of a mention is in force. No label takes the one before it back."""

    __tablename__ = "label"
    __table_args__ = (Index("ix_label_mention_id", "mention_id"),)

    id: int | None = serial()
    mention_id: int = reference("mention.id")
    label: int | None = grade()
    by: str
    at: datetime = moment()
    note: str
    probability: float
    version: str
    was_complaint: bool


class RuleRow(Record, table=True):
    """A rule as it was accepted; a withdrawn one stays, and the same may be accepted again."""

    __tablename__ = "rule"
    __table_args__ = (partial("uq_rule_in_force", IN_FORCE, "business", "key", unique=True),)

    id: int | None = serial()
    business: str
    key: str
    ground: str
    value: str
    place: str
    by: str
    at: datetime = moment()
    withdrawn_by: str | None = None
    withdrawn: datetime | None = maybe()


class HeldRow(Record, table=True):
    """A complaint that a rule held back. It is still held while no case holds it."""

    __tablename__ = "held"

    mention_id: int = reference("mention.id", primary_key=True)
    rule: str
    at: datetime = moment()


class CaseEventRow(Record, table=True):
    """Append-only: triggers refuse changes."""

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_case_event_case_id", "case_id"),
        Index("ix_case_event_at", "at"),
    )

    id: int | None = serial()
    case_id: int = reference("cases.id")
    at: datetime = moment()
    actor: str
    action: str
    before: str | None = None
    after: str
    note: str
    key: str | None = None
    data: str | None = None


class PromiseRow(Record, table=True):
    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_case_id", "case_id"), partial("ix_promise_due", STANDING, "due"))

    id: int = number()
    case_id: int = reference("cases.id")
    what: str
    due: datetime = moment()
    made: datetime = moment()
    made_by: str
    outcome: str | None = None
    ended: datetime | None = maybe()
    nudged: int = Field(sa_type=SmallInteger)


class SameCustomerRow(Record, table=True):
    """Authors that are one and the same person have the same group. Few: people link them by hand."""

    __tablename__ = "same_customer"

    business: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    customer: str = Field(primary_key=True)
    group_id: int = Field(sa_type=BIG)
    since: datetime = moment()


class OutboxRow(Record, table=True):
    """`turn` and `said` are severity and publication as the order of sending needs them: never null."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("destination", "key"),
        partial("ix_outbox_ready", PENDING, "destination", "turn", "said", "seq", "not_before", "case_id"),
        partial("ix_outbox_due", PENDING, "destination", "not_before"),
        partial("ix_outbox_unfinished", UNFINISHED, "case_id", "destination", "seq"),
        partial("ix_outbox_in_doubt", IN_DOUBT, "state", "not_before"),
        Index("ix_outbox_case", "case_id", "kind"),
        partial("ix_outbox_summary", SUMMARY, "destination", "kind", "seq"),
        partial("ix_outbox_failed", FAILED, "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = serial()
    id: str
    destination: str
    key: str
    kind: str
    state: str
    business: str
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    severity: int | None = grade()
    published: datetime | None = maybe()
    turn: int = Field(sa_type=SmallInteger)
    said: datetime = moment()
    created: datetime = moment()
    not_before: datetime = moment()
    attempts: int
    looks: int
    started: datetime | None = maybe()
    lease: str | None = None
    lease_until: datetime | None = maybe()
    revision: int | None = None
    data: str | None = None
    channel: str | None = None
    ref: str | None = None
    received: datetime | None = maybe()
    link: str | None = None
    error: str


class BucketRow(Record, table=True):
    __tablename__ = "bucket"

    name: str = Field(primary_key=True)
    free: datetime = moment()


class TroubleRow(Record, table=True):
    __tablename__ = "trouble"

    destination: str = Field(primary_key=True)
    code: str
    message: str
    since: datetime = moment()
    next_probe: datetime = moment()


class ListenerRow(Record, table=True):
    """A process that listens to the desk, while it lives."""

    __tablename__ = "listener"

    holder: str = Field(primary_key=True)
    link: str
    since: datetime = moment()
    renewed: int
    fault: str
    seen: datetime = moment()


METADATA = Record.metadata


def _table(name: str) -> Table:
    return METADATA.tables[name]


feed = _table("feed")
listened = _table("listened")
cases = _table("cases")
mention = _table("mention")
assessment = _table("assessment")
sketch = _table("sketch")
label = _table("label")
rule = _table("rule")
held = _table("held")
case_event = _table("case_event")
promise = _table("promise")
same_customer = _table("same_customer")
outbox = _table("outbox")
bucket = _table("bucket")
trouble = _table("trouble")
listener = _table("listener")
incident = _table("incident")
incident_case = _table("incident_case")
