"""How good the judge is on posts that people labelled, beside stock VADER on the very same texts.

labelled posts -> batches -> judge, VADER (each timed) -> verdicts -> figures of each set, pooled, and averaged
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Protocol

from monitor.core.aspects import Mapped, Named, named, negative
from monitor.core.desk import Told
from monitor.core.labelled import LabelledPost, LabelledSet
from monitor.core.labels import DESK, Label
from monitor.core.metrics import auc, average_precision, calibration_error, mean, outcomes, share
from monitor.core.model import Business, Mention, Opinion
from monitor.core.ports import Store
from monitor.core.triage import verdict

BATCH = 500
WARM_UP = 2_000
"""Posts judged before the clock runs: a service judges such a number in its first minutes, and runs for months."""
VADER_LINE = -0.05
"""VADER's own line: a compound figure at or below it is negative."""
DIGITS = 4

COMPLAINT = ("complaint", "ours", "transformer")
"""The scorer whose speed is set beside VADER's, as both read words and give one figure; and the two that it is
combined of where the settings ask for a second opinion."""
Sentiment = Callable[[str], float]
"""VADER's compound figure of a text, -1 to 1."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What `monitor.core.metrics` says; shares and areas from 0 to 1. Without labels only `n` and `flagged`."""

    n: int
    positives: int | None
    auc: float | None
    ap: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    macro_f1: float | None
    flagged: float
    ece: float | None

    def facts(self) -> dict[str, Any]:
        if self.positives is None:
            return {"n": self.n, "flagged": rounded(self.flagged)}
        return {field.name: rounded(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class Compared:
    """The judge and stock VADER on the same texts."""

    judge: Figures
    vader: Figures
    unlabelled: int = 0
    """Rows without a label in a set that has some: judged, but in no figure."""

    def facts(self) -> dict[str, Any]:
        beside = {key: value for key, value in self.vader.facts().items() if key not in ("n", "positives")}
        left_out = {"unlabelled": self.unlabelled} if self.unlabelled else {}
        return {**self.judge.facts(), **left_out, "vader": beside}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The whole result. Speeds are texts per second of processor time on one core."""

    sets: Mapping[str, Compared]
    overall: Compared | None
    """All labelled posts pooled; None where there are none."""
    threshold: float
    texts_per_second: float | None
    """Of the complaint scorer, which is handed the language and VADER's figure."""
    all_texts_per_second: float | None
    """Of all scorers together: what judging a post takes."""
    vader_texts_per_second: float | None
    expectations: Mapping[str, Named]
    """By set: the expectations that the verdicts name."""
    expectations_all: Mapping[str, Named]
    """The same as if each of these posts had been taken for a complaint."""

    @property
    def mean_auc(self) -> float | None:
        """Over the sets that have both kinds; None where none has."""
        return mean(one.judge.auc for one in self.sets.values())

    @property
    def vader_mean_auc(self) -> float | None:
        return mean(one.vader.auc for one in self.sets.values())

    def facts(self) -> dict[str, Any]:
        return {
            "sets": {name: one.facts() for name, one in self.sets.items()},
            "overall": self.overall.facts() if self.overall else None,
            "mean_auc": rounded(self.mean_auc),
            "expectations": {name: _named_facts(one) for name, one in self.expectations.items()},
            "expectations_all": {name: _named_facts(one) for name, one in self.expectations_all.items()},
            "threshold": rounded(self.threshold),
            "texts_per_second": rounded(self.texts_per_second),
            "all_texts_per_second": rounded(self.all_texts_per_second),
            "vader_texts_per_second": rounded(self.vader_texts_per_second),
        }


class Judged(NamedTuple):
    """A post with all that the figures ask of it, so that the opinions need not be kept."""

    label: bool | None
    probability: float
    flagged: bool
    compound: float
    aspects: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    named_all: tuple[str, ...] = ()


class Judging(Protocol):
    """As `monitor.scoring.judge.Judge`."""

    @property
    def spent(self) -> Mapping[str, float]:
        """Seconds of each scorer's own work up to now."""

    def judge(self, mentions: Sequence[Mention], /) -> Sequence[Mapping[str, Opinion]]: ...


def evaluate(
    sets: Sequence[LabelledSet],
    judging: Judging,
    vader: Sentiment,
    threshold: float,
    *,
    mappings: Mapping[str, Mapped] | None = None,
    advance: Callable[[int], object] = lambda _: None,
    clock: Callable[[], float] = time.process_time,
) -> Evaluation:
    """Judge every post and count.

    `mappings`: by a set's name, how its aspects are scored. `advance` is told how many posts were done. `clock`
    gives seconds; by default those the processor worked, so that neighbours on the machine do not count.
    """
    # once before the clock runs: word lists are loaded and patterns compiled by the first texts that need them
    warm_up = [post.mention for one in sets[:1] for post in one.posts[:WARM_UP]]
    judging.judge(warm_up)
    for mention in warm_up:
        vader(mention.words)
    by_all = reading = 0.0
    before = _weighing(judging)
    found: dict[str, list[Judged]] = {}
    with _aside():
        for one in sets:
            found[one.name] = []
            for start in range(0, len(one.posts), BATCH):
                posts = one.posts[start : start + BATCH]
                mentions = [post.mention for post in posts]
                began = clock()
                views = judging.judge(mentions)
                between = clock()
                compounds = [vader(mention.words) for mention in mentions]
                reading += clock() - between
                by_all += between - began
                found[one.name] += [
                    _judged(post, opinions, compound, threshold)
                    for post, opinions, compound in zip(posts, views, compounds, strict=True)
                ]
                advance(len(posts))
    total = sum(map(len, found.values()))
    weighing = _weighing(judging) - before
    labelled = [post for posts in found.values() for post in posts if post.label is not None]
    scored = {name: (found[name], mapping) for name, mapping in (mappings or {}).items() if name in found}
    return Evaluation(
        {name: compared(posts) for name, posts in found.items()},
        compared(labelled) if labelled else None,
        threshold,
        total / weighing if weighing else None,
        total / by_all if by_all else None,
        total / reading if reading else None,
        {n: named(((p.aspects, p.named) for p in posts), m) for n, (posts, m) in scored.items()},
        {n: named(((p.aspects, p.named_all) for p in posts), m) for n, (posts, m) in scored.items()},
    )


def compared(posts: Sequence[Judged]) -> Compared:
    """The figures of the labelled ones of `posts`; of all where none has a label."""
    counted = [post for post in posts if post.label is not None] or posts
    labels = [post.label for post in counted if post.label is not None]
    compounds = [post.compound for post in counted]
    probabilities = [post.probability for post in counted]
    return Compared(
        figures(probabilities, [post.flagged for post in counted], labels, probabilities),
        figures([-value for value in compounds], [value <= VADER_LINE for value in compounds], labels),
        len(posts) - len(counted),
    )


def figures(
    scores: Sequence[float],
    flags: Sequence[bool],
    labels: Sequence[bool],
    probabilities: Sequence[float] | None = None,
) -> Figures:
    """`labels` may be empty: nobody labelled these. `probabilities` are None where `scores` promise none."""
    flagged = share(sum(flags), len(flags))
    if not labels:
        return Figures(len(flags), None, None, None, None, None, None, None, flagged, None)
    counts = outcomes(flags, labels)
    return Figures(
        n=len(labels),
        positives=sum(labels),
        auc=auc(scores, labels),
        ap=average_precision(scores, labels),
        precision=counts.precision,
        recall=counts.recall,
        f1=counts.f1,
        macro_f1=counts.macro_f1,
        flagged=flagged,
        ece=calibration_error(probabilities, labels) if probabilities is not None else None,
    )


def desk_labels(store: Store, business: Business) -> Iterable[Told]:
    """The labels of the desk, those included that a case implies by being worked. A verdict that a person gave says
    nothing of the judge."""
    with store.read() as tx:
        return [
            Told(one.probability, one.was_complaint, one.label is Label.COMPLAINT, one.version)
            for one in tx.labels(business.key)
            if one.version != DESK
        ]


@contextmanager
def _aside() -> Iterator[None]:
    """What there is by now is no rubbish: that thousands of posts are looked through for it again and again is a cost
    of having them all here at once, and none of the judge's."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _weighing(judging: Judging) -> float:
    return sum(judging.spent.get(name, 0.0) for name in COMPLAINT)


def rounded(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else value


def _judged(post: LabelledPost, opinions: Mapping[str, Opinion], compound: float, threshold: float) -> Judged:
    found = verdict(post.mention, opinions, threshold=threshold)
    aspects = negative(post.aspect)
    anyway = verdict(post.mention, opinions, threshold=0.0) if aspects else found
    return Judged(
        post.label,
        found.complaint,
        found.is_complaint,
        compound,
        aspects,
        tuple(item.signal for item in found.expectations),
        tuple(item.signal for item in anyway.expectations),
    )


def _named_facts(one: Named) -> dict[str, Any]:
    return {
        "precision": rounded(one.precision),
        "recall": rounded(one.recall),
        "f1": rounded(one.f1),
    }
