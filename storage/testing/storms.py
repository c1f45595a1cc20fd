"""The contract: many at once, and messages that go another way."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.message import Kind, OutboxState
from monitor.core.model import CaseEvent, Severity, State
from monitor.core.ports import Store
from monitor.core.store import Account, Transaction, WaitingCards
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    HOUR,
    NOW,
    SLACK,
    SOURCE,
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

STORM = note("storm:1", Kind.STORM)


def _crowd(tx: Transaction, size: int = 5, severity: Severity = Severity.MEDIUM) -> list[int]:
    names = [f"{severity}{number}" for number in range(size)]
    for number, one in enumerate(names):
        hear(tx, bad(said(one, author=by(one), published=NOW - (size - number) * HOUR), severity))
    return [case_of(tx, one).id for one in names]


class StormRules:
    def test_waiting_cards_are_the_due_ones(self, store: Store) -> None:
        with store.write() as tx:
            assert tx.waiting_cards(SLACK, NOW) == WaitingCards(0, None)
            hear(tx, bad(said("1")), now=NOW - HOUR)
            hear(tx, bad(said("2", author=by("gina"))))
            hear(tx, bad(said("3")))
            tx.queue(note("digest"), NOW)
            assert tx.waiting_cards(SLACK, NOW) == WaitingCards(2, NOW - HOUR)
            assert tx.waiting_cards(CONSOLE, NOW) == WaitingCards(0, None)
            send_all(tx)
            assert tx.waiting_cards(SLACK, NOW) == WaitingCards(0, None)

    def test_lesser_cards_are_told_by_rosters(self, store: Store) -> None:
        with store.write() as tx:
            crowd = _crowd(tx)
            severe = _crowd(tx, 2, Severity.HIGH)
            hear(tx, bad(said("again", author=by("medium0")), Severity.MEDIUM))
            hear(tx, fine(said("and again", author=by("medium0"))))
            before = tx.account()
            assert tx.fold(SLACK, Severity.HIGH, STORM, 2, 1, NOW) == 5
            assert tx.account() == before == Account(8, 0, 8, 0, 0, 0)

            pages = tx.rosters(STORM.id)
            assert [row.key for row in pages] == ["storm:1:1", "storm:1:2", "storm:1:3"]
            assert [row.data for row in pages] == [
                {"storm": STORM.id, "page": page, "cases": cases}
                for page, cases in enumerate((crowd[:2], crowd[2:4], crowd[4:]), 1)
            ]
            assert [tx.told_by(row.id) for row in pages] == [crowd[:2], crowd[2:4], crowd[4:]]
            kinds = [row.kind for row in tx.ready(NOW, [SLACK])]
            assert kinds == [Kind.CARD, Kind.CARD, Kind.STORM, Kind.ROSTER, Kind.ROSTER, Kind.ROSTER]
            assert {row.case_id for row in tx.ready(NOW, [SLACK])} == {None, *severe}
            for heard in tx.mentions_of(crowd[0]):
                assert heard.told_by == pages[0].id
            send_all(tx)
            assert tx.account() == Account(8, 2, 0, 6, 0, 0)

    def test_a_storm_grows_by_pages(self, store: Store) -> None:
        with store.write() as tx:
            _crowd(tx, 3)
            tx.fold(SLACK, Severity.HIGH, STORM, 2, 1, NOW)
            more = _crowd(tx, 1, Severity.LOW)
            assert tx.fold(SLACK, Severity.HIGH, STORM, 2, 3, NOW + HOUR) == 1
            pages = tx.rosters(STORM.id)
            assert [(row.data or {})["page"] for row in pages] == [1, 2, 3]
            assert (pages[2].data or {})["cases"] == more
            assert len([row for row in tx.ready(NOW + HOUR, [SLACK]) if row.kind is Kind.STORM]) == 1

    def test_nothing_to_fold_makes_no_storm(self, store: Store) -> None:
        with store.write() as tx:
            _crowd(tx, 2, Severity.HIGH)
            assert tx.fold(SLACK, Severity.HIGH, STORM, 2, 1, NOW) == 0
            assert tx.outgoing(STORM.id) is None
            assert tx.latest_storm(SLACK) is None
            assert tx.rosters(STORM.id) == []

    def test_cards_on_their_way_or_not_due_are_not_folded(self, store: Store) -> None:
        with store.write() as tx:
            crowd = _crowd(tx, 4)
            sending, later, *_ = tx.ready(NOW, [SLACK])
            tx.claim(sending.id, "l", NOW, NOW + HOUR)
            tx.postpone(later.id, NOW + HOUR)
            assert tx.fold(SLACK, Severity.HIGH, STORM, 9, 1, NOW) == 2
            assert (tx.rosters(STORM.id)[0].data or {})["cases"] == crowd[2:]
            assert tx.outgoing(sending.id) and tx.outgoing(later.id)

    def test_the_cards_of_another_destination_stay(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1"), Severity.LOW), destination=CONSOLE)
            assert tx.fold(SLACK, Severity.HIGH, STORM, 9, 1, NOW) == 0
            assert len(tx.ready(NOW, [CONSOLE])) == 1

    def test_the_latest_storm(self, store: Store) -> None:
        with store.write() as tx:
            for number in (1, 2):
                tx.queue(note(f"storm:{number}", Kind.STORM), NOW)
            tx.queue(note("storm:3", Kind.STORM, CONSOLE), NOW)
            storm = tx.latest_storm(SLACK)
            assert storm is not None and storm.key == "storm:2"

    def test_never_sent_messages_are_redirected(self, store: Store) -> None:
        with store.write() as tx:
            for number in range(4):
                one = by(f"c{number}")
                hear(tx, bad(said(str(number), author=one)), destination=CONSOLE)
            sent, tried, *_ = tx.ready(NOW, [CONSOLE])
            send(tx, sent)
            tx.claim(tried.id, "l", NOW, NOW + HOUR)
            tx.settle(tried.id, "l", OutboxState.PENDING)
            assert tx.redirect(CONSOLE, SLACK) == 2
            assert tx.redirect(CONSOLE, SLACK) == 0
            assert len(tx.ready(NOW, [SLACK])) == 2
            before = tx.counts()
            assert tx.account() == Account(4, 1, 3, 0, 0, 0)
            again = [bad(said(str(number), author=by(f"c{number}"))) for number in range(4)]
            hear(tx, *again)
            assert tx.counts() == before

    def test_a_redirected_message_is_still_the_one_its_key_names(self, store: Store) -> None:
        with store.write() as tx:
            tx.queue(note("k", destination=CONSOLE), NOW)
            tx.redirect(CONSOLE, SLACK)
            assert not tx.queue(note("k"), NOW)
            assert len(tx.ready(NOW, [SLACK])) == 1

    def test_what_was_told_already_is_not_redirected_into_a_second_telling(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), destination=CONSOLE)
            case = case_of(tx, "1")
            card = tx.ready(NOW, [CONSOLE])[0]
            twin = note(card.key, Kind.CARD, case_id=case.id)
            tx.queue(twin, NOW)
            assert tx.redirect(CONSOLE, SLACK) == 0
            assert [row.id for row in tx.ready(NOW, [SLACK, CONSOLE])] == [twin.id]
            heard = tx.mention(BUSINESS, "reviews", "1")
            assert heard is not None and heard.told_by == twin.id

    def test_a_new_destination_learns_of_open_cases_once(self, store: Store) -> None:
        with store.write() as tx:
            names = ["a", "b", "lost"]
            for one in names:
                hear(tx, bad(said(one, author=by(one))), destination=CONSOLE)
            a, b, lost = (case_of(tx, one) for one in names)
            ended = replace(lost, state=State.LOST, closed=NOW, revision=2)
            tx.revise(ended, CaseEvent(lost.id, NOW, "lee", "lose", State.OPEN, State.LOST))
            send_all(tx, destination=CONSOLE)
            assert tx.untold(BUSINESS, CONSOLE) == []
            assert tx.untold("other", SLACK) == []
            assert tx.untold(BUSINESS, SLACK) == [a.id, b.id]
            summary = note("adopted", Kind.BACKLOG)
            tx.queue(summary, NOW)
            tx.retell([a.id, b.id], summary.id)
            assert tx.untold(BUSINESS, SLACK) == []
            assert tx.told_by(summary.id) == [a.id, b.id]
            assert tx.account() == Account(3, 1, 2, 0, 0, 0)

    def test_what_waits_for_a_destination_that_was_left_is_dropped_or_settled(self, store: Store) -> None:
        with store.write() as tx:
            for one in ("open", "closed"):
                hear(tx, bad(said(one, author=by(one))), destination=CONSOLE)
            still, closed = case_of(tx, "open"), case_of(tx, "closed")
            hangs = note("hangs", Kind.REPLY, CONSOLE, case_id=still.id)
            tx.queue(hangs, NOW)
            assert tx.addressed() == [CONSOLE]
            tx.retell([still.id], "elsewhere")
            assert tx.abandon(SLACK, threads=True) == 0
            assert tx.abandon(CONSOLE, threads=False) == 2
            assert [row.id for row in tx.ready(NOW, [CONSOLE])] == [hangs.id]
            card = tx.card_of(closed.id, CONSOLE)
            assert card is not None and card.state is OutboxState.SENT
            assert tx.card_of(still.id, CONSOLE) is None
            assert tx.abandon(CONSOLE, threads=True) == 1
            assert tx.addressed() == []

    def test_only_complaints_are_retold(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            hear(tx, fine(said("2")))
            case = case_of(tx, "1")
            summary = note("s", Kind.BACKLOG)
            tx.queue(summary, NOW)
            tx.retell([case.id], summary.id)
            told = {heard.mention.native_id: heard.told_by for heard in tx.mentions_of(case.id)}
            assert told["1"] == summary.id != told["2"]

    def test_what_a_channel_surely_did_not_take_goes_another_way_and_its_threads_wait(
        self, store: Store
    ) -> None:
        new = "slack:C0NEW"
        with store.write() as tx:
            hear(tx, bad(said("shown")))
            send_all(tx)
            hear(tx, bad(said("again", "Still no call from Acme Coffee")))
            hear(tx, bad(said("refused", "My lamp from Acme Coffee broke", author=by("gina"))))
            hear(tx, bad(said("and again", "The second lamp too", author=by("gina"))))
            hear(tx, bad(said("doubtful", "My chair from Acme Coffee broke", author=by("hal"))))
            tx.queue(note("digest"), NOW)
            cards = {name: tx.card_of(case_of(tx, name).id, "slack") for name in ("refused", "doubtful")}
            for name, looks in (("refused", 0), ("doubtful", 1)):
                card = cards[name]
                assert card is not None
                assert tx.claim(card.id, "sender", NOW, NOW + HOUR)
                tx.settle(card.id, "sender", OutboxState.PENDING, error="no", looks=looks)
            before = tx.account()
            assert tx.reroute(SLACK, new) == 3, "a card, a reply, and the card drawn anew"
            assert tx.reroute(SLACK, new) == 0
            assert tx.account() == before
            there = [(row.kind, row.case_id) for row in tx.ready(NOW, [new])]
            assert there == [(Kind.CARD, case_of(tx, "refused").id)], "its thread follows it"
            send_all(tx, destination=new)
            replies = [row for row in tx.ready(NOW, [SLACK]) if row.kind is not Kind.DIGEST]
            assert {row.case_id for row in replies} == {case_of(tx, "shown").id, case_of(tx, "doubtful").id}

    def test_a_case_is_told_where_any_of_the_channels_in_use_tells_of_it(self, store: Store) -> None:
        other = "slack:C0NEW"
        with store.write() as tx:
            hear(tx, bad(said("1")), destination=other)
            case = case_of(tx, "1")
            assert tx.untold(BUSINESS, SLACK) == [case.id]
            assert tx.untold(BUSINESS, (SLACK, other)) == []
            alone = tx.standing(BUSINESS, SOURCE, ["fred"], SLACK)["fred"]
            both = tx.standing(BUSINESS, SOURCE, ["fred"], (SLACK, other))["fred"]
            card = tx.card_of(case.id, "slack")
            assert card is not None
            assert ((alone.card, alone.at), (both.card, both.at)) == ((None, ""), (card.id, other))
