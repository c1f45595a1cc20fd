"""How many threads work out a sum: with another number the last digits come out otherwise, and so do the weights."""

from __future__ import annotations

from threadpoolctl import threadpool_limits


def hold(threads: int) -> None:
    """From now on NumPy and scikit-learn use so many in this process, however many cores there are."""
    threadpool_limits(threads)
