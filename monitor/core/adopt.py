"""A new destination learns of the cases that are open already: once, and in one message."""

from __future__ import annotations

from datetime import datetime

from monitor.core.intents import Outgoing
from monitor.core.message import Kind
from monitor.core.store import Transaction


def adopt(
    tx: Transaction,
    business: str,
    console: str,
    destination: str,
    now: datetime,
    *,
    also: tuple[str, ...] = (),
    keep: tuple[str, ...] = (),
) -> int:
    """Tell `destination` of every unclosed case that it has not been told of. Returns how many.

    What still waits for the console, or for a channel that was left, is not posted there any more: the one
    message tells of it. Threads in a channel that was left go on where their cards are. The console itself is
    never caught up with: what was shown elsewhere is not shown again there. `also`: where
    routes send cards; a case that was told of there is told. `keep`: what else is in use.
    """
    if destination == console:
        return 0
    cases = tx.untold(business, (destination, *also))
    if cases:
        _tell(tx, cases, business, destination, now)
    for left in tx.addressed():
        if left not in (destination, *also, *keep):
            tx.abandon(left, threads=left == console)
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
