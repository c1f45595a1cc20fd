"""Slack's chart block as a plain drawing: which points and bars there are, not how Slack styles them."""

from __future__ import annotations

import html
from typing import Any

WIDE, TALL = 600, 190
LEFT, FOOT, TOP = 34, 44, 10
COLOURS = ("#1264a3", "#bfc6cd", "#e8912d", "#2bac76", "#cd2553", "#7c3aed")


def chart(block: dict[str, Any]) -> str:
    drawn = block["chart"]
    names = drawn["axis_config"]["categories"]
    most = max(point["value"] for one in drawn["series"] for point in one["data"]) or 1
    step = (WIDE - LEFT) / len(names)
    parts = [_grid(most)]
    for at, series in enumerate(drawn["series"]):
        values = {point["label"]: point["value"] for point in series["data"]}
        tops = [_height(values[name], most) for name in names]
        if drawn["type"] == "bar":
            parts.append(_bars(tops, step, at, len(drawn["series"])))
        else:
            line = " ".join(f"{LEFT + step * (i + 0.5):.1f},{top:.1f}" for i, top in enumerate(tops))
            parts.append(f'<polyline points="{line}" fill="none" stroke="{COLOURS[at]}" stroke-width="2.5"/>')
    every = max(1, len(names) // 7) if len(names) > 8 else 1
    for i, name in enumerate(names):
        if i % every == 0:
            parts.append(_label(name, LEFT + step * (i + 0.5), step * every))
    keys = "".join(
        f'<span><i style="background:{COLOURS[at]}"></i>{html.escape(one["name"])}</span>'
        for at, one in enumerate(drawn["series"])
    )
    return (
        f"<div class=chart><b>{html.escape(block['title'])}</b>"
        f'<svg viewBox="0 0 {WIDE} {TALL}" width="100%">{"".join(parts)}</svg><div class=keys>{keys}</div></div>'
    )


def _height(value: float, most: float) -> float:
    return TALL - FOOT - (TALL - FOOT - TOP) * value / most


def _grid(most: float) -> str:
    lines = []
    for part in (0, 0.5, 1):
        y = _height(part, 1)
        lines.append(f'<line x1="{LEFT}" x2="{WIDE}" y1="{y}" y2="{y}" stroke="#e8e8e8"/>')
        lines.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end" {_FONT}>{most * part:g}</text>')
    return "".join(lines)


def _bars(tops: list[float], step: float, at: int, of: int) -> str:
    wide = step * 0.7 / of
    return "".join(
        f'<rect x="{LEFT + step * (i + 0.15) + wide * at:.1f}" y="{top:.1f}" width="{wide - 2:.1f}" '
        f'height="{TALL - FOOT - top:.1f}" rx="2" fill="{COLOURS[at]}"/>'
        for i, top in enumerate(tops)
    )


def _label(name: str, x: float, room: float) -> str:
    """In two lines where it is longer than its bar is wide."""
    first, _, rest = name.partition(" ")
    lines = [name] if len(name) * 6 < room or not rest else [first, rest]
    return "".join(
        f'<text x="{x:.1f}" y="{TALL - FOOT + 16 + 13 * i}" text-anchor="middle" {_FONT}>{html.escape(one)}</text>'
        for i, one in enumerate(lines)
    )


_FONT = 'font-size="11" fill="#616061"'
