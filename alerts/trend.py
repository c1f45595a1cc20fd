"""The fortnight of a digest in one line, the same on the terminal, in Markdown, and where Slack takes no charts."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.core.digest import Day, Digest

SPARKS = "▁▂▃▄▅▆▇█"
HOLE = "·"
FEW_DAYS = 3
"""Fewer that were listened to show no course."""


def days_of(digest: Digest, most: int | None = None) -> Sequence[Day]:
    """The last `most` of them; none where there is no course to show."""
    days = digest.trend[-most:] if most else digest.trend
    heard = [one.complaints for one in days if one.listened]
    return days if len(heard) >= FEW_DAYS and any(heard) else ()


def trend_told(digest: Digest) -> str:
    """`▂·▁█ 0 to 34 complaints a day, 21 Nov to 24 Nov (·: nobody listened)`; empty without a course."""
    days = days_of(digest)
    if not days:
        return ""
    heard = [one.complaints for one in days if one.listened]
    first, last = days[0].day, days[-1].day
    drawn = sparkline([one.complaints if one.listened else None for one in days])
    deaf = f" ({HOLE}: nobody listened)" if len(heard) < len(days) else ""
    return (
        f"{drawn} {min(heard):,} to {max(heard):,} complaints a day, "
        f"{first.day} {first:%b} to {last.day} {last:%b}{deaf}"
    )


def sparkline(counts: Sequence[int | None]) -> str:
    """One sign a count, from nothing to the most; a dot where nobody listened."""
    top = max((*(count for count in counts if count is not None), 1))
    return "".join(
        HOLE if count is None else SPARKS[round(max(0, count) / top * (len(SPARKS) - 1))] for count in counts
    )
