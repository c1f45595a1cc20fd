"""Everything that Slack is sent, on every surface, of a case in every state, with every kind of words and addresses:
refused by no judge, within the limits, and never alive with foreign words.

What there is to send is read from the code: whoever adds a kind of message, a modal, an answer or a reply is told here
that nobody has looked at it yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from paperwork import beside, condition, file
from slack_methods import used

import alerts.slack
from alerts.slack import actions, views
from alerts.slack.blocks import Level, render
from alerts.slack.fields import TYPED
from alerts.slack.home import home
from alerts.slack.modals import MODALS, View, modal
from alerts.slack.replies import reply_to
from alerts.slack.responses import afterwards, response
from alerts.testing import form, samples
from alerts.testing.limits import has_rich_text, refusal, view_refusal, visible
from alerts.testing.web import WRITES
from monitor.core.asking import Found, Help, Reply
from monitor.core.casefile import File
from monitor.core.clocks import clocks
from monitor.core.gestures import Answer, Form, Nothing, Opened, Refused, Replied, Spot, Told
from monitor.core.message import Card, Content, Kind, Message, Note, Storm
from monitor.core.model import Case, Mention, Place, State
from monitor.core.moves import PROPOSE
from monitor.core.policy import Policy
from monitor.core.queue import Queue, Shelf

Judge = Callable[..., list[str]]
NOW = samples.NOW
CHANNEL, TS = "C0COMPLAINTS", "1772460300.000001"
ZONE = "Europe/London"

TEXTS = {
    "ordinary words": samples.WORDS,
    **samples.HOSTILE,
    "nothing": "",
    "blanks": " \n\t \n",
    "10,000 characters": "The parcel never came. " * 435,
    "10,000 characters in one word": "x" * 10_000,
    "10,000 characters in many lines": "no answer\n" * 1_000,
    "10,000 ampersands": "&" * 10_000,
    "right to left": "שלום, אני עדיין מחכה " * 500,
    "right to left, left to right": "طلبي &amp; order 12 <لم يصل> بعد " * 40,
    "emoji only": "😡" * 40,
    "faces of many parts": "👩🏽‍🚒" * 2_000,
    "ids of people": "U0ANN U0BOB U012AB3CD S012AB3CD C012AB3CD " * 80,
    "JSON": '{"type": "modal", "blocks": [' * 200,
}
STATES: dict[str, dict[str, Any]] = {
    **{
        state.value: {"state": state, "closed": NOW if state.closed else None, "contacted": NOW}
        for state in State
    },
    "asleep until a time": {"state": State.CLAIMED, "snoozed": NOW, "wake": NOW + timedelta(days=3)},
    "asleep until something happens": {"state": State.CONTACTED, "snoozed": NOW},
    "waiting for the customer": {"state": State.CONTACTED, "waiting": NOW, "contacted": NOW},
    "at the top of the ladder": {"state": State.CLAIMED, "level": 4, "escalated": NOW},
    "backlog": {"backlog": True},
    "open again": {"state": State.OPEN, "closed": None, "reasons": ("came back", "got no response") * 20},
}
ADDRESSES: dict[str, str | None] = {
    "none": None,
    "empty": "",
    "a script": "javascript:alert(1)",
    "a disguise": "https://bank.example@evil.example/",
    "markup": "https://reviews.example/<!channel>|<@U0EVIL9>?a=1&b=<2>",
    "1,990 characters": "https://reviews.example/" + "a" * 1_966,
    "1,990 characters of markup": "https://reviews.example/?" + "&" * 1_965,
    "10,000 characters": "https://reviews.example/" + "a" * 9_976,
    "another alphabet": "https://bücher.example/отзыв/" + "ж" * 300,
    "turned around": "https://reviews.example/\u202egnp.exe",
}
SHOWING = set(WRITES) & used() - {"chat.delete"}
"""The calls that show somebody something."""
TELLING = (
    "ordinary words",
    "nothing",
    "everybody",
    "half markup",
    "styles",
    "10,000 characters",
    "10,000 ampersands",
    "right to left",
    "emoji only",
)
"""Of all these texts, one for each way in which words go wrong: they are tried in every state."""


def told(words: str) -> list[str]:
    """What was fed in, in lines: the judge searches the payload for each of them alive."""
    lines = words[:20_000].encode("utf-8", "replace").decode().splitlines()
    return [line for line in dict.fromkeys(lines) if line.strip()]


def everywhere(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` with `change` made to each value object in it, however deep."""
    if isinstance(value, tuple | list):
        return type(value)(everywhere(one, change) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {one.name: getattr(value, one.name) for one in fields(value)}
    changed = {name: everywhere(part, change) for name, part in parts.items()}
    new = {name: part for name, part in changed.items() if part is not parts[name]}
    return change(replace(value, **new) if new else value)


def stood(value: Any, of_case: Mapping[str, Any], place: str = "") -> Any:
    """As it is when its case is in this state, clocks with it, and what was said was said of this place."""

    def change(one: Any) -> Any:
        if isinstance(one, Case):
            return replace(one, **of_case)
        if isinstance(one, Mention) and place:
            return replace(one, place=Place(place, place, place))
        if isinstance(one, Card):
            return replace(one, clocks=clocks(one.case, Policy(), NOW + timedelta(hours=1)))
        return one

    return everywhere(value, change)


def led(value: Any, address: str | None) -> Any:
    """As it is where everything leads to this address."""

    def change(one: Any) -> Any:
        names = {known.name for known in fields(one)} & {"url", "link"}
        return replace(one, **dict.fromkeys(names, address)) if names else one

    return everywhere(value, change)


# ── what there is ────────────────────────────────────────────────────────────────────────────────────────


def messages(words: str) -> list[Message]:
    return list(samples.every(words, words, CHANNEL))


def forms(words: str, change: Callable[[Any], Any] = lambda value: value) -> Iterator[Form]:
    bare = change(File(samples.case(words, owner=words), (), (), None))
    full = change(file(words, words, owner=words))
    told = change(beside(words, words))
    many = replace(full, mentions=full.mentions * 14, events=full.events * 20, promises=full.promises * 9)
    spot = Spot(CHANNEL, TS)
    for move in MODALS:
        yield Form(move, full, spot, told)
        yield Form(move, bare)
    yield Form(actions.DRAFT, full, spot, beside(words, words, checked=True))
    yield Form(actions.MORE, many, spot, told)


def queues(words: str) -> Iterator[Queue]:
    """Empty, with one, and with 5,000 on each shelf, from a page in their middle."""
    yield samples.queue(lines=0, total=0)
    yield samples.queue(words, words, lines=1, total=1)
    full = samples.queue(words, words)
    yield replace(full, shelves=tuple(replace(one, page=300) for one in full.shelves))


def replies(words: str) -> Iterator[Reply]:
    # as `queue` and `mine` ask for them
    full = samples.queue(words, words, lines=3)
    alone = tuple(samples.queue_line(n, Shelf.MINE, words, words) for n in range(10))
    mine = replace(full.shelves[0], total=99, lines=alone)
    yield from (samples.queue(lines=0, total=0), samples.queue(words, words, lines=1, total=1), full)
    yield replace(full, shelves=(mine, *(replace(one, lines=()) for one in full.shelves[1:])))
    shelves = [*Shelf, *Shelf][:10]
    lines = tuple(samples.queue_line(n, shelf, words, words) for n, shelf in enumerate(shelves))
    for some in (lines, lines[:1], ()):
        yield Found(words, NOW, ZONE, some, 2, more=len(some) > 1)
    yield condition(words)
    yield condition(words, feeds=0)
    yield from (Help(), Help(words))
    yield samples.digest(words, words)


def answers(words: str) -> Iterator[Answer]:
    yield Told(words)
    yield Opened(Form(actions.MORE, file(words, words)))
    yield from (Replied(one) for one in replies(words))
    yield from (Refused({"": words}), Refused({"note": words, "nowhere": words}))
    yield Nothing()


# ── how it goes out ──────────────────────────────────────────────────────────────────────────────────────

Payload = tuple[str, dict[str, Any]]
"""A method of Slack's with its body; `response` stands for what an acknowledgement carries."""


def view_of(one: Form) -> View:
    revision, spot = one.file.case.revision, one.spot
    return modal(one.move, one.file, revision, spot.channel, spot.ref, NOW, ZONE, one.beside)


def sent(message: Message) -> Iterator[Payload]:
    for level in Level:
        body = render(message, level)
        post = {"channel": CHANNEL, "unfurl_links": False, "unfurl_media": False, **body}
        if message.thread is not None:
            post["thread_ts"] = TS
        yield "chat.postMessage", post
        if isinstance(message.content, Card | Storm):
            drawn = {name: part for name, part in body.items() if name != "metadata"}
            yield "chat.update", {"channel": CHANNEL, "ts": TS, "parse": "none", **drawn}
        if isinstance(message.content, Card):
            assert has_rich_text(body["blocks"]), "Slack would refuse to draw it in place of another"


def shown(view: View) -> Iterator[Payload]:
    if view["type"] == "home":
        yield "views.publish", {"user_id": "U0ANN", "view": view}
        return
    yield from ((method, {"view": view}) for method in ("views.open", "views.push", "views.update"))


def whispered(body: dict[str, Any]) -> Iterator[Payload]:
    yield "chat.postEphemeral", {"channel": CHANNEL, "user": "U0ANN", **body}


def answered(answer: Answer, words: str) -> Iterator[Payload]:
    """In the window that is open, in its acknowledgement, and where it comes too late for that."""
    note = view_of(Form("note", file(), Spot(CHANNEL, TS)))
    blocks = form.named([dict(block) for block in note["blocks"]])
    state = form.blank(blocks)
    form.fill(blocks, state, {"note": words[:TYPED]})
    window = {**note, "id": "V1", "hash": "1.a", "blocks": blocks, "state": {"values": state}}
    inside = response(answer, window, view_of)
    if "view" in inside:
        yield from shown(inside["view"])
    else:
        yield "response", inside
    if late := afterwards(answer, {"type": "view_submission", "user": {"id": "U0ANN"}, "view": window}):
        yield from whispered(views.whisper(late))
    match answer:
        case Told(words=said):
            yield from whispered(views.whisper(said))
        case Refused(errors=errors):
            yield from whispered(views.whisper("\n".join(errors.values())))
        case Replied(reply=reply):
            yield from whispered(reply_to(reply))


def payloads(words: str, address: str | None = samples.URL) -> Iterator[Payload]:
    """All there is, of claimed cases."""

    def as_it_is(value: Any) -> Any:
        return led(stood(value, STATES["claimed"], words), address)

    for message in messages(words):
        # redrawings are of cards in every state
        yield from sent(led(message, address) if message.kind is Kind.UPDATE else as_it_is(message))
    for one in forms(words, as_it_is):
        yield from shown(view_of(one))
    for queue in queues(words):
        yield from shown(home(as_it_is(queue)))
    for answer in answers(words):
        yield from answered(as_it_is(answer), words)
    yield from shown(views.loading("0" * 32))


def of_a_case(words: str, of_case: Mapping[str, Any]) -> Iterator[Payload]:
    """What shows how a case stands or what can be done with it."""
    for content in (samples.full_card(words, words, owner=words), *proposals(words)):
        kind = Kind.UPDATE if isinstance(content, Card) else Kind.REPLY
        yield from sent(stood(samples.message(content, kind, channel=CHANNEL), of_case))
    for move in (actions.DRAFT, actions.MORE):
        yield from shown(view_of(stood(Form(move, file(words, words)), of_case)))
    yield from shown(home(stood(samples.queue(words, words, lines=1, total=1), of_case)))
    lines = tuple(samples.queue_line(n, shelf, words, words) for n, shelf in enumerate(Shelf))
    yield from whispered(reply_to(stood(Found(words, NOW, ZONE, lines, 1, more=False), of_case)))


def proposals(words: str) -> Iterator[Note]:
    found = (one.content for one in messages(words) if one.kind is Kind.REPLY)
    yield from (note for note in found if isinstance(note, Note) and note.action == PROPOSE)


def hold(judge: Judge, found: Iterator[Payload], words: str) -> int:
    """Every payload passes. Returns how many different ones there were."""
    lines, seen = told(words), set[str]()
    for method, body in found:
        payload = json.dumps(body)
        if payload in seen:
            continue
        seen.add(payload)
        assert len(payload) < 100_000
        if "view" in body:
            kind = body["view"]["type"]
            assert judge(body["view"], surface=kind, untrusted=lines) == [], method
            assert view_refusal(body["view"], kind) is None, method
            assert len(body["view"].get("private_metadata", "")) < 3_000
        elif method == "response":
            assert body["response_action"] in ("clear", "errors")
            for block, said in body.get("errors", {}).items():
                assert re.fullmatch(r"[a-z]+", block) and 0 < len(said) <= 500
        else:
            assert judge({"method": method, "body": body}, untrusted=lines) == [], method
            assert refusal(body["blocks"], body["text"], updating=method == "chat.update") is None, method
            assert sum(map(len, visible(body["blocks"]))) < 12_000, method
            assert 0 < len(body["text"]) < 4_000, method
    return len(seen)


# ── whatever was written, of whatever case ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize("attempt", TEXTS)
def test_every_payload_is_taken_with_any_words(judge: Judge, attempt: str) -> None:
    assert hold(judge, payloads(TEXTS[attempt]), TEXTS[attempt]) > 100


@pytest.mark.parametrize("state", STATES)
def test_a_case_in_any_state_is_taken_with_any_words(judge: Judge, state: str) -> None:
    for name in TELLING:
        assert hold(judge, of_a_case(TEXTS[name], STATES[state]), TEXTS[name]) > 10


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_payload_is_taken_with_any_address(judge: Judge, address: str) -> None:
    assert hold(judge, payloads(samples.WORDS, ADDRESSES[address]), ADDRESSES[address] or "") > 100


def test_the_judge_can_say_no(judge: Judge) -> None:
    """Once on each surface."""
    seen = set[str]()
    for method, body in payloads(samples.WORDS):
        place = body.get("view", body)
        section = next((one for one in place.get("blocks", ()) if one["type"] == "section"), None)
        if section is None or method in seen:
            continue
        seen.add(method)
        section["text"]["text"] += " <!channel>"
        told = body.get("view", {"method": method, "body": body})
        assert judge(told, untrusted=["<!channel> help"]) != [], method
    assert seen == SHOWING


# ── is that all? ─────────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_of_message_is_among_them() -> None:
    found = messages(samples.WORDS)
    assert {one.kind for one in found} == set(Kind)
    assert {type(one.content) for one in found} == set(get_args(Content))


def test_every_modal_is_among_them() -> None:
    drawn = [body["view"] for _, body in payloads("") if "view" in body]
    modals = {view["callback_id"] for view in drawn if view["type"] == "modal"}
    assert modals == set(MODALS) | {"notice", "loading"}


def test_every_answer_and_every_reply_is_among_them() -> None:
    assert {type(one) for one in answers("")} == set(get_args(Answer))
    assert {type(one) for one in replies("")} == set(get_args(Reply))


def test_every_call_that_shows_something_is_among_them() -> None:
    assert {method for method, _ in payloads("")} - {"response"} == SHOWING


def test_views_are_made_nowhere_else() -> None:
    """In a module that this test does not know a new window could stand unseen."""
    makes = re.compile(r'"type": "(modal|home)"')
    folder = Path(str(alerts.slack.__file__)).parent
    found = {path.name for path in folder.glob("*.py") if makes.search(path.read_text("utf-8"))}
    assert found == {"modals.py", "views.py", "home.py"}


def test_a_state_and_an_address_reach_everything() -> None:
    """What this test does to values it does to all of them."""
    message = next(one for one in messages(samples.WORDS) if isinstance(one.content, Card))
    changed = led(stood(message, {"state": State.LOST}), "https://else.example/")
    assert changed.content.case.state is State.LOST
    assert all(heard.mention.url == "https://else.example/" for heard in changed.content.mentions)
    assert isinstance(changed.content.mentions[0].mention, Mention)
    assert changed.content.case.url == "https://else.example/"
