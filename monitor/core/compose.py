"""From a row of the outbox to the message it stands for, drawn from what the database knows now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from monitor.core.day import digest_of
from monitor.core.frame import frame_from
from monitor.core.listing import case_lines, cases_by_weight, span, tally
from monitor.core.message import (
    Backlog,
    Card,
    Content,
    Happened,
    IncidentCard,
    Kind,
    Message,
    Note,
    OutboxState,
    Page,
    Praise,
    Queued,
    Receipt,
    Roster,
    Storm,
    Unusable,
)
from monitor.core.model import Case, Heard, Json
from monitor.core.moves import PROPOSE, REGRESS
from monitor.core.policy import Policy
from monitor.core.showing import AS_SHIPPED, Showing, shown
from monitor.core.store import Transaction
from monitor.core.story import headline, moment_of

WORST = 10
"""How many cases a storm shows by name; its rosters show all."""
BACKLOG_SHOWN = 30
"""How many older cases one message shows by name; the rest are counted."""


class NotYet(Exception):
    """The message hangs under another that has not arrived."""


class Moot(Exception):
    """Nothing is left to say: there is no card to draw anew, or another message tells it."""


def scheme_of(destination: str) -> str:
    """`slack` of `slack:C0123`."""
    return destination.partition(":")[0]


def channel_of(destination: str) -> str:
    return destination.partition(":")[2]


def compose(
    tx: Transaction, row: Queued, now: datetime, timezone: str, showing: Showing = AS_SHIPPED
) -> tuple[Message, Receipt | None, int | None]:
    """The message, the receipt of what it replaces (None: it is new), and the case revision it shows.

    Raises NotYet when its root is still on the way, Moot when there is nothing left to say.
    """
    if row.kind is Kind.DIGEST:
        content, thread, previous = _digest(tx, row, now, showing.policy)
    else:
        content, thread, previous = _CONTENT[row.kind](tx, row, now)
    content = shown(tx, content, showing, scheme_of(row.destination), now)
    root = previous or thread
    message = Message(
        delivery_id=row.id,
        kind=row.kind,
        channel=root.channel if root else channel_of(row.destination),
        content=content,
        case_id=row.case_id,
        thread=thread,
        business=row.business,
        timezone=timezone,
    )
    return message, previous, content.case.revision if isinstance(content, Card) else None


_Drawn = tuple[Content, Receipt | None, Receipt | None]
"""What to show, what to hang it under, what to replace."""


def _card(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    case = _case(tx, row)
    mentions = tx.mentions_of(case.id)
    wanted = (row.data or {}).get("mention")
    # asked of the store, which may keep a very long id in a shorter form
    source = str((row.data or {}).get("source", case.source))
    told = tx.mention(case.business, source, wanted) if wanted else tx.cues([case.id]).get(case.id)
    cue = next(
        (i for i, heard in enumerate(mentions) if told is not None and heard.id == told.id), len(mentions) - 1
    )
    stand = tuple(promise for promise in tx.promises(case.id) if promise.outcome is None)
    card = Card(
        case,
        tuple(mentions),
        cue,
        repeat=row.looks > 0,
        promises=stand,
        past=tx.past(case.id),
        before=(row.data or {}).get("before"),
    )
    return card, None, None


def _update(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    card = _root(tx, row)
    if card is None or card.state is OutboxState.FAILED:
        raise Moot
    if card.receipt is None:
        raise NotYet
    content, _, _ = _card(tx, card, now)
    return content, None, card.receipt


def _reply(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    case = _case(tx, row)
    data = row.data or {}
    card = _root(tx, row)
    if card is not None and card.state is not OutboxState.FAILED and card.receipt is None:
        raise NotYet
    thread = card.receipt if card else None
    if thread is None and not tx.told_by(row.id):
        raise Moot
    action, source = str(data.get("action", "")), str(data.get("source", case.source))
    heard = tx.mention(case.business, source, data["mention"]) if data.get("mention") else None
    if heard is None or "actor" in data:
        return _move(case, action, data), thread, None
    name = heard.mention.author.name or "The customer"
    said = f"{name} {SAID.get(action, 'wrote again')}"
    told = Note(case, said, heard.mention.words, heard.mention.url, action, loud=action == REGRESS)
    if data.get(PROPOSE):
        earlier = _complaint(tx, case, heard)
        told = replace(told, headline=f"{said}. Recovered?", action=PROPOSE, earlier=earlier)
    return told, thread, None


def _move(case: Case, action: str, data: Mapping[str, Json]) -> Note:
    """What somebody did. What they wrote to the customer is quoted where they noted nothing."""
    facts = data.get("data") or {}
    quote = str(data.get("note") or facts.get("text") or "")
    line = headline(action, str(data.get("actor", "")), facts)
    people = tuple(str(who) for who in (data.get("actor"), facts.get("to")) if who)
    calls = tuple(str(person) for person in data.get("calls") or ())
    told = Note(case, line, quote, facts.get("link"), action, moment_of(facts), people=people)
    return replace(told, calls=calls, loud=bool(data.get("loud")))


def _notice(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    """Where the rung has its own channel: what happened, with the way to the card."""
    case, card = _case(tx, row), _root(tx, row)
    if card is not None and card.receipt is None and card.state is not OutboxState.FAILED:
        raise NotYet
    told = replace(_move(case, str((row.data or {}).get("action", "")), row.data or {}), calls=(), loud=False)
    link = card.receipt.link if card is not None and card.receipt is not None else None
    return replace(told, url=link or case.url, apart=True), None, None


def _praise(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    data = row.data or {}
    heard = tx.mention(row.business, str(data["source"]), str(data["mention"]))
    if heard is None or heard.gone_at is not None or not heard.mention.words:
        raise Moot
    return Praise(heard), None, None


def _direct(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    data = row.data or {}
    return Unusable(str(data["channel"]), str(data["why"]), data.get("instead")), None, None


def _complaint(tx: Transaction, case: Case, kind: Heard) -> str:
    """The words that the kind ones are set against; none where they were edited into these."""
    cue = tx.cues([case.id]).get(case.id)
    return cue.mention.words if cue is not None and cue.id != kind.id else ""


SAID = {
    "complained again": "complained again",
    "copied": "says the same, and adds what is graver",
    REGRESS: "was won back, and complains again",
    "wrote again": "wrote again",
    "edited": "edited the post; it now reads",
    "eased": "edited the post, and it no longer reads as a complaint",
}


def _backlog(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    cases = cases_by_weight(tx, tx.told_by(row.id))
    oldest, newest = span(tx, cases)
    feed = str((row.data or {}).get("feed", ""))
    lines = case_lines(tx, cases[:BACKLOG_SHOWN], row.destination)
    return Backlog(feed, len(cases), tally(cases), oldest, newest, tuple(lines)), None, None


def _storm(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    root = tx.outgoing(str((row.data or {}).get("root", ""))) if (row.data or {}).get("root") else None
    if root is not None and root.receipt is None and root.state is not OutboxState.FAILED:
        raise NotYet
    rosters = tx.rosters(root.id if root else row.id)
    cases = cases_by_weight(
        tx, [number for roster in rosters for number in (roster.data or {}).get("cases", [])]
    )
    oldest, _ = span(tx, cases)
    storm = Storm(
        len(cases), tally(cases), oldest, tuple(case_lines(tx, cases[:WORST], row.destination)), len(rosters)
    )
    return storm, None, root.receipt if root else None


def _roster(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    data = row.data or {}
    if "incident" in data:
        return _incident_page(tx, row, now)
    storm = tx.outgoing(str(data.get("storm", "")))
    if storm is not None and storm.receipt is None and storm.state is not OutboxState.FAILED:
        raise NotYet
    lines = case_lines(tx, cases_by_weight(tx, list(data.get("cases", []))), row.destination)
    # without its summary a roster stands alone: its customers are told of nowhere else
    return Roster(int(data.get("page", 1)), tuple(lines)), storm.receipt if storm else None, None


def _incident(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    data = row.data or {}
    root = _root_of(tx, row)
    incident = tx.incident(int(data["incident"]))
    if incident is None:
        raise Moot
    cases = cases_by_weight(tx, tx.cases_in(incident.id))
    pages = {(page.data or {})["page"]: page for page in tx.rosters(root.id if root else row.id)}
    content = IncidentCard(
        incident,
        len(cases),
        tally(cases),
        sum(not case.state.closed for case in cases),
        tuple(case_lines(tx, cases[:WORST], row.destination)),
        len({number for page in pages.values() for number in (page.data or {})["cases"]}),
        len(pages),
    )
    return content, None, root.receipt if root else None


def _incident_page(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    """A page of an incident grows: the newest drawing of it wins. One that was tried must be looked for all the same:
    the newest replaces it."""
    data = row.data or {}
    first, card = _root_of(tx, row), tx.outgoing(str(data["storm"]))
    never_tried = row.state is OutboxState.PENDING and not row.attempts
    if (never_tried or "root" in data) and any(
        (one.data or {})["page"] == data["page"] and one.seq > row.seq for one in tx.rosters(data["storm"])
    ):
        raise Moot
    if card is not None and card.receipt is None and card.state is not OutboxState.FAILED:
        raise NotYet
    lines = case_lines(tx, cases_by_weight(tx, list(data["cases"])), row.destination)
    page = Roster(int(data["page"]), tuple(lines), "incident")
    # what stood on the console is no thread of a channel that was connected since
    thread = card.receipt if card and card.destination == row.destination else None
    return page, thread, first.receipt if first else None


def _root_of(tx: Transaction, row: Queued) -> Queued | None:
    """The message that this one draws anew. What was never sent, or was shown elsewhere, is none."""
    root = tx.outgoing(str((row.data or {}).get("root", "")))
    if root is None or root.destination != row.destination:
        return None
    if root.receipt is None and root.state in _ON_ITS_WAY:
        raise NotYet
    return root


_ON_ITS_WAY = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.UNKNOWN)


def _digest(tx: Transaction, row: Queued, now: datetime, policy: Policy) -> _Drawn:
    data = row.data or {}
    frame = frame_from(row.business, data, policy, scheme_of(row.destination))
    first = data.get("first") if row.receipt is not None else None
    told = digest_of(tx, frame, now, first)
    return replace(told, pages=int(data.get("pages", 0))), None, row.receipt


def _page(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    # somebody who asked for the digest again may have rewritten it since it was found
    row = tx.outgoing(row.id) or row
    data = row.data or {}
    digest = tx.outgoing(str(data["digest"]))
    if digest is None or digest.state is OutboxState.FAILED:
        raise Moot
    if digest.receipt is None:
        raise NotYet
    found = {case.id: case for case in cases_by_weight(tx, list(data["cases"]))}
    cases = [found[number] for number in data["cases"] if number in found]
    lines = tuple(case_lines(tx, cases, row.destination))
    page = Page(str(data["list"]), int(data["page"]), int(data["pages"]), lines, int(data.get("left", 0)))
    return page, digest.receipt, row.receipt


def _event(tx: Transaction, row: Queued, now: datetime) -> _Drawn:
    line = tx.event(int((row.data or {})["event"]))
    if line is None:
        raise Moot
    case = _case(tx, row)
    cue = tx.cues([case.id]).get(case.id)
    return Happened(line, case, tuple(tx.promises(case.id)), cue), None, None


_CONTENT = {
    Kind.CARD: _card,
    Kind.UPDATE: _update,
    Kind.REPLY: _reply,
    Kind.BACKLOG: _backlog,
    Kind.STORM: _storm,
    Kind.ROSTER: _roster,
    Kind.INCIDENT: _incident,
    Kind.NOTICE: _notice,
    Kind.PRAISE: _praise,
    Kind.DIRECT: _direct,
    Kind.EVENT: _event,
    Kind.PAGE: _page,
}


def _case(tx: Transaction, row: Queued) -> Case:
    case = tx.case(row.case_id) if row.case_id is not None else None
    if case is None:
        raise LookupError(f"outbox row {row.id} is about a case that does not exist")
    return case


def _root(tx: Transaction, row: Queued) -> Queued | None:
    """The card of the row's case, at the row's kind of destination."""
    return tx.card_of(row.case_id, scheme_of(row.destination)) if row.case_id is not None else None
