"""What is a spike and what is not, and how spikes become incidents that end by themselves."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW

from monitor.core.incidents import Incident, cases_of, step
from monitor.core.series import Point
from monitor.core.spikes import Watch

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
BEGIN = NOW - 70 * DAY


class Town:
    """A past of ten weeks in which something is said every eighty minutes, and what is added to it."""

    def __init__(self, feeds: Iterable[str] = ("news",), **about: object) -> None:
        self.rng, self.number, self.now = random.Random(3), 0, NOW
        self.incidents: list[Incident] = []
        self.watch = Watch(dict.fromkeys(feeds, BEGIN))
        kinds = ("promptness", "respect", "clarity")
        moments = [BEGIN + place * 80 * MINUTE + self.rng.random() * HOUR for place in range(70 * 18 - 6)]
        self.past = [self.said(at, broken=(kinds[place % 3],), **about) for place, at in enumerate(moments)]
        self.watch.add(self.past)
        self.look()

    def said(self, at, case=None, feed="news", **about) -> Point:
        self.number += 1
        case = self.number if case is None else case
        return Point(self.number, at, about.pop("heard", at + MINUTE), case, feed, **about)

    def many(self, count: int, since=NOW - 40 * MINUTE, **about) -> list[Point]:
        """`count` complaints in half an hour."""
        step = timedelta(minutes=30) / count
        return [self.said(since + place * step, **about) for place in range(count)]

    def own_words(self, points: Iterable[Point]) -> list[Point]:
        """They share a few words with each other, and say the rest in their own."""
        return [replace(point, hashes=(*point.hashes, 1000 + point.id, 2000 + point.id)) for point in points]

    def look(self) -> list[Incident]:
        found = step([one for one in self.incidents if one.ended is None], self.watch, self.now)
        self.incidents = [one for one in self.incidents if one.ended] + found
        return self.incidents

    def hears(self, points: Iterable[Point]) -> list[Incident]:
        self.watch.add(points)
        return self.look()


@pytest.fixture
def town() -> Town:
    return Town()


def test_a_quiet_town_has_no_incident(town: Town) -> None:
    assert town.incidents == []
    assert town.hears(town.many(3, broken=("respect",))) == []


@pytest.mark.parametrize(
    ("about", "key"),
    [
        ({"broken": ("respect",)}, "expectation:respect"),
        ({"location": "Mill Road"}, "place:Mill Road"),
        ({"storefront": "ie"}, "place:ie"),
        ({"version": "2.0"}, "version:2.0"),
        ({"hashes": (77,)}, "wording:77"),
    ],
)
def test_many_at_once_are_an_incident_with_its_cases(about: dict[str, object], key: str) -> None:
    town = Town(version="1.9")
    points = town.own_words(town.many(16, **about))
    (incident,) = town.hears(points)
    assert incident.keys == (key,)
    assert incident.count >= 16 > 5 * incident.usual
    assert abs(incident.started - points[0].said) < HOUR
    assert {point.case_id for point in points} <= cases_of(incident, town.watch, NOW)


def test_answers_in_one_thread_are_one_voice(town: Town) -> None:
    assert town.hears(town.many(300, broken=("respect",), thread="the one that goes round")) == []


def test_one_customer_is_one_voice_however_often(town: Town) -> None:
    assert town.hears(town.many(30, broken=("respect",), case=5)) == []


def test_reposts_are_no_voice_at_all(town: Town) -> None:
    assert town.hears(town.many(30, broken=("respect",), repost=True)) == []


def test_the_same_words_of_many_customers_are_one_voice(town: Town) -> None:
    assert town.hears(town.many(30, broken=("respect",), hashes=(1, 2, 3, 4, 5, 6, 7))) == []


def test_what_a_silent_feed_catches_up_with_falls_on_its_own_hours(town: Town) -> None:
    late = [
        town.said(NOW - 6 * DAY + place * 3 * HOUR, broken=("respect",), heard=NOW) for place in range(48)
    ]
    assert town.hears(late) == []


def test_a_feed_that_is_new_makes_no_spike() -> None:
    town = Town(feeds=("news", "new"))
    watch = town.watch = Watch({"news": BEGIN, "new": NOW - 3 * DAY})
    watch.add(town.past)
    assert town.hears(town.many(30, broken=("respect",), feed="new")) == []
    assert town.hears(town.many(30, broken=("respect",), feed="news")) != []


def test_without_a_past_nothing_is_unusual() -> None:
    town = Town()
    town.watch = Watch({"news": NOW - 10 * DAY})
    town.watch.add(point for point in town.past if point.said > NOW - 10 * DAY)
    assert town.hears(town.many(30, broken=("respect",))) == []


def test_a_new_place_is_held_against_all_the_others(town: Town) -> None:
    """Six complaints are usual in these hours, somewhere: six are no spike in a place without a past."""
    crowd = [
        town.said(NOW - week * 7 * DAY - 30 * MINUTE + k * MINUTE) for week in range(1, 9) for k in range(6)
    ]
    town.watch.add(crowd)
    assert town.hears(town.many(6, location="opened today")) == []


def test_a_new_version_takes_the_usual_complaints_of_the_one_before() -> None:
    town = Town(version="1.9")
    for week in range(1, 9):
        town.watch.add(town.many(12, since=NOW - week * 7 * DAY - 40 * MINUTE, version="1.9"))
    town.look()
    assert town.hears(town.many(6, version="2.0")) == []


def test_series_that_share_their_cases_are_one_incident(town: Town) -> None:
    points = town.many(20, broken=("reliability",), location="Old Quay", hashes=(5,))
    (incident,) = town.hears(town.own_words(points))
    assert {incident.keys[0], *incident.keys[1:], *incident.also} == {
        "expectation:reliability",
        "place:Old Quay",
        "wording:5",
    }


def test_two_things_at_once_are_two_incidents(town: Town) -> None:
    found = town.hears(town.many(20, broken=("reliability",)) + town.many(20, broken=("fairness",)))
    assert sorted(one.keys for one in found) == [("expectation:fairness",), ("expectation:reliability",)]


def test_what_an_incident_explains_brings_it_no_cases(town: Town) -> None:
    """Half of the town complains of an outage; the other complaints of the place it lies in are no part of it."""
    town.watch.add(
        town.said(point.said, location="Old Quay", broken=("clarity",)) for point in town.past[::3]
    )
    town.look()
    usual = town.many(3, since=NOW - 2 * HOUR, location="Old Quay", broken=("clarity",))
    town.watch.add(usual)
    (incident,) = town.hears(town.many(20, broken=("reliability",), location="Old Quay"))
    assert "place:Old Quay" in {*incident.keys, *incident.also}
    assert not {point.case_id for point in usual} & cases_of(
        replace(incident, started=NOW - HOUR), town.watch, NOW
    )


def test_an_incident_ends_by_itself_when_all_is_as_usual_again(town: Town) -> None:
    town.hears(town.many(20, broken=("respect",)))
    last = None
    for _ in range(60):
        town.now += 10 * MINUTE
        (incident,) = town.look()
        if incident.ended:
            break
        last = town.now
    assert incident.ended is not None
    assert last is not None
    assert timedelta(hours=4) <= town.now - NOW <= timedelta(hours=8)
    assert incident.ended == incident.risen < town.now


def test_it_goes_on_while_more_of_it_is_heard(town: Town) -> None:
    town.hears(town.many(20, broken=("respect",)))
    for _ in range(10):
        town.now += HOUR
        (incident,) = town.hears(town.many(6, since=town.now - 40 * MINUTE, broken=("respect",)))
        assert incident.ended is None
    assert len(cases_of(incident, town.watch, town.now)) >= 80


def test_what_was_an_incident_is_not_what_is_usual(town: Town) -> None:
    at = NOW - 7 * DAY
    flood = town.many(100, since=at - 40 * MINUTE, broken=("respect",))
    town.watch.add(flood)
    town.look()
    assert town.watch.rise("expectation:respect", NOW) is None
    town.watch.leave_out({point.case_id for point in flood}, at - HOUR, at + HOUR)
    assert town.hears(town.many(12, broken=("respect",))) != []


def test_tomorrows_words_are_not_counted_today(town: Town) -> None:
    assert town.hears(town.many(30, since=NOW + 2 * DAY, broken=("respect",), heard=NOW)) == []
