"""The store contract on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from storage.engine import open_store
from storage.testing import StoreContract
from storage.testing.turns import Opener


class TestSqlite(StoreContract):
    @pytest.fixture
    def opener(self, tmp_path: Path) -> Opener:
        return partial(open_store, "sqlite:///monitor.db", settings_dir=tmp_path)


class TestPostgres(StoreContract):
    @pytest.fixture
    def opener(self, postgres_url: str) -> Opener:
        return partial(open_store, postgres_url)
