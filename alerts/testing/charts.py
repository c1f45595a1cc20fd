"""What Slack refuses in its own charts, the block `data_visualization`; messages alone take it."""

from __future__ import annotations

from typing import Any

from alerts.testing.measures import between, fits, some

IN_A_MESSAGE = 2


def chart(block: dict[str, Any]) -> bool:
    """Would Slack draw it?"""
    drawn = block.get("chart")
    if not between(block.get("title"), 1, 50) or not isinstance(drawn, dict):
        return False
    match drawn.get("type"):
        case "pie":
            slices: Any = drawn.get("segments")
            return set(drawn) == {"type", "segments"} and _points(slices, 6) and _positive(slices)
        case "bar" | "line" | "area":
            return set(drawn) == {"type", "series", "axis_config"} and _lines(drawn)
    return False


def _lines(drawn: dict[str, Any]) -> bool:
    """Each series has exactly one point for each category."""
    axes: Any = drawn["axis_config"]
    if not isinstance(axes, dict) or set(axes) - {"categories", "x_label", "y_label"}:
        return False
    names: Any = axes.get("categories")
    if not some(names, 20) or not all(between(name, 1, 20) for name in names) or not _unlike(names):
        return False
    if not fits(axes, "x_label", 0, 50) or not fits(axes, "y_label", 0, 50):
        return False
    series: Any = drawn["series"]
    return (
        some(series, 6)
        and all(isinstance(one, dict) and set(one) == {"name", "data"} for one in series)
        and all(between(one["name"], 1, 20) and _points(one["data"], 20) for one in series)
        and _unlike([one["name"] for one in series])
        and all(sorted(point["label"] for point in one["data"]) == sorted(names) for one in series)
    )


def _points(value: Any, most: int) -> bool:
    return some(value, most) and all(
        isinstance(point, dict)
        and set(point) == {"label", "value"}
        and between(point["label"], 1, 20)
        and isinstance(point["value"], int | float)
        and not isinstance(point["value"], bool)
        for point in value
    )


def _positive(slices: list[dict[str, Any]]) -> bool:
    return all(one["value"] > 0 for one in slices)


def _unlike(names: list[str]) -> bool:
    return len(names) == len(set(names))
