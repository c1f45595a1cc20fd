"""A year of a fictional business, on seeds that nothing was fitted on: what the watch finds in it."""

import itertools
from datetime import timedelta

import pytest
from simulated_listening import findings
from simulated_year import simulate

from monitor.core.day import coverage_of
from monitor.core.store import FeedState

SEEDS = (101, 102, 103, 104, 105)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_the_incidents_are_found_within_an_hour_and_little_else(seed):
    year = simulate(seed)
    assert len(year.posts) == 200_000

    found = findings(year)

    assert set(found.delays) == {"outage", "price", "release"}
    assert max(found.delays.values()) <= timedelta(hours=1)
    assert len(found.false_alarms) <= 12
    since, until = year.truth.viral_span
    assert not [one for one in found.false_alarms if since <= one.noticed <= until + timedelta(hours=6)]
    _, caught_up = year.truth.silent
    later = caught_up + timedelta(hours=6)
    assert not [one for one in found.false_alarms if caught_up <= one.noticed <= later]
    assert all(one.ended for one in found.incidents if one.noticed < year.posts[-1].heard - timedelta(days=2))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_feed_that_was_silent_is_named_and_no_other(seed):
    year = simulate(seed, 40_000)
    named, (since, until) = year.truth.silent_feed, year.truth.silent

    silent = {
        feed
        for now in (since + timedelta(days=back) for back in (-21, -14, -7))
        for feed in _silent_at(year, now)
    }
    assert not silent
    assert _silent_at(year, until - timedelta(minutes=1)) == {named}


def _silent_at(year, now):
    """As the digest of that moment has it: from when each feed last brought something, and how often it does."""
    times = {}
    for post in itertools.takewhile(lambda post: post.heard < now, year.posts):
        times.setdefault(post.feed, []).append(post.heard)
    silent = set()
    for feed, heard in times.items():
        lately = sum(at >= now - timedelta(days=28) for at in heard)
        state = FeedState(feed, "x", "pocketbarn", None, now, heard[0], now, now, heard[-1])
        today = sum(at >= now - timedelta(days=1) for at in heard)
        if coverage_of(state, today, now, gap=timedelta(days=28) / lately).state == "silent":
            silent.add(feed)
    return silent
