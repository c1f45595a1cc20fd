"""Facts as tables for people: readable at 80 columns and in a pipe, with nothing live in a customer's words."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from monitor.cli.verdicts import broke
from monitor.core.clock import spoken
from monitor.logs import visible

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.core.casefile import File
    from monitor.core.model import Case, Heard
    from monitor.core.ports import Finding
    from monitor.core.preview import Preview
    from monitor.core.queue import Line, Queue
    from monitor.core.store import Account
    from monitor.health import Status
    from monitor.rules import Tried

WIDTH = 80


def screen() -> Console:
    from rich.console import Console

    terminal = sys.stdout.isatty()
    return Console(markup=False, emoji=False, highlight=False, width=None if terminal else WIDTH)


def table(*columns: str, rows: Sequence[Sequence[Any]]) -> None:
    """Every cell in one line of words made harmless; the last column takes what room there is."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for index, name in enumerate(columns):
        last = index == len(columns) - 1
        grid.add_column(
            name, no_wrap=not last, overflow="ellipsis" if not last else "fold", ratio=1 if last else None
        )
    for row in rows:
        grid.add_row(*(Text(visible(str(cell))) for cell in row))
    screen().print(grid)


def case_table(rows: Sequence[tuple[Case, Heard | None]]) -> None:
    if not rows:
        screen().print("No case is open. `--all` shows the closed ones.")
        return
    table(
        "id",
        "severity",
        "state",
        "customer",
        "owner",
        "words",
        rows=[
            (
                case.id,
                case.severity.value,
                case.state.value + (" (backlog)" if case.backlog else ""),
                _short(case.name or "anonymous", 18),
                _short(case.owner or "nobody", 12),
                _short(cue.mention.words if cue else "", 70),
            )
            for case, cue in rows
        ],
    )


def case_file(file: File, timezone: str) -> None:
    from monitor.core.story import history_line, moment_of

    case, zone = file.case, ZoneInfo(timezone)
    out = screen()
    name = visible(case.name) or "anonymous"
    out.print(f"Case {case.id} · {case.severity.value} · {case.state.value} · {name} · {case.source}")
    out.print(f"owner: {visible(case.owner or 'nobody')}   opened: {_local(case.opened, zone)}", end="")
    out.print("   backlog: no clock, no ping" if case.backlog else "")
    for told in _standing(file, zone):
        out.print(visible(told))
    for heard in file.mentions:
        out.print()
        when = _local(heard.mention.published or heard.first_seen, zone)
        rating = heard.mention.rating
        stars = f" · {rating.stars:g} of {rating.scale:g} stars" if rating else ""
        gone = " · deleted at its source" if heard.gone_at else ""
        name = heard.mention.author.name
        other = f" · {name}" if name and name != case.name else ""
        out.print(visible(f"{when} · {heard.feed}{other}{stars}{gone}"), style="bold")
        for line in heard.mention.words.splitlines() or ["(no words)"]:
            out.print(f"  {visible(line)}", soft_wrap=False)
        if heard.verdict.reasons:
            out.print(f"  why: {visible('; '.join(heard.verdict.reasons))}")
        if heard.verdict.evidence:
            words = "; ".join(f"“{e.words}”" for e in heard.verdict.evidence)
            out.print(f"  on the words: {visible(words)}")
        for broken in broke(heard.verdict):
            quoted = f"on the words “{broken.words}”" if broken.end > broken.start else f"by {broken.words}"
            on = f" {quoted}" if broken.words else ""
            out.print(f"  broke: {visible(broken.signal.replace('_', ' ') + on)}")
        if heard.verdict.staff:
            out.print(f"  staff: {visible(', '.join(heard.verdict.staff))}")
        if heard.verdict.kind:
            out.print(f"  kind: {visible(heard.verdict.kind)}")
        if heard.mention.url:
            out.print(f"  {visible(heard.mention.url)}", soft_wrap=True)
    out.print()
    out.print("History", style="bold")
    for event in file.events:
        note = f": {event.note}" if event.note else ""
        at = moment_of(event.data or {})
        done = history_line(event) + (f" {_local(at, zone)}" if at else "")
        out.print(visible(f"  {_local(event.at, zone)}  {done} → {event.after.value}{note}"))


def _standing(file: File, zone: ZoneInfo) -> list[str]:
    """What the case waits for, what was promised, and whose it is beside."""
    case, found = file.case, []
    if case.level:
        found.append(f"escalated to level {case.level}")
    if case.snoozed:
        found.append(f"asleep until {_local(case.wake, zone) if case.wake else 'something happens'}")
    elif case.waiting:
        found.append(f"waiting for the customer since {_local(case.waiting, zone)}")
    for one in file.promises:
        found.append(
            f"promise {one.id}, {one.outcome or 'due'} {_local(one.ended or one.due, zone)}: {one.what}"
        )
    if file.linked:
        found.append(f"the same customer: {', '.join(f'case {number}' for number in file.linked)}")
    return found


def mention_table(found: Sequence[Heard]) -> None:
    if not found:
        screen().print("Nothing of the kind was heard.")
        return
    table(
        "id",
        "judged",
        "sure",
        "author",
        "words",
        rows=[
            (
                heard.id,
                judged(heard),
                f"{heard.verdict.complaint:.2f}",
                _short(heard.mention.author.name or "anonymous", 16),
                _short(heard.mention.words or "(no words)", 160),
            )
            for heard in found
        ],
    )


def judged(heard: Heard) -> str:
    """What became of it, in a word."""
    severity = heard.verdict.severity
    if severity is None:
        return "praise" if heard.verdict.praise else "-"
    return "held back" if heard.case_id is None else severity.value


def rule_page(found: Sequence[Tried]) -> None:
    out = screen()
    if not found:
        out.print(
            "No rule is in force, and none is proposed: three dismissals with --not-a-complaint that have "
            "something in common propose one."
        )
    for tried in found:
        one = tried.in_force
        out.print(visible(f"{tried.rule.key}  {tried.rule}"), style="bold")
        if one is not None:
            out.print(
                visible(f"  in force since {one.at:%Y-%m-%d} by {one.by}: holds back {len(tried.held):,}")
            )
        else:
            out.print(f"  proposed by {tried.dismissals} dismissals; `rules accept {tried.rule.key}`")
        out.print(f"  of the stored complaints it covers {len(tried.would_hold):,}, such as:")
        for heard in tried.would_hold[:3]:
            out.print(f"    {heard.id}  “{_short(heard.mention.words, 60)}”")


def status_page(status: Status, now: datetime) -> None:
    out = screen()
    out.print(f"heard {status.mentions:,} mentions, {status.complaints:,} of them complaints")
    if status.held_back:
        out.print(f"rules   {status.held_back:,} complaints held back: `complaint-monitor rules list`")
    out.print(f"cases   {_tally(status.cases)}")
    out.print(f"outbox  {_tally(status.outbox)}")
    for one in status.listeners:
        line = one.line
        renewed = f", {line.renewed} new sockets since it began" if line.renewed else ""
        told = f"{line.link} for {spoken(now - line.since)} ({one.holder}){renewed}"
        out.print(visible(f"clicks  {told}"))
        if line.fault:
            out.print(visible(f"! {line.fault}"), style="bold red")
    if status.deaf:
        out.print("! Nobody hears Slack's buttons now: `complaint-monitor run` does.", style="bold red")
    for trouble in status.troubles:
        out.print(visible(f"! {trouble.destination}: {trouble.message}"), style="bold red")
    if not status.feeds:
        out.print("No feed was read yet: `complaint-monitor run --once` reads those in the settings.")
        return
    out.print()
    rows = []
    for feed, state in status.feeds:
        last = f"{spoken(now - feed.last_success)} ago" if feed.last_success else "never"
        due = "now" if feed.next_due <= now else f"in {spoken(feed.next_due - now)}"
        rows.append(
            (
                _short(feed.name, 20),
                feed.source,
                state,
                last,
                due if state not in ("imported", "removed", "paused") else "–",
                feed.last_error if feed.failures else "",
            )
        )
    table("feed", "source", "state", "last success", "next", "fault", rows=rows)


def account_page(account: Account) -> None:
    out = screen()
    out.print(f"{account.complaints:,} complaint mentions, each in one place:")
    for name in ("delivered", "queued", "summarised", "suppressed", "unaccounted"):
        out.print(f"  {getattr(account, name):>9,}  {name}")
    if account.unaccounted:
        out.print(
            "! Some complaints were told to nobody. `complaint-monitor status` and the log say what failed; "
            "`cases list` still holds them.",
            style="bold red",
        )


def findings_page(findings: Sequence[Finding]) -> None:
    out = screen()
    for finding in findings:
        sign, style = ("ok  ", "green") if finding.ok else ("FAIL", "bold red")
        from rich.text import Text

        detail = f": {visible(finding.detail)}" if finding.detail else ""
        out.print(Text.assemble((sign, style), f"  {visible(finding.what)}{detail}"))
        if not finding.ok and finding.remedy:
            out.print(f"      → {visible(finding.remedy)}")


def preview_page(query: str, made: Preview) -> None:
    """Four counts, then the posts that would be treated otherwise, each with what it is kept for."""
    out = screen()
    out.print(f"read as: {visible(query)}")
    out.print(f"{made.read:,} posts, compared with what is kept now:")
    for name in ("kept_by_both", "newly_kept", "newly_dropped", "dropped_by_both"):
        out.print(f"  {getattr(made, name):>9,}  {name.replace('_', ' ')}")
    for title, why, changes, count in (
        ("Newly kept", "then", made.kept_examples, made.newly_kept),
        ("Newly dropped", "now", made.dropped_examples, made.newly_dropped),
    ):
        if not changes:
            continue
        out.print()
        out.print(f"{title} ({len(changes)} of {count:,})", style="bold")
        for change in changes:
            mention = change.mention
            out.print(f"  {_short(mention.author.name or 'anonymous', 30)} · {visible(mention.source)}")
            out.print(f"    “{_short(mention.words, 140)}”")
            out.print(f"    {why}: {_short(change.why, 140)}")


def queue_page(queue: Queue) -> None:
    """One table for each shelf that holds something."""
    from monitor.core.queue_words import TITLES, beyond, clear, heard, summary

    out = screen()
    out.print(clear(queue) if queue.clear else f"What waits: {summary(queue)}.", style="bold")
    out.print(visible(heard(queue.hearing, queue.now)))
    if more := beyond(queue):
        out.print(f"Beside these: {more}.")
    for one in queue.shelves:
        if not one.lines:
            continue
        out.print()
        out.print(f"{TITLES[one.shelf]} ({one.total:,})", style="bold")
        rows = [_waiting(line, queue.now) for line in one.lines]
        table("id", "severity", "customer", "owner", "next", "how it stands", rows=rows)
        if (rest := one.total - len(one.lines)) > 0:
            out.print(f"and {rest:,} more: `--limit {one.total}` shows all")


def _waiting(line: Line, now: datetime) -> tuple[object, ...]:
    from monitor.core.queue_words import aged, left, owed, rests

    case = line.case
    stands = line.stands
    facts = (left(stands, now), owed(stands, now), rests(stands, now), aged(line, now))
    told = "; ".join(filter(None, facts))
    return (
        case.id,
        case.severity.value,
        _short(case.name or "anonymous", 14),
        _short(case.owner or "nobody", 11),
        line.move.value,
        f"{told} “{_short(line.quote or '(no words)', 60)}”",
    )


def _tally(counts: Any) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"


def _short(text: str, limit: int) -> str:
    line = " ".join(visible(text).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
