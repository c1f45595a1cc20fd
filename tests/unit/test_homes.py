"""Home is kept as the desk is, for whoever looked lately: when it is drawn, and what follows from refusals."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, NOW, Clock

from alerts.slack.replies import reply_to
from monitor.commands import FOUND, reply
from monitor.core.asking import Asked, Condition, Found, Help, Topic, asked
from monitor.core.cases import Action, Details
from monitor.core.digest import Digest
from monitor.core.errors import DeliveryError, Outcome
from monitor.core.hours import ALWAYS
from monitor.core.model import Business, Promise, Severity
from monitor.core.moves import How
from monitor.core.policy import Policy
from monitor.core.queue import Desk, Queue, Shelf
from monitor.homes import DEBOUNCE, PACE, PARKED, SEEN, STALE, Homes
from monitor.queue import desk_of, queue_of
from monitor.recover import move
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, bad, by, case_of, hear, said, send_all

SECOND = timedelta(seconds=1)
OURS = Business(ACME.name, BUSINESS, timezone="Europe/London")
POLICY = Policy(hours=ALWAYS)
FEEDS = {"news": True, "old": False}


@dataclass
class Tab:
    """A Home that keeps what was shown, and refuses as it is told."""

    shown: list[tuple[str, Queue]] = field(default_factory=list)
    faults: deque[DeliveryError] = field(default_factory=deque)
    versions: dict[str, int] = field(default_factory=dict)

    def show(self, person: str, queue: Queue, version: str | None) -> str | None:
        if self.faults:
            raise self.faults.popleft()
        if version is not None and version != str(self.versions.get(person)):
            raise refused("hash_conflict")
        self.shown.append((person, queue))
        self.versions[person] = self.versions.get(person, 0) + 1
        return str(self.versions[person])

    @property
    def people(self) -> list[str]:
        return [person for person, _ in self.shown]


def refused(code: str, retry_after: timedelta | None = None) -> DeliveryError:
    return DeliveryError("no", outcome=Outcome.REFUSED, code=code, retry_after=retry_after)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = temporary_store(tmp_path)
    with store.write() as tx:
        tx.register_feed("news", "reviews", BUSINESS, NOW)
        hear(tx, *(bad(said(f"c{n}", author=by(f"c{n}"))) for n in range(3)), now=NOW)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def tab() -> Tab:
    return Tab()


@pytest.fixture
def homes(store: SqlStore, tab: Tab, clock: Clock) -> Homes:
    return made(store, tab, clock)


def made(store: SqlStore, tab: Tab, clock: Clock) -> Homes:
    return Homes(store, tab, OURS, POLICY, now=clock, enabled=FEEDS)


def claim(store: SqlStore, native_id: str, person: str, clock: Clock) -> int:
    with store.read() as tx:
        case = case_of(tx, native_id)
    return move(store, case.id, Action.CLAIM, person, clock()).id


# ── when it is drawn ─────────────────────────────────────────────────────────────────────────────────────


def test_who_opens_it_sees_what_waits_now(homes: Homes, store: SqlStore, tab: Tab, clock: Clock) -> None:
    claim(store, "c0", "U1", clock)
    homes.opened("U1")
    ((person, queue),) = tab.shown
    assert (person, queue.counts[Shelf.MINE], queue.counts[Shelf.UNCLAIMED]) == ("U1", 1, 2)


def test_who_opens_it_again_at_once_has_it_already(homes: Homes, tab: Tab, clock: Clock) -> None:
    homes.opened("U1")
    clock.pass_(DEBOUNCE - SECOND)
    homes.opened("U1")
    assert len(tab.shown) == 1
    clock.pass_(SECOND)
    homes.opened("U1")
    assert len(tab.shown) == 2


def test_what_changes_is_drawn_for_all_who_looked_and_once(
    homes: Homes, store: SqlStore, tab: Tab, clock: Clock
) -> None:
    homes.opened("U1")
    homes.opened("U2")
    assert homes.refresh() == 0
    claim(store, "c0", "U1", clock)
    assert homes.refresh() == 0, "it was drawn a moment ago"
    clock.pass_(DEBOUNCE)
    while homes.refresh():
        clock.pass_(PACE)
    assert sorted(tab.people[2:]) == ["U1", "U2"]
    assert [queue.counts.get(Shelf.MINE) for person, queue in tab.shown[2:] if person == "U1"] == [1]


def test_nobody_waits_for_these_so_they_are_paced(
    homes: Homes, store: SqlStore, tab: Tab, clock: Clock
) -> None:
    for number in range(4):
        homes.opened(f"U{number}")
    clock.pass_(DEBOUNCE)
    claim(store, "c0", "U1", clock)
    assert [homes.refresh(), homes.refresh()] == [1, 0]
    clock.pass_(PACE)
    assert homes.refresh() == 1
    assert len({*tab.people[4:]}) == 2, "who was drawn is not drawn again before the others"


def test_a_reading_serves_for_a_moment_and_what_it_missed_comes_after(
    homes: Homes, store: SqlStore, tab: Tab, clock: Clock
) -> None:
    homes.opened("U1")
    homes.opened("U2")
    clock.pass_(DEBOUNCE)
    claim(store, "c0", "U1", clock)
    assert homes.refresh() == 1
    claim(store, "c1", "U1", clock)
    clock.pass_(PACE)
    assert homes.refresh() == 1
    assert [queue.counts[Shelf.UNCLAIMED] for _, queue in tab.shown] == [3, 3, 2, 2]
    for _ in range(20):
        clock.pass_(SECOND)
        homes.refresh()
    assert [queue.counts[Shelf.UNCLAIMED] for _, queue in tab.shown] == [3, 3, 2, 2, 1, 1]


def test_clocks_run_on_when_nobody_does_anything(homes: Homes, tab: Tab, clock: Clock) -> None:
    homes.opened("U1")
    clock.pass_(STALE - SECOND)
    assert homes.refresh() == 0
    clock.pass_(SECOND)
    assert homes.refresh() == 1


def test_who_has_not_looked_for_a_day_is_left_alone(
    homes: Homes, store: SqlStore, tab: Tab, clock: Clock
) -> None:
    homes.opened("U1")
    clock.pass_(SEEN)
    claim(store, "c0", "U1", clock)
    assert homes.refresh() == 0


def test_another_process_knows_who_looked(homes: Homes, store: SqlStore, tab: Tab, clock: Clock) -> None:
    homes.opened("U1")
    clock.pass_(DEBOUNCE)
    after = made(store, tab, clock)
    assert (after.refresh(), after.refresh()) == (1, 0)
    assert homes.refresh() == 0, "its own drawing is no older"


def test_a_page_is_turned_at_once_and_stays_turned(
    homes: Homes, store: SqlStore, tab: Tab, clock: Clock
) -> None:
    with store.write() as tx:
        hear(tx, *(bad(said(f"d{n}", f"d{n} waits too", author=by(f"d{n}"))) for n in range(20)), now=NOW)
    homes.opened("U1")
    homes.pressed("U1", {Shelf.UNCLAIMED: 2})
    clock.pass_(STALE)
    homes.refresh()
    homes.pressed("U1")
    pages = [[one.page for one in queue.shelves if one.shelf is Shelf.UNCLAIMED] for _, queue in tab.shown]
    assert pages == [[1], [2], [2], [2]]


# ── what goes wrong ──────────────────────────────────────────────────────────────────────────────────────


def test_who_was_overtaken_reads_anew_and_draws_once_more(homes: Homes, tab: Tab, clock: Clock) -> None:
    homes.opened("U1")
    tab.versions["U1"] = 99
    homes.pressed("U1", {})
    assert tab.people == ["U1", "U1"]
    homes.pressed("U1", {})
    assert tab.people == ["U1"] * 3, "the version is known again"


def test_a_refusal_is_tried_again_after_a_pause(homes: Homes, tab: Tab, clock: Clock) -> None:
    tab.faults.append(refused("internal_error"))
    homes.opened("U1")
    assert tab.shown == []
    clock.pass_(PARKED - SECOND)
    assert homes.refresh() == 0
    clock.pass_(SECOND)
    assert homes.refresh() == 1


def test_a_wish_of_the_receivers_is_kept(homes: Homes, tab: Tab, clock: Clock) -> None:
    tab.faults.append(refused("ratelimited", timedelta(minutes=3)))
    homes.opened("U1")
    clock.pass_(timedelta(minutes=3) - SECOND)
    assert homes.refresh() == 0
    clock.pass_(SECOND)
    assert homes.refresh() == 1


# ── the reading ──────────────────────────────────────────────────────────────────────────────────────────


def read(store: SqlStore, clock: Clock, person: str | None = None) -> tuple[Desk, Queue]:
    with store.read() as tx:
        desk = desk_of(tx, OURS, POLICY, clock(), FEEDS)
        return desk, queue_of(tx, desk, person)


def lines(queue: Queue, shelf: Shelf) -> list[tuple[int, str]]:
    (one,) = (one for one in queue.shelves if one.shelf is shelf)
    return [(line.case.id, line.quote) for line in one.lines]


def test_a_line_has_words_card_and_how_it_ended(store: SqlStore, clock: Clock) -> None:
    with store.write() as tx:
        send_all(tx, NOW)
    case = claim(store, "c0", "ann", clock)
    move(store, case, Action.RECOVER, "ann", clock(), details=Details(how=How.REFUND))
    _, queue = read(store, clock)
    assert len(lines(queue, Shelf.UNCLAIMED)) == 2
    (one,) = (one for one in queue.shelves if one.shelf is Shelf.RECOVERED)
    assert [(line.how, line.quote) for line in one.lines] == [
        (How.REFUND, "Nobody at Acme Coffee called me back")
    ]
    clock.pass_(timedelta(days=7) + SECOND)
    assert lines(read(store, clock)[1], Shelf.RECOVERED) == []


def test_a_promise_outlives_its_case(store: SqlStore, clock: Clock) -> None:
    case = claim(store, "c0", "ann", clock)
    with store.write() as tx:
        tx.make_promise(Promise(0, case, "a call", NOW + timedelta(hours=1), NOW, "ann"))
        tx.make_promise(Promise(0, case, "a voucher", NOW + timedelta(days=2), NOW, "ann"))
    move(store, case, Action.LOSE, "ann", clock(), note="gone")
    assert [number for number, _ in lines(read(store, clock, "ann")[1], Shelf.PROMISED)] == [case]
    clock.pass_(timedelta(hours=2))
    assert case in [number for number, _ in lines(read(store, clock)[1], Shelf.OVERDUE)]


def test_a_feed_that_was_never_read_was_not_heard(store: SqlStore, clock: Clock) -> None:
    assert read(store, clock)[0].hearing.troubled == ("news",)
    with store.write() as tx:
        assert tx.lease_feed("news", "t", NOW, NOW + SECOND)
        tx.succeed_feed("news", "t", NOW, NOW + timedelta(hours=1))
    hearing = read(store, clock)[0].hearing
    assert (hearing.feeds, hearing.troubled, hearing.last) == (1, (), NOW)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", Asked(Topic.QUEUE)),
        ("  \n ", Asked(Topic.QUEUE)),
        ("page 3", Asked(Topic.QUEUE, page=3)),
        ("Queue page 2", Asked(Topic.QUEUE, page=2)),
        ("MINE", Asked(Topic.MINE)),
        ("mine page 0", Asked(Topic.MINE)),
        ("find cold  coffee", Asked(Topic.FIND, "cold coffee")),
        ('find "cold coffee" page 12', Asked(Topic.FIND, "cold coffee", 12)),
        ("find page", Asked(Topic.FIND, "page")),
        ("find", Asked(Topic.HELP)),
        ("find “”", Asked(Topic.HELP)),
        ("help", Asked(Topic.HELP, "")),
        ("digest please", Asked(Topic.DIGEST)),
        ("frobnicate now", Asked(Topic.HELP, "frobnicate")),
    ],
)
def test_a_line_is_understood_or_gets_help(text: str, meant: Asked) -> None:
    told = asked(text)
    if meant.topic is Topic.HELP and text == "help":
        assert told.topic is Topic.HELP
    else:
        assert told == meant


def test_a_megabyte_of_words_is_cut(store: SqlStore) -> None:
    assert len(asked("find " + "x" * 1_000_000).words) == 200
    assert len(asked("y" * 1_000_000).words) <= 250


def answered(store: SqlStore, clock: Clock, text: str) -> object:
    return reply(store, text, "U1", OURS, POLICY, clock(), FEEDS)


def test_who_has_nothing_is_not_shown_the_queue_of_others_as_theirs(store: SqlStore, clock: Clock) -> None:
    told = reply_to(answered(store, clock, "mine"))  # type: ignore[arg-type]
    assert told["text"].startswith("Nothing of yours waits. The desk has 3 unclaimed")


def test_each_word_has_its_answer(store: SqlStore, clock: Clock) -> None:
    claim(store, "c0", "U1", clock)
    queue = answered(store, clock, "queue")
    assert isinstance(queue, Queue)
    assert {one.shelf: len(one.lines) for one in queue.shelves}[Shelf.UNCLAIMED] == 2
    mine = answered(store, clock, "mine")
    assert isinstance(mine, Queue)
    assert {one.shelf for one in mine.shelves if one.lines} == {Shelf.MINE}
    assert mine.counts[Shelf.UNCLAIMED] == 2
    status = answered(store, clock, "status")
    assert isinstance(status, Condition)
    assert (status.complaints, [feed.name for feed in status.feeds]) == (3, ["news"])
    assert isinstance(answered(store, clock, "digest"), Digest)
    assert answered(store, clock, "what?") == Help("what?")


@pytest.mark.parametrize(
    "words", ["%", "_", "'; DROP TABLE cases; --", "\\", "\x00", "\ud800", "<!here>", "𝔘"]
)
def test_hostile_searches_find_nothing_and_break_nothing(store: SqlStore, clock: Clock, words: str) -> None:
    found = answered(store, clock, f"find {words}")
    assert isinstance(found, Found | Help)
    assert not isinstance(found, Found) or found.lines == ()
    with store.read() as tx:
        assert len(tx.cases()) == 3


def test_what_is_found_is_paged(store: SqlStore, clock: Clock) -> None:
    with store.write() as tx:
        few = [
            bad(said(f"d{n}", f"d{n} had a cold soup", author=by(f"d{n}")), Severity.LOW)
            for n in range(FOUND + 2)
        ]
        hear(tx, *few, now=NOW)
    first = answered(store, clock, "find Cold Soup")
    second = answered(store, clock, "find cold soup page 2")
    third = answered(store, clock, "find cold soup page 3")
    assert isinstance(first, Found) and isinstance(second, Found) and isinstance(third, Found)
    assert [len(one.lines) for one in (first, second, third)] == [FOUND, 2, 0]
    assert [one.more for one in (first, second, third)] == [True, False, False]
    assert len({line.case.id for line in (*first.lines, *second.lines)}) == FOUND + 2
