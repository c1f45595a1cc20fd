"""What the crash tests share."""

from __future__ import annotations

from postgres import postgres_server, postgres_url
from staging import slack, stage, stand

__all__ = ["postgres_server", "postgres_url", "slack", "stage", "stand"]
