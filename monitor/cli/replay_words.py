"""The sentences of a replay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.core.replay_diff import Kind, Outcome

if TYPE_CHECKING:
    from datetime import datetime

    from monitor.cli.replay_page import Replayed

ALSO = {
    Kind.EXPECTATION: "name another expectation",
    Kind.ROUTE: "go to another channel",
    Kind.EARLIER: "are told earlier",
    Kind.LATER: "are told later",
    Kind.LOUDER: "alert by themselves instead of in a summary",
    Kind.QUIETER: "are summed up instead of alerting",
}
NEVER_KNOWN = (
    "What nobody stored: posts that were passed over when they were heard. A wider search brings more than is told "
    "here (`complaint-monitor try` reads a place live).",
    "What the desk would have done: a case that was never opened counts as open until its customer's next real one, "
    "and a case that a complaint opened again is taken as it was.",
    "How the messages would have gone out: in a storm many cases are told in one summary.",
    "What a post said before it was edited, and words of an earlier rule: the posts, the labels and the rules are "
    "those of today.",
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
    under = told.under or "this judge"
    judges = f"Under {under} (line {line:g}, {told.origin})"
    if not made.changes:
        return f"{was} {judges} the same would have: nothing would be otherwise."
    quiet = f" ({made.quiet_after:,} summed up)" if made.quiet_after else ""
    parts = [f"{made.counts[Kind.MORE]:,} more, {made.counts[Kind.FEWER]:,} fewer"]
    if made.severe:
        ways = [
            f"{made.counts[kind]:,} {kind.value}" for kind in (Kind.GRAVER, Kind.MILDER) if made.counts[kind]
        ]
        parts.append(f"{made.severe:,} of another severity ({', '.join(ways)})")
    parts += [f"{made.counts[kind]:,} {words}" for kind, words in ALSO.items() if made.counts[kind]]
    return f"{was} {judges} {made.after:,} would have{quiet}: {'; '.join(parts)}."


def people(made: Outcome) -> str:
    """What people had said of these posts, and who agrees with them."""
    posts, told = made.posts, []
    if made.missed:
        told.append(
            f"! Of the {made.counts[Kind.FEWER]:,} fewer, people took {made.missed:,} for real complaints."
        )
    if made.spared:
        told.append(f"Of the fewer, people had dismissed {made.spared:,} as no complaint.")
    if posts.labelled:
        told.append(
            f"People labelled {plural(posts.labelled, 'of these posts', 'of these posts')}: the judge then was right "
            f"about {posts.right_then:,}, this one about {posts.right_now:,}."
        )
    if posts.unseen:
        told.append(
            f"{len(posts.unseen):,} that they call complaints it does not see ({_numbers(posts.unseen)})."
        )
    if posts.disagreed:
        told.append(
            f"{len(posts.disagreed):,} that they call none it does alert ({_numbers(posts.disagreed)})."
        )
    return " ".join(told)


def left_out(made: Outcome) -> Iterator[str]:
    posts = made.posts
    if posts.gone:
        yield f"{plural(posts.gone, 'post')} without words: they were removed, so the old verdict stands."
    if posts.dropped:
        yield f"{plural(posts.dropped, 'post')} that these settings would not even keep count as no complaints."
    if posts.held:
        yield f"{plural(posts.held, 'complaint')} held back by rules, now as then."
    if made.older:
        yield f"{plural(made.older, 'case')} opened before this span: what later posts add to them is not compared."
    if made.eased:
        yield f"{plural(made.eased, 'case')} opened by words that were edited since: taken as they were."
    if made.by_hand:
        yield f"{plural(made.by_hand, 'case')} found by people alone: this judge would not have seen them either."
    yield from NEVER_KNOWN


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def counted(total: int, shown: int) -> str:
    return f"{total:,}" if shown == total else f"{shown:,} of {total:,}"


def _numbers(ids: list[int]) -> str:
    """As `mentions` and `missed` know them."""
    some = ", ".join(map(str, ids[:5]))
    return f"post{'s' * (len(ids) > 1)} {some}{', …' if len(ids) > 5 else ''}"


def _span(told: Replayed) -> str:
    since = told.asked_since or told.first
    until = told.rest.since if told.rest else told.asked_until
    if until is None:
        return f"since {_day(since, told)}"
    return f"from {_day(since, told)} to {_day(until, told)}"


def _day(at: datetime, told: Replayed) -> str:
    local = at.astimezone(told.zone)
    clock = "" if (local.hour, local.minute) == (0, 0) or told.asked_since is None else f" {local:%H:%M}"
    return f"{local.day} {local:%b %Y}{clock}"
