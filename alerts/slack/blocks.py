"""From a message to Slack's blocks: pure, and the same for a first post and for every redrawing in place.

Customers' words stand in rich_text, whose text is literal; our own in mrkdwn with `verbatim`, so that Slack
turns nothing into a mention. Every drawing of a card, the poorest too, keeps a rich_text block: Slack refuses
to replace one by none (`block_mismatch`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import tzinfo
from enum import IntEnum
from typing import Any

from alerts import phrases
from alerts.slack.buttons import button, rows
from alerts.slack.escape import called, date, escape, link, literal, mentioned
from alerts.words import clean, line, safe_url
from monitor.core.digest import Digest
from monitor.core.message import (
    Backlog,
    Card,
    Happened,
    IncidentCard,
    Message,
    Note,
    Page,
    Praise,
    Roster,
    Storm,
    Unusable,
)
from monitor.core.moves import PROPOSE, Action
from monitor.core.story import history_line

Block = dict[str, Any]
Element = dict[str, Any]

EVENT = "complaint_monitor"
TEXT = 300
"""Characters of the top-level text, which notifications and screen readers use."""
QUOTE = 600
URL_IN_LIST = 500
_COUNTED = frozenset({"text", "title", "alt_text", "label", "caption"})


class Level(IntEnum):
    """How richly a message is drawn. A poorer one follows only when Slack refused the richer."""

    FULL = 0
    PLAIN = 1
    MINIMAL = 2


def render(message: Message, level: Level = Level.FULL) -> dict[str, Any]:
    """`text`, `blocks` and `metadata` for chat.postMessage or chat.update."""
    from alerts.slack import asides, lists
    from alerts.slack.card import card
    from alerts.slack.digest import digest

    content = message.content
    match content:
        case Card():
            text, blocks = card(message, content, level)
        case Note(apart=True):
            text, blocks = asides.apart(content, phrases.zone(message.timezone), level)
        case Note():
            text, blocks = _note(message, content, level)
        case Backlog():
            text, blocks = lists.backlog(message, content, level)
        case Storm():
            text, blocks = lists.storm(message, content, level)
        case IncidentCard():
            text, blocks = lists.incident(message, content, level)
        case Roster():
            text, blocks = lists.roster(message, content, level)
        case Page():
            text, blocks = lists.page(message, content, level)
        case Praise():
            text, blocks = asides.praise(content, level)
        case Unusable():
            text, blocks = asides.unusable(content, level)
        case Happened():
            told = Note(content.case, history_line(content.line.event))
            text, blocks = _note(message, told, level)
        case Digest():
            text, blocks = digest(content, level)
    return {
        "text": escape(line(text, TEXT)) or "Complaint Monitor",
        "blocks": blocks,
        "metadata": metadata(message),
    }


def metadata(message: Message) -> dict[str, Any]:
    """Ids and nothing else: any app in the workspace may read it."""
    payload: dict[str, Any] = {"delivery_id": message.delivery_id}
    if message.case_id is not None:
        payload["case_id"] = message.case_id
    return {"event_type": EVENT, "event_payload": payload}


# ── a line of history ────────────────────────────────────────────────────────────────────────────────────


def _note(message: Message, note: Note, level: Level) -> tuple[str, list[Block]]:
    zone = phrases.zone(message.timezone)
    headline = phrases.headline(note, zone)
    text = f"{headline}: {note.quote}".rstrip(": ")
    if level is Level.MINIMAL:
        return text, [plainest(headline, note.quote)]
    told = _deed(note, zone) if note.people else link(note.url, headline or "News", 300)
    first = section(f"{called(note.calls)} {told}".strip())
    blocks = [first]
    if note.earlier:
        blocks += [context("It was:"), rich(quoted("", note.earlier)), context("And now:")]
    if note.quote:
        blocks.append(rich(quoted("", note.quote)))
    if note.action == PROPOSE and not note.case.state.closed:
        # whoever sees that it is not so yet says why
        not_yet = button(Action.NOTE, note.case, label="Not yet…")
        blocks += rows([button(Action.RECOVER, note.case), not_yet])
    return text, blocks


def _deed(note: Note, zone: tzinfo) -> str:
    """What one of us did, each of us as a mention, which a link cannot hold."""
    told = mentioned(literal(note.headline, 300), note.people)
    if note.until is not None:
        told += f" {date(note.until, phrases.moment(note.until, zone))}"
    where = link(note.url, "see it there")
    return f"{told} · {where}" if where.startswith("<") else told


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────────


def section(mrkdwn: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn, "verbatim": True}}


def context(mrkdwn: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn, "verbatim": True}]}


def rich(*parts: Element) -> Block:
    return {"type": "rich_text", "elements": list(parts)}


def words_of(text: str, *, bold: bool = False) -> Element:
    """Literal words in rich_text: never escaped, never parsed."""
    element: Element = {"type": "text", "text": text}
    return {**element, "style": {"bold": True}} if bold else element


def named(name: str, url: str | None, *, bold: bool = True) -> Element:
    """A name in rich_text, leading to `url` where that is safe and short enough for a list."""
    address = safe_url(url, URL_IN_LIST)
    if address is None:
        return words_of(name, bold=bold)
    return {"type": "link", "url": address, "text": name, **({"style": {"bold": True}} if bold else {})}


def bullets(items: Iterable[list[Element]]) -> Element:
    sections = [{"type": "rich_text_section", "elements": item} for item in items]
    return {"type": "rich_text_list", "style": "bullet", "elements": sections}


def joined(pieces: Iterable[str], glue: str, limit: int) -> str:
    """As many whole pieces as fit: what is escaped already must not be cut."""
    kept: list[str] = []
    for piece in pieces:
        if sum(len(k) + len(glue) for k in kept) + len(piece) > limit:
            break
        kept.append(piece)
    return glue.join(kept)


def plainest(headline: str, words: str) -> Block:
    """The last resort: literal words alone, with nothing that Slack could find wrong."""
    first = {"type": "rich_text_section", "elements": [words_of(line(headline, 200) or "News")]}
    return rich(first, quoted("", words, limit=150)) if words else rich(first)


def person(who: str) -> Element:
    """Somebody in Slack by their id, in rich_text: it rings their bell."""
    return {"type": "user", "user_id": who}


def emoji(name: str) -> Element:
    return {"type": "emoji", "name": name}


def line_of(*elements: Element) -> Element:
    """One paragraph of rich_text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def weight(drawn: Any) -> int:
    """Characters of all texts in it, as Slack counts them: a message takes about 13,200."""
    if isinstance(drawn, dict):
        return sum(
            len(inner) if key in _COUNTED and isinstance(inner, str) else weight(inner)
            for key, inner in drawn.items()
        )
    return sum(map(weight, drawn)) if isinstance(drawn, list) else 0


def quoted(title: str, words: str, limit: int = QUOTE) -> Element:
    headline = line(title, 150)
    body = clean(words, limit=limit)
    elements = [words_of(f"{headline}\n" if body else headline, bold=True)] if headline else []
    if body:
        elements.append(words_of(body))
    # Words of control characters alone leave nothing to show, and Slack takes no empty quote.
    return {"type": "rich_text_quote", "elements": elements or [words_of("(nothing that can be shown)")]}
