"""What a post is that is no complaint: a wish, a question, news, an advertisement, or none that can be told.

A trained table of topics tells it from the words. "complaint" is one of its labels, so that what reads as one gets no
name here. Whether it is a complaint is for the complaint scorer to say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from monitor.core.model import Mention, Opinion
from monitor.core.triage import THRESHOLDS
from monitor.scoring import topics
from monitor.scoring.complaint import Complaint
from monitor.scoring.language import Language
from monitor.scoring.reading import beginning
from monitor.scoring.vocabulary import read

SURE = max(THRESHOLDS.values())
"""From this complaint value on it is a complaint at any sensitivity, and nobody asks what else it is."""
COMPLAINT = "complaint"


class Kind:
    """`label` is one of the keys of `triage.KINDS`, `value` how likely it is, 0 to 1. Both None where it is unsure.

    From which likelihood on a kind is named was measured in training, for each kind by itself, on texts held out.
    English words alone are read, and those in no language that could be told.
    """

    name: ClassVar[str] = "kind"
    version: ClassVar[str] = "1"
    api: ClassVar[int] = 1
    uses: ClassVar[tuple[str, ...]] = ("complaint", "language")

    def __init__(self) -> None:
        self._topics = topics.Topics(topics.table("kind"))
        with np.load(topics.WEIGHTS / "kind.npz", allow_pickle=False) as found:
            self._lines = found["lines"].tolist()
        self._none = Opinion(self.name, self.version)

    def score(self, mentions: Sequence[Mention]) -> list[Opinion]:
        """An opinion on each mention, asking the other scorers itself."""
        heard = {"complaint": Complaint().score(mentions), "language": Language().score(mentions)}
        return self.weigh(mentions, heard)

    def weigh(self, mentions: Sequence[Mention], heard: Mapping[str, Sequence[Opinion]]) -> list[Opinion]:
        """An opinion on each mention, from what the scorers in `uses` already said of the same mentions."""
        opinions = [self._none] * len(mentions)
        asked: list[int] = []
        texts: list[str] = []
        for place, mention in enumerate(mentions):
            if (heard["complaint"][place].value or 0.0) >= SURE:
                continue
            if heard["language"][place].label in (None, "en") and beginning(mention.words).strip():
                asked.append(place)
                texts.append(beginning(mention.words))
        labels, name, version = self._topics.labels, self.name, self.version
        best, values = likeliest(self._topics.odds(read(texts)))
        for place, label, value in zip(asked, best.tolist(), values.tolist(), strict=True):
            if value >= self._lines[label] and labels[label] != COMPLAINT:
                opinions[place] = Opinion(name, version, value, labels[label])
        return opinions


def likeliest(
    odds: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """For each row of log-odds, which label is the likeliest of all, and how likely, to three places."""
    if not len(odds):
        return np.zeros(0, np.intp), np.zeros(0)
    best = odds.argmax(1)
    shares = 1 / np.exp(odds - odds.max(1, keepdims=True)).sum(1)
    return best, shares.round(3)
