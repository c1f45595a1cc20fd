"""The contract: the outbox, its order, leases and pace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.intents import Outgoing
from monitor.core.message import Kind, OutboxState, Queued, Receipt
from monitor.core.model import Case, Severity
from monitor.core.ports import Store
from monitor.core.store import Transaction
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    HOUR,
    MINUTE,
    NOW,
    SLACK,
    bad,
    by,
    case_of,
    fine,
    hear,
    note,
    said,
    send,
    send_all,
)


def _one(tx: Transaction) -> Queued:
    hear(tx, bad(said("1")))
    return tx.ready(NOW, [SLACK])[0]


def _update(case: Case, revision: int = 2, destination: str = SLACK) -> Outgoing:
    key = f"{BUSINESS}:update:{case.id}:{revision}"
    return note(key, Kind.UPDATE, destination, case_id=case.id, severity=case.severity)


def _keys(rows: list[Queued]) -> list[str]:
    return [row.key for row in rows]


class SendingRules:
    def test_a_row_comes_back_as_it_was_queued(self, store: Store) -> None:
        out = note("d", data={"since": "x", "odd": ["\x00", "\ud800", None, 1.5]}, published=NOW - HOUR)
        with store.write() as tx:
            assert tx.queue(out, NOW) is True
            row = tx.outgoing(out.id)
            assert row is not None
            assert row == Queued(
                out.id, SLACK, "d", Kind.DIGEST, OutboxState.PENDING, BUSINESS, None, NOW, NOW,
                published=NOW - HOUR, data=out.data, seq=row.seq,
            )  # fmt: skip
            assert tx.outgoing("unheard of") is None

    def test_a_key_is_queued_once_ever(self, store: Store) -> None:
        with store.write() as tx:
            assert tx.queue(note("k"), NOW)
            assert not tx.queue(note("k"), NOW)
            send_all(tx)
            assert not tx.queue(note("k"), NOW)
            assert tx.queue(note("k", destination=CONSOLE), NOW)

    def test_an_update_waits_for_nobody_twice_and_needs_a_card(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            case = case_of(tx, "1")
            assert not tx.queue(_update(case, destination=CONSOLE), NOW)
            assert tx.queue(_update(case, 2), NOW)
            assert not tx.queue(_update(case, 3), NOW)
            send(tx, row)
            update = tx.ready(NOW, [SLACK])[0]
            tx.claim(update.id, "l", NOW, NOW + HOUR)
            assert tx.queue(_update(case, 3), NOW)
            assert not tx.queue(_update(case, 4), NOW)

    def test_an_update_is_not_queued_for_a_failed_card(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            tx.claim(row.id, "l", NOW, NOW + HOUR)
            tx.settle(row.id, "l", OutboxState.FAILED)
            assert not tx.queue(_update(case_of(tx, "1")), NOW)

    def test_the_order_is_digests_severity_publication_creation(self, store: Store) -> None:
        with store.write() as tx:
            for name, severity, age in (
                ("low", Severity.LOW, 9),
                ("high, undated", Severity.HIGH, None),
                ("high, new", Severity.HIGH, 1),
                ("high, old", Severity.HIGH, 5),
                ("critical", Severity.CRITICAL, 1),
                ("high, old too", Severity.HIGH, 5),
            ):
                published = None if age is None else NOW - age * HOUR
                hear(tx, bad(said(name, author=by(name), published=published), severity))
            tx.queue(note("summary", Kind.BACKLOG), NOW)
            tx.queue(note("digest"), NOW)
            rows = tx.ready(NOW, [SLACK])
            customers = {case.id: case.customer for case in tx.cases()}
            assert [customers.get(row.case_id or 0, row.key) for row in rows] == [
                "digest",
                "critical",
                "high, old",
                "high, old too",
                "high, new",
                "high, undated",
                "low",
                "summary",
            ]
            assert _keys(tx.ready(NOW, [SLACK], 3)) == _keys(rows)[:3]

    def test_destinations_are_ordered_as_one(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("low", author=by("a")), Severity.LOW))
            hear(tx, bad(said("high", author=by("b"))), destination=CONSOLE)
            assert [row.severity for row in tx.ready(NOW, [SLACK, CONSOLE, SLACK])] == [
                Severity.HIGH,
                Severity.LOW,
            ]
            assert [row.severity for row in tx.ready(NOW, [SLACK])] == [Severity.LOW]
            assert tx.ready(NOW, []) == []

    def test_within_a_case_strictly_in_time(self, store: Store) -> None:
        with store.write() as tx:
            card = _one(tx)
            hear(tx, bad(said("2"), Severity.CRITICAL), fine(said("3")))
            case = case_of(tx, "1")
            assert _keys(tx.ready(NOW, [SLACK])) == [card.key]
            for state in (OutboxState.UNKNOWN, OutboxState.PENDING):
                claimed = tx.claim(card.id, "l", NOW, NOW + HOUR)
                assert claimed is not None
                assert tx.ready(NOW + MINUTE, [SLACK]) == []
                tx.settle(card.id, "l", state, not_before=NOW + MINUTE)
                assert tx.ready(NOW, [SLACK]) == []
                if state is OutboxState.UNKNOWN:
                    assert tx.claim_look(card.id, "look", NOW, NOW + HOUR)
                    tx.settle(card.id, "look", OutboxState.PENDING, looks=1)
            assert send_all(tx, NOW + MINUTE) == len(tx.mentions_of(case.id)) + 1

    def test_a_failed_row_holds_nothing_back(self, store: Store) -> None:
        with store.write() as tx:
            card = _one(tx)
            hear(tx, bad(said("2")))
            tx.claim(card.id, "l", NOW, NOW + HOUR)
            tx.settle(card.id, "l", OutboxState.FAILED, error="too long")
            assert tx.ready(NOW, [SLACK])[0].kind is Kind.UPDATE

    def test_a_claim_is_won_once(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            mine = tx.claim(row.id, "one", NOW, NOW + MINUTE)
            assert mine is not None
            assert mine == replace(
                row,
                state=OutboxState.SENDING,
                attempts=1,
                started=NOW,
                lease="one",
                lease_until=NOW + MINUTE,
            )
            assert tx.claim(row.id, "two", NOW, NOW + MINUTE) is None
            assert tx.claim("unheard of", "two", NOW, NOW + MINUTE) is None

    def test_a_dead_senders_row_becomes_uncertain(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            tx.claim(row.id, "dead", NOW, NOW + MINUTE)
            assert tx.lapse(NOW + MINUTE - timedelta(microseconds=1)) == 0
            assert tx.uncertain(NOW + MINUTE, [SLACK]) == []
            assert tx.lapse(NOW + MINUTE) == 1
            assert [doubt.id for doubt in tx.uncertain(NOW + MINUTE, [SLACK])] == [row.id]
            assert not tx.settle(row.id, "dead", OutboxState.SENT)
            assert tx.claim(row.id, "two", NOW + MINUTE, NOW + HOUR) is None

    def test_a_look_is_leased_and_counted(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            assert tx.claim_look(row.id, "look", NOW, NOW + MINUTE) is None
            tx.claim(row.id, "l", NOW, NOW + MINUTE)
            tx.settle(row.id, "l", OutboxState.UNKNOWN, not_before=NOW + MINUTE, error="lost")
            assert tx.uncertain(NOW, [SLACK]) == []
            later = NOW + MINUTE
            assert [doubt.error for doubt in tx.uncertain(later, [SLACK])] == ["lost"]
            assert tx.uncertain(later, [SLACK], 0) == []
            look = tx.claim_look(row.id, "look", later, later + MINUTE)
            assert look is not None and (look.state, look.attempts) == (OutboxState.UNKNOWN, 1)
            assert tx.claim_look(row.id, "other", later, later + MINUTE) is None
            assert tx.uncertain(later, [SLACK]) == []
            assert tx.settle(row.id, "look", OutboxState.UNKNOWN, not_before=later, looks=1)
            assert tx.uncertain(later, [SLACK])[0].looks == 1
            assert tx.claim_look(row.id, "dead", later, later + MINUTE)
            assert [doubt.looks for doubt in tx.uncertain(later + MINUTE, [SLACK])] == [1]

    def test_looks_of_an_earlier_doubt_say_nothing_about_a_new_one(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            tx.claim(row.id, "l", NOW, NOW + MINUTE)
            tx.settle(row.id, "l", OutboxState.UNKNOWN)
            tx.claim_look(row.id, "look", NOW, NOW + MINUTE)
            tx.settle(row.id, "look", OutboxState.PENDING, looks=3)
            again = tx.claim(row.id, "l", NOW, NOW + MINUTE)
            assert again is not None and (again.looks, again.attempts) == (3, 2)
            tx.lapse(NOW + MINUTE)
            assert tx.uncertain(NOW + MINUTE, [SLACK])[0].looks == 0

    def test_settling_writes_what_became_of_it(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            tx.claim(row.id, "l", NOW, NOW + MINUTE)
            assert not tx.settle(row.id, "other", OutboxState.SENT)
            assert tx.settle(row.id, "l", OutboxState.PENDING, not_before=NOW + HOUR, error="429\x00")
            back = tx.outgoing(row.id)
            assert back is not None
            assert (back.state, back.attempts, back.not_before) == (OutboxState.PENDING, 1, NOW + HOUR)
            assert (back.error, back.lease, back.lease_until) == ("429\ufffd", None, None)
            tx.claim(row.id, "l", NOW + HOUR, NOW + 2 * HOUR)
            receipt = Receipt("C0ACME", "1700000000.000100", NOW, "https://example.com/m")
            tx.settle(row.id, "l", OutboxState.SENT, receipt=receipt, revision=4)
            sent = tx.outgoing(row.id)
            assert sent is not None
            assert (sent.state, sent.receipt, sent.error) == (OutboxState.SENT, receipt, "")
            assert not tx.settle(row.id, "l", OutboxState.FAILED)

    def test_a_card_shows_its_newest_revision(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            case = case_of(tx, "1")
            assert tx.shown_revision(case.id, SLACK) == 0
            send(tx, row, revision=1)
            tx.queue(_update(case), NOW)
            update = tx.ready(NOW, [SLACK])[0]
            assert tx.shown_revision(case.id, SLACK) == 1
            send(tx, update, revision=5)
            assert tx.shown_revision(case.id, SLACK) == 5
            assert tx.shown_revision(case.id, CONSOLE) == 0

    def test_what_is_in_doubt_is_looked_for_in_the_order_in_which_it_would_go_out(self, store: Store) -> None:
        with store.write() as tx:
            for name, severity, age in (
                ("low", Severity.LOW, 9),
                ("high, new", Severity.HIGH, 1),
                ("high, old", Severity.HIGH, 5),
            ):
                hear(tx, bad(said(name, author=by(name), published=NOW - age * HOUR), severity))
            order = [row.id for row in tx.ready(NOW, [SLACK])]
            for minutes, row_id in enumerate(reversed(order)):
                assert tx.claim(row_id, "dead", NOW, NOW + MINUTE)
                due = NOW + minutes * MINUTE
                tx.settle(row_id, "dead", OutboxState.UNKNOWN, not_before=due)
            assert [row.id for row in tx.uncertain(NOW + HOUR, [SLACK])] == order

    def test_what_stands_no_more_where_it_stood_goes_out_once_more(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            send(tx, row, revision=3)
            sent = tx.outgoing(row.id)
            assert sent is not None and sent.receipt is not None
            assert not tx.recall(row.id, replace(sent.receipt, ref="elsewhere"), NOW + HOUR)
            assert tx.recall(row.id, sent.receipt, NOW + HOUR)
            assert not tx.recall(row.id, sent.receipt, NOW + HOUR), "once"
            assert tx.ready(NOW, [SLACK]) == []
            (again,) = tx.ready(NOW + HOUR, [SLACK])
            assert (again.id, again.receipt, again.state) == (row.id, None, OutboxState.PENDING)
            assert tx.shown_revision(case_of(tx, "1").id, SLACK) == 0

    def test_what_went_out_is_drawn_anew_in_place(self, store: Store) -> None:
        out = note("digest:today", data={"page": 1})
        with store.write() as tx:
            tx.queue(out, NOW)
            assert not tx.renew(out.id, {"page": 2}, NOW), "still on its way"
            tx.claim(out.id, "l", NOW, NOW + MINUTE)
            assert not tx.renew(out.id, {"page": 2}, NOW), "under way"
            tx.settle(out.id, "l", OutboxState.SENT, receipt=Receipt("C0ACME", "1.2", NOW))
            assert tx.renew(out.id, {"page": 2}, NOW + HOUR)
            assert tx.ready(NOW, [SLACK]) == []
            (again,) = tx.ready(NOW + HOUR, [SLACK])
            assert (again.data, again.attempts) == ({"page": 2}, 0)
            assert again.receipt is not None and again.receipt.ref == "1.2"

            assert tx.recall(out.id, again.receipt, NOW), "it may turn out to be gone before it is drawn anew"
            (anew,) = tx.ready(NOW, [SLACK])
            assert anew.receipt is None
            tx.claim(out.id, "l", NOW, NOW + MINUTE)
            tx.settle(out.id, "l", OutboxState.FAILED, error="no")
            assert tx.renew(out.id, {"page": 3}, NOW)
            assert tx.ready(NOW, [SLACK])[0].error == ""
            assert not tx.renew("unheard of", {}, NOW)

    def test_what_is_kept_with_a_message_can_be_written_anew(self, store: Store) -> None:
        out = note("digest:today", data={"page": 1})
        with store.write() as tx:
            tx.queue(out, NOW)
            tx.amend(out.id, {"page": 2, "odd": "\x00"})
            row = tx.outgoing(out.id)
            assert row is not None and row.state is OutboxState.PENDING
            assert row.data == {"page": 2, "odd": "\x00"}
            tx.amend("unheard of", {})

    def test_the_card_of_a_case_is_found_by_scheme(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            case = case_of(tx, "1")
            assert tx.card_of(case.id, "slack") == row
            assert tx.card_of(case.id, SLACK) is None
            assert tx.card_of(case.id, "sla") is None
            assert tx.card_of(case.id, "console") is None
            newer = note("again", Kind.CARD, "slack:C0OTHER", case_id=case.id)
            tx.queue(newer, NOW)
            tx.queue(note("bare", Kind.CARD, CONSOLE, case_id=case.id), NOW)
            found = tx.card_of(case.id, "slack"), tx.card_of(case.id, "console")
            assert [card and card.key for card in found] == ["again", "bare"]

    def test_a_held_message_is_let_go_but_a_failed_try_still_waits(self, store: Store) -> None:
        with store.write() as tx:
            tx.queue(note("held", hold_until=NOW + HOUR), NOW)
            assert tx.ready(NOW, [SLACK]) == []
            tx.release(SLACK, "other", NOW)
            tx.release(CONSOLE, "held", NOW)
            assert tx.ready(NOW, [SLACK]) == []
            tx.release(SLACK, "held", NOW)
            row = tx.ready(NOW, [SLACK])[0]
            tx.claim(row.id, "l", NOW, NOW + HOUR)
            tx.settle(row.id, "l", OutboxState.PENDING, not_before=NOW + HOUR)
            tx.release(SLACK, "held", NOW)
            assert tx.ready(NOW, [SLACK]) == []

    def test_postponing_lets_a_pending_row_wait_longer(self, store: Store) -> None:
        with store.write() as tx:
            row = _one(tx)
            tx.postpone(row.id, NOW + HOUR)
            assert tx.ready(NOW, [SLACK]) == []
            tx.postpone(row.id, NOW)
            assert tx.next_ready_at([SLACK]) == NOW + HOUR
            send(tx, row, NOW + HOUR)
            before = tx.outgoing(row.id)
            tx.postpone(row.id, NOW + 2 * HOUR)
            assert tx.outgoing(row.id) == before

    def test_when_the_next_row_is_due(self, store: Store) -> None:
        with store.write() as tx:
            assert tx.next_ready_at([SLACK]) is None
            tx.queue(note("later", hold_until=NOW + 3 * HOUR), NOW)
            assert tx.next_ready_at([SLACK, CONSOLE]) == NOW + 3 * HOUR
            assert tx.next_ready_at([CONSOLE]) is None
            assert tx.next_ready_at([]) is None
            row = _one(tx)
            hear(tx, bad(said("2")))
            assert tx.next_ready_at([SLACK]) == NOW
            tx.claim(row.id, "l", NOW, NOW + 2 * HOUR)
            assert tx.next_ready_at([SLACK]) == NOW + 2 * HOUR
            tx.settle(row.id, "l", OutboxState.UNKNOWN, not_before=NOW + HOUR)
            assert tx.next_ready_at([SLACK]) == NOW + HOUR
            tx.claim_look(row.id, "look", NOW + HOUR, NOW + HOUR + MINUTE)
            assert tx.next_ready_at([SLACK]) == NOW + HOUR + MINUTE

    def test_slots_are_taken_one_interval_apart(self, store: Store) -> None:
        second = timedelta(seconds=1)
        with store.write() as tx:
            assert tx.take_slot("post", NOW, second) is None
            assert tx.take_slot("post", NOW, second) == NOW + second
            assert tx.take_slot("other", NOW, second) is None
            assert tx.take_slot("post", NOW + second, second) is None
            tx.park("post", NOW + HOUR)
            tx.park("post", NOW + MINUTE)
            tx.park("fresh", NOW + MINUTE)
            assert tx.take_slot("post", NOW + MINUTE, second) == NOW + HOUR
            assert tx.take_slot("post", NOW + HOUR, second) is None
            assert tx.take_slot("fresh", NOW, second) == NOW + MINUTE

    def test_those_that_are_parked_are_found_by_how_they_begin(self, store: Store) -> None:
        with store.write() as tx:
            for name in ("at_b", "at_a", "at", "atxc", "AT_d"):
                tx.park(name, NOW + MINUTE)
            assert tx.parked("at_", NOW) == ["at_a", "at_b"]
            tx.park("at_a", NOW + HOUR)
            assert tx.parked("at_", NOW + MINUTE) == ["at_a"]
            assert tx.parked("at_", NOW + HOUR) == []

    def test_trouble_is_news_once(self, store: Store) -> None:
        with store.write() as tx:
            assert tx.mended(SLACK) is False
            assert tx.trouble(SLACK, "not_in_channel", "invite it", NOW, NOW + MINUTE) is True
            assert tx.trouble(SLACK, "not_in_channel", "invite it", NOW + HOUR, NOW + 2 * HOUR) is False
            found = tx.troubles()
            assert [(t.destination, t.since, t.next_probe) for t in found] == [(SLACK, NOW, NOW + 2 * HOUR)]
            assert tx.trouble(SLACK, "invalid_auth", "new token", NOW + HOUR, NOW) is True
            assert tx.mended(SLACK) is True
            assert tx.troubles() == []
            assert tx.trouble(SLACK, "invalid_auth", "new token", NOW, NOW) is True
