"""The timetable of a case: who hears of it when, if nobody does anything, and what changes when somebody does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from diary import told

from monitor.core.cases import came_back
from monitor.core.clocks import Clock, clocks
from monitor.core.due import due_actions, next_tick
from monitor.core.duties import done, key
from monitor.core.escalation import heard_of, start_of
from monitor.core.hours import ALWAYS, Hours, Opening
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.policy import HOUR, Ladder, Policy, Reminders, Rung, Target
from monitor.core.severity import History, weigh

LONDON = ZoneInfo("Europe/London")
DESK = Policy(
    hours=Hours(LONDON, tuple(Opening(day, 540, 1020) for day in range(5)), frozenset({date(2026, 11, 10)})),
    quiet=Hours(LONDON, tuple(Opening(day, 1200, 1920) for day in range(7))),
)
"""Monday to Friday, nine to five; Tuesday the 10th is a holiday."""


def at(told: str) -> datetime:
    """`2 10:00`: that time in London, of a day in November 2026. The 2nd is a Monday."""
    day, _, clock = told.partition(" ")
    hour, _, minute = clock.partition(":")
    return datetime(2026, 11, int(day), int(hour), int(minute), tzinfo=LONDON)


def case_of(opened: str = "2 10:00", severity: Severity = Severity.MEDIUM, **more: object) -> Case:
    case = Case(7, "default", "rss", "fred", "Fred", State.OPEN, severity, at(opened))
    return replace(case, **more)  # type: ignore[arg-type]


def promise(due: str, made: str = "2 10:00", **more: object) -> Promise:
    return replace(Promise(1, 7, "a call", at(due), at(made), "ann"), **more)  # type: ignore[arg-type]


def diary(
    case: Case,
    until: str,
    promises: Sequence[Promise] = (),
    policy: Policy = DESK,
    since: datetime | None = None,
) -> list[str]:
    """What happens until then if nobody does anything: the local day and time, and what is said."""
    lines, now = [], since or case.opened
    while (upcoming := next_tick(case, promises, policy, now)) is not None and upcoming <= at(until):
        now = upcoming
        for duty in due_actions(case, promises, policy, now):
            lines.append(f"{now.astimezone(LONDON):%-d %H:%M} {told(duty)}")
            case, promises = done(case, promises, duty, now)
    return lines


def clocks_at(case: Case, when: str) -> tuple[Clock, Clock]:
    found = clocks(case, DESK, at(when))
    assert found is not None
    return found.first_response, found.resolution


# ── nobody takes it ──────────────────────────────────────────────────────────────────────────────────────


def test_a_case_that_nobody_takes_is_told_to_one_after_the_other_and_never_falls_silent() -> None:
    assert diary(case_of(), "12 10:00") == [
        "2 11:00 remind unclaimed",
        "2 13:00 remind soon",
        "2 14:00 level 1 first_response",
        "2 16:00 level 2 first_response",
        "3 12:00 level 3 first_response last",
        "4 12:00 level 3 first_response again",  # Thursday at ten it should have been over, too
        "5 12:00 level 3 first_response+resolution again",
        "6 12:00 level 3 first_response+resolution again",
        "9 12:00 level 3 first_response+resolution again",
        "11 12:00 level 3 first_response+resolution again",  # Tuesday was a holiday
    ]


def test_what_is_critical_knows_no_night() -> None:
    assert diary(case_of("6 18:00", Severity.CRITICAL), "7 10:00") == [
        "6 18:45 remind soon",
        "6 19:00 level 1 first_response",
        "6 21:00 level 2 first_response",
        "7 01:00 level 3 first_response last",
        "7 09:00 level 3 first_response again",
    ]


def test_a_case_of_the_backlog_has_no_clock_but_its_promises_call() -> None:
    backlog = case_of(backlog=True)
    assert next_tick(backlog, (), DESK, at("9 10:00")) is None
    assert diary(backlog, "12 10:00", [promise("3 12:00")]) == [
        "3 11:00 nudge 1",
        "3 12:00 nudge 2",
        "3 12:30 broken",
    ]


def test_quiet_hours_hold_the_ladder_back_till_morning() -> None:
    """A desk that is open around the clock still lets its managers sleep."""
    policy = replace(DESK, hours=ALWAYS)
    assert diary(case_of("2 18:30"), "3 09:00", policy=policy) == [
        "2 19:30 remind unclaimed",
        "3 08:00 level 1 first_response",  # was due at 22:30
    ]


# ── somebody takes it ────────────────────────────────────────────────────────────────────────────────────


def claimed(**more: object) -> Case:
    return case_of(state=State.CLAIMED, owner="ann", claimed=at("2 10:30"), touched=at("2 10:30"), **more)


def test_who_claims_and_does_nothing_is_reminded_and_then_relieved() -> None:
    slow = replace(DESK, targets={Severity.MEDIUM: Target(400 * HOUR, 400 * HOUR)})
    assert diary(claimed(), "3 15:00", policy=slow) == [
        "2 14:30 remind ann idle",
        "3 10:30 release ann",
        "3 11:30 remind unclaimed",
    ]
    kept = replace(slow, reminders=Reminders(release=None))
    assert diary(claimed(), "5 15:00", policy=kept) == ["2 14:30 remind ann idle"]
    busy = claimed(reminded=at("2 14:30"))
    busy = replace(busy, touched=at("2 15:00"))
    assert diary(busy, "3 11:00", policy=slow, since=at("2 15:00")) == ["3 11:00 remind ann idle"], (
        "it starts anew"
    )


def test_once_the_customer_is_told_the_first_clock_is_done() -> None:
    case = claimed(contacted=at("2 12:00"))
    case = replace(case, state=State.CONTACTED, touched=at("2 12:00"))
    assert diary(case, "6 10:00", since=at("2 12:00")) == [
        "4 12:00 remind ann follow_up",
        "5 10:00 level 1 resolution",
        "5 12:00 level 2 resolution",
        "5 16:00 level 3 resolution last",
    ]


def test_who_comes_back_has_the_whole_first_clock_again() -> None:
    told = replace(claimed(contacted=at("2 11:00")), state=State.CONTACTED)
    won = replace(told, state=State.RECOVERED, closed=at("2 12:00"))
    back = came_back(won, at("9 10:00"))
    assert diary(back, "9 15:00", since=at("9 10:00")) == [
        "9 11:00 remind unclaimed",
        "9 13:00 remind soon",
        "9 14:00 level 1 first_response",
    ]
    both = clocks(back, DESK, at("9 12:00"))
    assert both is not None
    assert (both.first_response.used, both.resolution.used) == (2 * HOUR, 4 * HOUR)


def test_who_answered_is_asked_every_two_days_how_it_goes_on() -> None:
    case = claimed(contacted=at("2 12:00"))
    case = replace(case, state=State.CONTACTED, touched=at("2 12:00"))
    expected = [
        "4 12:00 remind ann follow_up",
        "6 12:00 remind ann follow_up",
        "11 12:00 remind ann follow_up",
    ]
    assert diary(case, "12 10:00", (), replace(DESK, targets=EASY.targets), at("2 12:00")) == expected


def test_an_answer_brings_no_case_down_the_ladder_but_stops_it_there() -> None:
    case = replace(claimed(), level=2, escalated=at("2 16:00"))
    case = replace(case, state=State.CONTACTED, contacted=at("2 16:30"), touched=at("2 16:30"))
    (duty,) = [one for one in diary(case, "5 12:00", since=at("2 16:30")) if "level" in one]
    assert duty == "5 10:00 level 3 resolution last"


# ── it sleeps, or waits ──────────────────────────────────────────────────────────────────────────────────


def test_a_snooze_over_the_weekend_takes_no_time_and_ends_by_itself() -> None:
    case = claimed(snoozed=at("6 16:00"), wake=at("9 09:30"), pauses=((at("6 16:00"), at("9 09:30")),))
    case = replace(case, opened=at("6 15:00"), claimed=at("6 15:00"), touched=at("6 16:00"))
    case = replace(case, pauses=((at("6 16:00"), None),))
    assert diary(case, "9 13:00", since=at("6 16:00")) == [
        "9 09:30 wake",
        "9 11:30 remind ann soon",
        "9 12:30 level 1 first_response",
    ]
    (wake,) = due_actions(case, (), DESK, at("9 10:15"))
    woken, _ = done(case, (), wake, at("9 10:15"))
    assert (woken.snoozed, woken.wake, woken.pauses) == (None, None, ((at("6 16:00"), at("9 09:30")),)), (
        "as agreed"
    )


def test_waking_while_it_is_the_customers_turn_starts_no_clock() -> None:
    pauses = ((at("2 11:00"), None),)
    case = claimed(waiting=at("2 11:00"), snoozed=at("2 11:30"), wake=at("2 12:00"), pauses=pauses)
    (wake,) = due_actions(case, (), DESK, at("2 12:00"))
    woken, _ = done(case, (), wake, at("2 12:00"))
    assert (woken.snoozed, woken.pauses) == (None, pauses)
    assert diary(case, "5 12:00", since=at("2 11:30")) == ["2 12:00 wake", "5 11:00 remind ann standing"]
    (told_now,) = {one.due for one in clocks_at(case, "2 11:45")}
    assert told_now is None, "nobody knows when the customer answers"


@pytest.mark.parametrize("how", ["waiting", "snoozed"])
def test_who_waits_without_an_end_is_asked_every_three_days(how: str) -> None:
    case = claimed(pauses=((at("2 11:00"), None),), **{how: at("2 11:00")})
    assert diary(case, "12 12:00", since=at("2 11:00")) == [
        "5 11:00 remind ann standing",
        "11 11:00 remind ann standing",
    ]


def test_danger_is_told_although_somebody_put_it_off() -> None:
    case = claimed(
        snoozed=at("2 10:30"), pauses=((at("2 10:30"), None),), reasons=("somebody's safety is at stake",)
    )
    assert diary(case, "2 12:00") == ["2 10:00 level 3 safety last"]


# ── promises ─────────────────────────────────────────────────────────────────────────────────────────────

EASY = replace(DESK, targets={one: Target(400 * HOUR, 400 * HOUR) for one in Severity})


def test_a_promise_calls_before_at_and_after_its_time_and_broken_it_goes_up() -> None:
    case = replace(claimed(), state=State.CONTACTED, contacted=at("2 10:30"))
    assert diary(case, "3 17:00", [promise("3 09:30")], EASY, at("2 10:30")) == [
        "2 16:30 nudge 1",  # an hour of the desk's time before
        "3 09:30 nudge 2",
        "3 10:00 broken",
        "3 10:00 level 1 broken_promise",
    ]


def test_a_promise_counts_also_while_the_case_sleeps_and_after_the_customer_was_content() -> None:
    asleep = claimed(snoozed=at("2 11:00"), pauses=((at("2 11:00"), None),))
    expected = ["2 14:00 nudge 1", "2 15:00 nudge 2", "2 15:30 broken"]
    assert diary(asleep, "2 16:00", [promise("2 15:00")], EASY) == [
        *expected,
        "2 15:30 level 1 broken_promise",
    ]
    closed = replace(claimed(), state=State.RECOVERED, closed=at("2 12:00"))
    assert diary(closed, "2 16:00", [promise("2 15:00")], EASY) == expected


@pytest.mark.parametrize("outcome", ["kept", "withdrawn"])
def test_a_promise_that_is_over_is_silent(outcome: str) -> None:
    over = promise("2 15:00", outcome=outcome, ended=at("2 11:00"))
    assert diary(claimed(), "2 14:00", [over], EASY) == []


def test_for_the_next_minutes_nobody_needs_to_be_told_before() -> None:
    assert diary(claimed(), "2 11:15", [promise("2 11:00", made="2 10:30")], EASY) == ["2 11:00 nudge 2"]


def test_a_promise_that_a_person_calls_broken_goes_up_too() -> None:
    broken = promise("2 15:00", outcome="broken", ended=at("2 11:00"))
    assert diary(claimed(), "2 12:00", [broken], EASY, at("2 11:00")) == ["2 11:00 level 1 broken_promise"]


def test_a_promise_broken_at_night_calls_its_owner_then_and_goes_up_in_the_morning() -> None:
    policy = replace(EASY, hours=ALWAYS, reminders=Reminders(idle=400 * HOUR))
    late = promise("2 22:00", nudged=1)
    assert diary(claimed(), "3 09:00", [late], policy) == [
        "2 22:00 nudge 2",
        "3 08:00 broken",
        "3 08:00 level 1 broken_promise",
    ]


def test_going_up_the_ladder_wakes_a_case() -> None:
    case = claimed(snoozed=at("2 11:00"), wake=at("9 09:00"), pauses=((at("2 11:00"), None),))
    broken = promise("2 12:00", nudged=2)
    for duty in due_actions(case, [broken], DESK, at("2 12:30")):
        case, _ = done(case, [broken], duty, at("2 12:30"))
    assert (case.snoozed, case.wake, case.level) == (None, None, 1)
    assert case.pauses == ((at("2 11:00"), at("2 12:30")),)


# ── the service was down ─────────────────────────────────────────────────────────────────────────────────


def test_after_a_weekend_without_service_each_thing_is_said_once() -> None:
    case, made = claimed(), [promise("3 12:00")]
    found = due_actions(case, made, DESK, at("9 09:00"))
    assert [told(one) for one in found] == ["broken", "level 1 broken_promise", "remind ann idle"]
    promises: tuple[Promise, ...] = tuple(made)
    for one in found:
        case, promises = done(case, promises, one, at("9 09:00"))
    assert due_actions(case, promises, DESK, at("9 09:00")) == []
    assert next_tick(case, promises, DESK, at("9 09:00")) == at("9 11:00")
    assert [told(one) for one in due_actions(case, promises, DESK, at("9 11:00"))] == [
        "level 2 first_response+resolution"
    ]


def test_back_at_night_it_says_in_the_morning_what_was_broken_by_day() -> None:
    policy = replace(EASY, reminders=Reminders(idle=400 * HOUR))
    broken, night = promise("2 12:00", nudged=2), at("2 21:00")
    assert due_actions(claimed(), [broken], policy, night) == []
    assert diary(claimed(), "3 09:00", [broken], policy, night) == [
        "3 08:00 broken",
        "3 08:00 level 1 broken_promise",
    ]


def test_each_intent_has_a_name_of_its_own() -> None:
    made = [promise("3 12:00"), promise("4 12:00", id=2), promise("9 09:30", id=3)]
    found = due_actions(claimed(), made, DESK, at("9 09:00"))
    assert [key(claimed(), one) for one in found] == [
        "default:desk:7:brokenpromise:1:1",
        "default:desk:7:brokenpromise:2:1",
        "default:desk:7:nudge:3:1:1",
        "default:desk:7:escalate:1",
        "default:desk:7:remind:1",
    ]


# ── where it begins ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("signals", "level"),
    [
        ({"safety"}, 3),
        ({"discrimination"}, 3),
        ({"vulnerable", "rude"}, 2),
        ({"legal_threat"}, 2),
        ({"press_threat"}, 2),
        ({"vulnerable"}, 1),
        ({"no_response", "repeat_contact"}, 1),
        ({"promised_no_call", "repeat_contact"}, 1),
        ({"repeat_contact"}, 0),
        ({"rude", "still_waiting"}, 0),
        ({"press_threat", "safety"}, 3),
    ],
)
def test_grave_reasons_begin_higher(signals: set[str], level: int) -> None:
    """By the reasons as the severity table words them, so that neither can change without the other."""
    found = weigh(0.9, signals)
    case = case_of(severity=found.severity, reasons=found.reasons)
    start, why = start_of(case, Ladder())
    assert start == level
    assert bool(why) == bool(level)
    first = [one for one in diary(case, "2 10:00") if "level" in one]
    assert [line.split()[3] for line in first] == ([str(level)] if level else [])


def test_the_third_complaint_was_ignored_twice() -> None:
    found = weigh(0.9, {"rude"}, history=History(2, at("1 10:00")))
    assert heard_of(case_of(reasons=found.reasons)) == {"rude", "ignored_twice"}
    assert heard_of(case_of(reasons=weigh(0.9, {"rude"}, history=History(1)).reasons)) == {"rude"}


def test_a_short_ladder_begins_at_its_end_and_says_so_once() -> None:
    policy = replace(DESK, ladder=Ladder((Rung("owner of the shop", 8 * HOUR),)))
    case = case_of(severity=Severity.HIGH, reasons=("somebody's safety is at stake",))
    assert [one for one in diary(case, "4 12:00", policy=policy) if "level" in one] == [
        "2 10:00 level 1 safety last",
        "3 10:00 level 1 first_response again",
        "4 10:00 level 1 first_response+resolution again",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ladder": Ladder(())}, "no rung"),
        ({"ladder": Ladder((Rung("lead", timedelta(0)),))}, "a minute at least"),
        ({"reminders": Reminders(idle=timedelta(0))}, "a minute at least"),
        ({"targets": {Severity.LOW: Target(timedelta(0), HOUR)}}, "a minute at least"),
        ({"quiet": ALWAYS}, "quiet all week"),
    ],
)
def test_a_policy_that_would_never_speak_or_never_stop_is_refused(
    wrong: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        Policy(**wrong)  # type: ignore[arg-type]
