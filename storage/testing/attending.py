"""The contract: who listens to the desk, and what goes before everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from monitor.core.gestures import Line, Link, Listener
from monitor.core.intents import redrawing
from monitor.core.message import Kind
from monitor.core.model import Severity
from monitor.core.ports import Store
from storage.testing.field import HOUR, MINUTE, NOW, SLACK, bad, by, case_of, hear, note, said, send, send_all


class AttendingRules:
    def test_a_listener_is_what_it_last_said(self, store: Store) -> None:
        off = Listener("desk-1:7", Line(Link.OFF, NOW, 2, "Slack gives no socket now"), NOW)
        on = Listener("desk-1:7", Line(Link.CONNECTED, NOW + MINUTE, 3), NOW + HOUR)
        other = Listener("desk-2:9", Line(Link.SILENT, NOW), NOW)
        with store.write() as tx:
            for one in (off, other, on):
                tx.attend(one)
        with store.read() as tx:
            assert tx.listeners(NOW) == [on, other]
            assert tx.listeners(NOW + MINUTE) == [on]
        with store.write() as tx:
            tx.leave("desk-1:7")
            tx.leave("nobody")
            assert tx.listeners(NOW) == [other]

    def test_a_listener_that_died_long_ago_is_forgotten(self, store: Store) -> None:
        with store.write() as tx:
            tx.attend(Listener("old:1", Line(Link.CONNECTED, NOW), NOW))
            tx.attend(Listener("new:2", Line(Link.CONNECTED, NOW), NOW + timedelta(days=2)))
            assert [one.holder for one in tx.listeners(NOW)] == ["new:2"]

    def test_a_hurried_redrawing_goes_before_everything_else(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), bad(said("2", "My lamp from Acme Coffee never came", author=by("gina"))))
            send_all(tx)
            mild, other = case_of(tx, "1"), case_of(tx, "2")
            tx.queue(note("digest:today"), NOW)
            tx.queue(redrawing(other, SLACK), NOW)
            tx.queue(redrawing(mild, SLACK), NOW)
            tx.hurry(mild.id, SLACK)
            ready = tx.ready(NOW, [SLACK])
            assert [row.case_id for row in ready] == [mild.id, None, other.id]

    def test_a_redrawing_waits_for_its_card_and_for_nothing_that_is_told_below_it(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            case = case_of(tx, "1")
            tx.queue(redrawing(case, SLACK), NOW)
            tx.hurry(case.id, SLACK)
            assert [row.kind for row in tx.ready(NOW, [SLACK])] == [Kind.CARD]
            row = tx.ready(NOW, [SLACK])[0]
            send(tx, row)
            later = replace(case, revision=case.revision + 1)
            send_all(tx)
            tx.queue(note("reply:1", Kind.REPLY, case_id=case.id, severity=Severity.CRITICAL), NOW)
            tx.queue(redrawing(later, SLACK), NOW)
            assert [row.kind for row in tx.ready(NOW, [SLACK])] == [Kind.REPLY, Kind.UPDATE]
            assert tx.next_ready_at([SLACK]) == NOW
