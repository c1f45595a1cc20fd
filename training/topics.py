"""Fits a table of topics: one logistic regression for each label, on what the shipped model will see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from monitor.scoring.reading import beginning
from monitor.scoring.topics import Table, Topics
from monitor.scoring.vocabulary import read
from training.lean import counts

STRENGTH = 4.0
"""Inverse of the regularisation."""
SEEN = 2
"""Texts that must hold a feature before it gets a row."""


def fit(
    texts: Sequence[str],
    labels: Sequence[str],
    soft: NDArray[np.float64],
    weights: NDArray[np.float64],
    *,
    rows: int,
    strength: float = STRENGTH,
    pieces: bool = True,
) -> Table:
    """A table of at most `rows` rows.

    `soft`: how true each label is of each text, 0 to 1, shape (texts, labels); nan where it is not known.
    `weights`: how much each text counts, shape (texts,). `pieces`: whether pieces of words are read, too.
    """
    counted = counts(texts, pieces)
    held = np.asarray((counted > 0).sum(0)).ravel()
    rare = np.log((1 + len(texts)) / (1 + held)) + 1
    rarity = np.clip(np.rint(rare * 255 / rare.max()), 1, 255)
    used = np.flatnonzero(held >= SEEN)
    found, _ = _regressions(counted, used, rarity, soft, weights, strength)
    strongest = np.abs(found).max(0) * rarity[used]
    used = np.sort(used[np.argsort(-strongest, kind="stable")[:rows]])
    found, bias = _regressions(counted, used, rarity, soft, weights, strength)
    scale = float(np.quantile(np.abs(found[found != 0]), 0.9995) / 127)
    quantised = np.clip(np.rint(found.T / scale), -127, 127).astype(np.int8)
    rarities = rarity[used].astype(np.uint8)
    return Table(tuple(labels), used.astype(np.uint32), quantised, rarities, scale, bias, pieces)


def _regressions(
    counted: sparse.csr_matrix,
    used: NDArray[np.intp],
    rarity: NDArray[np.float64],
    soft: NDArray[np.float64],
    weights: NDArray[np.float64],
    strength: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    kept = sparse.csr_matrix(counted[:, used])
    # the norm adds up over words as the shipped model adds it up: a repeated word counts twice
    squares = kept @ rarity[used] ** 2
    scaled = sparse.csr_matrix(
        sparse.diags(1 / np.sqrt(squares + 1)) @ kept @ sparse.diags(rarity[used]), dtype=np.float32
    )
    found, bias = [], []
    for target in soft.T:
        known = np.flatnonzero(~np.isnan(target))
        shown, told, count = scaled[known], target[known], weights[known]
        model = LogisticRegression(C=strength, solver="lbfgs", max_iter=300, tol=1e-4)
        model.fit(
            sparse.vstack([shown, shown]),
            np.r_[np.ones(len(known)), np.zeros(len(known))],
            sample_weight=np.r_[count * told, count * (1 - told)],
        )
        found.append(model.coef_.ravel())
        bias.append(float(model.intercept_[0]))
    return np.array(found), np.array(bias)


def odds(table: Table, texts: Sequence[str]) -> NDArray[np.float64]:
    return Topics(table).odds(read(list(map(beginning, texts))))
