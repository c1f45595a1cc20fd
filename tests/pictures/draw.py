"""Pictures of cards and modals, drawn from the very blocks that Slack gets.

python tests/pictures/draw.py FOLDER      needs Chromium on the path; `docs/pictures` holds the best
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import page
from morning import morning

from alerts.slack import actions
from alerts.slack.blocks import Level, render
from alerts.slack.home import home
from alerts.slack.modals import Beside, modal
from alerts.testing import digests
from monitor.core.casefile import File
from monitor.core.clocks import clocks
from monitor.core.digest import Digest
from monitor.core.draft import check_draft
from monitor.core.masking import mask_staff, masked
from monitor.core.message import Card, Content, Kind, Message, Note
from monitor.core.model import (
    Author,
    Case,
    CaseEvent,
    Evidence,
    Heard,
    Mention,
    Past,
    Place,
    Promise,
    Rating,
    Severity,
    State,
    Verdict,
)
from monitor.core.moves import PROPOSE, Action
from monitor.core.playbook import draft
from monitor.core.playbook_file import shipped
from monitor.core.policy import Policy
from monitor.core.reply import Facts

NOW = datetime(2026, 11, 24, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PEOPLE = {"U0DANA": "Dana", "U0OMAR": "Omar"}
WORDS = (
    "I ordered the big brunch box for my mother's birthday. It came two hours late and half of it was missing. "
    "On the phone Nadia promised to call back within the hour. That was on Saturday; nobody has called."
)
LATE = "It came two hours late and half of it was missing"
CALL = "promised to call back within the hour"
THANKS = "Dana called, said sorry and brought the box round herself. That is how it is done, thank you!"
OWN = "I am sorry, Petra: we did not keep our word. I bring you a new box today, by five."
PAST = Past(3, datetime(2026, 5, 4, tzinfo=UTC), {State.RECOVERED: 1})
URL = "https://reviews.example/acme/31"


def heard(words: str = WORDS, title: str = "A birthday without its brunch", **more: Any) -> Heard:
    mention = Mention(
        source="appstore",
        native_id="31",
        text=words,
        title=title,
        url=URL,
        author=Author("petra", "Pretend Petra"),
        published=NOW - 3 * HOUR,
        rating=Rating(1),
        place=Place(storefront="gb"),
    )
    verdict = Verdict(
        0.97,
        True,
        Severity.HIGH,
        ("was promised a call or an answer that never came", "complained before: this is the third time"),
        evidence=(Evidence("promised_no_call", CALL), Evidence("late", LATE)),
        expectations=(Evidence("follow_through", CALL, 0, 1), Evidence("reliability", LATE, 0, 1)),
    )
    return Heard(1, "reviews", replace(mention, **more), verdict, NOW - HOUR)


def case(state: State, **more: Any) -> Case:
    known = Case(
        31, "default", "appstore", "petra", "Pretend Petra", state, Severity.HIGH, NOW - HOUR, url=URL
    )
    return replace(known, **more)


def card(state: State, now: datetime = NOW, promises: tuple[Promise, ...] = (), **more: Any) -> Card:
    known = case(state, **more)
    return Card(
        known,
        (masked(heard(), ("Nadia",)),),
        0,
        promises=promises,
        past=PAST,
        clocks=clocks(known, Policy(), now),
        rung=("", "lead", "manager", "authority")[known.level],
    )


PROMISE = Promise(1, 31, "a new brunch box, free of charge", NOW + 7 * HOUR, NOW, "U0DANA")


def blocks(content: Content) -> list[dict[str, Any]]:
    message = Message("d", Kind.CARD, "C1", content, case_id=31, timezone="Europe/London")
    found: list[dict[str, Any]] = render(message)["blocks"]
    return found


def post(content: Content, at: str, **more: bool) -> str:
    return page.post(blocks(content), at, PEOPLE, **more)


def digest(day: Digest, level: Level = Level.FULL, pages: int = 0) -> str:
    """As the channel shows it: those who wait have cases that can be claimed."""
    ready = tuple(replace(one, who=replace(one.who, revision=1)) for one in day.waiting[:9])
    message = Message("d", Kind.DIGEST, "C1", replace(day, waiting=ready, pages=pages), timezone=day.timezone)
    return page.post(render(message, level)["blocks"], "08:30", PEOPLE)


def note(headline: str, at: str, quote: str = "", **more: Any) -> str:
    return post(Note(case(State.CLAIMED), headline, quote, **more), at, thread=True)


def view(move: str, beside: Beside) -> str:
    events = (
        CaseEvent(31, NOW - HOUR, "monitor", "opened", None, State.OPEN),
        CaseEvent(31, NOW - HOUR / 2, "U0DANA", "claim", State.OPEN, State.CLAIMED),
        CaseEvent(
            31, NOW - HOUR / 3, "U0DANA", "note", State.CLAIMED, State.CLAIMED, "The driver had two boxes."
        ),
    )
    claimed = case(State.CLAIMED, owner="U0DANA")
    file = File(claimed, (heard(),), events, heard(), (PROMISE,), PAST, (12,))
    return page.modal(modal(move, file, 3, "C1", "1.2", NOW, "Europe/London", beside), PEOPLE)


def pictures() -> dict[str, str]:
    facts = Facts(
        "Acme Coffee",
        "appstore",
        customer="Pretend Petra",
        expectation="follow_through",
        author="Dana",
        now=NOW,
    )
    own = "We are sorry, but you should have told the driver. As per our policy we will call you back soon."
    made = draft(facts, shipped())
    claimed = {"owner": "U0DANA", "claimed": NOW}
    told = {**claimed, "contacted": NOW + HOUR / 2, "waiting": NOW + HOUR / 2}
    closed = {**claimed, "contacted": NOW + HOUR / 2, "closed": NOW + 5 * HOUR}
    actors = ("U0DANA",)
    return {
        "open": post(card(State.OPEN), "10:12", menu=True),
        "claimed": post(card(State.CLAIMED, promises=(PROMISE,), **claimed), "10:12"),
        "contacted": post(card(State.CONTACTED, NOW + HOUR, (PROMISE,), **told), "10:12"),
        "escalated": post(card(State.CLAIMED, NOW + 4 * HOUR, level=2, **claimed), "10:12"),
        "asleep": post(
            card(
                State.CLAIMED,
                NOW + HOUR / 2,
                snoozed=NOW,
                wake=NOW + 23 * HOUR,
                pauses=((NOW, None),),
                **claimed,
            ),
            "10:12",
        ),
        "recovered": post(card(State.RECOVERED, NOW + 5 * HOUR, **closed), "10:12"),
        "lost": post(card(State.LOST, NOW + 5 * HOUR, **closed), "10:12"),
        "dismissed": post(card(State.DISMISSED, NOW + 5 * HOUR, **closed), "10:12"),
        "thread": post(card(State.CONTACTED, NOW + HOUR, (PROMISE,), **told), "10:12")
        + note("U0DANA claimed", "10:15", people=actors)
        + note(
            "U0DANA promised the customer: a new brunch box, free of charge, by",
            "10:31",
            until=PROMISE.due,
            people=actors,
        )
        + note(
            "U0DANA told the customer",
            "10:42",
            OWN,
            url=URL,
            people=actors,
        )
        + note(
            "Pretend Petra wrote again. Recovered?",
            "18:20",
            THANKS,
            url=URL,
            action=PROPOSE,
            earlier=mask_staff(WORDS, ("Nadia",)),
        ),
        "home": page.home(home(morning()), PEOPLE),
        "digest": digest(digests.DAY, pages=1),
        "digest-week": digest(digests.WEEK),
        "digest-text": digest(digests.DAY, Level.PLAIN),
        "digest-quiet": digest(digests.QUIET),
        "digest-many": digest(digests.many(), pages=20),
        "modal-draft": view(actions.DRAFT, Beside(drafted=made)),
        "modal-findings": view(actions.DRAFT, Beside(text=own, findings=check_draft(own, facts))),
        "modal-promise": view(Action.PROMISE, Beside()),
        "modal-snooze": view(Action.SNOOZE, Beside()),
        "modal-dismiss": view(Action.DISMISS, Beside()),
        "modal-more": view(actions.MORE, Beside(clocks=clocks(case(State.CLAIMED), Policy(), NOW))),
    }


def main(folder: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no Chromium on the path")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        for name, drawn in pictures().items():
            source = Path(place, f"{name}.html")
            source.write_text(page.page(drawn), encoding="utf-8")
            wide = 562 if name.startswith("modal") else 740
            shot = [chromium, "--headless", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"]
            shot += [f"--user-data-dir={place}/profile"]
            first = [*shot, f"--window-size={wide},800", "--dump-dom", source.as_uri()]
            told = subprocess.run(first, check=True, capture_output=True, text=True).stdout
            tall = re.search(r"<title>(\d+)</title>", told)
            assert tall, f"{name} did not tell how high it is"
            size, picture = f"--window-size={wide},{tall[1]}", f"--screenshot={folder / f'{name}.png'}"
            subprocess.run([*shot, size, picture, source.as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
