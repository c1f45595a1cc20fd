"""What the acceptance tests share."""

from __future__ import annotations

from staging import slack, stage, stand

__all__ = ["slack", "stage", "stand"]
