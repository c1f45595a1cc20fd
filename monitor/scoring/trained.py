"""The trained part of the judge: two small models that read words, and how their opinions are blended.

`training/` makes the weights. Read once, on first use.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import IO, NamedTuple

import numpy as np

from monitor.scoring.lean import Lean, Table
from monitor.scoring.pieces import Net, Pieces
from monitor.scoring.vocabulary import Texts


@dataclass(frozen=True, slots=True)
class Weights:
    """All that training found. `version` names it: a mention keeps the version that judged it."""

    version: str
    table: Table
    net: Net


class Views(NamedTuple):
    """What each model makes of a text, in log-odds."""

    lean: float
    pieces: float


class Trained:
    """`views` of texts; each gets the same figures alone and in a batch."""

    def __init__(self, weights: Weights) -> None:
        self.version = weights.version
        self._lean = Lean(weights.table)
        self._pieces = Pieces(weights.net)

    def views(self, texts: Texts) -> list[Views]:
        return list(map(Views, self._lean.odds(texts).tolist(), self._pieces.odds(texts).tolist()))

    def telling(self, text: str, texts: Texts, place: int, most: int) -> tuple[int, int]:
        """Where the stretch of at most `most` chunks stands that speaks most for a complaint in `text`, the one at
        `place` in `texts`."""
        return self._lean.telling(text, texts, place, most)


@cache
def trained() -> Trained:
    """The models that come with the product."""
    with resources.files("monitor.scoring").joinpath("weights/complaint.npz").open("rb") as file:
        return Trained(weights(file))


def weights(file: IO[bytes]) -> Weights:
    with np.load(file, allow_pickle=False) as held:
        scale, bias = held["lean_line"].tolist()
        table = Table(held["lean_weights"], held["lean_rarity"], scale, bias)
        scale, bias = held["net_line"].tolist()
        net = Net(
            held["net_pieces"].tobytes().decode("utf-8").split("\n"),
            held["net_embedding"],
            held["net_filters"],
            held["net_hidden"],
            held["net_hidden_bias"],
            held["net_out"],
            scale,
            bias,
        )
        return Weights(held["version"].tobytes().decode("utf-8"), table, net)
