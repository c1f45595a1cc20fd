"""What a replay came to: counts, and every case that would have been otherwise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.labels import Label
from monitor.core.replay_cases import Posts, Side, Unit


class Kind(StrEnum):
    MORE = "more"
    """Would alert now."""
    FEWER = "fewer"
    """Would not alert any more."""
    GRAVER = "graver"
    MILDER = "milder"
    EXPECTATION = "expectation"
    """Names another expectation, or names one where there was none, or none any more."""
    ROUTE = "route"
    """Goes to another channel."""
    EARLIER = "earlier"
    LATER = "later"
    LOUDER = "louder"
    """Told by itself, where it was summed up with other older posts."""
    QUIETER = "quieter"


@dataclass(frozen=True, slots=True)
class Change:
    """One case that would have been otherwise. `before` is None where there was none, `after` where there would be
    none."""

    kinds: tuple[Kind, ...]
    unit: Unit
    before: Side | None
    after: Side | None

    @property
    def lead(self) -> int:
        """The number of the post to show: its worst, or that which alone makes it earlier or later."""
        before, after = self.before, self.after
        if after is not None:
            if before is not None and Kind.LATER in self.kinds:
                return before.first
            return after.first if Kind.EARLIER in self.kinds else after.lead
        assert before is not None
        return before.lead

    @property
    def at(self) -> datetime:
        """When the first of its complaints was heard, in either world."""
        return min(side.at for side in (self.before, self.after) if side is not None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """`before` and `after`: cases that alerted, and that would have, the summed up ones (`quiet`) among them."""

    posts: Posts
    before: int
    after: int
    quiet_before: int
    quiet_after: int
    changes: tuple[Change, ...]
    counts: Counter[Kind]
    severe: int
    """Those of another severity, up or down."""
    older: int
    """Cases from before the span that had posts in it: not compared."""
    eased: int
    """Cases opened by words that were edited since: taken as they were."""
    by_hand: int
    """Cases that only people found, and that the new judge would not have found either."""
    missed: int
    """Of those that would not alert any more: how many people had taken for complaints."""
    spared: int
    """The same, how many people had dismissed as no complaints."""


def outcome(posts: Posts, units: Iterable[Unit]) -> Outcome:
    """The cases of a replay, the changed ones by their time, the newest first."""
    before = after = quiet_before = quiet_after = older = eased = by_hand = 0
    changes: list[Change] = []
    for unit in units:
        if unit.older:
            older += 1
            continue
        was, would = unit.before is not None or unit.eased, unit.after is not None or unit.eased
        if not was and not would:
            by_hand += unit.by_hand
            continue
        before, after = before + was, after + would
        quiet_before += was and not unit.loud
        quiet_after += would and not (unit.loud if unit.eased else unit.would_be_loud)
        eased += unit.eased
        if not unit.eased and (kinds := _kinds(unit)):
            changes.append(Change(kinds, unit, unit.before, unit.after))
    counts = Counter(kind for change in changes for kind in change.kinds)
    fewer = Counter(change.unit.word for change in changes if Kind.FEWER in change.kinds)
    return Outcome(
        posts,
        before,
        after,
        quiet_before,
        quiet_after,
        tuple(sorted(changes, key=lambda change: change.at, reverse=True)),
        counts,
        counts[Kind.GRAVER] + counts[Kind.MILDER],
        older,
        eased,
        by_hand,
        fewer[Label.COMPLAINT],
        fewer[Label.NOT_A_COMPLAINT],
    )


def _kinds(unit: Unit) -> tuple[Kind, ...]:
    before, after = unit.before, unit.after
    if before is None or after is None:
        return (Kind.MORE if before is None else Kind.FEWER,)
    found = {
        Kind.GRAVER: after.severity.rank > before.severity.rank,
        Kind.MILDER: after.severity.rank < before.severity.rank,
        Kind.EXPECTATION: after.expectation != before.expectation,
        Kind.ROUTE: after.place != before.place,
        Kind.EARLIER: after.at < before.at,
        Kind.LATER: after.at > before.at,
        Kind.LOUDER: unit.would_be_loud and not unit.loud,
        Kind.QUIETER: unit.loud and not unit.would_be_loud,
    }
    return tuple(kind for kind, holds in found.items() if holds)
