"""Whatever people, clocks and customers do to a case, in whatever order, it stays one that can be believed."""

from __future__ import annotations

from datetime import timedelta

from fakes import NOW
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.cases import Action, Details, answered, came_back, heard_from, moves_from, transition
from monitor.core.errors import CaseError
from monitor.core.model import Case, Severity, State
from monitor.core.moves import CLOCK, MACHINES
from monitor.core.pauses import standing_still

HOURS = st.integers(-3, 30)
MOVES = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(Action),
            st.sampled_from(["ann", "bob", CLOCK]),
            st.sampled_from(["", "a reason"]),
            st.one_of(st.none(), HOURS),
        ),
        st.just("customer"),
        st.tuples(st.just("source"), HOURS),
        st.just("regress"),
    ),
    max_size=25,
)


@given(MOVES, st.booleans())
def test_any_moves_leave_a_sound_case_and_a_history_without_gaps(moves: list[object], backlog: bool) -> None:
    case = Case(1, "default", "rss", "fred", "Fred", State.OPEN, Severity.LOW, NOW, backlog=backlog)
    for minute, deed in enumerate(moves, 1):
        now = NOW + timedelta(minutes=minute)
        before = case
        match deed:
            case "customer":
                case = heard_from(case, now)
                assert case.waiting is None
                assert case.snoozed is None or case.state.closed
            case ("source", int(hours)):
                if not case.state.closed and case.waiting is None:
                    case = answered(case, now + timedelta(hours=hours), now)
                    assert case.state is State.CONTACTED
            case "regress":
                if case.state is State.RECOVERED:
                    case = came_back(case, now)
                    assert (case.told, case.asked) == (None, now), "a first answer is due anew"
            case (Action() as action, str(actor), str(note), until):
                at = None if until is None else now + timedelta(hours=until)
                details = Details(to="cara", what="a call", until=at)
                try:
                    step = transition(case, action, actor, now, note=note, details=details)
                except CaseError as why:
                    assert action not in moves_from(case.state) or _may_be_refused(str(why)), why
                    continue
                assert action in moves_from(case.state)
                assert step.case.revision == case.revision + 1
                assert (step.event.before, step.event.after) == (case.state, step.case.state)
                case = step.case
                assert case.touched == (
                    before.touched if actor in MACHINES and action is not Action.RELEASE else now
                )
        _check(case, before, now)
        assert not case.backlog or backlog, "no move makes a backlog case"


def _may_be_refused(why: str) -> bool:
    """A legal move that says what is missing, or that nothing new would happen."""
    missing = (
        "note is needed",
        "has passed",
        "by when",
        "nobody has",
        "does not sleep",
        "already",
        "no persons",
    )
    return any(words in why for words in missing)


def _check(case: Case, before: Case, now: object) -> None:
    assert (case.closed is not None) == case.state.closed
    assert case.state is not State.CLAIMED or case.owner is not None
    assert case.state is not State.OPEN or case.owner is None
    assert (case.owner is None) == (case.claimed is None)
    assert case.owner not in MACHINES
    assert case.owner is not None or case.reminded is None
    # asleep is never for good: it can be woken by hand, and any post wakes it
    assert case.snoozed is None or Action.WAKE in moves_from(case.state)
    assert case.wake is None or (case.snoozed is not None and case.wake > case.snoozed)
    # a pause is open exactly while the clocks stand, and they follow each other
    assert bool(case.pauses and case.pauses[-1][1] is None) == standing_still(case)
    ends = [moment for span in case.pauses for moment in span if moment is not None]
    assert ends == sorted(ends)
    assert all(end is not None for _, end in case.pauses[:-1])
    assert all(end is None or start < end for start, end in case.pauses)
    assert case.contacted is None or case.opened <= case.contacted
    assert case.told is None or case.asked <= case.told
    assert (case.told is None) >= (case.contacted is None), "who was told again was told once"
    assert (case.level > 0) == (case.escalated is not None)
    assert (case.id, case.customer, case.opened, case.severity) == (1, "fred", NOW, Severity.LOW)
    assert before.contacted is None or case.contacted == before.contacted, "the first answer stays the first"
