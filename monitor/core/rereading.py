"""What was heard, read again in the order in which it was heard: for judging it anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitor.core.labels import Label
from monitor.core.model import Case, Heard


@dataclass(frozen=True, slots=True)
class Stretch:
    """The posts of a business that were first seen in [`since`, `until`), and no others."""

    business: str
    since: datetime
    until: datetime
    first: int = 0
    last: int = 0
    """The lowest and the highest number there was when it was asked for: what is heard later is not in it."""
    posts: int = 0


@dataclass(frozen=True, slots=True)
class Reread:
    """A stored post with what came of it."""

    heard: Heard
    blanked: bool = False
    """Its words had to be removed: nobody can judge it any more."""
    label: Label | None = None
    """What people said of the verdict, in force now."""
    case: Case | None = None
    """Where it went, as that case stands now."""


class Rereading(Protocol):
    """A part of `monitor.core.store.Transaction`."""

    def stretch(
        self, business: str, since: datetime, until: datetime, limit: int | None = None
    ) -> Stretch | None:
        """What there is to read again between these instants; of more than `limit` the last so many, with those
        that were seen at the same instant as the first of them, which `since` is then. None: nothing was heard."""
        ...

    def reread(self, stretch: Stretch, after: int = 0, limit: int = 500) -> list[Reread]:
        """The next posts of a stretch by number, those after this number."""
        ...

    def heard_of(self, mention_ids: Sequence[int]) -> dict[int, Heard]:
        """Those of the posts that there are, by number."""
        ...

    def cases_of(self, business: str, source: str, customers: Sequence[str]) -> dict[str, list[Case]]:
        """All cases of these customers (not those of linked ones), oldest first."""
        ...
