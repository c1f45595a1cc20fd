"""A starting text with blanks: `I am sorry {broken}[ at {place}].`

What stands in square brackets is left out unless all its blanks are known; `[one|other|…]` takes the first whose
blanks are. So what is not known leaves no hole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

BLANK = re.compile(r"\{([^{}]*)\}")
_PIECE = re.compile(r"\[([^][]*)\]|([^][]+)|[][]")


def fill(template: str, known: Mapping[str, str]) -> str:
    """The text with its blanks filled; an empty value is not known. `faults` has found nothing in `template`."""
    return "".join(
        next((_put(way, known) for way in ways if all(known.get(name) for name in BLANK.findall(way))), "")
        for ways in _pieces(template)
    )


def faults(template: str, blanks: Collection[str], always: Collection[str]) -> Iterator[str]:
    """What is wrong with a template, with its remedy. `always`: the blanks that are never unknown."""
    if any(piece[0] in "[]" and len(piece[0]) == 1 for piece in _PIECE.finditer(template)):
        yield "square brackets must come in pairs, and none within another"
        return
    rest = BLANK.sub("", template)
    if "{" in rest or "}" in rest:
        yield "curly brackets must come in pairs, with the name of a blank between them, such as {customer}"
        return
    for name in dict.fromkeys(BLANK.findall(template)):
        if name not in blanks:
            yield f"there is no blank {{{name}}}; known are {', '.join(f'{{{one}}}' for one in blanks)}"
    for found in _PIECE.finditer(template):
        if found[2] is None:
            continue
        for name in BLANK.findall(found[2]):
            if name in blanks and name not in always:
                yield (
                    f"{{{name}}} may be unknown: put it, with the words that need it, into square brackets, "
                    f"such as [ at {{{name}}}]"
                )


def _pieces(template: str) -> Iterator[list[str]]:
    """Each piece with its ways to say it: one for plain words, those between the bars for brackets."""
    for found in _PIECE.finditer(template):
        yield found[1].split("|") if found[1] is not None else [found[0]]


def _put(words: str, known: Mapping[str, str]) -> str:
    return BLANK.sub(lambda blank: known[blank[1]], words)
