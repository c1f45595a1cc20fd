"""What a verdict names beside its evidence: broken expectations, staff, and what kind of post it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("expectations", "staff"):
        op.add_column("assessment", sa.Column(name, sa.String, nullable=False, server_default="[]"))
    op.add_column("assessment", sa.Column("kind", sa.String, nullable=True))
