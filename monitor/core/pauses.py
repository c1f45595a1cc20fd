"""The spans in which a case's clocks stand: while it sleeps, and while the business waits for the customer. A case
that is opened again has one for the time in which it was closed, too.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from monitor.core.model import Case


def paced(case: Case, now: datetime, since: datetime | None = None) -> Case:
    """The case with its last span opened or ended, as its state asks.

    `since`: the clocks have stood since then (None: since now). Spans never overlap, also where times that
    sources tell are older than what was done here meanwhile.
    """
    pauses, stands = case.pauses, standing_still(case)
    running = not pauses or pauses[-1][1] is not None
    if stands and running:
        end = pauses[-1][1] if pauses else None
        start = since or now
        return replace(case, pauses=(*pauses, (start if end is None else max(start, end), None)))
    if not stands and not running:
        start = pauses[-1][0]
        return replace(case, pauses=(*pauses[:-1], (start, now)) if now > start else pauses[:-1])
    return case


def slept_until(case: Case, now: datetime) -> datetime:
    """When the span that is open ends, if it ends now: a sleep whose time has come was over then, noticed or not."""
    if case.waiting is None and case.snoozed is not None and case.wake is not None:
        return min(now, case.wake)
    return now


def standing_still(case: Case) -> bool:
    """Do its clocks stand? A closed case has none: what it was waiting for is over."""
    return not case.state.closed and (case.snoozed is not None or case.waiting is not None)
