"""The way back of a card, or of the summary of a storm, that somebody deleted by hand.

It is noticed when the card is to be drawn anew, or to be answered below. Then the card goes out once more, before all
else of its case; what was to be told waits for it. A case that is over needs none.
"""

from __future__ import annotations

from datetime import datetime

import structlog

from monitor.core.compose import scheme_of
from monitor.core.message import Kind, OutboxState, Queued
from monitor.core.store import Transaction

log = structlog.get_logger(__name__)


def card_again(tx: Transaction, row: Queued, now: datetime) -> bool:
    """Whether `row`, which belongs to a card that is gone, is to wait until that card stands again."""
    if row.case_id is None or row.kind not in (Kind.UPDATE, Kind.REPLY):
        return False
    case, card = tx.case(row.case_id), tx.card_of(row.case_id, scheme_of(row.destination))
    if case is None or card is None or card.state is OutboxState.FAILED:
        return False
    if case.state.closed and not tx.told_by(row.id):
        return False
    if card.receipt is not None and tx.recall(card.id, card.receipt, now):
        log.warning("a card was deleted by hand; it is posted anew", case=case.id, delivery=card.id)
    return True


def storm_again(tx: Transaction, row: Queued, now: datetime) -> bool:
    """Whether `row`, of a storm whose summary is gone, is told once that stands again: its pages hang below it."""
    data = row.data or {}
    if row.kind not in (Kind.STORM, Kind.ROSTER) or "incident" in data:
        return False
    storm = tx.outgoing(str(data.get("storm") or data.get("root") or ""))
    if storm is None:
        return False
    if storm.receipt is not None and tx.recall(storm.id, storm.receipt, now):
        log.warning("the summary of a storm was deleted by hand; it is posted anew", delivery=storm.id)
    if row.kind is Kind.STORM:
        tx.settle(
            row.id, row.lease or "", OutboxState.SENT
        )  # what it would have drawn goes out as a new message
    return True
