"""The desk's clock on a real database: each thing once, stored with its message, whoever else does the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from monitor.core.cases import Action, Details
from monitor.core.intents import Alert
from monitor.core.message import Kind, OutboxState, Queued
from monitor.core.model import Case, CaseEvent, Severity, State
from monitor.core.policy import Ladder, Policy, Rung
from monitor.escalate import Clockwork
from monitor.recover import file_of, move
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, HOUR, MINUTE, NOW, SLACK, bad, by, hear, said, send, send_all

DAY = timedelta(days=1)
LADDER = Ladder(
    (Rung("lead", 2 * HOUR, ("U0LEAD", "S0LEADS")), Rung("boss", 4 * HOUR, ("U0BOSS",), "C0BOSS"))
)
POLICY = Policy(ladder=LADDER)
"""The business is in UTC; NOW is Monday 09:30. A high case is to be answered within two hours."""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """Case 1 is Fred's, with its card."""
    store = temporary_store(tmp_path)
    with store.write() as tx:
        hear(tx, bad(said("1")))
        send_all(tx)
    yield store
    store.close()


def clockwork(store: SqlStore) -> Clockwork:
    return Clockwork(store, BUSINESS, POLICY, lambda tx, case: SLACK)


def run(store: SqlStore, now: datetime) -> list[str]:
    return [type(duty).__name__ for _, duty in clockwork(store).run(now)]


def do(store: SqlStore, action: Action, now: datetime, actor: str = "ann", **more: object) -> Case:
    return move(store, 1, action, actor, now, **more)  # type: ignore[arg-type]


def told(store: SqlStore, now: datetime) -> list[Queued]:
    """What went out by then, in order, but for cards drawn anew."""
    found = []
    with store.write() as tx:
        while rows := tx.ready(now, [SLACK, "slack:C0BOSS"]):
            for row in rows:
                send(tx, row, now)
                found.append(row)
    return [row for row in found if row.kind is not Kind.UPDATE]


def lines(store: SqlStore, now: datetime) -> list[tuple[str, object, bool]]:
    """Action, who is called, and whether the channel hears it."""
    rows = [row.data or {} for row in told(store, now)]
    return [(str(row["action"]), row.get("calls"), bool(row.get("loud"))) for row in rows]


# ── reminders ────────────────────────────────────────────────────────────────────────────────────────────


def test_what_nobody_takes_is_said_in_its_thread_once(store: SqlStore) -> None:
    assert run(store, NOW + 59 * MINUTE) == []
    at = NOW + HOUR
    assert run(store, at) == ["Remind"]
    assert run(store, at) == []
    assert lines(store, at) == [("remind", [], False)]
    case = file_of(store, 1).case
    assert (case.reminded, case.revision) == (at, 2)
    event = file_of(store, 1).events[-1]
    assert (event.actor, event.action, event.data) == ("clock", "remind", {"why": "unclaimed"})


def test_whoever_told_the_customer_is_reminded_when_nothing_comes_of_it(store: SqlStore) -> None:
    do(store, Action.CONTACT, NOW, actor="U0ANN")
    told(store, NOW)
    at = NOW + DAY
    while not (found := run(store, at)):
        at += HOUR
    assert found == ["Remind"]
    assert lines(store, at) == [("remind", ["U0ANN"], False)]
    assert (file_of(store, 1).events[-1].data or {})["why"] == "standing"


def test_a_claim_that_sits_is_reminded_then_released_and_not_scolded_at_once(store: SqlStore) -> None:
    with store.write() as tx:
        case = tx.promised([1])[0][0]
        quiet = replace(case, severity=Severity.LOW, revision=2)
        tx.revise(quiet, CaseEvent(1, NOW, "ann", "note", case.state, case.state))
    do(store, Action.CLAIM, NOW, actor="U0ANN")
    told(store, NOW)
    reminded = NOW + 4 * HOUR
    assert run(store, reminded) == ["Remind"]
    assert lines(store, reminded) == [("remind", ["U0ANN"], False)]
    freed = NOW + DAY + 30 * MINUTE
    assert run(store, NOW.replace(hour=17, minute=0)) == ["Remind"], "its time is nearly over"
    while "Release" not in (found := run(store, freed)):
        freed += 15 * MINUTE
    case = file_of(store, 1).case
    assert (case.state, case.owner, case.claimed, case.touched) == (State.OPEN, None, None, freed)
    event = next(e for e in file_of(store, 1).events if e.action == "release")
    assert event.data == {"owner": "U0ANN"}
    assert found.count("Remind") == 0
    assert run(store, freed) == []


def test_a_sleep_ends_at_its_time_however_late_it_is_noticed(store: SqlStore) -> None:
    do(store, Action.SNOOZE, NOW + HOUR, details=Details(until=NOW + 2 * HOUR))
    assert run(store, NOW + 2 * HOUR - MINUTE) == []
    assert run(store, NOW + 2 * HOUR + 40 * MINUTE)[0] == "Wake"
    case = file_of(store, 1).case
    assert (case.snoozed, case.wake, case.pauses) == (None, None, ((NOW + HOUR, NOW + 2 * HOUR),))


# ── the ladder ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_ladder_is_climbed_rung_by_rung_and_the_top_is_told_again(store: SqlStore) -> None:
    first = NOW + 2 * HOUR
    assert run(store, NOW + HOUR) == ["Remind"]
    told(store, NOW + HOUR)
    assert run(store, first) == ["Escalate"]
    assert lines(store, first) == [("escalate", ["U0LEAD", "S0LEADS"], True)]
    second = first + 2 * HOUR
    assert run(store, second) == ["Escalate"]
    rows = sorted(told(store, second), key=lambda row: row.seq)
    assert [(row.kind, row.destination) for row in rows] == [
        (Kind.REPLY, SLACK),
        (Kind.NOTICE, "slack:C0BOSS"),
    ]
    assert (rows[0].data or {})["data"] == {
        "level": 2,
        "rung": "boss",
        "why": ["first_response"],
        "last": True,
    }
    again = NOW + DAY
    while not run(store, again):
        again += HOUR
    assert lines(store, again) == [("escalate", ["U0BOSS"], False), ("escalate", ["U0BOSS"], False)]
    case = file_of(store, 1).case
    assert (case.level, case.escalated) == (2, again), "again does not climb"


def test_after_a_week_without_service_each_thing_is_said_once(store: SqlStore) -> None:
    assert run(store, NOW + 7 * DAY) == ["Escalate"]
    assert run(store, NOW + 7 * DAY) == []


# ── promises ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_promise_calls_then_breaks_and_the_case_goes_up(store: SqlStore) -> None:
    do(store, Action.CONTACT, NOW, actor="U0ANN")
    do(store, Action.PROMISE, NOW, actor="U0ANN", details=Details(what="a call", until=NOW + 3 * HOUR))
    do(store, Action.HAND_OVER, NOW, actor="U0ANN", details=Details(to="U0BOB"))
    told(store, NOW)
    due = NOW + 3 * HOUR
    seen = []
    for at in (due - HOUR, due, due + 30 * MINUTE, due + 31 * MINUTE):
        run(store, at)
        seen.append(lines(store, at))
    assert seen == [
        [("nudge", ["U0BOB"], False)],
        [("nudge", ["U0BOB"], False)],
        [("break", ["U0BOB"], True), ("escalate", ["U0LEAD", "S0LEADS"], True)],
        [],
    ]
    (promise,) = file_of(store, 1).promises
    assert (promise.outcome, promise.nudged, promise.ended) == ("broken", 3, due + 30 * MINUTE)


def test_two_promises_that_call_together_are_one_message_and_two_facts(store: SqlStore) -> None:
    for what in ("a call", "a refund"):
        do(store, Action.PROMISE, NOW, details=Details(what=what, until=NOW + 3 * HOUR))
    told(store, NOW)
    assert run(store, NOW + 2 * HOUR) == ["Nudge", "Nudge", "Escalate"]
    rows = [row.data or {} for row in told(store, NOW + 2 * HOUR)]
    assert [(row["action"], row["data"].get("what")) for row in rows] == [
        ("nudge", "a call; a refund"),
        ("escalate", None),
    ]
    assert [one.nudged for one in file_of(store, 1).promises] == [1, 1]


def test_a_promise_outlives_the_end_of_its_case(store: SqlStore) -> None:
    do(store, Action.PROMISE, NOW, details=Details(what="a call", until=NOW + 3 * HOUR))
    do(store, Action.RECOVER, NOW)
    told(store, NOW)
    assert run(store, NOW + 4 * HOUR) == ["BrokenPromise"]
    assert run(store, NOW + 9 * DAY) == []
    assert file_of(store, 1).case.state is State.RECOVERED


def test_a_break_that_a_person_marks_goes_up_and_one_of_a_life_before_does_not(store: SqlStore) -> None:
    do(store, Action.PROMISE, NOW, details=Details(what="a call", until=NOW + 3 * HOUR))
    do(store, Action.BREAK, NOW + MINUTE)
    assert run(store, NOW + 2 * MINUTE) == ["Escalate"]
    assert file_of(store, 1).case.level == 1
    do(store, Action.LOSE, NOW + 3 * MINUTE, note="they left")
    do(store, Action.REOPEN, NOW + 4 * MINUTE)
    assert file_of(store, 1).case.level == 0
    assert run(store, NOW + 5 * MINUTE) == []


# ── several at once ──────────────────────────────────────────────────────────────────────────────────────


def test_however_many_processes_look_each_thing_happens_once(store: SqlStore) -> None:
    with store.write() as tx:
        page = [
            bad(said(f"n{n}", f"Lamp number {n} of Acme Coffee broke", author=by(f"n{n}"))) for n in range(12)
        ]
        hear(tx, *page)
    at, done = NOW + 2 * HOUR, []
    start = threading.Barrier(4)

    def look() -> None:
        mine = clockwork(store)
        start.wait()
        done.extend(case.id for case, _ in mine.run(at))

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(set(done))
    assert len(done) == 13
    with store.read() as tx:
        assert all(len(tx.events(number)) == 2 for number in done)


def test_a_case_that_no_card_tells_of_gets_one_before_somebody_is_called(store: SqlStore) -> None:
    with store.write() as tx:
        hear(tx, bad(said("2", "My lamp from Acme Coffee never came", author=by("gina"))), alert=Alert.NONE)
        send_all(tx)
    file = file_of(store, 2)
    assert file.case.backlog
    move(store, 2, Action.PROMISE, "U0ANN", NOW, details=Details(what="a call", until=NOW + 2 * HOUR))
    told(store, NOW)
    run(store, NOW + HOUR)
    rows = [row for row in told(store, NOW + HOUR) if row.case_id == 2]
    assert [row.kind for row in rows] == [Kind.CARD, Kind.REPLY]


def test_a_case_whose_card_failed_gets_another(tmp_path: Path) -> None:
    store = temporary_store(tmp_path)
    with store.write() as tx:
        hear(tx, bad(said("1")))
        (row,) = tx.ready(NOW, [SLACK])
        tx.claim(row.id, "x", NOW, NOW + MINUTE)
        tx.settle(row.id, "x", OutboxState.FAILED, error="refused")
    assert run(store, NOW + HOUR) == ["Remind"]
    assert told(store, NOW + HOUR) == [], "nobody is called by it"
    assert run(store, NOW + 2 * HOUR) == ["Escalate"]
    assert [row.kind for row in told(store, NOW + 2 * HOUR)] == [Kind.CARD, Kind.REPLY]
    store.close()


def test_one_clock_looks_at_a_case_when_it_changed_or_when_its_time_has_come(store: SqlStore) -> None:
    clock = clockwork(store)
    assert clock.run(NOW) == []
    do(store, Action.CLAIM, NOW, actor="U0ANN")
    do(store, Action.PROMISE, NOW, actor="U0ANN", details=Details(what="a call", until=NOW + 90 * MINUTE))
    assert [type(duty).__name__ for _, duty in clock.run(NOW + 30 * MINUTE)] == ["Nudge"]
    do(store, Action.KEEP, NOW + 31 * MINUTE)
    assert [type(duty).__name__ for _, duty in clock.run(NOW + 2 * HOUR)] == ["Escalate"]
    do(store, Action.DISMISS, NOW + 2 * HOUR, note="a mistake")
    assert clock.run(NOW + 9 * DAY) == []


def test_looking_ahead_changes_nothing(store: SqlStore) -> None:
    (found,) = clockwork(store).upcoming(NOW + HOUR)
    assert ([type(d).__name__ for d in found.due], found.at) == (["Remind"], NOW + 90 * MINUTE)
    assert [type(duty).__name__ for duty in found.next] == ["Remind"]
    assert file_of(store, 1).case.revision == 1
    assert told(store, NOW + HOUR) == []
