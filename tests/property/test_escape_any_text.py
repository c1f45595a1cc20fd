"""Whatever is written: safe to show, within its length, and live nowhere."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from alerts.slack.blocks import Level, render
from alerts.slack.escape import escape, link, literal
from alerts.testing import samples
from alerts.testing.limits import refusal
from alerts.words import clean, line, safe_url, shorten

# `characters()` alone seldom meets what matters; the second part is made of nothing else.
SIGNS = st.sampled_from(
    list("<>&|!@#^*_`~\n\r\t \x00\x1b\x85\u2028\u202e\u2066\u200d\u0301\ufe0f🇪👩🏽\ud83d…é")
)
ANYTHING = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=400), st.text(SIGNS, max_size=400)
)
UNSAFE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]"
)
CALLED = r"<(?!https?://|!date\^\d|@U0ANN>|@U012AB3CD>|!subteam\^S012AB3CD>|#C012AB3C[DE]>)"
"""What is live, but for links, dates, and the people and channels that the settings name."""


@given(ANYTHING, st.integers(1, 300))
def test_clean_is_safe_short_and_needs_no_second_time(text: str, limit: int) -> None:
    safe = clean(text, limit=limit)
    assert not UNSAFE.search(safe)
    assert len(safe) <= limit
    assert clean(safe, limit=limit) == safe
    assert "\n" not in line(text, limit)
    assert len(line(text, limit)) <= limit


@given(ANYTHING, st.integers(1, 300))
def test_shorten_keeps_a_beginning(text: str, limit: int) -> None:
    cut = shorten(text, limit)
    assert len(cut) <= limit
    if cut != text:
        assert cut.endswith("…")
        assert text.startswith(cut.removesuffix("…"))


@given(ANYTHING)
def test_escape_can_be_read_back_and_leaves_nothing_live(text: str) -> None:
    safe = escape(text)
    assert not set("<>") & set(safe)
    assert safe.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text
    assert not re.search(r"&(?!(amp|lt|gt);)", safe)


@given(ANYTHING, ANYTHING)
def test_a_link_is_one_link(url: str, label: str) -> None:
    made = link(f"https://example.com/{url}", label)
    if made.startswith("<"):
        assert re.fullmatch(r"<https://example\.com/[^<>|\s]*\|[^<>|\n]+>", made)
    else:
        assert made == literal(label, 80)


@given(st.one_of(ANYTHING, st.builds("{}://{}".format, st.sampled_from(["http", "https", "ftp"]), ANYTHING)))
def test_a_safe_address_is_plain_and_stays_itself(url: str) -> None:
    safe = safe_url(url)
    if safe is not None:
        assert re.fullmatch(r"https?://[!-~]+", safe)
        assert not set(safe) & set('<>|"\\ ^`{}')
        assert urlsplit(safe).hostname
        assert safe_url(safe) == safe


@given(ANYTHING, ANYTHING, st.sampled_from(Level))
def test_no_words_can_make_a_message_that_is_refused_or_live(words: str, name: str, level: Level) -> None:
    for message in samples.every(words, name, "C0COMPLAINTS"):
        body = render(message, level)
        assert body["text"]
        assert refusal(body["blocks"], body["text"], updating=True) is None
        assert not re.search(CALLED, body["text"] + " ".join(_mrkdwn(body["blocks"])))
        assert len(html.unescape(body["text"])) <= 300


def _mrkdwn(blocks: list[dict[str, object]]) -> list[str]:
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            if value.get("type") == "mrkdwn":
                found.append(value["text"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(blocks)
    return found
