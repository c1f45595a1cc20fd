"""A digest of a million mentions beside one of ten thousand.

Twice: with the same daily volume, where the million is eighteen years of it; and of a business that is a hundred times
as loud, in the same two months. Both have all that a digest reads: cases in every state with their histories and cards,
promises, places, praise. The first must cost at most twice as much; the second tells honestly what loudness costs.

Rows are written by the batch, past the judge and the plan: a million posts are stored in a minute.
"""

from __future__ import annotations

import argparse
import gc
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.texts import posts
from monitor.core.expectations import EXPECTATIONS, mask_of
from monitor.core.model import Business
from monitor.core.ports import Store
from monitor.report import last_week, read_digest, yesterday
from storage.columns import dumps
from storage.engine import open_store
from storage.tables import assessment, case_event, cases, listened, mention, outbox, promise

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SHOP = Business("Acme Coffee", "shop", timezone="Europe/Berlin")
FEEDS = ("app", "forum", "fediverse")
PLACES = ("Mill Lane", "Harbour Street", "Station", "Old Town", None)
SMALL, BIG, A_DAY = 10_000, 1_000_000, 140
EVERY, OPEN_FOR = 7, 10 * DAY
"""Every so many-th post is a complaint; older cases are closed."""
PAGE, ROUNDS = 20_000, 9
TEXTS = posts(500, 200)


def fill(store: Store, count: int, a_day: int) -> None:
    """So many mentions up to now, so many of them a day."""
    with store.write() as tx:
        for name in FEEDS:
            tx.register_feed(name, "rss", SHOP.key, NOW)
            tx.lease_feed(name, "t", NOW, NOW, force=True)
            tx.succeed_feed(name, "t", NOW, NOW)
    days = count // a_day
    for start in range(0, count, PAGE):
        with store.write() as tx:
            write: Any = tx
            for table, rows in _page(range(start, min(start + PAGE, count)), count, a_day).items():
                write._insert(table, rows)
    with store.write() as tx:
        rows = [
            {"feed": name, "day": at.toordinal(), "first": at, "last": at + DAY / 2}
            for at in (NOW - (back + 0.3) * DAY for back in range(1, days))
            for name in FEEDS
        ]
        write = tx
        write._insert(listened, rows)


def _page(numbers: range, count: int, a_day: int) -> dict[Any, list[dict[str, Any]]]:
    made: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (cases, mention, assessment, case_event, outbox, promise)
    }
    for n in numbers:
        said = NOW - (count - n) * DAY / a_day
        bad, praise = n % EVERY == 0, n % EVERY == 3
        case_id = n // EVERY + 1 if bad else None
        keys = [EXPECTATIONS[n // EVERY % 12]] if bad else []
        made[mention].append(
            {
                "id": n + 1,
                "business": SHOP.key,
                "source": "rss",
                "native_id": f"id-{n:09d}",
                "feed": FEEDS[n % 3],
                "title": "",
                "text": TEXTS[n % len(TEXTS)],
                "author_key": f"c{n}",
                "author_name": f"Pretend {n}",
                "published": said,
                "location": PLACES[n % 5],
                "likes": n % 90,
                "repost": False,
                "addressed": False,
                "fingerprint": f"{n:032d}",
                "first_seen": said,
                "said": said,
                "case_id": case_id,
                "told_by": f"card-{case_id}" if bad else None,
                "is_complaint": bad,
                "severity": n // EVERY % 4 if bad else None,
                "probability": 0.9 if bad else 0.1,
                "praise": praise,
                "judged_by": "benchmark:1",
                "broken": mask_of(keys),
            }
        )
        made[assessment].append(
            {
                "mention_id": n + 1,
                "fingerprint": f"{n:032d}",
                "version": "benchmark:1",
                "probability": 0.9 if bad else 0.1,
                "is_complaint": bad,
                "severity": n // EVERY % 4 if bad else None,
                "sentiment": 0.0,
                "language": "en",
                "praise": praise,
                "reasons": "[]",
                "signals": "[]",
                "evidence": "[]",
                "expectations": dumps([[key, "", 0, 0] for key in keys]),
                "staff": '["Mina"]' if praise and n % 4 == 0 else "[]",
            }
        )
        if case_id is not None:
            _case(made, case_id, n, said)
    return made


def _case(made: dict[Any, list[dict[str, Any]]], case_id: int, n: int, said: datetime) -> None:
    """Taken and answered within hours, and ended within days, but for some of the last ones."""
    old = NOW - said > OPEN_FOR
    steps = [("opened", "monitor", 0.0, "open", None)]
    if old or case_id % 3:
        steps += [("claim", "ann", 0.05, "claimed", None), ("contact", "ann", 0.1, "contacted", None)]
    if old or case_id % 3 == 1:
        end = ("recovered", "recover") if case_id % 4 else ("lost", "lose")
        steps.append((end[1], "ann", 1.5, end[0], '{"how":"refund"}' if case_id % 4 else None))
    steps = [step for step in steps if said + step[2] * DAY < NOW]
    at = {step[0]: said + step[2] * DAY for step in steps}
    ended = steps[-1][3] in ("recovered", "lost")
    made[cases].append(
        {
            "id": case_id,
            "business": SHOP.key,
            "source": "rss",
            "customer": f"c{n}",
            "name": f"Pretend {n}",
            "state": steps[-1][3],
            "severity": n // EVERY % 4,
            "opened": said,
            "revision": len(steps),
            "owner": "ann" if "claim" in at else None,
            "backlog": False,
            "reasons": "[]",
            "closed": said + 1.5 * DAY if ended else None,
            "contacted": at.get("contact"),
            "claimed": at.get("claim"),
        }
    )
    made[case_event] += (
        {
            "case_id": case_id,
            "at": said + after * DAY,
            "actor": actor,
            "action": action,
            "after": state,
            "note": "",
            "data": data,
        }
        for action, actor, after, state, data in steps
    )
    made[outbox].append(
        {
            "id": f"card-{case_id}",
            "destination": "slack:C0ACME",
            "key": f"card-{case_id}",
            "kind": "card",
            "state": "sent",
            "business": SHOP.key,
            "case_id": case_id,
            "turn": 1,
            "said": said,
            "created": said,
            "not_before": said,
            "attempts": 1,
            "looks": 0,
            "channel": "C0ACME",
            "ref": f"{case_id}.1",
            "link": f"https://slack.example/p{case_id}",
            "error": "",
        }
    )
    if case_id % 5 == 0:
        made[promise].append(
            {
                "id": case_id,
                "case_id": case_id,
                "what": "a call back",
                "due": said + DAY,
                "made": said,
                "made_by": "ann",
                "outcome": "kept" if ended else None,
                "ended": said + DAY if ended else None,
                "nudged": 0,
            }
        )


def told(store: Store, weekly: bool) -> float:
    """Seconds for one digest."""
    span = (last_week if weekly else yesterday)(NOW, SHOP.timezone)
    begin = time.perf_counter()
    digest = read_digest(store, SHOP, span, NOW, dict.fromkeys(FEEDS, True))
    spent = time.perf_counter() - begin
    assert digest.numbers.heard.count and digest.numbers.heard.past == 8 and digest.waiting and digest.thanks
    return spent


def main(big: int = BIG) -> None:
    gc.set_threshold(20_000)  # as in the product's own process
    kinds = (
        (f"{SMALL:,} mentions, {A_DAY} a day", SMALL, A_DAY),
        (f"{big:,} mentions, {A_DAY} a day", big, A_DAY),
        (f"{big:,} mentions, {A_DAY * big // SMALL:,} a day", big, A_DAY * big // SMALL),
    )
    with tempfile.TemporaryDirectory() as folder:
        stores = []
        for number, (name, count, a_day) in enumerate(kinds):
            store = open_store(f"sqlite:///{folder}/{number}.db")
            begin = time.perf_counter()
            fill(store, count, a_day)
            print(f"{name}: made in {time.perf_counter() - begin:.0f} s", flush=True)
            stores.append(store)
        for weekly in (False, True):
            costs = [sorted(seconds)[ROUNDS // 2] for seconds in zip(*_rounds(stores, weekly), strict=True)]
            small, long, loud = costs
            print(
                f"{'week' if weekly else 'day'}: {small * 1e3:.0f} ms of ten thousand, {long * 1e3:.0f} ms of as many "
                f"a day for longer: {long / small:.2f} times (must 2); {loud * 1e3:.0f} ms of a business "
                f"{big // SMALL} times as loud: {loud / small:.1f} times (median of {ROUNDS}, in turn)"
            )
        for store in stores:
            store.close()


def _rounds(stores: list[Store], weekly: bool) -> Iterator[list[float]]:
    for store in stores:
        told(store, weekly)
    for _ in range(ROUNDS):
        yield [told(store, weekly) for store in stores]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=BIG)
    main(parser.parse_args().rows)
