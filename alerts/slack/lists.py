"""Messages about many cases: backlog, storm with its rosters, pages of a digest. Pure, like `alerts.slack.blocks`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from alerts import incident as incident_words
from alerts import phrases
from alerts.slack.blocks import (
    Block,
    Element,
    Level,
    bullets,
    context,
    line_of,
    named,
    plainest,
    rich,
    section,
    words_of,
)
from alerts.slack.escape import date, literal
from alerts.words import flat, line
from monitor.core.message import Backlog, CaseLine, IncidentCard, Message, Page, Roster, Storm

WORST = 10
LISTS = {
    "waiting": "Waiting for a first answer",
    "complaints": "Complained, besides those who wait",
    "returned": "Came back",
    "lost": "Lost",
}
"""Of a digest, by the names of `monitor.core.pages`."""
LIST_QUOTE = 140
ROSTER_ROOM = 10_000
"""Characters for all lines of a roster together: Slack refuses a message of about 13,200."""
LINE_FRAME = 110
"""Characters of a line apart from its quote."""
PER_BLOCK = 10


def backlog(message: Message, found: Backlog, level: Level) -> tuple[str, list[Block]]:
    zone = phrases.zone(message.timezone)
    if found.feed:
        count, where = phrases.plural(found.total, "older complaint"), f"found in {found.feed}"
        shown = f"*{count}* found in *{literal(found.feed, 80)}*"
        why = "They are too old to alert one by one and are kept as backlog: no clock runs for them."
    else:
        count, where = phrases.plural(found.total, "case"), "open before this channel was connected"
        shown, why = f"*{count}* {where}", "They are told here once, so that none is forgotten."
    text = f"{count} {where}"
    first = section(
        f":card_index_dividers: {shown}: {phrases.severities(found.by_severity)}{_span(found, zone)}.\n{why}"
    )
    if level is Level.MINIMAL:
        return text, [first]
    return text, [first, *_cases(found.worst, level, zone), *_rest(found.total, len(found.worst), "cases")]


def storm(message: Message, now: Storm, level: Level) -> tuple[str, list[Block]]:
    zone = phrases.zone(message.timezone)
    count = phrases.plural(now.total, "case")
    text = f"Many complaints at once: {count} ({phrases.severities(now.by_severity)})"
    since = f", waiting since {date(now.oldest, phrases.moment(now.oldest, zone))}" if now.oldest else ""
    thread = (
        f"Every customer is listed in the thread, {phrases.plural(now.pages, 'page')}."
        if now.pages
        else "They are not posted one by one."
    )
    first = section(
        f":ocean: *Many complaints at once: {count}* ({phrases.severities(now.by_severity)}){since}.\n"
        f"This one message stands for them. {thread}"
    )
    if level is Level.MINIMAL:
        return text, [first]
    return text, [
        first,
        *_cases(now.worst[:WORST], level, zone),
        *_rest(now.total, min(WORST, len(now.worst)), "cases"),
    ]


def incident(message: Message, card: IncidentCard, level: Level) -> tuple[str, list[Block]]:
    zone = phrases.zone(message.timezone)
    title = incident_words.title(card)
    sign = ":white_check_mark:" if card.incident.ended else ":rotating_light:"
    facts = " ".join(incident_words.facts(card, zone))
    if level is Level.MINIMAL:
        # a rich_text block stays in every drawing: Slack refuses to replace one by none
        return title, [plainest(f"{title}. {facts}", "")]
    return title, [
        section(f"{sign} *{literal(title, 250)}*\n{literal(facts, 900)}"),
        *_cases(card.worst, level, zone),
        *_rest(card.total, len(card.worst), "cases"),
    ]


def roster(message: Message, page: Roster, level: Level) -> tuple[str, list[Block]]:
    """Every line stays at every level; poorer levels say less of each."""
    zone = phrases.zone(message.timezone)
    text = f"Customers of this {page.of}, page {page.page}: {phrases.plural(len(page.lines), 'case')}"
    return text, [section(f"*{text}*"), *_cases(page.lines, level, zone)]


def page(message: Message, one: Page, level: Level) -> tuple[str, list[Block]]:
    """Every line stays at every level. One that is needed no more stays too, and says so: what was posted is not
    deleted."""
    title = f"{LISTS[one.of]}, page {one.number:,} of {one.pages:,}"
    if not one.lines:
        # rich text, as a page that had some cannot be replaced by one without
        gone = f"{title}: nobody stands on this page any more, as the digest was brought up to date."
        return gone, [rich(line_of(words_of(gone)))]
    text = f"{title}: {phrases.plural(len(one.lines), 'customer')}"
    blocks = [section(f"*{text}*"), *_cases(one.lines, level, phrases.zone(message.timezone))]
    if one.left:
        whole = "the report has everybody: `complaint-monitor digest --html report.html`"
        blocks.append(context(f"and {one.left:,} more, who stand on no page; {whole}"))
    return text, blocks


def _cases(lines: Sequence[CaseLine], level: Level, zone: tzinfo) -> list[Block]:
    """The lines as lists, ten to a block."""
    room = min(LIST_QUOTE, ROSTER_ROOM // max(1, len(lines)) - LINE_FRAME)
    quote = room if level is Level.FULL else 0
    items = [_case(case, level, quote, zone) for case in lines]
    return [rich(bullets(items[at : at + PER_BLOCK])) for at in range(0, len(items), PER_BLOCK)]


def _case(case: CaseLine, level: Level, quote: int, zone: tzinfo) -> list[Element]:
    severity = words_of(f"{case.severity.value.capitalize()} ")
    if level is Level.MINIMAL:
        return [severity, words_of(f"{line(case.name, 20) or phrases.NOBODY}, case {case.case_id}")]
    said = case.said.astimezone(zone)
    rest = f" · {line(phrases.where(case.source, case.feed), 24)} · case {case.case_id} · {said.day} {said:%b %Y}"
    name = named(line(case.name, 40) or phrases.NOBODY, case.link or case.url)
    return [severity, name, words_of(rest + _said(case.quote, quote))]


def _said(quote: str, limit: int) -> str:
    words = flat(quote, limit) if limit >= 20 else ""
    return f" · “{words}”" if words else ""


def _rest(total: int, shown: int, what: str) -> list[Block]:
    return [context(f"and {total - shown:,} more {what}")] if shown and total > shown else []


def _span(found: Backlog, zone: tzinfo) -> str:
    if found.oldest is None or found.newest is None:
        return ""
    return f", from {phrases.day(found.oldest, zone)} to {phrases.day(found.newest, zone)}"
