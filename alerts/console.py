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

from alerts import phrases
from alerts.words import clean, flat, line, safe_url
from monitor.core.digest import Coverage, Digest, Person
from monitor.core.errors import DeliveryError, Outcome, Remedy
from monitor.core.message import (
    Backlog,
    Card,
    CaseLine,
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
from monitor.core.model import Severity, State
from monitor.core.ports import Finding

if TYPE_CHECKING:
    from rich.console import Console as Terminal
    from rich.text import Text

WIDTH = 80
QUOTE = 600
NARROWEST = 8
ROOM = 16
"""Columns left in the first line from which on it begins the quote."""
STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}
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
        render_message(message, _drawing_board(terminal_for(stream), shown))
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


def terminal_for(stream: TextIO | None = None) -> Terminal:
    """A rich console on which nothing in a text is live: no markup, no emoji codes, no highlighting.

    As wide as the screen; 80 columns and no colour where there is none.
    """
    from rich.console import Console as Terminal

    target = stream or sys.stdout
    width = None if target.isatty() else WIDTH
    return Terminal(file=target, markup=False, emoji=False, highlight=False, width=width)


def _drawing_board(screen: Terminal, paper: TextIO) -> Terminal:
    """Like `screen`, but on paper: where a pipe breaks, rich itself would end the whole program."""
    from rich.console import Console as Terminal

    return Terminal(
        file=paper,
        markup=False,
        emoji=False,
        highlight=False,
        width=screen.width,
        force_terminal=screen.is_terminal,
        no_color=screen.no_color,
        color_system=screen.color_system,  # type: ignore[arg-type]
    )


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
        case Praise():
            _praise(content, terminal)
        case Unusable():
            _print(terminal, " ".join(phrases.unusable(content)))
        case _:
            render_digest(content, terminal)


# ── a case ───────────────────────────────────────────────────────────────────────────────────────────────


def render_card(card: Card, terminal: Terminal, *, timezone: str = "UTC", again: bool = False) -> None:
    """First line: severity, who, where, stars and the first words; then the rest. `again`: drawn anew."""
    case, zone = card.case, phrases.zone(timezone)
    title, words = phrases.said(card.quoted)
    word, style = _sign(card)
    first = _text((word, style), " ", (phrases.who(case), "bold"), f" · {phrases.origin(card.quoted)}")
    body = flat(f"{line(title, 150)}\n{words}", QUOTE)
    terminal.print()
    _opening(terminal, first, f"“{body or '(nothing that can be shown)'}”")
    if reasons := phrases.reasons(card):
        _print(terminal, _text(("why: ", "dim"), "; ".join(line(reason, 120) for reason in reasons[:8])))
    if evidence := phrases.evidence(card):
        _print(terminal, _text(("words: ", "dim"), " ".join(f"“{words}”" for words in evidence[:8])))
    facts = [f"case {case.id}{' (updated)' if again else ''}", phrases.standing(case, zone)]
    facts += [phrases.posted(card, zone), f"opened {phrases.moment(case.opened, zone)}"]
    facts += [*phrases.pending(card, zone), phrases.history(card), phrases.seen_before(card)]
    _print(terminal, _text((" · ".join(fact for fact in facts if fact), "dim")))
    for notice in phrases.marks(card, zone):
        _print(terminal, _text((f"! {notice}", "yellow")))
    _address(terminal, card.quoted.mention.url or case.url)


def _sign(card: Card) -> tuple[str, str]:
    if card.case.state.closed:
        return card.case.state.value.upper(), ENDED[card.case.state]
    return card.case.severity.value.upper(), STYLES[card.case.severity]


def _note(note: Note, terminal: Terminal, zone: tzinfo) -> None:
    who, headline = phrases.who(note.case), line(phrases.headline(note, zone), 200)
    about = "" if headline.startswith(who) else f", {who}"
    calls = f"{line(', '.join(note.calls), 80)}: " if note.calls else ""
    _print(terminal, f"  ↳ case {note.case.id}{about}: {calls}{headline}")
    if note.earlier:
        _print(terminal, f"“{clean(note.earlier, limit=QUOTE)}” it was, and now:", indent=4)
    if note.quote:
        _print(terminal, f"“{clean(note.quote, limit=QUOTE)}”", indent=4)
    _address(terminal, note.url, indent=4)


def _praise(content: Praise, terminal: Terminal) -> None:
    title, words = phrases.said(content.heard)
    terminal.print()
    _print(terminal, _text(("PRAISE ", "bold green"), phrases.thanks(content)))
    _print(terminal, f"“{clean(f'{title} {words}'.strip(), limit=QUOTE)}”", indent=4)
    _address(terminal, content.heard.mention.url, indent=4)


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
            head = f"STORM, page {content.page}: {phrases.plural(len(content.lines), 'customer')}"
            tail, lines, total = "", content.lines, len(content.lines)
        case Page():
            head = f"DIGEST, {line(content.of, 20)}, page {content.number} of {content.pages}"
            tail, lines, total = "", content.lines, len(content.lines) + content.left
    terminal.print()
    _print(terminal, _text((head, "bold")))
    if tail:
        _print(terminal, tail)
    for case in lines:
        _case(case, terminal, timezone)
    _rest(terminal, total, len(lines), "cases")


def _case(case: CaseLine, terminal: Terminal, timezone: str) -> None:
    said = phrases.moment(case.said, phrases.zone(timezone))
    name = line(case.name, 40) or phrases.NOBODY
    head = (f"{case.severity.value:<9}", STYLES[case.severity])
    _print(
        terminal,
        _text(head, f"{name} · {phrases.where(case.source, case.feed)} · {said} · case {case.case_id}"),
    )
    _quoted(case.quote, case.link or case.url, terminal)


# ── the digest ───────────────────────────────────────────────────────────────────────────────────────────


def render_digest(digest: Digest, terminal: Terminal) -> None:
    """The story of the span: numbers, who waits, what they said, praise, and what was not heard."""
    zone = phrases.zone(digest.timezone)
    span = f"{phrases.moment(digest.since, zone)} to {phrases.moment(digest.until, zone)}"
    terminal.print()
    _print(
        terminal,
        _text((f"{line(digest.business, 60)} · {phrases.span(digest.since, digest.until, zone)}", "bold")),
    )
    _print(terminal, _text((span, "dim")))
    _print(terminal, _numbers(digest))
    _heading(terminal, "Waiting, worst first", digest.waiting)
    for one in digest.waiting:
        _person(terminal, one.who, f" · {phrases.age(one.hours)}")
    _rest(terminal, digest.waiting_total, len(digest.waiting), "waiting")
    _heading(terminal, "What they complained of", digest.complaints)
    for who in digest.complaints:
        _person(terminal, who)
    _rest(terminal, digest.complaints_total, len(digest.complaints), "complaints")
    _heading(terminal, "Praise", digest.thanks)
    for kind in digest.thanks:
        name = line(kind.name, 40) or phrases.NOBODY
        _print(terminal, _text((f"{name} · {phrases.where(kind.source, kind.feed)}", "bold green")))
        _quoted(kind.quote, kind.url, terminal)
    _rest(terminal, digest.thanks_total, len(digest.thanks), "with praise")
    _coverage(terminal, digest)


def _numbers(digest: Digest) -> str:
    numbers = digest.numbers
    won = f" ({numbers.recovered:,} won back)" if numbers.recovered else ""
    parts = [
        f"heard {numbers.heard.count:,}",
        f"complaints {numbers.complaints.count:,}",
        f"new cases {numbers.opened:,}",
        f"closed {numbers.closed:,}{won}",
        f"waiting {numbers.waiting:,}",
    ]
    parts += [f"backlog {numbers.backlog:,}"] * bool(numbers.backlog)
    return " · ".join(parts)


def _person(terminal: Terminal, who: Person, facts: str = "") -> None:
    head = (f"{who.severity.value:<9}", STYLES[who.severity])
    owner = line(who.owner or "", 40) or "nobody has it"
    where = f" · {phrases.where(who.source, who.feed)}{facts} · {who.state.value}, {owner}"
    name = line(who.name, 40) or phrases.NOBODY
    _print(terminal, _text(head, (name, "bold"), f"{where} · case {who.case_id}"))
    _quoted(who.quote, who.link or who.url, terminal)


def _coverage(terminal: Terminal, digest: Digest) -> None:
    zone = phrases.zone(digest.timezone)
    terminal.print()
    _print(terminal, _text(("Coverage", "bold")))
    for feed in sorted(digest.coverage, key=lambda feed: feed.state not in ("failing", "silent")):
        _print(terminal, _text((f"{line(feed.state, 9):<9}", _health(feed)), _told(feed, zone)))
    if not digest.coverage:
        _print(terminal, "No feed is listened to yet.")


def _told(feed: Coverage, zone: tzinfo) -> str:
    last = (
        f"last heard well {phrases.moment(feed.last_success, zone)}"
        if feed.last_success
        else "never heard yet"
    )
    if feed.state == "failing":
        since = f" since {phrases.moment(feed.since, zone)}" if feed.since else ""
        tries = phrases.plural(feed.failures, "failure")
        why = f": {line(feed.error, 200)}" if feed.error else ""
        return f"{line(feed.feed, 60)} ({feed.source}){since}, {tries}, {last}{why}"
    return f"{line(feed.feed, 60)} ({feed.source}) · {feed.heard:,} heard · {last}"


def _health(feed: Coverage) -> str:
    return {"failing": "bold red", "silent": "bold yellow", "heard": "green"}.get(feed.state, "dim")


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────────


def _heading(terminal: Terminal, words: str, items: Sequence[object]) -> None:
    if items:
        terminal.print()
        _print(terminal, _text((words, "bold")))


def _quoted(quote: str, url: str | None, terminal: Terminal) -> None:
    if words := flat(quote, 200):
        _print(terminal, f"“{words}”", indent=9)
    _address(terminal, url, indent=9)


def _rest(terminal: Terminal, total: int, shown: int, what: str) -> None:
    if shown and total > shown:
        _print(terminal, _text((f"and {total - shown:,} more {what}", "dim")))


def _address(terminal: Terminal, url: str | None, indent: int = 0) -> None:
    """On one line of its own however long, so that it can be clicked and copied."""
    if (address := safe_url(url)) is not None:
        terminal.print(" " * indent + address, soft_wrap=True)


def _text(*parts: str | Text | tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)


def _opening(terminal: Terminal, first: Text, words: str) -> None:
    """The first line, which the words begin in where there is room, and flow on below."""
    room = terminal.width - first.cell_len - 2
    if room >= ROOM:
        beginning = _text(words).wrap(terminal, room, overflow="fold")[0].plain.rstrip()
        words = words[len(beginning) :].lstrip()
        first.append(f"  {beginning}")
    _print(terminal, first)
    if words:
        _print(terminal, words, indent=4)


def _print(terminal: Terminal, words: str | Text, indent: int = 0) -> None:
    """Wrapped between words within the width, without blanks at the ends of lines."""
    text = _text(words) if isinstance(words, str) else words
    for row in text.wrap(terminal, max(NARROWEST, terminal.width - indent), overflow="fold"):
        row.rstrip()
        terminal.print(_text(" " * indent, row), soft_wrap=True)
