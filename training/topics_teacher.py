"""The pretrained encoder tuned to several labels at once. Too slow to ship; its opinions teach the table of topics."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from monitor.scoring.reading import plain
from training.teacher import BATCH, Teacher, judged, learner

EPOCHS = 3
RATE = 6e-5
WARMING = 30
"""Steps until the full rate."""


def taught(
    encoder: Path,
    texts: Sequence[str],
    told: NDArray[np.float64],
    weights: NDArray[np.float64],
    others: Sequence[str],
    *,
    seed: int,
    epochs: int = EPOCHS,
) -> NDArray[np.float64]:
    """Log-odds of each label for the `others`, by a teacher tuned on the `texts`; shape (others, labels)."""
    torch.manual_seed(seed)
    teacher = Teacher(encoder)
    teacher.head = nn.Linear(teacher.encoder.config.hidden_size, told.shape[1])
    _tune(teacher, [plain(text) for text in texts], told, weights, seed, epochs)
    return judged(teacher, others).astype(np.float64)


def _tune(
    teacher: Teacher,
    texts: Sequence[str],
    told: NDArray[np.float64],
    weights: NDArray[np.float64],
    seed: int,
    epochs: int,
) -> None:
    draw = random.Random(seed)
    goal, count = torch.tensor(told, dtype=torch.float32), torch.tensor(weights, dtype=torch.float32)
    learn = learner(teacher, RATE, epochs * ((len(texts) + BATCH - 1) // BATCH), WARMING)
    for epoch in range(epochs):
        order = sorted(range(len(texts)), key=lambda place: (len(texts[place]) // 40, draw.random()))
        batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
        draw.shuffle(batches)
        losses = []
        for batch in batches:
            odds = teacher([texts[place] for place in batch])
            loss = nn.functional.binary_cross_entropy_with_logits(
                odds, goal[batch], weight=count[batch].unsqueeze(-1)
            )
            learn(loss)
            losses.append(loss.item())
        print(f"  teacher, epoch {epoch + 1} of {epochs}: loss {np.mean(losses):.4f}", flush=True)
