"""How good a judge is, as figures: the usual definitions, each said where it is worked out.

`scores` may be on any scale, higher meaning more surely a complaint; `labels` tell for the same posts, in the same
order, whether they are one. What cannot be said is None: an area where one class is missing, an average precision
without complaints, a mean of nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

BINS = 10


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Area under the ROC curve: how often a complaint scores above a post that is none. A tie counts half.

    None where one of the two kinds is missing.
    """
    wins, complaints, others = 0.0, 0, 0
    for hits, misses in _from_the_top(scores, labels):
        wins += misses * (complaints + hits / 2)
        complaints += hits
        others += misses
    return wins / (complaints * others) if complaints and others else None


def average_precision(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Sum over the distinct scores, from the top, of the precision there times the recall it adds.

    Posts of one score are taken together: their order says nothing. None where there is no complaint.
    """
    total, complaints, seen = 0.0, 0, 0
    for hits, misses in _from_the_top(scores, labels):
        complaints += hits
        seen += hits + misses
        total += hits * complaints / seen
    return total / complaints if complaints else None


def calibration_error(probabilities: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Expected calibration error over ten bins of equal width; the last one holds 1.

    The distance between mean probability and share of complaints of each bin, weighted by the bin's posts. None
    without posts.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for probability, label in zip(probabilities, labels, strict=True):
        bins[min(int(probability * BINS), BINS - 1)].append((probability, label))
    apart = sum(abs(sum(p for p, _ in filled) - sum(label for _, label in filled)) for filled in bins)
    return apart / len(labels) if labels else None


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Posts by what was said of them and what they are: a confusion matrix.

    A share of nothing (the precision where nothing was flagged, the recall where there is no complaint) is 0.
    """

    true_alarms: int
    false_alarms: int
    missed: int
    left_alone: int

    @property
    def precision(self) -> float:
        """Of the flagged, the share that are complaints."""
        return share(self.true_alarms, self.true_alarms + self.false_alarms)

    @property
    def recall(self) -> float:
        """Of the complaints, the share that was flagged."""
        return share(self.true_alarms, self.true_alarms + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return _f1(self.true_alarms, self.false_alarms + self.missed) or 0.0

    @property
    def macro_f1(self) -> float:
        """The mean of the F1 of both kinds. A kind that neither occurs nor was said is left out."""
        wrong = self.false_alarms + self.missed
        return mean((_f1(self.true_alarms, wrong), _f1(self.left_alone, wrong))) or 0.0


def outcomes(flags: Sequence[bool], labels: Sequence[bool]) -> Outcomes:
    """Counts of `flags` (was it called a complaint) against `labels`."""
    pairs = list(zip(flags, labels, strict=True))
    return Outcomes(
        pairs.count((True, True)),
        pairs.count((True, False)),
        pairs.count((False, True)),
        pairs.count((False, False)),
    )


def share(part: int, whole: int) -> float:
    """`part` of `whole`, 0 of nothing."""
    return part / whole if whole else 0.0


def harmonic(precision: float, recall: float) -> float:
    """F1 from its two halves; 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def mean(values: Iterable[float | None]) -> float | None:
    """Of those that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _f1(right: int, wrong: int) -> float | None:
    return 2 * right / (2 * right + wrong) if right or wrong else None


def _from_the_top(scores: Sequence[float], labels: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """(complaints, others) at each distinct score, the highest first."""
    ranked = sorted(zip(scores, labels, strict=True), key=lambda pair: -pair[0])
    for _, tied in groupby(ranked, key=lambda pair: pair[0]):
        of_these = [label for _, label in tied]
        hits = sum(of_these)
        yield hits, len(of_these) - hits
