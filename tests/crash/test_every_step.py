"""A process killed at any step of collecting and delivering loses nothing and tells nothing twice."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from lives import ALONE, COMPLAINTS, EDITED, TOGETHER, Steps, World, live, outlive
from stage import lost_and_doubled, mark, stored, told

from alerts.testing.slack import SlackLookalike, stored_posts
from storage.engine import open_store

Worlds = Callable[[], AbstractContextManager[World]]


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    """Worlds one after the other, in one database that is emptied in between."""
    # nobody needs it after a power cut: in memory, where there is such a folder
    memory = Path("/dev/shm")
    with TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path_factory.mktemp("worlds")) as folder:
        file = Path(folder) / "monitor.db"
        store = open_store(f"sqlite:///{file}")
        blank = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(file)) as database:
            database.backup(blank)

        @contextmanager
        def make() -> Iterator[World]:
            with closing(sqlite3.connect(file)) as database:
                blank.backup(database)
            with SlackLookalike() as slack:
                yield World(store, slack)

        yield make
        blank.close()
        store.close()


def hold(world: World, fate: str) -> None:
    """Nothing lost, nothing doubled: by the look-alike's log, and by our own account."""
    calls = world.slack.calls
    found = told(calls)
    assert lost_and_doubled(found, (*ALONE, EDITED)) == (0, 0), (fate, found)
    twice = {delivery: n for delivery, n in stored_posts(calls).items() if n != 1}
    assert not twice, (fate, twice)
    summaries = [body for body in stored(calls) if any(mark(number) in str(body) for number in TOGETHER)]
    assert summaries, fate
    with world.store.read() as tx:
        account = tx.account()
        states = tx.counts()[3]
    assert (account.complaints, account.unaccounted, account.queued) == (COMPLAINTS, 0, 0), (fate, account)
    assert (account.delivered, account.summarised) == (len(ALONE), len(TOGETHER)), (fate, account)
    assert set(states) <= {"sent"} or not any(n for state, n in states.items() if state != "sent"), (
        fate,
        states,
    )


def test_one_life_without_death(worlds: Worlds) -> None:
    with worlds() as world:
        live(world, Steps())
        hold(world, "no death")


@pytest.mark.slow
def test_death_at_every_single_step(worlds: Worlds) -> None:
    whole = Steps()
    with worlds() as world:
        live(world, whole)
    assert whole.taken > 80
    for last in range(1, whole.taken + 1):
        with worlds() as world:
            assert outlive(world, lambda n, last=last: last if n == 0 else None) == 2
            hold(world, f"died at step {last} of {whole.taken}")


@pytest.mark.parametrize("seed", range(8))
def test_many_short_lives(worlds: Worlds, seed: int) -> None:
    dice = random.Random(seed)
    with worlds() as world:
        assert outlive(world, lambda n: dice.randint(4, 25)) > 1
        hold(world, f"short lives, seed {seed}")


@pytest.mark.parametrize("seed", range(3))
def test_many_short_lives_on_postgres(postgres_url: str, seed: int) -> None:
    dice = random.Random(seed)
    store = open_store(postgres_url)
    with SlackLookalike() as slack:
        world = World(store, slack)
        assert outlive(world, lambda n: dice.randint(4, 25)) > 1
        hold(world, f"short lives on PostgreSQL, seed {seed}")
    store.close()
