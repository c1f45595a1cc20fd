"""A person's command becomes a move of the case: one transaction for case, history and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.core.casefile import File as File
from monitor.core.cases import NOTHING, Action, Details, Step, settled, transition
from monitor.core.deeds import LOUD, called
from monitor.core.desk_card import desk_card, redraw
from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Outgoing
from monitor.core.labels import DESK, Label
from monitor.core.message import Kind
from monitor.core.model import Case, Heard, Json, Promise
from monitor.core.moves import MACHINES, OUTCOMES
from monitor.core.policy import Ladder, Rung
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.core.story import headline

LADDER = Ladder()


def move(
    store: Store,
    case_id: int,
    action: Action,
    actor: str,
    now: datetime,
    *,
    note: str = "",
    revision: int | None = None,
    key: str | None = None,
    details: Details = NOTHING,
    not_a_complaint: bool = False,
    ladder: Ladder = LADDER,
) -> Case:
    """Make the move and have the card and its thread tell of it.

    `revision` is what the person saw: Conflict if the case has moved on since. Raises CaseError, told to that
    person. The same `key` twice is one move. `not_a_complaint` (of a dismissal): the judge erred, learn from it.
    `ladder`: who is called when it is escalated.
    """
    with store.write() as tx:
        case = _existing(tx, case_id)
        if key is not None and any(event.key == key for event in tx.events(case_id)):
            return case
        if revision is not None and case.revision != revision:
            raise Conflict(_faster(tx, case))
        details, promise = _meant(tx, case, action, actor, now, details)
        _beside(tx, case, action, details)
        if action is Action.ESCALATE and details.level is None:
            details = replace(details, level=min(case.level + 1, ladder.top))
        step = transition(case, action, actor, now, note=note, key=key, details=details)
        if action is Action.PROMISE and promise is not None:
            promise = tx.make_promise(promise)
            step = _with(step, promise=promise.id)
        elif promise is not None:
            tx.update_promise(settled(promise, action, now))
        rung = None
        if action is Action.ESCALATE:
            rung = ladder.rungs[min(step.case.level, ladder.top) - 1]
            step = _with(step, rung=rung.name)
        if not tx.revise(step.case, step.event):
            raise Conflict(f"this was done already in another case than {case_id}: look at it again")
        _join(tx, step, details, actor, now)
        _learn(tx, case_id, action, actor, now, note, not_a_complaint)
        tell(tx, step, now, rung)
        return step.case


def click_key(case_id: int, action: Action, actor: str, at: str) -> str:
    """The `key` of a click: the same person's click at the same instant (Slack's `action_ts`) is one move."""
    return f"click:{case_id}:{action}:{actor}:{at}"


def tell(tx: Transaction, step: Step, now: datetime, rung: Rung | None = None) -> None:
    """Have the card drawn anew, and then the thread tell of the move. `rung`: of the ladder, which is called."""
    case, event = step.case, step.event
    card = desk_card(tx, case.id)
    if card is None:
        return
    told: dict[str, Json] = {"action": event.action, "actor": event.actor, "note": event.note}
    told["data"] = event.data or {}
    if event.action in LOUD:
        told |= {"loud": True, "calls": list(rung.people) if rung is not None else []}
    reply = f"{case.business}:reply:move:{case.id}:{case.revision}"
    redraw(tx, case, now, hurried=event.actor not in MACHINES)
    tx.queue(
        Outgoing(card.destination, reply, Kind.REPLY, case.business, case.id, case.severity, data=told), now
    )
    for message in called(case, card.destination, reply, rung, told, case.severity):
        tx.queue(message, now)


def _faster(tx: Transaction, case: Case) -> str:
    """Who was, and what they did."""
    last = tx.events(case.id)[-1]
    done = headline(last.action, last.actor, last.data or {})
    return f"case {case.id} has changed meanwhile: {done}. It is {case.state} now; look at it again."


def _meant(
    tx: Transaction, case: Case, action: Action, actor: str, now: datetime, details: Details
) -> tuple[Details, Promise | None]:
    """The promise that is made, or that this is about: the one that is named, or the only one there is."""
    if action is Action.PROMISE:
        due = details.until or now
        return details, Promise(0, case.id, details.what.strip(), due, now, actor)
    if action not in OUTCOMES:
        return details, None
    made = tx.promises(case.id)
    if details.promise is not None:
        found = [promise for promise in made if promise.id == details.promise]
    else:
        found = [promise for promise in made if promise.outcome is None]
    if len(found) == 1:
        return replace(details, promise=found[0].id, what=found[0].what), found[0]
    if not found:
        raise CaseError(
            f"case {case.id} has no such promise; `complaint-monitor cases show {case.id}` shows all"
        )
    numbers = ", ".join(str(promise.id) for promise in found)
    raise CaseError(f"case {case.id} has several promises: say which ({numbers})")


def _with(step: Step, **facts: Json) -> Step:
    return replace(step, event=replace(step.event, data={**(step.event.data or {}), **facts}))


def _beside(tx: Transaction, case: Case, action: Action, details: Details) -> None:
    """What other cases have to say about this move."""
    if action is Action.LINK:
        other = _existing(tx, details.other or 0)
        if other.business != case.business:
            raise CaseError(f"case {other.id} is about another business")
        if other.id == case.id or (other.source, other.customer) == (case.source, case.customer):
            raise CaseError(f"case {case.id} and case {other.id} are the same customer's already")
    elif action is Action.REOPEN:
        others = [tx.case(number) for number in tx.linked(case.id)]
        for linked in others:
            if linked is not None and not linked.state.closed:
                raise Conflict(
                    f"this customer has another case that is not closed: case {linked.id}. Use that one."
                )


def _join(tx: Transaction, step: Step, details: Details, actor: str, now: datetime) -> None:
    """Two customers become one, or one two again; the other's case tells of it too."""
    case, event = step.case, step.event
    if event.action == Action.UNLINK and not tx.unlink(case.id):
        raise CaseError(f"the customer of case {case.id} is linked to nobody")
    if event.action != Action.LINK or details.other is None:
        return
    if not tx.link(case.id, details.other, now):
        raise CaseError(f"case {case.id} and case {details.other} are the same customer's already")
    other = _existing(tx, details.other)
    key = None if event.key is None else f"{event.key}:other"
    told = transition(
        other, Action.LINK, actor, now, note=event.note, key=key, details=Details(other=case.id)
    )
    tx.revise(told.case, told.event)
    tell(tx, told, now)


def _learn(
    tx: Transaction, case_id: int, action: Action, actor: str, now: datetime, note: str, erred: bool
) -> None:
    """What a dismissal or its undoing says of the judge. What a person had found is that person's to err about."""
    if action not in (Action.DISMISS, Action.REOPEN):
        return
    complaints = [heard for heard in tx.mentions_of(case_id) if heard.verdict.is_complaint]
    judged = [heard.id for heard in complaints if heard.verdict.version != DESK]
    found = [heard.id for heard in complaints if heard.verdict.version == DESK]
    if action is Action.REOPEN:
        judged += _strayed(tx, case_id)
        tx.take_back(judged, Label.NOT_A_COMPLAINT, actor, now, note=note)
        tx.label(found, Label.COMPLAINT, actor, now, note=note)
        return
    tx.take_back(found, Label.COMPLAINT, actor, now, note=note)
    if erred:
        tx.label(judged, Label.NOT_A_COMPLAINT, actor, now, note=note)


def _strayed(tx: Transaction, case_id: int) -> list[int]:
    """What was dismissed with the case and has left it: that dismissal is taken back as well."""
    ended = [event for event in tx.events(case_id) if event.after.closed]
    if not ended or ended[-1].action != Action.DISMISS:
        return []
    return tx.strayed(case_id, ended[-1].actor, ended[-1].at)


def file_of(store: Store, case_id: int) -> File:
    """Raises CaseError when there is no such case."""
    with store.read() as tx:
        case = _existing(tx, case_id)
        mentions, events = tx.mentions_of(case_id), tx.events(case_id)
        return File(
            case,
            tuple(mentions),
            tuple(events),
            tx.cues([case_id]).get(case_id),
            tuple(tx.promises(case_id)),
            tx.past(case_id),
            tuple(tx.linked(case_id)),
        )


def with_cues(store: Store, cases: Sequence[Case]) -> list[tuple[Case, Heard | None]]:
    """Each case with the mention worth quoting."""
    with store.read() as tx:
        cues = tx.cues([case.id for case in cases])
    return [(case, cues.get(case.id)) for case in cases]


def _existing(tx: Transaction, case_id: int) -> Case:
    case = tx.case(case_id)
    if case is None:
        raise CaseError(f"there is no case {case_id}; `complaint-monitor cases list` shows those there are")
    return case
