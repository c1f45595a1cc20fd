"""How long a customer waited for somebody to take their case, to tell them something, and to win them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW

from monitor.core.cases import Details, answered, reopened, transition
from monitor.core.elapsed import Elapsed, begun, elapsed
from monitor.core.model import Case, CaseEvent, Severity, State
from monitor.core.moves import CLOCK, CONTACT, REGRESS, SOURCE, Action, How

HOUR = timedelta(hours=1)


class Life:
    """A case that is worked on, one move after the other: hours count from its opening."""

    def __init__(self) -> None:
        self.case = Case(7, "default", "rss", "fred", "Fred", State.OPEN, Severity.HIGH, NOW)
        self.events = [CaseEvent(7, NOW, "monitor", "opened", None, State.OPEN)]

    def does(self, action: Action, hour: float, actor: str = "ann", details: Details | None = None) -> Life:
        step = transition(
            self.case, action, actor, NOW + hour * HOUR, note="so it is", details=details or Details()
        )
        self.case = step.case
        self.events.append(step.event)
        return self

    def complains_again(self, hour: float, action: str = REGRESS) -> Life:
        before, at = self.case.state, NOW + hour * HOUR
        self.case = reopened(self.case, at)
        self.events.append(CaseEvent(7, at, "monitor", action, before, State.OPEN))
        self.events.append(CaseEvent(7, at, "monitor", "complained again", State.OPEN, State.OPEN))
        return self

    def answered_at_the_source(self, hour: float, seen: float) -> Life:
        before, at = self.case.state, NOW + seen * HOUR
        self.case = answered(self.case, NOW + hour * HOUR, at)
        self.events.append(CaseEvent(7, at, SOURCE, CONTACT, before, self.case.state, data={"source": True}))
        return self

    def times(self) -> tuple[float | None, float | None, float | None]:
        """In hours."""
        told = elapsed(self.case, self.events)
        claim, contact, recover = (
            None if span is None else span / HOUR
            for span in (told.to_claim, told.to_contact, told.to_recover)
        )
        return claim, contact, recover


def test_of_a_case_that_nobody_has_touched_nothing_has_happened() -> None:
    found = Life()
    assert elapsed(found.case, found.events) == Elapsed(None, None, None)
    assert begun(found.case, found.events) == NOW


def test_the_first_of_each_counts() -> None:
    found = (
        Life()
        .does(Action.CLAIM, 1)
        .does(Action.CONTACT, 2)
        .does(Action.HAND_OVER, 3, details=Details(to="ben"))
    )
    found.does(Action.CONTACT, 4, "ben").does(Action.RECOVER, 6, "ben", Details(how=How.REFUND))
    assert found.times() == (1, 2, 6)


@pytest.mark.parametrize(
    "action", [Action.HAND_OVER, Action.SNOOZE, Action.PROMISE, Action.CONTACT, Action.LOSE]
)
def test_whoever_does_something_takes_it(action: Action) -> None:
    later = NOW + 50 * HOUR
    assert Life().does(action, 3, details=Details(to="ben", until=later, what="a call")).times()[0] == 3


@pytest.mark.parametrize("action", [Action.NOTE, Action.ESCALATE])
def test_who_speaks_of_it_has_not_taken_it(action: Action) -> None:
    assert Life().does(action, 3).times() == (None, None, None)


def test_the_clock_takes_nothing() -> None:
    assert Life().does(Action.ESCALATE, 3, CLOCK).does(Action.CLAIM, 5).times() == (5, None, None)


def test_an_answer_seen_at_the_source_counts_from_when_it_was_given_and_takes_nothing() -> None:
    assert Life().answered_at_the_source(2, seen=9).times() == (None, 2, None)


def test_a_regression_begins_anew() -> None:
    found = Life().does(Action.CLAIM, 1).does(Action.CONTACT, 2).does(Action.RECOVER, 3).complains_again(50)
    assert begun(found.case, found.events) == NOW + 50 * HOUR
    assert found.times() == (None, None, None)
    found.does(Action.CLAIM, 51)
    assert found.times() == (1, None, None)
    found.does(Action.CONTACT, 54).does(Action.RECOVER, 60)
    assert found.times() == (1, 4, 10)
    assert found.complains_again(100).does(Action.CONTACT, 102).times() == (2, 2, None)


def test_a_regression_is_known_by_its_old_name_too() -> None:
    found = Life().does(Action.RECOVER, 3).complains_again(5, "regressed").does(Action.CLAIM, 7)
    assert found.times() == (2, None, None)


def test_a_recovery_that_was_taken_back_has_not_happened() -> None:
    found = Life().does(Action.CLAIM, 1).does(Action.RECOVER, 3).does(Action.REOPEN, 4)
    assert found.times() == (1, None, None)
    assert found.does(Action.RECOVER, 9).times() == (1, None, 9)


def test_who_was_lost_was_not_recovered() -> None:
    assert Life().does(Action.CLAIM, 1).does(Action.LOSE, 3).times() == (1, None, None)


def test_nights_count_too() -> None:
    found = Life().does(Action.CLAIM, 200)
    assert elapsed(found.case, replace_each(found.events)).to_claim == timedelta(days=8, hours=8)


def replace_each(events: list[CaseEvent]) -> tuple[CaseEvent, ...]:
    """Any sequence will do, and what is noted does not matter."""
    return tuple(replace(event, note="", data=None) for event in events)
