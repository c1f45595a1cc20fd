"""However late and however often the clock looks, in however many processes, and whatever people do in between: nothing
is said twice, nothing that is due stays undone, and a clock that remembers sees all that one without memory sees."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fakes import ACME, BAD, NOW, WORSE, judge, said
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action, Details
from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Alert
from monitor.core.policy import Ladder, Policy, Rung
from monitor.escalate import Clockwork
from monitor.recover import move
from storage.engine import open_store
from storage.store import SqlStore

HOUR = timedelta(hours=1)
POLICY = Policy(ladder=Ladder((Rung("lead", 2 * HOUR, ("U0LEAD",)), Rung("boss", 3 * HOUR, (), "C0BOSS"))))


@dataclass(frozen=True)
class Tick:
    minutes: int
    by: int
    """Which of three processes looks: 0 and 1 remember, 2 has just started."""


@dataclass(frozen=True)
class Deed:
    minutes: int
    which: int
    action: Action
    hours: int


STEPS = st.lists(
    st.builds(Tick, st.sampled_from([1, 7, 55, 240, 3000]), st.integers(0, 2))
    | st.builds(Deed, st.integers(0, 90), st.integers(1, 2), st.sampled_from(Action), st.integers(1, 30)),
    min_size=6,
    max_size=30,
)


@pytest.fixture(scope="module")
def begun() -> Iterator[Path]:
    """Two cases, one of them grave."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store("sqlite:///monitor.db", settings_dir=Path(folder))
        ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), "slack:C1")
        with store.write() as tx:
            telling = ingest.telling(tx, "feed", "run", Alert.ALL, NOW)
            page = [said("1", BAD, by="ann"), said("2", WORSE, by="bob")]
            ingest.store_judged(tx, ingest.judged(page), telling, NOW, Reading("feed"))
        store.close()
        yield Path(folder) / "monitor.db"


@settings(max_examples=40, deadline=None)
@given(steps=STEPS)
def test_nothing_is_said_twice_and_nothing_due_stays_undone(
    begun: Path, steps: Sequence[Tick | Deed]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(begun, Path(folder) / "monitor.db")
        store = open_store("sqlite:///monitor.db", settings_dir=Path(folder))
        clocks = [_clock(store), _clock(store)]
        now = NOW
        for step in steps:
            now += timedelta(minutes=step.minutes)
            if isinstance(step, Deed):
                _do(store, step, now)
                continue
            (clocks[step.by] if step.by < 2 else _clock(store)).run(now)
            assert [list(one.due) for one in _clock(store).upcoming(now)] == [[]] * _watched(store)
            assert all(clock.run(now) == [] for clock in clocks)
        _check(store)
        store.close()


def _clock(store: SqlStore) -> Clockwork:
    return Clockwork(store, ACME.key, POLICY, lambda tx, case: "slack:C1")


def _watched(store: SqlStore) -> int:
    with store.read() as tx:
        return len(tx.watched(ACME.key))


def _do(store: SqlStore, deed: Deed, now: datetime) -> None:
    details = Details(to="U0FAY", until=now + deed.hours * HOUR, what="a call", other=3 - deed.which)
    with contextlib.suppress(CaseError, Conflict):
        move(store, deed.which, deed.action, "U0ANN", now, note="so", details=details, ladder=POLICY.ladder)


def _check(store: SqlStore) -> None:
    with store.read() as tx:
        for case in tx.cases():
            events = [event for event in tx.events(case.id) if event.actor == "clock"]
            keys = [event.key for event in events]
            assert all(keys)
            assert len(keys) == len(set(keys))
            facts = [(event.action, event.data or {}) for event in events]
            called = Counter((d["promise"], d["stage"]) for action, d in facts if action == "nudge")
            broken = Counter(d["promise"] for action, d in facts if action == "break")
            assert set((called | broken).values()) <= {1}
            assert all(1 <= d["level"] <= POLICY.ladder.top for action, d in facts if action == "escalate")
            for promise in tx.promises(case.id):
                assert promise.nudged >= max((s for p, s in called if p == promise.id), default=0)
                assert (promise.id not in broken) or promise.outcome == "broken"
            assert case.level <= POLICY.ladder.top
