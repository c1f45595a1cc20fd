"""VADER as its package has it, for comparison."""

from __future__ import annotations

from collections.abc import Callable


def stock_vader(most: int) -> Callable[[str], float]:
    """The compound figure as the package itself works it out, for comparison.

    It takes time in the square of a text's length, so of a text beyond our own judge's cap it sees the beginning
    (`most` characters).
    """
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    scores = SentimentIntensityAnalyzer().polarity_scores

    def compound(text: str) -> float:
        return float(scores(text[:most])["compound"])

    return compound
