"""Fits the linear student on soft labels: each text counts twice, as a complaint and as none, by the label's share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from monitor.scoring.hashing import SIZE, features
from monitor.scoring.lean import Lean, Table
from monitor.scoring.reading import beginning
from monitor.scoring.vocabulary import read

STRENGTH = 4.0
"""Inverse of the regularisation."""


def counts(texts: Sequence[str], pieces: bool = True) -> sparse.csr_matrix:
    """How often each feature stands in each text; with `pieces` of words, or without."""
    places, ends = [], [0]
    for text in texts:
        places += features(text, pieces)
        ends.append(len(places))
    ones = np.ones(len(places), np.float32)
    table = sparse.csr_matrix((ones, np.array(places, np.int32), np.array(ends)), shape=(len(texts), SIZE))
    table.sum_duplicates()
    return table


def fit(texts: Sequence[str], soft: NDArray[np.float32], weights: NDArray[np.float32]) -> Table:
    """`soft`: how likely each text is a complaint, 0 to 1; `weights`: how much each text counts."""
    counted = counts(texts)
    share = np.asarray((counted > 0).sum(0)).ravel() / len(texts)
    rare = np.log((1 + len(texts)) / (1 + share * len(texts))) + 1
    rarity = np.clip(np.rint(rare * 255 / rare.max()), 1, 255).astype(np.uint8)
    # the norm adds up over words as the shipped model adds it up: a repeated word counts twice
    squares = sparse.csr_matrix(counted) @ (rarity.astype(np.float64) ** 2)
    scaled = sparse.diags(1 / np.sqrt(squares + 1)) @ counted @ sparse.diags(rarity.astype(np.float64))
    twice = sparse.vstack([scaled, scaled]).tocsr().astype(np.float32)
    labels = np.r_[np.ones(len(texts)), np.zeros(len(texts))]
    model = LogisticRegression(C=STRENGTH, solver="lbfgs", max_iter=300, tol=1e-4)
    model.fit(twice, labels, sample_weight=np.r_[weights * soft, weights * (1 - soft)])
    found = model.coef_.ravel()
    scale = float(np.quantile(np.abs(found[found != 0]), 0.9995) / 127)
    quantised = np.clip(np.rint(found / scale), -127, 127).astype(np.int8)
    return Table(quantised, rarity, scale, float(model.intercept_[0]))


def odds(table: Table, texts: Sequence[str]) -> NDArray[np.float64]:
    return Lean(table).odds(read(list(map(beginning, texts))))
