"""Where to draw the line, and what a figure means: `python -m training.calibrate DEV`.

Prints the constants that `monitor/scoring/complaint.py` (SLOPE, BIAS) and `monitor/core/triage.py` (THRESHOLDS,
MEANING) hold. What else was chosen with these posts in sight, docs/model-card.md says.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from monitor.core.metrics import auc
from monitor.core.model import Mention
from monitor.scoring.complaint import Complaint
from training.rows import read

MEASURED = (
    "us_airline",
    "trustpilot_fanatics",
    "google_play_banks_et",
    "bank_reviews",
    "tripadvisor_hotels",
    "sanders",
    "tweeteval_sentiment_test",
    "fabsa",
    "ijcnlp_en",
)
FALSE_ALARMS = ("tweeteval_irony", "semeval19_suggestion")
Floats = NDArray[np.float64]


def main() -> None:
    asked = argparse.ArgumentParser(
        prog="python -m training.calibrate", description=__doc__.partition("\n")[0]
    )
    asked.add_argument("dev", type=Path, help="folder with the sets that are for measuring only")
    given = asked.parse_args()
    sets = {name: judged(given.dev / f"{name}.jsonl") for name in MEASURED}
    slope, bias = platt(list(sets.values()))
    print(f"on top of the present ones: slope {slope:.4f}, bias {bias:.4f}")
    print(
        "mean AUC",
        round(float(np.mean([auc(list(x), list(map(bool, y))) or 0 for x, y in sets.values()])), 4),
    )
    alarms = {name: judged(given.dev / f"{name}.jsonl")[0] for name in FALSE_ALARMS}
    print(" line  precision  recall  macro-F1  flagged of " + ", ".join(FALSE_ALARMS))
    for line in np.arange(0.2, 0.86, 0.025):
        cut = (np.log(line / (1 - line)) - bias) / slope
        rows = [measures(odds >= cut, label) for odds, label in sets.values()]
        precision, recall, macro = np.mean(rows, axis=0)
        shares = " ".join(f"{float((odds >= cut).mean()):.3f}" for odds in alarms.values())
        print(f"{line:.3f}  {precision:9.3f}  {recall:6.3f}  {macro:8.4f}  {shares}")


def judged(path: Path) -> tuple[Floats, Floats]:
    """Log-odds and labels, stars left out; a text without a label counts among those without one."""
    rows = [row for row in read(path) if row["text"].strip()]
    opinions = Complaint().score([Mention("dev", str(place), row["text"]) for place, row in enumerate(rows)])
    known = [
        (opinion.value, row.get("label") or 0)
        for row, opinion in zip(rows, opinions, strict=True)
        if opinion.value is not None and (row.get("label") is not None or path.stem in FALSE_ALARMS)
    ]
    values = np.clip(np.array([value for value, _ in known]), 1e-9, 1 - 1e-9)
    return np.log(values / (1 - values)), np.array([label for _, label in known], float)


def platt(sets: list[tuple[Floats, Floats]]) -> tuple[float, float]:
    """Slope and bias that make the odds probabilities; each set counts the same, however large."""
    odds = np.concatenate([x for x, _ in sets])
    labels = np.concatenate([y for _, y in sets])
    counts = np.concatenate([np.full(len(x), 1 / len(x)) for x, _ in sets])

    def loss(line: Floats) -> float:
        given = line[0] * odds + line[1]
        return float(np.sum(counts * (np.logaddexp(0, given) - labels * given)))

    slope, bias = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(bias)


def measures(flagged: NDArray[np.bool_], label: Floats) -> tuple[float, float, float]:
    """Precision, recall, macro-F1."""
    hit, missed = float(np.sum(flagged * label)), float(np.sum(~flagged * label))
    false, right = float(np.sum(flagged * (1 - label))), float(np.sum(~flagged * (1 - label)))
    macro = hit / (2 * hit + false + missed) + right / (2 * right + false + missed)
    return hit / max(hit + false, 1), hit / max(hit + missed, 1), macro


if __name__ == "__main__":
    main()
