"""All scorers' opinions on a batch of mentions, each scorer asked once, and no text judged beyond its cap."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol, runtime_checkable

from monitor.core.model import Evidence, Mention, Opinion
from monitor.core.ports import Scorer
from monitor.scoring.quote import LEFT_OUT

BATCH = 500
MARK = f"\n{LEFT_OUT}\n"
"""No cue reaches across it."""


@runtime_checkable
class Composed(Protocol):
    """A scorer that builds on others' opinions: it is handed them instead of asking for them again."""

    uses: Sequence[str]

    def weigh(
        self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]
    ) -> Sequence[Opinion]: ...


class Judge:
    """Asks `scorers` about mentions. `max_chars` caps what is judged of one text: its head and its tail."""

    def __init__(
        self,
        scorers: Mapping[str, Scorer],
        max_chars: int = 20_000,
        clock: Callable[[], float] = time.process_time,
    ) -> None:
        """`clock` gives seconds; by default those the processor worked."""
        self._scorers = _ordered(scorers)
        self._max_chars = max_chars
        self._clock = clock
        self.spent = dict.fromkeys(self._scorers, 0.0)
        """Seconds of each scorer's own work up to now."""

    def judge(self, mentions: Sequence[Mention]) -> list[dict[str, Opinion]]:
        """For each mention, in order, every scorer's opinion by the scorer's name.

        Evidence counts in the whole `mention.words`. Raises ValueError when a scorer gives too few or too many.
        """
        return [
            opinions
            for start in range(0, len(mentions), BATCH)
            for opinions in self._batch(mentions[start : start + BATCH])
        ]

    def _batch(self, mentions: Sequence[Mention]) -> Iterator[dict[str, Opinion]]:
        cuts = {
            place: cut for place, mention in enumerate(mentions) if (cut := cut_to(mention, self._max_chars))
        }
        if cuts:
            mentions = [
                cuts[place].mention if place in cuts else mention for place, mention in enumerate(mentions)
            ]
        heard: dict[str, Sequence[Opinion]] = {}
        for name, scorer in self._scorers.items():
            began = self._clock()
            if isinstance(scorer, Composed) and heard.keys() >= set(scorer.uses):
                heard[name] = scorer.weigh(mentions, heard)
            else:
                heard[name] = scorer.score(mentions)
            self.spent[name] += self._clock() - began
            if len(heard[name]) != len(mentions):
                raise ValueError(
                    f"the scorer {name} gave {len(heard[name])} opinions on {len(mentions)} mentions"
                )
        for place, opinions in enumerate(zip(*heard.values(), strict=True)):
            cut = cuts.get(place)
            yield dict(zip(heard, map(cut.restored, opinions) if cut else opinions, strict=True))


class Cut(NamedTuple):
    """A mention reduced to the head and tail of its words, and the way back."""

    mention: Mention
    head: int
    """Characters of the words' beginning that were kept."""
    tail: int
    """Where in the whole words the kept end begins."""
    words: str

    def restored(self, opinion: Opinion) -> Opinion:
        """The opinion with its evidence as places in the whole words, and with a note of the cut."""
        judged = self.head + len(self.words) - self.tail
        note = f"judged on {judged} of {len(self.words)} characters"
        evidence = tuple(moved for item in opinion.evidence if (moved := self._moved(item)))
        return replace(opinion, evidence=evidence, notes=(*opinion.notes, note))

    def _moved(self, item: Evidence) -> Evidence | None:
        """The same words at their place in the whole; cut short where they run into the gap. What has no place (the
        stars) stays as it is."""
        if item.start == item.end:
            return item
        gap = self.head + len(MARK)
        start, end = item.start, item.end
        if start < self.head:
            end = min(end, self.head)
        elif end > gap:
            start, end = max(start, gap) - gap + self.tail, end - gap + self.tail
        else:
            return None
        return Evidence(item.signal, self.words[start:end], start, end)


def cut_to(mention: Mention, most: int) -> Cut | None:
    """The mention with only the head and tail of its words, `most` characters in all; None when it is short enough.

    Cut between words where there is a space within reach.
    """
    if len(mention.text) + len(mention.title) < most:  # at most one line end is added to them
        return None
    words = mention.words
    if len(words) <= most:
        return None
    half, reach = most // 2, min(most // 4, 100)
    head = half
    tail = len(words) - (most - half)
    space = max(words.rfind(" ", head - reach, head + 1), words.rfind("\n", head - reach, head + 1))
    head = space if space > 0 else head
    spaces = [place for sign in " \n" if (place := words.find(sign, tail - 1, tail + reach)) >= 0]
    tail = min(spaces) + 1 if spaces else tail
    shorter = replace(mention, title="", text=words[:head] + MARK + words[tail:])
    return Cut(shorter, head, tail, words)


def _ordered(scorers: Mapping[str, Scorer]) -> dict[str, Scorer]:
    """The scorers so that each comes after those it builds on."""
    ordered: dict[str, Scorer] = {}

    def add(name: str, waiting: tuple[str, ...] = ()) -> None:
        if name in ordered or name not in scorers or name in waiting:
            return
        scorer = scorers[name]
        if isinstance(scorer, Composed):
            for other in scorer.uses:
                add(other, (*waiting, name))
        ordered[name] = scorer

    for name in scorers:
        add(name)
    return ordered
