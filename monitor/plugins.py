"""Finding connectors by their entry points: ours and third parties' alike."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from monitor.core.errors import ConfigError

API = 1
SOURCES, SCORERS, NOTIFIERS = (f"complaint_monitor.{kind}" for kind in ("sources", "scorers", "notifiers"))


@cache
def _points(group: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=group)}


def names(group: str) -> list[str]:
    """What is installed, without importing any of it."""
    return sorted(_points(group))


def load(group: str, name: str) -> Any:
    """The class behind a name. Raises ConfigError when there is none, or it speaks another version of the API."""
    kind = group.rpartition(".")[2].rstrip("s")
    point = _points(group).get(name)
    if point is None:
        raise ConfigError(f"there is no {kind} called {name!r}; installed: {', '.join(names(group))}")
    try:
        found = point.load()
    except (ImportError, AttributeError) as fault:
        raise ConfigError(f"the {kind} {name!r} ({point.value}) cannot be loaded: {fault}") from fault
    if getattr(found, "api", None) != API:
        raise ConfigError(
            f"the {kind} {name!r} speaks API {getattr(found, 'api', None)}, this version speaks {API}"
        )
    return found
