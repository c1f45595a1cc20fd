"""Which processes listen to the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.String(26).with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "listener",
        sa.Column("holder", sa.String, nullable=False),
        sa.Column("link", sa.String, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("renewed", sa.Integer, nullable=False),
        sa.Column("fault", sa.String, nullable=False),
        sa.Column("seen", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("holder", name="pk_listener"),
    )
