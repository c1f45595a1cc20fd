"""The fixtures of tests that run the real command: a Slack look-alike, a newsstand, and the stage they stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import Newsstand, Stage

from alerts.testing.slack import SlackLookalike


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[SlackLookalike]:
    with SlackLookalike(log=tmp_path / "slack.jsonl") as found:
        yield found


@pytest.fixture
def stand() -> Iterator[Newsstand]:
    with Newsstand() as found:
        yield found


@pytest.fixture
def stage(tmp_path: Path, slack: SlackLookalike, stand: Newsstand) -> Iterator[Stage]:
    found = Stage(tmp_path, slack, stand)
    yield found
    found.close()
