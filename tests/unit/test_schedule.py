"""When a feed is read again, and when a message of unknown fate is looked for again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fakes import NOW

from monitor.core.schedule import blind_pause, look_again, next_due, try_again

S, M, H = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
LOOKS = (2 * S, 8 * S, 30 * S)


def after(**told: object) -> timedelta:
    return next_due(NOW, 15 * M, **told) - NOW  # type: ignore[arg-type]


def test_after_a_success_it_is_read_again_after_its_interval() -> None:
    assert after() == 15 * M
    assert after(jitter=1.0) == 16.5 * M


@pytest.mark.parametrize(
    ("failures", "pause"), [(1, M), (2, 2 * M), (3, 4 * M), (9, 256 * M), (10, 6 * H), (500, 6 * H)]
)
def test_failures_in_a_row_double_the_pause_up_to_six_hours(failures: int, pause: timedelta) -> None:
    assert after(failures=failures) == pause


def test_a_feed_that_is_read_often_is_tried_again_soon() -> None:
    assert next_due(NOW, 5 * S, failures=1) == NOW + 5 * S
    assert next_due(NOW, 5 * S, failures=2) == NOW + 10 * S


def test_a_feed_that_is_read_once_a_day_is_tried_again_the_same_day() -> None:
    assert next_due(NOW, 24 * H, failures=30) == NOW + 6 * H


def test_the_servers_wish_is_a_lower_bound_that_is_believed_up_to_a_day() -> None:
    assert after(failures=1, retry_after=3 * H) == 3 * H
    assert after(failures=1, retry_after=S) == M
    assert after(failures=1, retry_after=100 * H) == 24 * H
    assert after(not_before=NOW + 2 * H) == 2 * H
    assert after(not_before=NOW - H) == 15 * M
    assert after(not_before=NOW + 1000 * H) == 24 * H
    assert after(failures=1, retry_after=2 * H, not_before=NOW + 3 * H) == 3 * H


def looks_of(fate_after: timedelta) -> list[timedelta]:
    """When a sender who wakes exactly when told looks, from `fate_after` the start on."""
    now, looks, when = NOW + fate_after, 0, []
    first = NOW + LOOKS[0]
    now = max(now, first)
    while True:
        looks += 1
        when.append(now - NOW)
        again = look_again(NOW, now, looks, LOOKS)
        if again is None:
            return when
        assert again > now
        now = again


def test_a_message_is_looked_for_three_times_before_it_is_repeated() -> None:
    assert looks_of(S) == [2 * S, 8 * S, 30 * S]


def test_looks_that_come_late_are_fewer_but_the_last_time_is_always_waited_for() -> None:
    assert looks_of(9 * S) == [9 * S, 30 * S]
    assert looks_of(29 * S) == [29 * S, 30 * S]


def test_after_a_lapsed_lease_one_look_says_it_all() -> None:
    assert looks_of(60 * S) == [60 * S]


def test_without_any_look_it_is_never_given_up() -> None:
    assert look_again(NOW, NOW + H, 0, LOOKS) == NOW + H


def test_a_message_is_tried_again_later_each_time_up_to_five_minutes() -> None:
    assert [try_again(tries) for tries in (1, 2, 3, 9, 1_000)] == [2 * S, 4 * S, 8 * S, 300 * S, 300 * S]


def test_who_cannot_be_seen_is_asked_less_often_the_longer_it_lasts() -> None:
    assert [blind_pause(span) for span in (S, 20 * S, 80 * S, H)] == [5 * S, 5 * S, 20 * S, 60 * S]
