"""The labelled text that the judge is trained on: permissive public sets, and the project's own text.

The public sets are not part of the project: `training/README.md` says where each comes from, and what the folder
must hold. The own text is: `training/own/*.jsonl`.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "own"
CONTRASTS = Path(__file__).parent / "contrasts"
SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled text. `label` 1: a complaint to answer. `weight`: how much the label is to be believed."""

    id: str
    text: str
    label: int
    weight: float = 1.0
    broken: tuple[str, ...] = ()
    """Which expectations were broken, most important first; own text alone says."""
    kind: str = ""


def read(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield json.loads(line)
            except ValueError as fault:
                raise SystemExit(f"{path}, line {number}: not JSON ({fault})") from None


def labelled(data: Path) -> list[Row]:
    """The public sets as the teacher and the students learn from them, in a fixed order."""
    rows: list[Row] = []
    for name in (
        "uci_amazon_yelp",
        "uci_imdb",
        "vader_tweets",
        "vader_amazon",
        "mams_acsa",
        "twitter_entity",
    ):
        rows += _set(data, name)
    rows += _sample(_set(data, "goemotions", 0.5), 5_000)
    rows += [replace(row, text=opening(row.text, 2)) for row in _sample(_set(data, "cfpb_real"), 1_500)]
    return [row for row in rows if row.text.strip()]


def unlabelled(data: Path) -> list[Row]:
    """More text of the same sets, for the teacher to judge: its opinion is what the students learn from it."""
    taken = {row.id for row in labelled(data)}
    rest = _sample((row for row in _set(data, "goemotions", 0.5) if row.id not in taken), 20_000)
    sentences = [
        replace(row, id=f"{row.id}.{place}", text=said)
        for row in _set(data, "cfpb_real")
        for place, said in enumerate(SENTENCE.split(row.text)[:6])
        if 20 <= len(said) <= 300
    ]
    return [*rest, *_sample(sentences, 8_000)]


def own() -> list[Row]:
    """The project's own text."""
    return _written(OWN)


def contrasts() -> list[Row]:
    """More own text, in which the sense alone tells complaints from what sounds like them: the words are much the same.

    So it teaches little about words by themselves, and too much of it would unteach what the rest has taught.
    """
    return _written(CONTRASTS)


def _written(folder: Path) -> list[Row]:
    return [
        Row(
            f"{folder.name}-{path.stem}-{place}",
            row["text"],
            row["label"],
            1.0,
            tuple(row.get("broken", ())),
            row["kind"],
        )
        for path in sorted(folder.glob("*.jsonl"))
        for place, row in enumerate(read(path))
    ]


def opening(text: str, sentences: int) -> str:
    """The first sentences: the full length of a letter to a regulator would teach that long means angry."""
    return " ".join(SENTENCE.split(text)[:sentences])[:400]


def _set(data: Path, name: str, weight: float = 1.0) -> list[Row]:
    return [Row(row["id"], row["text"], row["label"], weight) for row in read(data / f"{name}.jsonl")]


def _sample(rows: Iterable[Row], count: int) -> list[Row]:
    rows = list(rows)
    return random.Random(len(rows)).sample(rows, min(count, len(rows)))
