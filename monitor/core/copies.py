"""Complaints in nearly the same words are one case: which of them a new one is a copy of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.core.intents import Alike, Judged
from monitor.core.sketch import CANDIDATES, SHARED, Sketch

Same = Callable[[str, str], bool]
"""Are these two texts, prepared for comparing, nearly the same?"""


@dataclass(frozen=True, slots=True)
class Original:
    """What a copy is a copy of: its case, and the message that tells of it."""

    case_id: int
    told_by: str


class Copies:
    """The originals a page may hold copies of: those the store found, and those of the page itself."""

    def __init__(self, alike: Mapping[str, Sequence[Alike]], same: Same) -> None:
        self._alike = alike
        self._same = same
        self._page: list[tuple[str, Original]] = []
        self._by_hash: defaultdict[int, list[int]] = defaultdict(list)

    def originals(self, item: Judged, known: int | None) -> Iterator[Original]:
        """What this complaint repeats, the most alike first. `known`: its own id, if it is stored already."""
        if item.sketch is None:
            return
        for near in self._alike.get(item.mention.native_id, ()):
            if near.mention_id != known and near.told_by and self._same(near.words, item.sketch.words):
                yield Original(near.stands.case.id, near.told_by)
        shared = Counter(place for one in item.sketch.hashes for place in self._by_hash.get(one, ()))
        for place, count in shared.most_common(CANDIDATES):
            words, original = self._page[place]
            if count >= SHARED and self._same(words, item.sketch.words):
                yield original

    def add(self, sketch: Sketch, original: Original) -> None:
        """From now on this complaint of the page is one that others may repeat."""
        for one in sketch.hashes:
            self._by_hash[one].append(len(self._page))
        self._page.append((sketch.words, original))
