"""The teacher: a small pretrained sentence encoder, tuned to tell complaints. Too slow to ship; its opinions are not.

Needs PyTorch and the encoder's files (`training/README.md`). On two cores an epoch takes some ten minutes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import BertModel, BertTokenizerFast

from monitor.scoring.reading import plain
from training.rows import Row

LONGEST = 96
BATCH = 32


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


def tune(
    teacher: Teacher, rows: Sequence[Row], *, rate: float, epochs: int, seed: int, balance: bool = True
) -> None:
    """Fit on the rows' labels. Batches hold texts of like length: padding is paid for."""
    torch.manual_seed(seed)
    draw = random.Random(seed)
    texts = [plain(row.text) for row in rows]
    labels = torch.tensor([float(row.label) for row in rows])
    weights = torch.tensor([row.weight for row in rows])
    if balance:
        share = float((labels * weights).sum() / weights.sum())
        weights = weights * torch.where(labels > 0.5, 0.5 / share, 0.5 / (1 - share))
    head = list(teacher.head.parameters())
    body = [p for p in teacher.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [{"params": body, "lr": rate}, {"params": head, "lr": 1e-3}], weight_decay=0.01
    )
    batches_each = (len(rows) + BATCH - 1) // BATCH
    total = batches_each * epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / 100, max(0.02, 1 - step / total))
    )
    teacher.train()
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
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_([*body, *head], 1.0)
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
            if number % 50 == 0:
                print(
                    f"  epoch {epoch + 1} batch {number}/{len(batches)} loss {np.mean(losses[-50:]):.3f}",
                    flush=True,
                )


@torch.no_grad()
def judged(teacher: Teacher, texts: Sequence[str]) -> np.ndarray:
    """The teacher's log-odds for each text."""
    teacher.eval()
    plains = [plain(text) for text in texts]
    order = sorted(range(len(plains)), key=lambda place: len(plains[place]))
    odds = np.zeros(len(plains), np.float32)
    for start in range(0, len(order), 64):
        batch = order[start : start + 64]
        odds[batch] = teacher([plains[place] for place in batch]).float().numpy()
    return odds
