"""A made-up past of a fictional business, by a seed: what was said, and what the desk did with it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from fakes import ACME, NOW

from benchmarks.texts import post
from monitor.collect.ingest import Ingest, Judge, Reading
from monitor.collect.missed import bring_in
from monitor.core.cases import Action
from monitor.core.errors import CaseError, Conflict
from monitor.core.intents import Alert
from monitor.core.model import Author, Mention, Rating, Reach
from monitor.core.ports import Store
from monitor.core.routing import Routing
from monitor.core.suppress import Ground, Rule
from monitor.recover import move

SOURCES = ("reviews", "forum")
BEGAN = NOW - timedelta(days=90)


@dataclass
class Past:
    """Fills a store. With `desk` false nobody touches what is heard, and nothing is edited or deleted."""

    store: Store
    judge: Judge
    threshold: float
    seed: int = 1
    desk: bool = True
    copies: float = 0.08
    """The share of posts that repeat another."""
    at: datetime = BEGAN
    heard: list[Mention] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)
        routing = Routing("slack:C0ACME", business=ACME)
        self.ingest = Ingest(
            self.store, self.judge, ACME, self.threshold, timedelta(days=1), "slack:C0ACME", routing
        )

    def live(self, days: int, a_day: int = 12) -> None:
        for _ in range(days):
            self.at += timedelta(hours=self.draw.randint(18, 30))
            for source in SOURCES:
                self.hear(source, [self.said(source) for _ in range(self.draw.randint(1, a_day))])
            if self.desk:
                for _ in range(4):
                    self.work()

    def said(self, source: str) -> Mention:
        draw, number = self.draw, len(self.heard)
        text = post(draw, draw.choice((40, 90, 200)))
        if draw.random() < self.copies and self.heard:
            text = draw.choice(self.heard).text
        who = draw.randint(0, 35)
        author = Author(f"p{who}", f"Fictional {who}") if who else Author(None, "Somebody")
        made = Mention(
            source,
            str(number),
            text,
            author=author,
            published=self.at - timedelta(minutes=draw.randint(1, 600)),
            rating=Rating(draw.randint(1, 5)) if draw.random() < 0.3 else None,
            reach=Reach(draw.choice((None, 50, 20_000)), None),
            repost=draw.random() < 0.03,
        )
        self.heard.append(made)
        return made

    def hear(self, source: str, mentions: list[Mention]) -> None:
        fresh = self.ingest.judged(self.ingest.fresh(mentions))
        with self.store.write() as tx:
            tx.register_feed(source, source, ACME.key, self.at)
            telling = self.ingest.telling(tx, source, "run", Alert.ALL, self.at)
            self.ingest.store_judged(tx, fresh, telling, self.at, Reading(source))

    def work(self) -> None:
        """One thing that happens to a post or a case."""
        draw = self.draw
        deed = draw.choice(("edit", "gone", "missed", "rule", "dismiss", "move", "move", "move"))
        try:
            self._work(deed)
        except (CaseError, Conflict):
            return
        self.done.append(deed)

    def _work(self, deed: str) -> None:
        draw = self.draw
        old = draw.choice(self.heard)
        if deed == "edit":
            self.edit(old, post(draw, 90))
        elif deed == "gone":
            with self.store.write() as tx:
                tx.mark_gone(ACME.key, old.source, [old.native_id], self.at, words=True)
        elif deed == "missed":
            with self.store.read() as tx:
                found = tx.recent(ACME.key, quiet=True, limit=40)
            bring_in(self.ingest, str(draw.choice(found).id), "dana", self.at)
        elif deed == "rule":
            if draw.random() < 0.3 and old.author.key:
                with self.store.write() as tx:
                    tx.accept(ACME.key, Rule(Ground.AUTHOR, old.author.key, old.source), "dana", self.at)
        else:
            with self.store.read() as tx:
                case = draw.choice(tx.cases(business=ACME.key))
            acts = [Action.CLAIM, Action.CONTACT, Action.RECOVER, Action.LOSE, Action.REOPEN]
            act = Action.DISMISS if deed == "dismiss" else draw.choice(acts)
            move(self.store, case.id, act, "dana", self.at, note="why", not_a_complaint=draw.random() < 0.5)

    def edit(self, old: Mention, text: str) -> None:
        self.hear(old.source, [replace(old, text=text, edited=self.at)])
