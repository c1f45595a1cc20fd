"""What modals and answers are made of, with everything there that can be: for tests that draw them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from alerts.testing import samples
from monitor.core.asking import Condition, FeedLine
from monitor.core.casefile import File
from monitor.core.draft import check_draft
from monitor.core.finding import Finding
from monitor.core.gestures import Beside
from monitor.core.model import CaseEvent, Promise, State
from monitor.core.playbook import draft
from monitor.core.playbook_file import shipped
from monitor.core.reply import Facts
from monitor.core.sending import Trouble

NOW = samples.NOW
BLAME = "You should have called us first. You didn't read what stands there."


def file(words: str = samples.WORDS, name: str = samples.NAME, posts: int = 3, **of_case: Any) -> File:
    """A case of which everything is there."""
    case = samples.case(name, **{"owner": "U0ANN", **of_case})
    mentions = tuple(samples.heard(words, name, native_id=str(n)) for n in range(posts))
    promises = (
        Promise(7, 12, words, NOW + timedelta(hours=3), NOW, "U0ANN"),
        Promise(8, 12, "A new bag", NOW + timedelta(hours=9), NOW, name),
        Promise(9, 12, "A call", NOW, NOW, "U0ANN", outcome="kept", ended=NOW),
    )
    data = {"what": words, "until": NOW.isoformat()}
    events = (
        CaseEvent(12, NOW, "monitor", "opened", None, State.OPEN),
        CaseEvent(12, NOW, "monitor", "complained again", State.OPEN, State.OPEN),
        CaseEvent(12, NOW, "U0ANN", "claim", State.OPEN, State.CLAIMED),
        CaseEvent(12, NOW, "U0ANN", "promise", State.CLAIMED, State.CLAIMED, words, data=data),
        CaseEvent(12, NOW, name, "hand_over", State.CLAIMED, State.CLAIMED, data={"to": "U0BOB"}),
    )
    return File(case, mentions, events, mentions[-1] if mentions else None, promises, linked=(4, 9))


def beside(words: str = samples.WORDS, name: str = samples.NAME, *, checked: bool = False) -> Beside:
    others = [(samples.case(name, id=n), samples.heard(words, name)) for n in range(1, 120)]
    facts = Facts(name, customer=name, now=NOW)
    findings: list[Finding] | None = check_draft(f"{BLAME} {words[:5_000]}", facts) if checked else None
    return Beside(
        notice=words,
        candidates=[(samples.case(name, id=130), None), *others],
        drafted=draft(facts, shipped()),
        text=words if checked else "",
        findings=findings,
        rung=name,
    )


def condition(words: str, feeds: int = 60) -> Condition:
    return Condition(
        now=NOW,
        timezone="Europe/London",
        mentions=1_000_000,
        complaints=5_000,
        held_back=3,
        cases={"open": 5_000, "lost": 1},
        outbox={"sent": 9},
        feeds=tuple(
            FeedLine(f"{words} {n}", ("heard", "failing", "new")[n % 3], NOW, words) for n in range(feeds)
        ),
        troubles=tuple(Trouble("slack:C1", "no", words, NOW, NOW) for _ in range(4)),
    )
