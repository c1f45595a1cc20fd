"""Trains which expectations were broken: `python -m training.expectations DATA [--encoder FOLDER]`.

    own text + aspects of the public sets -> teacher (only with --encoder) -> soft labels -> table of topics

The labels are about complaints: what a text is that is none, the table was never told. Without --encoder the soft
labels that stand in `training/` are used, where there are any, so the same weights come out every time.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.core.severity_rules import WITH
from monitor.scoring.topics import WEIGHTS
from training import threads
from training.rows import SENTENCE, opening, own, read
from training.topics import fit

KEYS = tuple(WITH)
SOFT = Path(__file__).parent / "expectations.npz"
ROWS = 18_000
THREADS = 2
LATER = 0.9
"""How true a broken expectation is that is not the first one named."""
WEAK = 0.3
"""What a public set's aspect counts beside own text."""
MOST = 700
"""Texts of one public set that are taken."""
SENTENCES = 2_500
TAUGHT = 0.5
"""What the teacher's opinion counts beside own text."""
ASPECTS: Mapping[str, Mapping[str, float]] = {
    "staff": {"respect": 0.7, "promptness": 0.2, "expertise": 0.2},
    "service": {"promptness": 0.6, "respect": 0.4},
    "food": {"reliability": 0.95},
    "menu": {"reliability": 0.7, "alternatives": 0.3},
    "ambience": {"reliability": 0.9},
    "place": {"reliability": 0.9},
    "price": {"fairness": 0.95},
    "Charged fees or interest you didn't expect": {"fairness": 0.95, "clarity": 0.4},
    "Fees or interest": {"fairness": 0.95, "clarity": 0.4},
    "Can't contact lender or servicer": {"promptness": 0.7, "communication": 0.7},
    "Money was taken from your bank account on the wrong day or for the wrong amount": {"fairness": 0.9},
    "Can't stop withdrawals from your bank account": {"fairness": 0.9, "listening": 0.3},
    "Trouble using your card": {"reliability": 0.9},
}
"""Aspect of a public set -> how true each expectation is of a complaint about it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One complaint with how true each of `KEYS` is of it; nothing where nobody said."""

    text: str
    told: tuple[float, ...] | None
    weight: float


def labelled(data: Path) -> list[Shown]:
    """Complaints of which it is known what was broken."""
    found = [
        Shown(
            row.text,
            tuple((1.0 if key == row.broken[0] else LATER) * (key in row.broken) for key in KEYS),
            1.0,
        )
        for row in own()
        if row.label and row.broken
    ]
    for name in ("mams_acsa", "cfpb_real"):
        weak: list[Shown] = []
        for row in read(data / f"{name}.jsonl"):
            named = [part.removesuffix(":negative") for part in (row.get("aspect") or "").split("|")]
            known = [ASPECTS[part] for part in named if part in ASPECTS]
            if row["label"] and known:
                told = tuple(max(aspect.get(key, 0.0) for aspect in known) for key in KEYS)
                weak.append(Shown(opening(row["text"], 2), told, WEAK))
        found += random.Random(1).sample(weak, min(MOST, len(weak)))
    return found


def unlabelled(data: Path) -> list[Shown]:
    """Complaints of the public sets, for the teacher."""
    found: list[str] = []
    for name in ("uci_amazon_yelp", "vader_amazon", "vader_tweets", "twitter_entity", "mams_acsa"):
        found += [row["text"] for row in read(data / f"{name}.jsonl") if row["label"]]
    said = [
        sentence
        for row in read(data / "cfpb_real.jsonl")
        for sentence in SENTENCE.split(row["text"])[:6]
        if 20 <= len(sentence) <= 300
    ]
    found += random.Random(1).sample(said, min(SENTENCES, len(said)))
    return [Shown(text, None, TAUGHT) for text in found if text.strip()]


def digest(rows: Sequence[Shown]) -> str:
    return hashlib.sha256("\n".join(row.text for row in rows).encode()).hexdigest()


def soft_labels(rows: Sequence[Shown]) -> NDArray[np.float64]:
    """The teacher's opinions that stand in `training/`. Exits where they are of other texts."""
    with np.load(SOFT, allow_pickle=False) as found:
        if str(found["digest"]) != digest(rows):
            raise SystemExit(f"{SOFT} is of other texts than these: teach anew with --encoder FOLDER")
        return found["soft"].astype(np.float64) / 255


def main() -> None:
    asked = argparse.ArgumentParser(
        prog="python -m training.expectations", description=__doc__.partition("\n")[0]
    )
    asked.add_argument("data", type=Path, help="folder with the public sets, one JSONL file each")
    asked.add_argument("--encoder", type=Path, help="folder with the pretrained encoder: teach anew")
    asked.add_argument("--out", type=Path, default=WEIGHTS / "expectations.npz", help="where the weights go")
    given = asked.parse_args()
    threads.hold(THREADS)
    known, more = labelled(given.data), unlabelled(given.data)
    print(f"{len(known):,} texts with a label, {len(more):,} for the teacher")
    if given.encoder:
        from training.topics_teacher import taught

        told = np.array([row.told for row in known])
        odds = taught(
            given.encoder,
            [row.text for row in known],
            told,
            np.array([row.weight for row in known]),
            [row.text for row in more],
            seed=1,
        )
        soft = np.rint(255 / (1 + np.exp(-odds))).astype(np.uint8)
        np.savez_compressed(SOFT, digest=np.array(digest(more)), soft=soft)
    rows, goal = known, np.array([row.told for row in known])
    if SOFT.exists():
        rows, goal = [*known, *more], np.vstack([goal, soft_labels(more)])
    table = fit([row.text for row in rows], KEYS, goal, np.array([row.weight for row in rows]), rows=ROWS)
    given.out.parent.mkdir(exist_ok=True)
    np.savez_compressed(given.out, **table.written())
    print(f"{given.out}: {given.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
