"""The database every contract test may ask for, and failures of the contract's own asserts spelled out."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("storage.testing")

from postgres import bare_postgres_url, postgres_server, postgres_url  # noqa: E402

__all__ = ["bare_postgres_url", "postgres_server", "postgres_url"]
