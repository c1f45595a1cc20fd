"""Everything known of one case, for whoever looks at it as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.core.message import NO_PAST
from monitor.core.model import Case, CaseEvent, Heard, Past, Promise


@dataclass(frozen=True, slots=True)
class File:
    """Everything known of one case."""

    case: Case
    mentions: tuple[Heard, ...]
    events: tuple[CaseEvent, ...]
    cue: Heard | None
    """The mention worth quoting."""
    promises: tuple[Promise, ...] = ()
    past: Past = NO_PAST
    linked: tuple[int, ...] = ()
    """The cases of authors that were linked."""

    @property
    def standing(self) -> tuple[Promise, ...]:
        """The promises that still stand."""
        return tuple(promise for promise in self.promises if promise.outcome is None)
