"""The digest as Markdown, for a wiki, a ticket or a mail: the same order and words as on the terminal.

What customers and operators wrote is literal: every sign that Markdown would read is escaped, no address
becomes a link by itself, and nobody is called by an `@`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from typing import TypeVar

from alerts import phrases, telling
from alerts.deeds import lost_told, promised_told, reach_told, returned_told, staff_told, standing_told
from alerts.opening import opening_told
from alerts.trend import trend_told
from alerts.words import flat, line, safe_url
from monitor.core.digest import Digest, Loss, Owed, Person, Return, Thanks, Trouble, Waiting

MOST = 50
"""People of one kind that are listed; the rest are counted."""
QUOTE = 300
_LIVE = re.compile(r"[\\`*_{}\[\]<>#|~!&$^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_AT_FIRST = re.compile(r"^(\d*)([-+=.)])")
"""What makes a list or a rule where a line begins with it."""
T = TypeVar("T")


def markdown_of(digest: Digest) -> str:
    """The whole as a text that ends with a line break."""
    zone = phrases.zone(digest.timezone)
    told = [f"# {literal(telling.title_told(digest))}"]
    if telling.unread(digest):
        return _whole([*told, *map(literal, telling.unread_told(digest))])
    told += _gist(digest, zone)
    told += _list("Call first", digest.waiting, digest.waiting_total, _waiting)
    told += _list("Promises", digest.owed, digest.owed_total, lambda owed: _owed(owed, zone))
    told += _list("Came back", digest.returned, digest.returned_total, _return)
    told += _list("Thanks", digest.thanks, digest.thanks_total, _thanks)
    told += _list("Incidents", digest.troubles, len(digest.troubles), lambda one: _trouble(one, zone))
    told += _list("New complaints", digest.complaints, digest.complaints_total, _complaint)
    told += _list("Lost", digest.lost, digest.lost_total, _loss)
    told += _tables(digest)
    told += _coverage(digest, zone)
    return _whole(told)


def literal(text: str) -> str:
    """One line of plain words, in which Markdown finds nothing to do."""
    shown = _LIVE.sub(lambda sign: f"\\{sign[0]}", text).replace("@", "@\u200b")
    return _AT_FIRST.sub(r"\1\\\2", shown)


def linked(text: str, url: str | None) -> str:
    """The words, leading to `url` where that is safe."""
    address = safe_url(url)
    if address is None:
        return literal(text)
    target = address.replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace("\\", "%5C")
    return f"[{literal(text)}]({target})"


def _whole(parts: Iterable[str]) -> str:
    return "\n\n".join(parts) + "\n"


def _gist(digest: Digest, zone: tzinfo) -> list[str]:
    first, *more = map(literal, opening_told(digest))
    told = [f"**{first}**", *more]
    if trend := trend_told(digest):
        told.append(literal(f"{trend}."))
    if digest.changed is not None:
        told.append(literal(telling.changed_told(digest.changed, zone)))
    return told


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


def _list(title: str, items: Sequence[T], total: int, show: Callable[[T], str]) -> list[str]:
    if not items:
        return []
    rows = [f"- {show(item)}" for item in items[:MOST]]
    left = total - min(MOST, len(items))
    rows += [f"- and {left:,} more"] * (left > 0)
    return [f"## {title} ({total:,})", "\n".join(rows)]


def _person(who: Person, *facts: str) -> str:
    about = [phrases.where(who.source, who.feed), line(who.place, 40), *facts, f"case {who.case_id}"]
    name = linked(telling.name_told(who.name), who.link or who.url)
    return f"**{who.severity.value}** {name}" + "".join(f" · {literal(fact)}" for fact in about if fact)


def _quote(words: str) -> str:
    said = flat(words, QUOTE)
    return f"\n  > {literal(said)}\n" if said else ""


def _waiting(one: Waiting) -> str:
    return _person(one.who, telling.waiting_told(one), reach_told(one.who)) + _quote(one.who.quote)


def _owed(owed: Owed, zone: tzinfo) -> str:
    return _person(owed.who, promised_told(owed), telling.owed_told(owed, zone))


def _return(one: Return) -> str:
    told = f" {returned_told(one)} · case {one.who.case_id}"
    name = linked(telling.name_told(one.who.name), one.who.link or one.who.url)
    return f"{name}{literal(told)}{_quote(one.before)}" + (
        f"\n  and now:\n{_quote(one.after)}" if flat(one.after, QUOTE) else ""
    )


def _thanks(one: Thanks) -> str:
    staff = staff_told(one.staff)
    about = [phrases.where(one.source, one.feed), line(one.place, 40)]
    name = linked(telling.name_told(one.name), one.url)
    tail = (f" thanks {literal(staff)}" if staff else "") + "".join(
        f" · {literal(fact)}" for fact in about if fact
    )
    return f"{name}{tail}{_quote(one.quote)}"


def _trouble(one: Trouble, zone: tzinfo) -> str:
    return f"{linked(line(one.title, 120), one.link)}: {literal(telling.trouble_told(one, zone))}"


def _complaint(who: Person) -> str:
    return _person(who, standing_told(who)) + _quote(who.quote)


def _loss(one: Loss) -> str:
    return _person(one.who, lost_told(one)) + _quote(one.who.quote)


# ── figures ──────────────────────────────────────────────────────────────────────────────────────────────


def _tables(digest: Digest) -> list[str]:
    period = telling.period_of(digest)
    broken = [
        (telling.expectation_told(one.expectation), telling.figure_told(one.figure, period))
        for one in digest.broken
    ]
    spots = [
        (
            telling.spot_told(spot, 40),
            telling.share_told(spot.rate),
            ("hot: " if spot.hot else "") + telling.against_told(spot.complaints, period),
        )
        for spot in digest.spots
    ]
    recovering = [
        (telling.LEVERS[one.lever], telling.recovering_told(one), telling.share_told(one.saved))
        for one in digest.recovering
    ]
    return [
        *_table("What we broke", ("What", "Complaints"), broken),
        *_table("Numbers", ("What", "How many"), telling.numbers_told(digest)),
        *_table("Places", ("Place", "Complaints of posts", "Against its past"), spots),
        *_table("What won people back", ("By", "What", "Won back"), recovering),
    ]


def _table(title: str, head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> list[str]:
    if not rows:
        return []
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(literal(cell) for cell in row)} |" for row in rows]
    return [f"## {title}", "\n".join(lines)]


def _coverage(digest: Digest, zone: tzinfo) -> list[str]:
    rows = [
        f"- {literal(line(feed.feed, 60))} ({literal(line(feed.source, 20))}): "
        f"{literal(telling.coverage_told(feed, zone))}"
        for feed in sorted(digest.coverage, key=lambda feed: not feed.deaf)
    ]
    return ["## Listened to", "\n".join(rows)] if rows else []
