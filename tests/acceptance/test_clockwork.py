"""A weekend in which the clocks change, told by the desk's clock alone: over real HTTP to the Slack look-alike, with
two processes that both look every half hour, and a clock that is moved by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fakes import Clock, Stop
from stage import Stage, stored

from alerts.testing.slack import SlackLookalike
from alerts.testing.workspace import Channel
from monitor.collect.ingest import Reading
from monitor.core.cases import Action, Details
from monitor.core.intents import Alert
from monitor.core.model import Author, Mention, Rating, Reply, State
from monitor.recover import move
from monitor.settings import load
from monitor.wiring import App, open_database

LONDON = ZoneInfo("Europe/London")
STEP, SOON = timedelta(minutes=30), timedelta(seconds=5)
GRUMBLE = "The coffee at Acme Coffee was cold, the staff ignored me, and nobody said sorry. Order {}."
ALARM = "Acme Coffee gave me food poisoning and I ended up in hospital."
UNPAID = "Acme Coffee charged my card twice and refuses to refund me. Nobody answers. Terrible."
THANKS = "Thank you Omar at Acme Coffee, lovely staff and the best flat white in town!"
HAPPY = "Acme Coffee called me and put it right. Everything is resolved now, I am happy, thank you!"
SETTINGS = """
[business]
name = "Acme Coffee"
timezone = "Europe/London"
own_accounts = ["@acme"]
[slack]
channel = "C0COMPLAINTS"
api_url = "{url}"
post_interval = "0.01s"
update_interval = "0.01s"
storm_after = 0
[desk]
around_the_clock = ["critical", "high"]
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
people = ["U0LEAD"]
[[desk.ladder]]
name = "manager"
wait = "4h"
people = ["S0MANAGERS"]
channel = "C0MANAGERS"
[[desk.ladder]]
name = "authority"
wait = "8h"
people = ["U0AUTH"]
"""


def at(told: str) -> datetime:
    """`23 10:00`: that time in London, in October 2026. The 23rd is a Friday, and on the 25th clocks go back."""
    day, _, clock = told.partition(" ")
    hour, _, minute = clock.partition(":")
    return datetime(2026, 10, int(day), int(hour), int(minute), tzinfo=LONDON)


@dataclass
class Weekend:
    slack: SlackLookalike
    clock: Clock
    apps: list[App]

    def hear(self, number: int, text: str, by: str, **more: Any) -> None:
        app = self.apps[0]
        author = Author(by, by.title(), f"https://people.example/{by}")
        more = {"published": self.clock(), "url": f"https://posts.example/{number}"} | more
        heard = Mention("reviews", str(number), text, author=author, **more)
        with app.store.write() as tx:
            telling = app.ingest.telling(tx, "reviews", self.clock().isoformat(), Alert.ALL, self.clock())
            judged = app.ingest.judged(app.ingest.fresh([heard]))
            app.ingest.store_judged(tx, judged, telling, self.clock(), Reading("reviews"))
        self.apps[0].deliverer.drain(SOON)

    def do(self, case: int, action: Action, who: str, **details: Any) -> None:
        move(self.apps[0].store, case, action, who, self.clock(), note="because", details=Details(**details))
        self.apps[0].deliverer.drain(SOON)

    def until(self, told: str) -> None:
        """Both processes look every half hour (and half a minute later), and one of them delivers."""
        end, tick = at(told).astimezone(UTC), at("23 09:00").astimezone(UTC) + timedelta(seconds=30)
        while tick < end:
            tick += STEP
            if tick <= self.clock():
                continue
            self.clock.at = tick
            for app in self.apps:
                app.clockwork.run(self.clock())
            self.apps[0].deliverer.drain(SOON)

    def said(self, case: int, channel: str = "C0COMPLAINTS") -> list[str]:
        """What was posted of a case (0: of any) there: when, whether to the whole channel (!), and what."""
        lines = []
        for call in self.slack.calls:
            body = call["body"]
            if call["method"] != "chat.postMessage" or not call["stored"]:
                continue
            about = body["metadata"]["event_payload"].get("case_id")
            if body["channel"] != channel or case not in (0, about):
                continue
            when = datetime.fromtimestamp(float(call["ts"]), LONDON)
            loud = "!" if body.get("reply_broadcast") else ""
            words = _words(body) if body.get("thread_ts") or not case else "card"
            lines.append(f"{when:%a %H:%M}{loud} {words}")
        return lines


def _words(body: dict[str, Any]) -> str:
    """The first line, without the addresses that it leads to; who did something by name, who is called as called."""
    first: str = body["blocks"][0]["text"]["text"]
    first = re.sub(r"<!date[^|>]+\|([^>]+)>", r"\1", first)
    first = re.sub(r"<https://[^|>]+\|([^>]+)>", r"\1", first)
    return re.sub(r"^<@(\w+)> (claimed|told|promised|snoozed|recovered)", r"\1 \2", first)


@pytest.fixture
def weekend(tmp_path: Path) -> Iterator[Weekend]:
    clock = Clock(at("23 09:00"))
    with SlackLookalike(
        log=tmp_path / "slack.jsonl",
        channels=("C0COMPLAINTS", "C0MANAGERS"),
        now=lambda: clock().timestamp(),
    ) as slack:
        (tmp_path / "monitor.toml").write_text(SETTINGS.format(url=slack.api_url))
        environ = {"MONITOR_SLACK__BOT_TOKEN": slack.token}
        settings = load(tmp_path / "monitor.toml", environ)
        apps = [App(settings, open_database(settings), Stop(clock), now=clock) for _ in range(2)]
        apps[0].prepare()
        yield Weekend(slack, clock, apps)
        for app in apps:
            app.close()


def test_each_case_is_told_in_its_thread_at_its_time_and_the_channel_hears_only_what_is_grave(
    weekend: Weekend,
) -> None:
    weekend.hear(1, GRUMBLE.format("a blue tray"), "ann")
    weekend.hear(2, GRUMBLE.format("three lamps, by the pier, on Tuesday evening with my aunt"), "bob")
    weekend.hear(3, GRUMBLE.format("one kettle that whistles at night and wakes the whole house"), "cyd")
    weekend.hear(4, GRUMBLE.format("a garden chair, a parasol, and two buckets full of shells"), "dee")
    weekend.do(2, Action.CLAIM, "U0ANN")
    weekend.do(3, Action.CONTACT, "U0ANN")
    weekend.do(3, Action.PROMISE, "U0ANN", what="a call", until=at("26 15:00"))
    weekend.do(4, Action.SNOOZE, "U0BOB", until=at("26 10:00"))
    weekend.until("25 21:00")
    weekend.hear(5, ALARM, "eve")
    weekend.hear(6, UNPAID, "fay")
    weekend.until("27 13:00")

    assert weekend.said(1) == [
        "Fri 09:00 card",
        "Fri 10:00 Nobody has taken it yet",
        "Fri 12:00 Its time is nearly over",
        "Fri 13:00! <@U0LEAD> It goes up to lead: the first response is overdue",
        "Fri 15:00! <!subteam^S0MANAGERS> It goes up to manager: the first response is overdue",
        # seven of its eight hours were on Friday: four after three o'clock and before Monday eleven
        "Mon 11:00! <@U0AUTH> It goes up to authority: the first response is overdue. There is nobody above",
        "Tue 11:00 <@U0AUTH> It still waits for authority: the first response is overdue",
    ]
    assert weekend.said(2) == [
        "Fri 09:00 card",
        "Fri 09:00 U0ANN claimed",
        "Fri 12:00 <@U0ANN> Its time is nearly over",
        "Fri 13:00! <@U0LEAD> It goes up to lead: the first response is overdue",
        "Fri 13:00 <@U0ANN> It was claimed, and nothing has happened since",
        "Fri 15:00! <!subteam^S0MANAGERS> It goes up to manager: the first response is overdue",
        "Mon 09:00 Nothing happened for too long: nobody has it now",
        "Mon 10:00 Nobody has taken it yet",
        "Mon 11:00! <@U0AUTH> It goes up to authority: the first response is overdue. There is nobody above",
        "Tue 11:00 <@U0AUTH> It still waits for authority: the first response is overdue",
    ]
    assert weekend.said(3) == [
        "Fri 09:00 card",
        "Fri 09:00 U0ANN told the customer",
        "Fri 09:00 U0ANN promised the customer: a call, by 26 Oct 2026 15:00 GMT",
        "Mon 14:00 <@U0ANN> A promise is due soon: a call, by 26 Oct 2026 15:00 GMT",
        "Mon 15:00 <@U0ANN> A promise is due now: a call, by 26 Oct 2026 15:00 GMT",
        "Mon 15:30! <@U0ANN> A promise was broken: a call",
        "Mon 15:30! <@U0LEAD> It goes up to lead: a promise was broken",
    ]
    assert weekend.said(4) == [
        "Fri 09:00 card",
        "Fri 09:00 U0BOB snoozed it until 26 Oct 2026 10:00 GMT",
        # ten o'clock is ten o'clock, although the clocks went back; its own clock stood until then
        "Mon 10:00 It is awake again",
        "Mon 13:00 <@U0BOB> Its time is nearly over",
        "Mon 14:00! <@U0LEAD> It goes up to lead: the first response is overdue",
        "Mon 14:00 <@U0BOB> It was claimed, and nothing has happened since",
        "Mon 16:00! <!subteam^S0MANAGERS> It goes up to manager: the first response is overdue",
        "Tue 10:00 Nothing happened for too long: nobody has it now",
        "Tue 11:00 Nobody has taken it yet",
        "Tue 12:00! <@U0AUTH> It goes up to authority: the first response is overdue. There is nobody above",
    ]
    # what is critical is said by night; what is merely high waits until morning, and is said once then
    assert weekend.said(5)[:4] == [
        "Sun 21:00 card",
        "Sun 21:30! <@U0AUTH> It goes up to authority: somebody's safety is at stake. There is nobody above",
        "Sun 22:00 Nobody has taken it yet",
        "Mon 00:00 Its time is nearly over",
    ]
    assert weekend.said(6)[:2] == [
        "Sun 21:00 card",
        "Mon 08:00! <@U0LEAD> It goes up to lead: the first response is overdue",
    ]
    up = "It goes up to manager: the first response is overdue"
    assert weekend.said(0, "C0MANAGERS") == [
        f"Fri 15:00 Medium · Ann · case 1: {up}",
        f"Fri 15:00 Medium · Bob · case 2: {up}",
        f"Mon 10:00 High · Fay · case 6: {up}",
        f"Mon 16:00 Medium · Dee · case 4: {up}",
    ]
    with weekend.apps[0].store.read() as tx:
        assert tx.account().unaccounted == 0
        slept = tx.case(4)
    assert slept is not None
    ((began, ended),) = slept.pauses
    assert (began.replace(microsecond=0), ended) == (at("23 09:00"), at("26 10:00"))


def test_an_answer_at_the_source_kind_words_and_a_relapse_all_reach_the_thread(weekend: Weekend) -> None:
    cold = GRUMBLE.format("a blue tray")
    weekend.hear(1, cold, "ann", rating=Rating(1))
    weekend.do(1, Action.CLAIM, "U0ANN")
    weekend.until("23 10:00")
    sorry = Reply("We are sorry, Ann.", at("23 09:50"))
    weekend.hear(1, cold, "ann", rating=Rating(1), reply=sorry)
    with weekend.apps[0].store.read() as tx:
        case = tx.case(1)
    assert case is not None
    assert (case.state, case.contacted, case.waiting) == (State.CONTACTED, at("23 09:50"), at("23 09:50"))
    weekend.until("23 11:00")
    weekend.hear(2, HAPPY, "ann")
    weekend.do(1, Action.RECOVER, "U0ANN")
    weekend.until("26 10:00")
    weekend.hear(3, GRUMBLE.format("again, and now it is the milk that was sour"), "ann", rating=Rating(1))
    weekend.until("26 11:00")
    assert weekend.said(1) == [
        "Fri 09:00 card",
        "Fri 09:00 U0ANN claimed",
        "Fri 10:00 The business has answered at the source · see it there",
        "Fri 11:00 Ann wrote again. Recovered?",
        "Fri 11:00 U0ANN recovered the customer",
        "Mon 10:00! Ann was won back, and complains again",
        "Mon 11:00 Nobody has taken it yet",
    ]
    (asked,) = [call["body"] for call in weekend.slack.calls if "Recovered?" in json.dumps(call["body"])]
    quotes = [
        block["elements"][0]["elements"][0]["text"] for block in asked["blocks"] if "rich" in block["type"]
    ]
    assert quotes == [cold, HAPPY], "both are there to be compared"
    buttons = asked["blocks"][-1]["elements"]
    assert [(one["action_id"], one["text"]["text"]) for one in buttons] == [
        ("recover", "Recovered…"),
        ("note", "Not yet…"),
    ]


def test_the_command_shows_what_is_due_and_does_it(stage: Stage, slack: SlackLookalike) -> None:
    stage.settings["slack"]["praise_channel"] = "C0PRAISE"
    stage.write()
    slack.workspace.channels["C0PRAISE"] = Channel("C0PRAISE", name="praise")
    rows = [{"text": ALARM, "author": "Fictional Fay"}, {"text": THANKS, "author": "Thankful Tess"}]
    (stage.folder / "posts.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    stage.well("import", "posts.jsonl", "--alert", "all")
    (found,) = stage.well("escalate", "--dry-run", "--json").json
    assert (found["case"], found["level"]) == (1, 0)
    assert [(one["action"], one["rung"], one["why"]) for one in found["due"]] == [
        ("escalate", "authority", ["safety"])
    ]
    assert [one["action"] for one in found["next"]] == ["remind"]
    page = stage.well("escalate", "--dry-run").out
    assert "now: It goes up to authority: somebody's safety is at stake" in page
    assert max(map(len, page.splitlines())) <= 80
    assert [one["case"] for one in stage.well("escalate", "--json").json] == [1]
    assert "Nothing is due" in stage.well("escalate").out
    assert stage.well("run", "--once", "--json").json["escalated"] == 0
    posts = sorted(stored(slack.calls), key=lambda body: body["channel"] == "C0PRAISE")
    assert [(body["channel"], bool(body.get("reply_broadcast"))) for body in posts] == [
        (slack.channel, False),
        (slack.channel, True),
        ("C0PRAISE", False),
    ]
    assert THANKS in json.dumps(posts[-1]["blocks"])


def test_a_route_is_told_with_its_reason_and_the_way_around_it_names_the_bot(
    stage: Stage, slack: SlackLookalike
) -> None:
    slack.workspace.add_person("U0ADA", "Ada")
    stage.settings["slack"] |= {"owner": "U0ADA"}
    stage.settings["[slack.routes]"] = {"channel": "C0GRAVE", "severity": "critical"}
    stage.write()
    slack.workspace.channels["C0GRAVE"] = Channel("C0GRAVE", name="grave", member=False)
    said = stage.well("explain", ALARM, "--source", "rss").out
    assert "It goes to C0GRAVE: severity is critical" in said
    assert stage.well("explain", ALARM, "--json").json["route"]["route"] == 1
    (stage.folder / "posts.jsonl").write_text(json.dumps({"text": ALARM, "author": "Fictional Fay"}), "utf-8")
    stage.well("import", "posts.jsonl", "--alert", "all")
    ended = stage.do("run", "--once")
    assert (ended.code, "/invite" in ended.err) == (1, True), "a person must mend it"
    direct, *others = sorted(stored(slack.calls), key=lambda body: body["channel"] != "U0ADA")
    assert json.dumps(direct["blocks"]).count("/invite @complaint-monitor") == 1, (
        "once, and by the bot's own name"
    )
    assert "<#C0GRAVE>" in json.dumps(direct["blocks"])
    assert {body["channel"] for body in others} == {slack.channel}
    shown = stage.well("cases", "show", "1")
    assert "It goes to C0GRAVE: severity is critical" in shown.out
    assert f"Its card is in {slack.channel}" in shown.out
    assert stage.account()["delivered"] == 1
