from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from alerts.markdown import linked, literal, markdown_of
from alerts.testing.digests import DAY, FIRST, HOSTILE, QUIET, SAMPLES, WEEK, hostile, many
from alerts.words import flat

PARSER = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def tokens(text: str) -> Iterator[Token]:
    for token in PARSER.parse(text):
        yield token
        yield from token.children or ()


def shown(text: str) -> str:
    return "".join(token.content for token in tokens(text) if token.type == "text").replace("\u200b", "")


@given(st.text())
def test_any_line_of_words_comes_out_as_it_went_in(words: str) -> None:
    said = flat(words, 300)
    inside = list(tokens(f"- {literal(said)}"))
    assert {token.type for token in inside if token.type != "text" and "list" not in token.type} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
    }
    assert shown(f"- {literal(said)}") == said.replace("\u200b", "")


@pytest.mark.parametrize(
    "words",
    [
        "1. first",
        "- item",
        "+ item",
        "=== underlined",
        "# heading",
        "> quote",
        "```code```",
        "| a | b |",
        "<b>bold</b>",
        "![x](https://evil.example/x.png)",
        "&lt;b&gt;",
        "~~gone~~",
        HOSTILE,
    ],
)
def test_nothing_in_a_quotation_is_live(words: str) -> None:
    said = flat(words, 300)
    text = f"> {literal(said)}\n"
    kinds = {token.type for token in tokens(text)}
    assert kinds <= {
        "blockquote_open",
        "blockquote_close",
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
    }
    assert shown(text) == said


def test_addresses_in_words_do_not_become_links_and_nobody_is_called() -> None:
    words = literal("see https://evil.example/x, www.evil.example or @dana")
    assert "https://" not in words
    assert "www." not in words
    assert "@dana" not in words


def test_only_safe_addresses_are_linked() -> None:
    assert linked("Ann", "javascript:alert(1)") == "Ann"
    assert linked("Ann", "https://reviews.example/(1)") == "[Ann](https://reviews.example/%281%29)"


@pytest.mark.parametrize("name", SAMPLES)
def test_a_digest_has_no_html_and_only_its_own_headings(name: str) -> None:
    text = markdown_of(SAMPLES[name]())
    found = list(tokens(text))
    assert not [
        token for token in found if "html" in token.type or token.type in ("image", "code_block", "fence")
    ]
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert all(
        link.startswith(("https://reviews.example/", "https://pretend.slack.example/")) for link in links
    )
    headings = [found[at + 1].content for at, token in enumerate(found) if token.type == "heading_open"]
    assert all(heading[0].isupper() or heading.startswith("\\<") for heading in headings)
    assert text.endswith("\n")


def test_the_whole_story_is_told() -> None:
    text = markdown_of(WEEK)
    for title in (
        "Call first (9)",
        "Promises (2)",
        "Came back (6)",
        "Thanks (12)",
        "Incidents (1)",
        "New complaints (31)",
        "Lost (2)",
        "What we broke",
        "Numbers",
        "Places",
        "What won people back",
        "Listened to",
    ):
        assert f"## {title}\n" in text
    assert "Cold soup, and the waiter shrugged." in text
    assert "They wrote to me, said sorry and meant it." in text
    assert "6 of 8 (few data)" in text
    assert "failing since" in text


def test_tables_are_tables() -> None:
    assert sum(token.type == "table_open" for token in tokens(markdown_of(WEEK))) == 4
    assert sum(token.type == "table_open" for token in tokens(markdown_of(DAY))) == 3


def test_a_quiet_day_says_that_all_was_heard() -> None:
    assert "Everything was heard: all 5 feeds." in markdown_of(QUIET)
    assert "##" in markdown_of(QUIET)
    assert "run --once" in markdown_of(FIRST)


def test_a_crowd_is_cut_and_counted() -> None:
    text = markdown_of(many(5_000))
    assert "- and 4,950 more" in text
    assert len(text) < 60_000


def test_hostile_words_stay_on_their_line() -> None:
    text = markdown_of(hostile())
    assert "\x1b" not in text
    assert "\u202e" not in text
