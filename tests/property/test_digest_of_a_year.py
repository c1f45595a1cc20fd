"""Days of a simulated year, told twice: its incidents, its silent feed, the viral post and both changes of clocks."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

import pytest
from simulated_year import BEGIN, FEEDS, HeardPost, Year, simulate

from monitor.core.cases import Action, Details, How
from monitor.core.errors import CaseError
from monitor.core.ingest import customer_of, plan
from monitor.core.intents import Alert, Judged, Telling
from monitor.core.model import Business
from monitor.core.policy import Policy
from monitor.core.ports import Store
from monitor.recover import move
from monitor.report import Span, day, read_digest, week
from storage.testing import temporary_store
from tests import naive_digest
from tests.property.test_digest_any_history import told

SHOP = Business("Pocketbarn", "pocketbarn", timezone="Europe/London")
DAY = timedelta(days=1)
TELLING = Telling("console", Alert.RECENT, DAY, "backlog:1", "feed")


def stored(store: Store, year: Year) -> list[naive_digest.Reading]:
    """The year in the store, a day of each feed at a time; when each feed was read well."""
    readings = []
    with store.write() as tx:
        for feed in FEEDS:
            tx.register_feed(feed.name, feed.source, SHOP.key, BEGIN)
    for heard_on, posts in groupby(year.posts, key=lambda post: post.heard.date()):
        with store.write() as tx:
            by_feed: dict[str, list[HeardPost]] = {feed.name: [] for feed in FEEDS}
            for post in posts:
                by_feed[post.feed].append(post)
            for name, page in by_feed.items():
                now = max((post.heard for post in page), default=BEGIN + (heard_on - BEGIN.date()))
                for source, here in groupby(page, key=lambda post: post.mention.source):
                    judged = [Judged(post.mention, post.verdict) for post in here]
                    customers = [customer_of(item.mention) for item in judged]
                    ids = [item.mention.native_id for item in judged]
                    made = plan(
                        judged,
                        known=tx.known(SHOP.key, source, ids),
                        standing=tx.standing(SHOP.key, source, customers, "console"),
                        recovered=tx.recovered(SHOP.key, source, customers, "console"),
                        telling=TELLING,
                        business=SHOP.key,
                        now=now,
                    )
                    tx.apply(made, SHOP.key, name, now)
                tx.lease_feed(name, "t", now, now, force=True)
                tx.succeed_feed(name, "t", now, now)
                readings.append((name, now))
    return readings


def worked(store: Store, chance: random.Random) -> None:
    """Some cases are answered and ended within days."""
    with store.read() as tx:
        cases = tx.cases(business=SHOP.key)
    for case in chance.sample(cases, min(len(cases), 80)):
        at = case.opened + chance.random() * DAY
        end = chance.choice((Action.RECOVER, Action.RECOVER, Action.LOSE, Action.DISMISS))
        for action in (Action.CONTACT, end):
            how = Details(how=chance.choice(list(How))) if action is Action.RECOVER else Details()
            with suppress(CaseError):
                move(store, case.id, action, "ann", at, note="as they said", details=how)
            at += chance.random() * 3 * DAY


@pytest.mark.slow
def test_days_of_a_year_are_those_that_a_naive_reader_tells(tmp_path: Path) -> None:
    year, chance = simulate(11, mentions=4_000), random.Random(11)
    store = temporary_store(tmp_path)
    readings = stored(store, year)
    worked(store, chance)
    with store.read() as tx:
        world = naive_digest.world_of(tx, SHOP.key, readings)
    truth, now = year.truth, BEGIN + 400 * DAY
    days = {
        *(one.start.date() for one in truth.incidents),
        truth.silent[0].date() + DAY,
        truth.silent[1].date(),
        truth.viral_span[0].date(),
        date(2025, 3, 30),
        date(2025, 10, 26),
    }
    spans: list[Span] = [day(one, SHOP.timezone) for one in sorted(days)]
    spans.append(week(truth.incidents[0].start.date(), SHOP.timezone))
    unusual = 0
    for span in spans:
        digest = read_digest(store, SHOP, span, now, shown=10**6)
        length = digest.length.value
        asked = naive_digest.Asked(SHOP.timezone, span.since, span.until, length, "", now, Policy())
        assert told(digest) == naive_digest.digest(world, asked), span
        unusual += digest.numbers.complaints.against == "more"
    assert unusual, "an incident is more than usual"
    store.close()
