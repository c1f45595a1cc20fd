"""Texts in nearly the same words share most of their sketch; other texts share next to nothing."""

from __future__ import annotations

import re

import pytest
from fakes import said

from monitor.collect.ingest import nearly_the_same
from monitor.core.model import Mention
from monitor.core.sketch import READ, SHARED, SMALLEST, compared, sketch_of, words_of

LONG = (
    "The harbour ferry left twenty minutes early, the desk was shut, and our two tickets to Pretend Island "
    "are worth nothing now although we had stood on the pier in time."
)


def shared(one: str, other: str) -> int:
    first, second = sketch_of(said("1", one)), sketch_of(said("2", other))
    assert first is not None and second is not None
    return len(set(first.hashes) & set(second.hashes))


@pytest.mark.parametrize("sign", [*map(chr, range(256)), "\u2028", "\u3000", "ß", "İ"])
def test_words_are_letters_digits_and_underscores_whatever_stands_between(sign: str) -> None:
    text = f"Ab{sign}c_1 {sign}"
    assert words_of(text) == re.findall(r"\w+", text.casefold())


@pytest.mark.parametrize(
    "copy",
    [
        LONG.upper(),
        LONG.replace(",", " ...").replace(".", "!!!"),
        LONG.replace("twenty", "thirty"),
        f"{LONG} Shame.",
        LONG.replace("Pretend Island", "Pretend Islands"),
    ],
)
def test_a_copy_is_found_and_recognised(copy: str) -> None:
    assert shared(LONG, copy) >= SHARED
    assert nearly_the_same(compared(LONG), compared(copy))


@pytest.mark.parametrize(
    "other",
    [
        "The harbour ferry left late again, nobody at the desk knew why, and we missed the last bus to town.",
        "Our two tickets were refunded at the desk within a minute, and the ferry was on time. Well done!",
    ],
)
def test_another_complaint_about_the_same_is_no_copy(other: str) -> None:
    assert shared(LONG, other) == 0
    assert not nearly_the_same(compared(LONG), compared(other))


@pytest.mark.parametrize(
    ("one", "other", "copy"),
    [
        ("order 4711", "order 4712", False),
        ("3 of 40 lamps", "4 of 40 lamps", False),
        ("order 4711", "order 4711 again", True),
        ("order 4711", "order", True),
    ],
)
def test_whose_numbers_differ_is_another_customer(one: str, other: str, copy: bool) -> None:
    texts = [compared(LONG.replace("two tickets", named)) for named in (one, other)]
    assert nearly_the_same(*texts) is nearly_the_same(*reversed(texts)) is copy


@pytest.mark.parametrize(
    "text", ["", "terrible service", "a b c d e f g h i j", "Worst ferry in the whole wide world"]
)
def test_a_short_text_is_never_a_copy(text: str) -> None:
    assert sketch_of(said("1", text)) is None


def test_the_same_text_has_the_same_sketch_everywhere() -> None:
    found = sketch_of(Mention("s", "1", "one two three four five six seven eight nine ten"))
    assert found is not None
    assert found.words == "one two three four five six seven eight nine ten"
    assert found.hashes == (
        1686044096874477615,
        997820199756801471,
        2032994523321110821,
        2944950797064687310,
        2020795507915852079,
        938869886113125131,
        2600146039159009538,
    )


@pytest.mark.parametrize(
    "text", ["\x00\ud800 " * 40 + LONG, "a " * 50_000, "ab" * 200_000, "é\u0301 " * 9_000]
)
def test_any_text_can_be_sketched(text: str) -> None:
    found = sketch_of(said("1", text))
    assert found is None or (len(found.hashes) < SMALLEST and len(found.words) <= 2 * READ)
