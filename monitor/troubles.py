"""Destinations that fail: each piece of news is told once, however many messages wait for its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog

from monitor.core.errors import DeliveryError, Outcome
from monitor.core.message import Queued
from monitor.core.store import Transaction

log = structlog.get_logger(__name__)

PROBE = timedelta(seconds=60)
"""How often a destination that a person must mend is tried."""
Answer = TypeVar("Answer")


class Troubles:
    """What one process has found in trouble, and told its log of."""

    def __init__(self) -> None:
        self.tried: set[str] = set()
        """Destinations that a person must mend: a new process, perhaps with a new token, tries them at once."""
        self._told: dict[str, str] = {}
        """By destination: the fault that the log has told since something last went out there."""

    def holds(self, row: Queued, fault: DeliveryError) -> None:
        """A receiver that cannot be reached is one piece of news, however many messages wait for it."""
        told = str(fault)
        tell = log.info if self._told.get(row.destination) == told else log.warning
        self._told[row.destination] = told
        tell("not delivered yet", outcome=fault.outcome.value, why=told, delivery=row.id)

    def for_a_person(self, tx: Transaction, destination: str, fault: DeliveryError, now: datetime) -> None:
        self.tried.add(destination)
        if tx.trouble(destination, fault.code, str(fault), now, now + PROBE):
            log.error("a person must act: messages wait until then", destination=destination, why=str(fault))

    def over(self, tx: Transaction, destination: str) -> None:
        """Something went out there."""
        mended = tx.mended(destination)
        if self._told.pop(destination, "") or mended:
            log.info("destination works again", destination=destination)


def asked(row: Queued, call: Callable[[], Answer]) -> Answer:
    """What the notifier answers. A bug of its own leaves in doubt what it did."""
    try:
        return call()
    except DeliveryError:
        raise
    except Exception as bug:
        log.exception("fault in the notifier", delivery=row.id)
        told = f"fault in the notifier: {type(bug).__name__}"
        raise DeliveryError(told, outcome=Outcome.UNKNOWN) from bug
