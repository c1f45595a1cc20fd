"""What people say of the judge's verdicts, as the transaction keeps it: labels, and the rules that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from monitor.core.labels import Label, Labelled
from monitor.core.model import Heard
from monitor.core.suppress import Accepted, Rule


class Learning(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def recent(
        self, business: str, *, find: str = "", complaints: bool = False, quiet: bool = False, limit: int
    ) -> list[Heard]:
        """What was heard, the newest first. `find`: with these words in title or text; `complaints`: only
        those; `quiet`: only what made no case."""
        ...

    def named(self, business: str, which: str) -> list[Heard]:
        """Those whose number (in the database) or address is `which`."""
        ...

    def label(
        self, mention_ids: Sequence[int], given: Label, by: str, now: datetime, *, note: str = ""
    ) -> None:
        """Label mentions, beside what the judge had said. The newest label of a mention is in force."""
        ...

    def take_back(
        self, mention_ids: Sequence[int], given: Label, by: str, now: datetime, *, note: str = ""
    ) -> int:
        """Take this label back where it is in force: the one before it holds again. Returns how many."""
        ...

    def strayed(self, case_id: int, by: str, at: datetime) -> list[int]:
        """Mentions that were labelled as no complaint with the case's dismissal (by whom, and when) and are in it no
        more, nor in another that is dismissed: they were edited, or parted from it."""
        ...

    def labels(self, business: str) -> list[Labelled]:
        """The labels in force, oldest first; after them the complaints nobody labelled whose cases were worked
        as such (`given` False). Of a post that was edited since: the verdict that was labelled, and no words."""
        ...

    def rules(self, business: str) -> list[Accepted]:
        """The rules in force, oldest first."""
        ...

    def accept(self, business: str, wanted: Rule, by: str, now: datetime) -> bool:
        """Put a rule in force. False if it is."""
        ...

    def withdraw(self, business: str, key: str, by: str, now: datetime) -> bool:
        """End a rule. False if none of that key is in force."""
        ...

    def held(self, business: str, key: str) -> list[Heard]:
        """The complaints that a rule of this key held back and that no case holds since; newest first."""
        ...

    def held_back(self) -> int:
        """How many complaints are held back by rules."""
        ...
