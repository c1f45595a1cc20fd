"""A digest and its pages in a channel: once, nobody lost between pages, and drawn anew in place when asked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from fakes import ACME, BAD, NOW, Clock, Inbox, Stop, judge, lost_answer, said

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action, Details
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.intents import Alert
from monitor.core.message import Kind, Message, OutboxState, Page, Receipt
from monitor.deliver import Delivered, Deliverer
from monitor.pace import Pace
from monitor.recover import move
from monitor.report import Span, day, digest_row, post_digest, update_digest, yesterday
from storage.engine import open_store
from storage.store import SqlStore

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WHERE = "slack:C1"


class Desk:
    """A channel that gets nothing but the digest: its cards go elsewhere."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = Clock(NOW + DAY)
        self.inbox = Inbox(self.clock)
        self.span: Span = yesterday(self.clock(), ACME.timezone)

    def hear(self, first: int, count: int) -> None:
        """So many complaints of yesterday, by as many customers."""
        clock = self.clock.at
        self.clock.at = NOW
        ingest = Ingest(self.store, judge, ACME, 0.5, DAY, "console")
        posts = [said(f"{n:04}", f"{BAD} {n}", by=f"p{n:04}") for n in range(first, first + count)]
        with self.store.write() as tx:
            telling = ingest.telling(tx, "news", "run", Alert.ALL, NOW)
            ingest.store_judged(tx, ingest.judged(posts), telling, NOW, Reading("news"))
        self.clock.at = clock

    def post(self, where: str = WHERE) -> bool:
        return post_digest(self.store, ACME, self.span, where, self.clock())

    def update(self) -> bool:
        return update_digest(self.store, ACME, self.span, WHERE, self.clock())

    def drain(self) -> Delivered:
        desk = Deliverer(
            self.store,
            {"slack": self.inbox},
            (WHERE,),
            now=self.clock,
            lease=timedelta(minutes=1),
            paces={"slack": Pace()},
            stop=Stop(self.clock),
            business=ACME,
        )
        return desk.drain(timedelta(minutes=2))

    def cases(self) -> list[int]:
        with self.store.read() as tx:
            return [case.id for case in tx.cases(business=ACME.key)]

    def claim(self, number: int) -> None:
        move(self.store, number, Action.CLAIM, "ann", self.clock())

    @property
    def root(self) -> Message:
        (found,) = [one for one in self.inbox.arrived if one.kind is Kind.DIGEST]
        return found

    def pages(self, messages: list[Message] | None = None) -> list[Page]:
        told = self.inbox.arrived if messages is None else messages
        return [one.content for one in told if isinstance(one.content, Page)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield Desk(store)
    store.close()


def named(pages: list[Page]) -> Counter[int]:
    return Counter(one.case_id for page in pages for one in page.lines)


def gone() -> DeliveryError:
    return DeliveryError(
        "deleted", outcome=Outcome.REFUSED, remedy=Remedy.NOBODY, code="message_not_found", gone=True
    )


def test_however_often_it_is_posted_a_channel_gets_it_once(desk: Desk) -> None:
    desk.hear(0, 85)
    assert [desk.post(), desk.post(), desk.post()] == [True, False, False]
    desk.drain()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 3}
    assert desk.inbox.redrawn == []


def test_everybody_who_waits_stands_on_one_page_in_the_thread(desk: Desk) -> None:
    desk.hear(0, 85)
    desk.post()
    desk.drain()
    assert named(desk.pages()) == dict.fromkeys(desk.cases(), 1)
    threads = {one.thread.ref for one in desk.inbox.arrived if one.kind is Kind.PAGE and one.thread}
    row = digest_row(desk.store, ACME, desk.span, WHERE)
    assert row is not None and row.receipt is not None
    assert threads == {row.receipt.ref}


def test_a_few_need_no_page(desk: Desk) -> None:
    desk.hear(0, 8)
    desk.post()
    desk.drain()
    assert desk.inbox.kinds == [Kind.DIGEST]


def test_the_terminal_has_no_threads(desk: Desk) -> None:
    desk.hear(0, 85)
    assert desk.post("console")
    with desk.store.read() as tx:
        queued = {row.kind for row in tx.ready(desk.clock(), ["console"], 200)}
    assert Kind.DIGEST in queued
    assert Kind.PAGE not in queued


def test_asked_again_it_is_drawn_anew_in_place_with_the_pages_that_grew(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    desk.drain()
    first = list(desk.inbox.arrived)
    desk.clock.pass_(HOUR)
    desk.hear(50, 50)
    assert not desk.post()
    assert desk.update()
    desk.drain()
    assert {one.delivery_id for one in desk.inbox.redrawn} == {one.delivery_id for one in first}
    assert desk.inbox.redrawn[0].kind is Kind.DIGEST
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 3}, "one page is new"
    assert named(_standing(desk)) == dict.fromkeys(desk.cases(), 1)


def _standing(desk: Desk) -> list[Page]:
    """What readers see now: the last drawing of each page."""
    last = {
        one.delivery_id: one for one in [*desk.inbox.arrived, *desk.inbox.redrawn] if one.kind is Kind.PAGE
    }
    return desk.pages(list(last.values()))


def test_a_page_that_is_needed_no_more_says_so(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    desk.drain()
    for number in desk.cases()[:45]:
        desk.claim(number)
    desk.update()
    desk.drain()
    left = [len(page.lines) for page in _standing(desk) if page.of == "waiting"]
    assert left == [0, 0], "five who wait are shown by the digest itself"
    assert sum(len(page.lines) for page in _standing(desk) if page.of == "complaints") == 45


def test_a_page_that_shows_the_same_is_left_alone(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    desk.drain()
    assert desk.update()
    desk.drain()
    assert [one.kind for one in desk.inbox.redrawn] == [Kind.DIGEST]


def test_what_is_on_its_way_is_not_asked_for_again(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    assert not desk.update(), "it has not gone out"
    with desk.store.write() as tx:
        (root,) = [row for row in tx.ready(desk.clock(), [WHERE]) if row.kind is Kind.DIGEST]
        tx.claim(root.id, "somebody", desk.clock(), desk.clock() + HOUR)
    assert not desk.update(), "somebody has it in hand"


def test_a_lost_answer_doubles_neither_digest_nor_page(desk: Desk) -> None:
    desk.hear(0, 85)
    for _ in range(4):
        desk.inbox.fail(lost_answer(), arrives=True)
    desk.post()
    desk.drain()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 3}


class Searched(Inbox):
    """Its history is read place by place: what hangs in a thread is not found in the channel."""

    def find_all(self, messages: Sequence[Message], since: datetime) -> dict[str, Receipt]:
        places.append({one.thread.ref if one.thread else "" for one in messages})
        found = {one.delivery_id: self.find(one, since) for one in messages}
        return {delivery: receipt for delivery, receipt in found.items() if receipt is not None}


places: list[set[str]] = []


def test_a_page_in_doubt_is_looked_for_in_its_thread(desk: Desk) -> None:
    desk.inbox = Searched(desk.clock)
    desk.hear(0, 50)
    desk.post()
    desk.span = day(date(2026, 11, 20), ACME.timezone)
    desk.post()
    desk.inbox.faults.append(None)
    for _ in range(3):
        desk.inbox.fail(lost_answer(), arrives=True)
    places.clear()
    desk.drain()
    assert set(Counter(one.delivery_id for one in desk.inbox.arrived).values()) == {1}
    assert [len(place) for place in places] == [1] * 3


class Killed(BaseException):
    """The end of a process: nothing catches it."""


class Deadly(Inbox):
    """Whoever makes the call of this number dies of it, before the message arrives or after."""

    at = 0
    arrives = False

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        self.at -= 1
        if self.at == 0 and not self.arrives:
            raise Killed
        receipt = super().send(message, previous)
        if self.at == 0:
            raise Killed
        return receipt


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_killed_in_any_call_the_next_process_makes_up_for_it(desk: Desk, call: int, arrives: bool) -> None:
    desk.inbox = deadly = Deadly(desk.clock)
    desk.hear(0, 50)
    desk.post()
    deadly.at, deadly.arrives = call, arrives
    with pytest.raises(Killed):
        desk.drain()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 2}

    # and the same while it is brought up to date
    desk.hear(50, 40)
    assert desk.update()
    deadly.at = call
    with pytest.raises(Killed):
        desk.drain()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 3}
    assert named(_standing(desk)) == dict.fromkeys(desk.cases(), 1)


def test_an_update_whose_answer_was_lost_is_simply_drawn_again(desk: Desk) -> None:
    desk.hear(0, 3)
    desk.post()
    desk.drain()
    desk.update()
    desk.inbox.fail(lost_answer(), arrives=True)
    looks = desk.inbox.looks
    desk.drain()
    assert [one.kind for one in desk.inbox.redrawn] == [Kind.DIGEST, Kind.DIGEST]
    assert desk.inbox.looks == looks
    assert desk.inbox.kinds == [Kind.DIGEST]


def test_deleted_by_hand_it_comes_back_only_when_somebody_asks(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    desk.drain()
    desk.post()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 2}
    desk.update()
    desk.inbox.fail(gone())
    assert desk.drain().failed == []
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 2, Kind.PAGE: 4}
    row = digest_row(desk.store, ACME, desk.span, WHERE)
    assert row is not None and row.receipt is not None
    assert {one.thread.ref for one in desk.inbox.arrived[3:] if one.kind is Kind.PAGE and one.thread} == {
        row.receipt.ref
    }


def test_a_page_below_a_deleted_digest_is_dropped_in_silence(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    desk.inbox.faults.append(None)
    desk.inbox.fail(gone())
    told = desk.drain()
    assert told.failed == []
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 1}
    desk.update()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 2}, "asked for again, it is made up for"


def test_a_digest_that_could_never_go_out_is_tried_again_when_asked(desk: Desk) -> None:
    desk.hear(0, 50)
    desk.post()
    desk.inbox.fail(
        DeliveryError("no", outcome=Outcome.REFUSED, remedy=Remedy.NOBODY, code="invalid_arguments")
    )
    assert desk.drain().failed == ["no"]
    assert desk.inbox.arrived == [], "its pages would stand alone"
    row = digest_row(desk.store, ACME, desk.span, WHERE)
    assert row is not None and row.state is OutboxState.FAILED
    assert desk.update()
    desk.drain()
    assert Counter(desk.inbox.kinds) == {Kind.DIGEST: 1, Kind.PAGE: 2}


def test_who_was_won_back_or_lost_has_pages_too(desk: Desk) -> None:
    desk.hear(0, 20)
    desk.clock.at = NOW
    for number in desk.cases()[:6]:
        desk.claim(number)
        move(desk.store, number, Action.CONTACT, "ann", NOW)
        move(desk.store, number, Action.RECOVER, "ann", NOW, note="sent a cake", details=Details())
    desk.clock.at = NOW + DAY
    desk.post()
    desk.drain()
    assert {page.of: len(page.lines) for page in desk.pages()} == {
        "waiting": 14,
        "returned": 6,
        "complaints": 6,
    }
