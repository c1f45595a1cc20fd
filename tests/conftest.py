"""What every test may ask for."""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

# before anything imports it: failures of the contract's own asserts are spelled out
pytest.register_assert_rewrite("storage.testing")


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


@pytest.fixture(scope="session")
def judge(test_data: Path) -> Callable[..., list[str]]:
    """A judge made from Slack's own type definitions, which knows nothing of this product."""
    path = test_data / "slack-judge" / "judge.py"
    spec = importlib.util.spec_from_file_location("slack_judge", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        # It leaves its schema file for the collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        spec.loader.exec_module(module)
    found: Callable[..., list[str]] = module.judge
    return found


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With the recorded data at hand a skipped test is a check not made, and that is a failure."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = len(reporter.stats.get("skipped", ())) if reporter else 0
    if skipped and os.environ.get("MONITOR_TEST_DATA"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        print(f"\n{skipped} tests were skipped although MONITOR_TEST_DATA is set: that counts as a failure")
