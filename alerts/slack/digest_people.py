"""The people of a digest: who waits, whom we owe, what they said, who came back, whom to praise. Pure."""

from __future__ import annotations

from alerts import phrases, telling
from alerts.deeds import besides_waiting, reach_told, staff_told
from alerts.slack import actions
from alerts.slack.blocks import (
    Block,
    Element,
    Level,
    bullets,
    context,
    line_of,
    named,
    person,
    quoted,
    rich,
    section,
    words_of,
)
from alerts.slack.buttons import plain
from alerts.slack.card import SIGNS
from alerts.slack.escape import is_person, link
from alerts.slack.queue_lines import ADDRESS, tight
from alerts.words import clean, flat, line
from monitor.core.digest import Digest, Owed, Person, Return, Thanks, Waiting
from monitor.core.moves import Action
from monitor.core.pages import SHOWN

FIRST = 3
"""They stand each alone, with their words and a button; it is a phone's screen."""
WAITING, COMPLAINTS, RETURNED, LOST = (SHOWN[of] for of in ("waiting", "complaints", "returned", "lost"))
"""What is more stands on the pages in the thread."""
OWED = 6
THANKS = 4
WITHOUT_QUOTE = 20
"""So little room for a quote shows nothing of it."""


def waiting(day: Digest, level: Level, quote: int) -> list[Block]:
    """Whom to call first."""
    shown = day.waiting[:WAITING]
    if not shown:
        return []
    many = (
        f" · {phrases.plural(day.waiting_total, 'customer waits', 'customers wait')}, answered by nobody yet"
    )
    blocks = [section(f":telephone_receiver: *Call first*{many}")]
    for one in shown[:FIRST]:
        blocks += _first(one, level, quote)
    if rest := [_waiting(one) for one in shown[FIRST:]]:
        blocks.append(rich(bullets(rest)))
    return [*blocks, *more(day.waiting_total, len(shown), day.pages)]


def _first(one: Waiting, level: Level, quote: int) -> list[Block]:
    who = one.who
    name = line(who.name, 60) or phrases.NOBODY
    led = link(who.link or who.url, name, 60)
    shown = led if len(led) <= ADDRESS else tight(name, 60)
    first = f"{SIGNS[who.severity]} *{shown}* · {who.severity.value} · {tight(_place(who), 100)}"
    block = section(f"{first}\n{telling.waiting_told(one)}{_reach(who)}")
    if level is Level.FULL and who.revision:
        block["accessory"] = _claim(who)
    words = rich(quoted("", who.quote, quote)) if quote >= WITHOUT_QUOTE and line(who.quote, 20) else None
    return [block, words] if words else [block]


def _claim(who: Person) -> Element:
    """The same button as on the card. Who comes late is told who was faster."""
    return {
        "type": "button",
        "action_id": Action.CLAIM.value,
        "text": plain("Claim"),
        "value": actions.value_of(Action.CLAIM, who.case_id, who.revision),
        # read aloud, three buttons that all say "Claim" are told apart by nothing else
        "accessibility_label": line(f"Claim case {who.case_id}, {line(who.name, 40)}", 75),
    }


def _waiting(one: Waiting) -> list[Element]:
    return [*_who(one.who), words_of(f" · {_place(one.who)} · {telling.waiting_told(one)}")]


def owed(day: Digest) -> list[Block]:
    """Whoever promised is called by name."""
    shown = day.owed[:OWED]
    items = [_owed(one, day) for one in shown]
    return _titled(":handshake: *Promised*", items, day.owed_total)


def _owed(one: Owed, day: Digest) -> list[Element]:
    zone = phrases.zone(day.timezone)
    late = [words_of("Overdue: ", bold=True)] if one.late > 0 else []
    by = line(one.made_by, 40)
    who = (
        [words_of(" · "), person(one.made_by)]
        if is_person(one.made_by)
        else [words_of(f" · {by}")] * bool(by)
    )
    what = line(one.what, 120) or "something"
    return [
        *late,
        named(line(one.who.name, 40) or phrases.NOBODY, one.who.link or one.who.url),
        words_of(f" · {what} · {telling.owed_told(one, zone)}"),
        *who,
    ]


def complaints(day: Digest, quote: int) -> list[Block]:
    """Those who are not named above."""
    others = besides_waiting(day, WAITING)
    shown, named_above = others[:COMPLAINTS], len(day.complaints) - len(others)
    if not day.complaints:
        return []
    aside = f", {named_above:,} of them named above" if named_above else ""
    blocks = [section(f":speech_balloon: *What they complained of* ({day.complaints_total:,}{aside})")]
    if shown:
        blocks.append(rich(bullets(_complaint(one, quote) for one in shown)))
    return [*blocks, *more(day.complaints_total, named_above + len(shown), day.pages)]


def _complaint(one: Person, quote: int) -> list[Element]:
    return [*_who(one), words_of(f" · {_place(one)}{_expectation(one)}{_said(one.quote, quote)}")]


def returned(day: Digest, quote: int) -> list[Block]:
    """Before and after in their own words."""
    shown = day.returned[:RETURNED]
    if not shown:
        return []
    blocks = [section(f":tada: *Came back* ({day.returned_total:,})")]
    for one in shown:
        blocks.append(rich(*_returned(one, quote)))
    return [*blocks, *more(day.returned_total, len(shown), day.pages)]


def _returned(one: Return, quote: int) -> list[Element]:
    how = f" · won back {line(one.done, 120)}" if line(one.done, 20) else " · won back"
    name = named(line(one.who.name, 40) or phrases.NOBODY, one.who.link or one.who.url)
    parts = [line_of(name, words_of(f"{how}, {telling.hours_told(one.hours)} after the complaint"))]
    if quote < WITHOUT_QUOTE:
        return parts
    if line(one.before, 20):
        parts.append(_quote("Before: ", one.before, quote))
    if line(one.after, 20):
        parts.append(_quote("Now: ", one.after, quote))
    return parts


def _quote(when: str, words: str, limit: int) -> Element:
    said = words_of(clean(words, limit=limit))
    return {"type": "rich_text_quote", "elements": [words_of(when, bold=True), said]}


def lost(day: Digest) -> list[Block]:
    shown = day.lost[:LOST]
    items = [
        [
            *_who(one.who),
            words_of(f" · {_place(one.who)}" + (f" · {why}" if (why := line(one.why, 120)) else "")),
        ]
        for one in shown
    ]
    return _titled(":black_circle: *Lost*", items, day.lost_total, day.pages)


def thanks(day: Digest, quote: int) -> list[Block]:
    shown = day.thanks[:THANKS]
    return _titled(":sunflower: *Thanks*", [_thanks(one, quote) for one in shown], day.thanks_total)


def _thanks(one: Thanks, quote: int) -> list[Element]:
    staff = staff_told(one.staff)
    to = [words_of(f"For {staff} · ", bold=True)] if staff else []
    place = f", {line(one.place, 40)}" if line(one.place, 20) else ""
    return [
        *to,
        named(line(one.name, 40) or phrases.NOBODY, one.url, bold=not to),
        words_of(f" · {line(phrases.where(one.source, one.feed), 60)}{place}{_said(one.quote, quote)}"),
    ]


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────────


def more(total: int, shown: int, pages: int = 0) -> list[Block]:
    """How many are not shown here; with `pages` below, they stand there."""
    if total <= shown or not shown:
        return []
    return [context(f"and {total - shown:,} more{' in the thread' if pages else ''}")]


def _titled(title: str, items: list[list[Element]], total: int, pages: int = 0) -> list[Block]:
    if not items:
        return []
    return [section(f"{title} ({total:,})"), rich(bullets(items)), *more(total, len(items), pages)]


def _who(who: Person) -> list[Element]:
    severity = words_of(f"{who.severity.value.capitalize()} ")
    return [severity, named(line(who.name, 40) or phrases.NOBODY, who.link or who.url)]


def _place(who: Person) -> str:
    place = line(who.place, 40)
    return line(phrases.where(who.source, who.feed), 60) + (f", {place}" if place else "")


def _expectation(who: Person) -> str:
    told = telling.expectation_told(who.expectation) if who.expectation else ""
    return f" · {told[:1].lower()}{told[1:]}" if told else ""


def _reach(who: Person) -> str:
    told = reach_told(who)
    return f" · {told}" if told else ""


def _said(quote: str, limit: int) -> str:
    words = flat(quote, limit) if limit >= WITHOUT_QUOTE else ""
    return f" · “{words}”" if words else ""
