"""Foreign words lose what is live, unseen or endless, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from alerts.slack.escape import date, escape, link, literal
from alerts.testing.samples import HOSTILE
from alerts.words import clean, flat, line, safe_url, shorten


@pytest.mark.parametrize(
    ("raw", "safe"),
    [
        ("plain words, ÄÖÜ and 日本語", "plain words, ÄÖÜ and 日本語"),
        ("a\x00b\x07c\x1b[2J\x7fd\x9be", "abc[2Jde"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("safe \u202egnp.exe\u202c\u2066x\u2069\u200f", "safe gnp.exex"),
        ("half \ud83d a face", "half \ufffd a face"),
        ("z\u200be\u2060r\ufeffo\u00ad", "zero"),
        ("tags\U000e0041\U000e0042", "tags"),
        ("family 👨‍👩‍👧 and ❤️ stay", "family 👨‍👩‍👧 and ❤️ stay"),
        ("می‌خواهم", "می‌خواهم"),
        ("Z" + "\u0336" * 500 + "x", "Z" + "\u0336" * 4 + "x"),
        ("  around  ", "around"),
        ("\x00\u202e", ""),
    ],
)
def test_clean(raw: str, safe: str) -> None:
    assert clean(raw, limit=600) == safe


def test_clean_caps_lines_and_says_so() -> None:
    assert clean("\n".join("abcdefgh"), limit=600, lines=3) == "a\nb\nc …"


def test_what_lies_beyond_the_looked_at_part_is_marked_as_cut() -> None:
    assert clean("\x00" * 60_000 + "unseen", limit=600) == "…"


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("short", 10, "short"),
        ("exactly ten", 11, "exactly ten"),
        ("the quick brown fox jumps", 20, "the quick brown fox…"),
        ("x" * 20, 10, "x" * 9 + "…"),
        ("abcdefgh 👩🏽‍🚒", 12, "abcdefgh…"),
        ("ab e\u0301\u0301\u0301", 5, "ab…"),
        ("🇪🇪🇪🇪🇪🇪", 4, "🇪🇪…"),
        ("already cut… and more", 14, "already cut…"),
    ],
)
def test_shorten_cuts_between_words_and_never_inside_a_sign(text: str, limit: int, cut: str) -> None:
    assert shorten(text, limit) == cut


def test_line_is_one_line() -> None:
    assert line(" a\n\nb\t c ", 20) == "a b c"


def test_flat_shows_where_lines_ended() -> None:
    assert flat(" a title \n\n its\ttext \r\n ", 60) == "a title / its text"
    assert flat("one\ntwo three four", 12) == "one / two…"


def test_escape_is_done_once() -> None:
    assert escape("a & b < c > d &amp;") == "a &amp; b &lt; c &gt; d &amp;amp;"
    assert escape("<!channel>") == "&lt;!channel&gt;"


def test_literal_cuts_before_it_escapes() -> None:
    assert literal("&" * 50, 10) == "&amp;" * 9 + "…"


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/a?b=c&d=e#f", "https://example.com/a?b=c&d=e#f"),
        (" https://example.com/ ", "https://example.com/"),
        ("HTTP://Example.COM:8080/x", "http://example.com:8080/x"),
        ('https://example.com/a b<c>|d"e', "https://example.com/a%20b%3Cc%3E%7Cd%22e"),
        ("https://example.com/%7C", "https://example.com/%7C"),
        ("https://example.com/\u202egnp", "https://example.com/%E2%80%AEgnp"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443/x"),
        ("https://example.com/\ud83d", "https://example.com/%EF%BF%BD"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@example.com", None),
        ("//example.com/x", None),
        ("/relative", None),
        ("https://bank.example@evil.example/", None),
        ("https://user:pw@evil.example/", None),
        ("https://evil\u0000.example/", None),
        ("https://example.com/a\nb", None),
        ("https://exa<mple.com/", None),
        ("https://exa|mple.com/", None),
        ("https://[half/", None),
        ("https://example.com:port/", None),
        ("https://" + "a" * 300 + ".example/", None),
        ("https://example.com/" + "x" * 3_000, None),
        ("https://example.com/" + "ä" * 900, None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_safe_url(url: str | None, safe: str | None) -> None:
    assert safe_url(url) == safe


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (":white_check_mark: Recovered", "∶white_check_mark: Recovered"),
        ("a:b:c", "a∶b:c"),
        ("*Fred* ~no~ `x`", "∗Fred∗ ∼no∼ ˋxˋ"),
        ("at 10:30, fred_1985", "at 10:30, fred_1985"),
    ],
)
def test_a_name_cannot_pass_for_our_own_signs(name: str, shown: str) -> None:
    assert literal(name, 60) == shown


def test_link_never_lets_a_label_or_an_address_break_out() -> None:
    assert (
        link("https://example.com/?a=1&b=2", "Fred|<x>")
        == "<https://example.com/?a=1&amp;b=2|Fred¦&lt;x&gt;>"
    )
    assert link("javascript:x", "Fred") == "Fred"
    assert link("https://example.com/", "\x00") == ""


def test_date_has_a_fallback_without_marks_of_its_own() -> None:
    at = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    assert date(at, "2 Mar|^<") == f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|2 Mar  &lt;>"


@pytest.mark.parametrize("attempt", HOSTILE)
def test_nothing_hostile_survives_cleaning(attempt: str) -> None:
    safe = clean(HOSTILE[attempt], limit=600)
    assert len(safe) <= 600
    assert safe.count("\n") <= 12
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", safe)
    assert not re.search(r"[\u0300-\u036f\u0489]{5}", safe)
    safe.encode("utf-8")
