"""Storing pages through the transaction beside raw `executemany`, and a million rows beside ten thousand.

Both write the same rows into SQLite with the same durability, in turn; the raw side writes them into one table
that has the same columns and the same unique key, and does nothing else. Ids ascend, as those of nearly every
source do; ids in no order at all cost about three times as much at a million rows, where every row of a page
belongs to another leaf of the unique index.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.texts import posts
from monitor.core.ingest import plan
from monitor.core.intents import Alert, Judged, Telling
from monitor.core.model import Mention, Verdict
from monitor.core.ports import Store
from storage.engine import open_store

PAGE, ROWS, ROUNDS = 500, 10_000, 3
NOW = datetime(2026, 11, 23, tzinfo=UTC)
TEXTS = posts(2000, 300)
TELLING = Telling("console", Alert.ALL, timedelta(days=1), "backlog:benchmark", "benchmark")
VERDICT = Verdict(0.1, False, sentiment=0.1, language="en", version="benchmark:1")


def page(first: int) -> list[Judged]:
    return [
        Judged(Mention("benchmark", f"id-{n:09d}", TEXTS[n % len(TEXTS)], published=NOW), VERDICT)
        for n in range(first, first + PAGE)
    ]


def store_rows(store: Store, first: int, rows: int) -> float:
    """Seconds for planning and storing so many new mentions, a page a transaction."""
    spent = 0.0
    for start in range(first, first + rows, PAGE):
        judged = page(start)
        begin = time.perf_counter()
        with store.write() as tx:
            ids = [item.mention.native_id for item in judged]
            known = tx.known("default", "benchmark", ids)
            made = plan(
                judged, known=known, standing={}, recovered={}, telling=TELLING, business="default", now=NOW
            )
            tx.apply(made, "default", "benchmark", NOW)
        spent += time.perf_counter() - begin
    return spent


def raw_rows(ours: Path, raw: Path, first: int, rows: int) -> float:
    """Seconds for the same rows, as the store wrote them, by `executemany` into one table."""
    stored = sqlite3.connect(ours)
    connection = sqlite3.connect(raw)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    columns = [row[1] for row in stored.execute("pragma table_info(mention)")]
    others = ", ".join(columns[1:])
    connection.execute(
        f"create table if not exists m ({columns[0]} integer primary key, {others}, "
        "unique (business, source, native_id))"
    )
    marks = ",".join("?" * len(columns))
    found = stored.execute("select * from mention order by id limit ? offset ?", (rows, first))
    spent = 0.0
    while values := found.fetchmany(PAGE):
        begin = time.perf_counter()
        with connection:
            connection.executemany(f"insert into m values ({marks})", values)
        spent += time.perf_counter() - begin
    connection.close()
    stored.close()
    return spent


def main(big: int = 1_000_000) -> None:
    gc.set_threshold(20_000)  # as in the product's own process
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"sqlite:///{name}/store.db")
        rates: list[tuple[float, float]] = []
        for round_ in range(ROUNDS):
            ours = store_rows(store, round_ * ROWS, ROWS)
            raw = raw_rows(Path(name, "store.db"), Path(name, "raw.db"), round_ * ROWS, ROWS)
            rates.append((ROWS / ours, ROWS / raw))
        mine, bare = sorted(rates, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]
        print(
            f"storing {ROWS:,} mentions of 300 characters: {mine:,.0f}/s with plan, look-up, indexes and assessment, "
            f"raw executemany {bare:,.0f}/s, ratio {mine / bare:.2f} (aim .5; median of {ROUNDS})"
        )
        there = ROUNDS * ROWS
        store_rows(store, there, max(0, big - there))
        last = max(big, there)
        large = sorted(ROWS / store_rows(store, last + n * ROWS, ROWS) for n in range(ROUNDS))[ROUNDS // 2]
        small = sorted(rate for rate, _ in rates)[ROUNDS // 2]
        print(
            f"storing into 10,000 to {there:,} rows {small:,.0f}/s, into {last:,} rows {large:,.0f}/s, "
            f"ratio {large / small:.2f} (aim .5)"
        )
        store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    main(parser.parse_args().rows)
