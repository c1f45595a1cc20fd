"""Complaints as points in time, and the series they count in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime

HOUR, DAY, WEEK = 3600.0, 86_400.0, 604_800.0
AGAIN = 7 * DAY
"""Who speaks once more within this time is still the same voice."""

ALL, VERSIONS = "all", "versions"
EXPECTATION, PLACE, VERSION, WORDING = "expectation", "place", "version", "wording"


@dataclass(frozen=True, slots=True)
class Point:
    """A complaint, as far as spikes are concerned."""

    id: int
    said: datetime
    heard: datetime
    case_id: int
    """Whose it is: a customer's, or of all who say the same words."""
    feed: str
    thread: str | None = None
    """The conversation it is part of: all of it is one voice."""
    repost: bool = False
    location: str | None = None
    storefront: str | None = None
    version: str | None = None
    broken: tuple[str, ...] = ()
    hashes: tuple[int, ...] = ()
    """By which others in much the same words are found."""


def keys_of(point: Point) -> list[str]:
    """The series a complaint counts in."""
    found = [f"{EXPECTATION}:{key}" for key in point.broken]
    found += [f"{PLACE}:{place}" for place in (point.location, point.storefront) if place]
    if point.version:
        found.append(f"{VERSION}:{point.version}")
    found += [f"{WORDING}:{one}" for one in point.hashes]
    return found


def kind_of(key: str) -> str:
    return key.partition(":")[0]


class Words:
    """Who says the same as somebody before: a text that shares most of its hashes with another."""

    def __init__(self) -> None:
        self._last: dict[int, tuple[float, int]] = {}

    def of(self, said: float, point: Point) -> int | None:
        """The id of the first complaint in these words; None for a text too short to tell."""
        if not point.hashes:
            return None
        near = (self._last[one] for one in point.hashes if one in self._last)
        shared = Counter(words for at, words in near if abs(said - at) < AGAIN)
        words, count = shared.most_common(1)[0] if shared else (point.id, 0)
        words = words if count > len(point.hashes) / 2 else point.id
        for one in point.hashes:
            self._last[one] = said, words
        return words

    def forget(self, before: float) -> None:
        self._last = {one: last for one, last in self._last.items() if last[0] >= before}


class Series:
    """When voices were heard, by feed, and whose they were. Times are seconds since 1970."""

    __slots__ = ("_voices", "cases", "first", "times")

    def __init__(self) -> None:
        self.times: defaultdict[str, list[float]] = defaultdict(list)
        """Of every feed, when a new voice spoke; sorted."""
        self.cases: list[tuple[float, int]] = []
        """All complaints, sorted; those that are no voice of their own are among them."""
        self.first = float("inf")
        self._voices: dict[Hashable, float] = {}

    def add(self, said: float, feed: str, case_id: int, voices: Iterable[Hashable]) -> None:
        """`voices`: whom it may be counted as already."""
        insort(self.cases, (said, case_id))
        known = False
        for voice in voices:
            last = self._voices.get(voice)
            known = known or (last is not None and abs(said - last) < AGAIN)
            self._voices[voice] = said
        if not known:
            insort(self.times[feed], said)
            self.first = min(self.first, said)

    def count(self, feed: str, since: float, until: float) -> int:
        times = self.times.get(feed)
        return bisect_right(times, until) - bisect_left(times, since) if times else 0

    def whose(self, since: float, until: float) -> set[int]:
        first = bisect_left(self.cases, (since, 0))
        return {case_id for said, case_id in self.cases[first:] if said <= until}

    def forget(self, before: float) -> None:
        for feed, times in list(self.times.items()):
            del times[: bisect_left(times, before)]
            if not times:
                del self.times[feed]
        del self.cases[: bisect_left(self.cases, (before, 0))]
        self._voices = {voice: at for voice, at in self._voices.items() if at >= before}

    def leave_out(self, cases: Collection[int], since: float, until: float) -> None:
        """What these cases said in the span does not count."""
        first, last = bisect_left(self.cases, (since, 0)), bisect_right(self.cases, (until, 1 << 63))
        gone = Counter(said for said, case_id in self.cases[first:last] if case_id in cases)
        if not gone:
            return
        self.cases[first:last] = [one for one in self.cases[first:last] if one[1] not in cases]
        for times in self.times.values():
            for said in times[bisect_left(times, since) : bisect_right(times, until)]:
                if gone[said]:
                    gone[said] -= 1
                    times.remove(said)
