"""What training keeps: soft labels, the student's start, and the weights that are shipped."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from monitor.scoring.lean import Table
from monitor.scoring.pieces import Net

HERE = Path(__file__).parent
WEIGHTS = HERE.parent / "monitor" / "scoring" / "weights" / "complaint.npz"
SOFT = HERE / "soft_labels.npz"
START = HERE / "start.npz"


def write_soft(digest: str, soft: NDArray[np.float32]) -> None:
    """The teacher's opinions on the rows that `digest` stands for, in 256 steps."""
    np.savez_compressed(SOFT, digest=_bytes(digest), soft=np.rint(soft * 255).astype(np.uint8))


def soft_labels(digest: str) -> NDArray[np.float32]:
    """Raises SystemExit when they were given to other rows."""
    with np.load(SOFT) as held:
        if held["digest"].tobytes().decode() != digest:
            raise SystemExit(
                f"{SOFT.name} was made for other texts: the own text or the sets have changed since. "
                "Run with --encoder to let the teacher judge them anew."
            )
        return held["soft"].astype(np.float32) / 255


def write_start(pieces: list[str], embedding: NDArray[np.float32]) -> None:
    """The vocabulary and what the pieces mean before the student learns: 8 bits a figure."""
    step = float(np.abs(embedding).max() / 127)
    whole = np.rint(embedding / step).astype(np.int8)
    np.savez_compressed(START, pieces=_bytes("\n".join(pieces)), embedding=whole, step=np.array([step]))


def read_start() -> tuple[list[str], NDArray[np.float32]]:
    with np.load(START) as held:
        pieces = held["pieces"].tobytes().decode("utf-8").split("\n")
        return pieces, held["embedding"].astype(np.float32) * float(held["step"][0])


def save(path: Path, version: str, table: Table, net: Net) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        version=_bytes(version),
        lean_weights=table.weights,
        lean_rarity=table.rarity,
        lean_line=np.array([table.scale, table.bias]),
        net_pieces=_bytes("\n".join(net.pieces)),
        net_embedding=net.embedding,
        net_filters=net.filters,
        net_hidden=net.hidden,
        net_hidden_bias=net.hidden_bias,
        net_out=net.out,
        net_line=np.array([net.scale, net.bias]),
    )


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), np.uint8)
