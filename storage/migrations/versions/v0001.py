"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Kind = sa.types.TypeEngine[Any] | type[sa.types.TypeEngine[Any]]
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.String(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def _must(name: str, kind: Kind) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: Kind) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _index(
    name: str, table: str, columns: list[str], *, unique: bool = False, where: str | None = None
) -> None:
    condition = sa.text(where) if where else None
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "feed",
        _must("name", sa.String),
        _must("source", sa.String),
        _must("business", sa.String),
        _may("cursor", sa.String),
        _must("next_due", MOMENT),
        _may("baselined", MOMENT),
        _may("last_attempt", MOMENT),
        _may("last_success", MOMENT),
        _may("last_heard", MOMENT),
        _must("failures", sa.Integer),
        _may("failing_since", MOMENT),
        _must("last_error", sa.String),
        _must("rejected", BIG),
        _must("replaced", BIG),
        _may("lease", sa.String),
        _may("lease_until", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_feed"),
    )
    _cases()
    _mentions()
    _outbox()
    _append_only()


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        _must("business", sa.String),
        _must("source", sa.String),
        _must("customer", sa.String),
        _must("name", sa.String),
        _must("state", sa.String),
        _must("severity", sa.SmallInteger),
        _must("opened", MOMENT),
        _must("revision", sa.Integer),
        _may("owner", sa.String),
        _must("backlog", sa.Boolean),
        _must("reasons", sa.String),
        _may("url", sa.String),
        _may("closed", MOMENT),
        _may("contacted", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
    )
    unclosed = "state NOT IN ('recovered', 'lost', 'dismissed')"
    customer = ["business", "source", "customer"]
    _index("uq_cases_unclosed", "cases", customer, unique=True, where=unclosed)
    _index("ix_cases_customer", "cases", customer)
    _index("ix_cases_state", "cases", ["state"])
    _index("ix_cases_opened", "cases", ["opened"])
    _index("ix_cases_closed", "cases", ["closed"])
    op.create_table(
        "case_event",
        _must("id", BIG),
        _must("case_id", BIG),
        _must("at", MOMENT),
        _must("actor", sa.String),
        _must("action", sa.String),
        _may("before", sa.String),
        _must("after", sa.String),
        _must("note", sa.String),
        _may("key", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_case_event"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_event_case_id"),
        sa.UniqueConstraint("key", name="uq_case_event_key"),
    )
    _index("ix_case_event_case_id", "case_event", ["case_id"])


def _mentions() -> None:
    op.create_table(
        "mention",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        _must("business", sa.String),
        _must("source", sa.String),
        _must("native_id", sa.String),
        _must("feed", sa.String),
        _must("title", sa.String),
        _must("text", sa.String),
        _may("url", sa.String),
        _may("author_key", sa.String),
        _must("author_name", sa.String),
        _may("author_url", sa.String),
        _may("published", MOMENT),
        _may("edited", MOMENT),
        _may("stars", sa.Float),
        _may("scale", sa.Float),
        _may("lowest", sa.Float),
        _may("language", sa.String),
        _may("thread", sa.String),
        _may("parent", sa.String),
        _may("location", sa.String),
        _may("storefront", sa.String),
        _may("app_version", sa.String),
        _may("followers", BIG),
        _may("likes", BIG),
        _may("reply", sa.String),
        _may("replied", MOMENT),
        _must("repost", sa.Boolean),
        _must("addressed", sa.Boolean),
        _must("fingerprint", sa.String),
        _must("first_seen", MOMENT),
        _may("case_id", BIG),
        _may("told_by", sa.String),
        _may("gone_at", MOMENT),
        _may("blanked_at", MOMENT),
        _must("is_complaint", sa.Boolean),
        _may("severity", sa.SmallInteger),
        _must("probability", sa.Float),
        _must("praise", sa.Boolean),
        _must("judged_by", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_mention"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_mention_case_id"),
        sa.UniqueConstraint("business", "source", "native_id", name="uq_mention_business_source_native_id"),
    )
    _index("ix_mention_first_seen", "mention", ["first_seen", "business", "feed", "is_complaint", "praise"])
    _index("ix_mention_case_id", "mention", ["case_id"], where="case_id IS NOT NULL")
    _index("ix_mention_complaint", "mention", ["told_by", "case_id", "is_complaint"], where="is_complaint")
    op.create_table(
        "assessment",
        _must("mention_id", BIG),
        _must("fingerprint", sa.String),
        _must("version", sa.String),
        _must("probability", sa.Float),
        _must("is_complaint", sa.Boolean),
        _may("severity", sa.SmallInteger),
        _may("sentiment", sa.Float),
        _may("language", sa.String),
        _must("praise", sa.Boolean),
        _must("reasons", sa.String),
        _must("signals", sa.String),
        _must("evidence", sa.String),
        sa.PrimaryKeyConstraint("mention_id", "fingerprint", "version", name="pk_assessment"),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name="fk_assessment_mention_id"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", BIG, primary_key=True, nullable=False),
        _must("id", sa.String),
        _must("destination", sa.String),
        _must("key", sa.String),
        _must("kind", sa.String),
        _must("state", sa.String),
        _must("business", sa.String),
        _may("case_id", BIG),
        _may("severity", sa.SmallInteger),
        _may("published", MOMENT),
        _must("turn", sa.SmallInteger),
        _must("said", MOMENT),
        _must("created", MOMENT),
        _must("not_before", MOMENT),
        _must("attempts", sa.Integer),
        _must("looks", sa.Integer),
        _may("started", MOMENT),
        _may("lease", sa.String),
        _may("lease_until", MOMENT),
        _may("revision", sa.Integer),
        _may("data", sa.String),
        _may("channel", sa.String),
        _may("ref", sa.String),
        _may("received", MOMENT),
        _may("link", sa.String),
        _must("error", sa.String),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_outbox_case_id"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sa.UniqueConstraint("destination", "key", name="uq_outbox_destination_key"),
        sqlite_autoincrement=True,
    )
    pending = "state = 'pending'"
    ready = ["destination", "turn", "said", "seq", "not_before", "case_id"]
    _index("ix_outbox_ready", "outbox", ready, where=pending)
    _index("ix_outbox_due", "outbox", ["destination", "not_before"], where=pending)
    unfinished = "state IN ('pending', 'sending', 'unknown')"
    _index("ix_outbox_unfinished", "outbox", ["case_id", "destination", "seq"], where=unfinished)
    doubt = "state IN ('sending', 'unknown')"
    _index("ix_outbox_in_doubt", "outbox", ["state", "not_before"], where=doubt)
    _index("ix_outbox_case", "outbox", ["case_id", "kind"])
    _index("ix_outbox_summary", "outbox", ["destination", "kind", "seq"], where="case_id IS NULL")
    _index("ix_outbox_failed", "outbox", ["seq"], where="state = 'failed'")
    op.create_table(
        "bucket",
        _must("name", sa.String),
        _must("free", MOMENT),
        sa.PrimaryKeyConstraint("name", name="pk_bucket"),
    )
    op.create_table(
        "trouble",
        _must("destination", sa.String),
        _must("code", sa.String),
        _must("message", sa.String),
        _must("since", MOMENT),
        _must("next_probe", MOMENT),
        sa.PrimaryKeyConstraint("destination", name="pk_trouble"),
    )


def _append_only() -> None:
    """History is written once: the database itself refuses to change it."""
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER case_event_no_{deed.lower()} BEFORE {deed} ON case_event "
                "BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION case_event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'case_event is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_event "
        "FOR EACH STATEMENT EXECUTE FUNCTION case_event_append_only()"
    )
