"""What the clock has done to a case, as its history and its thread tell it: pure, from the intent alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.duties import BrokenPromise, Duty, Escalate, Nudge, Release, Remind, Wake, key
from monitor.core.intents import Outgoing
from monitor.core.message import Kind
from monitor.core.model import Case, CaseEvent, Json, Severity
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
    facts = facts_of(duty, ladder)
    action = str(facts.pop("action"))
    calls: tuple[str, ...] = ()
    rung, loud = None, action in LOUD
    match duty:
        case BrokenPromise(promise=promise) | Nudge(promise=promise):
            calls = _known(before.owner or promise.made_by)
        case Escalate():
            rung = ladder.rungs[duty.level - 1]
            calls = rung.people
            # whoever is called by name hears it in the thread, again and again; the channel needs it once
            loud = not (duty.again and calls)
        case Remind(owner=owner):
            calls = _known(owner)
        case Wake() | Release():
            pass
    names = key(before, duty)
    event = CaseEvent(before.id, now, CLOCK, action, before.state, after.state, key=names, data=facts or None)
    return Deed(event, calls, loud, rung)


def facts_of(duty: Duty, ladder: Ladder) -> dict[str, Json]:
    """`action`, and what the history keeps beside it."""
    match duty:
        case Wake():
            return {"action": Action.WAKE.value}
        case BrokenPromise(promise=promise):
            return {"action": Action.BREAK.value, "what": promise.what, "promise": promise.id}
        case Nudge(promise=promise, stage=stage):
            told = {"what": promise.what, "promise": promise.id, "stage": stage}
            return {"action": NUDGE, **told, "until": promise.due.isoformat()}
        case Release(owner=owner):
            return {"action": Action.RELEASE.value, "owner": owner}
        case Escalate():
            rung = ladder.rungs[duty.level - 1]
            facts = {"level": duty.level, "rung": rung.name, "why": list(duty.why)}
            facts |= {name: True for name in ("again", "last") if getattr(duty, name)}
            return {"action": Action.ESCALATE.value, **facts}
        case Remind(why=why):
            return {"action": Action.REMIND.value, "why": why.value}


def called(
    case: Case, where: str, key: str, rung: Rung | None, told: Mapping[str, Json], severity: Severity
) -> Iterator[Outgoing]:
    """The message to the rung's own channel, where it has one and the card is in another."""
    if rung is not None and rung.channel and where.startswith("slack:") and where != f"slack:{rung.channel}":
        yield Outgoing(
            f"slack:{rung.channel}", f"{key}:rung", Kind.NOTICE, case.business, case.id, severity, data=told
        )


def weight(case: Case) -> Severity:
    """Of its messages: whatever goes up the ladder is folded into no summary."""
    return case.severity if not case.level or case.severity is Severity.CRITICAL else Severity.HIGH


def merged(events: Sequence[CaseEvent]) -> Mapping[str, Json]:
    """The facts of several events of one kind, told as one: what was promised stands side by side."""
    facts = dict(events[0].data or {})
    if len(events) > 1:
        facts["what"] = "; ".join(str((event.data or {}).get("what", "")) for event in events)
    return facts


def _known(person: str | None) -> tuple[str, ...]:
    return (person,) if person else ()
