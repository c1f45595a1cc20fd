"""Cases, promises and customers, as the transaction keeps them for whoever works on them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.core.model import Case, CaseEvent, Heard, HistoryLine, Past, Promise, State


class Working(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def case(self, case_id: int) -> Case | None: ...

    def cases(
        self, *, states: Sequence[State] | None = None, business: str | None = None, limit: int | None = None
    ) -> list[Case]:
        """Worst first, then oldest."""
        ...

    def cues(self, case_ids: Sequence[int]) -> dict[int, Heard]:
        """For each case the mention worth quoting: its worst complaint, the newest of equals."""
        ...

    def events(self, case_id: int) -> list[CaseEvent]:
        """The history, oldest first."""
        ...

    def event(self, number: int) -> HistoryLine | None: ...

    def newest_event(self) -> int:
        """Grows with every line of any case's history: whoever drew what it tells may compare. 0: there is none."""
        ...

    def revise(self, case: Case, event: CaseEvent) -> bool:
        """Store a case one revision on, with its line of history. False when the event's key was seen before
        (nothing is changed then). Raises Conflict when the stored revision is not `case.revision - 1`."""
        ...

    # ── the desk ─────────────────────────────────────────────────────────────────────────────────────────

    def ticking(self, business: str) -> list[tuple[Case, tuple[Promise, ...]]]:
        """Every unclosed case that a clock runs for (all but backlog), oldest first, with the promises that stand,
        the next due first. Promises of closed cases are not here: `promises_due` has them."""
        ...

    def watched(self, business: str) -> dict[int, int]:
        """The revision of every case that the clock may ask something of, by number: the unclosed ones but backlog,
        and all in which a promise stands."""
        ...

    def promised(self, case_ids: Sequence[int]) -> list[tuple[Case, tuple[Promise, ...]]]:
        """Those of the cases that exist, by number, each with all promises made in it, the next due first."""
        ...

    def owned(self, business: str, owner: str) -> list[Case]:
        """The unclosed cases of this person, worst first, then oldest."""
        ...

    def find_cases(self, business: str, words: str, limit: int) -> list[Case]:
        """Cases, closed ones too, with these words in the customer's name or in what they said; newest first."""
        ...

    def closed_since(self, business: str, state: State, since: datetime) -> list[Case]:
        """The cases that ended so at that instant or later, the newest first."""
        ...

    # ── promises ─────────────────────────────────────────────────────────────────────────────────────────

    def make_promise(self, promise: Promise) -> Promise:
        """Store a new one; the same with its number."""
        ...

    def promise(self, promise_id: int) -> Promise | None: ...

    def promises(self, case_id: int) -> list[Promise]:
        """All that were made in a case, the next due first."""
        ...

    def promises_due(self, business: str, until: datetime) -> list[Promise]:
        """Those that stand and are due before that instant, the longest overdue first, also of closed cases."""
        ...

    def update_promise(self, promise: Promise) -> None:
        """Store what became of it: `outcome`, `ended`, `nudged`, `due`."""
        ...

    # ── customers ────────────────────────────────────────────────────────────────────────────────────────

    def link(self, case_id: int, other_id: int, now: datetime) -> bool:
        """From now on the customers of two cases are one and the same, with all that each is linked to already.
        False if they were. Each keeps the case that is unclosed; the next complaint of either joins one of them."""
        ...

    def unlink(self, case_id: int) -> bool:
        """From now on the case's customer is linked to nobody. False if that was so."""
        ...

    def linked(self, case_id: int) -> list[int]:
        """The cases of those the case's customer is linked to, oldest first."""
        ...

    def past(self, case_id: int) -> Past:
        """What is known of the case's customer."""
        ...
