"""Whatever is written, a check ends, raises nothing, and points at words that are there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.commitments import as_promised, commitments
from monitor.core.draft import MOST, RULES, check_draft
from monitor.core.lengths import LIMITS
from monitor.core.masking import mask_staff
from monitor.core.playbook import draft
from monitor.core.playbook_file import shipped
from monitor.core.reply import Facts, Form, Promised, plausible_name

WORDS = (
    "we", "I", "you", "will", "'ll", "call", "refund", "by", "Friday", "tomorrow", "at", "3", "5 pm", "31 February",
    "99/99/2026", "within", "999 weeks", "sorry", "if", "should have", "order", "#12345",
    "07700 900123", "(", "[", "{x}",
    "“", '"', "İ", "ß", "\n", ".", "!", "?", "a.m.", "4111 1111 1111 1111",
    "GB82WEST12345698765432", "born on", "\ud800",
    "\u0000", "our", "policy", "in", "²", "٣", "12:99", "0 hours",
)  # fmt: skip
TEXT = st.one_of(
    st.text(max_size=300),
    st.text(st.characters(), max_size=300),
    st.lists(st.sampled_from(WORDS), max_size=60).map(" ".join),
)
ZONES = st.sampled_from(["UTC", "Europe/London", "Pacific/Apia", "America/St_Johns"]).map(ZoneInfo)
NOW = st.datetimes(datetime(1990, 1, 1), datetime(9998, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
PROMISES = st.lists(st.builds(Promised, TEXT, st.one_of(st.none(), NOW)), max_size=2).map(tuple)
FACTS = st.builds(
    Facts,
    business=TEXT,
    source=st.sampled_from(["", *LIMITS]),
    form=st.sampled_from(list(Form)),
    customer=TEXT,
    place=TEXT,
    expectation=st.sampled_from(["", "nothing", *shipped().books]),
    signals=st.frozensets(st.sampled_from(["safety", "rude", "price", "vulnerable"])),
    language=st.one_of(st.none(), st.just("fr")),
    author=TEXT,
    authority=TEXT,
    promises=PROMISES,
    now=NOW,
    zone=ZONES,
)


@given(TEXT, FACTS)
def test_findings_point_at_words_that_are_there(text: str, facts: Facts) -> None:
    findings = check_draft(text, facts)
    assert len(findings) <= MOST
    assert [one.start for one in findings] == sorted(one.start for one in findings)
    for one in findings:
        assert 0 <= one.start <= one.end <= len(text)
        assert one.words == text[one.start : one.end]
        assert one.rule in RULES
        assert one.why
        assert one.instead


@given(TEXT, FACTS)
def test_a_due_time_that_is_read_lies_ahead(text: str, facts: Facts) -> None:
    for one in commitments(text, facts):
        assert one.promised.due is None or facts.now < one.promised.due
        assert 0 <= one.start < one.end <= len(text)


@given(FACTS)
def test_a_starting_text_is_always_whole(facts: Facts) -> None:
    made = draft(facts, shipped())
    assert made.text
    assert all(made.steps[index][1] for index in range(3))


@given(TEXT, st.lists(TEXT, max_size=5))
def test_masking_leaves_no_name_as_it_was(text: str, names: list[str]) -> None:
    masked = mask_staff(text, names)
    assert len(masked) <= len(text) + masked.count("…")
    if not any(name.strip() for name in names):
        assert masked == text


@given(TEXT)
def test_names_and_promises_of_any_kind_are_taken(text: str) -> None:
    assert plausible_name(text) in ("", " ".join(text.split()))
    assert len(as_promised(text)) <= 80


HOSTILE = (
    "a", ".", "!", "1", "1 ", "you should have ", "4111 1111 1111 1111 ", "\ud800", "A A ", "AAA ", "((((", "[",
    "{", "<a", "“",
    '"', "we will ", "call you at ", "gb82west1234", "gb82 w1 ", "a@a.", "x@a-.", "12 a b c ",
    "order #", "born on ", "-", "by ",
    "the next ", "\n", "İ", "calle a a a ", "please ", "i have ", "our aaaa ",
    "a'", "thank you for ", "?x", ". ", "...x", "12.",
    "http://", "will be ", "is ", "you will have ", "and then call ", "5 p.m. ", "_", "%s", "insert your ", "X",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_ten_thousand_hostile_characters_are_taken(piece: str) -> None:
    facts = Facts("Acme Coffee", source="x", now=datetime(2026, 11, 24, tzinfo=UTC))
    text = (piece * 10_000)[:10_000]
    findings = check_draft(text, facts)
    assert all(one.words == text[one.start : one.end] for one in findings)
    mask_staff(text, [text[:40], "a a", "1"])


def test_the_end_of_the_calendar_is_no_end_of_the_check() -> None:
    facts = Facts("Acme Coffee", now=datetime.max.replace(tzinfo=UTC) - timedelta(days=1))
    for text in (
        "I will call you within 999 weeks.",
        "I will call you tomorrow.",
        "I will call you in 3 hours.",
        "Call by Friday.",
    ):
        assert isinstance(check_draft(text, facts), list)
