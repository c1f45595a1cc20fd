"""A message as a CloudEvent (1.0, in JSON): what a program needs of it, and no more of the customer than it may."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from alerts.console import render_message
from alerts.screen import terminal_for
from alerts.words import clean, safe_url
from monitor.core.fingerprint import sound
from monitor.core.happening import name_of, uuid_of
from monitor.core.message import Happened, Message
from monitor.core.model import Case, CaseEvent, Heard, Json, Promise
from monitor.core.moves import MACHINES

PREFIX = "internal.complaint-monitor"
"""Reversed, a name that is nobody's: `.internal` is set aside for ever for private use, and never sold."""
SCHEMA = 1
WORDS = 2_000
"""Characters of the customer's: receivers expect a page, not a megabyte."""
TEXT = 1_000
"""Of what people at the desk wrote."""
NAME = 200


def cloud_event(message: Message, now: datetime, *, words: bool) -> dict[str, Json]:
    """`words`: with the customer's name and what they said. Any message can be sent; what is no line of history
    goes as the text that people read."""
    content = message.content
    if isinstance(content, Happened):
        line = content.line
        return _envelope(
            uuid_of(line),
            f"case.{name_of(line.event.action)}",
            line.business,
            line.event.at,
            {"event": _event(line.id, line.event), "case": _case(content)}
            | ({"customer": _customer(content.case, content.heard)} if words else {}),
            content.case.id,
        )
    paper = io.StringIO()
    render_message(message, terminal_for(paper))
    return _envelope(
        message.delivery_id,
        f"message.{message.kind}",
        message.business,
        now,
        {"text": paper.getvalue().strip()} if words else {},
        message.case_id,
    )


def trial(name: str, ident: str, now: datetime) -> dict[str, Json]:
    """Of a type of its own, so that no receiver takes it for a customer."""
    return _envelope(ident, "test", "", now, {"webhook": name})


def _envelope(
    ident: str, kind: str, business: str, at: datetime, data: dict[str, Json], case_id: int | None = None
) -> dict[str, Json]:
    return {
        "specversion": "1.0",
        "id": ident,
        "source": f"/complaint-monitor/{quote(business, safe='')}".rstrip("/"),
        "type": f"{PREFIX}.{kind}",
        "time": _moment(at),
        **({"subject": f"case/{case_id}"} if case_id is not None else {}),
        "datacontenttype": "application/json",
        "data": {"schema": SCHEMA, **data},
    }


def _event(number: int, event: CaseEvent) -> dict[str, Json]:
    return {
        "number": number,
        "action": name_of(event.action),
        "at": _moment(event.at),
        "actor": clean(event.actor, limit=NAME, lines=1),
        "by_machine": event.actor in MACHINES,
        "before": event.before.value if event.before else None,
        "after": event.after.value,
        "note": _text(event.note),
        "facts": _facts(event.data),
    }


def _case(told: Happened) -> dict[str, Json]:
    case, heard = told.case, told.heard
    broken = [one.signal for one in heard.verdict.expectations] if heard is not None else []
    return {
        "id": case.id,
        "revision": case.revision,
        "state": case.state.value,
        "severity": case.severity.value,
        "owner": None if case.owner is None else clean(case.owner, limit=NAME, lines=1),
        "backlog": case.backlog,
        "level": case.level,
        "source": case.source,
        "url": safe_url(case.url),
        "expectation": broken[0] if broken else None,
        "expectations": broken,
        "reasons": [_text(reason) for reason in case.reasons],
        "opened": _moment(case.opened),
        "claimed": _moment(case.claimed),
        "contacted": _moment(case.contacted),
        "closed": _moment(case.closed),
        "waiting": _moment(case.waiting),
        "snoozed": _moment(case.snoozed),
        "wake": _moment(case.wake),
        "promises": {name: _count(told.promises, name) for name in ("kept", "broken", "withdrawn")}
        | {"open": _count(told.promises, None)},
    }


def _customer(case: Case, heard: Heard | None) -> dict[str, Json]:
    """Nothing of a post that is deleted: a receiver cannot take it back."""
    there = heard is not None and heard.gone_at is None
    return {
        "name": clean(case.name, limit=NAME, lines=1) if there else None,
        "words": clean(heard.mention.words, limit=WORDS, lines=200) if heard is not None and there else None,
    }


def _count(promises: tuple[Promise, ...], outcome: str | None) -> int:
    return sum(promise.outcome == outcome for promise in promises)


def _facts(value: Json) -> Json:
    """As it is stored, its texts such as people may read."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {sound(str(name))[0]: _facts(one) for name, one in value.items()}
    return [_facts(one) for one in value] if isinstance(value, list | tuple) else value


def _text(written: str) -> str:
    return clean(written, limit=TEXT, lines=100)


def _moment(at: datetime | None) -> Any:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")
