"""From Friday to Monday at the desk, over the weekend in which the clocks go back: forty complaints, and people who do
all they do in Slack."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from stage import COMMAND
from workday import Workday, minutes

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
THINGS = (
    "a blue tray",
    "the oat milk",
    "two scones",
    "a tin of cocoa",
    "the window seat",
    "my loyalty card",
    "a pot",
)
PLACES = (
    "by the pier",
    "at the station",
    "behind the town hall",
    "in the arcade",
    "on Mill Lane",
    "next to the zoo",
)
WHEN = ("at dawn", "on my birthday", "after the match", "in the rain", "before the film")
ALARM = "Acme Coffee gave me food poisoning and I ended up in hospital."
HAPPY = "Acme Coffee called me and put it right. Everything is resolved now, I am happy, thank you!"
AGAIN = "Acme Coffee again: the milk was sour this time, the staff were rude, and nobody said sorry."
TWICE, DOUBLE, KEPT, BROKEN, SNOOZED, HAPPIER, REGRESSED, CLIMBING = range(1, 9)
ALARMING = 40
ROUTINE = range(9, 40)
WON, DISMISSED, HANDED, CALLED = (range(first, 40, 4) for first in (9, 10, 11, 12))
EVERYBODY = range(1, 41)


def at(told: str) -> datetime:
    """`23 10:00`: that time in Berlin, in October 2026. The 23rd is a Friday, and on the 25th clocks go back."""
    day, _, clock = told.partition(" ")
    hour, _, minute = clock.partition(":")
    return datetime(2026, 10, int(day), int(hour), int(minute), tzinfo=BERLIN)


def seconds(told: str) -> int:
    """As a person's choice of a time is sent."""
    return int(at(told).timestamp())


def span(told: str) -> timedelta:
    """`13:40`: hours and minutes."""
    hours, minute = told.split(":")
    return timedelta(hours=int(hours), minutes=int(minute))


def whose(case_id: int) -> str:
    """Who works on a case that nothing special happens to."""
    return (ANA, BEN)[case_id % 2]


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
    first = _friday(day)
    _weekend(day)
    _monday(day)

    assert [day.case(n).state for n in (KEPT, BROKEN, HAPPIER, REGRESSED, CLIMBING, ALARMING)] == [
        State.RECOVERED
    ] * 6
    adrift = [n for n in EVERYBODY if not (day.case(n).owner or day.case(n).state.closed)]
    assert adrift == [], "every case has an owner or an end"
    _each_thread_tells_its_story(day, first)
    _times_are_right(day)
    assert {str(call["answer"]) for call in day.slack.calls} == {"ok"}, "Slack took all that it was sent"
    assert set(day.slack.deliveries().values()) == {1}
    assert [told for told, times in day.posted().items() if times > 1] == [], "nothing is said twice"
    assert _reconcile(day) == {
        "complaints": 41,
        "delivered": 41 - len(DISMISSED),
        "queued": 0,
        "summarised": 0,
        "suppressed": len(DISMISSED),
        "unaccounted": 0,
    }


# ── the day ──────────────────────────────────────────────────────────────────────────────────────────────


def _friday(day: Workday) -> str:
    """Returns who was the faster one."""
    day.wait_until(at("23 09:30"))
    first = _two_claim(day)
    _one_claims_twice(day)
    day.wait_until(at("23 09:40"))
    for n in (KEPT, BROKEN, SNOOZED, HAPPIER, REGRESSED, *ROUTINE):
        day.act(Action.CLAIM, whose(n), n)
    day.form(Action.PROMISE, whose(KEPT), KEPT, what="a call", until=seconds("23 15:00"))
    day.form(Action.PROMISE, whose(BROKEN), BROKEN, what="a new tin", until=seconds("26 10:00"))
    day.form(Action.SNOOZE, whose(SNOOZED), SNOOZED, until=seconds("26 10:00"), note="the shop is shut")
    day.wait_until(at("23 11:40"))
    day.form(Action.CONTACT, first, TWICE, text="We are sorry.")
    day.form(Action.CONTACT, ANA, DOUBLE, text="We are sorry.")
    for n in (KEPT, BROKEN, HAPPIER, REGRESSED, *ROUTINE):
        day.form(Action.CONTACT, whose(n), n, text=f"We are sorry, {n}.")
    day.wait_until(at("23 14:40"))
    day.act(Action.KEEP, whose(KEPT), KEPT)
    day.form(Action.RECOVER, whose(KEPT), KEPT, how="reply")
    day.form(Action.RECOVER, whose(REGRESSED), REGRESSED, how="refund")
    day.form(Action.LOSE, first, TWICE, reason="has moved away")
    for n in WON:
        day.form(Action.RECOVER, whose(n), n, how="gesture")
    for n in DISMISSED:
        day.form(Action.DISMISS, whose(n), n, reason="a quarrel of neighbours", erred=[])
    for n in HANDED:
        day.form(Action.HAND_OVER, whose(n), n, person=LEAD)
    for n in CALLED:
        day.form(Action.ESCALATE, whose(n), n, reason="a regular of twenty years")
    day.wait_until(at("23 16:10"))
    day.hear((101, f"fred{HAPPIER}", HAPPY))
    return first


def _weekend(day: Workday) -> None:
    day.wait_until(at("25 00:30"))
    day.hear((ALARMING, f"fred{ALARMING}", ALARM))
    day.wait_until(at("25 04:00"))
    day.act(Action.CLAIM, AUTHORITY, ALARMING)
    day.form(Action.CONTACT, AUTHORITY, ALARMING, text="We will be with you today.")
    day.wait_until(at("25 12:00"))
    day.hear((107, f"fred{REGRESSED}", AGAIN))


def _monday(day: Workday) -> None:
    day.wait_until(at("26 09:40"))
    asked = day.slack.thread(day.card(HAPPIER))[-1]["ts"]
    day.form(Action.RECOVER, whose(HAPPIER), HAPPIER, asked, how="reply")
    _claims_at_home(day, ANA, REGRESSED)
    day.wait_until(at("26 10:40"))
    mine = day.command("mine", whose(SNOOZED))
    assert set(re.findall("case [0-9]+", json.dumps(mine["blocks"]))) == {f"case {SNOOZED}"}, "it is awake"
    day.form(Action.CONTACT, whose(SNOOZED), SNOOZED, text="We are open again.")
    day.wait_until(at("26 11:40"))
    day.act(Action.CLAIM, AUTHORITY, CLIMBING)
    day.form(Action.CONTACT, AUTHORITY, CLIMBING, text="I am sorry that it took so long.")
    day.form(Action.CONTACT, ANA, REGRESSED, text="We are sorry, again.")
    day.wait_until(at("26 14:40"))
    for n, who in ((CLIMBING, AUTHORITY), (ALARMING, AUTHORITY), (BROKEN, whose(BROKEN)), (REGRESSED, ANA)):
        day.form(Action.RECOVER, who, n, how="replacement")
    assert "case " not in json.dumps(day.command("mine", BEN)), "it is his customers' turn"


def _two_claim(day: Workday) -> str:
    """Both look at the same card. Returns who has the case."""
    clicks = [day.press(Action.CLAIM, who, TWICE) for who in (ANA, BEN)]
    assert all(click.wait().acked for click in clicks)
    owner = str(day.until(lambda: day.case(TWICE).owner))
    late = BEN if owner == ANA else ANA
    told = day.until(lambda: day.slack.whispers(late))[-1]["text"]
    assert f"<@{owner}> was faster: claimed" in told
    assert not day.slack.whispers(owner)
    day.deliver()
    return owner


def _one_claims_twice(day: Workday) -> None:
    before = len(day.slack.whispers(ANA))
    clicks = [day.press(Action.CLAIM, ANA, DOUBLE) for _ in range(2)]
    assert all(click.wait().acked for click in clicks)
    day.until(lambda: day.case(DOUBLE).owner)
    day.deliver()
    assert len(day.slack.whispers(ANA)) == before, "who has it already is told nothing"


def _claims_at_home(day: Workday, who: str, case_id: int) -> None:
    home = day.home(who)
    (value,) = set(re.findall(rf'"(claim:{case_id}:[0-9]+)"', json.dumps(home)))
    assert day.slack.people.click(home["id"], Action.CLAIM, who, value).wait().acked
    day.until(lambda: day.case(case_id).owner)
    day.until(lambda: value not in json.dumps(day.slack.home(who)))
    day.deliver()


# ── what came of it ──────────────────────────────────────────────────────────────────────────────────────


def _each_thread_tells_its_story(day: Workday, first: str) -> None:
    ana, ben, head = f"<@{ANA}>", f"<@{BEN}>", f"<@{AUTHORITY}>"
    assert day.story(TWICE) == [
        "Fri 09:00 card",
        f"Fri 09:30 <@{first}> claimed",
        f"Fri 11:40 <@{first}> told the customer",
        f"Fri 14:40 <@{first}> gave the customer up as lost",
    ]
    assert day.story(DOUBLE) == [
        "Fri 09:00 card",
        f"Fri 09:30 {ana} claimed",
        f"Fri 11:40 {ana} told the customer",
    ]
    assert day.story(KEPT) == [
        "Fri 09:00 card",
        f"Fri 09:40 {ben} claimed",
        f"Fri 09:40 {ben} promised the customer: a call, by 23 Oct 2026 15:00 CEST",
        f"Fri 11:40 {ben} told the customer",
        f"Fri 14:00 {ben} A promise is due soon: a call, by 23 Oct 2026 15:00 CEST",
        f"Fri 14:40 {ben} kept the promise: a call",
        f"Fri 14:40 {ben} recovered the customer by a reply",
    ]
    assert day.story(BROKEN) == [
        "Fri 09:00 card",
        f"Fri 09:40 {ana} claimed",
        f"Fri 09:40 {ana} promised the customer: a new tin, by 26 Oct 2026 10:00 CET",
        f"Fri 11:40 {ana} told the customer",
        f"Mon 09:00 {ana} A promise is due soon: a new tin, by 26 Oct 2026 10:00 CET",
        f"Mon 10:00 {ana} A promise is due now: a new tin, by 26 Oct 2026 10:00 CET",
        f"Mon 10:30! {ana} A promise was broken: a new tin",
        f"Mon 10:30! <@{LEAD}> It goes up to lead: a promise was broken",
        f"Mon 14:40 {ana} recovered the customer by a replacement",
    ]
    assert day.story(SNOOZED) == [
        "Fri 09:00 card",
        f"Fri 09:40 {ben} claimed",
        f"Fri 09:40 {ben} snoozed it until 26 Oct 2026 10:00 CET",
        "Mon 10:00 It is awake again",
        f"Mon 10:40 {ben} told the customer",
    ]
    assert day.story(HAPPIER) == [
        "Fri 09:00 card",
        f"Fri 09:40 {ana} claimed",
        f"Fri 11:40 {ana} told the customer",
        "Fri 16:10 Fred6 wrote again. Recovered?",
        f"Mon 09:40 {ana} recovered the customer by a reply",
    ]
    assert day.story(REGRESSED) == [
        "Fri 09:00 card",
        f"Fri 09:40 {ben} claimed",
        f"Fri 11:40 {ben} told the customer",
        f"Fri 14:40 {ben} recovered the customer by a refund",
        "Sun 12:00! Fred7 was won back, and complains again",
        f"Mon 09:40 {ana} claimed",
        f"Mon 11:40 {ana} told the customer",
        f"Mon 14:40 {ana} recovered the customer by a replacement",
    ]
    late = "the first response is overdue"
    assert day.story(CLIMBING) == [
        "Fri 09:00 card",
        "Fri 10:00 Nobody has taken it yet",
        "Fri 12:00 Its time is nearly over",
        f"Fri 13:00! <@{LEAD}> It goes up to lead: {late}",
        f"Fri 15:00! <!subteam^S0MANAGERS> It goes up to manager: {late}",
        f"Mon 11:00! {head} It goes up to authority: {late}. There is nobody above",
        f"Mon 11:40 {head} claimed",
        f"Mon 11:40 {head} told the customer",
        f"Mon 14:40 {head} recovered the customer by a replacement",
    ]
    assert day.story(ALARMING) == [
        "Sun 00:30 card",
        f"Sun 00:30! {head} It goes up to authority: somebody's safety is at stake. There is nobody above",
        "Sun 01:30 Nobody has taken it yet",
        # three hours of four: from half past two on, the clocks have gone back
        "Sun 02:30 Its time is nearly over",
        f"Sun 04:00 {head} claimed",
        f"Sun 04:00 {head} told the customer",
        f"Mon 04:00 {head} It has waited for long: is that still right?",
        f"Mon 14:40 {head} recovered the customer by a replacement",
    ]
    ends = dict.fromkeys(WON, "Fri 14:40 {} recovered the customer by a gesture")
    ends |= dict.fromkeys(DISMISSED, "Fri 14:40 {} dismissed")
    ends |= dict.fromkeys(HANDED, f"Fri 14:40 {{}} handed it over to <@{LEAD}>")
    ends |= dict.fromkeys(CALLED, f"Fri 14:40! <@{LEAD}> {{}} escalated it to lead")
    for n in ROUTINE:
        who = f"<@{whose(n)}>"
        told = ["Fri 09:00 card", f"Fri 09:40 {who} claimed", f"Fri 11:40 {who} told the customer"]
        assert day.story(n) == [*told, ends[n].format(who)]


def _times_are_right(day: Workday) -> None:
    """In hours of the desk, nine to five; of what is critical, around the clock. Friday has eight of them, and Sunday
    twenty-five."""
    assert {n: day.took(n) for n in (KEPT, BROKEN, HAPPIER, REGRESSED, CLIMBING, ALARMING)} == {
        KEPT: (span("0:40"), span("2:40"), span("5:40")),
        BROKEN: (span("0:40"), span("2:40"), span("13:40")),
        HAPPIER: (span("0:40"), span("2:40"), span("8:40")),
        REGRESSED: (span("0:40"), span("2:40"), span("5:40")),  # since the customer came back
        CLIMBING: (span("10:40"), span("10:40"), span("13:40")),
        ALARMING: (span("4:30"), span("4:30"), span("39:10")),
    }
    assert day.took(TWICE) == day.took(DOUBLE) == (span("0:30"), span("2:40"), None)
    assert day.took(SNOOZED) == (span("0:40"), span("9:40"), None)
    # the clocks of the cases stand while it sleeps, while it is the customer's turn, and while it is closed
    told = {n: day.clocks(n) for n in (KEPT, BROKEN, SNOOZED, HAPPIER, REGRESSED, CLIMBING, ALARMING)}
    assert {n: minutes(found.first_response.used) for n, found in told.items()} == {
        KEPT: span("2:40"),
        BROKEN: span("2:40"),
        SNOOZED: span("1:20"),
        HAPPIER: span("2:40"),
        REGRESSED: span("2:40"),
        CLIMBING: span("10:40"),
        ALARMING: span("4:30"),
    }
    assert {n: minutes(found.resolution.used) for n, found in told.items()} == {
        KEPT: span("2:40"),
        BROKEN: span("2:40"),
        SNOOZED: span("1:20"),
        HAPPIER: span("4:10"),
        REGRESSED: span("5:20"),
        CLIMBING: span("10:40"),
        ALARMING: span("4:30"),
    }


def _reconcile(day: Workday) -> dict[str, int]:
    ended = subprocess.run([COMMAND, "reconcile", "--json"], cwd=day.folder, capture_output=True, check=True)
    account: dict[str, int] = json.loads(ended.stdout)
    return account
