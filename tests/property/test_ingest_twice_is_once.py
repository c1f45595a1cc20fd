"""Pages in any order, repeated, edited, interrupted by people: nothing is lost, nothing is told twice."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, BAD, LOVELY, NOW, PLAIN, WORSE, judge, said
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action, transition
from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Alert
from monitor.core.model import Mention
from storage.engine import open_store
from storage.store import SqlStore

WHERE = "slack:C1"
COPIED = "A bad cup again: the machine took both of my coins and gave me nothing but warm water."
"""Long enough for the same words from two customers to be one case."""
POSTS = st.builds(
    lambda number, text, days: said(
        str(number),
        text,
        # who wrote a post never changes; every sixth cannot be told apart
        by=None if number % 6 == 0 else ("ann", "bob", "cyd")[number % 3],
        ago=None if days is None else timedelta(days=days, hours=number),
        repost=number == 5,
    ),
    st.integers(0, 8),
    st.sampled_from([BAD, WORSE, LOVELY, PLAIN, COPIED, COPIED + " Twice!"]),
    st.sampled_from([0, 0, 3, 400, -30, None]),
)


@dataclass(frozen=True)
class Heard:
    posts: tuple[Mention, ...]
    alert: Alert


@dataclass(frozen=True)
class Moved:
    which: int
    action: Action


STEPS = st.lists(
    st.builds(Heard, st.lists(POSTS, max_size=6).map(tuple), st.sampled_from(Alert))
    | st.builds(Moved, st.integers(0, 5), st.sampled_from(Action)),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    """A database file as the migrations leave it, to be copied for each example."""
    with tempfile.TemporaryDirectory() as folder:
        open_store("sqlite:///monitor.db", settings_dir=Path(folder)).close()
        yield Path(folder) / "monitor.db"


@contextmanager
def fresh(empty: Path) -> Iterator[tuple[SqlStore, Path]]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "monitor.db"
        shutil.copy(empty, file)
        store = open_store(f"sqlite:///{file}")
        try:
            yield store, file
        finally:
            store.close()


def hear(ingest: Ingest, step: Heard, minute: int) -> Reading:
    """One page, as a collector stores it."""
    reading = Reading("feed")
    now = NOW + timedelta(minutes=minute)
    fresh = ingest.judged(ingest.fresh(step.posts))
    with ingest.store.write() as tx:
        telling = ingest.telling(tx, "feed", f"run-{minute}", step.alert, now)
        ingest.store_judged(tx, fresh, telling, now, reading)
    return reading


def move(store: SqlStore, step: Moved, minute: int) -> None:
    with store.write() as tx:
        cases = sorted(tx.cases(), key=lambda case: case.id)
        if step.which < len(cases):
            now = NOW + timedelta(minutes=minute)
            try:
                made = transition(cases[step.which], step.action, "ann", now, note="because")
                tx.revise(made.case, made.event)
            except (CaseError, Conflict):
                """A person was told that this move is not possible."""


TWICE_ON_A_PAGE = [
    Heard((said("0", WORSE),), Alert.ALL),
    Heard((said("0", BAD), said("0", WORSE)), Alert.ALL),
]


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
@example(steps=TWICE_ON_A_PAGE)
def test_any_sequence_of_pages_leaves_books_that_balance(empty: Path, steps: list[Heard | Moved]) -> None:
    with fresh(empty) as (store, file):
        ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), WHERE)
        last: dict[str, Mention] = {}
        for minute, step in enumerate(steps):
            if isinstance(step, Moved):
                move(store, step, minute)
            else:
                hear(ingest, step, minute)
                last |= {post.native_id: post for post in step.posts}
        check(store, file, last)

        again = hear(ingest, Heard(tuple(last.values()), Alert.ALL), 99)
        assert (again.added, again.updated, again.complaints) == (0, 0, 0)
        check(store, file, last)


def check(store: SqlStore, file: Path, last: dict[str, Mention]) -> None:
    with store.read() as tx:
        for native_id, post in last.items():
            heard = tx.mention(ACME.key, "pages", native_id)
            assert heard is not None
            assert heard.mention.text == post.text
            assert heard.verdict.is_complaint is ("bad" in post.text.casefold() and not post.repost)
            if heard.verdict.is_complaint:
                assert heard.case_id is not None, "a complaint without a case"
                assert heard.told_by is not None, "a complaint that nobody is told of"
                assert tx.outgoing(heard.told_by) is not None
        account = tx.account()
        cases = tx.cases()
        histories = {case.id: tx.events(case.id) for case in cases}
        complaints = sum("bad" in post.text.casefold() and not post.repost for post in last.values())
        assert account.complaints == complaints
        assert account.unaccounted == 0
    unclosed = [case.customer for case in cases if not case.state.closed]
    assert len(unclosed) == len(set(unclosed)), "a customer torn in two"
    for case in cases:
        events = histories[case.id]
        assert [event.before for event in events] == [None, *(event.after for event in events[:-1])]
        assert events[-1].after is case.state
    with sqlite3.connect(file) as connection:
        cards = connection.execute("select case_id from outbox where kind = 'card'").fetchall()
        keys = connection.execute("select destination, key from outbox").fetchall()
        carded = {case_id for (case_id,) in cards}
        loose = connection.execute("select case_id from outbox where kind in ('reply', 'update')").fetchall()
    connection.close()
    assert len(cards) == len(carded), "two cards for a case"
    assert len(keys) == len(set(keys))
    assert {case_id for (case_id,) in loose} <= carded, "a reply without a card to hang under"


def test_a_page_torn_from_its_cursor_is_heard_again_without_a_trace(empty: Path) -> None:
    """The order in which overlapping windows bring the same posts does not matter."""
    posts = tuple(said(str(number), by=f"fred-{number}") for number in range(6))
    with fresh(empty) as (store, _):
        ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), WHERE)
        added = [
            hear(ingest, Heard(window, Alert.ALL), minute).added
            for minute, window in enumerate([posts[:3], posts[1:5][::-1], posts, posts[::-1]])
        ]
        assert added == [3, 2, 1, 0]
        edited = hear(ingest, Heard((replace(posts[0], text=WORSE), posts[1]), Alert.ALL), 9)
        assert (edited.added, edited.updated) == (0, 1)
