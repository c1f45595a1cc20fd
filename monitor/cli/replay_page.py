"""What a replay came to, for a support lead at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.cli.replay_shown import Replayed, Shown, evidence, shown
from monitor.cli.replay_words import channel, counted, headline, left_out, people, routes
from monitor.cli.show import screen, table
from monitor.core.labels import Label
from monitor.core.model import Severity
from monitor.core.replay_diff import Change, Kind
from monitor.core.triage import figure
from monitor.logs import visible

if TYPE_CHECKING:
    from rich.console import Console

    from monitor.core.model import Verdict
    from monitor.core.replay_cases import Side

MOST = 10
"""Cases of a list that are shown unless all are asked for."""
QUOTE = 160
"""Characters of a post that are shown, around the words that count."""
WORD = {Label.COMPLAINT: "a complaint", Label.NOT_A_COMPLAINT: "no complaint"}


def page(told: Replayed, *, everything: bool) -> None:
    out = screen()
    if len(told.outcomes) > 1:
        _several(told, out)
        return
    ((line, made),) = told.outcomes.items()
    _say(out, headline(made, line, told))
    for sentence in people(made):
        _say(out, sentence, "  ", "    ", style="bold" if sentence.startswith("!") else "")
    for title, kinds in (
        ("Would alert now", {Kind.MORE}),
        ("Would not alert any more", {Kind.FEWER}),
        ("Would be told otherwise", set(Kind) - {Kind.MORE, Kind.FEWER, Kind.ROUTE}),
        ("Would go to another channel", {Kind.ROUTE}),
    ):
        chosen = [change for change in made.changes if not kinds.isdisjoint(change.kinds)]
        if not chosen:
            continue
        if Kind.ROUTE in kinds:
            # a new channel concerns every case: which ones only says who asks for all
            out.print()
            out.print(f"{title} ({len(chosen):,})", style="bold")
            for way in routes(chosen):
                _say(out, way, "  ")
            chosen = [change for change in chosen if change.kinds == (Kind.ROUTE,)] if everything else []
            for one in shown(told, line, sorted(chosen, key=_weight)):
                _case(out, one, line, told.zone)
            continue
        some = sorted(chosen, key=_weight)[: None if everything else MOST]
        out.print()
        out.print(f"{title} ({counted(len(chosen), len(some))})", style="bold")
        for one in shown(told, line, some):
            _case(out, one, line, told.zone)
        if len(some) < len(chosen):
            out.print(f"  and {len(chosen) - len(some):,} more: --all shows all of them")
    out.print()
    out.print("Left out of account", style="bold")
    for item in left_out(made):
        _say(out, item, "  - ", "    ")


def _weight(change: Change) -> tuple[bool, bool, int, float]:
    """What is critical first, then what people had taken for a complaint, then the worst, then the newest."""
    severity = max(
        (side.severity for side in (change.before, change.after) if side), key=lambda one: one.rank
    )
    real = change.unit.word is Label.COMPLAINT
    return severity is not Severity.CRITICAL, not real, -severity.rank, -change.at.timestamp()


def _several(told: Replayed, out: Console) -> None:
    """One row for each line that was tried: which cases would change is shown for one alone."""
    _say(out, headline(next(iter(told.outcomes.values())), None, told))
    rows = []
    for line, made in sorted(told.outcomes.items()):
        posts = made.posts
        right = f"{posts.right_now} of {posts.judged}" if posts.judged else "–"
        counts = (made.after, made.counts[Kind.MORE], made.counts[Kind.FEWER], made.missed, made.spared)
        rows.append((f"{line:g}", *(f"{count:,}" for count in counts), right))
    out.print()
    table("line", "alerts", "more", "fewer", "real ones lost", "false ones gone", "right", rows=rows)
    out.print()
    _say(out, "“Real” and “false” by what people took them for; “right” of the posts that they judged.")
    _say(out, "Name one --threshold to see which cases these are.")


# ── one case ─────────────────────────────────────────────────────────────────────────────────────────────


def _case(out: Console, one: Shown, line: float, zone: ZoneInfo) -> None:
    change, mention = one.change, one.heard.mention
    when = (mention.published or one.heard.first_seen).astimezone(zone)
    head = [mention.author.name or "anonymous", mention.source, f"{when.day} {when:%b %Y %H:%M}"]
    out.print()
    _say(out, " · ".join([*head, *_differences(change)]), "  ", "    ", style="bold")
    _say(out, f"“{_quote(one)}”", "    ")
    words = [f"“{item.words}”" for item in evidence(one) if item.end > item.start]
    if words:
        _say(out, f"on the words {', '.join(dict.fromkeys(words))}", "    ")
    then, now = _then(one, line), _now(one, line)
    if then == now:
        _say(out, f"then as now: {then}", "    ", "      ")
    else:
        _say(out, f"then: {then}", "    ", "      ")
        _say(out, f"now: {now}", "    ", "      ")
    if mention.url:
        out.print(f"    {visible(mention.url)}", soft_wrap=True)


def _differences(change: Change) -> list[str]:
    before, after, unit = change.before, change.after, change.unit
    found: list[str] = []
    if before is None or after is None:
        found += [side.severity.value for side in (before, after) if side is not None]
        if not (unit.would_be_loud if after else unit.loud):
            found.append("summed up, no ping")
    else:
        for then, now in (
            (before.severity.value, after.severity.value),
            (_expectation(before), _expectation(after)),
            (channel(before), channel(after)),
        ):
            if then != now:
                found.append(f"{then} → {now}")
        if Kind.EARLIER in change.kinds or Kind.LATER in change.kinds:
            days = abs((after.at - before.at).total_seconds()) / 86_400
            span = (
                f"{days:.0f} days"
                if days >= 1.5
                else f"{days * 24:.0f} h"
                if days * 24 >= 1
                else "less than 1 h"
            )
            found.append(f"{span} {'earlier' if after.at < before.at else 'later'}")
        found += ["alerted by itself"] * (Kind.LOUDER in change.kinds)
        found += ["summed up, no ping"] * (Kind.QUIETER in change.kinds)
    if unit.again is not None and before is None:
        found.append(f"opens case {unit.again} again")
    elif unit.case_id is not None:
        found.append(f"case {unit.case_id}")
    if unit.word is not None:
        found.append(f"people say {WORD[unit.word]}")
    return found


def _expectation(side: Side) -> str:
    return (side.expectation or "no expectation").replace("_", " ")


def _then(one: Shown, line: float) -> str:
    then = one.heard.verdict
    return _judged(then.severity, then, then.reasons, line)


def _now(one: Shown, line: float) -> str:
    after, now = one.change.after, one.now
    if after is None:
        return "a rule would hold it back" if now.is_complaint else _judged(None, now, now.reasons, line)
    if after.gone and after.lead == one.heard.id:
        return "as then, for its words are gone"
    return _judged(one.severity_now, now, one.reasons_now, line)


def _judged(severity: Severity | None, verdict: Verdict, reasons: Sequence[str], line: float) -> str:
    if severity is None and not reasons and verdict.complaint < line:
        return f"no complaint: {figure(verdict.complaint)}, and {line:g} is the line"
    word = severity.value if severity else "no complaint"
    return f"{word} ({figure(verdict.complaint)}){': ' if reasons else ''}{'; '.join(reasons)}"


def _quote(one: Shown) -> str:
    """The post in one line, or the part of it around the first words that count."""
    words = one.heard.mention.words
    first = next((item.start for item in evidence(one) if item.end > item.start), 0)
    start = max(0, min(first - QUOTE // 3, len(words) - QUOTE))
    part = " ".join(visible(words[start : start + QUOTE]).split())
    before, after = "…" * (start > 0), "…" * (start + QUOTE < len(words))
    return f"{before}{part}{after}" if part else "(no words)"


def _say(out: Console, text: str, first: str = "", rest: str | None = None, style: str = "") -> None:
    lines = textwrap.wrap(
        " ".join(visible(text).split()) if first else visible(text),
        min(out.width, 100),
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
    )
    for line in lines:
        out.print(line, style=style or None)
