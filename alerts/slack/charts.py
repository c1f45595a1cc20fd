"""The figures of a digest as Slack's own charts, and as text where Slack takes no charts. Pure.

A chart comes with its text only where that says more than the picture. Slack takes two charts a message, with 20
points and titles of 50 characters: https://docs.slack.dev/reference/block-kit/blocks/data-visualization-block
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from alerts.telling import expectation_told, figure_told, period_of
from alerts.trend import days_of
from alerts.words import line
from monitor.core.digest import Against, Broken, Digest, Length

Block = dict[str, Any]

TITLE = 50
LABEL = 20
POINTS = 20
BARS = 8
"""Expectations that are drawn; the rest of the twelve is seldom more than a few complaints."""
SHORT = {
    "respect": "How we treat people",
    "alternatives": "The choices",
    "authority": "Who can decide",
    "clarity": "What to expect",
}
"""Where the usual words do not fit below a bar."""
LONGEST_BAR = 10


def trend(digest: Digest) -> Block | None:
    """Complaints day by day; None where there is no line to draw. A day on which nothing was listened to is left out:
    it is no day without complaints."""
    days = days_of(digest, POINTS)
    if not days:
        return None
    counts = {f"{one.day.day} {one.day:%b}": float(one.complaints) for one in days if one.listened}
    return _chart(
        "line", f"Complaints a day, the last {len(days)} days", {"Complaints": counts}, y_label="Complaints"
    )


def holes(digest: Digest) -> str:
    """`Nothing was listened to on 2 of these days: they are left out.`; empty where there is none."""
    days = days_of(digest, POINTS)
    deaf = sum(not one.listened for one in days)
    left = "it is left out" if deaf == 1 else "they are left out"
    return f"Nothing was listened to on {deaf} of these days: {left}." if deaf else ""


def broken(digest: Digest) -> Block | None:
    """What we broke, beside what is usual where that is known of all; None where nothing was broken."""
    shown = digest.broken[:BARS]
    if not any(one.figure.count for one in shown):
        return None
    labelled = dict(zip(_labels(shown), (one.figure for one in shown), strict=True))
    now = {Length.DAY: "This day", Length.WEEK: "This week"}.get(digest.length, "This time")
    counts = {now: {label: float(figure.count) for label, figure in labelled.items()}}
    usual = {label: figure.usual for label, figure in labelled.items() if figure.usual is not None}
    if len(usual) == len(labelled):
        counts["Usual"] = usual
    title = "What we broke, against the usual" if "Usual" in counts else "What we broke"
    return _chart("bar", title, counts, y_label="Complaints")


def broken_text(digest: Digest) -> list[str]:
    """`▇▇▇▇▇▇ What they got, 14: more than usual for a Tuesday (usually 2 to 11)`, most often first."""
    shown = [one for one in digest.broken[:BARS] if one.figure.count]
    most = max((one.figure.count for one in shown), default=0)
    period = period_of(digest)
    return [f"{bar(one.figure.count, most)} {_name(one)}, {figure_told(one.figure, period)}" for one in shown]


def unusual(digest: Digest) -> list[str]:
    """What was broken more often than usual, for those who cannot see the chart, too."""
    period = period_of(digest)
    return [
        f"{_name(one)}, {figure_told(one.figure, period)}"
        for one in digest.broken[:BARS]
        if one.figure.against is Against.MORE
    ]


def bar(count: int, most: int) -> str:
    """At least one block: what happened is seen."""
    return "▇" * max(1, round(count / max(1, most) * LONGEST_BAR))


def _name(one: Broken) -> str:
    return expectation_told(one.expectation) or "Something else"


def _labels(shown: Sequence[Broken]) -> list[str]:
    """Short, and no two alike: Slack wants one point for each."""
    found: list[str] = []
    for at, one in enumerate(shown):
        label = SHORT.get(one.expectation) or line(_name(one), LABEL)
        found.append(label if label not in found else f"{line(label, LABEL - 3)} {at}")
    return found


def _chart(kind: str, title: str, series: Mapping[str, Mapping[str, float]], *, y_label: str) -> Block:
    """Every series has one point for each category, in the same order."""
    categories = list(next(iter(series.values())))
    drawn = [
        {
            "name": line(name, LABEL),
            "data": [{"label": label, "value": _plain(points[label])} for label in categories],
        }
        for name, points in series.items()
    ]
    axes = {"categories": categories, "y_label": y_label}
    return {
        "type": "data_visualization",
        "title": line(title, TITLE),
        "chart": {"type": kind, "series": drawn, "axis_config": axes},
    }


def _plain(value: float) -> int | float:
    return int(value) if value == int(value) else round(value, 2)
