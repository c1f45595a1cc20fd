"""When the desk is open, and time that passes only then.

An opening is told on the wall clock, and belongs to the day on which it begins: a holiday takes the openings
that begin on it. It begins at the first instant at which the wall clock shows its time or a later one, and
ends likewise. So where the clocks go forward over it, it begins with the jump; where an hour comes twice, the
first counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count

DAY = 1440
"""Minutes of a day on the wall clock."""
ZERO = timedelta()

Span = tuple[datetime, datetime]
"""From, until; until is not part of it."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One opening of a week. `opens` and `closes` are minutes since midnight of its day; past 1440 is the next day."""

    day: int
    """0 is Monday."""
    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not (0 <= self.day < 7 and 0 <= self.opens < DAY and self.opens < self.closes <= self.opens + DAY):
            raise ValueError(f"{self} is no opening: it begins on its day and lasts a day at most")


@dataclass(frozen=True, slots=True)
class Hours:
    """The openings of a week in one time zone, without the holidays. All instants are aware; answers are in UTC."""

    zone: tzinfo
    openings: tuple[Opening, ...]
    holidays: frozenset[date] = frozenset()
    _known: dict[date, tuple[Span, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Days that were worked out already: each is asked for by many cases."""

    def __post_init__(self) -> None:
        if not self.openings:
            raise ValueError("there is no opening: time would stand for ever")

    @property
    def endless(self) -> bool:
        """Is it open all week, holidays apart?"""
        week = Hours(UTC, self.openings)
        monday = datetime(2024, 1, 8, tzinfo=UTC)
        return week.between(monday, monday + timedelta(days=7)) == timedelta(days=7)

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How long it is open from `since` to `until`; zero where that is no span."""
        total = ZERO
        if until <= since:
            return total
        for opens, closes in self._from(since):
            if opens >= until:
                break
            total += min(closes, until) - opens
        return total

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The first instant at which `amount` of open time has passed since `start`."""
        left = amount
        if left <= ZERO:
            return start.astimezone(UTC)
        spans = self._from(start)
        while True:
            opens, closes = next(spans)
            if closes - opens >= left:
                return opens + left
            left -= closes - opens

    def before(self, end: datetime, amount: timedelta) -> datetime:
        """The last instant from which on `amount` of open time passes until `end`."""
        if amount <= ZERO:
            return end.astimezone(UTC)
        back = amount + timedelta(days=7)
        while (passed := self.between(end - back, end)) < amount:
            back *= 2
        return self.opening(self.add(end - back, passed - amount))

    def open_at(self, at: datetime) -> bool:
        return self.opening(at) <= at

    def opening(self, at: datetime) -> datetime:
        """The first open instant from `at` on."""
        return next(self._from(at))[0]

    def closing(self, at: datetime) -> datetime:
        """The first closed instant from `at` on. Not to be asked of hours that are `endless`."""
        at = at.astimezone(UTC)
        for opens, closes in self._from(at):
            if opens > at:
                break
            at = closes
        return at

    def _from(self, start: datetime) -> Iterator[Span]:
        """Without end: what is open from `start` on, in order, no instant twice."""
        covered = start.astimezone(UTC)
        # what began two days ago at the latest is over, also where clocks change by a day
        first = start.astimezone(self.zone).date() - timedelta(days=2)
        for days in count():
            for opens, closes in self._spans(first + timedelta(days=days)):
                begins = max(opens, covered)
                if closes > begins:  # an opening that the clocks jump over takes no time
                    yield begins, closes
                    covered = closes

    def _spans(self, day: date) -> tuple[Span, ...]:
        found = self._known.get(day)
        if found is None:
            here = (
                ()
                if day in self.holidays
                else sorted(one for one in self.openings if one.day == day.weekday())
            )
            found = tuple((self._reached(day, one.opens), self._reached(day, one.closes)) for one in here)
            self._known[day] = found
        return found

    def _reached(self, day: date, minutes: int) -> datetime:
        """The first instant at which the wall clock shows this time or a later one."""
        wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
        at = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if self._wall(at) == wall:
            return at
        # the clocks jump over it; the jump lies between the two readings of a time that is not there
        early, late = wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC), at
        while late - early > timedelta(seconds=1):
            middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
            early, late = (early, middle) if self._wall(middle) >= wall else (middle, late)
        return late

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None, fold=0)


ALWAYS = Hours(UTC, tuple(Opening(day, 0, DAY) for day in range(7)))
"""Open around the clock."""
