"""What incidents are found in, and what is kept of them, as the transaction keeps it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Protocol

from monitor.core.incidents import Incident
from monitor.core.intents import Outgoing
from monitor.core.model import Severity
from monitor.core.series import Point


class Noticing(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def points(self, business: str, since: datetime, *, after: int = 0) -> list[Point]:
        """The dated complaints of cases said from then on, in the order in which they were heard. `after`: only
        those with a greater number. Hashes are those that are remembered."""
        ...

    def pending_points(
        self, destination: str, below: Severity, words: Collection[int], now: datetime
    ) -> list[Point]:
        """The complaints that cards tell which could go out now, whose cases are below that severity, and which nobody
        has or was called for. Of their hashes only those among `words`."""
        ...

    def running(self, business: str) -> list[Incident]:
        """Incidents that have not ended, by number."""
        ...

    def incident(self, number: int) -> Incident | None: ...

    def incidents_since(self, business: str, since: datetime) -> list[Incident]:
        """Those that ran at any time from then on, by start."""
        ...

    def open_incident(self, business: str, incident: Incident) -> Incident | None:
        """Keep it, with a number. None when its first series runs as an incident already."""
        ...

    def change_incident(self, incident: Incident) -> bool:
        """Keep what has become of it. False when it has ended meanwhile."""
        ...

    def join_incident(self, number: int, case_ids: Collection[int]) -> list[int]:
        """Add cases. Returns those that were not in it, by number."""
        ...

    def cases_in(self, number: int) -> list[int]:
        """The cases of an incident, in the order in which they joined."""
        ...

    def gather(
        self, case_ids: Sequence[int], page: Outgoing, now: datetime, *, instead: str | None = None
    ) -> None:
        """Queue `page`, which from now on tells what the waiting messages of these cases would have told there; those
        are taken out. `instead`: a page that it replaces, and all of whose complaints it tells. Raises Conflict if the
        page was queued by somebody else."""
        ...

    def redraw(self, card: Outgoing, now: datetime) -> bool:
        """Queue a redrawing of a card about many cases (`data["root"]`), unless one still waits."""
        ...
