"""Messages of every kind, for the contract suite and for tests of one's own notifier.

`words` and `name` take any text, hostile ones above all; `HOSTILE` is a collection of such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.testing.digests import NUMBERS, ONE
from alerts.testing.incidents import incident_cards
from monitor.core.clocks import clocks
from monitor.core.digest import Coverage, Digest, Figure, Person, Thanks, Waiting
from monitor.core.message import (
    Backlog,
    Card,
    CaseLine,
    Content,
    Happened,
    Kind,
    Message,
    Note,
    Page,
    Praise,
    Receipt,
    Roster,
    Storm,
    Unusable,
)
from monitor.core.model import (
    Author,
    Case,
    CaseEvent,
    Evidence,
    Heard,
    HistoryLine,
    Mention,
    Past,
    Place,
    Promise,
    Rating,
    Severity,
    State,
    Verdict,
)
from monitor.core.moves import PROPOSE, How
from monitor.core.policy import Policy
from monitor.core.queue import Ends, Hearing, Line, Queue, Shelf, Shown, Standing, next_move

NOW = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
NAME = "Fictional Fred"
WORDS = "Third time I ask. They promised to call back on Monday and nobody did; I am still waiting."
URL = "https://reviews.example/acme/1"

HOSTILE: dict[str, str] = {
    "everybody": "<!channel> <!here|here> <!everyone> refund now",
    "people": "<@U1> <@U0123ABCD> <!subteam^S1> <#C1|general> please look",
    "disguised link": "<https://evil.example/login|https://acme.example/refund> click it",
    "mail and date": "<mailto:a@evil.example|support> <!date^0^{date}^https://evil.example|now>",
    "bare link": "see https://evil.example/x?a=1&b=2 and @here and #general",
    "half markup": "a < b > c & d &lt;!channel&gt; &amp; | ^ <",
    "styles": "*bold* _italic_ ~strike~ `code` ```block``` :smile: >quote",
    "turned around": "safe \u202egnp.exe\u202c \u2066x\u2069 \u200f\u200e \u061c end",
    "controls": "a\x00b\x07c\x1b[2J\x1b]0;owned\x07d\x9b31me\x7f\x85f",
    "invisible": "z\u200be\u200br\u2060o\ufeff\u00ad \U000e0041\U000e0042",
    "surrogates": "half \ud83d a face \udc00",
    "3,000 emoji": "😡👩🏽‍🚒🇪🇪" * 1_000,
    "16,000 words": "still waiting " * 8_000,
    "1 MB line": "x" * 1_000_000,
    "1 MB of ampersands": "&<>" * 350_000,
    "heaped marks": "Z̸͍̠͎͛̇" + "\u0336\u0489" * 500 + "algo " + "e\u0301" * 50,
    "line breaks": "one\n\n\n\n\r\n\u2028\u2029\x0b\x0c" * 400 + "end",
    "nothing to show": "\x00\u202e\u200b\ufeff",
    "terminal": "[bold red]live[/] [link=https://evil.example]x[/link] \x1b[31mred\x1b[0m",
}
"""Texts that have broken receivers, by what they try."""


def heard(words: str = WORDS, name: str = NAME, **more: Any) -> Heard:
    """A review; `more` replaces fields of the mention."""
    mention = Mention(
        source="appstore",
        native_id="1",
        text=words,
        url=URL,
        author=Author(key="fred", name=name),
        published=NOW - timedelta(hours=3),
        rating=Rating(1),
        place=Place(storefront="de"),
    )
    verdict = Verdict(
        complaint=0.9,
        is_complaint=True,
        severity=Severity.HIGH,
        reasons=("was promised a call or an answer that never came", "rated it 1 of 5"),
        evidence=(Evidence("promised_no_call", words[18:48]), Evidence("repeat_contact", words[:10])),
    )
    return Heard(1, "reviews", replace(mention, **more), verdict, first_seen=NOW, case_id=12)


def case(name: str = NAME, **more: Any) -> Case:
    """An open case of high severity; `more` replaces its fields."""
    known = Case(
        id=12,
        business="default",
        source="appstore",
        customer="fred",
        name=name,
        state=State.OPEN,
        severity=Severity.HIGH,
        opened=NOW,
        reasons=("was promised a call or an answer that never came",),
        url=URL,
    )
    return replace(known, **more)


def case_line(number: int, words: str = WORDS, name: str = NAME) -> CaseLine:
    severity = list(Severity)[number % 4]
    link = "https://acme.slack.example/archives/C1/p1" if number % 2 else None
    return CaseLine(number, name, severity, "appstore", NOW, words, f"{URL}?n={number}", link)


def message(
    content: Content, kind: Kind, delivery: str = "delivery-1", channel: str = "", **more: Any
) -> Message:
    return Message(delivery, kind, channel, content, business="Acme Coffee", timezone="Europe/London", **more)


def card(words: str = WORDS, name: str = NAME, *, repeat: bool = False, **of_case: Any) -> Card:
    return Card(case(name, **of_case), (heard(words, name),), cue=0, repeat=repeat)


def full_card(words: str = WORDS, name: str = NAME, **of_case: Any) -> Card:
    """A card with everything that one can have."""
    broken = (Evidence("promptness", words[18:48], 18, 48), Evidence("respect", words[:10], 0, 10))
    promises = tuple(Promise(n, 12, words, NOW + n * timedelta(hours=3), NOW, "U0ANN") for n in range(1, 6))
    shown = heard(words, name, title=words)
    shown = replace(shown, verdict=replace(shown.verdict, expectations=broken))
    known = case(name, **{"owner": "U0ANN", "level": 2, "snoozed": NOW, **of_case})
    return Card(
        known,
        (shown, heard("Still nothing.", name, native_id="2")),
        cue=0,
        promises=promises,
        past=Past(3, NOW - timedelta(days=300), {State.RECOVERED: 1}),
        clocks=clocks(known, Policy(), NOW + timedelta(hours=1)),
        rung=name,
    )


def digest(words: str = WORDS, name: str = NAME) -> Digest:
    """With these words and this name wherever a customer has any; `alerts.testing.digests` has richer ones."""
    people = tuple(
        Person(
            n,
            name,
            list(Severity)[-(n % 4)],
            State.OPEN,
            "appstore",
            "",
            words,
            NOW - 30 * n * timedelta(hours=1),
            url=URL,
        )
        for n in range(1, 13)
    )
    return replace(
        ONE,
        business="Acme Coffee",
        timezone="Europe/London",
        since=NOW - timedelta(days=1),
        until=NOW,
        told=NOW,
        numbers=replace(
            NUMBERS,
            heard=Figure(1_240),
            complaints=Figure(19),
            opened=17,
            closed=5,
            recovered=3,
            waiting=31,
            backlog=2,
        ),
        waiting=tuple(Waiting(who, 30.0 * who.case_id, None) for who in people),
        waiting_total=31,
        complaints=people[:7],
        complaints_total=19,
        thanks=tuple(Thanks(name, "appstore", "", words, NOW, URL) for _ in range(7)),
        thanks_total=60,
        coverage=(
            Coverage("reviews", "appstore", "heard", 40, NOW),
            Coverage("news", "rss", "failing", 0, NOW, None, NOW, 7, f"the answer is a web page: {words}"),
            Coverage("forum", "mastodon", "silent", 0),
        ),
    )


def happened(words: str = WORDS, name: str = NAME, action: str = "lose", **of_case: Any) -> Happened:
    """Somebody gave the customer up, and said why; `of_case` replaces fields of the case."""
    known = case(name, **{"state": State.LOST, "closed": NOW, "revision": 3, **of_case})
    event = CaseEvent(known.id, NOW, name, action, State.OPEN, known.state, words, data={"text": words})
    promises = (
        Promise(1, known.id, words, NOW, NOW, name, "kept", NOW),
        Promise(2, known.id, words, NOW, NOW, name),
    )
    return Happened(HistoryLine(41, "default", event), known, promises, heard(words, name))


def queue(words: str = WORDS, name: str = NAME, *, lines: int = 8, total: int = 5_000, **more: Any) -> Queue:
    """A queue with `lines` on each shelf of `total`, among them cases in every state; `more` replaces its fields."""
    shelves = tuple(
        Shown(
            shelf,
            total,
            1,
            max(1, -(-total // 8)),
            tuple(queue_line(n, shelf, words, name) for n in range(lines)),
        )
        for shelf in Shelf
    )
    hearing = Hearing(3, ("news",) if total else (), NOW)
    return replace(Queue("U0ADA", NOW, "Europe/London", shelves, 17, 40, hearing), **more)


def queue_line(number: int, shelf: Shelf, words: str = WORDS, name: str = NAME) -> Line:
    owner = None if shelf is Shelf.UNCLAIMED else ("U0ADA", "bob", name)[number % 3]
    states: dict[Shelf, dict[str, Any]] = {
        Shelf.WAITING: {"state": State.CONTACTED, "contacted": NOW, "waiting": NOW - timedelta(days=2)},
        Shelf.RECOVERED: {"state": State.RECOVERED, "closed": NOW},
        Shelf.MINE: {"state": State.CLAIMED},
    }
    severity = list(Severity)[number % 4]
    about = case(name, id=1_000 + number, owner=owner, severity=severity, **states.get(shelf, {}))
    promises = (Promise(number, about.id, words, NOW, NOW, "U0ADA"),) if number % 2 else ()
    due = None if shelf in (Shelf.WAITING, Shelf.RECOVERED) else NOW + timedelta(hours=number - 4)
    ends = (Ends.PROMISE if promises and number % 3 else Ends.FIRST_RESPONSE) if due else None
    stands = Standing(about, promises, due, ends, due is not None and due <= NOW)
    how = How.GESTURE if shelf is Shelf.RECOVERED else None
    link = f"https://acme.slack.example/archives/C1/p{number}"
    return Line(stands, next_move(stands), words, NOW, name, URL, link if number % 2 else None, how)


def every(words: str = WORDS, name: str = NAME, channel: str = "") -> Iterator[Message]:
    """One message of each kind and of each state a card can be in, each with its own delivery id."""
    one = card(words, name)
    root = Receipt(channel, "1772460300.000001", NOW)
    several = (heard(words, name), heard("Still nothing.", name, native_id="2"))
    gone = replace(
        heard(words, name), gone_at=NOW, mention=replace(heard("", name).mention, title=words, edited=NOW)
    )
    lines = tuple(case_line(n, words, name) for n in range(40))
    counts = {"critical": 2, "high": 11, "medium": 20, "low": 7}
    busy = case(name, state=State.CLAIMED, owner=words, level=2, escalated=NOW, snoozed=NOW, wake=NOW)
    contents: list[tuple[Kind, Content]] = [
        (Kind.CARD, one),
        (Kind.CARD, replace(one, mentions=several, repeat=True)),
        (Kind.CARD, replace(one, mentions=(gone,), case=case(name, backlog=True))),
        (Kind.CARD, replace(one, mentions=(replace(gone, mention=heard("", name).mention),))),
        *(
            (Kind.UPDATE, full_card(words, name, state=state, owner=words, closed=NOW, contacted=NOW))
            for state in State
        ),
        (Kind.REPLY, Note(case(name), f"{name} wrote again", words, URL)),
        (Kind.REPLY, Note(case(name), "U0ANN told the customer", words, URL, "contact", people=("U0ANN",))),
        (Kind.REPLY, Note(case(name), f"claimed by {name}")),
        (
            Kind.REPLY,
            Note(busy, f"ann promised the customer: {words}, by", "", URL, "promise", NOW, people=(words,)),
        ),
        (Kind.REPLY, Note(busy, f"{name} wrote again. Recovered?", words, URL, PROPOSE, earlier=words)),
        (
            Kind.REPLY,
            Note(case(name), f"It goes up to {name}", calls=("U012AB3CD", "S012AB3CD", words), loud=True),
        ),
        (Kind.NOTICE, Note(case(name), f"It goes up to {name}", url=URL, apart=True)),
        (Kind.PRAISE, Praise(replace(one.quoted, verdict=replace(one.quoted.verdict, staff=(words, name))))),
        (Kind.DIRECT, Unusable("C012AB3CD", words, "C012AB3CE", name)),
        (Kind.DIRECT, Unusable("C012AB3CD", words)),
        (Kind.BACKLOG, Backlog(words[:200], 40, counts, NOW - timedelta(days=90), NOW, lines[:5])),
        (Kind.STORM, Storm(40, counts, NOW, lines[:12], 1)),
        (Kind.ROSTER, Roster(1, lines)),
        *((Kind.INCIDENT, one) for one in incident_cards(name, counts, lines)),
        (Kind.PAGE, Page("waiting", 20, 20, lines, 4_200)),
        (Kind.PAGE, Page("lost", 2, 2, ())),
        (Kind.DIGEST, digest(words, name)),
        (Kind.EVENT, happened(words, name)),
    ]
    for number, (kind, content) in enumerate(contents):
        thread = root if kind in (Kind.REPLY, Kind.ROSTER, Kind.PAGE) else None
        yield message(content, kind, f"delivery-{number}", channel, thread=thread, case_id=12)
