"""The modals: one small function for each, in a table.

A modal remembers the case, the revision that was seen, and the card it came from (`actions.packed`).
`alerts.slack.reading` reads what was filled in, `monitor.core.forms` what a move makes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from alerts import phrases
from alerts.slack import actions, fields
from alerts.slack.blocks import Block, context, section
from alerts.slack.buttons import plain
from alerts.slack.drafting import draft_blocks
from alerts.slack.escape import literal
from alerts.slack.whole import whole
from alerts.words import line
from monitor.core.casefile import File
from monitor.core.gestures import ALONE
from monitor.core.gestures import Beside as Beside
from monitor.core.model import Heard
from monitor.core.moves import OUTCOMES, Action, How

View = dict[str, Any]
CLOSE, ANYWAY = "Close", "Send to the case anyway"
NOTICE = 500
CANDIDATES = 30
"""Customers to choose from: thirty names with their words are as many as one view may weigh."""
WHAT_MOST = 200


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the function of a modal gets."""

    move: str
    file: File
    now: datetime
    zone: tzinfo
    beside: Beside

    def tomorrow(self, hour: int) -> datetime:
        local = self.now.astimezone(self.zone)
        return datetime.combine(local.date() + timedelta(days=1), time(hour), self.zone)


@dataclass(frozen=True, slots=True)
class _Modal:
    title: str
    submit: str
    blocks: Callable[[_Asked], list[Block]]


def modal(
    move: str,
    file: File,
    revision: int,
    channel: str,
    ts: str,
    now: datetime,
    timezone: str,
    beside: Beside = ALONE,
) -> View:
    """The view for `views.open`, `push` or `update`. Raises KeyError for a move that has none.

    `revision`: of the case, as the person saw it. `channel`, `ts`: the card; both empty from elsewhere.
    """
    known = MODALS[move]
    asked = _Asked(str(move), file, now, phrases.zone(timezone), beside)
    view: View = {
        "type": "modal",
        "callback_id": str(move),
        "private_metadata": actions.packed(file.case.id, revision, channel, ts),
        "title": plain(known.title or f"Case {file.case.id}"),
        "close": plain(CLOSE),
        "blocks": [*_head(asked), *known.blocks(asked)],
    }
    submit = ANYWAY if move == actions.DRAFT and beside.findings else known.submit
    return {**view, "submit": plain(submit)} if submit else view


# ── one for each ─────────────────────────────────────────────────────────────────────────────────────────


def _head(asked: _Asked) -> list[Block]:
    """Whose case it is; and what must be read first."""
    case, cue = asked.file.case, asked.file.cue
    origin = f" · {literal(phrases.origin(cue), 120)}" if cue else ""
    notice = line(asked.beside.notice, NOTICE)
    return [
        *([section(f":warning: {literal(notice, NOTICE)}")] if notice else []),
        context(f"case {case.id} · *{literal(phrases.who(case), 60)}*{origin}"),
    ]


def _contact(asked: _Asked) -> list[Block]:
    hint = "So that whoever comes next knows what the customer was told."
    return [
        fields.words(actions.TEXT, "What did you write to the customer?", optional=True, hint=hint),
        fields.address(actions.LINK, "Where can it be read?"),
    ]


HOW = {
    How.REPLY: "By a reply",
    How.REFUND: "By a refund",
    How.GESTURE: "By a gesture: a voucher, a gift",
    How.REPLACEMENT: "By a replacement",
    How.OTHER: "By something else",
}


def _recover(asked: _Asked) -> list[Block]:
    options = [(how.value, words, "") for how, words in HOW.items()]
    return [
        fields.choice(actions.HOW, "By what was the customer won back?", options),
        fields.words(actions.NOTE, "Anything the team can learn from it?", optional=True),
    ]


def _lose(asked: _Asked) -> list[Block]:
    return [fields.words(actions.REASON, "Why was the customer lost?", hint="The team learns from it.")]


def _dismiss(asked: _Asked) -> list[Block]:
    hint = "Untick it where it is a complaint, and one that needs no answer."
    return [
        fields.words(actions.REASON, "Why is there nothing to answer?"),
        fields.tick(
            actions.ERRED,
            "The judge",
            "It erred: this is no complaint. Learn from it.",
            ticked=True,
            hint=hint,
        ),
    ]


def _note(asked: _Asked) -> list[Block]:
    return [fields.words(actions.NOTE, "What should the team know?")]


def _snooze(asked: _Asked) -> list[Block]:
    hint = "It wakes earlier when the customer writes again. Its clocks stand meanwhile."
    return [
        fields.when(actions.UNTIL, "Until", asked.tomorrow(9), optional=True, hint=hint),
        fields.tick(actions.HAPPENS, "Or without a time", "Wake it only when something happens"),
        fields.words(actions.NOTE, "Why can it wait?", lines=False, optional=True),
    ]


def _escalate(asked: _Asked) -> list[Block]:
    hint = "Whoever gets it reads this first."
    return [fields.words(actions.REASON, "Why does it need somebody with more authority?", hint=hint)]


def _hand_over(asked: _Asked) -> list[Block]:
    return [
        fields.person(actions.PERSON, "Who takes it from here?"),
        fields.words(actions.NOTE, "What should they know?", optional=True),
    ]


def _promise(asked: _Asked) -> list[Block]:
    hint = "In the customer's words: “a call with the answer”, “the refund on my card”."
    nudge = "You are told before it is due. After its time the case goes up the ladder."
    return [
        fields.words(actions.WHAT, "What did you promise?", lines=False, hint=hint, most=WHAT_MOST),
        fields.when(actions.UNTIL, "By when?", asked.tomorrow(17), hint=nudge),
    ]


def _promise_over(asked: _Asked) -> list[Block]:
    stand = asked.file.standing
    options = [
        (str(one.id), one.what, f"by {phrases.moment(one.due, asked.zone)}")
        for one in stand[: fields.OPTIONS]
    ]
    if not options:
        return [section("No promise stands in this case.")]
    only = options[0][0] if len(options) == 1 else None
    which = fields.choice(actions.PROMISE, "Which promise?", options, chosen=only)
    if asked.move == Action.WITHDRAW:
        return [which, fields.words(actions.REASON, "Why is it taken back?", hint="The customer may ask.")]
    return [which, fields.words(actions.NOTE, "Anything to add?", optional=True)]


def _link(asked: _Asked) -> list[Block]:
    """From a list where there is one; any case by its number else."""
    own = asked.file.case.id
    options = [
        (str(case.id), f"{case.id} · {phrases.who(case)} · {phrases.where(case.source)}", _quote(heard))
        for case, heard in asked.beside.candidates
        if case.id != own
    ][:CANDIDATES]
    label = "Which case is the same customer's?"
    hint = "Their complaints count as one customer's from now on. You can undo it."
    if options:
        return [fields.choice(actions.OTHER, label, options, hint=hint)]
    number = f"The number of the case. {hint}"
    return [fields.words(actions.OTHER, label, lines=False, hint=number, most=20)]


def _quote(heard: Heard | None) -> str:
    return " ".join(part for part in phrases.said(heard) if part) if heard else ""


def _draft(asked: _Asked) -> list[Block]:
    beside = asked.beside
    return draft_blocks(asked.file, beside.drafted, beside.text, beside.findings)


def _more(asked: _Asked) -> list[Block]:
    return whole(asked.file, asked.beside.clocks, asked.beside.rung, asked.zone)


MODALS: dict[str, _Modal] = {
    Action.CONTACT: _Modal("Replied", "Save", _contact),
    Action.RECOVER: _Modal("Recovered", "Save", _recover),
    Action.LOSE: _Modal("Lost", "Save", _lose),
    Action.DISMISS: _Modal("Not a complaint", "Dismiss", _dismiss),
    Action.NOTE: _Modal("Add a note", "Save", _note),
    Action.SNOOZE: _Modal("Snooze", "Snooze", _snooze),
    Action.ESCALATE: _Modal("Escalate", "Escalate", _escalate),
    Action.HAND_OVER: _Modal("Hand over", "Hand over", _hand_over),
    Action.PROMISE: _Modal("Promise", "Log it", _promise),
    **{
        move: _Modal(title, "Save", _promise_over)
        for move, title in zip(
            OUTCOMES, ("Promise kept", "Promise broken", "Take a promise back"), strict=True
        )
    },
    Action.LINK: _Modal("Same customer", "Link", _link),
    actions.DRAFT: _Modal("Draft a reply", "Check it", _draft),
    actions.MORE: _Modal("", "", _more),
}
"""The moves that ask for words first, and the whole case. Without a submit button there is nothing to fill in."""
