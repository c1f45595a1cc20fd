"""Every move from every state: where it leads, who owns the case then, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW

from monitor.core.cases import (
    DONE,
    MOVES,
    NEEDS_NOTE,
    Action,
    Details,
    answered,
    came_back,
    heard_from,
    moves_from,
    possible,
    reopened,
    settled,
    transition,
)
from monitor.core.errors import CaseError
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.moves import CLOCK, PAST

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 2 * HOUR
OPEN, OURS, TOLD, WON, LOST, NONE = State
TABLE = {
    Action.CLAIM: {OPEN: OURS, OURS: OURS, TOLD: TOLD},
    Action.HAND_OVER: {OPEN: OURS, OURS: OURS, TOLD: TOLD},
    Action.RELEASE: {OURS: OPEN, TOLD: TOLD},
    Action.CONTACT: {OPEN: TOLD, OURS: TOLD, TOLD: TOLD},
    Action.RECOVER: {OPEN: WON, OURS: WON, TOLD: WON},
    Action.LOSE: {OPEN: LOST, OURS: LOST, TOLD: LOST},
    Action.DISMISS: {OPEN: NONE, OURS: NONE, TOLD: NONE},
    Action.REOPEN: {WON: OPEN, LOST: OPEN, NONE: OPEN},
    Action.NOTE: {OPEN: OPEN, OURS: OURS, TOLD: TOLD, WON: WON, LOST: LOST, NONE: NONE},
    Action.SNOOZE: {OPEN: OURS, OURS: OURS, TOLD: TOLD},
    Action.WAKE: {OPEN: OPEN, OURS: OURS, TOLD: TOLD},
    Action.ESCALATE: {OPEN: OPEN, OURS: OURS, TOLD: TOLD},
    Action.REMIND: {OPEN: OPEN, OURS: OURS, TOLD: TOLD},
    Action.PROMISE: {OPEN: OURS, OURS: OURS, TOLD: TOLD},
    Action.KEEP: {OPEN: OPEN, OURS: OURS, TOLD: TOLD, WON: WON, LOST: LOST, NONE: NONE},
    Action.BREAK: {OPEN: OPEN, OURS: OURS, TOLD: TOLD, WON: WON, LOST: LOST, NONE: NONE},
    Action.WITHDRAW: {OPEN: OPEN, OURS: OURS, TOLD: TOLD, WON: WON, LOST: LOST, NONE: NONE},
    Action.LINK: {OPEN: OPEN, OURS: OURS, TOLD: TOLD, WON: WON, LOST: LOST, NONE: NONE},
    Action.UNLINK: {OPEN: OPEN, OURS: OURS, TOLD: TOLD, WON: WON, LOST: LOST, NONE: NONE},
}
"""Written out by hand, so that a slip in the product's own table shows."""


def case(state: State = State.OPEN, **more: object) -> Case:
    known = Case(7, "default", "rss", "fred", "Fred", state, Severity.HIGH, NOW, revision=3)
    if state.closed:
        known = replace(known, closed=NOW)
    return replace(known, **more)  # type: ignore[arg-type]


FULL = Details(to="cara", until=LATER + timedelta(days=1), what="a call")
"""All that any move may need."""


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("state", list(State))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state: State, action: Action) -> None:
    after = TABLE[action].get(state)
    start = case(state, owner="dora", snoozed=NOW if action is Action.WAKE else None)
    if after is None:
        with pytest.raises(
            CaseError, match=rf"case 7 is {state}: it cannot be .+ now\. Possible: \w+"
        ) as told:
            transition(start, action, "ann", LATER, note="n", details=FULL)
        for one in possible(start):
            assert one in str(told.value)
        return
    step = transition(start, action, "ann", LATER, note="because", key="click-1", details=FULL)
    assert step.case.state is after
    assert step.case.revision == 4
    assert step.case.closed == (None if not after.closed else NOW if state.closed else LATER)
    assert step.case.touched == LATER
    event = step.event
    assert (event.case_id, event.at, event.actor, event.action) == (7, LATER, "ann", action.value)
    assert (event.before, event.after, event.note, event.key) == (state, after, "because", "click-1")


def test_the_tables_know_every_action() -> None:
    assert set(MOVES) == set(DONE) == set(PAST) == set(Action)
    assert {state: set(moves_from(state)) for state in State} == {
        state: {action for action, table in TABLE.items() if state in table} for state in State
    }


def test_what_cannot_be_done_is_not_offered() -> None:
    assert Action.RELEASE not in possible(case())
    assert Action.RELEASE in possible(case(State.CLAIMED, owner="ann"))
    assert Action.WAKE not in possible(case(State.CLAIMED, owner="ann"))
    assert Action.WAKE in possible(case(State.CLAIMED, owner="ann", snoozed=NOW))
    assert all(Action.REMIND not in possible(case(state)) for state in State)


@pytest.mark.parametrize("action", [Action.LOSE, Action.DISMISS])
@pytest.mark.parametrize("note", ["", "  \n"])
def test_giving_up_needs_a_reason(action: Action, note: str) -> None:
    with pytest.raises(CaseError, match="a note is needed"):
        transition(case(), action, "ann", LATER, note=note)


@pytest.mark.parametrize("action", [Action.NOTE, Action.ESCALATE, Action.WITHDRAW])
def test_these_say_why_too(action: Action) -> None:
    with pytest.raises(CaseError, match="note is needed"):
        transition(case(), action, "ann", LATER, note=" ")
    assert set(NEEDS_NOTE) == {Action.LOSE, Action.DISMISS, Action.NOTE, Action.ESCALATE, Action.WITHDRAW}


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


# ── owners ───────────────────────────────────────────────────────────────────────────────────────────────


def test_who_takes_a_case_has_it_since_then_and_was_never_reminded() -> None:
    hers = transition(case(), Action.CLAIM, "ann", NOW).case
    assert (hers.owner, hers.claimed) == ("ann", NOW)
    reminded = transition(hers, Action.REMIND, CLOCK, NOW + HOUR).case
    assert (reminded.reminded, reminded.touched) == (NOW + HOUR, NOW)
    given = transition(reminded, Action.HAND_OVER, "ann", LATER, details=Details(to="bob"))
    assert (given.case.owner, given.case.claimed, given.case.reminded) == ("bob", LATER, None)
    assert given.event.data == {"to": "bob"}
    with pytest.raises(CaseError, match="bob's already"):
        transition(given.case, Action.HAND_OVER, "ann", LATER, details=Details(to="bob"))
    with pytest.raises(CaseError, match="to whom"):
        transition(given.case, Action.HAND_OVER, "ann", LATER, details=Details(to=" "))
    back = transition(given.case, Action.RELEASE, CLOCK, LATER).case
    assert (back.state, back.owner, back.claimed, back.touched) == (State.OPEN, None, None, LATER)
    for action in (Action.RELEASE, Action.REMIND):
        with pytest.raises(CaseError, match="case 7"):
            transition(back, action, "ann", LATER)


def test_a_customer_who_was_answered_stays_answered_when_the_case_is_given_back() -> None:
    told = transition(case(), Action.CONTACT, "ann", NOW).case
    back = transition(told, Action.RELEASE, "ann", LATER).case
    assert (back.state, back.owner, back.contacted) == (State.CONTACTED, None, NOW)


def test_a_machine_never_comes_to_own_a_case() -> None:
    broken = transition(case(State.CONTACTED), Action.BREAK, CLOCK, LATER)
    assert (broken.case.owner, broken.case.touched) == (None, None)


@pytest.mark.parametrize(("actor", "to"), [("monitor", "bob"), ("ann", "clock")])
def test_nobody_is_taken_for_a_machine(actor: str, to: str) -> None:
    with pytest.raises(CaseError, match="clock, monitor, source are no persons"):
        transition(case(), Action.HAND_OVER, actor, LATER, details=Details(to=to))


@pytest.mark.parametrize("action", [Action.NOTE, Action.LINK, Action.KEEP])
def test_a_word_about_a_case_takes_nobody_into_it(action: Action) -> None:
    noted = transition(case(State.CONTACTED, backlog=True), action, "ann", LATER, note="n").case
    assert (noted.owner, noted.backlog) == (None, True)


# ── clocks that stand ────────────────────────────────────────────────────────────────────────────────────


def test_a_case_sleeps_until_it_is_woken_and_its_clocks_stand() -> None:
    asleep = transition(case(), Action.SNOOZE, "ann", NOW, details=Details(until=LATER))
    assert (asleep.case.snoozed, asleep.case.wake, asleep.case.owner) == (NOW, LATER, "ann")
    assert asleep.case.pauses == ((NOW, None),)
    assert asleep.event.data == {"until": LATER.isoformat()}
    longer = transition(asleep.case, Action.SNOOZE, "ann", NOW + HOUR).case
    assert (longer.snoozed, longer.wake, longer.pauses) == (NOW, None, ((NOW, None),))
    awake = transition(longer, Action.WAKE, CLOCK, LATER).case
    assert (awake.snoozed, awake.wake, awake.pauses) == (None, None, ((NOW, LATER),))
    with pytest.raises(CaseError, match="does not sleep"):
        transition(awake, Action.WAKE, "ann", LATER)
    with pytest.raises(CaseError, match="has passed"):
        transition(awake, Action.SNOOZE, "ann", LATER, details=Details(until=LATER))


def test_a_sleep_is_over_at_its_time_also_where_nobody_noticed() -> None:
    asleep = transition(case(), Action.SNOOZE, "ann", NOW, details=Details(until=NOW + HOUR)).case
    for later in (
        transition(asleep, Action.WAKE, CLOCK, LATER).case,
        transition(asleep, Action.CLAIM, "bob", LATER).case,
        heard_from(asleep, LATER),
    ):
        assert later.pauses == ((NOW, NOW + HOUR),)
    told = transition(asleep, Action.CONTACT, "ann", LATER).case
    assert told.pauses == ((NOW, NOW + HOUR), (LATER, None))


@pytest.mark.parametrize(
    "action",
    [Action.CLAIM, Action.HAND_OVER, Action.RELEASE, Action.CONTACT, Action.ESCALATE, Action.LOSE],
)
def test_whoever_looks_at_a_sleeping_case_wakes_it(action: Action) -> None:
    asleep = transition(case(), Action.SNOOZE, "ann", NOW).case
    moved = transition(asleep, action, "bob", LATER, note="n", details=Details(to="cara")).case
    assert (moved.snoozed, moved.wake) == (None, None)


@pytest.mark.parametrize("action", [Action.NOTE, Action.LINK, Action.PROMISE, Action.KEEP, Action.REMIND])
def test_other_words_let_it_sleep(action: Action) -> None:
    asleep = transition(case(), Action.SNOOZE, "ann", NOW).case
    assert transition(asleep, action, "bob", LATER, note="n", details=FULL).case.snoozed == NOW


def test_after_an_answer_it_is_the_customers_turn_until_they_speak() -> None:
    told = transition(
        case(), Action.CONTACT, "ann", NOW, details=Details(text="Sorry!", link="https://a.example")
    )
    assert (told.case.waiting, told.case.pauses) == (NOW, ((NOW, None),))
    assert told.event.data == {"text": "Sorry!", "link": "https://a.example"}
    spoke = heard_from(told.case, LATER)
    assert (spoke.waiting, spoke.pauses) == (None, ((NOW, LATER),))
    assert heard_from(spoke, LATER) is spoke
    again = transition(spoke, Action.CONTACT, "ann", LATER).case
    assert (again.contacted, again.waiting) == (NOW, LATER)
    assert again.pauses == ((NOW, LATER), (LATER, None))
    won = transition(again, Action.RECOVER, "ann", LATER + HOUR).case
    assert (won.waiting, won.pauses[-1]) == (None, (LATER, LATER + HOUR))


def test_an_answer_at_the_source_counts_from_when_it_was_given() -> None:
    start = case(opened=NOW)
    seen = answered(start, NOW + HOUR, LATER)
    assert (seen.state, seen.contacted, seen.waiting, seen.owner) == (
        State.CONTACTED,
        NOW + HOUR,
        NOW + HOUR,
        None,
    )
    assert seen.pauses == ((NOW + HOUR, None),)
    assert answered(start, NOW - HOUR, LATER).contacted == NOW, "not before there was a case"
    assert answered(start, LATER + HOUR, LATER).contacted == LATER, "not in times to come"
    busy = replace(start, pauses=((NOW, NOW + HOUR),))
    assert answered(busy, NOW, LATER).pauses == ((NOW, NOW + HOUR), (NOW + HOUR, None))


def test_a_closed_case_had_no_clock_when_it_is_opened_again() -> None:
    told = transition(case(), Action.CONTACT, "ann", NOW).case
    up = transition(told, Action.ESCALATE, "ann", NOW + HOUR, note="n").case
    won = transition(up, Action.RECOVER, "ann", LATER).case
    again = transition(won, Action.REOPEN, "bob", LATER + HOUR).case
    assert again.pauses == ((NOW, LATER), (LATER, LATER + HOUR))
    assert (again.closed, again.owner, again.claimed, again.level, again.escalated) == (None,) * 3 + (0, None)
    assert again.contacted == NOW, "they did get an answer"
    assert reopened(won, LATER).pauses == won.pauses


def test_who_comes_back_waits_for_a_first_answer_again() -> None:
    told = transition(case(), Action.CONTACT, "ann", NOW + HOUR).case
    assert (told.asked, told.told) == (NOW, NOW + HOUR)
    won = transition(told, Action.RECOVER, "ann", LATER).case
    by_hand = transition(won, Action.REOPEN, "bob", LATER + HOUR).case
    assert (by_hand.asked, by_hand.told) == (NOW, NOW + HOUR), (
        "whoever erred has not made the customer wait anew"
    )
    back = came_back(won, LATER + HOUR)
    assert (back.asked, back.told, back.contacted) == (LATER + HOUR, None, NOW + HOUR)
    for n in (2, 3):
        back = transition(back, Action.CONTACT, "ann", LATER + n * HOUR).case
    assert (back.told, back.contacted) == (LATER + 2 * HOUR, NOW + HOUR)
    assert answered(came_back(won, LATER + HOUR), NOW, LATER + DAY).told == LATER + HOUR, (
        "not before they asked"
    )
    twice = came_back(transition(back, Action.RECOVER, "ann", LATER + DAY).case, LATER + 2 * DAY)
    assert (twice.asked, twice.told) == (LATER + 2 * DAY, None)


# ── escalations and promises ─────────────────────────────────────────────────────────────────────────────


def test_each_escalation_is_a_rung() -> None:
    once = transition(case(), Action.ESCALATE, "ann", NOW, note="n")
    assert (once.case.level, once.case.escalated, once.case.state, once.event.data) == (
        1,
        NOW,
        State.OPEN,
        {"level": 1},
    )
    assert transition(once.case, Action.ESCALATE, CLOCK, LATER, note="n").case.level == 2
    high = transition(once.case, Action.ESCALATE, CLOCK, LATER, note="n", details=Details(level=4))
    assert (high.case.level, high.event.data) == (4, {"level": 4})


@pytest.mark.parametrize(
    ("details", "why"),
    [
        (Details(what="a call"), "by when"),
        (Details(what="a call", until=NOW), "has passed"),
        (Details(what=" ", until=LATER), "what is promised"),
    ],
)
def test_a_promise_without_what_or_when_is_none(details: Details, why: str) -> None:
    with pytest.raises(CaseError, match=why):
        transition(case(), Action.PROMISE, "ann", NOW, details=details)


def test_a_promise_ends_once() -> None:
    stands = Promise(3, 7, "a call", LATER, NOW, "ann")
    kept = settled(stands, Action.KEEP, LATER)
    assert (kept.outcome, kept.ended) == ("kept", LATER)
    assert settled(stands, Action.BREAK, LATER).outcome == "broken"
    with pytest.raises(CaseError, match="promise 3 was kept already"):
        settled(kept, Action.WITHDRAW, LATER)
