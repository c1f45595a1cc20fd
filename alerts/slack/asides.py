"""What Slack is told beside the cards: a case on its way up, kind words, and a channel that is unusable."""

from __future__ import annotations

import re
from datetime import tzinfo

from alerts import phrases
from alerts.slack.blocks import Block, Level, plainest, quoted, rich, section
from alerts.slack.escape import link, literal
from monitor.core.message import Note, Praise, Unusable

_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,20}")

Drawing = tuple[str, list[Block]]
"""The text of the notification, and the blocks."""


def apart(note: Note, zone: tzinfo, level: Level) -> Drawing:
    """A line of a case's history where its card is not: it says whose it is, and leads there."""
    told = f"{phrases.in_short(note.case)}: {phrases.headline(note, zone)}"
    if level is Level.MINIMAL:
        return told, [plainest(told, "")]
    return told, [section(link(note.url, told, 300))]


def praise(content: Praise, level: Level) -> Drawing:
    title, words = phrases.said(content.heard)
    told = phrases.thanks(content)
    if level is Level.MINIMAL:
        return told, [plainest(told, f"{title}\n{words}")]
    return told, [
        section(f":sunflower: {link(content.heard.mention.url, told, 300)}"),
        rich(quoted(title, words)),
    ]


def unusable(content: Unusable, level: Level) -> Drawing:
    why, invite, until = phrases.unusable(content)
    told = f"A channel is unusable. {why}"
    if level is Level.MINIMAL:
        return told, [plainest(f"{told} {invite}".strip(), "")]
    lines = [f"*No message can be posted in {_channel(content.channel)}.* {literal(why, 300)}"]
    if invite:
        lines.append(f"To bring the bot in, type there: `/invite @{literal(content.bot, 80)}`")
    there = f": {_channel(content.instead)}" if content.instead else "."
    lines.append(f"{literal(until, 200).removesuffix('.')}{there}")
    return told, [section("\n".join(lines))]


def _channel(channel: str) -> str:
    return f"<#{channel}>" if _CHANNEL.fullmatch(channel) else literal(channel, 60)
