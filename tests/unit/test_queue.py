"""What waits for whom, in which order, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from monitor.core.hours import ALWAYS
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.moves import Action, How
from monitor.core.policy import Policy
from monitor.core.queue import (
    CALLING,
    Desk,
    Ends,
    Hearing,
    Line,
    Queue,
    Shelf,
    Shown,
    Standing,
    elsewhere,
    in_order,
    next_move,
    page_of,
    shelved,
    standing,
)
from monitor.core.queue_words import aged, beyond, clear, heard, left, owed, rests, summary

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONDON = ZoneInfo("Europe/London")
POLICY = Policy(hours=ALWAYS)
WELL = Hearing(2, last=NOW - HOUR)


def case(number: int = 1, **more: object) -> Case:
    known = Case(
        number, "acme", "reviews", f"c{number}", "Fictional Fred", State.OPEN, Severity.MEDIUM, NOW - HOUR
    )
    return replace(known, **more)  # type: ignore[arg-type]


def promise(due: timedelta, number: int = 1, what: str = "a call") -> Promise:
    return Promise(number, 1, what, NOW + due, NOW - DAY, "ann")


def stands(told: Case, *promises: Promise) -> Standing:
    return standing(told, promises, POLICY, NOW)


def desk(*found: Standing, recovered: Sequence[Case] = (), backlog: int = 0) -> Desk:
    return Desk(NOW, "Europe/London", in_order(found), tuple(recovered), backlog, WELL)


def numbers(found: Sequence[Standing]) -> list[int]:
    return [one.case.id for one in found]


# ── one case ─────────────────────────────────────────────────────────────────────────────────────────────


def test_what_ends_first_counts() -> None:
    fresh = stands(case())
    assert (fresh.due, fresh.ends, fresh.overdue) == (NOW + 3 * HOUR, Ends.FIRST_RESPONSE, False)
    told = stands(case(contacted=NOW, state=State.CONTACTED))
    assert (told.due, told.ends) == (NOW + 23 * HOUR, Ends.RESOLUTION)
    sooner = stands(case(), promise(HOUR), promise(2 * HOUR, 2))
    assert (sooner.due, sooner.ends, len(sooner.promises)) == (NOW + HOUR, Ends.PROMISE, 2)
    assert stands(case(opened=NOW - 4 * HOUR)).overdue
    assert not stands(case(opened=NOW - 4 * HOUR + timedelta(seconds=1))).overdue


@pytest.mark.parametrize(
    "still",
    [
        {"waiting": NOW - DAY, "pauses": ((NOW - DAY, None),)},
        {"snoozed": NOW - DAY, "pauses": ((NOW - DAY, None),)},
        {"backlog": True},
        {"state": State.LOST, "closed": NOW},
    ],
)
def test_where_no_clock_runs_only_promises_end(still: dict[str, object]) -> None:
    told = case(opened=NOW - 9 * DAY, **still)
    assert (stands(told).due, stands(told).overdue) == (None, False)
    assert stands(told, promise(-HOUR)).overdue


def test_a_promise_that_ended_is_none() -> None:
    kept = replace(promise(HOUR), outcome="kept")
    assert stands(case(), kept).promises == ()


def test_no_clock_is_named_that_the_clocks_do_not_know() -> None:
    """The queue works out the ends by itself, for speed: they are those of `clocks`."""
    from monitor.core.clocks import clocks

    for contacted in (None, NOW - HOUR / 2):
        for pauses in ((), ((NOW - HOUR, NOW - HOUR / 2),)):
            for severity in Severity:
                told = case(opened=NOW - 3 * HOUR, contacted=contacted, pauses=pauses, severity=severity)
                both = clocks(told, Policy(), NOW)
                assert both is not None
                going = [one.due for one in (both.first_response, both.resolution) if one.done is None]
                assert standing(told, (), Policy(), NOW).due == min(at for at in going if at is not None)


@pytest.mark.parametrize(
    ("told", "promises", "move"),
    [
        (case(), [], Action.CLAIM),
        (case(), [promise(HOUR)], Action.CLAIM),
        (case(state=State.CONTACTED), [], Action.CLAIM),
        (case(owner="ann", state=State.CLAIMED), [], Action.CONTACT),
        (case(owner="ann", state=State.CLAIMED, snoozed=NOW), [promise(HOUR)], Action.WAKE),
        (case(owner="ann", state=State.CLAIMED), [promise(HOUR)], Action.KEEP),
        (case(owner="ann", state=State.CONTACTED, contacted=NOW, waiting=NOW), [], Action.RECOVER),
        (case(owner="ann", state=State.RECOVERED), [], Action.REOPEN),
        (case(owner="ann", state=State.LOST), [promise(HOUR)], Action.KEEP),
    ],
)
def test_the_next_move_is_the_likeliest(told: Case, promises: list[Promise], move: Action) -> None:
    assert next_move(stands(told, *promises)) is move


# ── the shelves ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_most_urgent_comes_first() -> None:
    found = [
        stands(case(1, opened=NOW - HOUR)),
        stands(case(2, opened=NOW - 9 * HOUR)),
        stands(case(3, opened=NOW - 5 * HOUR)),
        stands(case(4, waiting=NOW, severity=Severity.LOW)),
        stands(case(5, waiting=NOW, severity=Severity.CRITICAL)),
        stands(case(6, opened=NOW - HOUR, severity=Severity.MEDIUM), promise(3 * HOUR)),
        stands(case(7, opened=NOW - 3 * HOUR / 2)),
    ]
    assert numbers(in_order(found)) == [2, 3, 7, 1, 6, 5, 4]


def test_equal_times_go_by_severity_then_age() -> None:
    at = promise(HOUR)
    found = [
        stands(case(1, severity=Severity.LOW), at),
        stands(case(2, severity=Severity.HIGH, waiting=NOW), at),
        stands(case(3, severity=Severity.HIGH, waiting=NOW, opened=NOW - DAY), at),
    ]
    assert numbers(in_order(found)) == [3, 2, 1]


def test_each_shelf_answers_its_own_question() -> None:
    told = desk(
        stands(case(1)),
        stands(case(2, owner="ann", state=State.CLAIMED)),
        stands(case(3, owner="bob", state=State.CLAIMED)),
        stands(case(4, owner="ann", state=State.CLAIMED, opened=NOW - 9 * HOUR)),
        stands(case(5, owner="ann", state=State.CONTACTED, contacted=NOW, waiting=NOW)),
        stands(case(6, owner="bob", state=State.CLAIMED, snoozed=NOW)),
        stands(case(7, owner="bob", state=State.CLAIMED), promise(5 * HOUR)),
        stands(case(8, owner="bob", state=State.LOST), promise(-HOUR)),
        recovered=[case(9, state=State.RECOVERED, closed=NOW)],
    )
    found = {shelf: sorted(numbers(there)) for shelf, there in shelved(told, "ann", LONDON).items()}
    assert found == {
        Shelf.MINE: [2, 4],
        Shelf.UNCLAIMED: [1],
        Shelf.PROMISED: [7, 8],
        Shelf.OVERDUE: [4, 8],
        Shelf.WAITING: [5, 6],
        Shelf.RECOVERED: [9],
    }
    assert elsewhere(told, "ann") == 2
    assert elsewhere(told, None) == 4
    assert Shelf.MINE not in shelved(told, None, LONDON)


def test_today_is_the_desks_own() -> None:
    """At 23:30 UTC it is tomorrow in Tokyo already."""
    late = desk(stands(case(waiting=NOW), promise(timedelta(hours=11, minutes=30))))
    assert shelved(late, None, LONDON)[Shelf.PROMISED] != []
    assert shelved(late, None, ZoneInfo("Asia/Tokyo"))[Shelf.PROMISED] == []


@pytest.mark.parametrize(
    ("count", "page", "here", "shown", "pages"),
    [
        (0, 1, [], 1, 1),
        (8, 1, list(range(8)), 1, 1),
        (9, 2, [8], 2, 2),
        (9, 99, [8], 2, 2),
        (9, -1, list(range(8)), 1, 2),
    ],
)
def test_a_page_that_is_no_more_is_the_nearest_there_is(
    count: int, page: int, here: list[int], shown: int, pages: int
) -> None:
    assert page_of([stands(case(n)) for n in range(count)], page, 8)[1:] == (shown, pages)
    assert numbers(page_of([stands(case(n)) for n in range(count)], page, 8)[0]) == here


# ── the words ────────────────────────────────────────────────────────────────────────────────────────────


def test_how_long_there_is_left_is_told_with_what_ends() -> None:
    assert left(stands(case()), NOW) == "3 h left: first answer"
    assert left(stands(case(opened=NOW - 6 * HOUR)), NOW) == "overdue by 2 h: first answer"
    assert left(stands(case(contacted=NOW)), NOW) == "23 h left: solution"
    assert left(stands(case(), promise(HOUR)), NOW) == "60 min left: promise: a call"
    assert left(stands(case(waiting=NOW)), NOW) == ""


def test_a_promise_is_not_forgotten_over_a_clock() -> None:
    assert owed(stands(case(), promise(5 * HOUR)), NOW) == "promised in 5 h: a call"
    assert owed(stands(case(), promise(HOUR)), NOW) == ""
    assert owed(stands(case()), NOW) == ""


def test_why_it_rests_is_told() -> None:
    assert rests(stands(case()), NOW) == ""
    assert rests(stands(case(waiting=NOW - 3 * DAY)), NOW) == "the customer's turn for 3 days"
    assert rests(stands(case(snoozed=NOW)), NOW) == "asleep until something happens"
    assert rests(stands(case(snoozed=NOW, wake=NOW + 5 * HOUR)), NOW) == "asleep for 5 h more"
    assert rests(stands(case(snoozed=NOW, wake=NOW)), NOW) == "about to wake"


def test_age_and_end_are_told() -> None:
    assert aged(Line(stands(case()), Action.CLAIM, said=NOW - 2 * DAY), NOW) == "said 2 days ago"
    assert aged(Line(stands(case()), Action.CLAIM), NOW) == "said 60 min ago"
    over = stands(case(state=State.RECOVERED, closed=NOW - 2 * HOUR))
    assert aged(Line(over, Action.REOPEN, how=How.REFUND), NOW) == "recovered by a refund 2 h ago"
    assert aged(Line(over, Action.REOPEN), NOW) == "recovered 2 h ago"


def test_what_was_not_heard_is_never_told_as_quiet() -> None:
    assert heard(Hearing(3, last=NOW - HOUR), NOW) == "All 3 feeds were heard, last 60 min ago."
    assert heard(Hearing(1), NOW) == "The one feed was heard."
    assert heard(Hearing(0), NOW) == "No feed is read yet, so nothing can be heard."
    troubled = Hearing(5, ("news", "reviews", "forum", "toots"), NOW)
    assert heard(troubled, NOW) == (
        "Not everything was heard: news, reviews, forum and 1 more failed, fell silent, or was not read yet."
    )


@pytest.mark.parametrize("shelf", Shelf)
def test_the_desk_is_clear_when_nothing_calls(shelf: Shelf) -> None:
    shelves = tuple(Shown(one, int(one is shelf), 1, 1, ()) for one in Shelf)
    queue = Queue("ann", NOW, "UTC", shelves, 4, 1_200, WELL)
    assert queue.clear is (shelf not in CALLING)
    assert summary(queue).startswith("1 ")
    assert beyond(queue) == "4 in other hands, 1,200 older ones in the backlog"
    assert ("1 case waits for the customer" in clear(queue)) is (shelf is Shelf.WAITING)
