"""The texts that the students learn from, in a fixed order, and what each is worth."""

from __future__ import annotations

import hashlib
import random
import re
import tomllib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.rows import Row, contrasts, labelled, own, unlabelled

WORD = re.compile(r"[^\W\d_]+|\d+")
JOINED, ADDRESSED, REPHRASED = 4_000, 4_000, 2
TRUST_OWN, TRUST_SETS = 0.8, 0.5
"""How much of a target is the label; the rest is the teacher's opinion."""
OWN_WEIGHT = 2.0
CONTRAST_WEIGHT = 0.5


def pool(data: Path) -> list[Row]:
    """Labelled rows, own rows, changed copies of both, rows without a label that counts (`weight` 0), contrasts."""
    draw = random.Random(20261125)
    sets, ours = labelled(data), own()
    real = [*sets, *ours]
    joined: list[Row] = []
    for number in range(JOINED):
        first, second = draw.choice(real), draw.choice(real)
        joined.append(Row(f"joined-{number}", f"{first.text.rstrip()} {second.text}", 0, 0.0))
    addressed = [
        replace(row, id=f"addressed-{row.id}", text=f"@{draw.choice(_HANDLES)} {row.text}")
        for row in draw.sample(real, min(ADDRESSED, len(real)))
    ]
    misspelt = [replace(row, id=f"misspelt-{row.id}", text=_misspelt(row.text, draw)) for row in ours]
    rephrased = [
        replace(row, id=f"rephrased-{number}-{row.id}", text=_rephrased(row.text, draw))
        for row in ours
        for number in range(REPHRASED)
    ]
    silent = [replace(row, weight=0.0) for row in unlabelled(data)]
    return [*real, *joined, *addressed, *misspelt, *rephrased, *silent, *contrasts()]


def digest(rows: Sequence[Row]) -> str:
    """Tells whether soft labels were given to these very rows."""
    found = hashlib.sha256()
    for row in rows:
        found.update(f"{row.id}\x00{row.text}\x00".encode("utf-8", "replace"))
    return found.hexdigest()


def targets(
    rows: Sequence[Row], soft: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What each text is to be taken for (0 to 1), and how much it counts."""
    label = np.array([row.label for row in rows], np.float32)
    ours = np.array([_is_own(row) for row in rows])
    contrast = np.array([row.id.startswith("contrasts-") for row in rows])
    trust = np.where(ours | contrast, TRUST_OWN, TRUST_SETS) * np.array([row.weight > 0 for row in rows])
    worth = np.where(ours, OWN_WEIGHT, np.where(contrast, CONTRAST_WEIGHT, 1.0))
    return (trust * label + (1 - trust) * soft).astype(np.float32), worth.astype(np.float32)


def _is_own(row: Row) -> bool:
    return "own-" in row.id and not row.id.startswith("joined-")


_GROUPS = {
    word: group
    for group in tomllib.loads((Path(__file__).parent / "interchangeable.toml").read_text("utf-8"))["groups"]
    for word in group
}
_HANDLES = ("acmecoffee", "northwindrail", "examplia_bank", "help", "support", "fictionair", "globex", "user")


def _rephrased(text: str, draw: random.Random) -> str:
    """Other words of their group in the place of most that have one, and other figures."""

    def other(found: re.Match[str]) -> str:
        word = found[0]
        if word.isdigit():
            return str(draw.randrange(2, 10 ** min(len(word), 6))) if len(word) < 7 else word
        group = _GROUPS.get(word.lower())
        if group is None or draw.random() < 0.3:
            return word
        chosen = draw.choice(group)
        return chosen.capitalize() if word[0].isupper() else chosen

    return WORD.sub(other, text)


def _misspelt(text: str, draw: random.Random) -> str:
    """One slip of the fingers in every eighth word or so, and often no punctuation."""
    words = text.split()
    for place, word in enumerate(words):
        if len(word) > 4 and word.isalpha() and draw.random() < 0.12:
            at = draw.randrange(1, len(word) - 1)
            kind = draw.randrange(3)
            if kind == 0:
                words[place] = word[:at] + word[at + 1 :]
            elif kind == 1:
                words[place] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            else:
                words[place] = word[:at] + word[at] + word[at:]
    said = " ".join(words)
    return said.replace(",", "").replace(".", "").replace("'", "") if draw.random() < 0.4 else said
