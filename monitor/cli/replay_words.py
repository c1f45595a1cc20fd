"""The sentences of a replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from monitor.core.replay_diff import Change, Kind, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.cli.replay_shown import Replayed
    from monitor.core.replay_cases import Side

ALSO = {
    Kind.EXPECTATION: "name another expectation",
    Kind.ROUTE: "go to another channel",
    Kind.EARLIER: "are told earlier",
    Kind.LATER: "are told later",
    Kind.LOUDER: "alert by themselves instead of in a summary",
    Kind.QUIETER: "are summed up instead of alerting",
}
NEVER_KNOWN = (
    "posts that were passed over when they were heard: they are not stored, so a wider search brings more than this",
    "what the desk would have done: a case that was never opened stays open here until its customer's next real one, "
    "and cases that a complaint opened again are taken as they were",
    "storms: many cases at once would have been told in one summary",
    "edits: posts, labels and rules are those of today",
)


def headline(made: Outcome, line: float | None, told: Replayed) -> str:
    """Counts first. `line` None: what was alone, as several lines are told in a table."""
    posts = made.posts
    quiet = (
        f" ({made.quiet_before:,} of them older posts, summed up without a ping)" if made.quiet_before else ""
    )
    stopped = "Stopped before the end. " if told.rest else ""
    was = f"{stopped}Of {plural(posts.read, 'post')} heard {_span(told)}, {plural(made.before, 'case')} alerted{quiet}."
    if line is None:
        return was
    under = f"Under {told.under or 'this judge'} (line {line:g}, {told.origin})"
    if not made.changes:
        return f"{was} {under} the same {made.after:,} would have: nothing would be otherwise."
    quiet = f" ({made.quiet_after:,} summed up)" if made.quiet_after else ""
    parts = [f"{made.counts[Kind.MORE]:,} more, {made.counts[Kind.FEWER]:,} fewer"]
    if made.severe:
        ways = [
            f"{made.counts[kind]:,} {kind.value}" for kind in (Kind.GRAVER, Kind.MILDER) if made.counts[kind]
        ]
        parts.append(f"{made.severe:,} of another severity ({', '.join(ways)})")
    parts += [f"{made.counts[kind]:,} {words}" for kind, words in ALSO.items() if made.counts[kind]]
    return f"{was} {under} {made.after:,} would have{quiet}: {'; '.join(parts)}."


def people(made: Outcome) -> Iterator[str]:
    """What people had said of these posts, and who agrees with them. The weightiest first."""
    posts, fewer = made.posts, made.counts[Kind.FEWER]
    if made.missed:
        yield f"! Of the {fewer:,} fewer, people had taken {made.missed:,} for real complaints."
    if made.spared:
        yield f"Of the {fewer:,} fewer, people had dismissed {made.spared:,} as no complaints."
    if posts.judged:
        yield (
            f"People have judged {plural(posts.judged, 'of these posts', 'of these posts')}: the judge then was right "
            f"about {posts.right_then:,}, this one would be about {posts.right_now:,}."
        )
    if posts.unseen:
        yield f"Complaints to people, not seen by this judge: {_numbers(posts.unseen)}."
    if posts.disagreed:
        yield f"No complaints to people, but alerts of this judge: {_numbers(posts.disagreed)}."


def routes(changes: Sequence[Change]) -> Iterator[str]:
    """From where to where, the most first."""
    ways = Counter(
        (channel(one.before), channel(one.after))
        for one in changes
        if one.before is not None and one.after is not None
    )
    for (then, now), count in ways.most_common():
        yield f"{count:,} from {then} to {now}"


def channel(side: Side) -> str:
    return side.place.partition(":")[2] or side.place


def left_out(made: Outcome) -> Iterator[str]:
    posts = made.posts
    if posts.gone:
        yield f"{plural(posts.gone, 'post')} without words: they were removed, so the old verdict stands"
    if posts.dropped:
        yield f"{plural(posts.dropped, 'post')} that these settings would not even keep count as no complaints"
    if posts.held:
        yield f"{plural(posts.held, 'complaint')} held back by rules, now as then"
    if made.older:
        yield f"{plural(made.older, 'case')} opened before this span: what later posts add to them is not compared"
    if made.eased:
        yield f"{plural(made.eased, 'case')} opened by words that were edited since: taken as they were"
    if made.by_hand:
        yield f"{plural(made.by_hand, 'case')} found by people alone: this judge would not have found them either"
    yield from NEVER_KNOWN


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def counted(total: int, shown: int) -> str:
    return f"{total:,}" if shown == total else f"{shown:,} of {total:,}"


def _numbers(ids: list[int]) -> str:
    """As `mentions` and `missed` know them."""
    some = ", ".join(map(str, ids[:5]))
    return f"{plural(len(ids), 'post')} ({some}{', …' if len(ids) > 5 else ''})"


def _span(told: Replayed) -> str:
    since = told.asked_since or told.first
    if told.rest is not None:
        return f"from {_day(since, told)} up to {_day(told.rest.since, told, clock=True)}"
    if told.asked_until is None:
        return f"since {_day(since, told)}"
    return f"from {_day(since, told)} to {_day(told.asked_until, told)}"


def _day(at: datetime, told: Replayed, *, clock: bool = False) -> str:
    """In the business's zone. The time of day only where somebody asked for one, or where it ended."""
    local = at.astimezone(told.zone)
    asked = at in (told.asked_since, told.asked_until) and (local.hour, local.minute) != (0, 0)
    return f"{local.day} {local:%b %Y}{f' {local:%H:%M}' if clock or asked else ''}"
