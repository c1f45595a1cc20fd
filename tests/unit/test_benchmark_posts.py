"""The posts that benchmarks judge are sentences, about as long as wanted, and as new as real ones."""

from __future__ import annotations

from statistics import mean

import pytest

from benchmarks.texts import posts


@pytest.mark.parametrize("length", [87, 300, 1_600])
def test_posts_are_about_as_long_as_wanted_and_the_same_each_time(length: int) -> None:
    made = posts(400, length, seed=3)
    assert made == posts(400, length, seed=3)
    assert made != posts(400, length, seed=4)
    assert abs(mean(map(len, made)) / length - 1) < 0.07
    assert not any("{" in post or "|" in post or "}" in post for post in made), "a slot was left open"


def test_a_post_has_words_that_no_post_before_it_had() -> None:
    seen: set[str] = set()
    count = 0
    for post in posts(4_000, 87):
        count += len(set(post.split()) - seen)
        seen.update(post.split())
    assert count / 4_000 > 1.5, "what was remembered of earlier posts would help more than in life"
