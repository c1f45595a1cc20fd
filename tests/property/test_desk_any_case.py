"""Whatever a case has been through and however late the service looks: nothing is said twice, nothing is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from monitor.core.clocks import Pace, clocks, running
from monitor.core.due import agenda, due_actions, next_tick
from monitor.core.duties import BrokenPromise, Duty, Escalate, Nudge, Remind, Wake, done, key
from monitor.core.hours import ALWAYS, Hours, Opening
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.policy import NIGHTS, Ladder, Policy, Reminders, Rung, Target

START = datetime(2026, 10, 22, 6, 0, tzinfo=UTC)  # a Thursday; three days later the clocks go back
MINUTE = timedelta(minutes=1)
LONG = 9 * 1440

SPANS = st.integers(1, 2000).map(lambda n: n * MINUTE)
MOMENTS = st.integers(0, LONG).map(lambda n: START + n * MINUTE)
REASONS = st.lists(
    st.sampled_from(
        [
            "somebody's safety is at stake",
            "threatens to go to law or to a regulator",
            "got no response",
            "it is not the first time",
            "has complained 3 times since May 2026",
            "reads as a bad experience",
        ]
    ),
    max_size=3,
    unique=True,
)


@st.composite
def pauses(draw: st.DrawFn) -> tuple[tuple[datetime, datetime | None], ...]:
    """In any order, over one another; one may be open."""
    closed = draw(st.lists(st.tuples(MOMENTS, MOMENTS), max_size=4))
    found: list[tuple[datetime, datetime | None]] = [(min(one), max(one)) for one in closed]
    if draw(st.booleans()):
        found.append((draw(MOMENTS), None))
    return tuple(draw(st.permutations(found)))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    state = draw(st.sampled_from([State.OPEN, State.CLAIMED, State.CONTACTED]))
    opened = draw(MOMENTS)
    some = st.none() | MOMENTS
    return Case(
        1,
        "default",
        "rss",
        "fred",
        "Fred",
        state,
        draw(st.sampled_from(Severity)),
        opened,
        owner=None if state is State.OPEN else "ann",
        backlog=draw(st.sampled_from([False, False, False, True])),
        reasons=tuple(draw(REASONS)),
        contacted=draw(MOMENTS) if state is State.CONTACTED else None,
        claimed=None if state is State.OPEN else draw(MOMENTS),
        touched=draw(some),
        waiting=draw(some),
        snoozed=draw(some),
        wake=draw(some),
        level=draw(st.integers(0, 5)),
        escalated=draw(some),
        pauses=draw(pauses()),
        reminded=draw(some),
    )


@st.composite
def promises(draw: st.DrawFn) -> tuple[Promise, ...]:
    found = []
    for number in range(draw(st.integers(0, 3))):
        made, ended = draw(MOMENTS), draw(MOMENTS)
        outcome = draw(st.sampled_from([None, None, "kept", "broken", "withdrawn"]))
        found.append(
            Promise(
                number,
                1,
                "a call",
                made + draw(SPANS),
                made,
                "ann",
                outcome,
                ended if outcome else None,
                draw(st.integers(0, 2)),
            )
        )
    return tuple(found)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    zone = ZoneInfo(draw(st.sampled_from(["Europe/London", "America/New_York", "Asia/Tokyo"])))
    days = draw(st.sets(st.integers(0, 6), min_size=2))
    opens = draw(st.integers(0, 1200))
    week = tuple(Opening(day, opens, opens + draw(st.integers(30, 1440))) for day in sorted(days))
    quiet = draw(st.none() | st.just(Hours(zone, tuple(Opening(day, 1200, 1920) for day in range(7)))))
    rungs = tuple(Rung(f"rung {n}", draw(SPANS)) for n in range(draw(st.integers(1, 3))))
    told = Reminders(*(draw(SPANS) for _ in range(7)))
    return Policy(
        Hours(zone, week, frozenset({date(2026, 10, 26)})),
        quiet,
        draw(st.sampled_from([frozenset(), frozenset({Severity.CRITICAL})])),
        {severity: Target(draw(SPANS), draw(SPANS)) for severity in Severity},
        reminders=draw(st.sampled_from([told, replace(told, release=None)])),
        ladder=Ladder(rungs),
    )


State_ = tuple[Case, tuple[Promise, ...]]


def carried_out(
    case: Case, given_: Sequence[Promise], policy: Policy, now: datetime
) -> tuple[list[Duty], State_]:
    """One tick of the job."""
    duties = due_actions(case, given_, policy, now)
    kept = tuple(given_)
    for duty in duties:
        case, kept = done(case, kept, duty, now)
    return duties, (case, kept)


def may_speak(case: Case, policy: Policy, now: datetime) -> datetime:
    """From `now` on: when quiet hours hold nothing of this case back."""
    if policy.quiet is None or case.severity is Severity.CRITICAL:
        return now
    return policy.quiet.closing(now)


HALF_DAY = timedelta(hours=12)
NIGHTLY = Policy(
    ALWAYS,
    NIGHTS,
    targets={severity: Target(90 * HALF_DAY, 90 * HALF_DAY) for severity in Severity},
    reminders=Reminders(*(90 * HALF_DAY for _ in range(6)), promise_grace=MINUTE),
)
"""Quiet from 20:00 to 08:00; but for promises nobody is reminded of anything for weeks."""
NIGHTLY_IN_LONDON = replace(NIGHTLY, quiet=Hours(ZoneInfo("Europe/London"), NIGHTS.openings))
LOW = Case(1, "default", "rss", "fred", "Fred", State.OPEN, Severity.LOW, START)
GRAVE = replace(LOW, reasons=("somebody's safety is at stake",))
ASLEEP = replace(GRAVE, snoozed=START, wake=START + 3 * HALF_DAY, pauses=((START, None),))
BY_SEVEN = (Promise(0, 1, "a call", START + 60 * MINUTE, START, "ann"),)


# ── the clocks of a case ─────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None)
@given(cases(), policies(), MOMENTS, st.integers(1, 2000))
def test_a_case_ages_by_the_open_minutes_in_which_nothing_stood(
    case: Case, policy: Policy, now: datetime, amount: int
) -> None:
    hours, runs = policy.hours_of(case), running(case, policy)
    wakes = case.wake if case.snoozed and not case.waiting else None

    def stood(at: datetime) -> bool:
        return any(
            begin <= at and ((end or wakes) is None or at < (end or wakes)) for begin, end in case.pauses
        )

    days = (case.opened + n * MINUTE for n in range(6 * 1440))
    ran = [at for at in days if hours.open_at(at) and not stood(at)]
    now = min(now, case.opened + 6 * 1440 * MINUTE)
    assert runs.between(case.opened, now) == sum(at < now for at in ran) * MINUTE
    if len(ran) >= amount:
        assert runs.add(case.opened, amount * MINUTE) == ran[amount - 1] + MINUTE


@settings(deadline=None)
@given(cases(), policies(), MOMENTS)
def test_a_clock_is_overdue_from_its_due_time_on(case: Case, policy: Policy, now: datetime) -> None:
    told = clocks(case, policy, now)
    assert (told is None) == case.backlog
    if told is None:
        return
    for clock in (told.first_response, told.resolution):
        until = now if clock.done is None else min(now, clock.done)
        assert (
            (clock.state is Pace.OVERDUE)
            == (clock.due is not None and clock.due <= until)
            == (clock.share >= 1)
        )
        assert clock.used + clock.remaining == clock.target
        if clock.due is not None:
            assert clock.soon is not None
            assert clock.soon <= clock.due


# ── what the job does ────────────────────────────────────────────────────────────────────────────────────


@settings(deadline=None)
@given(cases(), promises(), policies(), MOMENTS)
def test_once_done_nothing_is_left_to_do_and_no_kind_is_said_twice(
    case: Case, made: tuple[Promise, ...], policy: Policy, now: datetime
) -> None:
    duties, (after, left) = carried_out(case, made, policy, now)
    assert due_actions(after, left, policy, now) == []
    kinds = [
        (type(one), one.promise.id if isinstance(one, Nudge | BrokenPromise) else None) for one in duties
    ]
    assert len(kinds) == len(set(kinds)), "one action for each thing, however late"
    assert len({key(case, one) for one in duties}) == len(duties)
    assert all(one.at <= now for one in duties), "early"
    assert after.level >= min(case.level, policy.ladder.top), "nothing goes down the ladder"


@settings(deadline=None)
@given(cases(), promises(), policies(), MOMENTS)
def test_every_case_that_is_not_backlog_has_a_next_time_and_it_is_exact(
    case: Case, made: tuple[Promise, ...], policy: Policy, now: datetime
) -> None:
    case, made = carried_out(case, made, policy, now)[1]
    at = next_tick(case, made, policy, now)
    if at is None:
        assert case.backlog
        assert case.snoozed is None or case.wake is None
        assert all(one.outcome for one in made)
        return
    assert at > now
    assert due_actions(case, made, policy, at - timedelta(microseconds=1)) == []
    assert due_actions(case, made, policy, at) != []


@settings(max_examples=50, deadline=None)
@given(
    cases(),
    promises(),
    policies(),
    st.lists(st.integers(1, 4000).map(lambda n: n * MINUTE), min_size=1, max_size=25),
)
@example(LOW, BY_SEVEN, NIGHTLY, [timedelta(hours=14)]).via("broken by day, and the service is back at 20:00")
@example(ASLEEP, (), NIGHTLY, [timedelta(days=2)]).via("the ladder wakes it before its time")
def test_over_any_ticks_nothing_is_repeated_and_nothing_skipped(
    case: Case, made: tuple[Promise, ...], policy: Policy, gaps: list[timedelta]
) -> None:
    """Two services look at one case: one at every instant at which something is due, one when it happens to run.
    Where that is in quiet hours it looks once more at their end, and then has said what the other has."""
    punctual, late = (case, made), (case, made)
    now = case.opened
    for gap in gaps:
        back = now + gap
        until = may_speak(case, policy, back)
        on_time: list[Duty] = []
        for _ in range(500):
            at = next_tick(*punctual, policy, now)
            if at is None or at > until:
                break
            now = at
            duties, punctual = carried_out(*punctual, policy, now)
            assert duties, "a next time at which nothing happens"
            on_time += duties
        else:
            assume(False)
        at_last: list[Duty] = []
        for now in sorted({back, until}):
            duties, late = carried_out(*late, policy, now)
            at_last += duties
        assert told(on_time, BrokenPromise) == told(at_last, BrokenPromise), "skipped, or said twice"
        woken, climbed = told(on_time, Wake), [one for one in on_time if isinstance(one, Escalate)]
        # what the ladder has woken before its time does not wake by itself
        assert woken == told(at_last, Wake) or (climbed and not woken), "skipped, or said twice"
        # what is said by pace is said once for all the times that were missed
        assert len([one for one in at_last if isinstance(one, Escalate)]) <= 1
        late = punctual


@settings(deadline=None)
@given(
    cases(),
    promises(),
    policies(),
    st.lists(st.integers(1, 6000).map(lambda n: n * MINUTE), min_size=1, max_size=20),
)
def test_a_life_long_each_thing_is_said_in_its_order(
    case: Case, made: tuple[Promise, ...], policy: Policy, gaps: list[timedelta]
) -> None:
    """The job comes when it comes. Promises call onwards only, the ladder goes up only, and waits are kept."""
    now, said_of, level, last = case.opened, {one.id: one.nudged for one in made}, 0, None
    woken = 0
    for gap in gaps:
        now += gap
        duties, (case, made) = carried_out(case, made, policy, now)
        for one in duties:
            if isinstance(one, Nudge | BrokenPromise):
                stage = one.stage if isinstance(one, Nudge) else 3
                assert stage > said_of[one.promise.id], "a promise called twice"
                said_of[one.promise.id] = stage
            elif isinstance(one, Escalate):
                assert one.level > level or one.again
                assert one.again == (one.level == level == policy.ladder.top) or last is None
                if last is not None and "broken_promise" not in one.why:
                    assert policy.hours_of(case).between(last, now) >= policy.ladder.wait(level)
                level, last = one.level, now
            woken += isinstance(one, Wake)
    assert woken <= 1


def told(duties: Sequence[Duty], kind: type[Wake] | type[BrokenPromise]) -> list[object]:
    found = [one for one in duties if isinstance(one, kind)]
    return sorted(str(one.promise.id) if isinstance(one, BrokenPromise) else "wake" for one in found)


@settings(deadline=None)
@given(cases(), promises(), policies(), MOMENTS, st.integers(1, 30))
@example(LOW, BY_SEVEN, NIGHTLY_IN_LONDON, START + timedelta(minutes=90), 4).via("8:30, then 7:30")
def test_the_longer_the_service_was_down_the_fewer_words(
    case: Case, made: tuple[Promise, ...], policy: Policy, now: datetime, days: int
) -> None:
    """What was due when it went down is said when it is back, and the ladder goes up by one, not by ten."""
    before = due_actions(case, made, policy, now)
    back = now + timedelta(days=days)
    quiet = may_speak(case, policy, back) > back
    stands = running(case, policy).resumed(back) != back
    after = due_actions(case, made, policy, back)
    for kind in (Wake, BrokenPromise, Escalate):
        held = (quiet and kind is not Wake) or (stands and kind is Escalate)
        if any(isinstance(one, kind) for one in before) and not held:
            assert any(isinstance(one, kind) for one in after)
    assert len([one for one in after if isinstance(one, Escalate | Remind)]) <= 3


@given(cases(), promises(), policies(), MOMENTS)
def test_a_closed_case_is_silent_but_for_its_promises(
    case: Case, made: tuple[Promise, ...], policy: Policy, now: datetime
) -> None:
    case = replace(case, state=State.RECOVERED, closed=case.opened + MINUTE)
    planned = [one.duty for one in agenda(case, made, policy)]
    assert all(isinstance(one, Nudge | BrokenPromise) for one in planned)
    assert {one.promise.id for one in planned if isinstance(one, BrokenPromise)} == {
        one.id for one in made if one.outcome is None
    }, "a promise was given up because the customer was content"
