"""Incidents: what makes many complain at once, and whose cases belong to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.String(26).with_variant(sa.DateTime(timezone=True), "postgresql")
BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
RUNNING = sa.text("ended IS NULL")
COMPLAINT = sa.text("is_complaint")


def upgrade() -> None:
    op.create_table(
        "incident",
        sa.Column("id", BIG, nullable=False, autoincrement=False),
        sa.Column("business", sa.String, nullable=False),
        sa.Column("lead", sa.String, nullable=False),
        sa.Column("keys", sa.String, nullable=False),
        sa.Column("also", sa.String, nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("noticed", MOMENT, nullable=False),
        sa.Column("risen", MOMENT, nullable=False),
        sa.Column("ended", MOMENT, nullable=True),
        sa.Column("voices", sa.Integer, nullable=False),
        sa.Column("usual", sa.Float, nullable=False),
        sa.Column("hours", sa.SmallInteger, nullable=False),
        sa.Column("told_by", sa.String, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
    )
    op.create_index(
        "uq_incident_running",
        "incident",
        ["business", "lead"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index("ix_incident_started", "incident", ["business", "started"])
    op.create_table(
        "incident_case",
        sa.Column("incident_id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("joined", BIG, nullable=False),
        sa.PrimaryKeyConstraint("incident_id", "case_id", name="pk_incident_case"),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_case_incident_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_incident_case_case_id"),
    )
    op.create_index("ix_incident_case_case_id", "incident_case", ["case_id"])
    op.create_index(
        "ix_mention_complained",
        "mention",
        ["business", "said"],
        sqlite_where=COMPLAINT,
        postgresql_where=COMPLAINT,
    )
