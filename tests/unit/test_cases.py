"""Every move from every state: where it leads, who owns the case then, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW

from monitor.core.cases import DONE, MOVES, NEEDS_NOTE, Action, moves_from, transition
from monitor.core.errors import CaseError
from monitor.core.model import Case, CaseEvent, Severity, State

LATER = NOW + timedelta(hours=2)
TABLE = {
    (State.OPEN, Action.CLAIM): State.CLAIMED,
    (State.OPEN, Action.CONTACT): State.CONTACTED,
    (State.OPEN, Action.RECOVER): State.RECOVERED,
    (State.OPEN, Action.LOSE): State.LOST,
    (State.OPEN, Action.DISMISS): State.DISMISSED,
    (State.CLAIMED, Action.CLAIM): State.CLAIMED,
    (State.CLAIMED, Action.CONTACT): State.CONTACTED,
    (State.CLAIMED, Action.RECOVER): State.RECOVERED,
    (State.CLAIMED, Action.LOSE): State.LOST,
    (State.CLAIMED, Action.DISMISS): State.DISMISSED,
    (State.CONTACTED, Action.CLAIM): State.CONTACTED,
    (State.CONTACTED, Action.CONTACT): State.CONTACTED,
    (State.CONTACTED, Action.RECOVER): State.RECOVERED,
    (State.CONTACTED, Action.LOSE): State.LOST,
    (State.CONTACTED, Action.DISMISS): State.DISMISSED,
    (State.RECOVERED, Action.REOPEN): State.OPEN,
    (State.LOST, Action.REOPEN): State.OPEN,
    (State.DISMISSED, Action.REOPEN): State.OPEN,
}
"""Written out by hand, so that a slip in the product's own table shows."""


def case(state: State = State.OPEN, **more: object) -> Case:
    known = Case(7, "default", "rss", "fred", "Fred", state, Severity.HIGH, NOW, revision=3)
    if state.closed:
        known = replace(known, closed=NOW)
    return replace(known, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", list(State))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state: State, action: Action) -> None:
    after = TABLE.get((state, action))
    if after is None:
        with pytest.raises(
            CaseError, match=rf"case 7 is {state}: it cannot be .+ now\. Possible: \w+"
        ) as told:
            transition(case(state), action, "ann", LATER, note="n")
        for possible in moves_from(state):
            assert possible in str(told.value)
        return
    step = transition(case(state), action, "ann", LATER, note="because", key="click-1")
    assert step.case.state is after
    assert step.case.revision == 4
    assert step.case.closed == (LATER if after.closed else None)
    assert step.event == CaseEvent(7, LATER, "ann", action.value, state, after, "because", "click-1")


def test_the_tables_know_every_action() -> None:
    assert set(MOVES) == set(DONE) == set(Action)
    assert {state: set(moves_from(state)) for state in State} == {
        state: {action for was, action in TABLE if was is state} for state in State
    }


@pytest.mark.parametrize("action", [Action.LOSE, Action.DISMISS])
@pytest.mark.parametrize("note", ["", "  \n"])
def test_giving_up_needs_a_reason(action: Action, note: str) -> None:
    with pytest.raises(CaseError, match="a note is needed"):
        transition(case(), action, "ann", LATER, note=note)
    assert set(NEEDS_NOTE) == {Action.LOSE, Action.DISMISS}


def test_a_case_is_changed_by_no_move() -> None:
    before = case()
    transition(before, Action.CLAIM, "ann", LATER)
    assert before == case()


def test_claiming_hands_over_and_says_so_when_nothing_is_new() -> None:
    hers = transition(case(), Action.CLAIM, "ann", LATER).case
    assert hers.owner == "ann"
    assert transition(hers, Action.CLAIM, "bob", LATER).case.owner == "bob"
    with pytest.raises(CaseError, match="yours already"):
        transition(hers, Action.CLAIM, "ann", LATER)
    contacted = case(State.CONTACTED, owner="ann", contacted=NOW)
    taken = transition(contacted, Action.CLAIM, "bob", LATER).case
    assert (taken.state, taken.owner, taken.contacted) == (State.CONTACTED, "bob", NOW)


@pytest.mark.parametrize("action", [Action.CONTACT, Action.RECOVER, Action.LOSE, Action.DISMISS])
def test_who_acts_first_owns_the_case_and_who_acts_next_does_not_take_it(action: Action) -> None:
    assert transition(case(), action, "ann", LATER, note="n").case.owner == "ann"
    assert transition(case(State.CLAIMED, owner="ann"), action, "bob", LATER, note="n").case.owner == "ann"


def test_a_reopened_case_belongs_to_nobody_and_is_no_backlog() -> None:
    again = transition(case(State.LOST, owner="ann", backlog=True), Action.REOPEN, "bob", LATER).case
    assert (again.state, again.owner, again.closed, again.backlog) == (State.OPEN, None, None, False)


def test_working_a_backlog_case_makes_it_a_real_one_and_closing_it_unseen_does_not() -> None:
    assert not transition(case(backlog=True), Action.CLAIM, "ann", LATER).case.backlog
    assert not transition(case(backlog=True), Action.CONTACT, "ann", LATER).case.backlog
    assert transition(case(backlog=True), Action.DISMISS, "ann", LATER, note="n").case.backlog


def test_only_telling_the_customer_notes_when_they_were_told() -> None:
    assert transition(case(), Action.CONTACT, "ann", LATER).case.contacted == LATER
    assert transition(case(), Action.RECOVER, "ann", LATER).case.contacted is None
