"""What was done for people, and by whom, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from alerts.deeds import besides_waiting, promised_told, reach_told, returned_told, staff_told, standing_told
from alerts.testing.digests import DAY


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ((), ""),
        (("Ann",), "Ann"),
        (("Ann", "Ben"), "Ann and Ben"),
        (("Ann", "", "Ben", "Cleo"), "Ann, Ben and Cleo"),
    ],
)
def test_names_are_told_as_one_says_them(names: tuple[str, ...], told: str) -> None:
    assert staff_told(names) == told


def test_nobody_is_named_where_nobody_is_known() -> None:
    owed, back = replace(DAY.owed[0], made_by=""), DAY.returned[0]
    assert promised_told(owed) == "a call back with a date"
    assert promised_told(replace(owed, what="", made_by="dana")) == "something, promised by dana"
    nobody = replace(back, who=replace(back.who, owner=None), done="", hours=21.0)
    assert returned_told(nobody) == "was won back, after 21 h"
    assert standing_told(nobody.who) == nobody.who.state.value
    assert reach_told(replace(back.who, reach=None)) == ""
    assert reach_told(replace(back.who, reach=1)) == "1 follower or like"


def test_who_waits_further_down_is_no_less_new() -> None:
    day = replace(DAY, complaints=tuple(one.who for one in DAY.waiting))
    assert besides_waiting(day, len(DAY.waiting)) == []
    assert besides_waiting(day, 2) == list(day.complaints[2:])
