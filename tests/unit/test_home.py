"""Home and the answers of /complaints: within the limits, refused by no judge, never alive with foreign words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from paperwork import condition

from alerts.slack.actions import read_value
from alerts.slack.home import LINES, TURN, home, read_pages
from alerts.slack.replies import reply_to
from alerts.testing import samples
from alerts.testing.limits import view_refusal, visible
from monitor.core.asking import Found, Help
from monitor.core.model import State
from monitor.core.moves import Action
from monitor.core.queue import Hearing, Shelf, Shown

# ── what a lead sees ─────────────────────────────────────────────────────────────────────────────────────


def texts(blocks: list[dict[str, Any]]) -> str:
    return "\n".join(visible(blocks))


def buttons(view: dict[str, Any]) -> list[dict[str, Any]]:
    found = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return found + [
        item for block in view["blocks"] if block["type"] == "actions" for item in block["elements"]
    ]


def test_nothing_waits_and_everything_was_heard() -> None:
    quiet = samples.queue(lines=0, total=0)
    shown = texts(home(quiet)["blocks"])
    assert ":sunny: *Nothing waits for you: every customer has somebody.*" in shown
    assert ":ear: All 3 feeds were heard" in shown
    assert "Drawn <!date^" in shown
    assert "17 in other hands, 40 older ones in the backlog" in shown
    deaf = texts(home(replace(quiet, hearing=Hearing(3, ("news",))))["blocks"])
    assert ":warning: Not everything was heard: news" in deaf
    assert ":sunny:" not in texts(home(samples.queue())["blocks"])


def test_a_line_tells_who_how_bad_and_how_long_there_is() -> None:
    line = samples.queue_line(3, Shelf.MINE)
    mine = Shown(Shelf.MINE, 1, 1, 1, (line,))
    block = home(replace(samples.queue(), shelves=(mine,)))["blocks"][-1]
    first, quote, last = block["text"]["text"].split("\n")
    assert first == (
        ":rotating_light: *<https://acme.slack.example/archives/C1/p3|Fictional Fred>* · critical · App Store"
        " · <@U0ADA> · case 1003"
    )
    assert quote == f"“{samples.WORDS}”"
    assert last.startswith(":alarm_clock: *overdue by 60 min: first answer* (<!date^")
    assert " · :handshake: promised in 0 s: Third time I ask." in last
    assert last.endswith(" · said 0 s ago")
    assert block["accessory"] == {
        "type": "button",
        "action_id": "contact",
        "text": {"type": "plain_text", "text": "Replied…"},
        "value": "contact:1003:1",
        "accessibility_label": "Replied… (case 1003)",
    }


def test_members_are_mentioned_and_no_customer_is() -> None:
    shown = texts(home(samples.queue(name="U0EVIL"))["blocks"])
    assert "<@U0ADA>" in shown
    # an owner by that name would be a member; a customer is none
    assert "*<@U0EVIL>*" not in shown


def test_every_button_says_which_case_as_it_was_seen() -> None:
    pressed = [item for item in buttons(home(samples.queue())) if not item["action_id"].startswith(TURN)]
    assert len(pressed) == 6 * LINES
    for item in pressed:
        press = read_value(item["value"])
        assert (press.move, press.revision) == (item["action_id"], 1)
        assert press.move in set(Action)
        assert 1_000 <= press.case_id < 1_000 + LINES


def test_more_lines_than_fit_are_not_drawn() -> None:
    assert len(home(samples.queue(lines=400))["blocks"]) <= 100


def test_pages_are_turned_one_shelf_at_a_time() -> None:
    full = samples.queue()
    second = replace(
        full, shelves=tuple(replace(one, page=2) if one.shelf is Shelf.MINE else one for one in full.shelves)
    )
    leads = {
        item["action_id"]: read_pages(item["value"])
        for item in buttons(home(second))
        if item["action_id"].startswith(TURN)
    }
    assert leads["home:refresh"] == {Shelf.MINE: 2}
    assert leads["home:mine:back"] == {}
    assert leads["home:mine:next"] == {Shelf.MINE: 3}
    assert leads["home:overdue:next"] == {Shelf.MINE: 2, Shelf.OVERDUE: 2}
    assert "home:overdue:back" not in leads
    last = replace(full, shelves=tuple(replace(one, page=one.pages) for one in full.shelves))
    assert not any(item["action_id"].endswith(":next") for item in buttons(home(last)))
    assert view_refusal(home(last), "home") is None
    assert "(5,000, page 625 of 625)" in texts(home(last)["blocks"])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "null",
        "[]",
        "[" * 90_000,
        '{"mine": 1e9}',
        '{"mine": -1}',
        '{"mine": true}',
        '{"yours": 2}',
        "{" * 1_999,
    ],
)
def test_a_value_nobody_of_us_wrote_leads_to_the_first_pages(value: str) -> None:
    assert read_pages(value) == {}


def test_pages_survive_their_button() -> None:
    assert read_pages(json.dumps({"mine": 2, "waiting": 625})) == {Shelf.MINE: 2, Shelf.WAITING: 625}


# ── what is answered ─────────────────────────────────────────────────────────────────────────────────────


def test_where_lines_are_long_each_says_less_and_all_stay() -> None:
    ordinary = reply_to(samples.queue(lines=3))["blocks"]
    hostile = reply_to(samples.queue("&" * 500, "<" * 90, lines=3))["blocks"]
    assert len(hostile) == len(ordinary)
    assert "Third time" in texts(ordinary)


def test_more_is_said_how_to_get() -> None:
    assert "More: `/complaints queue page 2`" in texts(reply_to(samples.queue(lines=3))["blocks"])
    line = samples.queue_line(1, Shelf.MINE)
    mine = replace(
        samples.queue(), shelves=(Shown(Shelf.MINE, 11, 1, 2, (line,)), Shown(Shelf.OVERDUE, 9, 1, 1, ()))
    )
    assert "More: `/complaints mine page 2`" in texts(reply_to(mine)["blocks"])
    found = Found("cold `coffee`", samples.NOW, "UTC", (line,), 1, more=True)
    assert "More: /complaints find cold 'coffee' page 2" in texts(reply_to(found)["blocks"])


def test_nothing_found_says_what_was_looked_for() -> None:
    body = reply_to(Found("cold *coffee* <!here>", samples.NOW, "UTC", (), 1, more=False))
    assert texts(body["blocks"]) == (
        ":mag: Nothing found with “cold ∗coffee∗ &lt;!here&gt;” in the customers' names and posts."
    )


def test_status_puts_what_fails_first() -> None:
    shown = texts(reply_to(condition("feed", feeds=20))["blocks"])
    assert shown.index("failing") < shown.index("heard,")
    assert "and 5 more" in shown
    assert "held back by rules *3*" in shown
    assert "No feed was read yet." in texts(reply_to(condition("feed", feeds=0))["blocks"])


def test_an_unknown_word_gets_help() -> None:
    shown = texts(reply_to(Help("frobnicate"))["blocks"])
    assert "I do not know “frobnicate”" in shown
    assert "`/complaints find TEXT`" in shown
    assert "I do not know" not in texts(reply_to(Help())["blocks"])


def test_a_closed_case_looks_closed() -> None:
    line = samples.queue_line(0, Shelf.RECOVERED)
    assert line.case.state is State.RECOVERED
    shown = texts(reply_to(Found("x", samples.NOW, "UTC", (line,), 1, more=False))["blocks"])
    assert ":white_check_mark:" in shown
    assert "recovered by a gesture 0 s ago" in shown
