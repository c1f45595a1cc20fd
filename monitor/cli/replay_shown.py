"""What a replay came to, and its cases with the posts that speak for them, judged once more to be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from monitor.core.replay_diff import Change, Outcome
from monitor.core.severity import Weighed, remembering
from monitor.replay import PAGE, NewJudge, judged_again

if TYPE_CHECKING:
    from monitor.core.model import Evidence, Heard, Severity, Verdict
    from monitor.core.ports import Store
    from monitor.core.replay_cases import Side
    from monitor.core.rereading import Stretch


@dataclass(frozen=True, slots=True)
class Replayed:
    """Everything there is to tell. `rest` is what was not reached; `outcomes` are by the line that was tried."""

    store: Store
    judge: NewJudge
    outcomes: Mapping[float, Outcome]
    first: datetime
    """When the first of the posts was heard."""
    asked_since: datetime | None
    asked_until: datetime | None
    total: int
    rest: Stretch | None
    under: str
    """The name of the other settings file; empty: those in force."""
    origin: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Shown:
    """A changed case with the post to show, and what either judge made of it."""

    change: Change
    heard: Heard
    now: Verdict

    @property
    def _as_lead(self) -> Side | None:
        """The case there would be, if this post speaks for it."""
        after = self.change.after
        return after if after is not None and after.lead == self.heard.id else None

    @property
    def severity_now(self) -> Severity | None:
        return self._as_lead.severity if self._as_lead is not None else self.now.severity

    @property
    def reasons_now(self) -> Sequence[str]:
        """As its card would tell them, with what its customer had said before."""
        after = self._as_lead
        if after is None or self.now.severity is None:
            return self.now.reasons
        return remembering(Weighed(self.now.severity, self.now.reasons), after.past).reasons


def shown(told: Replayed, line: float, changes: Sequence[Change]) -> Iterator[Shown]:
    """The changes with their posts, judged once more: a page of them at a time."""
    for start in range(0, len(changes), PAGE):
        part = changes[start : start + PAGE]
        found = judged_again(told.store, told.judge, [change.lead for change in part], line)
        yield from (Shown(change, *found[change.lead]) for change in part if change.lead in found)


def evidence(one: Shown) -> Sequence[Evidence]:
    """What the alert rests on: the new judge's words where it hears a complaint, else those of the alert there was."""
    return (one.now if one.now.is_complaint else one.heard.verdict).evidence
