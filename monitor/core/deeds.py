"""What the clock has done to a case, as its history and its thread tell it: pure, from the intent alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.duties import BrokenPromise, Duty, Escalate, Nudge, Release, Remind, Wake, key
from monitor.core.model import Case, CaseEvent, Json
from monitor.core.moves import CLOCK, NUDGE, Action
from monitor.core.policy import Ladder, Rung

LOUD = frozenset({Action.ESCALATE.value, Action.BREAK.value})
"""Moves that the whole channel hears of, whoever makes them."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One intent, carried out."""

    event: CaseEvent
    calls: tuple[str, ...] = ()
    """Whom the message is to call."""
    loud: bool = False
    """The whole channel hears it, not the thread alone."""
    rung: Rung | None = None
    """The rung of the ladder that is told, where one is."""

    @property
    def kind(self) -> tuple[str, Json]:
        """Two of one kind are told in one message."""
        return self.event.action, (self.event.data or {}).get("stage")


def deed(before: Case, after: Case, duty: Duty, ladder: Ladder, now: datetime) -> Deed:
    """`before` is the case that the intent was found for, `after` what `duties.done` made of it."""
    calls: tuple[str, ...] = ()
    rung, loud = None, False
    match duty:
        case Wake():
            action, facts = Action.WAKE.value, {}
        case BrokenPromise(promise=promise):
            action, loud = Action.BREAK.value, True
            facts = {"what": promise.what, "promise": promise.id}
            calls = _known(before.owner or promise.made_by)
        case Nudge(promise=promise, stage=stage):
            action = NUDGE
            facts = {"what": promise.what, "promise": promise.id, "stage": stage}
            facts["until"] = promise.due.isoformat()
            calls = _known(before.owner or promise.made_by)
        case Release(owner=owner):
            action, facts = Action.RELEASE.value, {"owner": owner}
        case Escalate():
            action, facts, rung = Action.ESCALATE.value, rise(duty, ladder), ladder.rungs[duty.level - 1]
            calls = rung.people
            # whoever is called by name hears it in the thread, again and again; the channel needs it once
            loud = not (duty.again and calls)
        case Remind(why=why, owner=owner):
            action, facts, calls = Action.REMIND.value, {"why": why.value}, _known(owner)
    event = CaseEvent(
        before.id,
        now,
        CLOCK,
        action,
        before.state,
        after.state,
        key=key(before, duty),
        data=facts or None,
    )
    return Deed(event, calls, loud, rung)


def rise(duty: Escalate, ladder: Ladder) -> dict[str, Json]:
    """The facts of an escalation."""
    facts: dict[str, Json] = {"level": duty.level, "rung": ladder.rungs[duty.level - 1].name}
    facts["why"] = list(duty.why)
    return facts | {name: True for name in ("again", "last") if getattr(duty, name)}


def merged(events: Sequence[CaseEvent]) -> Mapping[str, Json]:
    """The facts of several events of one kind, told as one: what was promised stands side by side."""
    facts = dict(events[0].data or {})
    if len(events) > 1:
        facts["what"] = "; ".join(str((event.data or {}).get("what", "")) for event in events)
    return facts


def _known(person: str | None) -> tuple[str, ...]:
    return (person,) if person else ()
