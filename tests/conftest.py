"""What every test may ask for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of recorded answers and labelled posts, where `MONITOR_TEST_DATA` names one.

    Unset, tests that need it skip and are counted; set, a missing file fails in the test that opens it.
    """
    folder = os.environ.get("MONITOR_TEST_DATA")
    if not folder:
        pytest.skip("MONITOR_TEST_DATA is not set: no recorded answers to replay")
    path = Path(folder)
    assert path.is_dir(), f"MONITOR_TEST_DATA names {folder}, which is no folder"
    return path


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With the recorded data at hand a skipped test is a check not made, and that is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter else 0
    if skipped and os.environ.get("MONITOR_TEST_DATA"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\n{skipped} tests were skipped although MONITOR_TEST_DATA is set: that counts as a failure")
