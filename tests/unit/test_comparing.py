"""Figures beside their past, shares and times: each says how far it can be trusted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.core.comparing import Compared, Ears, against
from monitor.core.digest import Against, Figure, Share, Times
from monitor.core.expectations import EXPECTATIONS, keys_of, mask_of
from monitor.core.numbers import share, times
from monitor.core.recounting import Tally
from monitor.core.severity_rules import WITH

BOTH = frozenset({"app", "forum"})


def said(feed: str, count: int, *, complaint: bool = False) -> Tally:
    return Tally(feed, "", complaint, False, 0, count)


@pytest.mark.parametrize(
    ("count", "found"),
    [(0, Against.LESS), (9, Against.USUAL), (20, Against.USUAL), (31, Against.USUAL), (32, Against.MORE)],
)
def test_chance_alone_makes_a_band(count: int, found: Against) -> None:
    assert against(count, [20] * 8) == Figure(count, 20.0, 8.82, 31.18, 8, found)


def test_a_wild_past_makes_a_wide_band_and_one_wild_day_none() -> None:
    assert against(60, [5, 40, 12, 55, 20, 33]).against is Against.USUAL
    assert against(60, [20, 21, 19, 20, 400]).against is Against.MORE


def test_of_what_nearly_never_happens_one_is_nothing_unusual() -> None:
    assert against(2, [0, 0, 0, 0]).against is Against.USUAL
    assert against(3, [0, 0, 0, 0]).against is Against.MORE
    assert against(0, [1, 0, 2, 1]).against is Against.USUAL


def test_half_a_day_is_not_held_against_whole_ones() -> None:
    heard = Compared([said("app", 1)], [[said("app", 20)]] * 8, Ears(BOTH, (BOTH,) * 8), over=False)
    assert heard.figure(lambda _: True) == Figure(1, against=Against.EARLY)
    assert heard.where(lambda _: True).figure(lambda _: True).against is Against.EARLY


def test_with_too_little_past_nothing_is_said() -> None:
    assert against(50, [1, 1, 1]) == Figure(50, past=3)


def test_a_day_on_which_a_feed_was_not_read_is_a_hole() -> None:
    now = [said("app", 10), said("forum", 10)]
    before = [[said("app", 10), said("forum", 10)]] * 4 + [[said("app", 10)]] * 4
    heard = Compared(now, before, Ears(BOTH, (BOTH,) * 4 + (frozenset({"app"}),) * 4)).figure(lambda _: True)
    assert (heard.usual, heard.past) == (20.0, 4)
    new = Compared(now, before, Ears(BOTH, (frozenset({"app"}),) * 8)).figure(lambda _: True)
    assert new == Figure(20, past=0), "a feed that came later makes no rise"


def test_a_feed_that_is_not_read_now_is_left_out_of_the_past() -> None:
    before = [[said("app", 10), said("forum", 90)]] * 8
    found = Compared([said("app", 10)], before, Ears(frozenset({"app"}), (BOTH,) * 8)).figure(lambda _: True)
    assert (found.count, found.usual, found.against) == (10, 10.0, Against.USUAL)


def test_each_matter_asks_only_for_the_feeds_that_speak_of_it() -> None:
    now, before = [said("app", 10), said("forum", 5)], [[said("app", 10)]] * 8
    compared = Compared(now, before, Ears(BOTH, (frozenset({"app"}),) * 8))
    assert compared.where(lambda one: one.feed == "app").figure(lambda _: True).past == 8
    assert compared.figure(lambda _: True).past == 0


def test_imported_files_are_whole() -> None:
    now, before = [said("app", 1), said("old", 9)], [[said("app", 1), said("old", 9)]] * 5
    ears = Ears(frozenset({"app"}), (frozenset({"app"}),) * 5, frozenset({"old"}))
    assert Compared(now, before, ears).figure(lambda _: True).usual == 10.0


def test_where_nobody_speaks_all_who_listen_are_asked() -> None:
    quiet = Compared([], [[]] * 8, Ears(BOTH, (BOTH,) * 7 + (frozenset(),))).figure(lambda _: True)
    assert (quiet.usual, quiet.past, quiet.against) == (0.0, 7, Against.USUAL)
    assert Compared([], [[]] * 8, Ears(frozenset(), (BOTH,) * 8)).figure(lambda _: True).past == 0


def test_no_share_of_three_is_told_as_a_percentage() -> None:
    assert share(2, 3) == Share(2, 3, 0.208, 0.939)
    assert share(34, 212) == Share(34, 212, 0.117, 0.216, enough=True)
    assert share(0, 20) == Share(0, 20, 0.0, 0.161, enough=True)
    assert share(20, 20) == Share(20, 20, 0.839, 1.0, enough=True)
    assert share(0, 0) == Share(0, 0)


def test_how_long_it_took() -> None:
    hours = [timedelta(hours=n) for n in range(1, 11)]
    assert times(hours) == Times(10, 5.5, 9.0)
    assert times(hours[:9]) == Times(9, 5.0, None), "of nine nobody knows the slowest tenth"
    assert times([timedelta(minutes=20)]) == Times(1, 0.33, None)
    assert times([]) == Times()


def test_expectations_keep_their_bits() -> None:
    assert set(EXPECTATIONS) == set(WITH)
    assert (mask_of(["respect"]), mask_of(["fairness"]), mask_of(["unheard of"])) == (1, 2**11, 0)
    assert keys_of(mask_of(["fairness", "respect"])) == ("respect", "fairness")
    assert keys_of(0) == ()
