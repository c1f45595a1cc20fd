"""Whatever people do to a case, in whatever order, it stays one that can be believed."""

from __future__ import annotations

from datetime import timedelta

from fakes import NOW
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.cases import Action, moves_from, transition
from monitor.core.errors import CaseError
from monitor.core.model import Case, Severity, State

MOVES = st.lists(
    st.tuples(st.sampled_from(Action), st.sampled_from(["ann", "bob"]), st.sampled_from(["", "a reason"])),
    max_size=25,
)


@given(MOVES, st.booleans())
def test_any_moves_leave_a_sound_case_and_a_history_without_gaps(
    moves: list[tuple[Action, str, str]], backlog: bool
) -> None:
    case = Case(1, "default", "rss", "fred", "Fred", State.OPEN, Severity.LOW, NOW, backlog=backlog)
    state = case.state
    for minute, (action, actor, note) in enumerate(moves, 1):
        now = NOW + timedelta(minutes=minute)
        try:
            step = transition(case, action, actor, now, note=note)
        except CaseError:
            legal = action in moves_from(case.state)
            unsaid = action in (Action.LOSE, Action.DISMISS) and not note
            own = action is Action.CLAIM and case.owner == actor
            assert not legal or unsaid or own, "a legal move was refused"
            continue
        assert action in moves_from(case.state)
        assert step.case.revision == case.revision + 1
        assert (step.event.before, step.event.after) == (state, step.case.state)
        case, state = step.case, step.case.state
        assert (case.closed is not None) == case.state.closed
        assert case.state is State.OPEN or case.owner is not None, "somebody acted, and nobody owns it"
        assert case.state is not State.OPEN or case.owner is None
        assert not case.backlog or backlog, "no move makes a backlog case"
        assert (case.id, case.customer, case.opened, case.severity) == (1, "fred", NOW, Severity.LOW)
