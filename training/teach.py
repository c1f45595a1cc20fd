"""From the pretrained encoder to opinions on every text, and to what the student's pieces mean at the start."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training import pieces, teacher
from training.rows import Row

REPEATED = 6_000
"""Rows of the sets that are seen again beside the own text, so that they are not forgotten."""


@dataclass(frozen=True, slots=True)
class Taught:
    soft: NDArray[np.float32]
    """How likely each text is a complaint, 0 to 1."""
    pieces: list[str]
    embedding: NDArray[np.float32]


def teach(encoder: Path, sets: Sequence[Row], own: Sequence[Row], texts: Sequence[str], seed: int) -> Taught:
    """First the sets, then the own text beside some of the sets."""
    vocab = pieces.vocabulary(texts, (encoder / "vocab.txt").read_text("utf-8").split("\n"))
    model = teacher.Teacher(encoder)
    teacher.tune(model, sets, rate=6e-5, epochs=2, seed=seed)
    seen_again = random.Random(seed).sample(list(sets), min(REPEATED, len(sets)))
    teacher.tune(model, [*own, *seen_again], rate=4e-5, epochs=2, seed=seed)
    odds = teacher.judged(model, texts)
    return Taught(1 / (1 + np.exp(-odds)), vocab, meanings(model, vocab))


@torch.no_grad()
def meanings(model: teacher.Teacher, vocab: Sequence[str]) -> NDArray[np.float32]:
    """Each piece read by itself, reduced to the directions in which pieces differ most."""
    model.eval()
    numbers = model.tokenizer.convert_tokens_to_ids(list(vocab))
    begin, end = model.tokenizer.cls_token_id, model.tokenizer.sep_token_id
    given = torch.tensor([[begin, number, end] for number in numbers])
    read = [model.encoder(some).last_hidden_state[:, 1].float().numpy() for some in given.split(256)]
    hidden = np.concatenate(read)
    hidden -= hidden.mean(0)
    _, _, directions = np.linalg.svd(hidden, full_matrices=False)
    reduced = hidden @ directions[: pieces.DIMENSIONS].T
    reduced *= 0.1 / reduced.std()
    reduced[0] = 0
    return reduced.astype(np.float32)
