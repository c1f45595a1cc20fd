"""A count beside its own past: the same weekdays before, robustly, and only where they can be compared.

A day before counts only if every feed that speaks of the matter was read well on it: a day on which nobody listened is
a hole and no silence, and a feed that came later, or that fails now, does not make a rise or a fall.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from monitor.core.digest import Against, Figure
from monitor.core.recounting import Tally

WEEKS = 8
"""How many of the same weekdays (or weeks) before are looked at."""
ENOUGH = 4
"""Fewer than so many tell nothing."""
WIDE = 2.5
"""How many spreads from the usual a count is still nothing unusual: of a hundred usual days about one stands out."""
DEVIATION = 1.4826
"""By which a median absolute deviation becomes a standard deviation."""


@dataclass(frozen=True, slots=True)
class Ears:
    """Which feeds were read well."""

    now: frozenset[str]
    """In the span, those that brought something of it among them."""
    before: tuple[frozenset[str], ...]
    """In the whole of each period before it."""
    files: frozenset[str] = frozenset()
    """Imported: nobody listens to a file, and what it holds is whole."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was said in the span, and in each period before it."""

    now: Sequence[Tally]
    before: Sequence[Sequence[Tally]]
    ears: Ears
    over: bool = True
    """Is the span past? Else nothing is compared: half a day is no fall."""

    def where(self, fits: Callable[[Tally], bool]) -> Compared:
        then = tuple(tuple(filter(fits, tallies)) for tallies in self.before)
        return Compared(tuple(filter(fits, self.now)), then, self.ears, self.over)

    def figure(self, fits: Callable[[Tally], bool]) -> Figure:
        """How many of the posts fit."""
        count = counted(filter(fits, self.now))
        if not self.over:
            return Figure(count, against=Against.EARLY)
        speaking = {one.feed for tallies in (self.now, *self.before) for one in tallies}
        needed = (self.ears.now & speaking) or self.ears.now
        known = needed | self.ears.files
        values = [
            counted(one for one in tallies if one.feed in known and fits(one))
            for tallies, listened in zip(self.before, self.ears.before, strict=True)
            if needed and needed <= listened
        ]
        return against(count, values)


def counted(tallies: Iterable[Tally]) -> int:
    return sum(one.count for one in tallies)


def against(count: int, values: Sequence[int]) -> Figure:
    """The median of the past, and around it a band as wide as its deviation, or chance alone, makes it."""
    if len(values) < ENOUGH:
        return Figure(count, past=len(values))
    usual = float(median(values))
    deviation = DEVIATION * median(abs(value - usual) for value in values)
    spread = max(deviation, sqrt(max(usual, 1.0)))
    low, high = round(max(0.0, usual - WIDE * spread), 2), round(usual + WIDE * spread, 2)
    found = Against.MORE if count > high else Against.LESS if count < low else Against.USUAL
    return Figure(count, usual, low, high, len(values), found)
