"""What the desk's clock costs with 10,000 open cases: the first look of a process, looks in which nothing is due, and
what is due for a hundred of them."""

from __future__ import annotations

import random
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.core.intents import Plan
from monitor.core.model import Case, Severity, State
from monitor.core.policy import Policy
from monitor.core.ports import Store
from monitor.escalate import Clockwork
from storage.engine import open_store

CASES, LOOKS, DUE = 10_000, 10, 100
NOW = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
LATE = timedelta(minutes=1)


def fill(store: Store) -> None:
    """Cases of a month, in every state that is open, at the top of the ladder and told a minute ago."""
    rng, plan = random.Random(7), Plan()
    for number in range(CASES):
        opened = NOW - timedelta(minutes=rng.randrange(30 * 1440))
        state = rng.choice([State.OPEN, State.CLAIMED, State.CONTACTED])
        case = Case(
            -number - 1,
            "default",
            "rss",
            f"c{number}",
            "",
            state,
            rng.choice(list(Severity)),
            opened,
            level=3,
        )
        case = replace(case, escalated=NOW - LATE, reminded=NOW - LATE, touched=opened)
        if state is not State.OPEN:
            case = replace(case, owner="ann", claimed=opened)
        if state is State.CONTACTED:
            case = replace(case, contacted=opened, waiting=opened, pauses=((opened, None),))
        plan.cases.append(case)
    with store.write() as tx:
        tx.apply(plan, "default", "benchmark", NOW)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store("sqlite:///monitor.db", settings_dir=Path(folder))
        fill(store)
        Clockwork(store, "default", Policy(), lambda tx, case: "console").run(NOW)
        clock = Clockwork(store, "default", Policy(), lambda tx, case: "console")
        first = _timed(lambda: clock.run(NOW))
        later = [_timed(lambda: clock.run(NOW)) for _ in range(LOOKS)]
        print(f"first look at {CASES:,} open cases: {first:.2f} s")
        print(f"a look in which nothing is due: {1000 * sorted(later)[LOOKS // 2]:.0f} ms")
        _promises(store)
        spent = _timed(lambda: clock.run(NOW + LATE))
        print(f"{DUE} promises called for: {1000 * spent:.0f} ms, {1000 * spent / DUE:.1f} ms each")
        store.close()


def _promises(store: Store) -> None:
    from monitor.core.cases import Action, Details
    from monitor.recover import move

    for number in range(1, DUE + 1):
        made = Details(what="a call", until=NOW + LATE)
        move(store, number, Action.PROMISE, "ann", NOW, details=made)


def _timed(job: object) -> float:
    begin = time.perf_counter()
    job()  # type: ignore[operator]
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
