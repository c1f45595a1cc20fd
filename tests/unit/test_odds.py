"""How unlikely a count is: against sums written out, and against what is known of the scatter."""

import random
from math import comb, exp, factorial, isclose

import pytest

from monitor.core.odds import at_least, scatter_of


@pytest.mark.parametrize(("count", "usual"), [(1, 0.2), (5, 0.3), (7, 2.5), (30, 11.0)])
def test_without_scatter_it_is_poisson(count: int, usual: float) -> None:
    below = sum(exp(-usual) * usual**k / factorial(k) for k in range(count))
    assert isclose(at_least(count, usual, 0.0), 1 - below, rel_tol=1e-4, abs_tol=1e-14)


@pytest.mark.parametrize(("count", "usual", "size"), [(3, 1.0, 4), (12, 5.0, 2), (9, 0.5, 10)])
def test_with_scatter_it_is_negative_binomial(count: int, usual: float, size: int) -> None:
    share = size / (size + usual)
    below = sum(comb(k + size - 1, k) * share**size * (1 - share) ** k for k in range(count))
    assert isclose(at_least(count, usual, 1 / size), 1 - below, rel_tol=1e-6, abs_tol=1e-14)


def test_more_scatter_makes_a_high_count_less_surprising_and_a_low_one_never_is() -> None:
    odds = [at_least(12, 3.0, scatter) for scatter in (0.0, 0.1, 0.5, 2.0)]
    assert odds == sorted(odds)
    assert odds[0] < odds[-1]
    assert at_least(3, 3.0, 0.1) == at_least(0, 0.0, 0.0) == 1.0
    assert 0 <= at_least(100_000, 10.0, 0.1) < 1e-300


def test_counts_by_chance_alone_have_no_scatter_and_moods_have_theirs() -> None:
    rng = random.Random(5)

    def weeks(mood: float) -> list[list[int]]:
        made = []
        for _ in range(8):
            rates = [4 * (rng.gammavariate(1 / mood, mood) if mood else 1) for _ in range(400)]
            made.append([sum(rng.random() < rate / 100 for _ in range(100)) for rate in rates])
        return made

    assert scatter_of(weeks(0.0)) < 0.03
    assert 0.2 < scatter_of(weeks(0.3)) < 0.4


def test_of_no_past_the_prior_is_what_is_known() -> None:
    assert scatter_of([], prior=0.2) == 0.2
    assert isclose(scatter_of([[0, 0], [0, 0]], prior=0.2, weight=10), 0.2)
