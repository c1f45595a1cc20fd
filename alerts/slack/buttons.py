"""What can be done with a case, as buttons: one that is likeliest and stands first, five in a menu, and all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from alerts.slack import actions
from alerts.words import safe_url
from monitor.core.model import Case, State
from monitor.core.moves import OUTCOMES, Action, possible

Element = dict[str, Any]

LABELS: dict[str, str] = {
    Action.CLAIM: "Claim",
    Action.HAND_OVER: "Hand over…",
    Action.RELEASE: "Give back",
    Action.CONTACT: "Replied…",
    Action.RECOVER: "Recovered…",
    Action.LOSE: "Lost…",
    Action.DISMISS: "Not a complaint…",
    Action.REOPEN: "Re-open",
    Action.NOTE: "Add note…",
    Action.SNOOZE: "Snooze…",
    Action.WAKE: "Wake",
    Action.ESCALATE: "Escalate…",
    Action.PROMISE: "Promise…",
    Action.KEEP: "Promise kept",
    Action.BREAK: "Promise broken",
    Action.WITHDRAW: "Take promise back…",
    Action.LINK: "Same customer…",
    Action.UNLINK: "Not the same customer",
    actions.DRAFT: "Draft reply…",
    actions.MORE_MODAL: "More…",
}
"""An ellipsis: it asks for words first."""
FIRST = {State.OPEN: Action.CLAIM, State.CLAIMED: Action.CONTACT, State.CONTACTED: Action.RECOVER}
"""What comes next in the life of a case. Of a closed one nothing does."""
LIKELY: dict[State, tuple[str, ...]] = {
    State.OPEN: (Action.DISMISS, Action.CONTACT, Action.PROMISE, Action.SNOOZE, Action.ESCALATE),
    State.CLAIMED: (actions.DRAFT, Action.PROMISE, Action.SNOOZE, Action.ESCALATE, Action.DISMISS),
    State.CONTACTED: (Action.PROMISE, Action.CONTACT, Action.SNOOZE, Action.LOSE, Action.ESCALATE),
}
LIKELY_CLOSED: tuple[str, ...] = (Action.NOTE, Action.LINK)
MOST = 5
"""Options of a menu: Slack takes no more."""


def buttons(case: Case, url: str | None, promises: int) -> list[Element]:
    """Those of a card. `promises`: how many stand."""
    address = safe_url(url)
    found = [primary(case)]
    if address is not None and not case.state.closed:
        found.append(leading(address))
    found.append(button(actions.MORE_MODAL, case))
    return [*found, menu(case, promises)]


def primary(case: Case) -> Element:
    """What comes next. To re-open stands there too, but a case that is over asks for nothing."""
    if case.state.closed:
        return button(Action.REOPEN, case)
    return button(FIRST[case.state], case, style="primary")


def leading(address: str) -> Element:
    """To where the customer is answered."""
    return {
        "type": "button",
        "action_id": actions.REPLY_AT_SOURCE,
        "text": plain("Reply at source"),
        "url": address,
    }


def menu(case: Case, promises: int) -> Element:
    """The likeliest moves beside the first."""
    options = [
        {"text": plain(LABELS[move]), "value": actions.value_of(move, case.id, case.revision)}
        for move in likely(case, promises)
    ]
    return {"type": "overflow", "action_id": actions.MORE, "options": options}


def likely(case: Case, promises: int) -> list[str]:
    """At most five, the likeliest first. Where a promise stands, that it was kept comes before all."""
    wanted: list[str] = [Action.KEEP] if promises else []
    wanted += LIKELY.get(case.state, LIKELY_CLOSED)
    if case.snoozed is not None:
        wanted = [Action.WAKE if move == Action.SNOOZE else move for move in wanted]
    return wanted[:MOST]


def every(case: Case, promises: int, linked: int) -> list[str]:
    """All that may be done: a draft first, then in the order of the table of moves. `linked`: how many other cases
    this customer has."""
    unfit: set[str] = set() if promises else set(OUTCOMES)
    if not linked:
        unfit.add(Action.UNLINK)
    found: list[str] = [move.value for move in possible(case) if move not in unfit]
    return found if case.state.closed else [actions.DRAFT, *found]


def button(move: str, case: Case, *, style: str | None = None, label: str = "") -> Element:
    """Of a case that somebody has, to claim it is to take it over. `label`: other words than usual."""
    label = label or ("Take over" if move == Action.CLAIM and case.owner else LABELS[move])
    made: Element = {
        "type": "button",
        "action_id": str(move),
        "text": plain(label),
        "value": actions.value_of(move, case.id, case.revision),
    }
    return {**made, "style": style} if style else made


def rows(elements: Iterable[Element], most: int = 5) -> list[dict[str, Any]]:
    """As blocks, so many in a row."""
    found = list(elements)
    return [
        {"type": "actions", "elements": found[start : start + most]} for start in range(0, len(found), most)
    ]


def plain(text: str) -> Element:
    return {"type": "plain_text", "text": text}
