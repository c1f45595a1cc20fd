"""What is drawn for Slack: complete, within the limits, refused by no judge, and never alive with foreign words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts.slack.blocks import Level, render
from alerts.testing import samples
from alerts.testing.limits import refusal, visible
from monitor.core.message import Kind, Message, Receipt, Roster, Storm
from monitor.core.model import Rating, Reply, State

CHANNEL = "C0COMPLAINTS"


def posted(message: Message, level: Level = Level.FULL) -> dict[str, Any]:
    body = render(message, level)
    return {"channel": CHANNEL, "unfurl_links": False, "unfurl_media": False, **body}


def card(words: str = samples.WORDS, name: str = samples.NAME, **of_case: Any) -> Message:
    content = samples.card(words, name, **of_case)
    return samples.message(content, Kind.CARD, "d1", CHANNEL, case_id=12)


def text_of(message: Message, level: Level = Level.FULL) -> str:
    return "\n".join(_strings(render(message, level)["blocks"]))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "url") and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def test_a_card_reads_at_a_glance() -> None:
    body = render(card())
    assert body["text"] == f"High · App Store 1★ · DE · Fictional Fred: {samples.WORDS}"
    first, quote, why, stands, facts, buttons = body["blocks"]
    assert first["text"]["text"] == (
        f":red_circle: *High* · App Store 1★ · DE · *<{samples.URL}|Fictional Fred>*"
    )
    assert quote["elements"][0]["elements"] == [{"type": "text", "text": samples.WORDS}]
    assert why["text"]["text"] == (
        "*Why:* was promised a call or an answer that never came; rated it 1 of 5\n"
        "*In their words:* “They promised to call back on” “Third time”"
    )
    stamp = int(samples.NOW.timestamp())
    assert stands["text"]["text"] == "*Open: nobody has it yet*"
    assert facts["elements"][0]["text"] == (
        f"posted <!date^{stamp - 10_800}^{{date_short_pretty}} {{time}}|2 Mar 2026 11:05 GMT> · opened "
        f"<!date^{stamp}^{{date_short_pretty}} {{time}}|2 Mar 2026 14:05 GMT> · case 12"
    )
    claim, reply, more, menu = buttons["elements"]
    assert (claim["action_id"], claim["value"], claim["style"]) == ("claim", "claim:12:1", "primary")
    assert (reply["action_id"], reply["url"]) == ("reply_at_source", samples.URL)
    assert (more["action_id"], more["value"]) == ("more_modal", "more_modal:12:1")
    assert [option["text"]["text"] for option in menu["options"]] == [
        "Not a complaint…",
        "Replied…",
        "Promise…",
        "Snooze…",
        "Escalate…",
    ]


def test_metadata_holds_ids_alone() -> None:
    assert render(card())["metadata"] == {
        "event_type": "complaint_monitor",
        "event_payload": {"delivery_id": "d1", "case_id": 12},
    }
    nobodys = samples.message(samples.digest(), Kind.DIGEST, "d2", CHANNEL)
    assert render(nobodys)["metadata"]["event_payload"] == {"delivery_id": "d2"}


def test_long_words_are_cut_and_the_reader_is_told_how_much_there_is() -> None:
    body = render(card("still waiting " * 1_000))
    quote = body["blocks"][1]["elements"][0]["elements"][0]["text"]
    assert len(quote) <= 600
    assert quote.endswith("…")
    assert "14,000 characters in all" in text_of(card("still waiting " * 1_000))


@pytest.mark.parametrize(
    ("state", "sign", "words"),
    [
        (State.OPEN, ":red_circle: *High*", "Open again, owned by Ann"),
        (State.CLAIMED, ":red_circle: *High*", "Claimed by Ann"),
        (State.CONTACTED, ":red_circle: *High*", "Customer contacted by Ann on 2 Mar 2026"),
        (State.RECOVERED, ":white_check_mark: *Recovered*", "Recovered by Ann on 2 Mar 2026"),
        (State.LOST, ":black_circle: *Lost*", "Closed as lost by Ann on 2 Mar 2026"),
        (State.DISMISSED, ":white_circle: *Dismissed*", "Dismissed by Ann on 2 Mar 2026"),
    ],
)
def test_a_card_says_how_far_the_case_is(state: State, sign: str, words: str) -> None:
    text = text_of(card(state=state, owner="Ann", closed=samples.NOW, contacted=samples.NOW))
    assert sign in text
    assert words in text
    assert ("Reply at source" in text) is not state.closed


def test_a_card_carries_its_marks() -> None:
    heard = samples.heard()
    mention = replace(heard.mention, edited=samples.NOW, reply=Reply("We are sorry."), rating=Rating(3, 10))
    content = replace(
        samples.card(repeat=True, backlog=True),
        mentions=(replace(heard, mention=mention, gone_at=samples.NOW), heard),
    )
    text = text_of(replace(card(), content=content))
    for mark in (
        "Possible repeat",
        "Backlog",
        "Deleted at the source on 2 Mar 2026",
        "Edited by the customer",
        "already shows a public answer",
        "2 posts by this customer",
        "3/10★",
    ):
        assert mark in text


def test_removed_words_leave_no_trace_in_the_evidence() -> None:
    gone = replace(samples.heard(), gone_at=samples.NOW)
    gone = replace(gone, mention=replace(gone.mention, text=""))
    text = text_of(replace(card(), content=replace(samples.card(), mentions=(gone,))))
    assert "words were removed" in text
    assert "Third time" not in text


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "https://bank.example@evil.example/"])
def test_no_button_and_no_link_without_a_safe_address(url: str | None) -> None:
    heard = samples.heard()
    content = replace(
        samples.card(url=url), mentions=(replace(heard, mention=replace(heard.mention, url=url)),)
    )
    body = render(replace(card(), content=content))
    assert "Reply at source" not in text_of(replace(card(), content=content))
    assert body["blocks"][0]["text"]["text"] == ":red_circle: *High* · App Store 1★ · DE · *Fictional Fred*"


@pytest.mark.parametrize("words", ["", "\x00\u202e"])
def test_a_card_without_words_still_quotes_something(words: str) -> None:
    quote = render(card(words))["blocks"][1]["elements"][0]["elements"][0]["text"]
    assert quote in ("(no words, only stars)", "(nothing that can be shown)")


@pytest.mark.parametrize("level", Level)
def test_a_roster_drops_nobody(level: Level) -> None:
    lines = tuple(
        samples.case_line(n, samples.HOSTILE["16,000 words"], f"Customer {n:02d}") for n in range(40)
    )
    message = samples.message(Roster(1, lines), Kind.ROSTER, "d1", CHANNEL)
    text = text_of(message, level)
    for number in range(40):
        assert f"Customer {number:02d}" in text


@pytest.mark.parametrize("count", [1, 40, 60, 90])
def test_a_roster_of_any_length_fits(count: int) -> None:
    words = samples.HOSTILE["16,000 words"]
    lines = tuple(samples.case_line(n, words, words) for n in range(count))
    blocks = render(samples.message(Roster(1, lines), Kind.ROSTER, "d1", CHANNEL))["blocks"]
    assert sum(map(len, visible(blocks))) < 12_000
    assert refusal(blocks, "text", updating=False) is None


def test_a_storm_tells_how_many_more_there_are() -> None:
    lines = tuple(samples.case_line(n) for n in range(12))
    storm = Storm(40, {"high": 40}, samples.NOW - timedelta(minutes=4), lines, 1)
    text = text_of(samples.message(storm, Kind.STORM, "d1", CHANNEL))
    assert "Many complaints at once: 40 cases* (40 high), waiting since" in text
    assert "and 30 more cases" in text
    assert "listed in the thread, 1 page." in text


@pytest.mark.parametrize("timezone", ["Nowhere/At_All", "", "../etc/passwd", "Europe"])
def test_a_wrong_time_zone_does_not_stop_an_alert(timezone: str) -> None:
    assert "2 Mar 2026 14:05 UTC" in text_of(replace(card(), timezone=timezone))


def test_a_follow_up_quotes_the_customer() -> None:
    notes = [m for m in samples.every(channel=CHANNEL) if m.kind is Kind.REPLY]
    body = render(notes[0])
    assert body["blocks"][0]["text"]["text"] == f"<{samples.URL}|Fictional Fred wrote again>"
    assert body["blocks"][1]["elements"][0]["type"] == "rich_text_quote"
    assert isinstance(notes[0].thread, Receipt)
