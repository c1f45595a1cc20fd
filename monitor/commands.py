"""What somebody asks in a line is read from the store; how it is shown is the receiver's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from monitor.core.asking import Asked, Condition, FeedLine, Found, Help, Reply, Topic, asked
from monitor.core.model import Business
from monitor.core.policy import Policy
from monitor.core.ports import Store
from monitor.core.queue import Shelf, standing
from monitor.health import read_status
from monitor.queue import desk_of, lines_of, queue_of
from monitor.report import read_digest, yesterday

FOUND = 10
"""Cases of a search on one page."""
PAGE = 3
"""Lines of each shelf in a message; of one shelf alone, `FOUND`."""
DEEPEST = 50
"""Pages of a search: who turned so many should look for something else."""


def reply(
    store: Store,
    text: str,
    person: str,
    business: Business,
    policy: Policy,
    now: datetime,
    enabled: Mapping[str, bool],
) -> Reply:
    """The answer to what this person typed. `enabled`: the feeds of the settings, and whether each is read."""
    wanted = asked(text)
    match wanted.topic:
        case Topic.HELP:
            return Help(wanted.words)
        case Topic.STATUS:
            return _condition(store, business, now, enabled)
        case Topic.FIND:
            return _found(store, wanted, business, policy, now)
        case Topic.DIGEST:
            span = yesterday(now, business.timezone)
            return read_digest(store, business, span, now, enabled, policy=policy)
        case Topic.MINE:
            with store.read() as tx:
                desk = desk_of(tx, business, policy, now, enabled)
                return queue_of(
                    tx, desk, person, pages={Shelf.MINE: wanted.page}, size=FOUND, only=Shelf.MINE
                )
        case Topic.QUEUE:
            with store.read() as tx:
                desk = desk_of(tx, business, policy, now, enabled)
                return queue_of(tx, desk, person, pages=dict.fromkeys(Shelf, wanted.page), size=PAGE)


def _found(store: Store, wanted: Asked, business: Business, policy: Policy, now: datetime) -> Found:
    page = min(wanted.page, DEEPEST)
    with store.read() as tx:
        cases = tx.find_cases(business.key, wanted.words, page * FOUND + 1)
        here = cases[(page - 1) * FOUND : page * FOUND]
        lines = lines_of(tx, [standing(case, tx.promises(case.id), policy, now) for case in here])
    more = len(cases) > page * FOUND and page < DEEPEST
    return Found(wanted.words, now, business.timezone, tuple(lines), page, more)


def _condition(store: Store, business: Business, now: datetime, enabled: Mapping[str, bool]) -> Condition:
    found = read_status(store, [name for name, on in enabled.items() if on], list(enabled), now)
    return Condition(
        now=now,
        timezone=business.timezone,
        mentions=found.mentions,
        complaints=found.complaints,
        held_back=found.held_back,
        cases=found.cases,
        outbox=found.outbox,
        feeds=tuple(
            FeedLine(feed.name, state, feed.last_success, feed.last_error if feed.failures else "")
            for feed, state in found.feeds
        ),
        troubles=found.troubles,
    )
