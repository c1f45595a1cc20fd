"""What was said in a frame, in the periods it is compared with, and in the fortnight that ends with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.core.comparing import Compared, Ears, counted
from monitor.core.digest import Day
from monitor.core.frame import Frame
from monitor.core.recounting import Span
from monitor.core.store import Transaction


@dataclass(frozen=True, slots=True)
class Said:
    compared: Compared
    """Of the frame's place."""
    trend: tuple[Day, ...]
    by_feed: Counter[str]
    """What each feed brought of the frame, whatever place it names."""


def read_said(tx: Transaction, frame: Frame, files: frozenset[str], now: datetime) -> Said:
    """`files`: feeds that were imported, which nobody listens to."""
    days = sorted({*frame.days, *frame.fortnight, *(day for week in frame.before for day in week)})
    spans = [frame.span_of(day) for day in days]
    whole = (frame.since, frame.until)
    total, *each = tx.tallies(frame.business, [whole, *spans])
    said, within = dict(zip(days, each, strict=True)), list(total)
    times = tx.listened(min(whole[0], spans[0][0]), max(whole[1], spans[-1][1]))
    listened = {day: listening(times, span) - files for day, span in zip(days, spans, strict=True)}
    brought = Counter[str]()
    for one in within:
        brought[one.feed] += one.count
    compared = Compared(
        within,
        [[one for day in week for one in said[day]] for week in frame.before],
        Ears(
            now=(listening(times, whole) | frozenset(brought)) - files,
            before=tuple(frozenset.intersection(*(listened[day] for day in week)) for week in frame.before),
            files=files,
        ),
        over=frame.until <= now,
    )
    if frame.place:
        compared = compared.where(lambda one: one.location == frame.place)
        said = {day: tuple(one for one in here if one.location == frame.place) for day, here in said.items()}
    trend = tuple(
        Day(
            day,
            counted(said[day]),
            counted(one for one in said[day] if one.complaint),
            listened=bool(listened[day]),
        )
        for day in frame.fortnight
    )
    return Said(compared, trend, brought)


def listening(times: Mapping[str, Sequence[Span]], span: Span) -> frozenset[str]:
    """The feeds that were read well in the span. `times`: the first and last reading of days in UTC."""
    since, until = span
    return frozenset(
        feed for feed, days in times.items() if any(first < until and last >= since for first, last in days)
    )
