"""A customer's words cut to what a list has room for: around those the verdict rests on."""

from __future__ import annotations

from monitor.core.model import Heard

ROOM = 280
"""Characters of a quote, dots aside."""
DOTS = "…"
_ENDS = ".!?\n。！？"


def quote(heard: Heard, room: int = ROOM) -> str:
    """The whole post where there is room; else from the sentence with the words that the verdict rests on, or else from
    the beginning."""
    words = heard.mention.words
    if len(words) <= room:
        return words.strip()
    start = _start(words, _place(heard, len(words)), room)
    end = start + room
    if end < len(words) and (blank := words.rfind(" ", start + room // 2, end)) > 0:
        end = blank
    cut = words[start:end].strip()
    return f"{DOTS * bool(start)}{cut}{DOTS * (end < len(words))}"


def _place(heard: Heard, length: int) -> int:
    """Where what was broken is told, or else what was complained of."""
    verdict = heard.verdict
    told = verdict.expectations if verdict.is_complaint else ()
    pieces = [piece for piece in told if piece.words] or [piece for piece in verdict.evidence if piece.words]
    return min(max(pieces[0].start, 0), length - 1) if pieces else 0


def _start(words: str, place: int, room: int) -> int:
    """Where the sentence begins; where it is long, the nearest word before the place."""
    floor = max(0, place - room // 2)
    begun = max(words.rfind(end, floor, place) for end in _ENDS) + 1
    if not begun and floor:
        begun = words.find(" ", floor, place) + 1 or floor
    return min(begun, max(0, len(words) - room))
