"""`replay` against the real thing: the same judge finds no difference, and another finds what a database would hold
that had been filled by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import ACME
from history import Past

from monitor.connectors import judge_of
from monitor.core.brand import Brand
from monitor.core.ports import Store
from monitor.core.replay_diff import Kind, Outcome, outcome
from monitor.core.replaying import Replay
from monitor.core.routing import Routing
from monitor.replay import NewJudge, replay, terms_of
from monitor.scoring.judge import Judge
from monitor.settings import Settings, Tables
from monitor.settings.tables import BusinessSection
from storage.testing import temporary_store

EVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
ROUTING = Routing("slack:C0ACME", business=ACME)
SETTINGS = Settings(Tables(business=BusinessSection(name=ACME.name)), None)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return judge_of(None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = temporary_store(tmp_path)
    yield store
    store.close()


def again(store: Store, judge: Judge, line: float) -> tuple[Replay, Outcome]:
    new = NewJudge(judge.judge, Brand(ACME), lambda _feed, _mention: True)
    with store.read() as tx:
        terms = terms_of(tx, SETTINGS, ROUTING, ROUTING)
        stretch = tx.stretch(ACME.key, *EVER)
    assert stretch is not None
    world = Replay(terms, stretch.since)
    assert replay(store, stretch, new, {line: world}) is None
    return world, outcome(world.posts, world.units)


@pytest.mark.parametrize("seed", range(3))
def test_the_same_judge_finds_no_difference(store: Store, judge: Judge, seed: int) -> None:
    past = Past(store, judge.judge, 0.475, seed)
    past.live(30)
    assert set(past.done) == {"edit", "gone", "missed", "rule", "dismiss", "move"}, "all of it happened"
    _, made = again(store, judge, 0.475)
    assert [(change.kinds, change.unit) for change in made.changes] == []
    assert made.counts.total() == 0
    assert made.before == made.after > 20
    assert made.posts.right_then == made.posts.right_now
    assert made.posts.gone > 0 and made.posts.judged > 0
    with store.read() as tx:
        held = [case for case in tx.cases() if tx.mentions_of(case.id)]
    assert made.before + made.by_hand == len(held), "but for cases whose only post is in another now"


@pytest.mark.parametrize("copies", [0.0, 0.08])
@pytest.mark.parametrize(("line", "other"), [(0.9, 0.2), (0.2, 0.9), (0.475, 0.65)])
def test_another_line_finds_what_would_have_been_there(
    tmp_path: Path, judge: Judge, line: float, other: float, copies: float
) -> None:
    stores: dict[float, Store] = {}
    for one in (line, other):
        (tmp_path / str(one)).mkdir()
        stores[one] = temporary_store(tmp_path / str(one))
        Past(stores[one], judge.judge, one, 3, desk=False, copies=copies).live(25)
    world, made = again(stores[line], judge, other)
    with stores[line].read() as tx:
        assert made.before == len(tx.cases())
    with stores[other].read() as tx:
        cases = tx.cases()
    # where the first of several who said the same is no complaint, whose case it is may differ
    assert abs(made.after - len(cases)) <= (1 if copies else 0)
    assert made.after - made.before == made.counts[Kind.MORE] - made.counts[Kind.FEWER]
    assert made.changes != ()
    if not copies:
        worst = Counter(unit.after.severity for unit in world.units if unit.after is not None)
        assert worst == Counter(case.severity for case in cases)
    for opened in stores.values():
        opened.close()
