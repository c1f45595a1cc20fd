"""Storing pages through the transaction beside raw `executemany`, and a million rows beside ten thousand.

Both write the same mentions into SQLite with the same durability; the raw side writes into one table that has
the same columns and the same unique key, and does nothing else.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.texts import posts
from monitor.core.ingest import Alert, Judged, Telling, plan
from monitor.core.model import Mention, Verdict
from monitor.core.ports import Store
from storage.engine import open_store

PAGE = 500
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


def raw_rows(database: Path, table_sql: str, columns: int, rows: int) -> float:
    connection = sqlite3.connect(database)
    connection.execute("pragma journal_mode=wal")
    connection.execute("pragma synchronous=full")
    connection.execute(table_sql)
    marks = ",".join("?" * columns)
    spent = 0.0
    for start in range(0, rows, PAGE):
        values = [
            (
                None,
                "default",
                "benchmark",
                item.mention.native_id,
                item.mention.text,
                *(["x"] * (columns - 5)),
            )
            for item in page(start)
        ]
        begin = time.perf_counter()
        with connection:
            connection.executemany(f"insert into m values ({marks})", values)
        spent += time.perf_counter() - begin
    connection.close()
    return spent


def main(big: int = 1_000_000) -> None:
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"sqlite:///{name}/store.db")
        columns = sqlite3.connect(f"{name}/store.db").execute("pragma table_info(mention)").fetchall()
        names = ["id integer primary key", "business", "source", "native_id", "text"]
        names += [f"c{n}" for n in range(len(columns) - 5)]
        sql = f"create table m ({', '.join(names)}, unique (business, source, native_id))"
        rows = 10_000
        ours, raw = store_rows(store, 0, rows), raw_rows(Path(name, "raw.db"), sql, len(columns), rows)
        print(
            f"storing {rows:,} mentions of 300 characters, {len(columns)} columns: {rows / ours:,.0f}/s with plan, "
            f"look-up and assessment, raw executemany {rows / raw:,.0f}/s, ratio {raw / ours:.2f} (aim .5)"
        )
        small = rows / store_rows(store, rows, rows)
        store_rows(store, 2 * rows, max(0, big - 2 * rows))
        large = rows / store_rows(store, max(big, 2 * rows), rows)
        print(
            f"storing into {2 * rows:,} rows {small:,.0f}/s, into {big:,} rows {large:,.0f}/s, "
            f"ratio {large / small:.2f} (aim .5)"
        )
        store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    main(parser.parse_args().rows)
