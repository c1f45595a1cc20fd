"""The whole case in a modal: how it stands, every post in its own words (names of staff too), promises, history, and
all that can be done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import Any

from alerts import phrases
from alerts.slack.blocks import Block, context, quoted, rich, section
from alerts.slack.buttons import button, every, plain, rows
from alerts.slack.card import moments, sign, standing
from alerts.slack.escape import link, literal, mentioned
from alerts.words import line
from monitor.core.casefile import File
from monitor.core.clocks import Clocks
from monitor.core.compose import SAID
from monitor.core.message import Card
from monitor.core.model import CaseEvent, Heard, Promise
from monitor.core.moves import Action
from monitor.core.story import headline, moment_of

POSTS = 12
ROOM = 3_000
"""Characters for all posts together: Slack takes 250 kB of a view, ours stay below 100, and one sign may weigh
twelve bytes."""
IN_A_ROW = 4
PROMISES = 8
EVENTS = 12
WORDS = 120
"""Characters of a note, a promise or a headline."""
LINKED = 20
TEXT = 2_900
"""Characters of a section, with a little room."""


def whole(file: File, clocks: Clocks | None, rung: str, zone: tzinfo) -> list[Block]:
    """The newest first, of posts and of history; what does not fit is counted."""
    case = file.case
    emoji, word = sign(case)
    seen = Card(case, file.mentions, -1, promises=file.standing, past=file.past, clocks=clocks, rung=rung)
    blocks = [standing(seen, zone, f"{emoji} *{word}* · ")]
    if before := phrases.seen_before(seen):
        blocks.append(context(f"*{literal(before[0].upper() + before[1:], 120)}*"))
    moves = every(case, len(file.standing), len(file.linked))
    blocks += rows((_button(move, file) for move in moves), IN_A_ROW)
    blocks += [*_posts(file.mentions, zone), *_promises(file.promises, zone), *_linked(file.linked)]
    return [*blocks, *_history(file.events, zone)]


def _button(move: str, file: File) -> dict[str, Any]:
    made = button(move, file.case)
    if move != Action.UNLINK:
        return made
    confirm = {
        "title": plain("Not the same customer?"),
        "text": plain("Their complaints are told apart again from now on."),
        "confirm": plain("Tell apart"),
        "deny": plain("Leave it"),
    }
    return {**made, "confirm": confirm}


def _posts(mentions: tuple[Heard, ...], zone: tzinfo) -> Iterator[Block]:
    shown = mentions[-POSTS:][::-1]
    if not shown:
        return
    yield section(f"*{phrases.plural(len(mentions), 'post')}*")
    limit = ROOM // len(shown)
    for heard in shown:
        at = heard.mention.published or heard.first_seen
        who = line(heard.mention.author.name, 60) or phrases.NOBODY
        told = f"{link(heard.mention.url, who)} · {literal(phrases.origin(heard), 120)} · {moments(zone)(at)}"
        told += " · deleted at the source" * (heard.gone_at is not None)
        length = len(heard.mention.text)
        yield context(told + f" · {length:,} characters in all" * (length > limit))
        yield rich(quoted(*phrases.said(heard), limit))
    if len(mentions) > len(shown):
        yield context(f"and {phrases.plural(len(mentions) - len(shown), 'older post')}")


def _promises(promises: tuple[Promise, ...], zone: tzinfo) -> Iterator[Block]:
    lines = []
    for one in promises[-PROMISES:]:
        state = one.outcome or "stands"
        by = mentioned(literal(one.made_by, 40), [one.made_by])
        lines.append(f"• {literal(one.what, WORDS)}, by {moments(zone)(one.due)}: *{state}* (made by {by})")
    yield from _told("Promises", lines)


def _linked(linked: tuple[int, ...]) -> Iterator[Block]:
    if linked:
        numbers = ", ".join(str(number) for number in linked[-LINKED:])
        yield context(f"The same customer as in case {numbers}")


def _history(events: tuple[CaseEvent, ...], zone: tzinfo) -> Iterator[Block]:
    lines = [_line(event, zone) for event in events[-EVENTS:][::-1]]
    if len(events) > EVENTS:
        lines.append(f"and {len(events) - EVENTS:,} earlier")
    yield from _told("History", lines)


def _line(event: CaseEvent, zone: tzinfo) -> str:
    facts = event.data or {}
    people = [event.actor, str(facts.get("to") or "")]
    if event.action in set(Action):
        told = mentioned(literal(headline(event.action, event.actor, facts), WORDS), people)
    else:
        told = (
            f"The customer {SAID[event.action]}" if event.action in SAID else f"The case was {event.action}"
        )
    if (until := moment_of(facts)) is not None:
        told += f" {moments(zone)(until)}"
    note = line(event.note or str(facts.get("text") or ""), WORDS)
    return f"{moments(zone)(event.at)} · {told}" + (f": “{literal(note, WORDS)}”" if note else "")


def _told(title: str, lines: Iterable[str]) -> Iterator[Block]:
    """Whole lines below their title, in as many sections as they need."""
    block = f"*{title}*"
    count = 0
    for one in lines:
        if len(block) + 1 + len(one) > TEXT:
            yield section(block)
            block = one
        else:
            block += f"\n{one}"
        count += 1
    if count:
        yield section(block)
