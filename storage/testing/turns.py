"""The contract: writers take turns, readers see one view, and a killed writer leaves nothing."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess

import pytest

from monitor.core.errors import StoreError
from monitor.core.ports import Store
from storage.testing.field import BUSINESS, FEED, HOUR, MINUTE, NOW, SLACK, SOURCE, bad, by, hear, said

Opener = Callable[[], Store]
_SPAWN = multiprocessing.get_context("spawn")


def _leases(opener: Opener, say: Connection) -> None:
    store = opener()
    say.send("ready")
    say.recv()
    with store.write() as tx:
        leased = tx.lease_feed(FEED, str(os.getpid()), NOW, NOW + HOUR) is not None
        rows = tx.ready(NOW, [SLACK])
        claimed = bool(rows) and tx.claim(rows[0].id, str(os.getpid()), NOW, NOW + HOUR) is not None
    store.close()
    say.send((leased, claimed))


def _counts(opener: Opener, say: Connection) -> None:
    store = opener()
    say.send("ready")
    say.recv()
    for _ in range(25):
        with store.write() as tx:
            _add_one(tx.take_slot, FEED)
    store.close()
    say.send("done")


def _dies(opener: Opener, say: Connection) -> None:
    store = opener()
    with store.write() as tx:
        hear(tx, *(bad(said(str(n), author=by(f"c{n}"))) for n in range(50)))
        say.send("written")
        say.recv()


def _opens(opener: Opener, say: Connection) -> None:
    say.send("ready")
    say.recv()
    store = opener()
    with store.write() as tx:
        tx.register_feed(str(os.getpid()), SOURCE, BUSINESS, NOW)
    store.close()
    say.send("open")


def _add_one(take_slot: Callable[..., object], bucket: str) -> None:
    """A number that only grows by reading and then writing: the bucket's next free moment, in seconds."""
    free = take_slot(bucket, NOW - timedelta(days=365), timedelta())
    count = free - NOW if isinstance(free, type(NOW)) else timedelta()
    take_slot(bucket, NOW + count, timedelta(seconds=1))


def start(work: Callable[[Opener, Connection], None], opener: Opener) -> tuple[SpawnProcess, Connection]:
    """A real process at work on a store of its own."""
    ours, theirs = _SPAWN.Pipe()
    process = _SPAWN.Process(target=work, args=(opener, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def together(work: Callable[[Opener, Connection], None], opener: Opener, count: int) -> list[object]:
    """What `count` processes say that start at the same moment."""
    started = [start(work, opener) for _ in range(count)]
    for _, line in started:
        assert line.recv() == "ready"
    for _, line in started:
        line.send("go")
    said_ = [line.recv() for _, line in started]
    for process, line in started:
        process.join()
        line.close()
        assert process.exitcode == 0
    return said_


class TurnRules:
    def test_of_two_processes_exactly_one_gets_it(self, store: Store, opener: Opener) -> None:
        with store.write() as tx:
            tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
            hear(tx, bad(said("1")))
        answers = together(_leases, opener, 2)
        assert sorted(answers) == [(False, False), (True, True)]  # type: ignore[type-var]

    def test_processes_lose_no_increment(self, store: Store, opener: Opener) -> None:
        assert together(_counts, opener, 2) == ["done", "done"]
        with store.write() as tx:
            assert tx.take_slot(FEED, NOW, MINUTE) == NOW + timedelta(seconds=50)

    def test_threads_lose_no_increment(self, store: Store) -> None:
        def count() -> None:
            for _ in range(100):
                with store.write() as tx:
                    _add_one(tx.take_slot, FEED)

        with ThreadPoolExecutor(4) as pool:
            for done in [pool.submit(count) for _ in range(4)]:
                done.result()
        with store.write() as tx:
            assert tx.take_slot(FEED, NOW, MINUTE) == NOW + timedelta(seconds=400)

    def test_a_killed_writer_leaves_nothing_and_no_lock(self, store: Store, opener: Opener) -> None:
        process, line = start(_dies, opener)
        assert line.recv() == "written"
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        line.close()
        with store.write() as tx:
            assert tx.counts() == (0, 0, {}, {})
            assert hear(tx, bad(said("1"))).added == 1

    def test_several_may_open_it_at_once(self, opener: Opener) -> None:
        assert together(_opens, opener, 3) == ["open"] * 3
        store = opener()
        with store.read() as tx:
            assert len(tx.feeds()) == 3
        store.close()

    def test_a_reader_sees_one_view_while_others_write(self, store: Store) -> None:
        with store.read() as tx:
            assert tx.feeds() == []

            def write() -> None:
                with store.write() as other:
                    other.register_feed(FEED, SOURCE, BUSINESS, NOW)

            writer = threading.Thread(target=write)
            writer.start()
            writer.join()
            assert tx.feeds() == []
        with store.read() as tx:
            assert [feed.name for feed in tx.feeds()] == [FEED]

    def test_writing_while_reading_fails(self, store: Store) -> None:
        with pytest.raises(StoreError), store.read() as tx:
            tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
        with store.write() as tx:
            assert tx.feeds() == []

    def test_a_write_inside_a_write_is_refused_at_once(self, store: Store) -> None:
        with pytest.raises(RuntimeError), store.write(), store.write():
            pass  # pragma: no cover
        with store.write() as tx:
            tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
