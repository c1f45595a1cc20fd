"""Looking for incidents with a million mentions of a year stored, beside ten thousand: the first look of a process,
which reads eight weeks, and each look after it, with the mentions of one more minute.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.texts import posts
from monitor.core.ingest import plan
from monitor.core.intents import Alert, Judged, Telling
from monitor.core.model import Author, Evidence, Mention, Place, Severity, Verdict
from monitor.core.ports import Store
from monitor.core.sketch import REMEMBERED, sketch_of
from monitor.incidents import Lookout
from storage.engine import open_store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
YEAR = timedelta(days=364)
PAGE, LOOKS = 500, 30
KEYS = ("reliability", "promptness", "communication", "fairness", "respect", "clarity")
PLACES = [Place(f"Street {number}", None, f"4.{number}") for number in range(20)]
FINE = Verdict(0.1, False, version="benchmark:1")
TEXTS = posts(5000, 120)


def judged(number: int, at: datetime, rng: random.Random) -> Judged:
    said = Mention(
        "benchmark",
        f"id-{number:09d}",
        f"{TEXTS[number % len(TEXTS)]} {rng.getrandbits(40):x} {rng.getrandbits(40):x}",
        author=Author(f"author-{number}"),
        published=at,
        place=rng.choice(PLACES),
    )
    if rng.random() > 0.12:
        return Judged(said, FINE)
    broken = (Evidence(rng.choice(KEYS), ""),)
    verdict = Verdict(0.9, True, Severity.MEDIUM, expectations=broken, version="benchmark:1")
    return Judged(said, verdict, sketch=sketch_of(said))


def fill(store: Store, page: list[Judged], now: datetime) -> None:
    told = Telling("console", Alert.NONE, timedelta(0), "backlog:benchmark", "benchmark")
    made = plan(page, known={}, standing={}, recovered={}, telling=told, business="default", now=now)
    with store.write() as tx:
        tx.apply(made, "default", "benchmark", now)


def measured(folder: Path, rows: int) -> tuple[float, float, float]:
    """Seconds of the first look, and the median and the longest of those after it."""
    rng = random.Random(7)
    store = open_store(f"sqlite:///{folder}/{rows}.db", settings_dir=folder)
    begin = NOW - YEAR
    with store.write() as tx:
        tx.register_feed("benchmark", "rss", "default", begin)
        tx.lease_feed("benchmark", "t", begin, NOW, force=True)
        tx.succeed_feed("benchmark", "t", begin, NOW)
    for first in range(0, rows, PAGE):
        at = [begin + YEAR * ((number + 0.5) / rows) for number in range(first, min(rows, first + PAGE))]
        fill(store, [judged(first + n, one, rng) for n, one in enumerate(at)], at[-1])
    with store.write() as tx:
        tx.forget_sketches(NOW - REMEMBERED)
    lookout = Lookout(store, "default", "console", timedelta(hours=4))
    spent = []
    for minute in range(LOOKS + 1):
        now = NOW + timedelta(minutes=minute)
        start = time.perf_counter()
        lookout.look(now)
        spent.append(time.perf_counter() - start)
        fill(store, [judged(rows + minute * 2 + n, now, rng) for n in range(2)], now)
    store.close()
    later = sorted(spent[1:])
    return spent[0], later[len(later) // 2], later[-1]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 1_000_000])
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for rows in asked.rows:
            first, median, longest = measured(Path(folder), rows)
            print(
                f"{rows:>9,} mentions: first look {first * 1000:.0f} ms,"
                f" then {median * 1000:.1f} ms (median), {longest * 1000:.1f} ms (longest of {LOOKS})",
                flush=True,
            )


if __name__ == "__main__":
    main()
