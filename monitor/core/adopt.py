"""A new destination learns of the cases that are open already: once, and in one message."""

from __future__ import annotations

from datetime import datetime

from monitor.core.ingest import Outgoing
from monitor.core.message import Kind
from monitor.core.store import Transaction


def adopt(tx: Transaction, business: str, console: str, destination: str, now: datetime) -> int:
    """Tell `destination` of every unclosed case that it has not been told of. Returns how many.

    Messages still waiting for the console go to the new destination instead. The console itself is never
    caught up with: what was shown elsewhere is not shown again there.
    """
    if destination == console:
        return 0
    tx.redirect(console, destination)
    cases = tx.untold(business, destination)
    if not cases:
        return 0
    summary = Outgoing(
        destination,
        f"{business}:backlog:adopted:{now.isoformat()}",
        Kind.BACKLOG,
        business,
        data={"feed": ""},
    )
    tx.queue(summary, now)
    tx.retell(cases, summary.id)
    return len(cases)
