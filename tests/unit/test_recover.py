"""A person's move, with all that follows from it: promises, linked customers, the thread, and who was faster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.core.cases import Action, Details, How
from monitor.core.errors import CaseError, Conflict
from monitor.core.message import Kind
from monitor.core.model import Case, State
from monitor.core.policy import Ladder, Rung
from monitor.recover import click_key, file_of, move
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import HOUR, NOW, SLACK, bad, by, case_of, hear, said, send, send_all

DAY = timedelta(days=1)
CALL = Details(what="a call", until=NOW + DAY)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """Case 1 is Fred's, case 2 Gina's; both have their cards."""
    store = temporary_store(tmp_path)
    with store.write() as tx:
        hear(tx, bad(said("1")), bad(said("2", "My lamp from Acme Coffee never came", author=by("gina"))))
        send_all(tx)
    yield store
    store.close()


def do(store: SqlStore, action: Action, case_id: int = 1, actor: str = "ann", **more: object) -> Case:
    return move(store, case_id, action, actor, NOW + HOUR, **more)  # type: ignore[arg-type]


def actions(store: SqlStore, case_id: int) -> list[str]:
    return [event.action for event in file_of(store, case_id).events]


# ── who was faster ───────────────────────────────────────────────────────────────────────────────────────


def test_a_stale_move_is_told_who_was_faster_and_what_they_did(store: SqlStore) -> None:
    do(store, Action.HAND_OVER, actor="bob", details=Details(to="cara"))
    with pytest.raises(Conflict, match=r"bob handed it over to cara\. It is claimed now"):
        do(store, Action.CLAIM, revision=1)


def test_the_same_click_is_one_move(store: SqlStore) -> None:
    key = click_key(1, Action.PROMISE, "ann", "1764.0001")
    for _ in range(2):
        do(store, Action.PROMISE, details=CALL, key=key)
    assert len(file_of(store, 1).promises) == 1
    assert actions(store, 1) == ["opened", "promise"]
    assert key != click_key(1, Action.PROMISE, "bob", "1764.0001")
    with pytest.raises(Conflict, match="another case"):
        do(store, Action.PROMISE, case_id=2, details=CALL, key=key)
    assert file_of(store, 2).promises == ()


def test_each_move_is_told_once_in_the_thread(store: SqlStore) -> None:
    do(store, Action.SNOOZE, details=Details(until=NOW + DAY), note="later")
    with store.write() as tx:
        (redrawing,) = tx.ready(NOW + DAY, [SLACK])
        assert redrawing.kind is Kind.UPDATE, "whoever did it sees their own card change first"
        send(tx, redrawing, NOW + DAY)
        rows = tx.ready(NOW + DAY, [SLACK])
        assert [row.kind for row in rows] == [Kind.REPLY]
        assert rows[0].data == {
            "action": "snooze",
            "actor": "ann",
            "note": "later",
            "data": {"until": (NOW + DAY).isoformat()},
        }
        send_all(tx, NOW + DAY)


# ── promises ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_promise_is_kept_with_its_maker_and_outlives_the_case(store: SqlStore) -> None:
    case = do(store, Action.PROMISE, details=CALL)
    assert (case.state, case.owner) == (State.CLAIMED, "ann")
    (made,) = file_of(store, 1).promises
    assert (made.case_id, made.what, made.due, made.made, made.made_by) == (
        1,
        "a call",
        NOW + DAY,
        NOW + HOUR,
        "ann",
    )
    assert (file_of(store, 1).events[-1].data or {})["promise"] == made.id
    do(store, Action.RECOVER, details=Details(how=How.REFUND))
    assert (file_of(store, 1).events[-1].data or {}) == {"how": "refund"}
    assert file_of(store, 1).promises == (made,)
    do(store, Action.KEEP)
    (kept,) = file_of(store, 1).promises
    assert (kept.outcome, kept.ended) == ("kept", NOW + HOUR)
    assert file_of(store, 1).events[-1].data == {"what": "a call", "promise": made.id}
    with pytest.raises(CaseError, match="no such promise"):
        do(store, Action.BREAK)
    with pytest.raises(CaseError, match=f"promise {made.id} was kept already"):
        do(store, Action.BREAK, details=Details(promise=made.id))


def test_of_several_promises_one_is_named_and_only_this_cases_own(store: SqlStore) -> None:
    do(store, Action.PROMISE, details=CALL)
    do(store, Action.PROMISE, details=Details(what="a refund", until=NOW + 2 * DAY))
    do(store, Action.PROMISE, case_id=2, details=CALL)
    call, refund = file_of(store, 1).promises
    with pytest.raises(CaseError, match=rf"several promises: say which \({call.id}, {refund.id}\)"):
        do(store, Action.KEEP)
    (other,) = file_of(store, 2).promises
    with pytest.raises(CaseError, match="no such promise"):
        do(store, Action.KEEP, details=Details(promise=other.id))
    do(store, Action.BREAK, details=Details(promise=refund.id))
    assert [one.outcome for one in file_of(store, 1).promises] == [None, "broken"]


def test_a_promise_that_is_refused_leaves_nothing(store: SqlStore) -> None:
    with pytest.raises(CaseError):
        do(store, Action.PROMISE, details=Details(what="a call", until=NOW))
    assert file_of(store, 1).promises == ()


# ── one customer under two names ─────────────────────────────────────────────────────────────────────────


def test_linked_authors_are_one_customer_in_both_cases(store: SqlStore) -> None:
    do(store, Action.LINK, details=Details(other=2), note="same order number")
    assert (file_of(store, 1).linked, file_of(store, 2).linked) == ((2,), (1,))
    assert (file_of(store, 1).past.complaints, file_of(store, 2).past.complaints) == (2, 2)
    assert [file_of(store, n).events[-1].data for n in (1, 2)] == [{"case": 2}, {"case": 1}]
    for one, other in ((1, 2), (2, 1), (1, 1)):
        with pytest.raises(CaseError, match="same customer's already"):
            do(store, Action.LINK, one, details=Details(other=other))
    with pytest.raises(CaseError, match="no case 9"):
        do(store, Action.LINK, details=Details(other=9))
    do(store, Action.UNLINK, 2)
    assert file_of(store, 1).linked == ()
    with pytest.raises(CaseError, match="linked to nobody"):
        do(store, Action.UNLINK, 1)
    assert actions(store, 1) == ["opened", "link"], "what was refused left no line"


def test_who_has_an_unclosed_case_under_another_name_gets_no_second_one(store: SqlStore) -> None:
    do(store, Action.LOSE, 2, note="gone")
    do(store, Action.LINK, details=Details(other=2))
    with store.write() as tx:
        hear(
            tx,
            bad(said("3", "The second lamp from Acme Coffee is lost too", author=by("gina"))),
            now=NOW + DAY,
        )
        assert case_of(tx, "3").id == 1
    with pytest.raises(Conflict, match=r"case 1\. Use that one"):
        do(store, Action.REOPEN, 2)


# ── up the ladder ────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_escalates_calls_the_rung_and_the_channel_hears_it(store: SqlStore) -> None:
    ladder = Ladder((Rung("lead", HOUR, ("U0LEAD",)), Rung("boss", HOUR, (), "C0BOSS")))
    for expected in (1, 2, 2):
        case = do(store, Action.ESCALATE, note="she asks for the manager", ladder=ladder)
        assert case.level == expected, "no higher than the ladder"
    assert (file_of(store, 1).events[-1].data or {}) == {"level": 2, "rung": "boss"}
    with store.write() as tx:
        rows = []
        while found := tx.ready(NOW + DAY, [SLACK, "slack:C0BOSS"]):
            rows += found
            for row in found:
                send(tx, row, NOW + DAY)
    told = [(row.destination, row.kind, (row.data or {}).get("calls")) for row in rows if row.data]
    assert sorted(told, key=str) == [
        ("slack:C0ACME", Kind.REPLY, ["U0LEAD"]),
        ("slack:C0ACME", Kind.REPLY, []),
        ("slack:C0ACME", Kind.REPLY, []),
        ("slack:C0BOSS", Kind.NOTICE, []),
        ("slack:C0BOSS", Kind.NOTICE, []),
    ]
    assert all((row.data or {})["loud"] for row in rows if row.kind is Kind.REPLY)
