"""The modal of a guarded draft: a starting text to make one's own, then what to look at again in it.

It warns, never blocks, and never sends: what is submitted goes into the case, and a person writes to the customer.
"""

from __future__ import annotations

from collections.abc import Sequence

from alerts import phrases
from alerts.slack import actions, fields
from alerts.slack.blocks import Block, context, joined, quoted, rich, section
from alerts.slack.escape import literal
from alerts.words import line
from monitor.core.casefile import File
from monitor.core.finding import Finding, Level
from monitor.core.playbook import Draft

CHECKED = "checked"
"""Ticked: the person has seen the findings, and the text is taken as it is."""
SHOWN = 12
QUOTE = 600
SIGNS = {
    Level.SERIOUS: ":no_entry:",
    Level.WARNING: ":warning:",
    Level.HINT: ":bulb:",
}


def draft_blocks(
    file: File, drafted: Draft | None, text: str, findings: Sequence[Finding] | None
) -> list[Block]:
    """The customer's words, then the findings (where there are any), then the text."""
    blocks = [rich(quoted(*phrases.said(file.cue), QUOTE))] if file.cue else []
    initial = text or (drafted.text if drafted else "")
    hint = "Nothing is sent to the customer. You post it yourself: “Reply at source” leads there."
    reply = fields.words(actions.TEXT, "Your reply", initial=initial, hint=hint)
    if findings:
        return [*blocks, _findings(findings), reply, _as_it_is()]
    if drafted is not None and drafted.notes:
        notes = (f":bulb: {literal(note, 300)}" for note in drafted.notes)
        blocks.append(context(joined(notes, "\n", 2_900)))
    return [*blocks, reply]


def _as_it_is() -> Block:
    hint = "Untick it to have your changes checked again."
    return fields.tick(
        CHECKED, "These warnings", "I have seen them: take it as it is", ticked=True, hint=hint
    )


def _findings(findings: Sequence[Finding]) -> Block:
    count = phrases.plural(len(findings), "thing")
    lines = [f"*{count} to look at again*", *map(_told, findings[:SHOWN])]
    if len(findings) > SHOWN:
        lines.append(f"and {len(findings) - SHOWN:,} more")
    return section(joined(lines, "\n", 2_900))


def _told(one: Finding) -> str:
    words = line(one.words, 60)
    said = f"“{literal(words, 60)}” {literal(one.why, 120)}" if words else literal(one.why, 120).capitalize()
    return f"{SIGNS[one.level]} {said}. _{literal(one.instead, 200)}_"
