"""From cases, their history and their promises to rows, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from monitor.core.model import Case, CaseEvent, Promise, State
from storage.columns import aware, clean, dumps, loads, name, texts
from storage.rows import SEVERITIES, Row


def case_values(case: Case) -> dict[str, Any]:
    return {
        "business": case.business,
        "source": case.source,
        "customer": name(case.customer),
        "name": clean(case.name),
        "state": case.state.value,
        "severity": case.severity.rank,
        "opened": case.opened,
        "revision": case.revision,
        "owner": None if case.owner is None else clean(case.owner),
        "backlog": case.backlog,
        "reasons": texts(case.reasons),
        "url": None if case.url is None else clean(case.url),
        "closed": case.closed,
        "contacted": case.contacted,
        "claimed": case.claimed,
        "touched": case.touched,
        "waiting": case.waiting,
        "snoozed": case.snoozed,
        "wake": case.wake,
        "level": case.level,
        "escalated": case.escalated,
        "pauses": _clocks_text(case),
        "reminded": case.reminded,
    }


def case_of(row: Row) -> Case:
    return Case(
        id=row.id,
        business=row.business,
        source=row.source,
        customer=row.customer,
        name=row.name,
        state=State(row.state),
        severity=SEVERITIES[row.severity],
        opened=row.opened,
        revision=row.revision,
        owner=row.owner,
        backlog=row.backlog,
        reasons=tuple(loads(row.reasons)),
        url=row.url,
        closed=row.closed,
        contacted=row.contacted,
        claimed=row.claimed,
        touched=row.touched,
        waiting=row.waiting,
        snoozed=row.snoozed,
        wake=row.wake,
        level=row.level,
        escalated=row.escalated,
        reminded=row.reminded,
        **(_clocks_of(row.pauses) if row.pauses != "[]" else {}),
    )


def _clocks_text(case: Case) -> str:
    """What only its clocks ask for: the pauses, and beside them, of the few that came back, since when they wait."""
    if not case.pauses and case.returned is None:
        return "[]"
    spans = [[_written(start), _written(end)] for start, end in case.pauses]
    if case.returned is None:
        return dumps(spans)
    return dumps({"pauses": spans, "returned": _written(case.returned), "answered": _written(case.answered)})


def _clocks_of(written: str) -> dict[str, Any]:
    found = loads(written)
    if isinstance(found, list):
        return {"pauses": _spans_of(found)}
    moments = {key: _moment(found[key]) for key in ("returned", "answered")}
    return {"pauses": _spans_of(found["pauses"]), **moments}


def _spans_of(found: Sequence[Sequence[str | None]]) -> tuple[tuple[datetime | None, datetime | None], ...]:
    return tuple((_moment(start), _moment(end)) for start, end in found)


def _written(at: datetime | None) -> str | None:
    return None if at is None else aware(at).isoformat()


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def event_values(event: CaseEvent, case_id: int) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "at": event.at,
        "actor": clean(event.actor),
        "action": clean(event.action),
        "before": event.before.value if event.before else None,
        "after": event.after.value,
        "note": clean(event.note),
        "key": None if event.key is None else name(event.key),
        "data": None if event.data is None else dumps(event.data),
    }


def event_of(row: Row) -> CaseEvent:
    before = State(row.before) if row.before else None
    return CaseEvent(
        row.case_id,
        row.at,
        row.actor,
        row.action,
        before,
        State(row.after),
        row.note,
        row.key,
        loads(row.data),
    )


def promise_values(promise: Promise) -> dict[str, Any]:
    return {
        "case_id": promise.case_id,
        "what": clean(promise.what),
        "due": promise.due,
        "made": promise.made,
        "made_by": clean(promise.made_by),
        "outcome": promise.outcome,
        "ended": promise.ended,
        "nudged": promise.nudged,
    }


def promise_of(row: Row) -> Promise:
    return Promise(
        row.id,
        row.case_id,
        row.what,
        row.due,
        row.made,
        row.made_by,
        row.outcome,
        row.ended,
        row.nudged,
    )
