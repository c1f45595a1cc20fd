"""What the desk's own labels say of the judge: of the alerts that people judged, how many were real."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monitor.core.metrics import share


@dataclass(frozen=True, slots=True)
class Told:
    """One label given at the desk, beside what the judge had said of the post at the time."""

    probability: float
    alerted: bool
    """Was it called a complaint then?"""
    real: bool
    """Is it one, by the person's word?"""
    version: str
    """Of the judge that said so."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Alerts that people judged, and complaints that they found themselves."""

    alerts: int = 0
    real: int = 0
    missed: int = 0
    """No alert, and somebody said that it should have been one."""

    @property
    def precision(self) -> float | None:
        """None without alerts. There is no recall: nobody labels what nobody saw."""
        return share(self.real, self.alerts) if self.alerts else None

    def facts(self) -> dict[str, Any]:
        precision = self.precision
        return {
            "alerts": self.alerts,
            "real": self.real,
            "missed": self.missed,
            "precision": round(precision, 4) if precision is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Desk:
    """All labels, and those on each version of the judge, by its name."""

    overall: Tally
    versions: dict[str, Tally]

    def facts(self) -> dict[str, Any]:
        return {
            **self.overall.facts(),
            "versions": {name: tally.facts() for name, tally in self.versions.items()},
        }


def desk(labels: Iterable[Told]) -> Desk:
    given = list(labels)
    names = sorted({label.version for label in given})
    return Desk(_tally(given), {name: _tally(x for x in given if x.version == name) for name in names})


def _tally(labels: Iterable[Told]) -> Tally:
    alerts = real = missed = 0
    for label in labels:
        alerts += label.alerted
        real += label.alerted and label.real
        missed += label.real and not label.alerted
    return Tally(alerts, real, missed)
