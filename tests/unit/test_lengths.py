"""How long a reply is, as each place counts."""

from __future__ import annotations

import pytest

from monitor.core.lengths import LIMITS, excess

LINK = "https://acme.example/" + "a" * 100


@pytest.mark.parametrize(
    ("source", "text", "length"),
    [
        ("google", "é" * 2049, 4098),
        ("google", "\ud800" * 1366, 4098),
        ("x", "あ" * 141, 282),
        ("x", f"{LINK} " + "a" * 257, 281),
        ("mastodon", f"{LINK} " + "a" * 477, 501),
        ("bluesky", "e\u0301" * 301, 301),
        ("bluesky", "👩\u200d🚀" * 301, 301),
        ("bluesky", "👍🏽" * 301, 301),
        ("googleplay", "a" * 351, 351),
    ],
)
def test_a_text_is_counted_as_its_place_counts(source: str, text: str, length: int) -> None:
    over = excess(text, source)
    assert over is not None
    assert (over.length, over.limit) == (length, LIMITS[source])
    assert excess(text[: over.start], source) is None


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("x", f"{LINK} " + "a" * 256),
        ("bluesky", "e\u0301" * 300),
        ("google", "é" * 2048),
        ("nowhere", "a" * 99_999),
    ],
)
def test_what_just_fits_fits(source: str, text: str) -> None:
    assert excess(text, source) is None
