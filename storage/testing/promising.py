"""The contract: what the desk keeps of a case, promises, and the questions of clocks and queues."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.cases import Action, transition
from monitor.core.intents import Alert
from monitor.core.model import Case, CaseEvent, Promise, Severity, State
from monitor.core.ports import Store
from monitor.core.store import Transaction
from storage.testing.field import BUSINESS, HOUR, MINUTE, NOW, bad, by, case_of, fine, hear, said

DAY = timedelta(days=1)


def _opened(tx: Transaction, *who: str) -> list[Case]:
    hear(tx, *(bad(said(name, f"{name} waits for a call from Acme Coffee", author=by(name))) for name in who))
    return [case_of(tx, name) for name in who]


def _do(tx: Transaction, case: Case, action: Action, actor: str = "ann") -> Case:
    step = transition(case, action, actor, NOW + HOUR, note="because")
    assert tx.revise(step.case, step.event)
    return step.case


def _promise(case: Case, what: str, due: timedelta) -> Promise:
    return Promise(0, case.id, what, NOW + due, NOW, "ann")


class PromisingRules:
    def test_everything_the_desk_keeps_of_a_case_comes_back(self, store: Store) -> None:
        with store.write() as tx:
            (case,) = _opened(tx, "fred")
            worked = replace(
                case,
                revision=case.revision + 1,
                state=State.CONTACTED,
                owner="ann",
                claimed=NOW,
                touched=NOW + MINUTE,
                contacted=NOW,
                waiting=NOW,
                snoozed=NOW + MINUTE,
                wake=NOW + DAY,
                level=3,
                escalated=NOW,
                pauses=((NOW, NOW + MINUTE), (NOW + HOUR, None)),
                reminded=NOW,
                returned=NOW + HOUR,
                answered=NOW + DAY,
            )
            event = CaseEvent(
                case.id,
                NOW,
                "ann",
                "contact",
                State.OPEN,
                State.CONTACTED,
                data={"text": "S\u00f6rry\x00 \ud800", "n": 1},
            )
            assert tx.revise(worked, event)
            assert tx.case(case.id) == worked
            assert tx.events(case.id)[-1] == event
            assert tx.events(case.id)[0].data is None

    def test_the_clocks_get_all_that_ticks_in_one_go(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina, hal = _opened(tx, "fred", "gina", "hal")
            hear(
                tx, bad(said("old", "An old grudge against Acme Coffee", author=by("ida"))), alert=Alert.NONE
            )
            later = tx.make_promise(_promise(fred, "a refund", 2 * DAY))
            sooner = tx.make_promise(_promise(fred, "a call", DAY))
            kept = tx.make_promise(_promise(fred, "an answer", HOUR))
            tx.update_promise(replace(kept, outcome="kept", ended=NOW))
            hal = _do(tx, hal, Action.LOSE)
            tx.make_promise(_promise(hal, "a voucher", DAY))
            assert tx.ticking(BUSINESS) == [(fred, (sooner, later)), (gina, ())]
            assert tx.ticking("other") == []
            assert tx.watched(BUSINESS) == {fred.id: 1, gina.id: 1, hal.id: 2}, "a promise outlives its case"
            assert tx.watched("other") == {}
            assert tx.promised([gina.id, fred.id, 99]) == [
                (fred, (replace(kept, outcome="kept", ended=NOW), sooner, later)),
                (gina, ()),
            ]

    def test_a_promise_comes_back_with_what_became_of_it(self, store: Store) -> None:
        with store.write() as tx:
            (case,) = _opened(tx, "fred")
            made = tx.make_promise(_promise(case, "a c\x00all", DAY))
            other = tx.make_promise(_promise(case, "a refund", HOUR))
            assert made == Promise(made.id, case.id, "a c\ufffdall", NOW + DAY, NOW, "ann")
            assert made.id != other.id
            assert tx.promises(case.id) == [other, made]
            nudged = replace(made, nudged=2, due=NOW + 3 * DAY)
            tx.update_promise(nudged)
            broken = replace(other, outcome="broken", ended=NOW + DAY)
            tx.update_promise(broken)
            assert (tx.promise(made.id), tx.promise(other.id)) == (nudged, broken)
            assert tx.promise(made.id + other.id + 1) is None

    def test_promises_that_are_due_are_found_also_where_the_case_is_closed(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina = _opened(tx, "fred", "gina")
            tomorrow = tx.make_promise(_promise(fred, "a call", DAY))
            tonight = tx.make_promise(_promise(gina, "a refund", HOUR))
            gone = tx.make_promise(_promise(gina, "a letter", HOUR))
            tx.update_promise(replace(gone, outcome="withdrawn", ended=NOW))
            _do(tx, gina, Action.RECOVER)
            assert tx.promises_due(BUSINESS, NOW + HOUR) == []
            assert tx.promises_due(BUSINESS, NOW + DAY) == [tonight]
            assert tx.promises_due(BUSINESS, NOW + 2 * DAY) == [tonight, tomorrow]
            assert tx.promises_due("other", NOW + 2 * DAY) == []

    def test_somebodys_cases_are_theirs_that_are_not_closed(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina, hal, ida = _opened(tx, "fred", "gina", "hal", "ida")
            worse = said("x", "Acme Coffee gave gina a stone", author=by("gina"))
            hear(tx, bad(worse, Severity.CRITICAL), now=NOW + HOUR)
            fred, gina = _do(tx, fred, Action.CLAIM), _do(tx, case_of(tx, "gina"), Action.CLAIM)
            _do(tx, _do(tx, hal, Action.CLAIM), Action.LOSE)
            _do(tx, ida, Action.CLAIM, "bob")
            assert tx.owned(BUSINESS, "ann") == [gina, fred]
            assert tx.owned(BUSINESS, "cara") == tx.owned("other", "ann") == []

    def test_a_case_is_found_by_name_and_by_words(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina = _opened(tx, "fred", "gina")
            hear(tx, fine(said("2", "100% thanks", title="A blue Lamp", author=by("gina"))), now=NOW + HOUR)
            hear(tx, bad(said("9", "An Acme Coffee lamp, broken", author=by("hal"))), now=NOW + 2 * HOUR)
            gina, hal = case_of(tx, "gina"), case_of(tx, "9")
            fred = _do(tx, fred, Action.LOSE)
            assert tx.find_cases(BUSINESS, "FICTIONAL FRED", 9) == [fred]
            assert tx.find_cases(BUSINESS, "lamp", 9) == [hal, gina]
            assert tx.find_cases(BUSINESS, "lamp", 1) == [hal]
            assert tx.find_cases(BUSINESS, "0%", 9) == [gina]
            assert tx.find_cases(BUSINESS, "%", 9) == [gina]
            assert tx.find_cases(BUSINESS, "\x00", 9) == tx.find_cases(BUSINESS, "\ud800", 9) == []
            assert tx.find_cases(BUSINESS, "no such words", 9) == tx.find_cases("other", "lamp", 9) == []

    def test_what_ended_so_since_then_the_newest_first(self, store: Store) -> None:
        with store.write() as tx:
            fred, gina, hal = _opened(tx, "fred", "gina", "hal")
            fred, gina = _do(tx, fred, Action.RECOVER), _do(tx, gina, Action.RECOVER)
            hal = _do(tx, hal, Action.LOSE)
            assert tx.closed_since(BUSINESS, State.RECOVERED, NOW + HOUR) == [gina, fred]
            assert tx.closed_since(BUSINESS, State.LOST, NOW) == [hal]
            assert tx.closed_since(BUSINESS, State.RECOVERED, NOW + HOUR + MINUTE) == []
            assert tx.closed_since("other", State.RECOVERED, NOW) == []
            _do(tx, fred, Action.REOPEN)
            assert tx.closed_since(BUSINESS, State.RECOVERED, NOW) == [gina]

    def test_the_newest_event_moves_with_every_line_of_history(self, store: Store) -> None:
        with store.write() as tx:
            marks = [tx.newest_event()]
            (fred,) = _opened(tx, "fred")
            marks.append(tx.newest_event())
            _do(tx, fred, Action.CLAIM)
            marks.append(tx.newest_event())
            assert marks == sorted({*marks, 0})
            assert tx.newest_event() == marks[-1]
