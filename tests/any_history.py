"""A business's history drawn by chance, through the doors that the product uses: posts that come late, are edited and
deleted, feeds that fail, people who work on cases, customers who come back and complain again."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import cast

from monitor.core.cases import Action, Details, How
from monitor.core.day import NEVER_DUE
from monitor.core.errors import CaseError, Conflict
from monitor.core.expectations import EXPECTATIONS
from monitor.core.intents import Alert, Judged
from monitor.core.model import Author, Evidence, Mention, Place, Reach, Severity
from monitor.core.ports import Store
from monitor.core.store import Transaction
from monitor.recover import move
from storage.testing.field import BUSINESS, SLACK, SOURCE, bad, fine, hear, said

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
PLACES = ("Mill Lane", "Harbour Street", "")
WORDS = ("It came cold", "Nobody called me back", "They laughed at me", "Charged me twice", "The lid broke")
KIND = ("All is well now", "Thank you so much", "A lovely afternoon")


@dataclass
class History:
    """What happens until `end`; `readings` are those that went well."""

    store: Store
    start: datetime
    chance: random.Random
    readings: list[tuple[str, datetime]] = field(default_factory=list)
    posts: list[Mention] = field(default_factory=list)

    def pass_days(self, days: int, busy: int) -> datetime:
        """Up to how far it went."""
        feeds = {"app": 0, "forum": self.chance.randint(0, days // 2)}
        with self.store.write() as tx:
            tx.register_feed("old reviews", "files", BUSINESS, self.start)
            for name in feeds:
                tx.register_feed(name, f"source of {name}", BUSINESS, self.start)
            self._read(tx, "old reviews", self.start, due=NEVER_DUE)
        now = self.start
        for day in range(days):
            for moment in sorted(self.chance.random() for _ in range(self.chance.choice((1, 1, 2)))):
                now = self.start + day * DAY + moment * DAY
                for name, since in feeds.items():
                    if day >= since:
                        self._listen(name, now, busy)
                for _ in range(self.chance.choice((0, 1, 2))):
                    now += self.chance.random() * HOUR
                    self._work(now)
        return self.start + days * DAY

    def _listen(self, feed: str, now: datetime, busy: int) -> None:
        with self.store.write() as tx:
            if self.chance.random() < 0.1:
                tx.lease_feed(feed, "t", now, now, force=True)
                tx.fail_feed(feed, "t", now, now, "nobody answered")
                return
            many = self.chance.randint(0, busy)
            page = [self._post(feed, now) for _ in range(many)]
            if self.posts and self.chance.random() < 0.2:
                page.append(self._edited(now))
            if page:
                source = self.chance.choice((feed, feed, feed, "old reviews"))
                alert = self.chance.choice((Alert.ALL, Alert.RECENT, Alert.RECENT))
                hear(tx, *page, now=now, feed=source, alert=alert)
            if self.posts and self.chance.random() < 0.1:
                gone = self.chance.choice(self.posts).native_id
                tx.mark_gone(BUSINESS, SOURCE, [gone], now, words=self.chance.random() < 0.5)
            self._read(tx, feed, now)

    def _read(self, tx: Transaction, feed: str, now: datetime, due: datetime | None = None) -> None:
        tx.lease_feed(feed, "t", now, now, force=True)
        tx.succeed_feed(feed, "t", now, due or now)
        self.readings.append((feed, now))

    def _post(self, feed: str, now: datetime) -> Judged:
        chance = self.chance
        late = chance.choice((0.01, 0.01, 0.5, 3, 20)) * chance.random() * DAY
        when = chance.choice((now - late, now - late, now - late, now + DAY, None))
        who = chance.randint(1, 25)
        mention = said(
            f"{feed} {len(self.posts)}",
            "",
            author=chance.choice((Author(f"p{who}", f"Pretend {who}"), Author(None, "Somebody"))),
            published=when,
            place=Place(location=chance.choice(PLACES) or None),
            reach=Reach(chance.choice((None, 5, 900)), chance.choice((None, 20))),
        )
        self.posts.append(mention)
        return self._judged(mention)

    def _edited(self, now: datetime) -> Judged:
        before = self.chance.choice(self.posts)
        published = self.chance.choice((before.published, now - self.chance.random() * DAY))
        return self._judged(replace(before, published=published, edited=now))

    def _judged(self, mention: Mention) -> Judged:
        chance = self.chance
        if chance.random() < 0.45:
            words = f"{chance.choice(WORDS)} {chance.random():.6f}"
            judged = bad(replace(mention, text=words), chance.choice(list(Severity)))
            keys = chance.sample(EXPECTATIONS, chance.choice((0, 1, 1, 2)))
            told = tuple(Evidence(key, words[:6], 0, 6) for key in keys)
            sure = chance.choice((0.6, 0.75, 0.9))
            # no two complaints are copies of each other here
            return replace(
                judged, verdict=replace(judged.verdict, expectations=told, complaint=sure), sketch=None
            )
        words = f"{chance.choice(KIND)} {chance.random():.6f}"
        praise = chance.random() < 0.5
        judged = fine(replace(mention, text=words), praise=praise)
        staff = ("Omar",) if praise and chance.random() < 0.4 else ()
        return replace(judged, verdict=replace(judged.verdict, staff=staff))

    def _work(self, now: datetime) -> None:
        chance = self.chance
        with self.store.read() as tx:
            cases = tx.cases(business=BUSINESS)
        if not cases:
            return
        case = chance.choice(cases)
        action = chance.choice(
            (
                *(Action.CLAIM, Action.CONTACT, Action.CONTACT, Action.RECOVER, Action.RECOVER),
                *(Action.LOSE, Action.DISMISS, Action.REOPEN, Action.RELEASE, Action.NOTE),
                *(Action.PROMISE, Action.PROMISE, Action.KEEP, Action.BREAK, Action.SNOOZE),
            )
        )
        details = Details()
        if action is Action.RECOVER:
            details = Details(how=chance.choice((None, *How)))
        elif action in (Action.PROMISE, Action.SNOOZE):
            details = Details(until=now + chance.random() * 3 * DAY + MINUTE, what="a call back")
        note = "as they said" if action in (Action.LOSE, Action.DISMISS, Action.NOTE) else ""
        with suppress(CaseError, Conflict):
            move(
                self.store,
                case.id,
                action,
                cast(str, chance.choice(("ann", "bob"))),
                now,
                note=note or chance.choice(("", "we talked")),
                details=details,
                not_a_complaint=action is Action.DISMISS and chance.random() < 0.5,
            )


__all__ = ["SLACK", "History"]
