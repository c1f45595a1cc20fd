"""The stored history is read a page at a time, can be ended between two, and is never written to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes import ACME, BAD, NOW, PLAIN, judge, said

import monitor.replay
from monitor.collect.ingest import Ingest, Reading
from monitor.core.brand import Brand
from monitor.core.errors import StoreError
from monitor.core.intents import Alert
from monitor.core.model import Mention, Opinion
from monitor.core.ports import Store
from monitor.core.replay_diff import outcome
from monitor.core.replaying import Replay
from monitor.core.rereading import Stretch
from monitor.core.routing import Routing
from monitor.replay import NewJudge, judged_again, keeping, replay, terms_of
from monitor.settings import Settings, Tables
from monitor.settings.tables import BusinessSection
from storage.testing import temporary_store

EVER = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
SETTINGS = Settings(Tables(business=BusinessSection(name=ACME.name)), None)
THERE = Routing("console")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Ten posts, each by another customer, every other one a complaint."""
    monkeypatch.setattr(monitor.replay, "PAGE", 4)
    store = temporary_store(tmp_path)
    ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), "console")
    for number in range(10):
        at = NOW + timedelta(hours=number)
        with store.write() as tx:
            tx.register_feed("pages", "pages", ACME.key, at)
            telling = ingest.telling(tx, "pages", "run", Alert.ALL, at)
            judged = ingest.judged([said(str(number), PLAIN if number % 2 else BAD, by=f"p{number}")])
            ingest.store_judged(tx, judged, telling, at, Reading("pages"))
    yield store
    store.close()


def world(store: Store) -> tuple[Replay, Stretch]:
    with store.read() as tx:
        stretch = tx.stretch(ACME.key, *EVER)
        assert stretch is not None
        return Replay(terms_of(tx, SETTINGS, THERE, THERE), stretch.since), stretch


def test_no_more_than_a_page_is_judged_at_once(store: Store) -> None:
    asked: list[int] = []
    advanced: list[int] = []

    def counting(mentions: Sequence[Mention]) -> Sequence[Mapping[str, Opinion]]:
        asked.append(len(mentions))
        return judge(mentions)

    new = NewJudge(counting, Brand(ACME), lambda _feed, _mention: True)
    one, stretch = world(store)
    assert replay(store, stretch, new, {0.5: one}, advance=advanced.append) is None
    assert asked == advanced == [4, 4, 2]
    assert outcome(one.posts, one.units).before == 5


def test_whoever_stops_it_has_what_was_found_so_far(store: Store) -> None:
    done: list[int] = []
    new = NewJudge(judge, Brand(ACME), lambda _feed, _mention: True)
    one, stretch = world(store)
    rest = replay(store, stretch, new, {0.7: one}, advance=done.append, stopped=lambda: len(done) == 2)
    assert rest is not None
    assert (rest.posts, rest.since) == (2, NOW + timedelta(hours=8))
    found = outcome(one.posts, one.units)
    assert (found.posts.read, found.before, found.after) == (8, 4, 0)


def test_it_works_where_writing_is_refused(store: Store) -> None:
    with pytest.raises(StoreError), store.read() as tx:
        tx.register_feed("other", "pages", ACME.key, NOW)
    one, stretch = world(store)
    new = NewJudge(judge, Brand(ACME), lambda _feed, _mention: True)

    class ReadOnly:
        read = staticmethod(store.read)

    replay(ReadOnly(), stretch, new, {0.7: one})  # type: ignore[arg-type]
    leads = [change.lead for change in outcome(one.posts, one.units).changes]
    shown = judged_again(ReadOnly(), new, leads, 0.7)  # type: ignore[arg-type]
    assert [now.is_complaint for _, now in shown.values()] == [False] * 5


def test_only_what_the_other_settings_alone_would_drop_is_dropped() -> None:
    other = Settings(SETTINGS.tables, None)
    rules = {id(SETTINGS): {"a": lambda mention: "x" in mention.text, "b": bool}}
    rules[id(other)] = {"a": lambda mention: "y" in mention.text, "c": bool}
    keeps = keeping(SETTINGS, other, lambda settings: rules[id(settings)])
    assert not keeps("a", said("1", "x"))
    assert keeps("a", said("1", "xy")) and keeps("a", said("1", "y"))
    assert keeps("a", said("1", "edited since, so that it names nobody"))
    assert keeps("b", said("1", "-")) and keeps("c", said("1", "-")) and keeps("imported", said("1", "-"))
    assert keeping(SETTINGS, SETTINGS, lambda _: {})("a", said("1", "-"))
