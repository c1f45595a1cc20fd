"""What was filled into a form, as a move takes it; and what is wrong with it, by field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.cases import Action, Details, How
from monitor.core.forms import AT_ONCE, FORMS, Filled, Unfit, filled
from monitor.core.gestures import Value

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LATER, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(seconds=1)

GOOD: list[tuple[Action, dict[str, Value], Filled]] = [
    (Action.NOTE, {"note": "  knows the owner "}, Filled("knows the owner")),
    (Action.LOSE, {"reason": "moved", "note": "last week"}, Filled("moved: last week")),
    (Action.DISMISS, {"reason": "a joke", "erred": True}, Filled("a joke", erred=True)),
    (Action.ESCALATE, {"reason": "asks for it"}, Filled("asks for it")),
    (Action.CONTACT, {}, Filled()),
    (
        Action.CONTACT,
        {"text": "Sorry.", "link": "https://reviews.example/1"},
        Filled(details=Details(text="Sorry.", link="https://reviews.example/1")),
    ),
    (Action.RECOVER, {"how": "gesture"}, Filled(details=Details(how=How.GESTURE))),
    (Action.RECOVER, {}, Filled()),
    (Action.SNOOZE, {"until": LATER}, Filled(details=Details(until=LATER))),
    (Action.SNOOZE, {"until": BEFORE, "happens": True}, Filled()),
    (Action.HAND_OVER, {"person": "U0BEN"}, Filled(details=Details(to="U0BEN"))),
    (Action.PROMISE, {"what": "a call", "until": LATER}, Filled(details=Details(what="a call", until=LATER))),
    (Action.KEEP, {"promise": "7"}, Filled(details=Details(promise=7))),
    (Action.BREAK, {}, Filled()),
    (Action.WITHDRAW, {"promise": "7", "reason": "asked"}, Filled("asked", Details(promise=7))),
    (Action.LINK, {"other": "#12"}, Filled(details=Details(other=12))),
    (Action.CLAIM, {"note": "mine"}, Filled("mine")),
]


@pytest.mark.parametrize(("action", "values", "expected"), GOOD)
def test_a_form_becomes_what_its_move_needs(
    action: Action, values: dict[str, Value], expected: Filled
) -> None:
    assert filled(action, values, NOW) == expected


BAD: list[tuple[Action, dict[str, Value], list[str]]] = [
    (Action.NOTE, {"note": "  "}, ["note"]),
    (Action.NOTE, {}, ["note"]),
    (Action.LOSE, {"reason": " "}, ["reason"]),
    (Action.ESCALATE, {}, ["reason"]),
    (Action.CONTACT, {"link": "javascript:alert(1)"}, ["link"]),
    (Action.CONTACT, {"link": "https://[::1"}, ["link"]),
    (Action.CONTACT, {"link": "reviews"}, ["link"]),
    (Action.RECOVER, {"how": "magic"}, ["how"]),
    (Action.SNOOZE, {}, ["until"]),
    (Action.SNOOZE, {"until": BEFORE}, ["until"]),
    (Action.SNOOZE, {"until": "tomorrow"}, ["until"]),
    (Action.HAND_OVER, {}, ["person"]),
    (Action.PROMISE, {}, ["what", "until"]),
    (Action.PROMISE, {"what": "a call", "until": NOW}, ["until"]),
    (Action.KEEP, {"promise": "the first"}, ["promise"]),
    (Action.WITHDRAW, {"promise": "7"}, ["reason"]),
    (Action.LINK, {"other": "Fred"}, ["other"]),
    (Action.LINK, {"other": "9" * 19}, ["other"]),
    (Action.LINK, {"other": "٣"}, ["other"]),
]


@pytest.mark.parametrize(("action", "values", "fields"), BAD)
def test_what_is_wrong_is_told_by_field(action: Action, values: dict[str, Value], fields: list[str]) -> None:
    with pytest.raises(Unfit) as caught:
        filled(action, values, NOW)
    assert list(caught.value.errors) == fields
    assert all(caught.value.errors.values())


def test_every_move_of_a_person_is_made_at_once_or_has_a_form() -> None:
    assert {*Action, "more", "draft"} - {Action.REMIND} == AT_ONCE | FORMS
    assert not AT_ONCE & FORMS
