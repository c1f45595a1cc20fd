"""The stand-in for a receiver keeps the contract of the real ones, but for what is about drawing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from fakes import Inbox

from alerts.testing.contract import NotifierContract


class TestInbox(NotifierContract):
    exactly_once = True

    @pytest.fixture
    def notifier(self) -> Inbox:
        return Inbox(lambda: datetime.now(UTC))

    @pytest.fixture
    def channel(self) -> str:
        return "C1"

    @pytest.fixture
    def shown(self, notifier: Inbox) -> Callable[[], str]:
        return lambda: f"{len(notifier.arrived)} messages"

    test_hostile_words_reach_readers_as_words = None  # type: ignore[assignment]
    test_a_card_shows_who_where_and_what = None  # type: ignore[assignment]
