"""What a move was, in one line for the thread of its card and for the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from monitor.core.duties import DUE, Why
from monitor.core.escalation import BROKEN, FIRST_RESPONSE, IGNORED, RESOLUTION
from monitor.core.intents import MONITOR
from monitor.core.model import CaseEvent, Json
from monitor.core.moves import CLOCK, DONE, MACHINES, NUDGE, SOURCE, Action, How

Facts = Mapping[str, Json]
"""Of an event: what `monitor.core.cases.Details` became."""

ACTORS = {MONITOR: "Complaint Monitor", CLOCK: "Complaint Monitor", SOURCE: "The business"}
BY = {
    How.REPLY: " by a reply",
    How.REFUND: " by a refund",
    How.GESTURE: " by a gesture",
    How.REPLACEMENT: " by a replacement",
}

REASONS = {
    FIRST_RESPONSE: "the first response is overdue",
    RESOLUTION: "it should be over by now",
    BROKEN: "a promise was broken",
    IGNORED: "the customer was ignored twice",
    "safety": "somebody's safety is at stake",
    "discrimination": "it tells of discrimination",
    "vulnerable_wronged": "a vulnerable customer was wronged",
    "legal_threat": "the customer speaks of law or a regulator",
    "press_threat": "the customer speaks of the press",
    "vulnerable": "the customer is vulnerable",
}
"""Why a case goes up the ladder."""
REMINDED = {
    Why.UNCLAIMED.value: "Nobody has taken it yet",
    Why.IDLE.value: "It was claimed, and nothing has happened since",
    Why.SOON.value: "Its time is nearly over",
    Why.FOLLOW_UP.value: "The customer was told, and nothing has happened since",
    Why.STANDING.value: "It has waited for long: is that still right?",
}
"""Why somebody is reminded."""


def headline(action: str, actor: str, facts: Facts) -> str:
    """Who did what. Where a time belongs to it (`moment_of`) it stands after this line: receivers know the zone."""
    if action not in set(Action) and action not in _BY_ITSELF:
        return f"{actor} {action}".strip()
    if actor in MACHINES and action in _BY_ITSELF:
        return _BY_ITSELF[action](facts)
    deed = Action(action)
    done = _TOLD[deed](facts) if deed in _TOLD else DONE[deed]
    return f"{ACTORS.get(actor, actor)} {done}".strip()


def history_line(event: CaseEvent) -> str:
    """One line of a case's history; what nobody at the desk did is named as it is stored."""
    if event.action in set(Action):
        return headline(event.action, event.actor, event.data or {})
    return f"{event.actor} · {event.action}"


def moment_of(facts: Facts) -> datetime | None:
    """The end of a snooze, or when a promise is due."""
    until = facts.get("until")
    return datetime.fromisoformat(until) if isinstance(until, str) else None


def _text(facts: Facts, key: str) -> str:
    found = facts.get(key)
    return "" if found is None else str(found)


def _promise(done: str) -> Callable[[Facts], str]:
    return lambda facts: f"{done}: {facts['what']}" if facts.get("what") else done


def _recovered(facts: Facts) -> str:
    how = _text(facts, "how")
    return DONE[Action.RECOVER] + (BY.get(How(how), "") if how in set(How) else "")


def _snoozed(facts: Facts) -> str:
    return "snoozed it until" if facts.get("until") else "snoozed it until something happens"


def _linked(facts: Facts) -> str:
    number = _text(facts, "case")
    return f"says this is the same customer as in case {number}" if number else DONE[Action.LINK]


def _climbed(facts: Facts) -> str:
    """`It goes up to manager: the first response is overdue`"""
    rung = _text(facts, "rung") or f"level {_text(facts, 'level')}"
    why = ", ".join(REASONS.get(str(key), str(key)) for key in facts.get("why") or ())
    told = f"It still waits for {rung}" if facts.get("again") else f"It goes up to {rung}"
    told = f"{told}: {why}" if why else told
    return f"{told}. There is nobody above" if facts.get("last") else told


def _reminded(facts: Facts) -> str:
    return REMINDED.get(_text(facts, "why"), "It waits for its owner")


def _nudged(facts: Facts) -> str:
    when = "now" if facts.get("stage") == DUE else "soon"
    return f"A promise is due {when}: {_text(facts, 'what')}, by"


def _escalated(facts: Facts) -> str:
    rung = _text(facts, "rung")
    return f"escalated it to {rung}" if rung else f"escalated it to level {_text(facts, 'level')}"


_TOLD: dict[Action, Callable[[Facts], str]] = {
    Action.HAND_OVER: lambda facts: f"handed it over to {_text(facts, 'to')}",
    Action.RECOVER: _recovered,
    Action.SNOOZE: _snoozed,
    Action.ESCALATE: _escalated,
    Action.PROMISE: lambda facts: f"promised the customer: {_text(facts, 'what')}, by",
    Action.KEEP: _promise(DONE[Action.KEEP]),
    Action.BREAK: _promise(DONE[Action.BREAK]),
    Action.WITHDRAW: _promise(DONE[Action.WITHDRAW]),
    Action.LINK: _linked,
}
_BY_ITSELF: dict[str, Callable[[Facts], str]] = {
    Action.CONTACT: lambda facts: "The business has answered at the source",
    Action.RELEASE: lambda facts: "Nothing happened for too long: nobody has it now",
    Action.WAKE: lambda facts: "It is awake again",
    Action.ESCALATE: _climbed,
    Action.REMIND: _reminded,
    NUDGE: _nudged,
    Action.BREAK: _promise("A promise was broken"),
}
