"""Cases sleep, wait, are promised things and go up a ladder; authors are linked as one customer; events
carry what a machine needs of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.String(26).with_variant(sa.DateTime(timezone=True), "postgresql")
OWNED = sa.text("owner IS NOT NULL AND state NOT IN ('recovered', 'lost', 'dismissed')")
STANDING = sa.text("outcome IS NULL")


def upgrade() -> None:
    for name in ("claimed", "touched", "waiting", "snoozed", "wake"):
        op.add_column("cases", sa.Column(name, MOMENT, nullable=True))
    op.add_column("cases", sa.Column("level", sa.SmallInteger, nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("escalated", MOMENT, nullable=True))
    op.add_column("cases", sa.Column("pauses", sa.String, nullable=False, server_default="[]"))
    op.add_column("cases", sa.Column("reminded", MOMENT, nullable=True))
    op.create_index("ix_cases_owner", "cases", ["owner"], sqlite_where=OWNED, postgresql_where=OWNED)
    op.add_column("case_event", sa.Column("data", sa.String, nullable=True))
    _promises()
    op.create_table(
        "same_customer",
        sa.Column("business", sa.String, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("customer", sa.String, nullable=False),
        sa.Column("group_id", BIG, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("business", "source", "customer", name="pk_same_customer"),
    )
    _remember()


def _promises() -> None:
    op.create_table(
        "promise",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("made_by", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=True),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("nudged", sa.SmallInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_promise"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_promise_case_id"),
    )
    op.create_index("ix_promise_case_id", "promise", ["case_id"])
    op.create_index("ix_promise_due", "promise", ["due"], sqlite_where=STANDING, postgresql_where=STANDING)


def _remember() -> None:
    """What the history tells of the cases that are there: who took one did so when they last claimed it, or else
    when they first did anything with it."""
    op.execute(
        "UPDATE cases SET touched ="
        " (SELECT max(at) FROM case_event WHERE case_id = cases.id AND actor <> 'monitor')"
    )
    op.execute(
        "UPDATE cases SET claimed = coalesce("
        "(SELECT max(at) FROM case_event"
        " WHERE case_id = cases.id AND action = 'claim' AND actor = cases.owner), "
        "(SELECT min(at) FROM case_event WHERE case_id = cases.id AND actor = cases.owner), touched, opened)"
        " WHERE owner IS NOT NULL"
    )
