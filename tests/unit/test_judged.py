"""What the judge is tested with and shown by is written apart from all that it learns from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MILD = ROOT / "tests" / "judged" / "mild.jsonl"
SECOND = ROOT / "tests" / "judged" / "second.jsonl"
"""By another writer, and harder."""
SHOWN = ROOT / "tests" / "judged" / "shown.jsonl"
OWN = sorted((ROOT / "training").glob("*/*.jsonl"))
RUN = 7
"""So many words in a row are no chance."""


def texts(path: Path) -> list[str]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file]


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


@pytest.mark.parametrize("path", [MILD, SECOND], ids=lambda path: path.stem)
def test_there_are_as_many_complaints_as_look_alikes(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        labels = [json.loads(line)["label"] for line in file]
    assert (labels.count(1), labels.count(0)) == (300, 300)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_none_of_them_stands_in_what_the_judge_learned_from(path: Path) -> None:
    learned, runs = set(), set()
    for text in texts(path):
        said = words(text)
        learned.add(" ".join(said))
        runs |= {tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1)}
    for text in [*texts(MILD), *texts(SECOND), *texts(SHOWN)]:
        said = words(text)
        assert " ".join(said) not in learned, text
        assert runs.isdisjoint(tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1)), text


def test_the_own_text_is_as_the_training_wants_it() -> None:
    from monitor.core.aspects import EXPECTATIONS

    assert OWN
    seen: dict[str, Path] = {}
    for path in OWN:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                row = json.loads(line)
                assert row["label"] in (0, 1), f"{path.name}, line {number}"
                assert set(row["broken"]) <= set(EXPECTATIONS), f"{path.name}, line {number}"
                assert row["text"] not in seen, f"{path.name}, line {number}: also in {seen[row['text']]}"
                seen[row["text"]] = path
