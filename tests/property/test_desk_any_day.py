"""Posts, people, time and deliveries in any order, on a real database: no ball is dropped, no promise forgotten, and
every thread tells what happened in the order in which it did."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes import ACME, BAD, LOVELY, NOW, PLAIN, Clock, Inbox, Stop, judge, said
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action, Details
from monitor.core.due import next_tick
from monitor.core.errors import CaseError, Conflict, DeliveryError, Outcome
from monitor.core.intents import Alert
from monitor.core.message import Kind, Note
from monitor.core.model import Case, Mention, Promise, Rating, Reply, State
from monitor.core.moves import MACHINES, OUTCOMES
from monitor.core.policy import Policy
from monitor.core.queue import Shelf, shelved
from monitor.deliver import Deliverer
from monitor.escalate import Clockwork
from monitor.pace import Pace
from monitor.queue import desk_of
from monitor.recover import move
from storage.engine import open_store
from storage.store import SqlStore

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLICY = Policy()
WHERE = "slack:C1"
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
    """Of somebody who may see an old card, give no reason, name a time that is past, or the promise of another."""

    which: int
    other: int
    action: Action
    actor: str
    hours: int
    note: str = "because"
    promise: int | None = None
    stale: bool = False


@dataclass(frozen=True)
class Passing:
    """Time, and then the desk's clock looks; or it does not, as when the service was down."""

    span: timedelta
    looked: bool


@dataclass(frozen=True)
class Round:
    """Messages go out. `faults`: whether each arrived, of calls that bring no clear answer."""

    faults: tuple[bool, ...] = ()


CLICKS = st.builds(
    Click,
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(
        [*Action, Action.PROMISE, Action.LINK, Action.LINK, Action.LOSE, Action.RECOVER, Action.REOPEN]
    ),
    st.sampled_from(["dora", "emil", "clock"]),
    st.sampled_from([-3, 1, 2, 9, 100]),
    st.sampled_from(["because", "because", "because", ""]),
    st.none() | st.integers(1, 4),
    st.sampled_from([False, False, False, True]),
)
SPANS = st.sampled_from([MINUTE, 20 * MINUTE, HOUR, 5 * HOUR, DAY, 3 * DAY, 10 * DAY])
TIME = st.builds(Passing, SPANS, st.sampled_from([True, True, False]))
ROUNDS = st.builds(Round, st.lists(st.booleans(), max_size=3).map(tuple))
GONE, AGAIN = Click(2, 3, Action.DISMISS, "dora", 1), said("4", by="bob", ago=timedelta(0))
Step = Mention | Click | Passing | Round
STEPS = st.lists(st.one_of(POSTS, CLICKS, CLICKS, CLICKS, TIME, ROUNDS), min_size=8, max_size=25)


@pytest.fixture(scope="module")
def empty() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        open_store("sqlite:///monitor.db", settings_dir=Path(folder)).close()
        yield Path(folder) / "monitor.db"


class Days:
    """A desk over days: the database, the channel, and the clock they share."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = Clock(NOW)
        self.inbox = Inbox(self.clock)
        self.clockwork = Clockwork(store, ACME.key, POLICY, lambda tx, case: WHERE)
        self.known: dict[int, tuple[int, int, frozenset[int]]] = {}
        """Of each case: revision, length of its history, and its promises, as they were last seen."""

    def live(self, step: Step) -> None:
        match step:
            case Mention():
                self.clock.pass_(MINUTE)
                self.hear(step)
            case Click():
                self.clock.pass_(MINUTE)
                self.click(step)
            case Passing():
                self.clock.pass_(step.span)
                if step.looked:
                    self.clockwork.run(self.clock())
            case Round():
                for arrived in step.faults:
                    doubt = DeliveryError("no answer", outcome=Outcome.UNKNOWN)
                    self.inbox.fail(doubt, arrives=arrived)
                self.deliver()

    def hear(self, post: Mention) -> None:
        now = self.clock()
        ingest = Ingest(self.store, judge, ACME, 0.5, DAY, WHERE)
        judged = ingest.judged(ingest.fresh([replace(post, published=now)]))
        with self.store.write() as tx:
            telling = ingest.telling(tx, "feed", now.isoformat(), Alert.ALL, now)
            ingest.store_judged(tx, judged, telling, now, Reading("feed"))

    def click(self, click: Click) -> None:
        now = self.clock()
        with self.store.read() as tx:
            case = tx.case(click.which)
        assert case is not None
        until = now + click.hours * HOUR
        details = Details(to="fay", until=until, what="a call", other=click.other, promise=click.promise)
        try:
            seen = case.revision - click.stale
            move(
                self.store,
                case.id,
                click.action,
                click.actor,
                now,
                note=click.note,
                revision=seen,
                details=details,
            )
        except (CaseError, Conflict) as told:
            assert str(told)
            assert _as_it_was(self.store, case), "a move that was refused changed something"
        else:
            assert not click.stale, "whoever saw an old card was not told"

    def told(self, case_id: int) -> int:
        """How much its history tells."""
        with self.store.read() as tx:
            return len(tx.events(case_id))

    def upcoming(self, case_ids: Sequence[int]) -> datetime | None:
        """When something is due for one of these cases."""
        with self.store.read() as tx:
            found = [(tx.case(case_id), tuple(tx.promises(case_id))) for case_id in case_ids]
        times = (next_tick(case, made, POLICY, self.clock()) for case, made in found if case)
        return min((at for at in times if at is not None), default=None)

    def deliver(self) -> None:
        stop = Stop(self.clock)
        paces = {"slack": Pace(verify_after=(MINUTE / 60,) * 3)}
        Deliverer(
            self.store,
            {"slack": self.inbox},
            (WHERE,),
            now=self.clock,
            lease=MINUTE,
            paces=paces,
            stop=stop,
            business=ACME,
        ).drain(10 * MINUTE)


@settings(max_examples=15, deadline=None)
@given(steps=STEPS)
@example([GONE, AGAIN]).via("dismissed, and the same person complains again")
def test_no_ball_is_dropped(empty: Path, steps: Sequence[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty, Path(folder) / "monitor.db")
        store = open_store("sqlite:///monitor.db", settings_dir=Path(folder))
        days = Days(store)
        for step in (*FIRST, *steps):
            before = _unclosed(store)
            days.live(step)
            # with a case open under one name, neither a post nor a click opens one under another
            for customer, unclosed in _unclosed(store).items():
                if not (isinstance(step, Click) and step.action is Action.LINK):
                    assert unclosed <= max(1, before[customer])
            _check(store)
            _nothing_vanishes(days)
            _everything_stands_somewhere(days)
        _everybody_is_called(days)
        days.deliver()
        _threads_tell_it_in_order(days)
        _every_complaint_arrived(store)
        _nothing_sleeps_for_ever(days)
        store.close()


# ── what is never so ─────────────────────────────────────────────────────────────────────────────────────


def _as_it_was(store: SqlStore, case: Case) -> bool:
    with store.read() as tx:
        return tx.case(case.id) == case


def _nothing_vanishes(days: Days) -> None:
    """Cases and promises stay, revisions only rise, and none rises without a line in the history."""
    with days.store.read() as tx:
        now = {
            case.id: (
                case.revision,
                len(tx.events(case.id)),
                frozenset(promise.id for promise in tx.promises(case.id)),
            )
            for case in tx.cases()
        }
    for case_id, (revision, told, promises) in days.known.items():
        assert case_id in now, "a case was lost"
        assert now[case_id][0] >= revision
        assert now[case_id][1] >= told
        assert now[case_id][2] >= promises, "a promise was forgotten"
        assert (now[case_id][0] > revision) <= (now[case_id][1] > told)
    days.known = now


def _everything_stands_somewhere(days: Days) -> None:
    """Each case has an end, or an owner who sees it, or lies where everybody does; and its next time is known."""
    now = days.clock()
    with days.store.read() as tx:
        desk = desk_of(tx, ACME, POLICY, now, {})
        found = {case.id: (case, tx.promises(case.id)) for case in tx.cases()}
    zone = ZoneInfo(ACME.timezone)
    for case, promises in found.values():
        stands = any(promise.outcome is None for promise in promises)
        if case.state.closed and not stands:
            continue
        assert next_tick(case, tuple(promises), POLICY, now) is not None, f"nobody will be reminded of {case}"
        if case.state.closed:
            continue
        shelves = shelved(desk, case.owner, zone)
        places = [shelf for shelf in (Shelf.MINE, Shelf.UNCLAIMED, Shelf.WAITING) if shelf in shelves]
        lies = [shelf for shelf in places for one in shelves[shelf] if one.case.id == case.id]
        resting = case.waiting is not None or case.snoozed is not None
        assert lies == [Shelf.WAITING if resting else Shelf.MINE if case.owner else Shelf.UNCLAIMED]


def _everybody_is_called(days: Days) -> None:
    """Nobody does anything for a month: of every case that has no end somebody is told, by a clock that is punctual."""
    with days.store.read() as tx:
        before = {case.id: len(tx.events(case.id)) for case in tx.cases() if not case.state.closed}
    end = days.clock() + 30 * DAY
    while silent := [case_id for case_id, told in before.items() if days.told(case_id) == told]:
        at = days.upcoming(silent)
        assert at is not None and at < end, "a case that nobody is told of for a month"
        days.clock.at = max(days.clock(), at)
        days.clockwork.run(days.clock())
    _check(days.store)
    _nothing_vanishes(days)
    _everything_stands_somewhere(days)


def _every_complaint_arrived(store: SqlStore) -> None:
    """`reconcile` finds each; only what a person has dismissed does not count as told."""
    with store.read() as tx:
        account = tx.account()
        gone = [tx.mentions_of(case.id) for case in tx.cases() if case.state is State.DISMISSED]
    dismissed = sum(heard.verdict.is_complaint for some in gone for heard in some)
    fates = (account.unaccounted, account.queued, account.suppressed, account.delivered)
    assert fates == (0, 0, dismissed, account.complaints - dismissed)


def _threads_tell_it_in_order(days: Days) -> None:
    """Below its card stands every move of a person, once, in the order in which they were made."""
    with days.store.read() as tx:
        histories = {case.id: tx.events(case.id) for case in tx.cases()}
    for case_id, events in histories.items():
        told = [message for message in days.inbox.arrived if message.case_id == case_id]
        assert told[0].kind is Kind.CARD
        assert [message.kind for message in told].count(Kind.CARD) == 1
        root = told[0].delivery_id
        lines = [message for message in told if message.kind is Kind.REPLY]
        assert all(message.thread is not None for message in lines), root
        notes = [message.content for message in lines if isinstance(message.content, Note)]
        by_hand = [(note.action, note.people[0]) for note in notes if note.people]
        moves = [(event.action, event.actor) for event in events]
        assert [one for one in by_hand if _is_a_move(*one)] == [one for one in moves if _is_a_move(*one)]


def _is_a_move(action: str, actor: str) -> bool:
    return action in set(Action) and actor not in MACHINES


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
        due = tx.promises_due(ACME.key, NOW + timedelta(days=9_999))
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


def _nothing_sleeps_for_ever(days: Days) -> None:
    """What sleeps until something happens wakes when it does."""
    with days.store.read() as tx:
        asleep = [case for case in tx.cases() if case.snoozed is not None]
    assert all(case.wake is None for case in asleep)
    for number, case in enumerate(asleep, 20):
        days.hear(said(str(number), BAD, by=case.customer, ago=timedelta(0)))
    with days.store.read() as tx:
        assert [case for case in tx.cases() if case.snoozed is not None] == []
