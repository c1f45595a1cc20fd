"""What is drawn on a terminal: lines that fit, in which nothing that a customer wrote is live.

Nothing in a text is markup here: no tags, no emoji codes, no highlighting. Words of customers come through
`alerts.words`, which takes controls and direction overrides away.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from alerts.words import flat, safe_url
from monitor.core.model import Severity

if TYPE_CHECKING:
    from rich.console import Console as Terminal
    from rich.text import Text

WIDTH = 80
NARROWEST = 8
ROOM = 16
"""Columns left in the first line from which on it begins the quote."""
STYLES = {
    Severity.CRITICAL: "bold white on red",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "bold yellow",
    Severity.LOW: "bold cyan",
}


def terminal_for(stream: TextIO | None = None) -> Terminal:
    """A rich console on which nothing in a text is live: no markup, no emoji codes, no highlighting.

    As wide as the screen; 80 columns and no colour where there is none.
    """
    from rich.console import Console as Terminal

    target = stream or sys.stdout
    width = None if target.isatty() else WIDTH
    return Terminal(file=target, markup=False, emoji=False, highlight=False, width=width)


def drawing_board(screen: Terminal, paper: TextIO) -> Terminal:
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


def heading(terminal: Terminal, words: str, items: Sequence[object]) -> None:
    if items:
        terminal.print()
        put(terminal, styled((words, "bold")))


def quoted(quote: str, url: str | None, terminal: Terminal) -> None:
    if words := flat(quote, 200):
        put(terminal, f"“{words}”", indent=9)
    address(terminal, url, indent=9)


def rest(terminal: Terminal, total: int, shown: int, what: str) -> None:
    if shown and total > shown:
        put(terminal, styled((f"and {total - shown:,} more {what}", "dim")))


def address(terminal: Terminal, url: str | None, indent: int = 0) -> None:
    """On one line of its own however long, so that it can be clicked and copied."""
    if (safe := safe_url(url)) is not None:
        terminal.print(" " * indent + safe, soft_wrap=True)


def styled(*parts: str | Text | tuple[str, str]) -> Text:
    from rich.text import Text

    return Text.assemble(*parts)


def opening(terminal: Terminal, first: Text, words: str) -> None:
    """The first line, which the words begin in where there is room, and flow on below."""
    room = terminal.width - first.cell_len - 2
    if room >= ROOM:
        beginning = styled(words).wrap(terminal, room, overflow="fold")[0].plain.rstrip()
        words = words[len(beginning) :].lstrip()
        first.append(f"  {beginning}")
    put(terminal, first)
    if words:
        put(terminal, words, indent=4)


def put(terminal: Terminal, words: str | Text, indent: int = 0, hang: int = 0) -> None:
    """Wrapped between words within the width, without blanks at the ends of lines; all rows after the first stand
    `hang` further in."""
    text = styled(words) if isinstance(words, str) else words
    room = max(NARROWEST, terminal.width - indent)
    rows = text.wrap(terminal, room, overflow="fold")
    if hang and len(rows) > 1:
        first = rows[0]
        left = text[len(first.plain) :]
        left = left[len(left.plain) - len(left.plain.lstrip()) :]
        first.rstrip()
        terminal.print(styled(" " * indent, first), soft_wrap=True)
        put(terminal, left, min(indent + hang, max(0, terminal.width - NARROWEST)))
        return
    for row in rows:
        row.rstrip()
        terminal.print(styled(" " * indent, row), soft_wrap=True)
