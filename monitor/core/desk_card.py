"""The card of a case, wherever it is, and how it is drawn anew."""

from __future__ import annotations

from datetime import datetime

from monitor.core.intents import redrawing
from monitor.core.message import CONSOLE, Queued
from monitor.core.model import Case
from monitor.core.store import Transaction


def desk_card(tx: Transaction, case_id: int) -> Queued | None:
    """Wherever the card is: the person may lack the token that the service has."""
    return tx.card_of(case_id, "slack") or tx.card_of(case_id, CONSOLE)


def redraw(tx: Transaction, case: Case, now: datetime, *, hurried: bool = False) -> None:
    """Have the card drawn anew; `hurried`: before all others, as somebody looks at it."""
    card = desk_card(tx, case.id)
    if card is not None:
        tx.queue(redrawing(case, card.destination), now)
        if hurried:
            tx.hurry(case.id, card.destination)
