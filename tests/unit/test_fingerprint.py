"""What counts as an edit; names that stay the same; text that every database takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, said
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.fingerprint import delivery_id, fingerprint, sound
from monitor.core.model import Author, Rating, Reach, Reply

POST = said("1", "Cold again.", title="A visit", rating=Rating(2))
ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


@pytest.mark.parametrize(
    "edited",
    [
        replace(POST, text="Cold again!"),
        replace(POST, title="A second visit"),
        replace(POST, rating=Rating(1)),
        replace(POST, rating=Rating(2, 10)),
        replace(POST, rating=None),
        replace(POST, text="A visit", title="Cold again."),
    ],
)
def test_words_and_stars_are_what_a_customer_edits(edited: object) -> None:
    assert fingerprint(edited) != fingerprint(POST)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "same",
    [
        replace(POST, reach=Reach(5, 5)),
        replace(POST, reply=Reply("Sorry.")),
        replace(POST, edited=NOW + timedelta(days=1)),
        replace(POST, author=Author("x", "X")),
        replace(POST, url=None),
        replace(POST, rating=Rating(2.0, 5.0)),
    ],
)
def test_what_others_add_is_no_edit(same: object) -> None:
    assert fingerprint(same) == fingerprint(POST)  # type: ignore[arg-type]


def test_a_fingerprint_is_the_same_in_every_release() -> None:
    assert fingerprint(POST) == fingerprint(replace(POST))
    assert fingerprint(said("1", "x")) == "187691133a97ceeb58a9f08eff2b79d0"
    assert delivery_id("console", "k") == "d1680281-a437-5648-af80-b85b7de20443"


@given(ANY_TEXT)
def test_any_text_has_a_fingerprint(text: str) -> None:
    assert len(fingerprint(said("1", text))) == 32


def test_a_delivery_has_one_name_and_no_other_has_it() -> None:
    names = [delivery_id(*pair) for pair in [("a", "b"), ("a", "c"), ("c", "b"), ("ab", ""), ("", "ab")]]
    assert len(set(names)) == len(names)
    assert delivery_id("a", "b") == names[0]


@pytest.mark.parametrize(
    ("text", "mended", "count"),
    [
        ("plain", "plain", 0),
        ("", "", 0),
        ("naïve ☕ 😡", "naïve ☕ 😡", 0),
        ("a\x00b", "a\ufffdb", 1),
        ("é\x00\x00", "é\ufffd\ufffd", 2),
        ("half \ud83d a face \udc00", "half \ufffd a face \ufffd", 2),
        ("\x00\ud800", "\ufffd\ufffd", 2),
        ("was \ufffd before\x00", "was \ufffd before\ufffd", 1),
    ],
)
def test_what_no_database_takes_is_replaced_and_counted(text: str, mended: str, count: int) -> None:
    assert sound(text) == (mended, count)


@given(ANY_TEXT)
def test_sound_text_keeps_its_length_and_is_sound(text: str) -> None:
    mended, count = sound(text)
    mended.encode()
    assert "\x00" not in mended
    assert len(mended) == len(text)
    assert count == sum(a != b for a, b in zip(text, mended, strict=True))
    assert sound(mended) == (mended, 0)
