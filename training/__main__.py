"""Trains the judge: `python -m training DATA`. `training/README.md` tells what DATA must hold.

    sets + own text -> teacher (only with --encoder) -> soft labels -> two students -> weights

Without --encoder the soft labels that stand in `training/` are used: then no pretrained model is needed, and the same
weights come out every time.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import torch

from training import lean, pieces, threads
from training.pool import digest, pool, targets
from training.rows import contrasts, labelled, own
from training.write import WEIGHTS, read_start, save, soft_labels, write_soft, write_start

VERSION = "trained-1"
SEED = 1
EPOCHS = 8
THREADS = 2


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m training", description=__doc__.partition("\n")[0])
    asked.add_argument("data", type=Path, help="folder with the public sets, one JSONL file each")
    asked.add_argument("--encoder", type=Path, help="folder with the pretrained encoder: teach anew")
    asked.add_argument("--out", type=Path, default=WEIGHTS, help="where the weights go")
    given = asked.parse_args()
    threads.hold(THREADS)
    torch.set_num_threads(THREADS)
    rows = pool(given.data)
    print(f"{len(rows):,} texts, {sum(row.weight > 0 for row in rows):,} of them with a label")
    if given.encoder:
        from training.teach import teach

        taught = teach(
            given.encoder, labelled(given.data), [*own(), *contrasts()], [row.text for row in rows], SEED
        )
        write_soft(digest(rows), taught.soft)
        write_start(taught.pieces, taught.embedding)
    soft = soft_labels(digest(rows))
    vocab, embedding = read_start()
    goal, worth = targets(rows, soft)
    texts = [row.text for row in rows]
    student = pieces.fit(texts, goal, worth, vocab, embedding, seed=SEED, epochs=EPOCHS)
    save(given.out, VERSION, lean.fit(texts, goal, worth), pieces.rounded(student, vocab))
    weighed = hashlib.sha256(given.out.read_bytes()).hexdigest()
    print(f"{given.out}: {given.out.stat().st_size:,} bytes, sha256 {weighed}")


if __name__ == "__main__":
    main()
