"""The terminal as a receiver: cards, lists and the digest in plain lines, at 80 columns, in a pipe, or in colour.

Exactly-once is not promised here: nobody can ask a terminal what it has shown. After a crash in the middle of
a message `find` answers "not there", and the message is printed again: twice on a screen does no harm.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, ClassVar, TextIO

from alerts import incident as incident_words
from alerts import phrases
from alerts.screen import STYLES, address, drawing_board, opening, put, quoted, rest, styled, terminal_for
from alerts.screen_digest import render_digest
from alerts.words import clean, flat, line
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.message import (
    Backlog,
    Card,
    CaseLine,
    Happened,
    IncidentCard,
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
from monitor.core.model import State
from monitor.core.ports import Finding
from monitor.core.story import history_line

if TYPE_CHECKING:
    from rich.console import Console as Terminal

QUOTE = 600
ENDED = {State.RECOVERED: "bold green", State.LOST: "bold magenta", State.DISMISSED: "dim"}


def _now() -> datetime:
    return datetime.now(UTC)


class Console:
    """Prints to `stream` (standard output, looked up at each message, when None)."""

    name: ClassVar[str] = "console"
    api: ClassVar[int] = 1

    def __init__(self, stream: TextIO | None = None, now: Callable[[], datetime] = _now) -> None:
        self._stream = stream
        self._now = now

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        """Print it; a redrawing is printed anew, since a terminal forgets nothing. Raises DeliveryError."""
        stream = self._stream or sys.stdout
        shown = io.StringIO()
        render_message(message, drawing_board(terminal_for(stream), shown))
        encoding = getattr(stream, "encoding", None) or "utf-8"
        try:
            # A terminal that knows fewer letters than the customer must not stop the alert.
            stream.write(shown.getvalue().encode(encoding, "replace").decode(encoding))
            stream.flush()
        except (OSError, ValueError) as fault:
            raise DeliveryError(
                f"The terminal takes no more output ({type(fault).__name__}); the message stays queued.",
                outcome=Outcome.NOT_SENT,
                remedy=Remedy.WAIT,
                code=type(fault).__name__,
            ) from fault
        return previous or Receipt(message.channel, message.delivery_id, self._now())

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Always None: see the module."""
        return None

    def check(self, channel: str) -> Sequence[Finding]:
        stream = self._stream or sys.stdout
        if stream.closed:
            return [
                Finding("Console", False, "the output is closed", "Start it with an open standard output.")
            ]
        return [Finding("Console", True, "messages are printed here")]


def render_message(message: Message, terminal: Terminal) -> None:
    """Print any message."""
    content = message.content
    zone = message.timezone
    match content:
        case Card():
            render_card(content, terminal, timezone=zone, again=message.kind is Kind.UPDATE)
        case Note():
            _note(content, terminal, phrases.zone(zone))
        case Backlog() | Storm() | Roster() | Page():
            _many(content, terminal, zone)
        case IncidentCard():
            _incident(content, terminal, zone)
        case Praise():
            _praise(content, terminal)
        case Unusable():
            put(terminal, " ".join(filter(None, phrases.unusable(content))))
        case Happened():
            put(terminal, line(f"case {content.case.id}: {history_line(content.line.event)}", QUOTE))
        case _:
            render_digest(content, terminal)


# ── a case ───────────────────────────────────────────────────────────────────────────────────────────────


def render_card(card: Card, terminal: Terminal, *, timezone: str = "UTC", again: bool = False) -> None:
    """First line: severity, who, where, stars and the first words; then the rest. `again`: drawn anew."""
    case, zone = card.case, phrases.zone(timezone)
    title, words = phrases.said(card.quoted)
    word, style = _sign(card)
    first = styled((word, style), " ", (phrases.who(case), "bold"), f" · {phrases.origin(card.quoted)}")
    body = flat(f"{line(title, 150)}\n{words}", QUOTE)
    terminal.print()
    opening(terminal, first, f"“{body or '(nothing that can be shown)'}”")
    if reasons := phrases.reasons(card):
        put(terminal, styled(("why: ", "dim"), "; ".join(line(reason, 120) for reason in reasons[:8])))
    if evidence := phrases.evidence(card):
        put(terminal, styled(("words: ", "dim"), " ".join(f"“{words}”" for words in evidence[:8])))
    facts = [f"case {case.id}{' (updated)' if again else ''}", phrases.standing(case, zone)]
    facts += [phrases.posted(card, zone), f"opened {phrases.moment(case.opened, zone)}"]
    facts += [*phrases.pending(card, zone), phrases.history(card), phrases.seen_before(card)]
    put(terminal, styled((" · ".join(fact for fact in facts if fact), "dim")))
    for notice in phrases.marks(card, zone):
        put(terminal, styled((f"! {notice}", "yellow")))
    address(terminal, card.quoted.mention.url or case.url)


def _sign(card: Card) -> tuple[str, str]:
    if card.case.state.closed:
        return card.case.state.value.upper(), ENDED[card.case.state]
    return card.case.severity.value.upper(), STYLES[card.case.severity]


def _note(note: Note, terminal: Terminal, zone: tzinfo) -> None:
    who, headline = phrases.who(note.case), line(phrases.headline(note, zone), 200)
    about = "" if headline.startswith(who) else f", {who}"
    calls = f"{line(', '.join(note.calls), 80)}: " if note.calls else ""
    put(terminal, f"  ↳ case {note.case.id}{about}: {calls}{headline}")
    if note.earlier:
        put(terminal, f"“{clean(note.earlier, limit=QUOTE)}” it was, and now:", indent=4)
    if note.quote:
        put(terminal, f"“{clean(note.quote, limit=QUOTE)}”", indent=4)
    address(terminal, note.url, indent=4)


def _praise(content: Praise, terminal: Terminal) -> None:
    title, words = phrases.said(content.heard)
    terminal.print()
    put(terminal, styled(("PRAISE ", "bold green"), phrases.thanks(content)))
    put(terminal, f"“{clean(f'{title} {words}'.strip(), limit=QUOTE)}”", indent=4)
    address(terminal, content.heard.mention.url, indent=4)


# ── many cases ───────────────────────────────────────────────────────────────────────────────────────────


def _many(content: Backlog | Storm | Roster | Page, terminal: Terminal, timezone: str) -> None:
    match content:
        case Backlog():
            count = phrases.plural(content.total, "older complaint")
            head = f"BACKLOG  {count} found in {line(content.feed, 60)}"
            tail = f"{phrases.severities(content.by_severity)}; too old to alert one by one, no clock runs for them."
            lines, total = content.worst, content.total
        case Storm():
            head = f"STORM  many complaints at once: {phrases.plural(content.total, 'case')}"
            tail = f"{phrases.severities(content.by_severity)}; this one message stands for them."
            lines, total = content.worst, content.total
        case Roster():
            head = (
                f"{content.of.upper()}, page {content.page}: {phrases.plural(len(content.lines), 'customer')}"
            )
            tail, lines, total = "", content.lines, len(content.lines)
        case Page():
            head = f"DIGEST, {line(content.of, 20)}, page {content.number} of {content.pages}"
            tail, lines, total = "", content.lines, len(content.lines) + content.left
    terminal.print()
    put(terminal, styled((head, "bold")))
    if tail:
        put(terminal, tail)
    for case in lines:
        _case(case, terminal, timezone)
    rest(terminal, total, len(lines), "cases")


def _incident(card: IncidentCard, terminal: Terminal, timezone: str) -> None:
    zone = phrases.zone(timezone)
    terminal.print()
    put(terminal, styled((f"INCIDENT  {line(incident_words.title(card), 200)}", "bold")))
    put(terminal, " ".join(incident_words.facts(card, zone)))
    for case in card.worst:
        _case(case, terminal, timezone)
    rest(terminal, card.total, len(card.worst), "cases")


def _case(case: CaseLine, terminal: Terminal, timezone: str) -> None:
    said = phrases.moment(case.said, phrases.zone(timezone))
    name = line(case.name, 40) or phrases.NOBODY
    head = (f"{case.severity.value:<9}", STYLES[case.severity])
    put(
        terminal,
        styled(head, f"{name} · {phrases.where(case.source, case.feed)} · {said} · case {case.case_id}"),
    )
    quoted(case.quote, case.link or case.url, terminal)
