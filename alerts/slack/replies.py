"""What `/complaints` answers: blocks for one person's eyes, within what a message takes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from alerts import phrases
from alerts.slack.blocks import TEXT, Block, Level, context, joined, section
from alerts.slack.digest import digest
from alerts.slack.escape import date, escape, literal
from alerts.slack.queue_lines import line_block, tight
from alerts.words import line
from monitor.core.asking import Condition, FeedLine, Found, Help, Reply
from monitor.core.digest import DEAF, Digest
from monitor.core.queue import Queue, Shelf, Shown
from monitor.core.queue_words import TITLES, beyond, clear, heard, summary

COMMAND = "/complaints"
EACH = 3
ALONE = 10
"""Lines of each shelf, and of one that stands alone: more are not drawn, whatever the queue holds."""
ROOM = 11_500
"""Characters of all blocks together: Slack refuses a message of about 13,200."""
FEEDS = 15
HELP = (
    ("queue", "what waits for you and for the desk"),
    ("mine", "your cases that wait for you, the most urgent first"),
    ("find TEXT", "cases with these words in the customer's name or posts"),
    ("status", "what was heard, and how each feed does"),
    ("digest", "the story of yesterday"),
    ("help", "this"),
)


def reply_to(reply: Reply) -> dict[str, Any]:
    """`text` and `blocks`, to be whispered to whoever asked."""
    match reply:
        case Queue():
            text, blocks = _queue(reply)
        case Found():
            text, blocks = _found(reply)
        case Condition():
            text, blocks = _condition(reply)
        case Help():
            text, blocks = _help(reply)
        case Digest():
            # a whisper is not tried again in a poorer drawing, so it asks for nothing that may be refused
            text, blocks = digest(reply, Level.PLAIN)
    return {"text": escape(line(text, TEXT)) or "Complaint Monitor", "blocks": blocks}


def _queue(queue: Queue) -> tuple[str, list[Block]]:
    zone = phrases.zone(queue.timezone)
    text = clear(queue) if queue.clear else f"Your queue: {summary(queue)}"
    shown = [one for one in queue.shelves if one.lines]
    if not queue.clear and not shown:
        text = f"Nothing of yours waits. The desk has {summary(queue)}"
    most = ALONE if len(shown) == 1 else EACH

    def drawn(brief: bool) -> list[Block]:
        blocks = [section(f"{':sunny:' if queue.clear else ':inbox_tray:'} *{literal(text, 250)}*")]
        for one in shown:
            blocks.append(section(f"*{TITLES[one.shelf]}* ({one.total:,}{_paged(one)})"))
            blocks += [line_block(told, queue.now, zone, brief=brief) for told in one.lines[:most]]
        more = max((one.page for one in shown if one.page < one.pages), default=0)
        mine = [one.shelf for one in shown] == [Shelf.MINE]
        return [*blocks, context(" · ".join(_beneath(queue, "mine" if mine else "queue", more)))]

    return text, _fitting(drawn)


def _beneath(queue: Queue, topic: str, page: int) -> list[str]:
    told = [f"More: `{COMMAND} {topic} page {page + 1}`, or the app's Home."] * bool(page)
    told += [literal(one, 400) for one in (heard(queue.hearing, queue.now), beyond(queue)) if one]
    return told


def _paged(one: Shown) -> str:
    return f", page {one.page:,} of {one.pages:,}" if one.pages > 1 else ""


def _found(found: Found) -> tuple[str, list[Block]]:
    zone = phrases.zone(found.timezone)
    words = f"“{tight(found.words, 100)}”"
    if not found.lines:
        where = "on this page" if found.page > 1 else "in the customers' names and posts"
        return "Nothing found", [section(f":mag: Nothing found with {words} {where}.")]
    text = f"Cases found, page {found.page}" if found.more or found.page > 1 else "Cases found"

    def drawn(brief: bool) -> list[Block]:
        blocks = [section(f":mag: *{text}* with {words}, the newest first")]
        blocks += [line_block(told, found.now, zone, brief=brief) for told in found.lines]
        if found.more:
            again = tight(found.words.replace("`", "'"), 100)
            blocks.append(context(f"More: {COMMAND} find {again} page {found.page + 1}"))
        return blocks

    return text, _fitting(drawn)


def _condition(now: Condition) -> tuple[str, list[Block]]:
    zone = phrases.zone(now.timezone)
    text = f"Heard {now.mentions:,}, complaints {now.complaints:,}"
    held = f", held back by rules *{now.held_back:,}*" if now.held_back else ""
    lines = [
        f":stethoscope: Heard *{now.mentions:,}*, complaints *{now.complaints:,}*{held}",
        f"*Cases:* {_tally(now.cases)}",
        f"*Messages:* {_tally(now.outbox)}",
    ]
    blocks = [section("\n".join(lines))]
    for trouble in now.troubles[:3]:
        blocks.append(section(f":warning: {tight(trouble.destination, 60)}: {tight(trouble.message, 500)}"))
    # what fails first: with many feeds the others are only counted
    ordered = sorted(now.feeds, key=lambda feed: (feed.state not in DEAF, feed.name))
    feeds = [_feed(feed, zone) for feed in ordered[:FEEDS]]
    if len(ordered) > FEEDS:
        feeds.append(f"and {len(ordered) - FEEDS} more")
    blocks.append(context(joined(feeds or ["No feed was read yet."], "\n", 2_900)))
    return text, blocks


def _feed(feed: FeedLine, zone: tzinfo) -> str:
    sign = ":warning:" if feed.state in DEAF else ":ear:"
    last = f", last read {date(feed.last, phrases.moment(feed.last, zone))}" if feed.last else ""
    fault = f": {tight(feed.error, 120)}" if feed.error else ""
    return f"{sign} {tight(feed.name, 60)} {feed.state}{last}{fault}"


def _tally(counts: Any) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count) or "none"


def _help(asked: Help) -> tuple[str, list[Block]]:
    lines = [f"`{COMMAND} {words}`: {what}" for words, what in HELP]
    lines.append("`page 2` after `queue`, `mine` or `find` turns the page.")
    known = section("\n".join(lines))
    if not asked.unknown:
        return "What you can ask", [known]
    first = section(f"I do not know “{tight(asked.unknown, 60)}”. You can ask:")
    return "That I do not know. What you can ask", [first, known]


def _fitting(drawn: Callable[[bool], list[Block]]) -> list[Block]:
    """Every line stays; where all together are too long, each says less."""
    blocks = drawn(False)
    return blocks if sum(map(_length, blocks)) <= ROOM else drawn(True)


def _length(block: Block) -> int:
    parts = [block["text"]] if "text" in block else block.get("elements", [])
    button = block.get("accessory", {}).get("text", {}).get("text", "")
    return sum(len(part.get("text", "")) for part in parts) + len(button)
