"""The digest as the text of a file: what stands in it and where, read back by a parser of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.html import charts
from alerts.html.charts import Column, bar, columns, interval, scale, short
from alerts.html.report import MOST_WAITING, QUOTE, QUOTE_LINES, SHOWN, report_of
from alerts.testing.digests import DAY, FIRST, NUTS, ONE, PETRA, QUIET, SAMPLES, WEEK, many
from alerts.words import clean, line
from monitor.core.digest import Length, Thanks, Waiting


class Reading(HTMLParser):
    """Tags with their attributes, and the words of each quotation."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.quotes: list[str] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open.append(tag)
        if tag == "blockquote":
            self.quotes.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "blockquote" in self._open and "span" not in self._open:
            self.quotes[-1] += data
        if "style" not in self._open:
            self.words += data

    @property
    def headings(self) -> list[str]:
        return [str(attributes["id"]) for tag, attributes in self.tags if tag == "h2"]


def test_people_come_before_numbers() -> None:
    assert Reading(report_of(WEEK)).headings == [
        "waiting",
        "promises",
        "returned",
        "thanks",
        "complaints",
        "broken",
        "lost",
        "incidents",
        "numbers",
        "places",
        "recovering",
        "coverage",
    ]
    assert "recovering" not in Reading(report_of(DAY)).headings


def test_the_first_lines_say_whom_to_call_and_what_is_bad() -> None:
    words = Reading(report_of(DAY)).words
    told = (
        "9 people wait for a first answer; call Invented Ines first.",
        "2 promises are due, 1 of them overdue.",
        "An incident goes on: Late deliveries in Harbour Street (11 cases).",
        "6 customers came back.",
        "34 new complaints: more than usual for a Tuesday (usually 12 to 27).",
        "Not everything was heard: reviews-fr (failing), blog (silent).",
    )
    at = [words.index(sentence) for sentence in told]
    assert at == sorted(at) and at[-1] < words.index("Whom to call first")


def test_a_quiet_day_was_quiet_and_heard() -> None:
    page = Reading(report_of(QUIET))
    assert page.headings == ["coverage"]
    assert "A quiet day: nobody wrote, nobody waits, and no promise is due." in page.words
    assert "Everything was heard: all 5 feeds." in page.words


def test_before_anything_was_read_it_says_what_to_do() -> None:
    page = Reading(report_of(FIRST))
    assert page.headings == ["begin"]
    assert "complaint-monitor run --once" in page.words and "quiet" not in page.words


def test_few_are_told_as_few() -> None:
    words = Reading(report_of(ONE)).words
    assert "1 of 1 (few data)" in words
    assert "100%" not in words


def test_each_complaint_has_an_anchor_of_its_own_though_a_customer_wrote_twice() -> None:
    digest = replace(DAY, complaints=(PETRA, NUTS, PETRA), complaints_total=3)
    anchors = [
        attributes["id"]
        for tag, attributes in Reading(report_of(digest)).tags
        if tag == "li" and "id" in attributes
    ]
    assert anchors == ["case-40", "case-31", "case-31-2"]


def test_the_field_of_the_usual_is_explained_where_there_is_one() -> None:
    assert Reading(report_of(DAY)).words.count("The broad field is what is usual for a Tuesday.") == 3
    assert "The broad field" not in Reading(report_of(ONE)).words


def test_what_is_not_listed_is_counted() -> None:
    assert "and 28 more complaints, not listed here" in Reading(report_of(DAY)).words
    assert (
        "not listed here"
        not in Reading(report_of(replace(QUIET, waiting=DAY.waiting, waiting_total=3))).words
    )


def test_long_lists_are_folded_and_whole() -> None:
    page = Reading(report_of(many(400)))
    assert page.quotes.count("") == 0
    assert (
        sum(
            attributes.get("id", "").startswith("case-")
            for _, attributes in page.tags
            if attributes.get("id")
        )
        == 400
    )
    assert f"{100 - SHOWN} more complaints, critical" in page.words
    assert f"{400 - MOST_WAITING} more, in short" in page.words


def test_links_lead_only_to_web_addresses() -> None:
    crooked = [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//evil.example/",
        "https://bank.example@evil.example/",
        'https://fine.example/"onmouseover="x',
    ]
    people = tuple(replace(PETRA, case_id=i, url=url, link=url) for i, url in enumerate(crooked))
    digest = replace(
        DAY,
        complaints=people,
        waiting=tuple(Waiting(one, 1.0, None) for one in people),
        thanks=tuple(Thanks("", "rss", "blog", "Nice.", PETRA.said, url) for url in crooked),
        troubles=tuple(replace(DAY.troubles[0], link=url) for url in crooked),
    )
    page = Reading(report_of(digest))
    away = [found for tag, found in page.tags if tag == "a" and not str(found["href"]).startswith("#")]
    assert {found["href"] for found in away if "fine" in str(found["href"])} == {
        "https://fine.example/%22onmouseover=%22x"
    }
    assert not [found for found in away if "evil" in str(found["href"]) or "alert" in str(found["href"])]
    assert {found["rel"] for found in away} == {"noopener noreferrer nofollow"}
    assert {name for found in away for name in found} == {"href", "rel"}


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_whatever_customers_write_is_read_back_as_their_words(words: str) -> None:
    who = replace(NUTS, name=words, quote=words, place=words, feed=words, source="rss", owner=words)
    plain = report_of(replace(QUIET, complaints=(NUTS,), complaints_total=1))
    page = Reading(report_of(replace(QUIET, business=words, complaints=(who,), complaints_total=1)))
    shown = clean(words, limit=QUOTE, lines=QUOTE_LINES) or "(no words, only stars)"
    assert page.quotes == [shown]
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in Reading(plain).tags} | {"small"}
    assert line(words, 60) in page.words


def test_the_policy_knows_the_one_style_sheet_and_forbids_the_rest() -> None:
    text = report_of(DAY)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert "url(" not in text and "@import" not in text and "<script" not in text


def test_the_same_value_gives_the_same_text() -> None:
    assert all(report_of(make()) == report_of(make()) for name, make in SAMPLES.items() if name != "many")


def test_the_desk_is_called_by_name_where_names_are_known() -> None:
    assert "promised by U0DANA" in Reading(report_of(DAY)).words
    words = Reading(report_of(DAY, {"U0DANA": "Dana"})).words
    assert "promised by Dana" in words and "U0DANA" not in words


# ── charts ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 4),
        (4, 4),
        (5, 6),
        (7, 10),
        (11, 20),
        (34, 40),
        (41, 60),
        (212, 300),
        (5_000, 6_000),
        (10_001, 20_000),
    ],
)
def test_the_scale_ends_on_a_round_number_above_the_most(most: float, top: int) -> None:
    assert scale(most) == top


def test_numbers_of_an_axis_are_short() -> None:
    assert [short(count) for count in (0, 850, 1_000, 1_500, 20_000, 4_000_000)] == [
        "0",
        "850",
        "1k",
        "1.5k",
        "20k",
        "4M",
    ]


def rects(svg: str) -> list[tuple[str, float, float, float, float]]:
    found = re.findall(r'class="(\w+)" x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"', svg)
    return [(kind, *(float(one) for one in rest)) for kind, *rest in found]  # type: ignore[misc]


def test_columns_are_as_high_as_their_counts_and_told_in_words() -> None:
    days = [
        Column(date(2026, 11, 23) + timedelta(days=i), count, i == 2) for i, count in enumerate((10, 0, 20))
    ]
    svg = columns("c", days, "Complaints")
    high = [tall for kind, _, _, _, tall in rects(svg) if kind in ("past", "told")]
    assert high == [60.0, 0.0, 120.0]
    assert '<title id="c-title">Complaints</title>' in svg
    assert '<desc id="c-desc">Mo 23 Nov: 10; Tu 24 Nov: 0; We 25 Nov: 20.</desc>' in svg


def test_a_day_without_listening_is_a_hole_and_no_zero() -> None:
    svg = columns(
        "c",
        [Column(date(2026, 11, 23), 3), Column(date(2026, 11, 24), 0, True, listened=False)],
        "Complaints",
    )
    assert len([kind for kind, *_ in rects(svg) if kind in ("past", "told")]) == 1
    assert "Mo 23 Nov: 3; Tu 24 Nov: unknown." in svg and ">?</text>" in svg
    deaf = replace(DAY, trend=(*DAY.trend[:-1], replace(DAY.trend[-1], listened=False)))
    assert "on that day no feed was read" in Reading(report_of(deaf)).words
    assert "on that day no feed was read" not in Reading(report_of(DAY)).words


def test_the_field_of_the_usual_stands_only_where_it_may_be_compared() -> None:
    usual = [rect for rect in rects(report_of(replace(DAY, broken=(), spots=()))) if rect[0] == "usual"]
    assert len(usual) == 4  # two Tuesdays, in two charts
    assert not [
        rect
        for rect in rects(report_of(replace(WEEK, broken=(), spots=(), recovering=())))
        if rect[0] == "usual"
    ]
    assert DAY.length is Length.DAY


def test_bars_never_leave_their_line() -> None:
    for drawn in (
        bar(50, 0, 30, 10),
        bar(0, None, None, 0),
        bar(3, -5, 2, 4),
        interval(1.0, 0.2, 1.0),
        interval(0, 0, 1),
    ):
        for _, x, y, wide, tall in rects(drawn):
            assert x >= 0 and x + wide <= charts.BAR + 2 and y >= 0 and y + tall <= charts.THICK


def test_words_in_a_chart_are_escaped() -> None:
    svg = columns("c", [Column(date(2026, 11, 23), 1)], "<b>&")
    assert "<b>" not in svg and "&lt;b&gt;&amp;" in svg
