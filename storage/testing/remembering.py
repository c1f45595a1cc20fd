"""The contract: what each customer complained of before."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.intents import Entry, Plan
from monitor.core.message import Kind
from monitor.core.model import CaseEvent, Severity, State
from monitor.core.ports import Store
from monitor.core.severity import History
from monitor.core.severity_rules import CAME_BACK
from storage.testing.field import (
    BUSINESS,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    SLACK,
    SOURCE,
    bad,
    by,
    case_of,
    fine,
    hear,
    said,
    send_all,
)


class RememberingRules:
    def test_histories_count_the_complaints_of_each_customer(self, store: Store) -> None:
        old, far = NOW - 400 * 24 * HOUR, [f"no {number}" for number in range(1200)]
        with store.write() as tx:
            hear(
                tx,
                bad(said("1", published=old)),
                bad(said("2")),
                bad(said("3", author=by("gina"), published=None)),
            )
            hear(tx, fine(said("4")), bad(said("5", author=by("hal"))), now=NOW + HOUR)
            assert tx.histories(BUSINESS, SOURCE, ["fred", "gina", *far]) == {
                "fred": History(2, old),
                "gina": History(1, NOW),
            }
            assert tx.histories(BUSINESS, "other", ["fred"]) == {}
            assert tx.histories("other", SOURCE, ["fred"]) == {}
            assert tx.histories(BUSINESS, SOURCE, []) == {}

    def test_histories_leave_out_what_was_dismissed_and_what_others_said(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), bad(said("2", author=by("gina"))))
            theirs, other = case_of(tx, "1"), case_of(tx, "2")
            copy = Entry(said("3", author=by("hal")), bad(said("3")).verdict, "m", theirs.id, None)
            tx.apply(Plan(entries=[copy]), BUSINESS, FEED, NOW)
            for case, state in ((theirs, State.LOST), (other, State.DISMISSED)):
                closed = replace(case, state=state, closed=NOW, revision=case.revision + 1)
                tx.revise(closed, CaseEvent(case.id, NOW, "lee", "closed", case.state, state))
            hear(tx, bad(said("4")), now=NOW + HOUR)
            found = tx.histories(BUSINESS, SOURCE, ["fred", "gina", "hal"])
            assert {who: one.complaints for who, one in found.items()} == {"fred": 2}

    def test_who_came_back_after_being_won_back_has_that_in_their_history(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            case = case_of(tx, "1")
            won = replace(case, state=State.RECOVERED, closed=NOW, revision=case.revision + 1)
            tx.revise(won, CaseEvent(case.id, NOW, "lee", "recovered", case.state, State.RECOVERED))
            assert not tx.histories(BUSINESS, SOURCE, ["fred"])["fred"].regressed
            hear(tx, bad(said("2", published=NOW + MINUTE)), now=NOW + HOUR)
            assert tx.histories(BUSINESS, SOURCE, ["fred"])["fred"].regressed
            hear(tx, bad(said("3", published=NOW + HOUR)), now=NOW + 2 * HOUR)
            assert tx.histories(BUSINESS, SOURCE, ["fred"])["fred"].complaints == 3
            assert case_of(tx, "3").reasons[:2] == (
                CAME_BACK,
                f"has complained 3 times since {NOW:%B %Y}",
            )
            again = case_of(tx, "3")
            closed = replace(again, state=State.LOST, closed=NOW, revision=again.revision + 1)
            tx.revise(closed, CaseEvent(again.id, NOW, "lee", "lost", again.state, State.LOST))
            assert not tx.histories(BUSINESS, SOURCE, ["fred"])["fred"].regressed

    def test_closed_cases_are_found_by_their_numbers_with_their_cards(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, *(bad(said(n, author=by(n))) for n in "1234"))
            numbers = [case_of(tx, n).id for n in "1234"]
            for number, state in zip(numbers, (State.LOST, State.DISMISSED, State.RECOVERED), strict=False):
                case = tx.case(number)
                assert case is not None
                ended = replace(case, state=state, closed=NOW, revision=case.revision + 1)
                tx.revise(ended, CaseEvent(number, NOW, "lee", "closed", case.state, state))
            found = tx.closed([*numbers, *range(9_000, 11_000)], SLACK)
            assert [found[number].case for number in numbers[:3]] == [tx.case(one) for one in numbers[:3]]
            assert sorted(found) == numbers[:3], "the fourth is not closed"
            cards = [tx.card_of(number, "slack") for number in numbers[:3]]
            assert [found[number].card for number in numbers[:3]] == [card.id for card in cards if card]
            assert {one.card for one in tx.closed(numbers, "console").values()} == {None}

    def test_a_case_that_was_given_up_is_open_again_when_its_post_is_edited_into_danger(
        self, store: Store
    ) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            send_all(tx)
            case = case_of(tx, "1")
            ended = replace(case, state=State.DISMISSED, closed=NOW, revision=case.revision + 1)
            tx.revise(ended, CaseEvent(case.id, NOW, "lee", "dismiss", case.state, State.DISMISSED))
            hear(tx, bad(said("1", "It burned my son."), Severity.CRITICAL), now=NOW + HOUR)
            again = case_of(tx, "1")
            assert (again.id, again.state, again.severity) == (case.id, State.OPEN, Severity.CRITICAL)
            (card,) = tx.ready(NOW + HOUR, [SLACK])
            assert (card.kind, card.case_id, tx.told_by(card.id)) == (Kind.CARD, case.id, [case.id])
            assert tx.account().unaccounted == 0
