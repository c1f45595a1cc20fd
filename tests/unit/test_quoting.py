"""Words that a list has room for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.testing import samples
from monitor.core.model import Evidence, Heard
from monitor.core.quoting import DOTS, quote


def heard(words: str, place: str = "", *, complaint: bool = True) -> Heard:
    one = samples.heard(words)
    at = words.find(place)
    told = (Evidence("respect", place, at, at + len(place)),) if place else ()
    verdict = replace(one.verdict, is_complaint=complaint, expectations=told, evidence=())
    return replace(one, verdict=verdict)


def test_a_short_post_is_told_whole() -> None:
    assert quote(heard(" It came cold.\n")) == "It came cold."
    assert quote(heard("")) == ""


def test_a_long_one_from_the_sentence_that_tells_what_was_broken() -> None:
    long = "We came at noon. " * 20 + "Then the waiter laughed at my mother. " + "We left at one. " * 20
    told = quote(heard(long, "laughed"))
    assert told.startswith(f"{DOTS}Then the waiter laughed at my mother. We left")
    assert told.endswith(DOTS)
    assert quote(heard(long)).startswith("We came at noon. We came")


def test_without_sentences_it_begins_at_a_word() -> None:
    long = "word " * 200 + "awful " + "word " * 200
    told = quote(heard(long, "awful"))
    assert "awful" in told
    assert set(told.strip(DOTS).split()) == {"word", "awful"}


@given(st.text(max_size=900), st.integers(0, 900), st.booleans())
def test_it_never_is_longer_than_its_room(words: str, place: int, complaint: bool) -> None:
    one = heard(words)
    told = (Evidence("respect", "x", place, place + 1),)
    one = replace(one, verdict=replace(one.verdict, is_complaint=complaint, expectations=told))
    found = quote(one, 100)
    assert len(found) <= 102
    assert found.strip(DOTS) in words


@pytest.mark.parametrize("end", ["the end", "the end."])
def test_words_at_the_very_end_are_shown(end: str) -> None:
    assert quote(heard("word " * 200 + end, "the end")).endswith(end)
