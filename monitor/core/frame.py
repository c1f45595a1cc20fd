"""Of what a digest tells, and what it is compared with: spans of local days, 23 or 25 hours long when clocks change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from monitor.core.clock import day_span
from monitor.core.comparing import WEEKS
from monitor.core.digest import Length
from monitor.core.model import Json
from monitor.core.policy import Policy
from monitor.core.recounting import Span

SHOWN = 10
TREND = 14
"""Days."""
BLINK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is asked for."""

    business: str
    """Its key."""
    name: str
    """What people call it."""
    timezone: str
    since: datetime
    until: datetime
    length: Length = Length.SPAN
    """A day is one whole local day, a week seven of them."""
    place: str = ""
    """Only this location is told of; empty: all."""
    feeds: Mapping[str, bool] | None = None
    """The feeds of the settings, and whether each is enabled; coverage leaves out what was removed from them. None:
    all that were ever read."""
    policy: Policy = field(default_factory=Policy)
    scheme: str = "slack"
    """Of the destinations whose cards are linked."""
    shown: int = SHOWN
    """The most that each list names."""

    def facts(self) -> Json:
        """What a message that tells of it keeps."""
        return {
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "name": self.name,
            "timezone": self.timezone,
            "length": self.length.value,
            "place": self.place,
            "feeds": None if self.feeds is None else dict(self.feeds),
        }

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def last_day(self) -> date:
        return (self.until.astimezone(UTC) - BLINK).astimezone(self.zone).date()

    @property
    def days(self) -> tuple[date, ...]:
        """The local days that are told; none of a span that is no day and no week."""
        count = {Length.DAY: 1, Length.WEEK: 7}.get(self.length, 0)
        return tuple(self.last_day - timedelta(days=back) for back in reversed(range(count)))

    @property
    def before(self) -> tuple[tuple[date, ...], ...]:
        """The same days of the weeks before, the last week first."""
        if not self.days:
            return ()
        return tuple(tuple(day - timedelta(weeks=back) for day in self.days) for back in range(1, WEEKS + 1))

    @property
    def fortnight(self) -> tuple[date, ...]:
        return tuple(self.last_day - timedelta(days=back) for back in reversed(range(TREND)))

    def span_of(self, day: date) -> Span:
        return day_span(day, self.zone)


def frame_from(business: str, facts: Mapping[str, Json], policy: Policy, scheme: str) -> Frame:
    """`facts`: of a frame, also of one that a version kept which knew days alone."""
    since, until = (datetime.fromisoformat(str(facts[key])) for key in ("since", "until"))
    return Frame(
        business,
        str(facts["name"]),
        str(facts["timezone"]),
        since,
        until,
        Length(facts.get("length", Length.SPAN)),
        str(facts.get("place", "")),
        facts.get("feeds"),
        policy,
        scheme,
    )
