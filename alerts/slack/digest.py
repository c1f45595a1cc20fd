"""The story of a day or a week as Slack's blocks: people before numbers, a screen of a phone for the essentials.

Pure, like `alerts.slack.blocks`. Every drawing begins with rich_text, as Slack refuses to replace a message that has
some by one that has none, and a digest is drawn anew whenever somebody asks for it.
"""

from __future__ import annotations

from typing import Any

from alerts import phrases, telling
from alerts.opening import opening_told
from alerts.phrases import plural
from alerts.slack import charts
from alerts.slack import digest_people as people
from alerts.slack.blocks import (
    Block,
    Level,
    bullets,
    context,
    emoji,
    joined,
    line_of,
    named,
    rich,
    section,
    weight,
    words_of,
)
from alerts.slack.escape import escape
from alerts.slack.queue_lines import tight
from alerts.trend import trend_told
from alerts.words import line
from monitor.core.digest import Digest, Length, Recovering, Spot

ROOM = 11_500
"""Characters of all blocks together: Slack refuses a message of about 13,200."""
MOST_BLOCKS = 50
QUOTES = (220, 120, 60, 0)
"""Characters of each quote: where all together are too long, each says less, and nobody is left out."""
TROUBLES = 5
SPOTS = 6
DEAF = 8
LEVERS = 4
"""Rows of each lever."""


def digest(day: Digest, level: Level) -> tuple[str, list[Block]]:
    """Top-level text and blocks."""
    text = f"{telling.title_told(day)}: {' '.join(opening_told(day))}"
    if level is Level.MINIMAL:
        return text, _plainest(day, text)
    blocks: list[Block] = []
    for quote in QUOTES:
        blocks = _story(day, level, quote)
        if weight(blocks) <= ROOM and len(blocks) <= MOST_BLOCKS:
            return text, blocks
    return text, _plainest(day, text)


def _story(day: Digest, level: Level, quote: int) -> list[Block]:
    """All of it, what is most urgent first."""
    return [
        _title(day),
        *_summary(day),
        *_troubles(day),
        *people.waiting(day, level, quote),
        *people.owed(day),
        *people.complaints(day, quote),
        *people.returned(day, quote),
        *people.lost(day),
        *people.thanks(day, quote),
        *_broken(day, level),
        *_trend(day, level),
        *_numbers(day),
        *_spots(day),
        *_recovering(day),
        *_coverage(day),
        *_foot(day),
    ]


# ── the head ─────────────────────────────────────────────────────────────────────────────────────────────


def _title(day: Digest) -> Block:
    return rich(line_of(emoji("newspaper"), words_of(f" {telling.title_told(day)}", bold=True)))


def _summary(day: Digest) -> list[Block]:
    if telling.unread(day):
        return [section("\n".join(escape(told) for told in telling.unread_told(day)))]
    lines = []
    if day.quiet:
        lines.append(f"{':grey_question:' if day.unlistened else ':sunny:'} *{telling.quiet_told(day)}*")
    else:
        complaints = telling.against_told(day.numbers.complaints, telling.period_of(day))
        lines.append(
            f"*{plural(day.numbers.complaints.count, 'complaint')}*, {complaints} · "
            f"{plural(day.numbers.heard.count, 'post')} heard"
        )
        lines.append(" · ".join(_at_a_glance(day)) or "Nobody waits, and no promise is due.")
    if day.quiet or not day.all_heard:
        # a quiet day must not hide a deaf ear, and a well heard one may say so
        lines.append(f"{':ear:' if day.all_heard else ':warning:'} {tight(telling.hearing_told(day), 500)}")
    blocks = [section("\n".join(lines))]
    if day.changed is not None:
        told = telling.changed_told(day.changed, phrases.zone(day.timezone))
        blocks.append(context(f":arrows_counterclockwise: {tight(told, 500)}"))
    return blocks


def _at_a_glance(day: Digest) -> list[str]:
    told = [
        (day.waiting_total, f"*{day.waiting_total:,} waiting* for a first answer"),
        (
            day.owed_total,
            f"{plural(day.owed_total, 'promise')} due"
            + (f" ({day.overdue:,} overdue)" if day.overdue else ""),
        ),
        (day.returned_total, f"{day.returned_total:,} won back"),
        (day.lost_total, f"{day.lost_total:,} lost"),
        (day.thanks_total, f"{day.thanks_total:,} with thanks"),
    ]
    return [words for count, words in told if count]


def _troubles(day: Digest) -> list[Block]:
    zone = phrases.zone(day.timezone)
    items = [
        [
            named(line(one.title, 80) or "Many complaints with one cause", one.link),
            words_of(f" · {telling.trouble_told(one, zone)}"),
        ]
        for one in day.troubles[:TROUBLES]
    ]
    rest = people.more(len(day.troubles), len(items))
    return (
        [section(":rotating_light: *Many complaints with one cause*"), rich(bullets(items)), *rest]
        if items
        else []
    )


# ── what went wrong, and where ───────────────────────────────────────────────────────────────────────────


def _broken(day: Digest, level: Level) -> list[Block]:
    chart = charts.broken(day) if level is Level.FULL else None
    if chart is not None:
        more = joined((tight(told, 160) for told in charts.unusual(day)), "\n", 900)
        return [chart, *([context(more)] if more else [])]
    told = [[words_of(words)] for words in charts.broken_text(day)]
    return [section(":bar_chart: *What we broke*"), rich(bullets(told))] if told else []


def _trend(day: Digest, level: Level) -> list[Block]:
    chart = charts.trend(day) if level is Level.FULL else None
    if chart is not None:
        holes = charts.holes(day)
        return [chart, context(holes)] if holes else [chart]
    told = trend_told(day)
    return [context(f":chart_with_upwards_trend: {told}.")] if told else []


def _numbers(day: Digest) -> list[Block]:
    """Ten fields at most."""
    fields: list[dict[str, Any]] = [
        {"type": "mrkdwn", "text": f"*{what[:1].upper()}{what[1:]}*\n{escape(told)}", "verbatim": True}
        for what, told in telling.numbers_told(day)
    ]
    return [{"type": "section", "fields": fields[:10]}] if fields else []


def _with_interval(told: str, interval: str) -> str:
    return f"{told}, {interval}" if interval else told


def _spots(day: Digest) -> list[Block]:
    """Hot ones first, then where most complaints are; places without any are left to the report."""
    hot_first = sorted(day.spots, key=lambda one: (not one.hot, -one.complaints.count))
    shown = [one for one in hot_first if one.hot or one.complaints.count][:SPOTS]
    if not shown:
        return []
    period = telling.period_of(day)
    return [section(":round_pushpin: *Where*"), rich(bullets([_spot(one, period) for one in shown]))]


def _spot(one: Spot, period: str) -> list[dict[str, Any]]:
    sign = [emoji("fire"), words_of(" ")] if one.hot else []
    usual = telling.usual_told(one.complaints)
    compared = f" · {telling.against_told(one.complaints, period)}" if usual else ""
    return [
        *sign,
        words_of(telling.spot_told(one, 60) or "somewhere", bold=True),
        words_of(f" {plural(one.complaints.count, 'complaint')} · {telling.share_told(one.rate)}{compared}"),
    ]


def _recovering(day: Digest) -> list[Block]:
    """A line for each lever."""
    rows = []
    for lever, title in telling.LEVERS.items():
        found = [one for one in day.recovering if one.lever is lever][:LEVERS]
        if found:
            told = "; ".join(map(_saved, found))
            rows.append([words_of(f"{title}: ", bold=True), words_of(told)])
    if not rows:
        return []
    over = f", over {plural(day.recovering_days, 'day')}" if day.recovering_days else ""
    return [section(f":seedling: *What wins people back*{over}"), rich(bullets(rows))]


def _saved(one: Recovering) -> str:
    """`What they got 70% (31 of 44), likely 56% to 82%`"""
    what = telling.recovering_told(one) or "Something else"
    return f"{what} {_with_interval(telling.share_told(one.saved), telling.interval_told(one.saved))}"


# ── was everything heard? ────────────────────────────────────────────────────────────────────────────────


def _coverage(day: Digest) -> list[Block]:
    """Troubled feeds by name, the others in one line."""
    if telling.unread(day):
        return []
    zone = phrases.zone(day.timezone)
    lines = [
        f":warning: *{tight(one.feed, 60)}* is {tight(telling.coverage_told(one, zone), 320)}"
        for one in day.deaf[:DEAF]
    ]
    if len(day.deaf) > DEAF:
        lines.append(f"and {len(day.deaf) - DEAF} more feeds in trouble")
    well = [one for one in day.coverage if not one.deaf]
    names = joined(
        (f"{tight(one.feed, 40)} ({_heard(one.state, one.heard)})" for one in well[:30]), ", ", 900
    )
    if names:
        lines.append(f":ear: *Listened to:* {names}{' and others' if len(well) > 30 else ''}")
    return [context(told) for told in lines]


def _heard(state: str, heard: int) -> str:
    told = {"heard": f"{heard:,}", "quiet": "nothing new"}
    return told.get(state) or line(telling.STATES.get(state, state), 20)


def _foot(day: Digest) -> list[Block]:
    told = [f"As known at {phrases.moment(day.told, phrases.zone(day.timezone))}."]
    if day.pages:
        told.append(f":thread: The long lists are in the thread: {plural(day.pages, 'page')}.")
    if day.length is Length.WEEK:
        command = telling.report_command(day).replace("`", "'")
        told.append(f"The whole report: `{escape(command)}`.")
    return [context(" ".join(told))]


def _plainest(day: Digest, text: str) -> list[Block]:
    """Literal words alone: who waits, and whether everything was heard. Nothing that Slack could find wrong."""
    lines = [
        f"{one.who.severity.value.capitalize()} {line(one.who.name, 30) or phrases.NOBODY}, "
        f"case {one.who.case_id}, {telling.waiting_told(one)}"
        for one in day.waiting[: people.WAITING]
    ]
    lines.append(telling.hearing_told(day)[:600])
    return [rich(line_of(words_of(line(text, 600))), bullets([words_of(told)] for told in lines))]
