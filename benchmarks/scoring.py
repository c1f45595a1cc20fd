"""What judging costs: raw rates, and ratios against stock vaderSentiment on the same texts in the same run.

    python benchmarks/scoring.py

Texts are made here, from a fixed seed. Rates are CPU time, the best of several rounds in turn.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.texts import posts
from monitor.connectors import judge_of
from monitor.core.model import Mention
from monitor.scoring.judge import Judge
from monitor.scoring.vader import polarity

HOSTILE = {
    "3,000 emoji": "😀" * 3_000,
    "16,000 words": "not so good but very bad " * 2_667,
    "1 MB line": "x" * 1_000_000,
    "1 MB of words": "terrible great but never so " * 37_000,
    "a cue's beginning, over and over": "promised to " * 1_700,
    "negators alone": "no not never " * 1_600,
    "a million words of Spanish": "pero nunca muy mal servicio y no " * 30_000,
    "Japanese without an end": "とても悪いサービスでした" * 20_000,
    "names alone": "Grace at the desk and Mark the manager " * 3_000,
    "handles and addresses": "@acme https://acme.example/ " * 8_000,
    "control signs and halves of signs": "\x00\ud800\u202e" * 20_000,
    "punctuation alone": ",.!?'" * 4_000,
}


def costs(ways: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """CPU seconds of each way, the best of `rounds`, taken in turn so that all meet the same machine."""
    best = [float("inf")] * len(ways)
    for _ in range(rounds):
        for place, way in enumerate(ways):
            start = time.process_time()
            way()
            best[place] = min(best[place], time.process_time() - start)
    return best


def compare(
    kind: str, texts: Sequence[str], stock: SentimentIntensityAnalyzer, judge: Judge, rounds: int
) -> str:
    """One line: rates of the stock package, of our own evaluation, of the complaint scorer and of all together."""
    mentions = [Mention("bench", str(place), said) for place, said in enumerate(texts)]
    theirs, ours, everything = costs(
        [
            lambda: [stock.polarity_scores(said) for said in texts],
            lambda: [polarity(said) for said in texts],
            lambda: judge.judge(mentions),
        ],
        rounds,
    )
    weighing = min(weighing_of(judge, mentions) for _ in range(rounds))
    count = len(texts)
    return (
        f"  {kind:12} {sum(map(len, texts)) / count:6.0f} characters   stock {count / theirs:9,.0f}"
        f"   exact {count / ours:9,.0f} ({theirs / ours:5.1f} x)"
        f"   complaint {count / weighing:9,.0f} ({theirs / weighing:5.2f} x)"
        f"   all scorers {count / everything:9,.0f} ({theirs / everything:5.2f} x)"
    )


def weighing_of(judge: Judge, mentions: Sequence[Mention]) -> float:
    """CPU seconds of the complaint scorer, which is handed the language and VADER's figure."""
    before = judge.spent["complaint"]
    judge.judge(mentions)
    return judge.spent["complaint"] - before


def main() -> None:
    stock = SentimentIntensityAnalyzer()
    judge = judge_of(None)
    polarity("warm")

    print("against stock VADER (texts a second; ratio; wanted of the complaint scorer on tweets: .5)")
    for kind, length, count, rounds in (
        ("tweets", 87, 8_000, 3),
        ("300 words", 1_600, 60, 3),
        ("2,000 words", 10_600, 4, 2),
    ):
        judge.judge([Mention("warm", str(place), said) for place, said in enumerate(posts(500, length, 1))])
        print(compare(kind, posts(count, length), stock, judge, rounds))

    print("hostile texts (milliseconds to judge one; the aim is under 50)")
    for name, said in HOSTILE.items():
        (cost,) = costs([partial(judge.judge, [Mention("bench", "1", said)])], 3)
        print(f"  {name:34} {cost * 1_000:6.1f}")


if __name__ == "__main__":
    main()
