"""What the digest counts by: when a post was said, which expectations were broken, on which days feeds were read."""

from __future__ import annotations

import json
from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.String(26).with_variant(sa.DateTime(timezone=True), "postgresql")
UNCLOSED = sa.text("state NOT IN ('recovered', 'lost', 'dismissed')")
BATCH = 5_000
BITS = {
    key: 1 << place
    for place, key in enumerate(
        (
            "respect",
            "follow_through",
            "communication",
            "listening",
            "promptness",
            "alternatives",
            "authority",
            "clarity",
            "expertise",
            "advocacy",
            "reliability",
            "fairness",
        )
    )
}
"""As they were numbered when this was written."""


def upgrade() -> None:
    op.add_column(
        "mention",
        sa.Column("said", MOMENT, nullable=False, server_default="1970-01-01 00:00:00.000000+00"),
    )
    op.add_column("mention", sa.Column("broken", sa.SmallInteger, nullable=False, server_default="0"))
    op.execute(
        "UPDATE mention SET said = CASE WHEN published IS NULL OR published > first_seen"
        " THEN first_seen ELSE published END"
    )
    _broken()
    op.drop_index("ix_mention_first_seen", "mention")
    op.create_index("ix_mention_first_seen", "mention", ["first_seen", "feed"])
    counted = ["business", "said", "feed", "location", "is_complaint", "praise", "broken"]
    op.create_index("ix_mention_said", "mention", counted)
    op.create_index("ix_case_event_at", "case_event", ["at"])
    op.create_index(
        "ix_cases_unclosed",
        "cases",
        ["business", "backlog", "state"],
        sqlite_where=UNCLOSED,
        postgresql_where=UNCLOSED,
    )
    _listened()


def _broken() -> None:
    """Of the verdict in force, a batch at a time: most posts have none."""
    connection = op.get_bind()
    told = sa.text(
        "SELECT mention.id, expectations FROM mention JOIN assessment ON assessment.mention_id = mention.id"
        " AND assessment.fingerprint = mention.fingerprint AND assessment.version = mention.judged_by"
        " WHERE mention.id > :after AND expectations <> '[]' ORDER BY mention.id LIMIT :batch"
    )
    after = 0
    while rows := connection.execute(told, {"after": after, "batch": BATCH}).all():
        masks = [{"at": at, "mask": _mask(json.loads(written))} for at, written in rows]
        connection.execute(sa.text("UPDATE mention SET broken = :mask WHERE id = :at"), masks)
        after = rows[-1][0]


def _mask(pieces: list[list[object]]) -> int:
    mask = 0
    for piece in pieces:
        mask |= BITS.get(str(piece[0]), 0)
    return mask


def _listened() -> None:
    """Of the time before nobody wrote it down: a feed was read on the days on which it brought something."""
    op.create_table(
        "listened",
        sa.Column("feed", sa.String, nullable=False),
        sa.Column("day", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("first", MOMENT, nullable=False),
        sa.Column("last", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("feed", "day", name="pk_listened"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_listened_day", "listened", ["day"])
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    day = "substr(first_seen, 1, 10)" if sqlite else "CAST(first_seen AT TIME ZONE 'UTC' AS date)"
    rows = connection.execute(
        sa.text(f"SELECT feed, {day}, min(first_seen), max(first_seen) FROM mention GROUP BY feed, {day}")  # noqa: S608
    ).all()
    if rows:
        connection.execute(
            sa.text("INSERT INTO listened (feed, day, first, last) VALUES (:feed, :day, :first, :last)"),
            [
                {"feed": feed, "day": _ordinal(day), "first": first, "last": last}
                for feed, day, first, last in rows
            ],
        )


def _ordinal(day: str | date) -> int:
    return (date.fromisoformat(day) if isinstance(day, str) else day).toordinal()
