"""Hearing cues where words are parted by spaces: negators and words of reserve count in words, within a clause."""

from __future__ import annotations

from bisect import bisect_left
from itertools import pairwise
from typing import NamedTuple

from monitor.scoring.cues import Cues
from monitor.scoring.lexicon import Heard, Lexicon, Listening, Mood
from monitor.scoring.notation import WORD

REACH = 3
"""How many words after a negator it still turns what is said; before one, where the language puts it behind."""
NEAR = 2
"""How many words after a word of reserve."""
CLAUSE_ENDS = frozenset(".!?;,:\n⋯…()،؛؟¿¡")


class Word(NamedTuple):
    text: str
    start: int
    end: int
    clause: int


class Spaced:
    """All cues of one language with spaces. Immutable, so threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        rows = [
            {"key": str(number), "kind": group.kind, "weight": 0.0, "cues": list(group.cues)}
            for number, group in enumerate(lexicon.groups)
        ]
        self._cues = Cues({"negators": [], "signal": rows})

    def hear(self, folded: str) -> Listening:
        """All that is heard in `folded`, a text in folded spelling, in order."""
        lexicon = self._lexicon
        words = self._words(folded)
        starts = [word.start for word in words]
        hits = self._cues.heard(folded)
        spans = [(bisect_left(starts, hit.start), bisect_left(starts, hit.end)) for hit in hits]
        taken = {place for first, last in spans for place in range(first, last)}
        negators = Places(
            place for place, word in enumerate(words) if word.text in lexicon.before and place not in taken
        )
        followers = Places(
            place for place, word in enumerate(words) if word.text in lexicon.after and place not in taken
        )
        weak = Places(
            place for place, word in enumerate(words) if word.text in lexicon.weak and place not in taken
        )
        used: set[int] = set()

        def turned(first: int, last: int) -> int | None:
            """The place of the negator that turns the words `[first:last]`."""
            clause = words[first].clause
            place = negators.last_before(first, REACH)
            if place is None or words[place].clause != clause:
                place = followers.first_from(last, REACH)
            if place is None or words[place].clause != clause:
                return None
            used.add(place)
            return place

        def reserved(first: int) -> bool:
            place = weak.last_before(first, NEAR)
            return place is not None and words[place].clause == words[first].clause

        heard: list[Heard] = []
        for hit, (first, last) in zip(hits, spans, strict=True):
            group = lexicon.groups[int(hit.signal.key)]
            negator = turned(first, last)
            start, end = hit.start, hit.end
            if negator is not None:
                start, end = min(start, words[negator].start), max(end, words[negator].end)
            heard.append(Heard(group, start, end, negator is not None, reserved(first)))
        moods: list[Mood] = []
        for place, word in enumerate(words):
            value = lexicon.moods.get(word.text)
            if value and place not in taken:
                if turned(place, place + 1) is not None:
                    moods.append(Mood(-value / 2, word.start, word.end))
                else:
                    moods.append(Mood(value / 2 if reserved(place) else value, word.start, word.end))
        denials = [(words[place].start, words[place].end) for place in sorted((negators | followers) - used)]
        return Listening(heard, moods, denials)

    def _words(self, folded: str) -> list[Word]:
        found = [match.span() for match in WORD.finditer(folded)]
        words: list[Word] = []
        clause = 0
        for (_, before), (start, end) in pairwise([(0, 0), *found]):
            text = folded[start:end]
            if text in self._lexicon.contrast or not CLAUSE_ENDS.isdisjoint(folded[before:start]):
                clause += 1
            words.append(Word(text, start, end, clause))
        return words


class Places(set[int]):
    """Places of words, asked for the nearest within reach."""

    def last_before(self, place: int, reach: int) -> int | None:
        return next((at for at in range(place - 1, place - reach - 1, -1) if at in self), None)

    def first_from(self, place: int, reach: int) -> int | None:
        return next((at for at in range(place, place + reach) if at in self), None)
