"""What wins people back, with counts and intervals."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.core.digest import Lever
from monitor.core.expectations import mask_of
from monitor.core.model import State
from monitor.core.recounting import Ended
from monitor.core.recovering import recovering

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
WON, LOST = State.RECOVERED, State.LOST


def ended(
    state: State, answered: float | None, how: str = "", *broken: str, kept: int = 0, failed: int = 0
) -> Ended:
    at = None if answered is None else NOON + answered * HOUR
    return Ended(state, NOON, at, how, mask_of(broken), kept, failed)


def table(*cases: Ended) -> dict[tuple[Lever, str], tuple[int, int]]:
    return {(one.lever, one.value): (one.saved.part, one.saved.of) for one in recovering(cases)}


def test_each_lever_counts_all_cases_that_it_knows() -> None:
    found = table(
        ended(WON, 1, "refund", "fairness", "respect"),
        ended(WON, 4.5, "refund", "fairness"),
        ended(LOST, 3, "", "fairness", failed=1, kept=1),
        ended(LOST, None),
        ended(WON, 30, "", kept=2),
    )
    assert found == {
        (Lever.EXPECTATION, "fairness"): (2, 3),
        (Lever.EXPECTATION, "respect"): (1, 1),
        (Lever.FIRST_RESPONSE, "within 1 hour"): (1, 1),
        (Lever.FIRST_RESPONSE, "within 4 hours"): (0, 1),
        (Lever.FIRST_RESPONSE, "within a day"): (1, 1),
        (Lever.FIRST_RESPONSE, "after more than a day"): (1, 1),
        (Lever.FIRST_RESPONSE, "never answered"): (0, 1),
        (Lever.MEANS, "reply"): (2, 2),
        (Lever.MEANS, "promise kept"): (1, 1),
        (Lever.MEANS, "promise broken"): (0, 1),
        (Lever.MEANS, "nothing"): (0, 1),
        (Lever.HOW, "refund"): (2, 3),
        (Lever.HOW, "other"): (1, 3),
    }
    assert list(found) == sorted(found, key=lambda key: list(Lever).index(key[0])), "lever by lever"


def test_where_nothing_ended_there_is_nothing_to_tell() -> None:
    assert recovering([]) == ()
