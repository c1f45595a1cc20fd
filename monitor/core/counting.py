"""What is counted: for `reconcile` and `status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Account:
    """Every complaint mention in exactly one class; they sum up to `complaints`."""

    complaints: int
    delivered: int
    queued: int
    summarised: int
    suppressed: int
    unaccounted: int


class Counting(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def account(self) -> Account:
        """Classify every complaint mention (for `reconcile`).

        `suppressed`: its case is dismissed, or a rule holds it back. Else by the message that tells of it:
        `summarised` if that is a sent BACKLOG, STORM or ROSTER; `delivered` if another kind, sent; `queued` if
        pending, sending or unknown; `unaccounted` if there is none or it failed."""
        ...

    def counts(self) -> tuple[int, int, dict[str, int], dict[str, int]]:
        """Mentions, complaints, cases by state, outbox rows by state."""
        ...

    def heard_by_feed(self, since: datetime, until: datetime) -> dict[str, int]:
        """Mentions first seen in [since, until), by feed."""
        ...
