"""Whatever has happened, the digest of any day, week or span is the one that a naive reader of everything tells."""

from __future__ import annotations

import random
import tempfile
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitor.core.digest import Digest, Figure, Person, Share, Times
from monitor.core.model import Business
from monitor.core.policy import Policy
from monitor.report import Span, between, day, read_digest, week
from storage.testing import temporary_store
from storage.testing.field import BUSINESS
from tests import naive_digest
from tests.any_history import History

SHOP = Business("Pretend Pantry", BUSINESS)
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Asia/Kolkata", "UTC")
STARTS = ("2026-01-20T03:00+00:00", "2026-08-24T21:30+00:00", "2026-02-10T00:00+00:00")
"""Seventy days from each of them take in the end or the beginning of summer time somewhere."""


def told(digest: Digest) -> dict[str, Any]:
    """As `naive_digest.digest` tells it."""
    numbers = digest.numbers
    return {
        "numbers": {name: _plain(getattr(numbers, name)) for name in numbers.__slots__},
        "waiting": [(one.who.case_id, one.hours, one.left, one.who.quote) for one in digest.waiting],
        "owed": [(one.who.case_id, one.what, one.due, one.late) for one in digest.owed],
        "complaints": [(who.case_id, who.quote) for who in digest.complaints],
        "returned": [
            (one.who.case_id, one.before, one.after, one.done, one.hours, one.at) for one in digest.returned
        ],
        "lost": [(one.who.case_id, one.why, one.at) for one in digest.lost],
        "thanks": [(one.quote, one.staff) for one in digest.thanks],
        "broken": [(one.expectation, _plain(one.figure)) for one in digest.broken],
        "spots": [
            (one.kind, one.name, one.heard, _plain(one.complaints), _plain(one.rate), one.hot)
            for one in digest.spots
        ],
        "coverage": [(one.feed, one.heard, one.failures) for one in digest.coverage],
        "trend": [astuple(one) for one in digest.trend],
        "recovering": sorted((one.lever.value, one.value, _plain(one.saved)) for one in digest.recovering),
    }


def _plain(value: object) -> object:
    return astuple(value) if isinstance(value, Figure | Share | Times) else value  # type: ignore[arg-type]


def spans(chance: random.Random, end: datetime, timezone: str) -> list[Span]:
    """Days of the last week and any others, weeks, and spans of no shape."""
    zone = ZoneInfo(timezone)
    last = end.astimezone(zone).date()
    days = [last - timedelta(days=back) for back in (0, 1, 2, chance.randint(3, 30))]
    start = end - timedelta(hours=chance.randint(30, 200))
    weeks = [week(last - timedelta(days=back), timezone) for back in (7, chance.randint(8, 21))]
    return [
        *(day(one, timezone) for one in days),
        *weeks,
        between(start, start + timedelta(hours=chance.randint(1, 200))),
    ]


@pytest.mark.slow
@given(st.integers(0, 10**9), st.sampled_from(ZONES), st.sampled_from(STARTS), st.sampled_from((0, 1, 2, 5)))
@settings(
    max_examples=6,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.too_slow],
)
def test_the_digest_is_the_one_that_a_naive_reader_tells(
    seed: int, timezone: str, start: str, busy: int
) -> None:
    chance = random.Random(seed)
    business = Business(SHOP.name, BUSINESS, timezone=timezone)
    with tempfile.TemporaryDirectory() as folder:
        store = temporary_store(Path(folder))
        history = History(store, datetime.fromisoformat(start), chance)
        end = history.pass_days(70, busy)
        now = end + timedelta(hours=chance.choice((-20, 3, 9, 200)))
        with store.read() as tx:
            world = naive_digest.world_of(tx, BUSINESS, history.readings)
        for span in spans(chance, end, timezone):
            place = chance.choice(("", "", "Mill Lane"))
            digest = read_digest(store, business, span, now, place=place, shown=10**6)
            length = digest.length.value
            asked = naive_digest.Asked(timezone, span.since, span.until, length, place, now, Policy())
            assert told(digest) == naive_digest.digest(world, asked), (span, place)
            totals = ("waiting", "owed", "complaints", "returned", "lost", "thanks")
            assert all(getattr(digest, f"{one}_total") == len(getattr(digest, one)) for one in totals)
            assert digest.overdue == sum(one.late > 0 for one in digest.owed)
            few = read_digest(store, business, span, now, place=place, shown=3)
            for one in totals:
                assert getattr(few, one) == getattr(digest, one)[:3]
                assert getattr(few, f"{one}_total") == getattr(digest, f"{one}_total")
            assert few.overdue == digest.overdue
            assert all(isinstance(who, Person) for who in few.complaints)
        store.close()
