"""For tests: a store in a moment, and the contract every store is held to.

    class TestMyStore(StoreContract):
        @pytest.fixture
        def opener(self, tmp_path):
            return functools.partial(open_my_store, tmp_path)

`opener` opens the same, at first empty, store as often as it is called, and can be pickled: the contract also
works on it from other processes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.core.ports import Store
from storage.engine import open_store
from storage.store import SqlStore
from storage.testing.attending import AttendingRules
from storage.testing.copying import CopyingRules
from storage.testing.feeds import FeedRules
from storage.testing.hearing import HearingRules
from storage.testing.labelling import LabellingRules
from storage.testing.linking import LinkingRules
from storage.testing.noticing import NoticingRules
from storage.testing.promising import PromisingRules
from storage.testing.recounting import RecountingRules
from storage.testing.remembering import RememberingRules
from storage.testing.rereading import RereadingRules
from storage.testing.sending import SendingRules
from storage.testing.storms import StormRules
from storage.testing.turns import Opener, TurnRules
from storage.testing.working import WorkingRules


class StoreContract(
    FeedRules,
    HearingRules,
    RememberingRules,
    WorkingRules,
    PromisingRules,
    LinkingRules,
    LabellingRules,
    CopyingRules,
    RereadingRules,
    SendingRules,
    StormRules,
    NoticingRules,
    RecountingRules,
    AttendingRules,
    TurnRules,
):
    """Every sentence of `monitor.core.store.Transaction`, as a test."""

    @pytest.fixture
    def opener(self) -> Opener:
        raise NotImplementedError("a contract test says how its store is opened")

    @pytest.fixture
    def store(self, opener: Opener) -> Iterator[Store]:
        store = opener()
        yield store
        store.close()


def temporary_store(folder: Path) -> SqlStore:
    """A new SQLite store in `folder` (pytest: `temporary_store(tmp_path)`), or the one that is there."""
    return open_store("sqlite:///monitor.db", settings_dir=folder)
