"""A line of a queue in Slack: one section with the button of the next move. The same in Home and in messages."""

from __future__ import annotations

from datetime import datetime, tzinfo

from alerts import phrases
from alerts.slack.blocks import Block
from alerts.slack.buttons import button
from alerts.slack.card import sign
from alerts.slack.escape import date, is_person, link, literal, mention
from alerts.words import flat
from monitor.core.model import Case
from monitor.core.queue import Line
from monitor.core.queue_words import aged, left, owed, rests

QUOTE = 100
ADDRESS = 300
"""Characters of an address that a list still carries."""


def line_block(line: Line, now: datetime, zone: tzinfo, *, brief: bool = False) -> Block:
    """Who, where and how bad; their words; what ends when; and the move that likely comes next.

    At most 1,000 characters; `brief`: about half of it, and no link.
    """
    case = line.case
    part = 2 if brief else 1
    who = tight(phrases.who(case), 60 // part)
    if not brief and (led := link(line.link or line.url, phrases.who(case), 60)) and len(led) <= ADDRESS:
        who = led
    place = tight(phrases.where(case.source, line.feed), 40 // part)
    first = [
        f"{sign(case)[0]} *{who}*",
        case.severity.value,
        place,
        _holder(case, 40 // part),
        f"case {case.id}",
    ]
    quote = tight(flat(line.quote, QUOTE) or phrases.WORDLESS, QUOTE // part)
    rows = [" · ".join(first), f"“{quote}”", " · ".join(_facts(line, now, zone, part))]
    pressed = button(line.move, case)
    # read aloud, eight buttons that all say "Claim" are told apart by nothing else
    pressed["accessibility_label"] = f"{pressed['text']['text']} (case {case.id})"
    return {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "\n".join(rows), "verbatim": True},
        "accessory": pressed,
    }


def tight(text: str, limit: int) -> str:
    """`literal` that is no longer than `limit` with its escapes, too: one of them takes up to five characters."""
    made = literal(text, limit)
    return made if len(made) <= limit else literal(text, limit // 5)


def _holder(case: Case, limit: int) -> str:
    """Who has it: a member of the workspace as a mention, which in Home and in whispers rings nobody's bell."""
    if case.owner is None:
        return "nobody has it"
    return mention(case.owner) if is_person(case.owner) else tight(case.owner, limit)


def _facts(line: Line, now: datetime, zone: tzinfo, part: int) -> list[str]:
    """What ends, with its time for readers who look later; why it rests; how old it is."""
    stands, found = line.stands, []
    if ends := tight(left(stands, now), 120 // part):
        when = f" ({date(stands.due, phrases.moment(stands.due, zone))})" if stands.due else ""
        found.append(f":alarm_clock: *{ends}*{when}" if stands.overdue else f"{ends}{when}")
    if promised := tight(owed(stands, now), 100 // part):
        found.append(f":handshake: {promised}")
    return [*found, *(tight(told, 60) for told in (rests(stands, now), aged(line, now)) if told)]
