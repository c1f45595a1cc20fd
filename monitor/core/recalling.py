"""What a plan asks of the store before it decides a page: which posts are known, and what of their customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from monitor.core.intents import Known, Standing, Where
from monitor.core.severity import History


class Recalling(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def known(self, business: str, source: str, native_ids: Sequence[str]) -> dict[str, Known]:
        """Those already stored, by native id."""
        ...

    def standing(
        self, business: str, source: str, customers: Sequence[str], destination: Where
    ) -> dict[str, Standing]:
        """The customers' unclosed cases, each with the outbox id of its card at `destination` (a card in any
        state but `failed`)."""
        ...

    def recovered(
        self, business: str, source: str, customers: Sequence[str], destination: Where
    ) -> dict[str, Standing]:
        """The customers' latest cases, where those ended as recovered."""
        ...

    def closed(self, case_ids: Sequence[int], destination: Where) -> dict[int, Standing]:
        """Those of the cases that are closed, each with its card there."""
        ...

    def histories(self, business: str, source: str, customers: Sequence[str]) -> dict[str, History]:
        """What each customer said before, where they complained: the complaints of their own in their cases, those
        that were dismissed left out. Copies of somebody else's complaint, and what a rule holds back, are in no
        case of theirs. `regressed`: their unclosed case was recovered once."""
        ...
