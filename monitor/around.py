"""The way around a channel that takes no messages: its cards go to the fallback, and its owner hears of it once a day.

A channel is unusable when it is archived, when the bot is not in it, or may not post there. Every minute the next
message tries it again, so whoever mends it need not tell us.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog

from monitor.core.compose import channel_of
from monitor.core.gestures import SEVERED
from monitor.core.intents import Outgoing
from monitor.core.message import Kind, Queued
from monitor.core.model import Severity
from monitor.core.ports import Store
from monitor.core.store import Transaction

log = structlog.get_logger(__name__)


def unusable(
    tx: Transaction, row: Queued, why: str, fallback: str | None, owner: str | None, now: datetime
) -> None:
    """`row` was refused because of its channel: send all such rows another way, and tell the owner."""
    old = row.destination
    instead = fallback if fallback not in (None, old) else None
    if instead is not None and (moved := tx.reroute(old, instead)):
        log.warning("a channel is unusable: its messages go elsewhere", channel=channel_of(old), moved=moved)
    if owner is None:
        return
    data = {"channel": channel_of(old), "why": why, "instead": channel_of(instead) if instead else None}
    key = f"{row.business}:unusable:{old}:{now.date().isoformat()}"
    # before everything else: until it is mended, much of what follows waits
    tx.queue(Outgoing(owner, key, Kind.DIRECT, row.business, severity=Severity.CRITICAL, data=data), now)


def go_around(store: Store, fallback: str, configured: Collection[str], now: datetime) -> int:
    """Send another way what waits for channels in trouble, until they are due to be tried again."""

    def resting(tx: Transaction) -> list[str]:
        found = [one for one in tx.troubles() if one.destination in configured and one.next_probe > now]
        return [one.destination for one in found if one.destination != fallback]

    with store.read() as tx:  # most of the time there is none
        if not resting(tx):
            return 0
    with store.write() as tx:
        return sum(tx.reroute(destination, fallback) for destination in resting(tx))


def still_troubled(store: Store, configured: Collection[str], fallback: str | None) -> list[str]:
    """What a person must mend. Where nothing waits any more, nothing is left to mend: a look may have found the last
    message, and no later one would ever prove that the destination works. Of a channel that is gone around nothing
    waits either, and it is no better for that."""
    with store.read() as tx:
        troubles = [one for one in tx.troubles() if one.destination in configured]
        mine = [
            one.destination
            for one in troubles
            if fallback in (None, one.destination) and not one.code.startswith(SEVERED)
        ]
        over = {destination for destination in mine if tx.next_ready_at([destination]) is None}
    if over:
        with store.write() as tx:
            for destination in over:
                if tx.next_ready_at([destination]) is None:
                    tx.mended(destination)
    return [one.message for one in troubles if one.destination not in over]
