"""A real process, killed at random moments while it stores pages: each page is there whole or not at all."""

from __future__ import annotations

import os
import random
import signal
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from storage.engine import open_store
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, FEED, HOUR, NOW, SOURCE, bad, by, hear, said
from storage.testing.turns import Opener, start

PAGE = 40
KILLS = 6


def stores_pages(opener: Opener, say: Connection) -> None:
    store = opener()
    with store.read() as tx:
        page = int((tx.feeds()[0].cursor or {}).get("page", 0))
    say.send("ready")
    while True:
        page += 1
        with store.write() as tx:
            hear(tx, *(bad(said(f"{page}-{n}", author=by(f"c{page}-{n}"))) for n in range(PAGE)))
            tx.commit_page(FEED, "t", {"page": page}, NOW, NOW + HOUR)
        say.send(page)


def test_a_page_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    opener = partial(open_store, "sqlite:///monitor.db", settings_dir=tmp_path)
    store = temporary_store(tmp_path)
    with store.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)
        tx.lease_feed(FEED, "t", NOW, NOW + HOUR)
    chance = random.Random(7)
    for _ in range(KILLS):
        process, line = start(stores_pages, opener)
        assert line.recv() == "ready"
        confirmed = [line.recv() for _ in range(chance.randint(1, 4))]
        line.poll(chance.random() / 50)
        assert process.pid is not None
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        line.close()
        with store.write() as tx:
            page = (tx.feeds()[0].cursor or {})["page"]
            assert page >= confirmed[-1]
            mentions, complaints, cases, outbox = tx.counts()
            assert mentions == complaints == cases["open"] == outbox["pending"] == page * PAGE
            assert tx.account().unaccounted == 0
    store.close()
