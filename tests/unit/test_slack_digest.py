"""The digest as Slack shows it: people first, within all limits, and as much as Slack takes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from alerts.slack import charts
from alerts.slack.blocks import Level, render, weight
from alerts.slack.replies import reply_to
from alerts.testing.digests import DAY, HOSTILE, ONE, QUIET, RIGHT_TO_LEFT, SAMPLES, TOLD, WEEK, many
from alerts.testing.limits import has_rich_text, refusal, visible
from alerts.trend import trend_told
from monitor.core.digest import Broken, Changed, Day, Digest, Figure
from monitor.core.message import Kind, Message

CHANNEL = "C0COMPLAINTS"
Judge = Callable[..., list[str]]


def drawn(day: Digest, level: Level = Level.FULL) -> dict[str, Any]:
    return render(Message("d1", Kind.DIGEST, CHANNEL, day, timezone=day.timezone), level)


def text_of(day: Digest, level: Level = Level.FULL) -> str:
    return "\n".join(_strings(drawn(day, level)["blocks"]))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("text", "url", "user_id", "title", "label") and isinstance(inner, str):
                yield inner
            else:
                yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def acting(day: Digest) -> Digest:
    """With what a button needs to know of each case."""
    ready = tuple(replace(one, who=replace(one.who, revision=4)) for one in day.waiting)
    return replace(day, waiting=ready)


def kinds(day: Digest, level: Level = Level.FULL) -> list[str]:
    return [block["type"] for block in drawn(day, level)["blocks"]]


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_digest_passes_the_judge(judge: Judge, name: str, level: Level) -> None:
    untrusted = [*HOSTILE.splitlines(), RIGHT_TO_LEFT]
    body = drawn(acting(SAMPLES[name]()), level)
    post = {"channel": CHANNEL, "unfurl_links": False, "unfurl_media": False, **body}
    place = {"channel": CHANNEL, "text": body["text"], "blocks": body["blocks"], "parse": "none"}
    assert judge({"method": "chat.postMessage", "body": post}, untrusted=untrusted) == []
    assert judge({"method": "chat.update", "body": place}, untrusted=untrusted) == []


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("name", SAMPLES)
def test_every_digest_keeps_the_documented_limits(name: str, level: Level) -> None:
    body = drawn(acting(SAMPLES[name]()), level)
    assert refusal(body["blocks"], body["text"], updating=True) is None
    assert sum(map(len, visible(body["blocks"]))) == weight(body["blocks"]) < 12_000
    # what has rich text may not be replaced by what has none
    assert has_rich_text(body["blocks"])


def test_people_come_before_numbers() -> None:
    told = text_of(DAY)
    order = [
        "Call first",
        "Promised",
        "Came back",
        "Thanks",
        "What we broke",
        "Complaints a day",
        "Until somebody took it",
        "Where",
    ]
    assert [told.index(part) for part in order] == sorted(told.index(part) for part in order)
    assert told.index("Invented Ines") < told.index("Pretend Petra") < told.index("Imaginary Luis")


def test_a_screen_of_a_phone_holds_the_essentials() -> None:
    """About 40 characters a line, 25 lines: the first whom to call, with her words."""
    blocks = drawn(DAY)["blocks"]
    first = next(at for at, block in enumerate(blocks) if "nuts in it" in json.dumps(block))
    shown = list(visible(blocks[: first + 1]))
    assert sum(len(row) // 40 + 1 for text in shown for row in text.split("\n")) <= 25


def test_each_person_leads_to_their_card_or_else_to_their_post() -> None:
    told = text_of(DAY)
    assert "<https://pretend.slack.example/archives/C0CARE/p000040|Invented Ines>" in told
    bare = replace(DAY.waiting[0], who=replace(DAY.waiting[0].who, link=None))
    assert "<https://reviews.example/40|Invented Ines>" in text_of(replace(DAY, waiting=(bare,)))
    nowhere = replace(bare, who=replace(bare.who, url="javascript:alert(1)"))
    assert "javascript" not in text_of(replace(DAY, waiting=(nowhere,), complaints=()))


def test_the_first_three_can_be_claimed_from_here() -> None:
    found = [block["accessory"] for block in drawn(acting(many(9)))["blocks"] if "accessory" in block]
    assert [one["value"] for one in found] == ["claim:1000:4", "claim:1001:4", "claim:1002:4"]
    assert {one["action_id"] for one in found} == {"claim"}
    assert not [block for block in drawn(DAY)["blocks"] if "accessory" in block], "no revision, no button"


def test_whoever_promised_is_called_by_name() -> None:
    blocks = json.dumps(drawn(DAY)["blocks"])
    assert '{"type": "user", "user_id": "U0DANA"}' in blocks
    assert '"Overdue: "' in blocks


def test_charts_give_way_to_text_and_text_to_the_plainest() -> None:
    assert kinds(DAY).count("data_visualization") == 2
    plain = text_of(DAY, Level.PLAIN)
    assert "data_visualization" not in kinds(DAY, Level.PLAIN)
    assert "▇▇▇▇▇▇▇▇▇▇ What they got, 14: more than usual for a Tuesday (usually 2 to 11)" in plain
    assert "8 to 34 complaints a day, 11 Nov to 24 Nov" in plain
    assert kinds(DAY, Level.MINIMAL) == ["rich_text"]
    assert "case 40" in text_of(DAY, Level.MINIMAL)
    assert "http" not in text_of(DAY, Level.MINIMAL)


def test_a_quiet_day_says_that_everything_was_heard() -> None:
    for level in Level:
        told = text_of(QUIET, level)
        assert "A quiet day: nobody wrote, nobody waits, and no promise is due." in told
        assert "Everything was heard: all 5 feeds." in told
    assert "data_visualization" not in kinds(QUIET)


def test_what_was_not_heard_stands_at_the_top() -> None:
    summary = drawn(ONE)["blocks"][1]["text"]["text"]
    assert ":warning: Not everything was heard: reviews-fr (failing), blog (silent)." in summary


def test_what_changed_since_it_was_first_sent_is_told() -> None:
    changed = Changed(TOLD - timedelta(hours=2), 4, (("heard", 208, 212), ("complaints", 32, 34)))
    told = text_of(replace(DAY, changed=changed))
    assert "4 late posts came in" in told
    assert "complaints 32, now 34" in told
    assert "late post" not in text_of(DAY)


def test_what_does_not_fit_is_counted_and_said_to_be_in_the_thread() -> None:
    crowd = many(5_000)
    assert "and 4,992 more\n" in text_of(crowd) + "\n"
    told = text_of(replace(crowd, pages=20))
    assert "and 4,992 more in the thread" in told
    assert "The long lists are in the thread: 20 pages." in told
    assert "and 10 more\n" in told, "thanks have no page"


def test_whoever_waits_is_not_told_of_twice() -> None:
    assert text_of(DAY).count("My boy had to see a doctor") == 1
    assert "31, 3 of them named above" in text_of(DAY)


def test_long_words_make_all_quotes_shorter_and_leave_nobody_out() -> None:
    """One who speaks much does not push the others out."""
    crowd = many(8)
    loud = tuple(replace(one, who=replace(one.who, quote="So cold. " * 500)) for one in crowd.waiting)
    told = text_of(replace(crowd, waiting=loud))
    assert all(f"Pretend customer {number}" in told for number in range(8))


def test_a_week_tells_what_wins_people_back() -> None:
    told = text_of(WEEK)
    assert "What wins people back" in told
    assert "What they got 70% (31 of 44), likely 56% to 82%; How people are treated 3 of 5 (few data)" in told
    assert "What wins people back" not in text_of(DAY)


def test_a_whisper_asks_for_nothing_that_slack_may_refuse() -> None:
    shown = reply_to(acting(DAY))["blocks"]
    assert "data_visualization" not in [block["type"] for block in shown]
    assert refusal(shown, "", updating=False) is None


# ── charts ───────────────────────────────────────────────────────────────────────────────────────────────


def _point(number: int, complaints: int, **more: Any) -> Day:
    return Day(date(2026, 11, 1) + timedelta(days=number), 10, complaints, **more)


@pytest.mark.parametrize("days", [(), (_point(0, 3), _point(1, 4)), tuple(_point(n, 0) for n in range(14))])
def test_no_line_without_something_to_draw(days: tuple[Day, ...]) -> None:
    assert charts.trend(replace(DAY, trend=days)) is None
    assert trend_told(replace(DAY, trend=days)) == ""


def test_a_day_without_listening_is_a_hole_and_no_zero() -> None:
    days = (_point(0, 3), _point(1, 0, listened=False), _point(2, 0), _point(3, 6))
    holed = replace(DAY, trend=days)
    chart = charts.trend(holed)
    assert chart is not None
    assert chart["chart"]["axis_config"]["categories"] == ["1 Nov", "3 Nov", "4 Nov"]
    assert trend_told(holed).startswith("▅·▁█ 0 to 6")
    assert "Nothing was listened to on 1 of these days" in text_of(holed)
    assert "left out" not in text_of(DAY)


def test_the_usual_is_drawn_only_where_it_is_known_of_all() -> None:
    both = charts.broken(DAY)
    assert both is not None
    assert [series["name"] for series in both["chart"]["series"]] == ["This day", "Usual"]
    new = replace(DAY, broken=(*DAY.broken, Broken("clarity", Figure(2))))
    alone = charts.broken(new)
    assert alone is not None
    assert [series["name"] for series in alone["chart"]["series"]] == ["This day"]
    assert alone["title"] == "What we broke"


def test_nothing_broken_is_not_drawn() -> None:
    mended = tuple(replace(one, figure=replace(one.figure, count=0)) for one in DAY.broken)
    assert charts.broken(replace(DAY, broken=mended)) is None
    assert charts.broken_text(replace(DAY, broken=mended)) == []


def test_every_expectation_has_a_label_of_its_own() -> None:
    keys = [
        "respect",
        "alternatives",
        "authority",
        "clarity",
        "made_up_and_very_long_key",
        "made_up_and_very_long_k",
    ]
    for some in (keys, ["advocacy", "listening", "expertise", "communication", "follow_through", ""]):
        chart = charts.broken(replace(DAY, broken=tuple(Broken(key, Figure(3)) for key in some)))
        assert chart is not None
        assert refusal([chart], "x", updating=False) is None
