"""What a query would keep and drop, beside what is kept now.

each post, asked twice: why is it kept now, why would it be -> four counts, and examples of what would change
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from monitor.core.model import Mention

Ask = Callable[[Mention], str | None]
"""Why a mention is kept, in plain words; None when it is not."""


@dataclass(frozen=True, slots=True)
class Change:
    """A mention that would be treated otherwise. `why` it is kept: now where it would be dropped, else then."""

    mention: Mention
    why: str


@dataclass(slots=True)
class Preview:
    """Every mention in one of the four counts."""

    kept_by_both: int = 0
    newly_kept: int = 0
    newly_dropped: int = 0
    dropped_by_both: int = 0
    kept_examples: list[Change] = field(default_factory=list)
    dropped_examples: list[Change] = field(default_factory=list)

    @property
    def read(self) -> int:
        return self.kept_by_both + self.newly_kept + self.newly_dropped + self.dropped_by_both


def preview(mentions: Iterable[Mention], now: Ask, then: Ask, examples: int) -> Preview:
    """Compare the two over all mentions, keeping the first `examples` of each kind of change."""
    made = Preview()
    for mention in mentions:
        before, after = now(mention), then(mention)
        if before is not None and after is not None:
            made.kept_by_both += 1
        elif after is not None:
            made.newly_kept += 1
            if len(made.kept_examples) < examples:
                made.kept_examples.append(Change(mention, after))
        elif before is not None:
            made.newly_dropped += 1
            if len(made.dropped_examples) < examples:
                made.dropped_examples.append(Change(mention, before))
        else:
            made.dropped_by_both += 1
    return made
