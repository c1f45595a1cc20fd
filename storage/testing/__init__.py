"""For tests: a store in a moment, and the contract every store is held to."""

from __future__ import annotations

from pathlib import Path

from storage.engine import open_store
from storage.store import SqlStore


def temporary_store(folder: Path) -> SqlStore:
    """A new SQLite store in `folder` (pytest: `temporary_store(tmp_path)`), or the one that is there."""
    return open_store("sqlite:///monitor.db", settings_dir=folder)
