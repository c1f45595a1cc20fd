"""What is usual: how many complaints of a kind the same hours of the week brought, in the last eight weeks."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.core.odds import at_least, scatter_of
from monitor.core.series import (
    AGAIN,
    ALL,
    DAY,
    HOUR,
    VERSION,
    VERSIONS,
    WEEK,
    WORDING,
    Point,
    Series,
    Words,
    keys_of,
    kind_of,
)

WEEKS = 8
"""How far back the past goes."""
PAST = timedelta(weeks=WEEKS, days=1)
"""How far back points are needed."""
WORDED = 4
"""Weeks for which words are remembered."""
LEARNING = 2
"""Weeks that a feed, or a series, must have been heard before its own past counts."""
WIDER = HOUR
"""How much earlier and later than the same hours of another week still counts as the same hours."""
OWN = 5.0
"""Complaints in the same hours of the past at which a series' own past weighs as much as its share of all."""
LEAST = 0.02
FRESH = 1 / 3
"""Share of all versions' complaints that a version may have on its first day."""
BLOCK = 3 * HOUR
SCATTER, WEIGHT = 0.1, 40.0
"""The scatter taken for granted, and how many squared means it weighs, before the past has shown its own."""


@dataclass(frozen=True, slots=True)
class Usual:
    count: float
    doubt: float
    """The variance of `count` as a share of its square: it was itself counted, of few or of many."""


class Past:
    """The series of the last eight weeks.

    `listening`: since when each feed is heard. What was said before does not count: a first reading brings
    some of the past, and nobody knows how much of it.
    """

    def __init__(self, listening: Mapping[str, datetime]) -> None:
        self._listening = {feed: since.timestamp() for feed, since in listening.items()}
        self.series: defaultdict[str, Series] = defaultdict(Series)
        self._words = Words()
        self._scatters: dict[str, tuple[float, float]] = {}
        self._forgot = 0.0
        self._asked, self._answers = 0.0, dict[float, tuple[float, float]]()

    def add(self, points: Iterable[Point]) -> set[str]:
        """Count them. Returns the series they count in. A post that says nothing of when must not be among them;
        reposts, and what was said before its feed was heard, are passed over."""
        touched = set[str]()
        self._asked = 0.0
        for point in points:
            said, heard = point.said.timestamp(), point.heard.timestamp()
            if point.repost or not self._listening.setdefault(point.feed, heard) <= said <= heard + HOUR:
                continue
            keys, words = keys_of(point), self._words.of(said, point)
            voices: list[Hashable] = [("case", point.case_id)]
            voices += [("thread", point.thread)] if point.thread is not None else []
            voices += [("words", words)] if words is not None else []
            touched.update(keys)
            for key in (*keys, ALL, VERSIONS) if point.version else (*keys, ALL):
                self.series[key].add(said, point.feed, point.case_id, voices)
        return touched

    def forget(self, at: float) -> None:
        """Once in four weeks; what is older than the past would only take room."""
        if at - self._forgot < WORDED * WEEK:
            return
        self._forgot = at
        self._words.forget(at - AGAIN)
        for key, series in list(self.series.items()):
            if series.cases[-1:] < [(at - (WORDED if kind_of(key) == WORDING else WEEKS) * WEEK, 0)]:
                del self.series[key]
            elif len(series.cases) > 50:  # of shorter ones nothing is gained
                series.forget(at - WEEKS * WEEK - DAY)

    # ── how many are usual ───────────────────────────────────────────────────────────────────────────────

    def count(self, key: str, since: float, until: float) -> int:
        """Voices in a span, of the feeds that have a past."""
        series = self.series[key]
        return sum(series.count(feed, since, until) for feed in series.times if self._weeks(feed, until))

    def usual(self, key: str, since: float, until: float) -> Usual | None:
        """What a span up to now would bring if nothing were unusual. None: too little is known of the past."""
        kind, widths = kind_of(key), (until - since + 2 * WIDER) / (until - since)
        whole, everything = self._everything(since, until)
        if not whole:
            return None
        known = 1 / (1 + everything * widths * WEEKS)
        if kind == WORDING:
            # new words have no past and are not unusual for that: half a complaint in all that time
            past = self.count(key, until - WORDED * WEEK, until - DAY) + 0.5
            return Usual(past / WORDED / whole * everything, known + 1 / (past + 0.5))
        if kind == VERSION:
            return self._of_version(key, since, until)
        if self._is_young(key, until):
            return Usual(everything, known)
        share = self._weekly(key, until) / whole * everything
        own = self._same_hours(key, since, until)
        seen = own * widths * WEEKS
        weight = seen / (seen + OWN)
        doubt = weight**2 / (1 + seen) + (1 - weight) ** 2 * known
        return Usual(max(LEAST, weight * own + (1 - weight) * share), doubt)

    def _everything(self, since: float, until: float) -> tuple[float, float]:
        """All complaints: in a week, and in these hours. At one time many series ask for the same."""
        if self._asked != until:
            self._asked, self._answers = until, {}
        if since not in self._answers:
            self._answers[since] = self._weekly(ALL, until), self._same_hours(ALL, since, until)
        return self._answers[since]

    def _of_version(self, key: str, since: float, until: float) -> Usual | None:
        """Versions take over from each other, so none has a past: of all of them, twice its share of the day before,
        as people may just be changing to it."""
        day = max(1, self.count(VERSIONS, since - DAY, since))
        share = min(1.0, max(FRESH, 2 * self.count(key, since - DAY, since) / day))
        usual = self.usual(VERSIONS, since, until)
        return None if usual is None else Usual(share * usual.count, usual.doubt)

    def odds(self, key: str, count: int, usual: Usual, at: float) -> float:
        """The probability that chance brings so many, scattered as they were in the past."""
        return at_least(count, usual.count, self._scatter(key, at) + usual.doubt)

    def _weeks(self, feed: str, at: float) -> int:
        """Whole weeks of past that a feed has, at most eight; 0 while it is too young to count."""
        weeks = int((at - self._listening[feed]) // WEEK)
        return min(WEEKS, weeks) if weeks >= LEARNING else 0

    def _is_young(self, key: str, at: float) -> bool:
        """A new place, say, has no past of its own."""
        return at - self.series[key].first < LEARNING * WEEK

    def _spans(self, series: Series, at: float) -> Iterable[tuple[str, int]]:
        """The feeds of a series, and over how many weeks each counts."""
        age = max(LEARNING, int((at - series.first) // WEEK))
        return ((feed, min(weeks, age)) for feed in series.times if (weeks := self._weeks(feed, at)))

    def _same_hours(self, key: str, since: float, until: float) -> float:
        """Mean count in the same hours of the past weeks, of every feed over the weeks in which it was heard."""
        series, total = self.series[key], 0.0
        for feed, weeks in self._spans(series, until):
            start, end = since - WIDER, until + WIDER
            total += (
                sum(series.count(feed, start - n * WEEK, end - n * WEEK) for n in range(1, weeks + 1)) / weeks
            )
        return total * (until - since) / (until - since + 2 * WIDER)

    def _weekly(self, key: str, until: float) -> float:
        """Voices in a week. The last day is in question, and left out."""
        series, end = self.series[key], until - DAY
        return sum(
            series.count(feed, end - weeks * WEEK, end) / weeks for feed, weeks in self._spans(series, until)
        )

    # ── how much that scatters ───────────────────────────────────────────────────────────────────────────

    def _scatter(self, key: str, at: float) -> float:
        """Measured once a day up to the day before, in blocks of three hours: of the series itself or, if it has no
        past, of all."""
        key = ALL if kind_of(key) in (WORDING, VERSION) or self._is_young(key, at) else key
        measured = self._scatters.get(key)
        if measured is None or at - measured[0] > DAY:
            prior = SCATTER if key == ALL else self._scatter(ALL, at)
            measured = at, scatter_of(self._blocks(self.series[key], at - DAY), prior, WEIGHT)
            self._scatters[key] = measured
        return measured[1]

    def _blocks(self, series: Series, at: float) -> list[list[int]]:
        feeds = list(self._spans(series, at))
        weeks = min((weeks for _, weeks in feeds), default=0)
        blocks = [[0] * int(WEEK // BLOCK) for _ in range(weeks)]
        begin = at - weeks * WEEK
        for feed, _ in feeds:
            times = series.times[feed]
            for said in times[bisect_left(times, begin) : bisect_left(times, at)]:
                week, rest = divmod(said - begin, WEEK)
                blocks[int(week)][int(rest // BLOCK)] += 1
        return blocks
