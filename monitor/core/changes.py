"""What became known after a digest was first posted: its facts then, kept with its row, beside those of now. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.core.digest import Changed, Digest
from monitor.core.model import Json


def facts_of(digest: Digest) -> dict[str, Json]:
    """When it was told, and what is compared later: facts of the span alone, as who waits changes by the hour."""
    return {"told": digest.told.isoformat(), **_figures(digest)}


def told_at(first: Mapping[str, Json]) -> datetime:
    return datetime.fromisoformat(str(first["told"]))


def changed_since(first: Mapping[str, Json], now: Digest, late: int) -> Changed | None:
    """`first`: the facts as first posted. `late`: posts of the span that were heard afterwards. None where nothing
    differs."""
    figures = tuple(
        (what, int(first[what]), count)
        for what, count in _figures(now).items()
        if what in first and first[what] != count
    )
    return Changed(told_at(first), late, figures) if late or figures else None


def _figures(digest: Digest) -> dict[str, int]:
    now = digest.numbers
    return {
        "heard": now.heard.count,
        "complaints": now.complaints.count,
        "thanks": now.thanks,
        "won back": now.recovered,
        "lost": now.lost,
    }
