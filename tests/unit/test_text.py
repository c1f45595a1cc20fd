"""Words, moments and addresses as the web writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.text import instant, language_code, links, plain, rebase, shown, web_address


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("", ""),
        ("just words", "just words"),
        ("two\nlines", "two\nlines"),
        ("a &lt;b&gt; &amp; &#x27;c&#x27;", "a <b> & 'c'"),
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One.</p>\n\n  <p>Two.</p>", "One.\n\nTwo."),
        ("One<br>two<br/>three<br><br>four", "One\ntwo\nthree\n\nfour"),
        ("One\n   <b>bold</b>\tword", "One bold word"),
        ("<div><div>a</div></div><div>b</div>", "a\nb"),
        ("<ul><li>a</li><li>b</li></ul>after", "a\nb\n\nafter"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<pre>a\nb</pre>", "a\nb"),
        ("a<script>alert('x')</script><style>b{}</style>c", "ac"),
        ("a <!-- hidden --> b", "a b"),
        ("I <3 you, 1 < 2 and 3 > 2", "I <3 you, 1 < 2 and 3 > 2"),
        ("<b>never closed", "never closed"),
        ("</p>closed first", "closed first"),
        ("a&nbsp;&nbsp;b <i>c</i>", "a b c"),
        ("<p>lone \ud800 half</p>", "lone \ufffd half"),
        ("<p title='a>b'>c</p>", "c"),
        ("<img src=x onerror=alert(1)>words", "words"),
        (
            '<p>see <a href="https://x.example/long/way"><span class="invisible">https://</span>'
            '<span class="ellipsis">x.example/lo</span><span class="invisible">ng/way</span></a> ok</p>',
            "see x.example/lo… ok",
        ),
        ('<p class="quote-inline">RE: <a href="x">x</a></p><p>Mine.</p>', "Mine."),
        ('<p><span class="h-card"><a href="x">@<span>acme</span></a></span> cold</p>', "@acme cold"),
    ],
)
def test_html_becomes_what_a_reader_sees(html: str, words: str) -> None:
    assert plain(html) == words


BOMBS = {
    "deep": "<div>" * 200_000,
    "rebuilt formatting": "".join(f"<b x{number}><p>" for number in range(80_000)),
    "formatting before paragraphs": "".join(f"<i x{number}>" for number in range(100)) + "<p>" * 300_000,
    "ends without beginnings": "<span>" * 80_000 + "</x>" * 80_000,
    "scopes": "<span>" * 50_000 + "<p></p>" * 80_000,
    "just signs": "<" * 1_000_000,
    "ampersands": "&" * 1_000_000,
    "begun tags": "<a " * 300_000,
    "scripts": "<script" * 140_000,
    "quotes": "<a b='" * 160_000,
    "blanks": " \n" * 500_000,
    "breaks": "<br>" * 250_000,
    "comments": "<!--" * 250_000,
    "words": "<p>" + "cold cup " * 110_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
@pytest.mark.timeout(20)
def test_a_megabyte_made_to_hold_us_up_does_not(bomb: str) -> None:
    assert isinstance(plain(BOMBS[bomb]), str)


def test_with_too_many_tags_the_words_still_come_out() -> None:
    html = "<p>One<script>no</script></p>" + "<b>x</b><br>" * 4000 + "&amp; <p>two</p>"
    words = plain(html)
    assert words.startswith("One\nx\nx\n")
    assert words.endswith("& \ntwo".replace(" \n", "\n"))
    assert "no" not in words


@given(st.text(alphabet=st.sampled_from("<>/=&;#'\" \nabpdivscrt!-[]"), max_size=80) | st.text(max_size=80))
def test_nothing_at_all_makes_it_fail(html: str) -> None:
    assert isinstance(plain(html), str)


@given(st.text(max_size=200).filter(lambda text: not set("<&") & set(text)))
def test_text_without_tags_keeps_its_words(text: str) -> None:
    assert plain(text).split() == text.split()


NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-22T12:00:00Z",
        "2026-11-22T13:00:00+01:00",
        "2026-11-22 12:00:00 +0000",
        "2026-11-22 12:00:00 UTC",
        "2026-11-22T12:00:00",
        "2026-11-22T12:00:00.000000000Z",
        "Sun, 22 Nov 2026 12:00:00 GMT",
        "Sun, 22 Nov 2026 07:00:00 EST",
        "22 Nov 2026 14:00 +0200",
        1795348800,
        1795348800.0,
        "1795348800",
        "1795348800000",
        1795348800000000,
        NOON.replace(tzinfo=None),
    ],
)
def test_a_moment_is_read_in_every_form(value: Any) -> None:
    assert instant(value) == NOON
    assert (instant(value) or datetime.min).tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "soon", "12:00", "2026-13-01T00:00:00Z", "Mon, 99 Foo 2026", float("nan"), float("inf"), 1e300,
        10**400, "9" * 40, [], {}, b"2026-11-22", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00",
        "Fri, 31 Dec 9999 23:59:59 -1400", "x" * 1_000_000,
    ],
)  # fmt: skip
def test_what_is_no_moment_is_none(value: Any) -> None:
    assert instant(value) is None


@given(st.text(max_size=40) | st.integers() | st.floats() | st.booleans() | st.none())
def test_a_moment_is_in_utc_or_none(value: Any) -> None:
    found = instant(value)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    ("value", "due"),
    [("en", "en"), ("en-US", "en"), ("EN_us", "en"), ("zh-Hant-TW", "zh"), ("", None), ("eng", None), ("x", None),
     ("en us", None), (None, None), (5, None), ("é1", None)],
)  # fmt: skip
def test_a_language_is_two_letters(value: object, due: str | None) -> None:
    assert language_code(value) == due


def test_links_are_known_by_what_they_lead_to() -> None:
    header = '<https://x.example/a?b=1,2;c>; rel="next", <https://x.example/z>; title="a"; rel=prev, <bad>'
    assert links(header) == {"next": "https://x.example/a?b=1,2;c", "prev": "https://x.example/z"}
    assert links("") == {}
    assert links("<" * 100_000) == {}
    assert links('<https://x.example/1>; rel="next last"')["last"] == "https://x.example/1"


@pytest.mark.parametrize(
    ("url", "base", "due"),
    [
        ("https://m.example/api?max=1#x", "http://127.0.0.1:9", "http://127.0.0.1:9/api?max=1"),
        ("https://m.example/api?max=1", "http://proxy/m/", "http://proxy/m/api?max=1"),
        ("http://proxy/m/api?max=1", "http://proxy/m", "http://proxy/m/api?max=1"),
        ("/api?x=1", "http://h/", "http://h/api?x=1"),
        ("?x=1", "http://h", "http://h/?x=1"),
        ("//evil.example/api", "https://h", "https://h/api"),
        ("http://[bad", "https://h", "https://h"),
        ("https://m.example", "https://h", "https://h/"),
    ],
)
def test_a_link_is_followed_where_we_reach_its_server(url: str, base: str, due: str) -> None:
    assert rebase(url, base) == due


@pytest.mark.parametrize(
    ("url", "due"),
    [
        ("https://x.example/a", "https://x.example/a"),
        ("/a", "https://base.example/a"),
        ("//other.example/a", "https://other.example/a"),
        ("javascript:alert(1)", None),
        ("mailto:fred@mail.example", None),
        ("tag:x.example,2026:1", None),
        ("http://[bad", None),
        ("", None),
        (None, None),
        (5, None),
        ("https://" + "x" * 5000, None),
    ],
)
def test_only_web_addresses_are_links(url: object, due: str | None) -> None:
    assert web_address(url, "https://base.example/feed/") == due


@pytest.mark.parametrize(
    ("url", "due"),
    [
        ("https://fred:SECRET@x.example:8080/a?key=SECRET#SECRET", "https://x.example:8080/a?…"),
        ("http://[::1]/a", "http://[::1]/a"),
        ("http://x.example/\u202e\x07a", "http://x.example/��a"),
        ("http://[bad?key=SECRET", "(an address that cannot be read)"),
        ("http://a:b@[bad", "(an address that cannot be read)"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, due: str) -> None:
    assert shown(url) == due
    assert len(shown(url + "x" * 1000)) <= 200
