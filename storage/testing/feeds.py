"""The contract: feeds, their leases and cursors."""

from __future__ import annotations

import pytest

from monitor.core.errors import Conflict
from monitor.core.ports import Store
from monitor.core.store import FeedState
from storage.testing.field import BUSINESS, FEED, HOUR, MINUTE, NOW, SOURCE


def _register(store: Store) -> None:
    with store.write() as tx:
        tx.register_feed(FEED, SOURCE, BUSINESS, NOW)


def _feed(store: Store) -> FeedState:
    with store.read() as tx:
        return tx.feeds()[0]


class FeedRules:
    def test_a_new_feed_is_due_now_and_knows_nothing(self, store: Store) -> None:
        _register(store)
        assert _feed(store) == FeedState(FEED, SOURCE, BUSINESS, None, NOW)

    def test_a_known_feed_stays_as_it_is(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "t", NOW, NOW + HOUR)
            tx.commit_page(FEED, "t", {"since": 1}, NOW, NOW + HOUR)
            tx.succeed_feed(FEED, "t", NOW, NOW + HOUR)
        before = _feed(store)
        with store.write() as tx:
            tx.register_feed(FEED, SOURCE, "other", NOW + HOUR)
        assert _feed(store) == before

    def test_a_changed_source_starts_anew_and_its_old_reading_cannot_go_on(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "t", NOW, NOW + HOUR)
            tx.commit_page(FEED, "t", {"since": 1}, NOW, NOW + HOUR)
            tx.succeed_feed(FEED, "t", NOW, NOW + HOUR)
            tx.lease_feed(FEED, "old", NOW, NOW + HOUR, force=True)
            tx.register_feed(FEED, "elsewhere", BUSINESS, NOW + MINUTE)
        state = _feed(store)
        assert (state.source, state.cursor, state.baselined) == ("elsewhere", None, None)
        assert state.next_due == NOW + MINUTE
        with pytest.raises(Conflict), store.write() as tx:
            tx.commit_page(FEED, "old", {"since": 2}, NOW, NOW + HOUR)
        assert _feed(store).cursor is None

    def test_feeds_come_by_name(self, store: Store) -> None:
        with store.write() as tx:
            for name in ("b", "c", "a"):
                tx.register_feed(name, SOURCE, BUSINESS, NOW)
        with store.read() as tx:
            assert [feed.name for feed in tx.feeds()] == ["a", "b", "c"]

    def test_a_lease_is_given_once_and_lapses(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            mine = tx.lease_feed(FEED, "one", NOW, NOW + MINUTE)
            assert mine is not None
            assert (mine.last_attempt, mine.lease_until) == (NOW, NOW + MINUTE)
            assert tx.lease_feed(FEED, "two", NOW, NOW + HOUR, force=True) is None
            assert tx.lease_feed(FEED, "two", NOW + MINUTE, NOW + HOUR) is not None
            assert tx.lease_feed("unheard of", "two", NOW, NOW + HOUR) is None

    def test_only_a_due_feed_is_leased_unless_forced(self, store: Store) -> None:
        _register(store)
        early = NOW - MINUTE
        with store.write() as tx:
            assert tx.lease_feed(FEED, "t", early, NOW) is None
            assert tx.lease_feed(FEED, "t", early, NOW, force=True) is not None

    def test_a_page_keeps_the_lease_of_its_holder_alone(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "one", NOW, NOW + MINUTE)
            tx.commit_page(FEED, "one", {}, NOW, NOW + HOUR)
            assert tx.lease_feed(FEED, "two", NOW + 2 * MINUTE, NOW + HOUR) is None
        with pytest.raises(Conflict), store.write() as tx:
            tx.commit_page(FEED, "two", {}, NOW, NOW + HOUR)

    def test_a_page_is_passed_with_its_counts(self, store: Store) -> None:
        _register(store)
        cursor = {"seen": ["a", "\x00", "\ud800", "é"], "since": 1.5, "deep": {"x": None}}
        with store.write() as tx:
            tx.lease_feed(FEED, "t", NOW, NOW + MINUTE)
            tx.commit_page(FEED, "t", cursor, NOW, NOW + HOUR, rejected=2, replaced=3, heard=True)
            tx.commit_page(FEED, "t", cursor, NOW + MINUTE, NOW + 2 * HOUR, rejected=1)
        state = _feed(store)
        assert state.cursor == cursor
        assert (state.rejected, state.replaced, state.last_heard) == (3, 3, NOW)
        assert state.lease_until == NOW + 2 * HOUR
        assert state.baselined is None

    def test_a_page_under_a_lost_lease_is_rolled_back_whole(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "one", NOW, NOW + MINUTE)
            tx.lease_feed(FEED, "two", NOW + MINUTE, NOW + HOUR)
        with pytest.raises(Conflict), store.write() as tx:
            tx.register_feed("written with the page", SOURCE, BUSINESS, NOW)
            tx.commit_page(FEED, "one", {"since": 1}, NOW + MINUTE, NOW + HOUR)
        with store.read() as tx:
            assert [(feed.name, feed.cursor) for feed in tx.feeds()] == [(FEED, None)]

    def test_success_clears_failures_and_gives_the_lease_back(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            for at in (NOW, NOW + HOUR):
                tx.lease_feed(FEED, "t", at, at + MINUTE, force=True)
                tx.fail_feed(FEED, "t", at, at + MINUTE, "nobody\x00 answered")
        failing = _feed(store)
        assert (failing.failures, failing.failing_since, failing.last_error) == (
            2,
            NOW,
            "nobody\ufffd answered",
        )
        assert (failing.next_due, failing.lease_until) == (NOW + HOUR + MINUTE, None)
        with store.write() as tx:
            for at in (NOW + 2 * HOUR, NOW + 3 * HOUR):
                tx.lease_feed(FEED, "t", at, at + MINUTE)
                tx.succeed_feed(FEED, "t", at, at + HOUR)
        well = _feed(store)
        assert (well.failures, well.failing_since, well.last_error) == (0, None, "")
        assert (well.baselined, well.last_success) == (NOW + 2 * HOUR, NOW + 3 * HOUR)
        assert (well.next_due, well.lease_until) == (NOW + 4 * HOUR, None)

    def test_a_failure_keeps_the_cursor(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "t", NOW, NOW + HOUR)
            tx.commit_page(FEED, "t", {"since": 1}, NOW, NOW + HOUR)
            tx.fail_feed(FEED, "t", NOW, NOW, "broke off")
        assert _feed(store).cursor == {"since": 1}

    def test_an_interrupted_reading_changes_nothing_but_the_lease(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "t", NOW, NOW + HOUR)
        leased = _feed(store)
        with store.write() as tx:
            tx.return_feed(FEED, "not mine")
        assert _feed(store) == leased
        with store.write() as tx:
            tx.return_feed(FEED, "t")
        state = _feed(store)
        assert (state.lease_until, state.next_due, state.last_success) == (None, NOW, None)

    def test_the_end_of_a_reading_whose_lease_was_lost_is_ignored(self, store: Store) -> None:
        _register(store)
        with store.write() as tx:
            tx.lease_feed(FEED, "one", NOW, NOW + MINUTE)
            tx.lease_feed(FEED, "two", NOW + MINUTE, NOW + HOUR)
        before = _feed(store)
        with store.write() as tx:
            tx.succeed_feed(FEED, "one", NOW, NOW + 5 * HOUR)
            tx.fail_feed(FEED, "one", NOW, NOW + 5 * HOUR, "late")
        assert _feed(store) == before
