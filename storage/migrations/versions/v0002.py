"""Verdicts name expectations, staff and kind; the desk labels them, rules hold back what it
dismissed; and copies of a complaint are found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
MOMENT = sa.String(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    for name in ("expectations", "staff"):
        op.add_column("assessment", sa.Column(name, sa.String, nullable=False, server_default="[]"))
    op.add_column("assessment", sa.Column("kind", sa.String, nullable=True))
    _labels()
    _rules()
    _sketches()


def _labels() -> None:
    op.create_table(
        "label",
        sa.Column("id", BIG, nullable=False),
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("label", sa.SmallInteger, nullable=True),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("probability", sa.Float, nullable=False),
        sa.Column("version", sa.String, nullable=False),
        sa.Column("was_complaint", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name="fk_label_mention_id"),
    )
    op.create_index("ix_label_mention_id", "label", ["mention_id"])
    _append_only("label")


def _rules() -> None:
    op.create_table(
        "rule",
        sa.Column("id", BIG, nullable=False),
        sa.Column("business", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("ground", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_by", sa.String, nullable=True),
        sa.Column("withdrawn", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_rule"),
    )
    in_force = sa.text("withdrawn IS NULL")
    op.create_index(
        "uq_rule_in_force",
        "rule",
        ["business", "key"],
        unique=True,
        sqlite_where=in_force,
        postgresql_where=in_force,
    )
    op.create_table(
        "held",
        sa.Column("mention_id", BIG, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mention_id", name="pk_held"),
        sa.ForeignKeyConstraint(["mention_id"], ["mention.id"], name="fk_held_mention_id"),
    )


def _sketches() -> None:
    op.create_table(
        "sketch",
        sa.Column("hash", BIG, nullable=False, autoincrement=False),
        sa.Column("mention_id", BIG, nullable=False, autoincrement=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("hash", "mention_id", name="pk_sketch"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sketch_day", "sketch", ["day"])


def _append_only(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for deed in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
