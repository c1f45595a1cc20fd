"""The long lists of a digest as pages of its thread: who stands on which. Pure.

A page keeps the cases that were put on it until somebody asks for the digest again, so that nobody falls between two
pages while they go out one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from monitor.core.digest import Digest
from monitor.core.intents import Outgoing
from monitor.core.message import Kind, Queued
from monitor.core.model import Json
from monitor.core.store import Transaction

SIZE = 40
"""Customers of a page."""
MOST = 20
"""Pages of a digest: whoever wants to read more reads the report."""
SHOWN = {"waiting": 8, "complaints": 5, "returned": 3, "lost": 4}
"""The lists, in the order in which they are told, and how many of each the digest itself shows."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on one page."""

    of: str
    """Which list: a key of `SHOWN`."""
    page: int
    pages: int
    cases: tuple[int, ...]
    left: int = 0
    """How many of the list have no page any more; told on its last."""

    def data(self, digest: str) -> dict[str, Json]:
        """As the outbox keeps it. `digest`: the id of the message that it hangs under."""
        facts: dict[str, Json] = {"digest": digest, "list": self.of, "page": self.page, "pages": self.pages}
        return {**facts, "left": self.left, "cases": list(self.cases)}


Lists = Mapping[str, tuple[Sequence[int], int]]
"""The cases of each list of `SHOWN`, as far as they are wanted, and how many there are in all."""


def lists_of(digest: Digest) -> Lists:
    """Whoever waits is not listed among those who complained once more."""
    waiting = [one.who.case_id for one in digest.waiting]
    others = [who.case_id for who in digest.complaints if who.case_id not in set(waiting)]
    twice = len(digest.complaints) - len(others)
    return {
        "waiting": (waiting, digest.waiting_total),
        "complaints": (others, digest.complaints_total - twice),
        "returned": ([one.who.case_id for one in digest.returned], digest.returned_total),
        "lost": ([one.who.case_id for one in digest.lost], digest.lost_total),
    }


def sheets(lists: Lists, size: int = SIZE, most: int = MOST) -> list[Sheet]:
    """The pages of those lists that are longer than what the digest shows. Where there would be more than `most`, the
    longest lists have fewer, at least one each."""
    long = {of: lists[of] for of, shown in SHOWN.items() if of in lists and len(lists[of][0]) > shown}
    pages = {of: -(-len(cases) // size) for of, (cases, _) in long.items()}
    while sum(pages.values()) > max(most, len(pages)):
        pages[max(pages, key=lambda of: pages[of])] -= 1
    made = []
    for of, (cases, total) in long.items():
        for page in range(pages[of]):
            here = tuple(cases[page * size : (page + 1) * size])
            left = total - page * size - len(here) if page + 1 == pages[of] else 0
            made.append(Sheet(of, page + 1, pages[of], here, max(0, left)))
    return made


def blank(row: Queued) -> dict[str, Json]:
    """What a page says that is needed no more."""
    return {**(row.data or {}), "left": 0, "cases": []}


def page_of(root: Queued, sheet: Sheet) -> Outgoing:
    key = f"{root.key}:{sheet.of}:{sheet.page}"
    return Outgoing(root.destination, key, Kind.PAGE, root.business, data=sheet.data(root.id))


def pages_below(tx: Transaction, root: Queued) -> Iterator[Queued]:
    """All that were ever queued for this digest."""
    for of in SHOWN:
        for page in count(1):
            row = tx.outgoing(page_of(root, Sheet(of, page, page, ())).id)
            if row is None:
                break
            yield row
