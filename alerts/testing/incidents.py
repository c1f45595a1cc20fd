"""Incidents as receivers get them: one that runs, one that is over, one of words alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from monitor.core.incidents import Incident
from monitor.core.message import CaseLine, IncidentCard

BEGAN = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def incident_cards(
    name: str, counts: Mapping[str, int], lines: tuple[CaseLine, ...]
) -> tuple[IncidentCard, ...]:
    """`name`: what a customer may call a place or a version."""
    keys = (f"version:{name}", "expectation:follow_through", f"place:{name}")
    running = Incident(
        3, keys, BEGAN, BEGAN + HOUR / 2, BEGAN + HOUR, 12, 0.43, 1, ("place:us", "wording:1"), told_by="x"
    )
    over = Incident(4, keys[1:2], BEGAN, BEGAN + HOUR, BEGAN + 9 * HOUR, 31, 11.2, 6, (), BEGAN + 9 * HOUR)
    words = Incident(5, ("wording:77",), BEGAN, BEGAN + HOUR, BEGAN + HOUR, 6, 0.004, 3)
    return (
        IncidentCard(running, 40, counts, 38, lines[:10], 25, 1),
        IncidentCard(over, 40, counts, 0, lines[:10], 40, 2),
        IncidentCard(words, 1, {"low": 1}, 1, lines[:1], 0, 0),
    )
