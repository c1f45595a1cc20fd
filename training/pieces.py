"""Fits the convolutional student: first in floating point, then rounded to the whole numbers that are shipped."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from monitor.scoring.pieces import SHIFT, WIDTHS, Net, Pieces
from monitor.scoring.reading import beginning, chunks, tokens
from monitor.scoring.vocabulary import read

DIMENSIONS, CHANNELS, UNITS = 128, 64, 32
BATCH = 128


class Student(nn.Module):
    """As `monitor.scoring.pieces` computes it: filters without a bias, the greatest and the mean, one hidden layer."""

    def __init__(self, embedding: NDArray[np.float32]) -> None:
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(embedding), freeze=False, padding_idx=0)
        self.filters = nn.ModuleList(nn.Conv1d(DIMENSIONS, CHANNELS, width, bias=False) for width in WIDTHS)
        self.hidden = nn.Linear(2 * len(WIDTHS) * CHANNELS, UNITS)
        self.out = nn.Linear(UNITS, 1)
        self.drop, self.drop_pieces = nn.Dropout(0.3), nn.Dropout(0.1)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        lengths = (ids > 0).sum(1).clamp(min=1).unsqueeze(1)
        most = max(WIDTHS) - 1
        seen = self.drop_pieces(self.embedding(ids)).transpose(1, 2)
        padded = nn.functional.pad(seen, (most, most))
        best, means = [], []
        for layer in self.filters:
            heard = torch.relu(layer(padded))
            best.append(heard.amax(2))
            means.append(heard.sum(2) / lengths)
        pooled = torch.cat([*best, *means], 1)
        return self.out(self.drop(torch.relu(self.hidden(self.drop(pooled))))).squeeze(1)


def vocabulary(texts: Sequence[str], pieces: Sequence[str], least: int = 3) -> list[str]:
    """Those of the encoder's `pieces` that the texts use often enough, and every single sign among them."""
    numbers = {piece: place for place, piece in enumerate(pieces) if not piece.startswith("[")}
    from monitor.scoring.pieces import split

    used: Counter[int] = Counter()
    words = Counter(word for text in texts for chunk in chunks(text) for word in tokens(chunk))
    for word, count in words.items():
        for number in split(word, {"\x00": 0, "\x01": 1, **numbers}):
            used[number] += count
    kept = [p for p, place in numbers.items() if used[place] >= least or len(p.removeprefix("##")) == 1]
    return ["[PAD]", "[UNK]", *sorted(kept)]


def fit(
    texts: Sequence[str],
    soft: NDArray[np.float32],
    weights: NDArray[np.float32],
    vocab: list[str],
    embedding: NDArray[np.float32],
    *,
    seed: int,
    epochs: int,
    rate: float = 1e-3,
) -> Student:
    torch.manual_seed(seed)
    draw = random.Random(seed)
    pieced = Pieces(blank(vocab)).read(read(list(map(beginning, texts))))
    known = [pieced.of(place) or [1] for place in range(len(texts))]
    student = Student(embedding)
    optimiser = torch.optim.AdamW(student.parameters(), lr=rate, weight_decay=0.01)
    targets, counts = torch.tensor(soft), torch.tensor(weights)
    steps = epochs * (len(texts) // BATCH + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 10, pct_start=0.1)
    student.train()
    for epoch in range(epochs):
        order = list(range(len(known)))
        draw.shuffle(order)
        batches: list[list[int]] = []
        for start in range(0, len(order), BATCH * 40):
            chunk = sorted(order[start : start + BATCH * 40], key=lambda place: len(known[place]))
            batches += [chunk[at : at + BATCH] for at in range(0, len(chunk), BATCH)]
        draw.shuffle(batches)
        losses = []
        for batch in batches:
            longest = max(len(known[place]) for place in batch)
            ids = torch.tensor([known[place] + [0] * (longest - len(known[place])) for place in batch])
            loss = nn.functional.binary_cross_entropy_with_logits(
                student(ids), targets[batch], weight=counts[batch]
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"  student, epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    return student.eval()


def blank(vocab: list[str]) -> Net:
    """A net that only reads."""
    slots = sum(WIDTHS)
    zeros = np.zeros
    return Net(vocab, zeros((len(vocab), 1), np.int8), zeros((1, slots, 1), np.int8), zeros((6, 1), np.int16),
               zeros(1, np.int64), zeros(1, np.int16), 1.0, 0.0)  # fmt: skip


@torch.no_grad()
def rounded(student: Student, vocab: list[str]) -> Net:
    """The student in whole numbers: 8 bits for pieces and filters, 16 for the rest."""
    embedding, e = _whole(student.embedding.weight.numpy(), 127, 0.9999)
    slots = [
        layer.weight.numpy()[:, :, step].T
        for layer in student.filters
        for step in range(layer.kernel_size[0])
    ]
    filters, f = _whole(np.stack(slots, 1), 127, 0.9999)
    pooled = e * f * SHIFT
    hidden, h = _whole(student.hidden.weight.numpy().T, 32_767, 1.0)
    hidden_bias = np.rint(student.hidden.bias.numpy().astype(np.float64) / (pooled * h)).astype(np.int64)
    out, o = _whole(student.out.weight.numpy()[0], 32_767, 1.0)
    scale = pooled * h * SHIFT * o
    return Net(vocab, embedding.astype(np.int8), filters.astype(np.int8), hidden.astype(np.int16), hidden_bias,
               out.astype(np.int16), float(scale), float(student.out.bias[0]))  # fmt: skip


def _whole(values: NDArray[np.float32], most: int, quantile: float) -> tuple[NDArray[np.float64], float]:
    step = float(np.quantile(np.abs(values), quantile)) / most
    return np.clip(np.rint(values / step), -most, most), step


def odds(net: Net, texts: Sequence[str]) -> NDArray[np.float64]:
    return Pieces(net).odds(read(list(map(beginning, texts))))
