"""The digest on a terminal: people first, then what broke, numbers, places, and whether everything was heard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING, TypeVar

from alerts import phrases, telling
from alerts.deeds import (
    besides_waiting,
    lost_told,
    promised_told,
    reach_told,
    returned_told,
    staff_told,
    standing_told,
)
from alerts.opening import opening_told
from alerts.screen import STYLES, address, heading, put, quoted, rest, styled
from alerts.trend import trend_told
from alerts.words import flat, line
from monitor.core.digest import (
    Against,
    Broken,
    Coverage,
    Digest,
    Figure,
    Loss,
    Owed,
    Person,
    Return,
    Spot,
    Thanks,
    Trouble,
    Waiting,
)

if TYPE_CHECKING:
    from rich.console import Console as Terminal
    from rich.table import Table
    from rich.text import Text

MOST = 10
"""People of one kind that are shown by name; the rest are counted, and stand in the HTML report."""
IN_REPORT = "in the report"
INDENT = 9
BAR = 20
AGAINST = {
    Against.MORE: "bold yellow",
    Against.LESS: "green",
    Against.USUAL: "",
    Against.UNKNOWN: "dim",
    Against.EARLY: "dim",
}
FEEDS = {"failing": "bold red", "silent": "bold yellow"}
T = TypeVar("T")


def render_digest(digest: Digest, terminal: Terminal) -> None:
    """All that is to tell of the span, at the width of the terminal."""
    zone = phrases.zone(digest.timezone)
    terminal.print()
    put(terminal, styled((telling.title_told(digest), "bold")))
    if telling.unread(digest):
        for words in telling.unread_told(digest):
            put(terminal, words)
        return
    for words in _gist(digest, zone):
        put(terminal, words)

    def listed(title: str, items: Sequence[T], total: int, show: Callable[[Terminal, T], None]) -> None:
        heading(terminal, f"{title} ({total:,})", items)
        for item in items[:MOST]:
            show(terminal, item)
        rest(terminal, total, min(MOST, len(items)), IN_REPORT)

    listed("Call first", digest.waiting, digest.waiting_total, _waiting)
    listed("Promises", digest.owed, digest.owed_total, lambda t, owed: _owed(t, owed, zone))
    listed("Came back", digest.returned, digest.returned_total, _return)
    listed("Thanks", digest.thanks, digest.thanks_total, _thanks)
    listed("Incidents", digest.troubles, len(digest.troubles), lambda t, one: _trouble(t, one, zone))
    _complaints(terminal, digest)
    listed("Lost", digest.lost, digest.lost_total, _loss)
    _table(terminal, "What we broke", _broken(digest.broken))
    _table(terminal, "Numbers", list(telling.numbers_told(digest)))
    _table(terminal, "Places", _places(digest.spots))
    if digest.recovering:
        _table(terminal, f"What won people back, in {digest.recovering_days} days", _recovering(digest))
    _coverage(terminal, digest, zone)
    if digest.quiet:
        return
    terminal.print()
    put(terminal, styled((f"The report names everybody: {telling.report_command(digest)}", "dim")), hang=2)


def _gist(digest: Digest, zone: tzinfo) -> list[str]:
    """What somebody reads who reads no further."""
    told = list(opening_told(digest))
    if trend := trend_told(digest):
        told.append(f"{trend}.")
    if digest.changed is not None:
        told.append(telling.changed_told(digest.changed, zone))
    return told


def bar(count: float, top: float, width: int = BAR) -> str:
    """A bar of at most `width` signs; something where there is something."""
    return "█" * (max(1, round(count / top * width)) if count > 0 and top > 0 else 0)


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


def _person(terminal: Terminal, who: Person, *facts: str) -> None:
    head = (f"{who.severity.value:<{INDENT}}", STYLES[who.severity])
    about = [phrases.where(who.source, who.feed), line(who.place, 40), *facts, f"case {who.case_id}"]
    tail = "".join(f" · {fact}" for fact in about if fact)
    put(terminal, styled(head, (telling.name_told(who.name), "bold"), tail), hang=INDENT)


def _waiting(terminal: Terminal, one: Waiting) -> None:
    _person(terminal, one.who, telling.waiting_told(one), reach_told(one.who))
    quoted(one.who.quote, one.who.link or one.who.url, terminal)


def _owed(terminal: Terminal, owed: Owed, zone: tzinfo) -> None:
    when = telling.owed_told(owed, zone)
    _person(terminal, owed.who)
    put(terminal, styled(f"{promised_told(owed)}; ", (when, "bold red" if owed.late > 0 else "")), INDENT)
    address(terminal, owed.who.link or owed.who.url, INDENT)


def _return(terminal: Terminal, one: Return) -> None:
    name = telling.name_told(one.who.name)
    told = f" {returned_told(one)} · case {one.who.case_id}"
    put(terminal, styled((name, "bold green"), told), hang=INDENT)
    for label, words in (("before", one.before), ("now", one.after)):
        if said := flat(words, 200):
            put(terminal, styled((f"{label:<7}", "dim"), f"“{said}”"), INDENT)


def _loss(terminal: Terminal, one: Loss) -> None:
    _person(terminal, one.who, lost_told(one))
    quoted(one.who.quote, one.who.link or one.who.url, terminal)


def _thanks(terminal: Terminal, one: Thanks) -> None:
    staff = staff_told(one.staff)
    about = [phrases.where(one.source, one.feed), line(one.place, 40)]
    tail = (f" thanks {staff}" if staff else "") + "".join(f" · {fact}" for fact in about if fact)
    put(terminal, styled((telling.name_told(one.name), "bold green"), tail), hang=INDENT)
    quoted(one.quote, one.url, terminal)


def _complaints(terminal: Terminal, digest: Digest) -> None:
    """Who waits and is named above is not named again. Of the rest some may be, as the two lists are cut each by its
    own order."""
    fresh = besides_waiting(digest, MOST)
    named = len(digest.complaints) - len(fresh)
    if digest.complaints_total == named:
        return
    besides = ", besides those to call first" if named else ""
    heading(terminal, f"New complaints ({digest.complaints_total:,}){besides}", digest.complaints)
    for who in fresh[:MOST]:
        _complaint(terminal, who)
    where = f"above or {IN_REPORT}" if named else IN_REPORT
    rest(terminal, digest.complaints_total, named + min(MOST, len(fresh)), where)


def _complaint(terminal: Terminal, who: Person) -> None:
    _person(terminal, who, standing_told(who))
    quoted(who.quote, who.link or who.url, terminal)


def _trouble(terminal: Terminal, one: Trouble, zone: tzinfo) -> None:
    put(terminal, styled((line(one.title, 120), "bold yellow")))
    put(terminal, telling.trouble_told(one, zone), INDENT)
    address(terminal, one.link, INDENT)


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────

Rows = list[tuple["str | Text", ...]]


def _table(terminal: Terminal, title: str, rows: Rows) -> None:
    if not rows:
        return
    heading(terminal, title, rows)
    for row in _drawn(_grid(rows), terminal):
        terminal.print(row, soft_wrap=True)


def _grid(rows: Rows) -> Table:
    from rich.table import Table

    grid = Table.grid(padding=(0, 2, 0, 0))
    for _ in rows[0]:
        grid.add_column(overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def _drawn(grid: Table, terminal: Terminal) -> list[Text]:
    """Its lines without blanks at their ends, which a pipe would keep."""
    from rich.text import Text

    found = []
    for segments in terminal.render_lines(grid, pad=False):
        row = Text.assemble(*((piece.text, piece.style or "") for piece in segments))
        row.rstrip()
        found.append(row)
    return found


def _broken(broken: Sequence[Broken]) -> Rows:
    top = max((one.figure.count for one in broken), default=0)
    return [
        (
            telling.expectation_told(one.expectation),
            f"{one.figure.count:>3,}",
            styled((bar(one.figure.count, top), AGAINST[one.figure.against] or "cyan")),
            _aside(one.figure),
        )
        for one in broken
    ]


def _aside(figure: Figure) -> Text:
    """Short, as it stands in a table: what differs is said, what is usual is not."""
    usual = telling.usual_told(figure)
    words = {
        Against.MORE: f"more than usual ({usual})",
        Against.LESS: f"fewer than usual ({usual})",
        Against.USUAL: f"as usual ({usual})",
        Against.UNKNOWN: "",
        Against.EARLY: "so far",
    }
    return styled((words[figure.against], AGAINST[figure.against]))


def _places(spots: Sequence[Spot]) -> Rows:
    return [
        (
            telling.spot_told(spot, 30),
            telling.share_told(spot.rate),
            styled(("hot: ", "bold red") if spot.hot else "", _aside(spot.complaints)),
        )
        for spot in spots[: 2 * MOST]
    ]


def _recovering(digest: Digest) -> Rows:
    rows: Rows = []
    for lever, title in telling.LEVERS.items():
        own = [one for one in digest.recovering if one.lever is lever]
        if own:
            rows.append((styled((title, "dim")), "", ""))
        rows += [
            (
                f"  {telling.recovering_told(one)}",
                telling.share_told(one.saved),
                telling.interval_told(one.saved),
            )
            for one in own
        ]
    return rows


# ── was everything heard? ────────────────────────────────────────────────────────────────────────────────


def _coverage(terminal: Terminal, digest: Digest, zone: tzinfo) -> None:
    if not digest.coverage:
        return
    heading(terminal, "Listened to", digest.coverage)
    for feed in sorted(digest.coverage, key=lambda feed: not feed.deaf):
        put(terminal, _feed(feed, zone), hang=2)


def _feed(feed: Coverage, zone: tzinfo) -> Text:
    name = f"{line(feed.feed, 60)} ({line(feed.source, 20)}): "
    return styled(name, (telling.coverage_told(feed, zone), FEEDS.get(feed.state, "")))
