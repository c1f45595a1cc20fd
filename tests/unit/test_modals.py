"""What a modal asks, what it remembers, and what is read from it: whatever customers and colleagues wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts.slack import actions
from alerts.slack.buttons import LABELS, every, likely
from alerts.slack.drafting import CHECKED
from alerts.slack.modals import MODALS, Beside, View, modal
from alerts.slack.reading import submitted
from alerts.testing import form, samples
from alerts.testing.limits import view_refusal
from monitor.core.casefile import File
from monitor.core.cases import Details, How
from monitor.core.draft import check_draft
from monitor.core.finding import Finding
from monitor.core.forms import FORMS, Filled, Unfit, filled
from monitor.core.model import CaseEvent, Evidence, Promise, State
from monitor.core.moves import Action, possible
from monitor.core.playbook import draft
from monitor.core.playbook_file import shipped
from monitor.core.reply import Facts

NOW = samples.NOW
CHANNEL, TS = "C0COMPLAINTS", "1772460300.000001"
BLAME = "You should have called us first. You didn't read what stands there."
Judge = Callable[..., list[str]]


def file(words: str = samples.WORDS, name: str = samples.NAME, posts: int = 3, **of_case: Any) -> File:
    """A case of which everything is there."""
    case = samples.case(name, **{"owner": "U0ANN", **of_case})
    mentions = tuple(samples.heard(words, name, native_id=str(n)) for n in range(posts))
    promises = (
        Promise(7, 12, words, NOW + timedelta(hours=3), NOW, "U0ANN"),
        Promise(8, 12, "A new bag", NOW + timedelta(hours=9), NOW, name),
        Promise(9, 12, "A call", NOW, NOW, "U0ANN", outcome="kept", ended=NOW),
    )
    data = {"what": words, "until": NOW.isoformat()}
    events = (
        CaseEvent(12, NOW, "monitor", "opened", None, State.OPEN),
        CaseEvent(12, NOW, "monitor", "complained again", State.OPEN, State.OPEN),
        CaseEvent(12, NOW, "U0ANN", "claim", State.OPEN, State.CLAIMED),
        CaseEvent(12, NOW, "U0ANN", "promise", State.CLAIMED, State.CLAIMED, words, data=data),
        CaseEvent(12, NOW, name, "hand_over", State.CLAIMED, State.CLAIMED, data={"to": "U0BOB"}),
    )
    return File(case, mentions, events, mentions[-1] if mentions else None, promises, linked=(4, 9))


def beside(words: str = samples.WORDS, name: str = samples.NAME, *, checked: bool = False) -> Beside:
    others = [(samples.case(name, id=n), samples.heard(words, name)) for n in range(1, 120)]
    facts = Facts(name, customer=name, now=NOW)
    findings: list[Finding] | None = check_draft(f"{BLAME} {words[:5_000]}", facts) if checked else None
    return Beside(
        notice=words,
        candidates=[(samples.case(name, id=130), None), *others],
        drafted=draft(facts, shipped()),
        text=words if checked else "",
        findings=findings,
        rung=name,
    )


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


# ── whatever was written ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("attempt", ["ordinary words", "nothing at all", *samples.HOSTILE])
def test_every_modal_is_taken_and_alive_with_nobodys_words(judge: Judge, attempt: str) -> None:
    words = {"nothing at all": "", "ordinary words": samples.WORDS, **samples.HOSTILE}[attempt]
    told = words[:20_000].encode("utf-8", "replace").decode().splitlines()
    full, bare = beside(words, words), File(samples.case(words), (), (), None)
    for move in MODALS:
        for view in (opened(move, file(words, words), full), opened(move, bare)):
            assert judge(view, untrusted=told) == [], move
            assert view_refusal(view, "modal") is None, move
            assert len(view["private_metadata"]) < 3_000
    checked = opened(actions.DRAFT, file(words, words), beside(words, words, checked=True))
    assert judge(checked, untrusted=told) == []
    assert view_refusal(checked, "modal") is None


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("posts", [1, 40])
def test_the_whole_case_is_taken_in_every_state(judge: Judge, state: State, posts: int) -> None:
    for words in (samples.WORDS, samples.HOSTILE["3,000 emoji"], samples.HOSTILE["1 MB of ampersands"]):
        known = file(words, words, posts, state=state, closed=NOW, snoozed=NOW, level=3)
        known = replace(known, events=known.events * 20, promises=known.promises * 9)
        view = opened(actions.MORE, known)
        assert judge(view) == []
        assert view_refusal(view, "modal") is None


def test_the_judge_can_say_no_to_a_modal(judge: Judge) -> None:
    view = opened(Action.CONTACT)
    assert judge({key: told for key, told in view.items() if key != "submit"}) != []


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
