"""A new destination learns of the cases that are open already: once, and in one message."""

from __future__ import annotations

from datetime import datetime

from monitor.core.ingest import Outgoing
from monitor.core.message import Kind
from monitor.core.store import Transaction


def adopt(tx: Transaction, business: str, console: str, destination: str, now: datetime) -> int:
    """Tell `destination` of every unclosed case that it has not been told of. Returns how many.

    What still waits for the console is not printed any more: the one message tells of it. The console itself is
    never caught up with: what was shown elsewhere is not shown again there.
    """
    if destination == console:
        return 0
    cases = tx.untold(business, destination)
    if cases:
        _tell(tx, cases, business, destination, now)
    tx.abandon(console)
    return len(cases)


def _tell(tx: Transaction, cases: list[int], business: str, destination: str, now: datetime) -> None:
    summary = Outgoing(
        destination,
        f"{business}:backlog:adopted:{now.isoformat()}",
        Kind.BACKLOG,
        business,
        data={"feed": ""},
    )
    tx.queue(summary, now)
    tx.retell(cases, summary.id)
