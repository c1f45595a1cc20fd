"""Do more people complain of one thing than usual? Counted by when they said it, each voice once.

A series is all complaints that share something: a broken expectation, a place, a version of the product, or words.
Why it is measured so, and what is found how fast: `docs/decisions/0016-what-a-spike-is.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import log

from monitor.core.series import HOUR, WORDING, Point, kind_of
from monitor.core.usual import Past

WINDOWS = (1, 3, 6)
"""Hours looked at, up to now."""
FEWEST = 5
"""Voices that make a spike at least."""
TIMES = 2.0
"""How often the usual number it must be at least: where very many speak, less is beyond chance and yet no incident."""
RARE, RARER = 1e-6, 1e-9
"""Odds below which it is no chance: in a series, and in a wording, of which there are thousands."""
COMMON, LAST = 0.01, 3
"""Odds above which the last three hours look like any others."""


@dataclass(frozen=True, slots=True)
class Rise:
    """More than usual in the last `hours`: `count` voices, where `usual` are."""

    key: str
    since: datetime
    """Where the rise is plainest: when it seems to have begun."""
    count: int
    usual: float
    hours: int
    odds: float
    cases: frozenset[int]


class Watch:
    """What was said in the last eight weeks, and what of it is unusual now."""

    def __init__(self, listening: Mapping[str, datetime]) -> None:
        self._past = Past(listening)
        self._touched: set[str] = set()

    def add(self, points: Iterable[Point]) -> None:
        self._touched |= self._past.add(points)

    def leave_out(self, cases: Collection[int], since: datetime, until: datetime) -> None:
        """What these cases said in the span was an incident: it is no part of what is usual."""
        for series in self._past.series.values():
            series.leave_out(cases, since.timestamp(), until.timestamp())

    def cases(self, key: str, since: datetime, until: datetime) -> set[int]:
        """Whose complaints are in a series."""
        return self._past.series[key].whose(since.timestamp(), until.timestamp())

    def look(self, now: datetime) -> list[Rise]:
        """The series that have risen, of those that something was added to since the last look: the least likely
        first, and wordings after all others."""
        self._past.forget(now.timestamp())
        found = [rise for key in sorted(self._touched) if (rise := self.rise(key, now)) is not None]
        self._touched.clear()
        return sorted(found, key=lambda one: (kind_of(one.key) == WORDING, one.odds, one.key))

    def rise(self, key: str, now: datetime, explained: Collection[int] = ()) -> Rise | None:
        """Is the series risen, also without the cases that are `explained` by something else?"""
        at, best = now.timestamp(), None
        cases = self._past.series[key].cases
        if len(cases) < FEWEST or cases[-FEWEST][0] < at - max(WINDOWS) * HOUR:
            return None  # nearly all: there are thousands of wordings
        for hours in WINDOWS:
            since = at - hours * HOUR
            voices = self._past.count(key, since, at)
            if voices < FEWEST:
                continue
            theirs = self._past.series[key].whose(since, at)
            count = min(voices, len(theirs.difference(explained)))
            usual = self._past.usual(key, since, at) if count >= FEWEST else None
            if usual is None or count < TIMES * usual.count:
                continue
            odds = self._past.odds(key, count, usual, at)
            if odds <= (RARER if kind_of(key) == WORDING else RARE) and (best is None or odds < best.odds):
                began = self._began(key, since, at, usual.count)
                best = Rise(key, began, count, usual.count, hours, odds, frozenset(theirs))
        return best

    def back_to_usual(self, key: str, now: datetime) -> bool:
        """Do the last hours look like any others?"""
        at = now.timestamp()
        since = at - LAST * HOUR
        usual = self._past.usual(key, since, at)
        return usual is None or self._past.odds(key, self._past.count(key, since, at), usual, at) > COMMON

    def _began(self, key: str, since: float, until: float, usual: float) -> datetime:
        """The moment since when the rate has most likely been another."""
        series = self._past.series[key]
        said = sorted(one for times in series.times.values() for one in times if since <= one <= until)
        best, began = 0.0, since
        for place, start in enumerate(said):
            count = len(said) - place
            expected = usual * (until - start + 60) / (until - since + 60)
            gain = count * log(count / expected) - (count - expected) if count > expected > 0 else 0.0
            if gain > best:
                best, began = gain, start
        return datetime.fromtimestamp(began, UTC)
