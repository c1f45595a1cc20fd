"""The schema. Rows never leave this package; `migrations/` builds what is declared here (a test compares them)."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, MetaData, SmallInteger, Table, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.columns import BIG, Moment

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


class Record(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def _partial(name: str, condition: str, *columns: str, unique: bool = False) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _moment(*, index: bool = False) -> datetime:
    return Field(sa_type=Moment, index=index)  # type: ignore[no-any-return]


def _maybe() -> datetime | None:
    return Field(default=None, sa_type=Moment)  # type: ignore[no-any-return]


def _serial() -> int | None:
    return Field(default=None, primary_key=True, sa_type=BIG)  # type: ignore[no-any-return]


def _number() -> int:
    """Given by whoever writes, under the writers' lock."""
    return Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})  # type: ignore[no-any-return]


def _reference(column: str, *, primary_key: bool = False) -> int:
    return Field(foreign_key=column, primary_key=primary_key, sa_type=BIG)  # type: ignore[no-any-return]


def _list() -> str:
    """JSON, added when rows were there already: those have none."""
    return Field(sa_column_kwargs={"server_default": "[]"})  # type: ignore[no-any-return]


def _grade() -> int | None:
    return Field(default=None, sa_type=SmallInteger)  # type: ignore[no-any-return]


class FeedRow(Record, table=True):
    __tablename__ = "feed"

    name: str = Field(primary_key=True)
    source: str
    business: str
    cursor: str | None = None
    next_due: datetime = _moment()
    baselined: datetime | None = _maybe()
    last_attempt: datetime | None = _maybe()
    last_success: datetime | None = _maybe()
    last_heard: datetime | None = _maybe()
    failures: int
    failing_since: datetime | None = _maybe()
    last_error: str
    rejected: int = Field(sa_type=BIG)
    replaced: int = Field(sa_type=BIG)
    lease: str | None = None
    lease_until: datetime | None = _maybe()


class CaseRow(Record, table=True):
    __tablename__ = "cases"
    __table_args__ = (
        _partial("uq_cases_unclosed", UNCLOSED, "business", "source", "customer", unique=True),
        Index("ix_cases_customer", "business", "source", "customer"),
        Index("ix_cases_state", "state"),
        Index("ix_cases_opened", "opened"),
        Index("ix_cases_closed", "closed"),
        _partial("ix_cases_owner", OWNED, "owner"),
    )

    id: int = _number()
    business: str
    source: str
    customer: str
    name: str
    state: str
    severity: int = Field(sa_type=SmallInteger)
    opened: datetime = _moment()
    revision: int
    owner: str | None = None
    backlog: bool
    reasons: str
    url: str | None = None
    closed: datetime | None = _maybe()
    contacted: datetime | None = _maybe()
    claimed: datetime | None = _maybe()
    touched: datetime | None = _maybe()
    waiting: datetime | None = _maybe()
    snoozed: datetime | None = _maybe()
    wake: datetime | None = _maybe()
    level: int = Field(sa_type=SmallInteger, sa_column_kwargs={"server_default": "0"})
    escalated: datetime | None = _maybe()
    pauses: str = _list()
    reminded: datetime | None = _maybe()


class MentionRow(Record, table=True):
    """`is_complaint` to `judged_by` repeat the verdict in force, so that facts are counted from one table."""

    __tablename__ = "mention"
    __table_args__ = (
        UniqueConstraint("business", "source", "native_id"),
        Index("ix_mention_first_seen", "first_seen", "business", "feed", "is_complaint", "praise"),
        _partial("ix_mention_case_id", "case_id IS NOT NULL", "case_id"),
        _partial("ix_mention_complaint", "is_complaint", "told_by", "case_id", "is_complaint"),
    )

    id: int = _number()
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
    published: datetime | None = _maybe()
    edited: datetime | None = _maybe()
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
    replied: datetime | None = _maybe()
    repost: bool
    addressed: bool
    fingerprint: str
    first_seen: datetime = _moment()
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    told_by: str | None = None
    gone_at: datetime | None = _maybe()
    blanked_at: datetime | None = _maybe()
    is_complaint: bool
    severity: int | None = _grade()
    probability: float
    praise: bool
    judged_by: str


class AssessmentRow(Record, table=True):
    __tablename__ = "assessment"

    mention_id: int = _reference("mention.id", primary_key=True)
    fingerprint: str = Field(primary_key=True)
    version: str = Field(primary_key=True)
    probability: float
    is_complaint: bool
    severity: int | None = _grade()
    sentiment: float | None = None
    language: str | None = None
    praise: bool
    reasons: str
    signals: str
    evidence: str
    expectations: str = _list()
    staff: str = _list()
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

    id: int | None = _serial()
    mention_id: int = _reference("mention.id")
    label: int | None = _grade()
    by: str
    at: datetime = _moment()
    note: str
    probability: float
    version: str
    was_complaint: bool


class RuleRow(Record, table=True):
    """A rule as it was accepted; a withdrawn one stays, and the same may be accepted again."""

    __tablename__ = "rule"
    __table_args__ = (_partial("uq_rule_in_force", IN_FORCE, "business", "key", unique=True),)

    id: int | None = _serial()
    business: str
    key: str
    ground: str
    value: str
    place: str
    by: str
    at: datetime = _moment()
    withdrawn_by: str | None = None
    withdrawn: datetime | None = _maybe()


class HeldRow(Record, table=True):
    """A complaint that a rule held back. It is still held while no case holds it."""

    __tablename__ = "held"

    mention_id: int = _reference("mention.id", primary_key=True)
    rule: str
    at: datetime = _moment()


class CaseEventRow(Record, table=True):
    """Append-only: triggers refuse changes."""

    __tablename__ = "case_event"
    __table_args__ = (UniqueConstraint("key"), Index("ix_case_event_case_id", "case_id"))

    id: int | None = _serial()
    case_id: int = _reference("cases.id")
    at: datetime = _moment()
    actor: str
    action: str
    before: str | None = None
    after: str
    note: str
    key: str | None = None
    data: str | None = None


class PromiseRow(Record, table=True):
    __tablename__ = "promise"
    __table_args__ = (Index("ix_promise_case_id", "case_id"), _partial("ix_promise_due", STANDING, "due"))

    id: int = _number()
    case_id: int = _reference("cases.id")
    what: str
    due: datetime = _moment()
    made: datetime = _moment()
    made_by: str
    outcome: str | None = None
    ended: datetime | None = _maybe()
    nudged: int = Field(sa_type=SmallInteger)


class SameCustomerRow(Record, table=True):
    """Authors that are one and the same person have the same group. Few: people link them by hand."""

    __tablename__ = "same_customer"

    business: str = Field(primary_key=True)
    source: str = Field(primary_key=True)
    customer: str = Field(primary_key=True)
    group_id: int = Field(sa_type=BIG)
    since: datetime = _moment()


class OutboxRow(Record, table=True):
    """`turn` and `said` are severity and publication as the order of sending needs them: never null."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("destination", "key"),
        _partial("ix_outbox_ready", PENDING, "destination", "turn", "said", "seq", "not_before", "case_id"),
        _partial("ix_outbox_due", PENDING, "destination", "not_before"),
        _partial("ix_outbox_unfinished", UNFINISHED, "case_id", "destination", "seq"),
        _partial("ix_outbox_in_doubt", IN_DOUBT, "state", "not_before"),
        Index("ix_outbox_case", "case_id", "kind"),
        _partial("ix_outbox_summary", SUMMARY, "destination", "kind", "seq"),
        _partial("ix_outbox_failed", FAILED, "seq"),
        {"sqlite_autoincrement": True},
    )

    seq: int | None = _serial()
    id: str
    destination: str
    key: str
    kind: str
    state: str
    business: str
    case_id: int | None = Field(default=None, foreign_key="cases.id", sa_type=BIG)
    severity: int | None = _grade()
    published: datetime | None = _maybe()
    turn: int = Field(sa_type=SmallInteger)
    said: datetime = _moment()
    created: datetime = _moment()
    not_before: datetime = _moment()
    attempts: int
    looks: int
    started: datetime | None = _maybe()
    lease: str | None = None
    lease_until: datetime | None = _maybe()
    revision: int | None = None
    data: str | None = None
    channel: str | None = None
    ref: str | None = None
    received: datetime | None = _maybe()
    link: str | None = None
    error: str


class BucketRow(Record, table=True):
    __tablename__ = "bucket"

    name: str = Field(primary_key=True)
    free: datetime = _moment()


class TroubleRow(Record, table=True):
    __tablename__ = "trouble"

    destination: str = Field(primary_key=True)
    code: str
    message: str
    since: datetime = _moment()
    next_probe: datetime = _moment()


class ListenerRow(Record, table=True):
    """A process that listens to the desk, while it lives."""

    __tablename__ = "listener"

    holder: str = Field(primary_key=True)
    link: str
    since: datetime = _moment()
    renewed: int
    fault: str
    seen: datetime = _moment()


METADATA = Record.metadata


def _table(name: str) -> Table:
    return METADATA.tables[name]


feed = _table("feed")
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
