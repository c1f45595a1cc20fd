"""Each move in plain words, for the thread and for the card."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import BAD, NOW, judge, said

from alerts import phrases
from monitor.core.cases import Action, Details, How
from monitor.core.message import Card, Note
from monitor.core.model import Case, CaseEvent, Heard, Past, Promise, Severity, State
from monitor.core.moves import CLOCK, SOURCE
from monitor.core.story import headline, history_line, moment_of
from monitor.core.triage import verdict

LONDON = ZoneInfo("Europe/London")
DUE = datetime(2026, 12, 1, 10, tzinfo=UTC)
WHAT = Details(what="a call", until=DUE, promise=3)
TOLD = {
    Action.CLAIM: (Details(), "ann claimed"),
    Action.HAND_OVER: (Details(to="bob"), "ann handed it over to bob"),
    Action.RELEASE: (Details(), "ann gave it back: nobody has it now"),
    Action.CONTACT: (Details(text="Sorry"), "ann told the customer"),
    Action.RECOVER: (Details(how=How.GESTURE), "ann recovered the customer by a gesture"),
    Action.LOSE: (Details(), "ann gave the customer up as lost"),
    Action.DISMISS: (Details(), "ann dismissed"),
    Action.REOPEN: (Details(), "ann re-opened"),
    Action.NOTE: (Details(), "ann noted"),
    Action.SNOOZE: (Details(until=DUE), "ann snoozed it until 1 Dec 2026 10:00 GMT"),
    Action.WAKE: (Details(), "ann woke it"),
    Action.ESCALATE: (Details(), "ann escalated it to level 2"),
    Action.REMIND: (Details(), "ann reminded the owner"),
    Action.PROMISE: (WHAT, "ann promised the customer: a call, by 1 Dec 2026 10:00 GMT"),
    Action.KEEP: (Details(what="a call"), "ann kept the promise: a call"),
    Action.BREAK: (Details(what="a call"), "ann says the promise was broken: a call"),
    Action.WITHDRAW: (Details(what="a call"), "ann took the promise back: a call"),
    Action.LINK: (Details(other=4), "ann says this is the same customer as in case 4"),
    Action.UNLINK: (Details(), "ann says this is a customer of its own"),
}


def case(**more: object) -> Case:
    return Case(1, "default", "pages", "fred", "Fred", State.CLAIMED, Severity.HIGH, NOW, owner="ann", **more)  # type: ignore[arg-type]


def card(past: Past | None = None, *promises: Promise, **more: object) -> Card:
    mention = said("1")
    heard = Heard(1, "feed", mention, verdict(mention, judge([mention])[0], threshold=0.5), NOW, 1)
    return Card(case(**more), (heard,), 0, promises=promises, past=past or Past(1, NOW))


@pytest.mark.parametrize("action", list(Action))
def test_every_move_has_its_line(action: Action) -> None:
    details, line = TOLD[action]
    facts = details.facts() | ({"level": 2} if action is Action.ESCALATE else {})
    note = Note(case(), headline(action, "ann", facts), until=moment_of(facts))
    assert phrases.headline(note, LONDON) == line


def test_what_happens_by_itself_names_no_machine() -> None:
    told = [
        headline(action, actor, {"level": 3, "what": "a call"})
        for action, actor in (
            (Action.CONTACT, SOURCE),
            (Action.RELEASE, CLOCK),
            (Action.WAKE, CLOCK),
            (Action.ESCALATE, CLOCK),
            (Action.REMIND, CLOCK),
            (Action.BREAK, CLOCK),
        )
    ]
    assert told == [
        "The business has answered at the source",
        "Nothing happened for too long: nobody has it now",
        "It is awake again",
        "It goes up to level 3",
        "It waits for its owner",
        "A promise was broken: a call",
    ]
    assert headline(Action.NOTE, CLOCK, {}) == "Complaint Monitor noted"
    assert headline("opened", "monitor", {}) == "monitor opened"


def test_a_history_tells_moves_in_words_and_the_rest_as_it_is_stored() -> None:
    handed = CaseEvent(1, NOW, "ann", "hand_over", State.OPEN, State.CLAIMED, data={"to": "bob"})
    heard = CaseEvent(1, NOW, "monitor", "complained again", State.OPEN, State.OPEN)
    assert [history_line(event) for event in (handed, heard)] == [
        "ann handed it over to bob",
        "monitor · complained again",
    ]


def test_details_are_told_only_where_there_are_any() -> None:
    assert headline(Action.SNOOZE, "ann", {}) == "ann snoozed it until something happens"
    assert headline(Action.RECOVER, "ann", {"how": "other"}) == "ann recovered the customer"
    assert headline(Action.KEEP, "ann", {}) == "ann kept the promise"
    assert moment_of({}) is None


def test_the_card_says_what_the_case_waits_for() -> None:
    call = Promise(3, 1, "a call", DUE, NOW, "ann")
    shown = phrases.pending(card(None, call, level=2, snoozed=NOW, wake=DUE, waiting=NOW), LONDON)
    assert shown == [
        "escalated to level 2",
        "asleep until 1 Dec 2026 10:00 GMT",
        "promised: a call, by 1 Dec 2026 10:00 GMT",
    ]
    assert phrases.pending(card(None, *(call,) * 5), LONDON)[-1] == "and 2 more promises"
    assert phrases.pending(card(snoozed=NOW), LONDON) == ["asleep until something happens"]
    assert phrases.pending(card(waiting=NOW), LONDON) == [
        "waiting for the customer since 22 Nov 2026 12:00 GMT"
    ]
    assert phrases.pending(card(), LONDON) == []


@pytest.mark.parametrize(
    ("past", "line"),
    [
        (Past(1, NOW), ""),
        (Past(), ""),
        (
            Past(3, DUE - timedelta(days=200), {State.RECOVERED: 1}),
            "third complaint since May 2026, one recovered",
        ),
        (Past(12, DUE), "complaint 12 since December 2026"),
        (Past(1, NOW, {State.LOST: 2, State.OPEN: 1}), "first complaint, two lost"),
    ],
)
def test_what_was_before_is_one_line(past: Past, line: str) -> None:
    assert phrases.seen_before(card(past)) == line


def test_hostile_words_stay_words() -> None:
    shown = phrases.pending(card(None, Promise(1, 1, "\x1b[31m<!channel>" + BAD, DUE, NOW, "ann")), LONDON)
    assert "\x1b" not in shown[0]
