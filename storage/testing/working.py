"""The contract: cases, their history, and what is counted of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Alert, Plan
from monitor.core.message import OutboxState
from monitor.core.model import Case, CaseEvent, Severity, State
from monitor.core.ports import Store
from monitor.core.store import Account, Transaction
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
    send,
)


def _opened(tx: Transaction, native_id: str = "1", who: str = "fred") -> Case:
    hear(tx, bad(said(native_id, author=by(who))))
    return case_of(tx, native_id)


def _move(case: Case, state: State, *, key: str | None = None) -> tuple[Case, CaseEvent]:
    moved = replace(
        case,
        state=state,
        revision=case.revision + 1,
        owner="lee",
        closed=NOW if state.closed else None,
        contacted=NOW + MINUTE,
    )
    return moved, CaseEvent(case.id, NOW, "lee", "moved", case.state, state, "a\x00note", key)


class WorkingRules:
    def test_a_case_comes_back_as_it_was_opened(self, store: Store) -> None:
        with store.write() as tx:
            case = _opened(tx)
            assert case == Case(
                case.id,
                BUSINESS,
                SOURCE,
                "fred",
                "Fictional Fred",
                State.OPEN,
                Severity.HIGH,
                NOW,
                reasons=("was promised a call",),
            )
            assert tx.case(case.id + 1) is None
            assert tx.events(case.id) == [CaseEvent(case.id, NOW, "monitor", "opened", None, State.OPEN)]

    def test_a_revision_is_stored_with_its_line_of_history(self, store: Store) -> None:
        with store.write() as tx:
            case = _opened(tx)
            moved, event = _move(case, State.CONTACTED)
            assert tx.revise(moved, event)
            assert tx.case(case.id) == moved
            assert tx.events(case.id)[1:] == [replace(event, note="a\ufffdnote")]

    def test_a_repeated_click_is_one_event(self, store: Store) -> None:
        with store.write() as tx:
            case = _opened(tx)
            moved, event = _move(case, State.CLAIMED, key="click 1")
            assert tx.revise(moved, event) is True
            assert tx.revise(moved, event) is False
            assert tx.revise(*_move(moved, State.LOST, key="click 1")) is False
            assert tx.case(case.id) == moved
            assert len(tx.events(case.id)) == 2

    def test_a_stale_revision_is_a_conflict(self, store: Store) -> None:
        with store.write() as tx:
            case = _opened(tx)
            tx.revise(*_move(case, State.CLAIMED))
        with pytest.raises(Conflict), store.write() as tx:
            tx.revise(*_move(case, State.LOST))
        with pytest.raises(Conflict), store.write() as tx:
            tx.revise(*_move(replace(case, id=case.id + 99), State.LOST))
        with store.read() as tx:
            stored = tx.case(case.id)
            assert stored is not None and stored.state is State.CLAIMED
            assert len(tx.events(case.id)) == 2

    def test_a_customer_is_not_torn_in_two(self, store: Store) -> None:
        with store.write() as tx:
            first = _opened(tx)
            closed, event = _move(first, State.LOST)
            tx.revise(closed, event)
            second = _opened(tx, "2")
            assert second.id != first.id
        with pytest.raises(Conflict, match=f"case {second.id}"), store.write() as tx:
            tx.revise(*_move(closed, State.OPEN))

    def test_a_fault_rolls_everything_back(self, store: Store) -> None:
        with pytest.raises(CaseError), store.write() as tx:
            _opened(tx)
            raise CaseError("the person changed their mind")
        with store.read() as tx:
            assert tx.counts() == (0, 0, {}, {})

    def test_cases_come_worst_first_then_oldest(self, store: Store) -> None:
        with store.write() as tx:
            for number, severity in enumerate(
                [Severity.LOW, Severity.CRITICAL, Severity.HIGH, Severity.CRITICAL]
            ):
                who = by(f"c{number}")
                hear(tx, bad(said(str(number), author=who), severity), now=NOW - number * HOUR)
            assert [case.customer for case in tx.cases()] == ["c3", "c1", "c2", "c0"]
            assert [case.customer for case in tx.cases(limit=2)] == ["c3", "c1"]
            tx.revise(*_move(tx.cases()[0], State.DISMISSED))
            unclosed = [State.OPEN, State.CLAIMED, State.CONTACTED]
            assert [case.customer for case in tx.cases(states=unclosed)] == ["c1", "c2", "c0"]
            assert [case.customer for case in tx.cases(states=[State.DISMISSED])] == ["c3"]
            assert len(tx.cases(states=[State.DISMISSED, State.OPEN], business=BUSINESS)) == 4
            assert tx.cases(business="other") == []
            assert tx.cases(states=[]) == []

    def test_the_cue_is_the_worst_complaint_and_the_newest_of_equals(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                bad(said("low", published=NOW), Severity.LOW),
                bad(said("high", published=NOW - 2 * HOUR)),
                bad(said("high, newer", published=NOW - HOUR)),
                bad(said("gina", author=by("gina")), Severity.LOW),
            )
            hear(tx, fine(said("thanks", published=NOW + MINUTE)))
            fred, gina = case_of(tx, "low"), case_of(tx, "gina")
            cues = tx.cues([fred.id, gina.id, 10**9])
            assert {case: cue.mention.native_id for case, cue in cues.items()} == {
                fred.id: "high, newer",
                gina.id: "gina",
            }
            assert tx.cues([]) == {}

    def test_every_complaint_is_accounted_for_in_one_class(self, store: Store) -> None:
        with store.write() as tx:
            assert tx.account() == Account(0, 0, 0, 0, 0, 0)
            fates = ["pending", "sending", "unknown", "sent", "failed", "dismissed"]
            for fate in fates:
                hear(tx, bad(said(fate, author=by(fate))))
                card = tx.card_of(case_of(tx, fate).id, "slack")
                assert card is not None
                if fate in ("sending", "unknown", "sent", "failed"):
                    tx.claim(card.id, "l", NOW, NOW + HOUR)
                if fate in ("unknown", "sent", "failed"):
                    tx.settle(card.id, "l", OutboxState(fate))
            tx.revise(*_move(case_of(tx, "dismissed"), State.DISMISSED))
            hear(tx, bad(said("old", author=by("old"))), alert=Alert.NONE)
            hear(tx, fine(said("no complaint", author=by("someone"))))
            assert tx.account() == Account(7, 1, 4, 0, 1, 1)
            backlog = next(row for row in tx.ready(NOW + HOUR, [SLACK]) if row.kind == "backlog")
            send(tx, backlog, NOW + HOUR)
            assert tx.account() == Account(7, 1, 3, 1, 1, 1)
            assert tx.counts() == (
                8,
                7,
                {"open": 6, "dismissed": 1},
                {"pending": 2, "sending": 1, "unknown": 1, "sent": 2, "failed": 1},
            )

    def test_a_complaint_that_nobody_tells_of_is_unaccounted(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            case = case_of(tx, "1")
            tx.retell([case.id], "a message that does not exist")
            assert tx.account() == Account(1, 0, 0, 0, 0, 1)

    def test_what_was_heard_is_told_by_feed(self, store: Store) -> None:
        day = NOW, NOW + 24 * HOUR
        with store.write() as tx:
            hear(tx, fine(said("before", author=by("a"))), now=NOW - MINUTE)
            hear(tx, bad(said("first", author=by("b"))), fine(said("nice", author=by("c")), praise=True))
            hear(tx, bad(said("last", author=by("d"))), now=day[1] - MINUTE)
            hear(tx, bad(said("after", author=by("e"))), now=day[1])
            hear(tx, bad(said("old", author=by("f"))), alert=Alert.NONE, feed="imported")
            assert tx.heard_by_feed(*day) == {FEED: 3, "imported": 1}

    def test_history_is_written_once(self, store: Store) -> None:
        with store.write() as tx:
            case = _opened(tx)
            event = CaseEvent(case.id, NOW, "lee", "noted", State.OPEN, State.OPEN, key="k")
            tx.apply(Plan(events=[event, event]), BUSINESS, FEED, NOW)
            tx.apply(Plan(events=[event]), BUSINESS, FEED, NOW)
            assert [line.action for line in tx.events(case.id)] == ["opened", "noted"]
