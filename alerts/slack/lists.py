"""Messages about many cases: backlog, storm, its rosters, and the digest. Pure, like `alerts.slack.blocks`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from alerts import phrases
from alerts.slack.blocks import (
    Block,
    Element,
    Level,
    bullets,
    context,
    joined,
    named,
    rich,
    section,
    words_of,
)
from alerts.slack.escape import date, literal
from alerts.words import flat, line
from monitor.core.digest import Coverage, Digest, Numbers, Person, Thanks
from monitor.core.message import Backlog, CaseLine, Message, Roster, Storm

WORST = 10
VOICES = 6
FEEDS = 12
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


def roster(message: Message, page: Roster, level: Level) -> tuple[str, list[Block]]:
    """Every line stays at every level; poorer levels say less of each."""
    zone = phrases.zone(message.timezone)
    text = f"Customers of this storm, page {page.page}: {phrases.plural(len(page.lines), 'case')}"
    return text, [section(f"*{text}*"), *_cases(page.lines, level, zone)]


def digest(day: Digest, level: Level) -> tuple[str, list[Block]]:
    zone = phrases.zone(day.timezone)
    when = phrases.span(day.since, day.until, zone)
    text = (
        f"{day.business}, {when}: {phrases.plural(day.numbers.complaints.count, 'complaint')}, "
        f"{phrases.plural(day.numbers.waiting, 'case')} waiting"
    )
    first = section(f":newspaper: *{literal(day.business, 80)} · {when}*\n{_numbers(day.numbers)}")
    troubled = day.deaf
    if level is Level.MINIMAL:
        return text, [first, *_coverage(day.coverage, troubled)]
    blocks = [first]
    waiting = [_person(one.who, f" · {phrases.age(one.hours)}") for one in day.waiting]
    blocks += _titled(":hourglass_flowing_sand: *Waiting, worst first*", waiting)
    blocks += _rest(day.waiting_total, min(WORST, len(day.waiting)), "waiting")
    if level is Level.FULL:
        heard = [_person(who) for who in day.complaints[:VOICES]]
        blocks += _titled(":speech_balloon: *What they complained of*", heard)
        blocks += _rest(day.complaints_total, len(heard), "complaints")
        praise = [_thanks(kind) for kind in day.thanks[:VOICES]]
        blocks += _titled(":sunflower: *Praise*", praise)
        blocks += _rest(day.thanks_total, len(praise), "with praise")
    return text, [*blocks, *_coverage(day.coverage, troubled)]


def _numbers(day: Numbers) -> str:
    recovered = f" ({day.recovered:,} won back)" if day.recovered else ""
    numbers = [
        f"Heard *{day.heard.count:,}*",
        f"complaints *{day.complaints.count:,}*",
        f"new cases *{day.opened:,}*",
        f"closed *{day.closed:,}*{recovered}",
        f"waiting *{day.waiting:,}*",
    ]
    if day.backlog:
        numbers.append(f"backlog *{day.backlog:,}*")
    return " · ".join(numbers)


def _coverage(feeds: Sequence[Coverage], troubled: Sequence[Coverage]) -> list[Block]:
    """Troubled feeds by name, the others in one line: a quiet day must not hide a deaf ear."""
    lines = []
    for feed in troubled[:FEEDS]:
        since = feed.since or feed.last_success
        asof = f" since {date(since, since.strftime('%d %b %H:%M UTC'))}" if since else ""
        why = f": {literal(feed.error, 160)}" if feed.error else ""
        lines.append(f":warning: *{literal(feed.feed, 60)}* is {literal(feed.state, 20)}{asof}{why}")
    if len(troubled) > FEEDS:
        lines.append(f"and {len(troubled) - FEEDS} more feeds in trouble")
    well = [feed for feed in feeds if feed not in troubled]
    names = joined((f"{literal(f.feed, 40)} ({f.heard:,}{_aside(f.state)})" for f in well[:30]), ", ", 1_500)
    if names:
        lines.append(f"*Listened to:* {names}{' and others' if len(well) > 30 else ''}")
    if not feeds:
        lines.append("No feed is listened to yet.")
    # A context element takes less room than a section and has the same limit, but takes ten at most.
    return [context(text) for text in lines]


def _aside(state: str) -> str:
    return "" if state == "heard" else f", {literal(state, 20)}"


def _person(who: Person, facts: str = "") -> list[Element]:
    owner = line(who.owner or "", 40) or "nobody"
    where = f" · {phrases.where(who.source, who.feed)}{facts} · {who.state.value}, {owner}"
    return [
        words_of(f"{who.severity.value.capitalize()} "),
        named(line(who.name, 40) or phrases.NOBODY, who.link or who.url),
        words_of(where + _said(who.quote, LIST_QUOTE)),
    ]


def _thanks(kind: Thanks) -> list[Element]:
    where = f" · {phrases.where(kind.source, kind.feed)}"
    name = line(kind.name, 40) or phrases.NOBODY
    return [named(name, kind.url), words_of(where + _said(kind.quote, LIST_QUOTE))]


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


def _titled(title: str, items: list[list[Element]]) -> list[Block]:
    return [section(title), rich(bullets(items[:WORST]))] if items else []


def _rest(total: int, shown: int, what: str) -> list[Block]:
    return [context(f"and {total - shown:,} more {what}")] if shown and total > shown else []


def _span(found: Backlog, zone: tzinfo) -> str:
    if found.oldest is None or found.newest is None:
        return ""
    return f", from {phrases.day(found.oldest, zone)} to {phrases.day(found.newest, zone)}"
