"""From a message to Slack's blocks: pure, and the same for a first post and for every redrawing in place.

Customers' words stand in rich_text, whose text is literal; our own in mrkdwn with `verbatim`, so that Slack
turns nothing into a mention. Every drawing of a card, the poorest too, keeps a rich_text block: Slack refuses
to replace one by none (`block_mismatch`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import Any

from alerts import phrases
from alerts.slack.escape import date, escape, link, literal
from alerts.words import clean, flat, line, safe_url
from monitor.core.message import Backlog, Card, Message, Note, Roster, Storm
from monitor.core.model import Case, Severity, State

Block = dict[str, Any]
Element = dict[str, Any]

EVENT = "complaint_monitor"
TEXT = 300
"""Characters of the top-level text, which notifications and screen readers use."""
QUOTE = 600
URL_IN_LIST = 500


class Level(IntEnum):
    """How richly a message is drawn. A poorer one follows only when Slack refused the richer."""

    FULL = 0
    PLAIN = 1
    MINIMAL = 2


SIGNS = {
    Severity.CRITICAL: ":rotating_light:",
    Severity.HIGH: ":red_circle:",
    Severity.MEDIUM: ":large_orange_circle:",
    Severity.LOW: ":large_yellow_circle:",
}
ENDINGS = {
    State.RECOVERED: (":white_check_mark:", "Recovered"),
    State.LOST: (":black_circle:", "Lost"),
    State.DISMISSED: (":white_circle:", "Dismissed"),
}


def render(message: Message, level: Level = Level.FULL) -> dict[str, Any]:
    """`text`, `blocks` and `metadata` for chat.postMessage or chat.update."""
    from alerts.slack import lists

    content = message.content
    match content:
        case Card():
            text, blocks = _card_text(content), _card(message, content, level)
        case Note():
            head = phrases.headline(content, phrases.zone(message.timezone))
            text, blocks = f"{head}: {content.quote}".rstrip(": "), _note(content, head, level)
        case Backlog():
            text, blocks = lists.backlog(message, content, level)
        case Storm():
            text, blocks = lists.storm(message, content, level)
        case Roster():
            text, blocks = lists.roster(message, content, level)
        case _:
            text, blocks = lists.digest(content, level)
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


# ── a case ───────────────────────────────────────────────────────────────────────────────────────────────


def _card_text(card: Card) -> str:
    title, words = phrases.said(card.quoted)
    quote = flat(f"{title}\n{words}", TEXT)
    return f"{_head(card)}: {quote}"


def _head(card: Card) -> str:
    return f"{_sign(card.case)[1]} · {phrases.who(card.case)} · {phrases.origin(card.quoted)}"


def _card(message: Message, card: Card, level: Level) -> list[Block]:
    title, words = phrases.said(card.quoted)
    if level is Level.MINIMAL:
        return [_plainest(_head(card), f"{title}\n{words}")]
    url = card.quoted.mention.url or card.case.url
    sign, word = _sign(card.case)
    who, origin = link(url, phrases.who(card.case)), literal(phrases.origin(card.quoted), 160)
    first = section(f"{sign} *{word}* · *{who}* · {origin}")
    quote = rich(_quote(title, words))
    if level is Level.PLAIN:
        return [first, quote]
    zone = phrases.zone(message.timezone)
    blocks = [first, quote, *_why(card)]
    facts = [f"*{literal(phrases.standing(card.case, zone), 200)}*"]
    if (posted := card.quoted.mention.published) is not None:
        facts.append(f"posted {date(posted, phrases.moment(posted, zone))}")
    facts.append(f"opened {date(card.case.opened, phrases.moment(card.case.opened, zone))}")
    facts += [literal(fact, 160) for fact in phrases.pending(card, zone)]
    facts += [literal(fact, 80) for fact in (phrases.history(card), phrases.seen_before(card)) if fact]
    if len(words) > QUOTE:
        facts.append(f"{len(words):,} characters in all")
    facts.append(f"case {card.case.id}")
    blocks.append(context(joined(facts, " · ", 2_900)))
    if notices := phrases.marks(card, zone):
        blocks.append(context(" ".join(f":warning: {literal(notice, 120)}" for notice in notices)))
    if (address := safe_url(url)) is not None and not card.case.state.closed:
        blocks.append(_reply_button(address))
    return blocks


def _why(card: Card) -> list[Block]:
    reasons = joined((literal(reason, 120) for reason in phrases.reasons(card)), "; ", 1_400)
    evidence = joined((f"“{literal(words, 80)}”" for words in phrases.evidence(card)), " ", 1_400)
    lines = [f"*Why:* {reasons}"] * bool(reasons) + [f"*In their words:* {evidence}"] * bool(evidence)
    return [section("\n".join(lines))] if lines else []


def _note(note: Note, headline: str, level: Level) -> list[Block]:
    if level is Level.MINIMAL:
        return [_plainest(headline, note.quote)]
    first = section(link(note.url, headline or "News", 300))
    return [first, *(rich(_quote("", words)) for words in (note.earlier, note.quote) if words)]


def _sign(case: Case) -> tuple[str, str]:
    """What the eye meets first: how bad it is, or how it ended."""
    if case.state in ENDINGS:
        return ENDINGS[case.state]
    return SIGNS[case.severity], case.severity.value.capitalize()


def _reply_button(address: str) -> Block:
    words = {"type": "plain_text", "text": "Reply at source"}
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "reply_at_source", "text": words, "url": address}],
    }


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


def _plainest(headline: str, words: str) -> Block:
    """The last resort: literal words alone, with nothing that Slack could find wrong."""
    first = {"type": "rich_text_section", "elements": [words_of(line(headline, 200) or "News")]}
    return rich(first, _quote("", words, limit=150)) if words else rich(first)


def _quote(title: str, words: str, limit: int = QUOTE) -> Element:
    headline = line(title, 150)
    body = clean(words, limit=limit)
    elements = [words_of(f"{headline}\n" if body else headline, bold=True)] if headline else []
    if body:
        elements.append(words_of(body))
    # Words of control characters alone leave nothing to show, and Slack takes no empty quote.
    return {"type": "rich_text_quote", "elements": elements or [words_of("(nothing that can be shown)")]}
