"""Why a text was judged as it was: every opinion, the words, and what would have changed the verdict.

What would have changed it is found by asking again: with other stars, with a finer or coarser ear, and with the
words left out that the verdict rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.core.model import Evidence, Mention, Opinion, Rating, Verdict
from monitor.core.triage import THRESHOLDS, Sensitivity, verdict

Judge = Callable[[Sequence[Mention]], Sequence[Mapping[str, Opinion]]]
MOST_CHANGES = 6
STARS = (1.0, 2.0, 3.0, 4.0, 5.0)
LEFT_OUT = " … "


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that, had it been otherwise, gives another verdict. `to` is the figure then, 0 to 1."""

    what: str
    to: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """`opinions` are by scorer. `line` is the figure from which on it is a case."""

    mention: Mention
    verdict: Verdict
    opinions: Mapping[str, Opinion]
    sensitivity: Sensitivity
    line: float
    changes: tuple[Change, ...]


def explain(mention: Mention, judge: Judge, sensitivity: Sensitivity) -> Explanation:
    """Judge `mention`, and judge it again with one thing changed at a time."""
    line = THRESHOLDS[sensitivity]
    opinions = judge([mention])[0]
    found = verdict(mention, opinions, threshold=line)
    asked = [*_other_stars(mention), *_without(mention, found.evidence)]
    changes = [
        Change(what, judged.complaint)
        for (what, _), judged in zip(asked, _again(asked, judge, line), strict=True)
        if judged.is_complaint is not found.is_complaint
    ]
    changes += [
        Change(f"{other.value} sensitivity (the line is {THRESHOLDS[other]:g} then)", found.complaint)
        for other in Sensitivity
        if (found.complaint >= THRESHOLDS[other]) is not found.is_complaint
    ]
    return Explanation(mention, found, opinions, sensitivity, line, tuple(changes[:MOST_CHANGES]))


def _again(asked: Sequence[tuple[str, Mention]], judge: Judge, line: float) -> Iterator[Verdict]:
    changed = [mention for _, mention in asked]
    for mention, opinions in zip(changed, judge(changed), strict=True):
        yield verdict(mention, opinions, threshold=line)


def _other_stars(mention: Mention) -> Iterator[tuple[str, Mention]]:
    given = mention.rating.value if mention.rating else None
    for stars in STARS:
        if given is None or abs(Rating(stars).value - given) > 0.01:
            yield f"{stars:g} of 5 stars", replace(mention, rating=Rating(stars))
    if mention.rating:
        yield "no stars", replace(mention, rating=None)


def _without(mention: Mention, evidence: Sequence[Evidence]) -> Iterator[tuple[str, Mention]]:
    """The mention without the words of one piece of evidence, and without all of them."""
    words = mention.words
    shown = [item for item in evidence if item.end > item.start]
    for item in shown:
        rest = words[: item.start] + LEFT_OUT + words[item.end :]
        yield f"without “{item.words}”", replace(mention, title="", text=rest)
    if len(shown) > 1:
        rest = words
        for item in sorted(shown, key=lambda one: -one.start):
            rest = rest[: item.start] + LEFT_OUT + rest[item.end :]
        yield "without all of these words", replace(mention, title="", text=rest)
