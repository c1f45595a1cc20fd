"""Lines of history as other programs follow them: their public names, and who follows which."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from monitor.core.fingerprint import sound
from monitor.core.model import HistoryLine
from monitor.core.moves import NUDGE, PROPOSE, REGRESS, Action

NAMES: dict[str, str] = {
    "opened": "opened",
    "complained again": "complained_again",
    "copied": "copied",
    "wrote again": "wrote_again",
    "edited": "edited",
    "eased": "eased",
    REGRESS: "regressed",
    PROPOSE: "sounds_recovered",
    "parted": "parted",
    "post deleted at its source": "post_deleted",
    Action.CLAIM: "claimed",
    Action.HAND_OVER: "handed_over",
    Action.RELEASE: "released",
    Action.CONTACT: "contacted",
    Action.RECOVER: "recovered",
    Action.LOSE: "lost",
    Action.DISMISS: "dismissed",
    Action.REOPEN: "reopened",
    Action.NOTE: "noted",
    Action.SNOOZE: "snoozed",
    Action.WAKE: "woken",
    Action.ESCALATE: "escalated",
    Action.REMIND: "reminded",
    Action.PROMISE: "promised",
    NUDGE: "promise_due",
    Action.KEEP: "kept",
    Action.BREAK: "broken",
    Action.WITHDRAW: "withdrawn",
    Action.LINK: "linked",
    Action.UNLINK: "unlinked",
}
"""What each action is called outside. Never renamed: other programs go by them."""

_EVENTS = uuid.UUID("0b6d3a52-9c1f-5e0b-8a44-7d2f5c9e1b60")


def name_of(action: str) -> str:
    """Of one that is not listed (a later version's, say) its own words."""
    return NAMES.get(action) or re.sub(r"[^a-z0-9]+", "_", action.lower()).strip("_")


def uuid_of(line: HistoryLine) -> str:
    """The same in every process, and of no other line: not even of one with this number in another database."""
    event = line.event
    told = (str(line.id), str(event.case_id), event.at.isoformat(), event.action, event.actor)
    return str(uuid.uuid5(_EVENTS, sound("\x1f".join(told))[0]))


@dataclass(frozen=True, slots=True)
class Follower:
    """A destination that hears of every change of a case, or of some."""

    destination: str
    names: frozenset[str] = frozenset()
    """Which, by their public names. None of them: all."""

    def wants(self, action: str) -> bool:
        return not self.names or name_of(action) in self.names
