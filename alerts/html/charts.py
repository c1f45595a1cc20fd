"""Charts as SVG: pure functions from numbers to markup. Colours come from the style sheet, by class.

What can be read only here is told in `<title>` and `<desc>`; bars that stand beside their own words in a table
are hidden from screen readers instead, which would hear everything twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

WIDE = 360
"""Units of a chart's width, about as many as a phone has points: its letters keep their size there."""
TALL, TOP, FOOT, LEFT = 176, 22, 34, 38
BAR, THICK = 200, 16
"""Width and height of a bar in a table."""
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Column:
    """One day of a chart."""

    day: date
    count: int
    told: bool = False
    """It belongs to the span that is told of."""
    low: float | None = None
    high: float | None = None
    """The field of the usual, where the day may be compared with it."""
    listened: bool = True
    """Else nothing is known of it, and a zero would be a lie."""


def columns(name: str, days: Sequence[Column], title: str) -> Markup:
    """Counts by day, oldest first. `name` is unique on the page: its title and description are found by it."""
    top = scale(max([one.count for one in days] + [one.high or 0 for one in days], default=0))
    room, floor = WIDE - LEFT - 1, TALL - FOOT
    step = room / max(1, len(days))

    def up(count: float) -> float:
        return round(floor - (floor - TOP) * min(count, top) / top, 1)

    parts = [_grid(top, up)]
    for at, one in enumerate(days):
        x, wide = round(LEFT + at * step, 1), round(step, 1)
        if one.low is not None and one.high is not None:
            high, low = up(max(0.0, one.high)), up(max(0.0, one.low))
            parts.append(_rect("usual", x, high, wide, max(2.0, low - high)))
        middle = round(x + step / 2, 1)
        if one.listened:
            y = up(one.count)
            parts.append(_rect("told" if one.told else "past", x + step * 0.2, y, step * 0.6, floor - y))
        else:
            parts.append(_text("axis", middle, floor - 5, "?", "middle"))
        parts.append(_text("axis", middle, floor + 14, WEEKDAYS[one.day.weekday()], "middle"))
        parts.append(_text("axis", middle, floor + 27, str(one.day.day), "middle"))
    if days and (last := days[-1]).listened:
        parts.append(
            _text("value", WIDE - 1, up(max(last.count, last.high or 0)) - 5, f"{last.count:,}", "end")
        )
    described = "; ".join(
        f"{_day(one.day)}: {one.count:,}" if one.listened else f"{_day(one.day)}: unknown" for one in days
    )
    return _image(name, title, f"{described}.", parts)


def bar(count: float, low: float | None, high: float | None, top: float) -> Markup:
    """A count on a line of which the right end means `top`, over the field of the usual. Told beside it in words."""
    top = max(top, 1.0)

    def along(value: float) -> float:
        return round(BAR * min(max(value, 0.0), top) / top, 1)

    field = Markup()
    if low is not None and high is not None:
        field = _rect("usual", along(low), 0, max(2.0, along(high) - along(low)), THICK)
    thin = _rect("told", 0, 4, max(1.5, along(count)) if count else 0, THICK - 8)
    return _beside(_rect("rail", 0, THICK / 2 - 0.5, BAR, 1), field, thin)


def interval(part: float, low: float, high: float) -> Markup:
    """A share from 0 to 1, and between which it likely lies. Told beside it in words."""
    left, right, middle = (round(BAR * value, 1) for value in (low, high, part))
    return _beside(
        _rect("rail", 0, THICK / 2 - 0.5, BAR, 1),
        _rect("usual", left, 2, max(2.0, right - left), THICK - 4),
        _rect("told", max(0.0, middle - 2), 0, 4, THICK),
    )


def scale(most: float) -> int:
    """The number at the upper end of an axis: the next of 4, 6, 10, 20, 30, 40, 60, 100, ...; half of it is whole."""
    ten = 1
    while True:
        for step in (4, 6, 10, 20, 30):
            if most <= step * ten:
                return step * ten
        ten *= 10


def short(count: int) -> str:
    """`850`, `1.5k`, `2M`: for an axis, where there is no room."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            return f"{count / size:g}{letter}"
    return str(count)


def _grid(top: int, up: Callable[[float], float]) -> Markup:
    lines = Markup()
    for value in (0, top // 2, top):
        y = up(value)
        lines += _rect("rail", LEFT, y - 0.5, WIDE - LEFT, 1)
        lines += _text("axis", LEFT - 6, y + 4, short(value), "end")
    return lines


def _rect(kind: str, x: float, y: float, wide: float, tall: float) -> Markup:
    return Markup('<rect class="{}" x="{:g}" y="{:g}" width="{:g}" height="{:g}"/>').format(
        kind, round(x, 1), round(y, 1), round(wide, 1), round(tall, 1)
    )


def _text(kind: str, x: float, y: float, words: str, anchor: str) -> Markup:
    return Markup('<text class="{}" x="{:g}" y="{:g}" text-anchor="{}">{}</text>').format(
        kind, x, y, anchor, words
    )


def _image(name: str, title: str, description: str, parts: Iterable[Markup]) -> Markup:
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-desc">'
        '<title id="{}-title">{}</title><desc id="{}-desc">{}</desc>{}</svg>'
    ).format(WIDE, TALL, name, name, name, title, name, description, Markup().join(parts))


def _beside(*parts: Markup) -> Markup:
    return Markup('<svg class="bar" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>').format(
        BAR, THICK, Markup().join(parts)
    )


def _day(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"
