"""Made-up posts with a fixed seed: everyday words, moods and complaints, of a wanted length."""

from __future__ import annotations

import random


def _words(text: str) -> list[str]:
    return text.split()


PLAIN = _words("""the coffee was and they said we then at shop order table morning staff for with my this that after
before again bag delivery app website account card line phone counter manager day week friend queue seat""")
MOODS = _words(
    """good nice like want hope fun well free hard miss stop strong warm sure no pretty easy cut easy fine"""
)
"""Words that carry a mood for VADER and no grievance: about one in eight words of real posts is one."""
COMPLAINTS = (
    "they promised to call and never called",
    "still waiting for my refund",
    "was on hold for an hour",
    "charged me twice",
    "I asked three times",
    "terrible and slow",
    "so disappointed",
)
PRAISE = (
    "thank you for the quick help",
    "everything was wonderful",
    "would come again!",
    "great and friendly",
    "love it",
)


def post(rng: random.Random, length: int) -> str:
    """About `length` characters. One post in four complains, one in four praises, the rest just talks."""
    tone = rng.choice((COMPLAINTS, PRAISE, PLAIN, PLAIN))
    parts: list[str] = []
    size = 0
    while size < length:
        # a mood word now and then in a long post too: people repeat themselves
        words = tone if not parts or rng.random() < 0.03 else MOODS if rng.random() < 0.12 else PLAIN
        part = rng.choice(words)
        if rng.random() < 0.02:
            part = part.upper()
        if rng.random() < 0.08:
            part += rng.choice((".", "!", ",", "..."))
        parts.append(part)
        size += len(part) + 1
    return " ".join(parts)[:length]


def posts(count: int, length: int, seed: int = 7) -> list[str]:
    rng = random.Random(seed)
    return [post(rng, length) for _ in range(count)]
