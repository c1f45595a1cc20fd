"""What a modal asks, what it remembers, and what is read from it: whatever customers and colleagues wrote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from paperwork import BLAME, beside, file

from alerts.slack import actions
from alerts.slack.buttons import LABELS, every, likely
from alerts.slack.drafting import CHECKED
from alerts.slack.modals import MODALS, Beside, View, modal
from alerts.slack.reading import submitted
from alerts.testing import form, samples
from monitor.core.casefile import File
from monitor.core.cases import Details, How
from monitor.core.draft import check_draft
from monitor.core.forms import FORMS, Filled, Unfit, filled
from monitor.core.model import Evidence, State
from monitor.core.moves import Action, possible
from monitor.core.reply import Facts

NOW = samples.NOW
CHANNEL, TS = "C0COMPLAINTS", "1772460300.000001"


NOTHING = Beside()


def opened(move: str, known: File | None = None, beside: Beside = NOTHING) -> View:
    return modal(move, known or file(), 3, CHANNEL, TS, NOW, "Europe/London", beside)


def sent(view: View, **values: Any) -> dict[str, Any]:
    """The payload of a submission, as Slack's client makes it."""
    blocks = form.named([dict(block) for block in view["blocks"]])
    state = form.blank(blocks)
    form.fill(blocks, state, values)
    shown = {**view, "id": "V1", "hash": "1.a", "blocks": blocks, "state": {"values": state}}
    return {"type": "view_submission", "user": {"id": "U0ANN"}, "view": shown}


def read(move: Action, view: View, **values: Any) -> Filled:
    return filled(move, submitted(sent(view, **values)).values, NOW)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "initial_value") and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


# ── what is asked ────────────────────────────────────────────────────────────────────────────────────────


def test_every_form_that_a_move_knows_has_its_modal() -> None:
    assert set(MODALS) == FORMS


@pytest.mark.parametrize("move", sorted(MODALS))
def test_a_modal_remembers_where_it_came_from(move: str) -> None:
    known = file()
    view = opened(move, known)
    assert view["callback_id"] == move
    assert actions.unpacked(view["private_metadata"]) == actions.Origin(12, 3, CHANNEL, TS)
    heard = submitted({"view": {**view, "id": "V1", "hash": "h"}, "user": {"id": "U0ANN"}})
    assert (heard.move, heard.case_id, heard.revision, heard.person) == (move, 12, 3, "U0ANN")
    assert (heard.spot.channel, heard.spot.ref) == (CHANNEL, TS)


UNTIL = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
AT = int(UNTIL.timestamp())
READ: list[tuple[Action, dict[str, Any], Filled]] = [
    (Action.CONTACT, {}, Filled()),
    (
        Action.CONTACT,
        {"text": " Sorry. ", "link": "https://a.example/1"},
        Filled("", Details(text="Sorry.", link="https://a.example/1")),
    ),
    (Action.RECOVER, {"how": "refund", "note": "By card"}, Filled("By card", Details(how=How.REFUND))),
    (Action.LOSE, {"reason": "Went to another shop"}, Filled("Went to another shop")),
    (Action.DISMISS, {"reason": "A joke"}, Filled("A joke", erred=True)),
    (Action.DISMISS, {"reason": "Settled", "erred": []}, Filled("Settled")),
    (Action.NOTE, {"note": "Called"}, Filled("Called")),
    (Action.SNOOZE, {"until": AT}, Filled("", Details(until=UNTIL))),
    (Action.SNOOZE, {"happens": ["yes"], "note": "On holiday"}, Filled("On holiday")),
    (Action.ESCALATE, {"reason": "Needs a refund above mine"}, Filled("Needs a refund above mine")),
    (Action.HAND_OVER, {"person": "U0BOB"}, Filled("", Details(to="U0BOB"))),
    (Action.PROMISE, {"what": "a call", "until": AT}, Filled("", Details(what="a call", until=UNTIL))),
    (Action.KEEP, {"promise": "8"}, Filled("", Details(promise=8))),
    (Action.BREAK, {"promise": "7", "note": "Ill"}, Filled("Ill", Details(promise=7))),
    (Action.WITHDRAW, {"promise": "7", "reason": "Agreed"}, Filled("Agreed", Details(promise=7))),
    (Action.LINK, {"other": "#4"}, Filled("", Details(other=4))),
]


@pytest.mark.parametrize(("move", "values", "expected"), READ, ids=lambda told: str(told)[:40])
def test_what_is_filled_in_is_what_the_move_gets(
    move: Action, values: dict[str, Any], expected: Filled
) -> None:
    assert read(move, opened(move), **values) == expected


def test_a_modal_as_it_opens_needs_few_words() -> None:
    """Times, ticks and a promise that is alone stand there already."""
    tomorrow = datetime(2026, 3, 3, tzinfo=UTC)
    assert read(Action.SNOOZE, opened(Action.SNOOZE)).details.until == tomorrow.replace(hour=9)
    promised = read(Action.PROMISE, opened(Action.PROMISE), what="a call")
    assert promised.details.until == tomorrow.replace(hour=17)
    one = replace(file(), promises=file().promises[:1])
    assert read(Action.KEEP, opened(Action.KEEP, one)).details.promise == 7


@pytest.mark.parametrize(
    ("move", "values", "fields"),
    [
        (Action.LOSE, {}, {"reason"}),
        (Action.DISMISS, {"reason": "   "}, {"reason"}),
        (Action.NOTE, {}, {"note"}),
        (Action.WITHDRAW, {"promise": "7"}, {"reason"}),
        (Action.SNOOZE, {"until": None}, {"until"}),
        (Action.SNOOZE, {"until": int(NOW.timestamp()) - 60}, {"until"}),
        (Action.HAND_OVER, {}, {"person"}),
        (Action.PROMISE, {"until": None}, {"what", "until"}),
        (Action.LINK, {"other": "the first one"}, {"other"}),
        (Action.CONTACT, {"link": "javascript:alert(1)"}, {"link"}),
    ],
)
def test_what_cannot_be_taken_is_said_under_its_field(
    move: Action, values: dict[str, Any], fields: set[str]
) -> None:
    view = opened(move)
    with pytest.raises(Unfit) as refused:
        read(move, view, **values)
    assert set(refused.value.errors) == fields
    assert fields <= {block["block_id"] for block in view["blocks"] if block["type"] == "input"}


def test_who_is_linked_is_chosen_by_name_and_words() -> None:
    others = [(samples.case(id=n), samples.heard()) for n in (12, 31)]
    view = opened(Action.LINK, beside=Beside(candidates=others))
    (option,) = view["blocks"][-1]["element"]["options"]
    assert option["text"]["text"] == "31 · Fictional Fred · App Store"
    assert option["description"]["text"].startswith("Third time I ask.")
    assert read(Action.LINK, view, other="31").details.other == 31


# ── the draft ────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_begins_with_a_text_and_what_to_do_first() -> None:
    view = opened(actions.DRAFT, beside=beside())
    assert view["submit"]["text"] == "Check it"
    told = submitted(sent(view)).values
    assert str(told["text"]).startswith("Dear") or "sorry" in str(told["text"]).lower()
    assert CHECKED not in told


def test_findings_stand_beside_the_text_and_block_nothing() -> None:
    findings = check_draft(BLAME, Facts("Acme Coffee", now=NOW))
    view = opened(actions.DRAFT, beside=Beside(text=BLAME, findings=findings))
    shown = "\n".join(texts(view))
    assert view["submit"]["text"] == "Send to the case anyway"
    assert f"*{len(findings)} things to look at again*" in shown
    assert all(finding.why.lower() in shown.lower() for finding in findings)
    assert submitted(sent(view)).values == {"text": BLAME, CHECKED: True}
    assert CHECKED not in submitted(sent(view, checked=[])).values


# ── the whole case ───────────────────────────────────────────────────────────────────────────────────────


def test_the_whole_case_tells_everything_and_names_staff_in_full() -> None:
    posts = tuple(samples.heard(f"Post {n}: Nadia did not call.", native_id=str(n)) for n in range(1, 15))
    heard = replace(posts[0].verdict, staff=("Nadia",), expectations=(Evidence("respect", "Nadia"),))
    posts = tuple(replace(post, verdict=heard) for post in posts)
    shown = "\n".join(texts(opened(actions.MORE, replace(file(), mentions=posts, cue=posts[0]))))
    assert "Post 14: Nadia did not call." in shown
    assert "and 2 older posts" in shown
    assert "<@U0ANN> claimed" in shown
    assert "handed it over to <@U0BOB>" in shown
    assert "The customer complained again" in shown
    assert "A call, by" in shown and "*kept* (made by <@U0ANN>)" in shown
    assert "The same customer as in case 4, 9" in shown


@pytest.mark.parametrize("state", State)
def test_everything_that_may_be_done_has_its_button(state: State) -> None:
    known = file(state=state, snoozed=NOW)
    view = opened(actions.MORE, known)
    ids = [
        element["action_id"]
        for block in view["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]
    wanted = {str(move) for move in possible(known.case)} | ({"draft"} if not state.closed else set())
    assert set(ids) == wanted
    assert len(ids) == len(wanted)
    bare = every(known.case, 0, 0)
    assert not {"keep", "break", "withdraw", "unlink"} & set(bare)
    assert set(likely(known.case, 2)) <= wanted
    assert all(move in LABELS for move in bare)
