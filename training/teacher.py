"""The teacher: a small pretrained sentence encoder, tuned to tell complaints. Too slow to ship; its opinions are not.

Needs PyTorch and the encoder's files (`training/README.md`). On two cores an epoch takes some ten minutes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import BertModel, BertTokenizerFast

from monitor.scoring.reading import plain
from training.rows import Row

LONGEST = 96
BATCH, AT_ONCE = 32, 64
"""Texts that are learned from, and judged, together."""
WARMING = 100
"""Steps until the full rate."""


class Teacher(nn.Module):
    """The encoder, mean pooling, one linear unit. `forward` gives log-odds."""

    def __init__(self, encoder: Path) -> None:
        super().__init__()
        self.tokenizer = BertTokenizerFast.from_pretrained(str(encoder))
        self.encoder = BertModel.from_pretrained(str(encoder), add_pooling_layer=False)
        self.head = nn.Linear(self.encoder.config.hidden_size, 1)
        self.encoder.embeddings.requires_grad_(False)

    def forward(self, texts: Sequence[str]) -> torch.Tensor:
        given = self.tokenizer(
            list(texts), padding=True, truncation=True, max_length=LONGEST, return_tensors="pt"
        )
        with torch.autocast("cpu", dtype=torch.bfloat16):
            hidden = self.encoder(
                given["input_ids"], attention_mask=given["attention_mask"]
            ).last_hidden_state
        mask = given["attention_mask"].unsqueeze(-1).float()
        pooled = (hidden.float() * mask).sum(1) / mask.sum(1)
        return self.head(pooled).squeeze(-1)


def learner(teacher: Teacher, rate: float, steps: int, warming: int) -> Callable[[torch.Tensor], None]:
    """Gives what takes one step for a loss. The rate rises for `warming` steps and falls to a fiftieth over `steps`."""
    head = list(teacher.head.parameters())
    body = [part for part in teacher.encoder.parameters() if part.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": head, "lr": 1e-3}], weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warming, max(0.02, 1 - step / steps))
    )
    teacher.train()

    def learn(loss: torch.Tensor) -> None:
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*body, *head], 1.0)
        optimiser.step()
        schedule.step()

    return learn


def tune(teacher: Teacher, rows: Sequence[Row], *, rate: float, epochs: int, seed: int) -> None:
    """Fit on the rows' labels, both kinds counting the same. Batches hold texts of like length: padding is paid for."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    texts = [plain(row.text) for row in rows]
    labels = torch.tensor([float(row.label) for row in rows])
    weights = torch.tensor([row.weight for row in rows])
    share = float((labels * weights).sum() / weights.sum())
    weights = weights * torch.where(labels > 0.5, 0.5 / share, 0.5 / (1 - share))
    learn = learner(teacher, rate, epochs * ((len(rows) + BATCH - 1) // BATCH), WARMING)
    for epoch in range(epochs):
        order = list(range(len(rows)))
        draw.shuffle(order)
        pool = BATCH * 50
        batches: list[list[int]] = []
        for start in range(0, len(order), pool):
            chunk = sorted(order[start : start + pool], key=lambda place: len(texts[place]))
            batches += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
        draw.shuffle(batches)
        losses = []
        for number, batch in enumerate(batches):
            odds = teacher([texts[place] for place in batch])
            loss = nn.functional.binary_cross_entropy_with_logits(odds, labels[batch], weight=weights[batch])
            learn(loss)
            losses.append(loss.item())
            if number % 50 == 0:
                print(
                    f"  epoch {epoch + 1} batch {number}/{len(batches)} loss {np.mean(losses[-50:]):.3f}",
                    flush=True,
                )


@torch.no_grad()
def judged(teacher: Teacher, texts: Sequence[str]) -> NDArray[np.float32]:
    """The teacher's log-odds for each text, of each label where it has several."""
    teacher.eval()
    plains = [plain(text) for text in texts]
    order = sorted(range(len(plains)), key=lambda place: len(plains[place]))
    given = [
        teacher([plains[place] for place in order[start : start + AT_ONCE]]).float().numpy()
        for start in range(0, len(order), AT_ONCE)
    ]
    odds = np.concatenate(given)
    odds[order] = odds.copy()
    return odds
