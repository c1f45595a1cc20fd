"""The contract: what each customer complained of before."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.intents import Entry, Plan
from monitor.core.model import CaseEvent, State
from monitor.core.ports import Store
from monitor.core.severity import CAME_BACK, History
from storage.testing.field import (
    BUSINESS,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    SOURCE,
    bad,
    by,
    case_of,
    fine,
    hear,
    said,
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
