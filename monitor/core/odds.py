"""How unlikely a count is, where counts scatter more than chance alone would have it."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, lgamma, log, log1p


def at_least(count: int, usual: float, scatter: float) -> float:
    """The probability of `count` or more where `usual` are expected (negative binomial).

    `scatter` is the variance beyond chance, as a share of the squared mean: 0 is Poisson. Exact to six digits
    where `count` is above `usual`; 1.0 where it is not, since nobody asks how far below it lies.
    """
    if count <= usual or count <= 0:
        return 1.0
    usual = max(usual, 1e-9)
    size = 1 / max(scatter, 1e-9)
    share = usual / (usual + size)
    logs = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
    term = exp(logs + size * log1p(-share) + count * log(share))
    total, k = 0.0, count
    while term > total * 1e-12:
        total += term
        term *= (k + size) / (k + 1) * share
        k += 1
    return min(1.0, total)


def scatter_of(weeks: Sequence[Sequence[int]], prior: float = 0.0, weight: float = 0.0) -> float:
    """How much more than chance counts scatter from week to week: `weeks` hold the counts of the same spans of each.

    The mean of a span over the weeks is what was usual in it. Few counts tell little, so `prior` stands in with
    the `weight` of so many squared means.
    """
    number = len(weeks)
    beyond = squares = 0.0
    if number > 1:
        for counts in zip(*weeks, strict=True):
            mean = sum(counts) / number
            beyond += sum((one - mean) ** 2 for one in counts) / (number - 1) - mean
            # the square of a mean of few weeks is too large by the mean's own variance
            squares += max(0.0, mean**2 - mean / number)
    return max(0.0, beyond + prior * weight) / (squares + weight) if squares + weight > 0 else prior
