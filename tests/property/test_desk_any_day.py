"""Posts, people and time in any order, on a real database: no ball is dropped and every history can be read."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fakes import ACME, BAD, LOVELY, NOW, PLAIN, judge, said
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action, Details
from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Alert
from monitor.core.model import Case, Mention, Promise, Rating, Reply
from monitor.core.moves import OUTCOMES
from monitor.core.policy import Policy
from monitor.escalate import Clockwork
from monitor.recover import move
from storage.engine import open_store
from storage.store import SqlStore

HOUR = timedelta(hours=1)
PEOPLE = ("ann", "bob", "cyd")
POSTS = st.builds(
    lambda number, text, answer, stars: said(
        str(number),
        text,
        by=PEOPLE[number % 3],
        ago=timedelta(0),
        reply=Reply("We are sorry.", NOW) if answer else None,
        rating=Rating(stars),
    ),
    st.integers(3, 14),
    st.sampled_from([BAD, BAD, LOVELY, PLAIN]),
    st.sampled_from([False, False, True]),
    st.sampled_from([1.0, 1.0, 4.0]),
)
FIRST = [said(str(number), by=who, ago=timedelta(0)) for number, who in enumerate(PEOPLE)]
"""A case for each: 1, 2 and 3."""


@dataclass(frozen=True)
class Click:
    which: int
    other: int
    action: Action
    actor: str
    hours: int


CLICKS = st.builds(
    Click,
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(
        [*Action, Action.LINK, Action.LINK, Action.LOSE, Action.LOSE, Action.RECOVER, Action.REOPEN]
    ),
    st.sampled_from(["dora", "emil", "clock"]),
    st.integers(1, 9),
)
STEPS = st.lists(st.one_of(POSTS, CLICKS, CLICKS, CLICKS, st.just("time")), min_size=8, max_size=25)


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        open_store("sqlite:///monitor.db", settings_dir=Path(folder)).close()
        yield Path(folder) / "monitor.db"


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_no_ball_is_dropped(empty: Path, steps: Sequence[Mention | Click | str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty, Path(folder) / "monitor.db")
        store = open_store("sqlite:///monitor.db", settings_dir=Path(folder))
        now = NOW
        for step in (*FIRST, *steps):
            now += HOUR
            before = _unclosed(store)
            match step:
                case Mention():
                    _hear(store, step, now)
                case Click():
                    _click(store, step, now)
                case _:
                    _tick(store, now)
            # with a case open under one name, neither a post nor a click opens one under another
            for customer, unclosed in _unclosed(store).items():
                if not (isinstance(step, Click) and step.action is Action.LINK):
                    assert unclosed <= max(1, before[customer])
            _check(store)
        _nothing_sleeps_for_ever(store, now)
        store.close()


def _tick(store: SqlStore, now: datetime) -> None:
    Clockwork(store, ACME.key, Policy(), lambda tx, case: "slack:C1").run(now)


def _hear(store: SqlStore, post: Mention, now: datetime) -> None:
    ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), "slack:C1")
    judged = ingest.judged(ingest.fresh([post]))
    with store.write() as tx:
        telling = ingest.telling(tx, "feed", now.isoformat(), Alert.ALL, now)
        ingest.store_judged(tx, judged, telling, now, Reading("feed"))


def _click(store: SqlStore, click: Click, now: datetime) -> None:
    details = Details(to="fay", until=now + click.hours * HOUR, what="a call", other=click.other)
    try:
        move(store, click.which, click.action, click.actor, now, note="because", details=details)
    except (CaseError, Conflict) as told:
        assert str(told)


def _people(store: SqlStore) -> dict[int, frozenset[int]]:
    """Each case with all cases of its customer, under every name."""
    with store.read() as tx:
        found = tx.cases()
        return {
            case.id: frozenset(
                {one.id for one in found if one.customer == case.customer} | set(tx.linked(case.id))
            )
            for case in found
        }


def _unclosed(store: SqlStore) -> Counter[str]:
    """How many unclosed cases there are beside each customer's, theirs among them."""
    people = _people(store)
    with store.read() as tx:
        cases = {case.id: case for case in tx.cases()}
    return Counter(
        {
            case.customer: sum(not cases[other].state.closed for other in people[case.id])
            for case in cases.values()
        }
    )


def _check(store: SqlStore) -> None:
    with store.read() as tx:
        for case in tx.cases():
            _sound(case)
            events = tx.events(case.id)
            assert events[0].before is None
            for one, following in pairwise(events):
                assert following.before is one.after, "a history without gaps"
            assert events[-1].after is case.state
            made = [event.data["promise"] for event in events if event.action == "promise" and event.data]
            promises = tx.promises(case.id)
            assert sorted(made) == sorted(promise.id for promise in promises)
            ended = Counter(
                (event.data["promise"], OUTCOMES[Action(event.action)])
                for event in events
                if event.data and event.action in OUTCOMES
            )
            assert ended == Counter((p.id, p.outcome) for p in promises if p.outcome is not None)
        due = tx.promises_due(ACME.key, NOW + timedelta(days=99))
        assert sorted(due, key=_number) == sorted(
            (p for case in tx.cases() for p in tx.promises(case.id) if p.outcome is None), key=_number
        )


def _number(promise: Promise) -> int:
    return promise.id


def _sound(case: Case) -> None:
    assert (case.closed is not None) == case.state.closed
    assert case.state != "claimed" or case.owner
    assert case.state != "open" or not case.owner
    assert (case.owner is None) == (case.claimed is None)
    moments = [moment for span in case.pauses for moment in span if moment is not None]
    assert moments == sorted(moments)
    stands = not case.state.closed and (case.snoozed is not None or case.waiting is not None)
    assert bool(case.pauses and case.pauses[-1][1] is None) == stands


def _nothing_sleeps_for_ever(store: SqlStore, now: datetime) -> None:
    _tick(store, now + timedelta(days=1))
    with store.read() as tx:
        asleep = [case for case in tx.cases() if case.snoozed is not None]
    assert all(case.wake is None for case in asleep)
    for number, case in enumerate(asleep, 20):
        _hear(store, said(str(number), BAD, by=case.customer, ago=timedelta(0)), now + HOUR)
    with store.read() as tx:
        assert [case for case in tx.cases() if case.snoozed is not None] == []
