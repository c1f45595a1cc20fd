"""Brand matching over any name and any surroundings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.brand import Brand
from monitor.core.model import Author, Business, Mention

WORD = st.text("abcdefghijklmnopqrstuvwxyzäéß", min_size=2, max_size=8)
NAME = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
EDGE = st.sampled_from([" ", "\n", ".", "!", "(", "“", "'s ", "…", ", ", "-", "\u00a0", "😀"])


def matches(name: str, text: str, **more: tuple[str, ...]) -> bool:
    return Brand(Business(name, **more)).matches(Mention("files", "1", text))  # type: ignore[arg-type]


@given(NAME, EDGE, EDGE, st.sampled_from([str.upper, str.title, str.lower]))
def test_a_name_between_edges_is_found_in_any_case(name: str, before: str, after: str, case: object) -> None:
    assert matches(name, f"queue{before}{case(name)}{after}queue")  # type: ignore[operator]


@given(NAME, st.sampled_from("abcxyz019_é"))
def test_a_name_inside_a_word_is_not_found(name: str, letter: str) -> None:
    assert not matches(name, f"{letter}{name}")
    assert not matches(name, f"{name}{letter}q")


@given(NAME, st.text(max_size=60))
def test_an_excluded_name_is_never_found(name: str, text: str) -> None:
    assert not matches(name, f"{name} {name}", exclude=(name,))


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=200), st.text(max_size=30))
def test_no_text_and_no_setting_breaks_it(name: str, other: str, text: str, author: str) -> None:
    brand = Brand(
        Business(name, aliases=(other,), handles=(other,), exclude=(text,), own_accounts=(name, other))
    )
    mention = Mention("files", "1", text, other, author=Author(author, author, author))
    assert brand.matches(mention) is (brand.reason(mention) is not None)
    brand.own(mention)


@pytest.mark.parametrize(
    "text",
    ["a" * 300_000, "@" * 300_000, "a." * 150_000, "@a" * 150_000, "acme " * 60_000, "a-" * 150_000, "http://" * 40_000,
     "#" * 300_000, "a@" * 150_000, "&" * 100_000, ".@a" * 100_000],
)  # fmt: skip
def test_hostile_text_ends(text: str) -> None:
    """A pattern with quadratic cost would need hours for these, and meet the suite's time limit."""
    assert not matches("Acme Coffee", text, handles=("@acme",), exclude=("acme anvils",))
