"""Reading feeds: leases, pages and their cursors, faults and who pays for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, LOVELY, NOW, PLAIN, WORSE, Clock, NoHttp, Pages, Searches, judge, said

from monitor.collect.feeds import Collector, Listening
from monitor.collect.ingest import Ingest, Reading
from monitor.core.errors import RateLimited, StoreError, Unreachable
from monitor.core.message import Kind
from monitor.core.model import Mention, Page, Rejected
from monitor.core.store import FeedState, Transaction
from storage.engine import open_store
from storage.store import SqlStore

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
WHERE = "slack:C1"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield store
    store.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Desk:
    """A collector over a source that does what it is told, and what it left in the database."""

    def __init__(self, store: SqlStore, clock: Clock, *names: str, source: Pages | None = None) -> None:
        self.store, self.clock = store, clock
        self.source = source or Pages()
        self.names = names or ("news",)
        self.stop = threading.Event()
        self.judged: list[Mention] = []
        with store.write() as tx:
            for name in self.names:
                tx.register_feed(name, "pages", ACME.key, clock())

    def collector(self, store: object = None, workers: int = 4) -> Collector:
        def noting(mentions):  # type: ignore[no-untyped-def]
            self.judged += mentions
            return judge(mentions)

        ingest = Ingest(store or self.store, noting, ACME, 0.5, timedelta(days=1), WHERE)  # type: ignore[arg-type]
        feeds = [Listening(name, self.source, Pages.Options(), 15 * M) for name in self.names]
        return Collector(
            ingest,
            NoHttp(),
            feeds,
            now=self.clock,
            lease=5 * M,
            workers=workers,
            stop=self.stop,
            jitter=lambda: 0.0,
        )

    def read(self, *steps: object, force: bool = True) -> Reading:
        """One reading of the first feed."""
        self.source.will(self.names[0], *steps)  # type: ignore[arg-type]
        (reading,) = self.collector().run([self.names[0]], force=force)
        return reading

    def when(self, stored: int, then: Callable[[], object]) -> Callable[[], object]:
        """A step that waits until so many mentions are stored: fetching runs ahead of storing."""

        def step() -> None:
            for _ in range(3_000):
                with self.store.read() as tx:
                    if tx.counts()[0] >= stored:
                        break
                threading.Event().wait(0.01)
            else:
                raise AssertionError("the page before was never stored")
            then()

        return step

    def state(self, name: str | None = None) -> FeedState:
        with self.store.read() as tx:
            return next(feed for feed in tx.feeds() if feed.name == (name or self.names[0]))

    def kinds(self) -> list[Kind]:
        with self.store.read() as tx:
            return [row.kind for row in tx.ready(self.clock() + H, [WHERE])]


@pytest.fixture
def desk(store: SqlStore, clock: Clock) -> Desk:
    return Desk(store, clock)


def page(*mentions: Mention, at: int = 1, **more: object) -> Page:
    return Page(mentions, {"at": at}, **more)  # type: ignore[arg-type]


# ── a reading that goes well ─────────────────────────────────────────────────────────────────────────────


def test_a_reading_stores_its_pages_and_says_when_the_next_is_due(desk: Desk) -> None:
    reading = desk.read(page(said("1"), said("2", PLAIN), at=1), page(said("3", by="ann"), at=2))
    assert (reading.added, reading.complaints, reading.error) == (3, 2, "")
    state = desk.state()
    assert state.cursor == {"at": 2}
    assert (state.next_due, state.last_success, state.baselined) == (NOW + 15 * M, NOW, NOW)
    assert (state.failures, state.lease_until, state.last_heard) == (0, None, NOW)


def test_the_next_reading_goes_on_from_the_cursor_and_knows_the_first(desk: Desk) -> None:
    desk.read(page(said("1")))
    desk.read(page(said("1"), said("2"), at=7))
    assert [feed.cursor for feed in desk.source.asked] == [None, {"at": 1}]
    assert [mention.native_id for mention in desk.judged] == ["1", "2"], "what is known is not judged again"


def test_known_edited_unmatched_and_unreadable_are_each_counted(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, source=Searches())
    about = "Acme Coffee, bad."
    desk.read(page(said("1", about), said("2", about)))
    reading = desk.read(
        page(
            said("1", about),
            said("2", f"{about} Poison."),
            said("3", "Some other shop, bad."),
            said("4", "Bad.", addressed=True),
            rejected=(Rejected("item 5", "no id"),),
        )
    )
    assert (reading.known, reading.updated, reading.unmatched, reading.added) == (1, 1, 1, 1)
    assert reading.rejected == ["item 5: no id"]
    assert desk.state().rejected == 1


def test_an_edit_that_leaves_the_name_out_is_an_edit_still(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, source=Searches())
    desk.read(page(said("1", "Acme Coffee, bad."), said("2", "Some other shop, bad.")))
    edited = page(said("1", "All is well now, thanks."), said("2", "Some other shop, worse."))
    reading = desk.read(edited)
    assert (reading.added, reading.updated, reading.unmatched) == (0, 1, 1)
    assert [mention.text for mention in desk.judged] == ["Acme Coffee, bad.", "All is well now, thanks."]
    again = desk.read(edited)
    assert (again.known, again.updated, again.unmatched) == (1, 0, 1)


def test_a_feed_that_is_not_due_is_left_alone(desk: Desk) -> None:
    desk.read(page(said("1")))
    assert desk.collector().run() == []
    desk.clock.pass_(15 * M)
    assert [reading.feed for reading in desk.collector().run()] == ["news"]


def test_a_name_that_is_no_feed_is_left_alone(desk: Desk) -> None:
    assert desk.collector().run(["nobody"], force=True) == []


def test_not_modified_is_a_success_that_brought_nothing(desk: Desk) -> None:
    desk.read(page(said("1")))
    desk.clock.pass_(H)
    reading = desk.read(Page((), {"at": 1}, unchanged=True))
    assert (reading.error, reading.added) == ("", 0)
    state = desk.state()
    assert (state.last_success, state.last_heard) == (NOW + H, NOW)


def test_a_reading_without_any_page_is_a_success(desk: Desk) -> None:
    assert desk.read().error == ""
    assert desk.state().last_success == NOW


def test_the_servers_wish_is_kept(desk: Desk) -> None:
    desk.read(page(said("1"), not_before=NOW + 3 * H))
    assert desk.state().next_due == NOW + 3 * H


def test_the_first_reading_is_a_baseline_and_the_second_is_not(desk: Desk) -> None:
    old = timedelta(days=30)
    desk.read(page(said("1", by="ann", ago=old)), page(said("2", by="bob", ago=old)))
    assert desk.kinds() == [Kind.BACKLOG]
    with desk.store.read() as tx:
        assert len(tx.ready(desk.clock(), [WHERE])) == 1, "a finished reading lets its summary go"
    desk.read(page(said("3", by="cyd", ago=old)))
    assert sorted(desk.kinds()) == [Kind.BACKLOG, Kind.CARD]


def test_a_part_that_is_read_for_the_first_time_is_a_baseline_too(desk: Desk) -> None:
    desk.read()
    desk.read(page(said("1", ago=timedelta(days=30)), baseline=True))
    assert desk.kinds() == [Kind.BACKLOG]


def test_a_summary_that_is_on_its_way_takes_up_nothing_more(desk: Desk) -> None:
    old = timedelta(days=30)

    def send_it() -> None:
        desk.clock.pass_(2 * M)
        with desk.store.write() as tx:
            (row,) = tx.ready(desk.clock(), [WHERE])
            assert tx.claim(row.id, "somebody", desk.clock(), desk.clock() + M)

    desk.read(
        page(said("1", by="ann", ago=old)), desk.when(1, send_it), page(said("2", by="bob", ago=old), at=2)
    )
    with desk.store.read() as tx:
        heard = [tx.mention(ACME.key, "pages", number) for number in "12"]
        tellers = [one.told_by for one in heard if one]
        assert len(set(tellers)) == 2, "the second case would be counted in a message that never shows it"


def test_a_summary_waits_for_the_next_page(desk: Desk) -> None:
    old = timedelta(days=30)
    seen: list[int] = []

    def look() -> None:
        desk.clock.pass_(50 * S)
        with desk.store.read() as tx:
            seen.append(len(tx.ready(desk.clock(), [WHERE])))

    pages = [page(said(str(n), by=f"p{n}", ago=old), at=n) for n in range(4)]
    desk.read(
        pages[0], desk.when(1, look), pages[1], desk.when(2, look), pages[2], desk.when(3, look), pages[3]
    )
    assert seen == [0, 0, 0]
    assert desk.kinds() == [Kind.BACKLOG]


# ── faults ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_broken_off_reading_keeps_its_pages_and_backs_off(desk: Desk) -> None:
    reading = desk.read(page(said("1"), at=5), Unreachable("nobody answered"))
    assert (reading.added, reading.error) == (1, "nobody answered")
    state = desk.state()
    assert (state.cursor, state.failures, state.failing_since) == ({"at": 5}, 1, NOW)
    assert (state.next_due, state.last_error, state.last_success) == (NOW + M, "nobody answered", None)
    assert state.baselined is None, "the baseline goes on"
    desk.clock.pass_(M)
    desk.read(Unreachable("nobody answered"))
    assert (desk.state().failures, desk.state().next_due) == (2, NOW + 3 * M)
    assert desk.state().failing_since == NOW
    desk.read()
    assert (desk.state().failures, desk.state().failing_since, desk.state().last_error) == (0, None, "")


def test_retry_after_is_kept(desk: Desk) -> None:
    desk.read(RateLimited("slow down", retry_after=2 * H))
    assert desk.state().next_due == NOW + 2 * H


def test_a_connectors_bug_fails_its_feed_alone_and_is_logged_with_its_trace(
    store: SqlStore, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(store, clock, "buggy", "well")
    desk.source.will("buggy", page(said("1")), ZeroDivisionError("a bug"))
    desk.source.will("well", page(said("2", by="ann")))
    readings = {reading.feed: reading for reading in desk.collector().run()}
    assert "fault in a connector" in readings["buggy"].error
    assert (readings["well"].error, readings["well"].added) == ("", 1)
    assert (desk.state("buggy").failures, desk.state("well").failures) == (1, 0)
    said_aloud = "".join(capsys.readouterr())
    assert "Traceback" in said_aloud
    assert "ZeroDivisionError: a bug" in said_aloud


def test_a_scorers_bug_fails_its_feed_alone(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, "poisoned", "well")
    desk.source.will("poisoned", page(said("1")), page(said("2", "explode"), at=2), page(said("3"), at=3))
    desk.source.will("well", page(said("4", by="ann")))
    readings = {reading.feed: reading for reading in desk.collector().run()}
    assert "RuntimeError" in readings["poisoned"].error
    assert (readings["well"].error, readings["well"].added) == ("", 1)
    state = desk.state("poisoned")
    assert (state.cursor, state.failures, state.lease_until) == ({"at": 1}, 1, None)


# ── several at once, and ends in the middle ──────────────────────────────────────────────────────────────


def test_two_collectors_share_the_feeds_and_read_each_once(store: SqlStore, clock: Clock) -> None:
    names = [f"feed-{number}" for number in range(8)]
    desk = Desk(store, clock, *names)
    for number, name in enumerate(names):
        desk.source.will(name, page(said(str(number), by=name)))
    readings: list[Reading] = []
    both = [threading.Thread(target=lambda: readings.extend(desk.collector().run())) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(60)
        assert not one.is_alive()
    assert sorted(reading.feed for reading in readings) == names
    assert sorted(feed.name for feed in desk.source.asked) == names
    with store.read() as tx:
        assert tx.counts()[0] == len(names)


def test_a_live_lease_keeps_others_away_and_a_lapsed_one_does_not(desk: Desk) -> None:
    with desk.store.write() as tx:
        assert tx.lease_feed("news", "dead", NOW, NOW + 5 * M) is not None
    assert desk.collector().run(["news"], force=True) == []
    desk.clock.pass_(5 * M)
    assert desk.read(page(said("1"))).added == 1


def test_a_reading_that_was_taken_over_stops_and_stores_nothing_more(desk: Desk) -> None:
    def taken_over() -> None:
        desk.clock.pass_(6 * M)
        with desk.store.write() as tx:
            assert tx.lease_feed("news", "faster", desk.clock(), desk.clock() + 5 * M) is not None

    reading = desk.read(
        page(said("1")), desk.when(1, taken_over), page(said("2"), at=2), page(said("3"), at=3)
    )
    assert "took this feed over" in reading.error
    assert reading.added == 1
    state = desk.state()
    assert (state.cursor, state.failures) == ({"at": 1}, 0), "the other's affairs are left alone"
    assert state.lease_until == desk.clock() + 5 * M


def test_stopped_in_the_middle_it_gives_the_feed_back_and_goes_on_there(desk: Desk) -> None:
    reading = desk.read(page(said("1"), at=1), desk.stop.set, page(said("2"), at=2), page(said("3"), at=3))
    assert "stopped in the middle" in reading.error
    state = desk.state()
    assert (state.lease_until, state.failures, state.next_due) == (None, 0, NOW)
    assert state.cursor in ({"at": 1}, {"at": 2})
    assert state.baselined is None


def test_stopped_before_it_began_it_asks_nobody(store: SqlStore, clock: Clock) -> None:
    desk = Desk(store, clock, "a", "b")
    desk.stop.set()
    desk.collector().run()
    assert desk.source.asked == []
    assert [desk.state(name).lease_until for name in "ab"] == [None, None]


class Breaking:
    """A store whose database goes away before a certain page."""

    def __init__(self, store: SqlStore, writes: int) -> None:
        self.store, self.writes = store, writes

    def write(self) -> AbstractContextManager[Transaction]:
        self.writes -= 1
        if self.writes < 0:
            raise StoreError("the disk is full")
        return self.store.write()

    def read(self) -> AbstractContextManager[Transaction]:
        return self.store.read()

    def close(self) -> None:
        self.store.close()


@pytest.mark.parametrize("writes", [1, 2, 5])
def test_a_storage_fault_ends_the_run_and_no_thread_hangs(store: SqlStore, clock: Clock, writes: int) -> None:
    names = [f"feed-{number}" for number in range(30)]
    desk = Desk(store, clock, *names)
    for name in names:
        desk.source.will(name, *(page(said(f"{name}-{at}", PLAIN), at=at) for at in range(6)))
    faults: list[Exception] = []

    def run() -> None:
        try:
            desk.collector(Breaking(store, writes), workers=3).run()
        except StoreError as fault:
            faults.append(fault)

    before = threading.active_count()
    runner = threading.Thread(target=run, daemon=True)
    runner.start()
    runner.join(60)
    assert not runner.is_alive(), "fetch threads wait for a queue that nobody empties"
    assert [str(fault) for fault in faults] == ["the disk is full"]
    assert threading.active_count() == before
    assert len(desk.source.asked) < len(names), "feeds were begun that nobody stores"


def test_killed_between_two_pages_nothing_is_lost_or_told_twice(desk: Desk) -> None:
    pages = [page(said(str(n), by=f"p{n}"), at=n) for n in range(3)]
    for writes in (2, 2, 9):  # the lease, one page, then the end
        desk.source.will("news", *pages)
        collector = desk.collector(Breaking(desk.store, writes))
        if writes < 9:
            with pytest.raises(StoreError):
                collector.run(force=True)
            desk.clock.pass_(6 * M)
        else:
            assert collector.run(force=True)[0].error == ""
    with desk.store.read() as tx:
        assert tx.counts()[:2] == (3, 3)
        assert tx.account().queued == 3
    assert desk.kinds() == [Kind.CARD] * 3


# ── posts that were deleted ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [True, False])
def test_a_deleted_post_is_marked_and_its_words_go_when_the_terms_say_so(desk: Desk, words: bool) -> None:
    desk.read(page(said("1", WORSE), said("2", LOVELY, by="ann")))
    desk.read(page(gone=("1", "2", "never heard of"), gone_words=words))
    with desk.store.read() as tx:
        heard = tx.mention(ACME.key, "pages", "1")
        assert heard is not None
        assert heard.gone_at == NOW
        assert heard.mention.text == ("" if words else WORSE)
        (case,) = tx.cases()
        assert case.revision == 2
        assert tx.events(case.id)[-1].action == "post deleted at its source"
    assert desk.kinds() == [Kind.CARD], "the redrawing waits behind its card"
