"""Hearing cues where words run together, as in Japanese and Chinese: by the signs themselves, longest cue first.

A cue is only tried where its first sign stands, and what may lie between its parts is bounded; so a text costs
time in proportion to its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from monitor.scoring.lexicon import Group, Heard, Lexicon, Listening, Mood

GAP = r"[^。！？!?、，,\n⋯…]{0,6}?"
NOTATION = {"..": GAP, "(": "(?:", ")": ")", "|": "|", "[": "(?:", "]": ")?"}
TOKEN = re.compile(r"\.\.|.", re.DOTALL)
NEAR = 4
"""How many signs after a word of reserve."""
BACK = 12
"""How many signs before a cue are looked at for what turns or weakens it."""
SHORTEST = 2
"""Signs that a word of the mood list must have: single signs stand in too many other words."""


class Unspaced:
    """All cues of one language without spaces. Immutable, so threads may share it."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._moods = lexicon.moods
        choices: dict[str, list[tuple[str, Group | None]]] = {}
        for group in lexicon.groups:
            for cue in group.cues:
                assert not cue.startswith(tuple(NOTATION)), f"a cue must begin with a letter: {cue}"
                choices.setdefault(cue[0], []).append((cue, group))
        for word in lexicon.moods:
            if len(word) >= SHORTEST:
                choices.setdefault(word[0], []).append((word, None))
        self._cues = {first: Choice(some) for first, some in choices.items()}
        links, before, after = _any(lexicon.links), _any(lexicon.before), _any(lexicon.after)
        self._before = re.compile(f"{before}{links}{{0,2}}$")
        self._after = re.compile(f"{links}{{0,3}}{after}")
        self._negators = re.compile(_any(lexicon.before | lexicon.after))
        self._weak = re.compile(f"{_any(lexicon.weak)}.{{0,{NEAR}}}$")

    def hear(self, folded: str) -> Listening:
        """All that is heard in `folded`, a text in folded spelling, in order."""
        heard: list[Heard] = []
        moods: list[Mood] = []
        free: list[tuple[int, int]] = []
        at = done = 0
        while at < len(folded):
            choice = self._cues.get(folded[at])
            found = choice.pattern.match(folded, at) if choice else None
            if choice is None or found is None:
                at += 1
                continue
            start, end = found.span()
            ahead = folded[max(done, start - BACK) : start]
            after = self._after.match(folded, end)
            before = self._before.search(ahead)
            weak = self._weak.search(ahead) is not None
            turned = before is not None or after is not None
            first = max(done, start - BACK) + before.start() if before else start
            last = after.end() if after else end
            free.append((done, first))
            if found.lastindex:
                heard.append(Heard(choice.groups[found.lastindex - 1], first, last, turned, weak))
            elif value := self._moods.get(found[0], 0):
                moods.append(Mood(-value / 2 if turned else value / 2 if weak else value, start, end))
            at = done = last
        free.append((done, len(folded)))
        denials = [
            found.span() for start, end in free for found in self._negators.finditer(folded, start, end)
        ]
        return Listening(heard, moods, denials)


class Choice:
    """All that can begin with one sign as one pattern: cues before mere words, of each the longest first."""

    def __init__(self, some: list[tuple[str, Group | None]]) -> None:
        some = sorted(some, key=lambda it: (it[1] is None, -len(it[0])))
        self.groups = [group for _, group in some if group]
        self.pattern = re.compile(
            "|".join(f"({_regex(cue)})" if group else re.escape(cue) for cue, group in some)
        )


def _regex(cue: str) -> str:
    return "".join(NOTATION.get(token) or re.escape(token) for token in TOKEN.findall(cue))


def _any(words: Iterable[str]) -> str:
    """Any of `words`, the longest first; nothing at all where there are none."""
    return f"(?:{'|'.join(map(re.escape, sorted(words, key=len, reverse=True))) or '(?!)'})"
