"""A person's command becomes a move of the case: one transaction for case, history and messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.cases import Action, transition
from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Outgoing, redrawing
from monitor.core.labels import DESK, Label
from monitor.core.message import Kind
from monitor.core.model import Case, CaseEvent, Heard
from monitor.core.ports import Store
from monitor.core.store import Transaction


@dataclass(frozen=True, slots=True)
class File:
    """Everything known of one case."""

    case: Case
    mentions: tuple[Heard, ...]
    events: tuple[CaseEvent, ...]
    cue: Heard | None
    """The mention worth quoting."""


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
    not_a_complaint: bool = False,
) -> Case:
    """Make the move and have the card and its thread tell of it.

    `revision` is what the person saw: Conflict if the case has moved on since. Raises CaseError, told to that
    person. The same `key` twice is one move. `not_a_complaint` (of a dismissal): the judge erred, learn from it.
    """
    with store.write() as tx:
        case = _existing(tx, case_id)
        if key is not None and any(event.key == key for event in tx.events(case_id)):
            return case
        if revision is not None and case.revision != revision:
            raise Conflict(f"case {case_id} has changed meanwhile: it is {case.state} now")
        step = transition(case, action, actor, now, note=note, key=key)
        if not tx.revise(step.case, step.event):
            return case
        _learn(tx, case_id, action, actor, now, note, not_a_complaint)
        # wherever the card is: the person may lack the token that the service has
        card = tx.card_of(case_id, "slack") or tx.card_of(case_id, "console")
        if card is not None:
            told = {"action": str(action), "actor": actor, "note": note}
            reply = f"{case.business}:reply:move:{case_id}:{step.case.revision}"
            tx.queue(
                Outgoing(
                    card.destination, reply, Kind.REPLY, case.business, case_id, case.severity, data=told
                ),
                now,
            )
            tx.queue(redrawing(step.case, card.destination), now)
        return step.case


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
        return File(case, tuple(mentions), tuple(events), tx.cues([case_id]).get(case_id))


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
