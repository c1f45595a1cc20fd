"""Made-up posts with a fixed seed: everyday words, moods and complaints, of a wanted length."""

from __future__ import annotations

import random


def _words(text: str) -> list[str]:
    return text.split()


PLAIN = _words("""the coffee was and they said we then at shop order table morning staff for with my this that after
before again bag delivery app website account card line phone counter manager day week friend queue seat""")
MOODS = _words("""great terrible love hate slow rude friendly awful delicious cold late angry happy broken nice worst
best disappointed thanks wonderful horrible never but not really very extremely so""")
PHRASES = (
    "they promised to call and never called",
    "still waiting for my refund",
    "thank you for the quick help",
    "was on hold for an hour",
    "charged me twice",
    "I asked three times",
    "everything was fine",
    "would come again!",
    "is it open on Sunday?",
)


def post(rng: random.Random, length: int) -> str:
    """About `length` characters."""
    parts: list[str] = []
    size = 0
    while size < length:
        roll = rng.random()
        part = rng.choice(PHRASES) if roll < 0.015 else rng.choice(MOODS if roll < 0.15 else PLAIN)
        if rng.random() < 0.03:
            part = part.upper()
        if rng.random() < 0.08:
            part += rng.choice((".", "!", ",", "..."))
        parts.append(part)
        size += len(part) + 1
    return " ".join(parts)[:length]


def posts(count: int, length: int, seed: int = 7) -> list[str]:
    rng = random.Random(seed)
    return [post(rng, length) for _ in range(count)]
