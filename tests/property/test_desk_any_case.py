"""Whatever a case has been through and however late the service looks: nothing is said twice, nothing is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from monitor.core.clocks import Pace, clocks, running
from monitor.core.due import agenda, due_actions, next_tick
from monitor.core.duties import BrokenPromise, Duty, Escalate, Nudge, Remind, Wake, done, key
from monitor.core.hours import Hours, Opening
from monitor.core.model import Case, Promise, Severity, State
from monitor.core.policy import Ladder, Policy, Reminders, Rung, Target

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
def test_over_any_ticks_nothing_is_repeated_and_nothing_skipped(
    case: Case, made: tuple[Promise, ...], policy: Policy, gaps: list[timedelta]
) -> None:
    """Two services look at one case: one at every instant at which something is due, one when it happens to run."""
    punctual, late = (case, made), (case, made)
    now = case.opened
    for gap in gaps:
        until = now + gap
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
        now = until
        at_last, late = carried_out(*late, policy, now)
        for kind in (Wake, BrokenPromise):
            assert told(on_time, kind) == told(at_last, kind), "skipped, or said twice"
        # what is said by pace is said once for all the times that were missed
        assert len([one for one in at_last if isinstance(one, Escalate)]) <= 1
        late = (replace(punctual[0]), punctual[1])


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
def test_the_longer_the_service_was_down_the_fewer_words(
    case: Case, made: tuple[Promise, ...], policy: Policy, now: datetime, days: int
) -> None:
    """What was due when it went down is said when it is back, and the ladder goes up by one, not by ten."""
    before = due_actions(case, made, policy, now)
    back = now + timedelta(days=days)
    quiet = policy.quiet is not None and policy.quiet.open_at(back)
    stands = running(case, policy).resumed(back) != back
    after = due_actions(case, made, policy, back)
    for kind in (Wake, BrokenPromise, Escalate):
        held = kind is Escalate and (stands or (quiet and case.severity is not Severity.CRITICAL))
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
