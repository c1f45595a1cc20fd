"""From Friday to Monday at the desk, over the weekend in which the clocks go back: forty complaints, and people who do
all they do in Slack."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from stage import COMMAND
from workday import Workday

from monitor.core.model import State
from monitor.core.moves import Action

BERLIN = ZoneInfo("Europe/Berlin")
ANA, BEN, LEAD, AUTHORITY = "U0ANA0001", "U0BEN0002", "U0LEAD003", "U0AUTH004"
SETTINGS = """
[business]
name = "Acme Coffee"
timezone = "Europe/Berlin"
[slack]
channel = "C0COMPLAINTS"
api_url = "{url}"
post_interval = "0.01s"
update_interval = "0.01s"
storm_after = 0
[desk]
around_the_clock = ["critical"]
[desk.first_response]
critical = "4h"
high = "4h"
medium = "4h"
low = "4h"
[desk.resolution]
critical = "24h"
high = "24h"
medium = "24h"
low = "24h"
[desk.starts]
ignored_twice = 0
[[desk.ladder]]
name = "lead"
wait = "2h"
people = ["U0LEAD003"]
[[desk.ladder]]
name = "manager"
wait = "4h"
people = ["S0MANAGERS"]
[[desk.ladder]]
name = "authority"
wait = "8h"
people = ["U0AUTH004"]
"""
THINGS = ("a blue tray", "the oat milk", "two scones", "a tin of cocoa", "the window seat", "my loyalty card", "a pot")
PLACES = ("by the pier", "at the station", "behind the town hall", "in the arcade", "on Mill Lane", "next to the zoo")
WHEN = ("at dawn", "on my birthday", "after the match", "in the rain", "before the film")
ALARM = "Acme Coffee gave me food poisoning and I ended up in hospital."
HAPPY = "Acme Coffee called me and put it right. Everything is resolved now, I am happy, thank you!"
AGAIN = "Acme Coffee again: the milk was sour this time, the staff were rude, and nobody said sorry."
TWICE, DOUBLE, KEPT, BROKEN, SNOOZED, HAPPIER, REGRESSED, CLIMBING = range(1, 9)
ALARMING = 40


def at(told: str) -> datetime:
    """`23 10:00`: that time in Berlin, in October 2026. The 23rd is a Friday, and on the 25th clocks go back."""
    day, _, clock = told.partition(" ")
    hour, _, minute = clock.partition(":")
    return datetime(2026, 10, int(day), int(hour), int(minute), tzinfo=BERLIN)


def grumble(number: int) -> str:
    what = f"{THINGS[number % 7]} {PLACES[number % 6]} {WHEN[number % 5]}"
    return f"Order {number}, {what}: the coffee at Acme Coffee was cold, the staff ignored me. Terrible."


@pytest.fixture
def day(tmp_path: Path) -> Iterator[Workday]:
    with Workday(tmp_path, SETTINGS, at("23 09:00"), ("C0COMPLAINTS",)) as found:
        yield found


def test_a_day(day: Workday) -> None:
    day.hear(*((n, f"fred{n}", grumble(n)) for n in range(1, 40)))
    assert len(day.slack.messages()) == 39, "each has a card of its own"
    print({n: (day.case(n).severity, day.case(n).reasons) for n in range(1, 40)})

    day.wait_until(at("23 09:30"))
    _two_claim(day)
    _one_claims_twice(day)
    day.wait_until(at("23 09:40"))
    routine = range(9, 40)
    for n in (KEPT, BROKEN, SNOOZED, HAPPIER, REGRESSED, *routine):
        day.act(Action.CLAIM, (ANA, BEN)[n % 2], n)
    day.form(Action.PROMISE, BEN, KEPT, what="a call", until=int(at("23 15:00").timestamp()))
    day.form(Action.PROMISE, ANA, BROKEN, what="a new tin", until=int(at("26 10:00").timestamp()))
    day.form(Action.SNOOZE, BEN, SNOOZED, until=int(at("26 10:00").timestamp()), note="the shop is shut")
    day.wait_until(at("23 11:40"))
    for n in (TWICE, DOUBLE, KEPT, BROKEN, HAPPIER, REGRESSED, *routine):
        day.form(Action.CONTACT, day.case(n).owner or "", n, text=f"We are sorry, {n}.")
    day.wait_until(at("23 14:40"))
    day.form(Action.KEEP, BEN, KEPT) if False else day.act(Action.KEEP, BEN, KEPT)
    day.form(Action.RECOVER, BEN, KEPT, how="reply")
    day.form(Action.RECOVER, BEN, REGRESSED, how="refund")
    day.form(Action.LOSE, day.case(TWICE).owner or "", TWICE, reason="has moved away")
    for n in routine:
        who = day.case(n).owner or ""
        if n % 4 == 0:
            day.form(Action.RECOVER, who, n, how="gesture")
        elif n % 4 == 1:
            day.form(Action.DISMISS, who, n, reason="a quarrel of neighbours", erred=[])
        elif n % 4 == 2:
            day.form(Action.HAND_OVER, who, n, person=LEAD)
    for n in (1,2,3,4,5,6,7,8,9,10,11,12): print(n, "\n   ".join(day.story(n)))
    day.wait_until(at("23 16:10"))
    day.hear((101, f"fred{HAPPIER}", HAPPY))
    print(day.story(HAPPIER))
    asked = day.slack.thread(day.card(HAPPIER))[-1]
    day.form(Action.RECOVER, ANA, HAPPIER, asked["ts"], how="reply")
    day.wait_until(at("24 20:00"))
    day.wait_until(datetime.fromisoformat("2026-10-25T00:30+02:00"))
    day.hear((ALARMING, f"fred{ALARMING}", ALARM))
    day.wait_until(at("25 04:00"))
    day.act(Action.CLAIM, AUTHORITY, ALARMING)
    day.form(Action.CONTACT, AUTHORITY, ALARMING, text="We will be with you today.")
    day.wait_until(at("25 12:00"))
    day.hear((107, f"fred{REGRESSED}", AGAIN))
    day.wait_until(at("26 09:40"))
    home = day.home(BEN)
    print(json.dumps(home)[:3000])
    for n in (1,2,3,4,5,6,7,8,9,10,11,12, 40): print(n, "\n   ".join(day.story(n)))


def _two_claim(day: Workday) -> None:
    place, action, value = day.button(Action.CLAIM, TWICE)
    clicks = [day.slack.people.click(place, action, who, value) for who in (ANA, BEN)]
    assert all(click.wait().acked for click in clicks)
    owner = day.until(lambda: day.case(TWICE).owner)
    late = BEN if owner == ANA else ANA
    told = day.until(lambda: day.slack.whispers(late))[-1]["text"]
    assert f"<@{owner}> was faster: claimed" in told
    assert not day.slack.whispers(owner)
    day.deliver()


def _one_claims_twice(day: Workday) -> None:
    clicks = [day.press(Action.CLAIM, ANA, DOUBLE) for _ in range(2)]
    assert all(click.wait().acked for click in clicks)
    day.until(lambda: day.case(DOUBLE).owner)
    day.deliver()
