"""Too many cards at once, or too late: the lesser ones are told together, every customer by name."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from monitor.core.compose import channel_of
from monitor.core.intents import Outgoing
from monitor.core.message import Kind, OutboxState, Queued
from monitor.core.model import Business, Severity
from monitor.core.store import Transaction

log = structlog.get_logger(__name__)

FEW = 3
"""So few late cards are no storm: they go out singly."""
ROSTER_SIZE = 40
STILL_ALONE = Severity.HIGH
"""From here on a card goes out singly, whatever happens around it."""
STORM_LASTS = timedelta(minutes=15)


def fold(
    tx: Transaction, destination: str, business: Business, after: int, age: timedelta, now: datetime
) -> int:
    """Sum up the cards that wait for `destination` if they are more than `after` (0: never), or if they are
    several and one has waited longer than `age`. Returns how many cases are told so."""
    if not after:
        return 0
    waiting = tx.waiting_cards(destination, now)
    late = waiting.oldest is not None and now - waiting.oldest > age
    if not (waiting.count > after or (late and waiting.count > FEW)):
        return 0
    living = _living(tx, destination, now)
    pages = len(tx.rosters(living.id)) if living else 0
    key = living.key if living else f"storm:{now.isoformat()}"
    storm = Outgoing(destination, key, Kind.STORM, business.key)
    count = tx.fold(destination, STILL_ALONE, storm, ROSTER_SIZE, pages + 1, now)
    if count and living:
        root = {"root": living.id}
        again = Outgoing(destination, f"{key}:again:{pages}", Kind.STORM, business.key, data=root)
        tx.queue(again, now)
    if count:
        log.warning("storm: cards are summed up", destination=channel_of(destination), cases=count)
    return count


def _living(tx: Transaction, destination: str, now: datetime) -> Queued | None:
    """The summary that further cards join. One of its redrawings may be the latest: what they show is it."""
    latest = tx.latest_storm(destination)
    root = str(latest.data.get("root", "")) if latest and latest.data else ""
    storm = tx.outgoing(root) if root else latest
    if storm is None or storm.state is OutboxState.FAILED or now - storm.created >= STORM_LASTS:
        return None
    return storm
