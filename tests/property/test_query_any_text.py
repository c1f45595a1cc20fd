"""The query language over any query and any post."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Author, Mention
from monitor.core.query import QueryError, parse

ATOMS = [
    "AND",
    "OR",
    "NOT",
    "NEAR",
    "NEAR/3",
    "(",
    ")",
    "-",
    "*",
    '"',
    "“",
    "&",
    "'",
    "a",
    "b",
    "a*",
    "#a",
    "@a",
    "@a@b.example",
    "author:",
    "title:a",
    "stars:<=2",
    "stars:",
    "url:a.example",
    "lang:en",
    "x:",
    "アク",
    "é",
    "\u0300",
]
SAID = st.lists(st.sampled_from(["a", "b", "c", "\n", "#a", "@a", "a's", "!"]), max_size=12).map(" ".join)
WORD = st.sampled_from(["a", "b", "c", '"a b"', "a*", "#a", "@a", "title:a"])
SENTENCE = st.recursive(
    WORD,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(" ".join).map("({})".format),
        inner.map("(* NOT {})".format),
    ),
    max_leaves=8,
)


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(ATOMS), max_size=14).map(" ".join),
                 st.lists(st.sampled_from(ATOMS), max_size=14).map("".join)), st.text(max_size=60))  # fmt: skip
def test_any_text_is_a_query_or_a_fault_in_one_place(text: str, words: str) -> None:
    try:
        query = parse(text)
    except QueryError as fault:
        assert 0 <= fault.at <= len(text)
        assert fault.told and fault.remedy
    else:
        mention = Mention("files", "1", words, text[:20], author=Author(words[:9], words, words), url=words)
        assert query.matches(mention) is (query.reason(mention) is not None)
        assert str(parse(str(query))) == str(query)


@given(SENTENCE, SENTENCE, SAID)
def test_the_operators_are_those_of_logic(one: str, other: str, words: str) -> None:
    def holds(text: str) -> bool:
        return parse(text).matches(Mention("files", "1", words, "a title"))

    assert holds(f"{one} AND {other}") is holds(f"{one} {other}") is (holds(one) and holds(other))
    assert holds(f"{one} OR {other}") is (holds(one) or holds(other))
    assert holds(f"* NOT {one}") is (not holds(one))
    assert holds(f"* -{one}") is (not holds(one))


@given(st.lists(st.sampled_from("abc"), max_size=12), st.integers(1, 6))
def test_near_is_what_counting_by_hand_gives(words: list[str], distance: int) -> None:
    by_hand = any(
        {one, other} == {"a", "b"} and abs(i - j) <= distance
        for i, one in enumerate(words)
        for j, other in enumerate(words)
    )
    assert parse(f"a NEAR/{distance} b").matches(Mention("files", "1", " ".join(words))) is by_hand


@pytest.mark.parametrize(
    "text",
    ["(" * 4000, "((((a" * 800, "-" * 4000, "- " * 2000, "NOT " * 1000, '"' * 4000, "a OR " * 800, "a NEAR " * 500,
     "author:" * 570, "*" * 4000, "a*" * 2000, "a' " * 1300, "@a.-" * 1000, "#" * 4000, "url:" + "a." * 1900,
     "(" * 10_000_000],
    ids=lambda text: text[:9],
)  # fmt: skip
def test_a_hostile_query_ends(text: str) -> None:
    with suppress(QueryError):
        parse(text).matches(Mention("files", "1", "a b"))


QUERY = parse(
    '"a a a a a zz" OR a NEAR/100 zz OR (a OR aa*) NEAR zz* OR #b* OR @b* OR "アアア zz" OR author:zz* OR title:zz'
)
"""Its words are there as letters, or the text would not even be counted, but never as words."""


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "a " * 150_000, "@a" * 150_000, "#a" * 150_000, "a'" * 150_000, "'" * 300_000, "a.a@" * 70_000,
     "ア" * 300_000, "アa" * 150_000, "\n" * 300_000, "http://" * 40_000, "&" * 100_000, "aa" + "\u0300" * 300_000,
     " ".join(f"aa{n}" for n in range(50_000))],
    ids=lambda text: text[:9].strip(),
)  # fmt: skip
def test_a_hostile_text_ends(text: str) -> None:
    """A quadratic cost would need hours for these, and meet the suite's time limit."""
    assert not QUERY.matches(Mention("files", "1", f"{text} azz", f"{text} azz", author=Author(text, text)))
