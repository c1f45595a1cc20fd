"""The moves a case knows: from which state to which, who makes them, and their plain words."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from monitor.core.intents import MONITOR
from monitor.core.model import UNCLOSED, Case, State

OPEN, CLAIMED, CONTACTED = State.OPEN, State.CLAIMED, State.CONTACTED
RECOVERED, LOST, DISMISSED = State.RECOVERED, State.LOST, State.DISMISSED

SOURCE = "source"
"""The actor where the business's own answer is seen at the place of the post."""
CLOCK = "clock"
"""The actor of what happens because time has passed."""
MACHINES = frozenset({MONITOR, SOURCE, CLOCK})


class Action(StrEnum):
    CLAIM = "claim"
    HAND_OVER = "hand_over"
    RELEASE = "release"
    CONTACT = "contact"
    RECOVER = "recover"
    LOSE = "lose"
    DISMISS = "dismiss"
    REOPEN = "reopen"
    NOTE = "note"
    SNOOZE = "snooze"
    WAKE = "wake"
    ESCALATE = "escalate"
    REMIND = "remind"
    PROMISE = "promise"
    KEEP = "keep"
    BREAK = "break"
    WITHDRAW = "withdraw"
    LINK = "link"
    UNLINK = "unlink"


CONTACT = Action.CONTACT.value
REGRESS = "regress"
"""A complaint after the customer was recovered: the case is open again."""
PROPOSE = "propose"
"""The customer sounds won back: a person says whether they are."""
NUDGE = "nudge"
"""A promise calls its owner: it is due soon, or now."""
SPOKEN = frozenset({"complained again", "wrote again", "edited", "eased", REGRESS})
"""What a customer does: a case does not sleep on after it, and nobody waits for them any more."""


class How(StrEnum):
    """By what a customer was won back."""

    REPLY = "reply"
    REFUND = "refund"
    GESTURE = "gesture"
    REPLACEMENT = "replacement"
    OTHER = "other"


_STAYS = {state: state for state in State}
_STAYS_UNCLOSED = {state: state for state in UNCLOSED}
_TAKEN = {OPEN: CLAIMED, CLAIMED: CLAIMED, CONTACTED: CONTACTED}

MOVES: dict[Action, dict[State, State]] = {
    Action.CLAIM: _TAKEN,
    Action.HAND_OVER: _TAKEN,
    # who was answered stays answered, whoever takes the case next
    Action.RELEASE: {CLAIMED: OPEN, CONTACTED: CONTACTED},
    Action.CONTACT: {OPEN: CONTACTED, CLAIMED: CONTACTED, CONTACTED: CONTACTED},
    Action.RECOVER: {OPEN: RECOVERED, CLAIMED: RECOVERED, CONTACTED: RECOVERED},
    Action.LOSE: {OPEN: LOST, CLAIMED: LOST, CONTACTED: LOST},
    Action.DISMISS: {OPEN: DISMISSED, CLAIMED: DISMISSED, CONTACTED: DISMISSED},
    Action.REOPEN: {RECOVERED: OPEN, LOST: OPEN, DISMISSED: OPEN},
    Action.NOTE: _STAYS,
    # that it can wait is for somebody to answer for
    Action.SNOOZE: _TAKEN,
    Action.WAKE: _STAYS_UNCLOSED,
    Action.ESCALATE: _STAYS_UNCLOSED,
    Action.REMIND: _STAYS_UNCLOSED,
    Action.PROMISE: _TAKEN,
    # a promise outlives the end of its case: it is the customer's
    Action.KEEP: _STAYS,
    Action.BREAK: _STAYS,
    Action.WITHDRAW: _STAYS,
    Action.LINK: _STAYS,
    Action.UNLINK: _STAYS,
}

NEEDS_NOTE = {
    Action.LOSE: "say why the customer was lost (a note is needed, so that the team can learn from it)",
    Action.DISMISS: "say why this is not a complaint to answer (a note is needed, so that the team can learn"
    " from it)",
    Action.ESCALATE: "say why it must go to somebody with more authority (a note is needed for them)",
    Action.NOTE: "there is nothing to note: write something (a note is needed)",
    Action.WITHDRAW: "say why the promise is taken back (a note is needed: the customer may ask)",
}

DONE = {
    Action.CLAIM: "claimed",
    Action.HAND_OVER: "handed it over",
    Action.RELEASE: "gave it back: nobody has it now",
    Action.CONTACT: "told the customer",
    Action.RECOVER: "recovered the customer",
    Action.LOSE: "gave the customer up as lost",
    Action.DISMISS: "dismissed",
    Action.REOPEN: "re-opened",
    Action.NOTE: "noted",
    Action.SNOOZE: "snoozed it",
    Action.WAKE: "woke it",
    Action.ESCALATE: "escalated it",
    Action.REMIND: "reminded the owner",
    Action.PROMISE: "promised the customer",
    Action.KEEP: "kept the promise",
    Action.BREAK: "says the promise was broken",
    Action.WITHDRAW: "took the promise back",
    Action.LINK: "says this is the same customer as another",
    Action.UNLINK: "says this is a customer of its own",
}

PAST = {
    Action.CLAIM: "claimed",
    Action.HAND_OVER: "handed over",
    Action.RELEASE: "given back",
    Action.CONTACT: "marked as contacted",
    Action.RECOVER: "marked as recovered",
    Action.LOSE: "marked as lost",
    Action.DISMISS: "dismissed",
    Action.REOPEN: "re-opened",
    Action.NOTE: "noted",
    Action.SNOOZE: "snoozed",
    Action.WAKE: "woken",
    Action.ESCALATE: "escalated",
    Action.REMIND: "reminded of",
    Action.PROMISE: "given a promise",
    Action.KEEP: "a promise kept",
    Action.BREAK: "a promise broken",
    Action.WITHDRAW: "a promise withdrawn",
    Action.LINK: "linked",
    Action.UNLINK: "unlinked",
}

OUTCOMES: dict[Action, Literal["kept", "broken", "withdrawn"]] = {
    Action.KEEP: "kept",
    Action.BREAK: "broken",
    Action.WITHDRAW: "withdrawn",
}
"""What becomes of a promise."""


def moves_from(state: State) -> tuple[Action, ...]:
    """The moves whose table knows this state."""
    return tuple(action for action, table in MOVES.items() if state in table)


def possible(case: Case) -> tuple[Action, ...]:
    """What a person may do with this very case. Which promises and links there are, the store alone knows."""
    unfit = {Action.REMIND}
    if case.snoozed is None:
        unfit.add(Action.WAKE)
    if case.owner is None:
        unfit.add(Action.RELEASE)
    return tuple(action for action in moves_from(case.state) if action not in unfit)
