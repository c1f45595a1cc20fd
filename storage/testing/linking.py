"""The contract: authors that are one and the same customer, what the source tells of a case, and kind words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.cases import Action, transition
from monitor.core.model import Case, Past, Rating, Reply, State
from monitor.core.ports import Store
from monitor.core.severity import History
from monitor.core.store import Transaction
from storage.testing.field import (
    BUSINESS,
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
)

DAY = timedelta(days=1)
WORDS = {
    "1": "Nobody at Acme Coffee called me back",
    "2": "The lamp from Acme Coffee never came",
    "3": "A third time the parcel of Acme Coffee is lost",
    "4": "Now the bill of Acme Coffee is wrong as well",
}


def _complain(tx: Transaction, number: str, who: str, after: timedelta = timedelta(0)) -> Case:
    at = NOW + after
    hear(tx, bad(said(number, WORDS[number], author=by(who), published=at - MINUTE)), now=at)
    return case_of(tx, number)


def _do(tx: Transaction, case: Case, action: Action, at: timedelta = HOUR) -> Case:
    step = transition(case, action, "ann", NOW + at, note="because")
    assert tx.revise(step.case, step.event)
    return step.case


class LinkingRules:
    def test_a_linked_authors_next_complaint_joins_the_unclosed_case(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina = _complain(tx, "1", "fred"), _complain(tx, "2", "gina")
            gina = _do(tx, gina, Action.LOSE)
            assert tx.link(fred.id, gina.id, NOW)
            assert set(tx.standing(BUSINESS, SOURCE, ["fred", "gina", "hal"], SLACK)) == {"fred", "gina"}
            assert _complain(tx, "3", "gina", 2 * HOUR).id == fred.id
            known = tx.known(BUSINESS, SOURCE, ["3"])["3"]
            assert not known.copied, "it is theirs, under another name"
            assert tx.histories(BUSINESS, SOURCE, ["gina"]) == {"gina": History(3, NOW - MINUTE)}
            tx.unlink(gina.id)
            assert _complain(tx, "4", "gina", 3 * HOUR).id not in (fred.id, gina.id)
            assert tx.histories(BUSINESS, SOURCE, ["gina"])["gina"].complaints == 2, (
                "those in cases of their own"
            )

    def test_who_has_a_case_of_their_own_stays_with_it(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina = _complain(tx, "1", "fred"), _complain(tx, "2", "gina")
            assert tx.link(fred.id, gina.id, NOW)
            assert _complain(tx, "3", "gina", HOUR).id == gina.id
            assert _complain(tx, "4", "fred", HOUR).id == fred.id

    def test_who_was_won_back_under_one_name_regresses_under_the_other(self, store: Store) -> None:
        with store.write() as tx:
            gina, fred = _complain(tx, "2", "gina"), _complain(tx, "1", "fred")
            tx.link(fred.id, gina.id, NOW)
            _do(tx, gina, Action.LOSE)
            _do(tx, fred, Action.RECOVER)
            back = _complain(tx, "3", "gina", 2 * HOUR)
            assert (back.id, back.state, back.owner) == (fred.id, State.OPEN, None)
            assert [event.action for event in tx.events(fred.id)][-2:] == ["regress", "complained again"]
            assert tx.histories(BUSINESS, SOURCE, ["fred"])["fred"].regressed

    def test_what_was_lost_after_a_recovery_is_no_regression(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina = _complain(tx, "1", "fred"), _complain(tx, "2", "gina")
            tx.link(fred.id, gina.id, NOW)
            _do(tx, fred, Action.RECOVER)
            _do(tx, gina, Action.LOSE)
            assert tx.recovered(BUSINESS, SOURCE, ["fred", "gina"], SLACK) == {}

    def test_links_reach_all_who_are_linked(self, store: Store) -> None:
        with store.write() as tx:
            one, two, three, four = (_complain(tx, number, f"c{number}") for number in "1234")
            assert tx.link(one.id, two.id, NOW)
            assert tx.link(three.id, four.id, NOW)
            assert not tx.link(two.id, one.id, NOW)
            assert tx.linked(one.id) == [two.id]
            assert tx.link(four.id, one.id, NOW)
            assert tx.linked(two.id) == [one.id, three.id, four.id]
            assert not tx.link(two.id, three.id, NOW)
            assert tx.unlink(one.id)
            assert (tx.linked(one.id), tx.linked(two.id)) == ([], [three.id, four.id])
            assert not tx.unlink(one.id)
            assert tx.unlink(two.id)
            assert tx.unlink(three.id)
            assert not tx.unlink(four.id), "nobody is left to be linked to"

    def test_the_past_of_a_customer_is_told_under_all_names(self, store: Store) -> None:
        with store.write() as tx:
            old = _do(tx, _complain(tx, "1", "fred"), Action.DISMISS)
            fred, gina = _complain(tx, "2", "fred", HOUR), _complain(tx, "3", "gina", HOUR)
            assert tx.past(fred.id) == Past(1, NOW + HOUR - MINUTE, {State.DISMISSED: 1})
            assert tx.past(gina.id) == Past(1, NOW + HOUR - MINUTE)
            tx.link(fred.id, gina.id, NOW)
            _do(tx, gina, Action.RECOVER)
            assert tx.past(fred.id) == Past(2, NOW + HOUR - MINUTE, {State.DISMISSED: 1, State.RECOVERED: 1})
            assert tx.past(old.id).cases == {State.OPEN: 1, State.RECOVERED: 1}

    def test_a_link_that_rolls_back_was_never_made(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina = _complain(tx, "1", "fred"), _complain(tx, "2", "gina")
        try:
            with store.write() as tx:
                tx.link(fred.id, gina.id, NOW)
                raise LookupError
        except LookupError:
            pass
        with store.read() as tx:
            assert tx.linked(fred.id) == []

    # ── signs at the source ──────────────────────────────────────────────────────────────────────────────

    def test_an_answer_at_the_source_is_kept_and_marks_the_case(self, store: Store) -> None:
        told = replace(said("1"), reply=Reply("We are so\x00rry", NOW + MINUTE))
        with store.write() as tx:
            hear(tx, bad(said("1")))
            assert not tx.known(BUSINESS, SOURCE, ["1"])["1"].answered
            applied = hear(tx, bad(told), now=NOW + HOUR)
            assert (applied.added, applied.updated) == (0, 0)
            case = case_of(tx, "1")
            assert (case.state, case.contacted, case.waiting) == (State.CONTACTED, NOW + MINUTE, NOW + MINUTE)
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None
            assert heard.mention.reply == Reply("We are so\ufffdrry", NOW + MINUTE)
            assert tx.known(BUSINESS, SOURCE, ["1"])["1"].answered
            hear(tx, bad(told), now=NOW + 2 * HOUR)
            assert [event.action for event in tx.events(case.id)] == ["opened", "contact"]

    def test_an_answer_at_the_source_does_not_say_that_the_judge_was_right(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(replace(said("1"), reply=Reply("Thank you for your visit", NOW))))
            assert tx.labels(BUSINESS) == []
            _do(tx, case_of(tx, "1"), Action.CONTACT)
            assert [one.mention.native_id for one in tx.labels(BUSINESS)] == ["1"]

    def test_kind_words_are_proposed_with_both_mentions_once(self, store: Store) -> None:
        kind = fine(said("2", "It came, lovely", published=NOW + MINUTE), praise=True)
        with store.write() as tx:
            hear(tx, bad(said("1")))
            hear(tx, kind, now=NOW + HOUR)
            hear(tx, kind, now=NOW + 2 * HOUR)
            case = case_of(tx, "1")
            before, after = tx.mentions_of(case.id)
            *_, proposed = tx.events(case.id)
            assert (proposed.action, proposed.data) == ("propose", {"before": before.id, "after": after.id})
            assert [event.action for event in tx.events(case.id)] == ["opened", "wrote again", "propose"]
            assert case.state is State.OPEN

    def test_the_stars_that_were_given_before_are_known(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", rating=Rating(1.0))), fine(said("2")))
            known = tx.known(BUSINESS, SOURCE, ["1", "2"])
            assert (known["1"].rating, known["2"].rating) == (Rating(1.0), None)
