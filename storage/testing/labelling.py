"""The contract: what the desk says of verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from monitor.core.labels import Label, Labelled
from monitor.core.model import CaseEvent, State
from monitor.core.ports import Store
from monitor.core.store import Transaction
from storage.testing.field import (
    BUSINESS,
    FEED,
    HOUR,
    MINUTE,
    NOW,
    SOURCE,
    VERSION,
    bad,
    by,
    case_of,
    fine,
    hear,
    said,
)


def _ids(tx: Transaction, *native_ids: str) -> list[int]:
    known = tx.known(BUSINESS, SOURCE, native_ids)
    return [known[one].id for one in native_ids]


def _told(labels: Sequence[Labelled]) -> list[tuple[str, int, str, bool]]:
    return [(one.mention.native_id, one.label, one.by, one.given) for one in labels]


def _page(tx: Transaction) -> None:
    hear(tx, bad(said("1")), fine(said("2", author=by("gina"))), bad(said("3", author=by("hugo"))))


class LabellingRules:
    def test_a_label_stands_beside_what_the_judge_had_said(self, store: Store) -> None:
        with store.write() as tx:
            _page(tx)
            assert tx.labels(BUSINESS) == []
            first, second = _ids(tx, "1", "2")
            tx.label([first], Label.NOT_A_COMPLAINT, "dana", NOW, note="a joke\x00")
            tx.label([second], Label.COMPLAINT, "lee", NOW + MINUTE)
            alert, miss = tx.labels(BUSINESS)
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None
            assert alert == Labelled(
                first,
                said("1"),
                FEED,
                heard.verdict,
                Label.NOT_A_COMPLAINT,
                "dana",
                NOW,
                0.9,
                VERSION,
                True,
                note="a joke\ufffd",
            )
            assert (miss.mention.native_id, miss.label, miss.probability) == ("2", Label.COMPLAINT, 0.1)
            assert (miss.was_complaint, miss.given) == (False, True)
            assert tx.labels("other") == []

    def test_the_newest_label_is_in_force_and_can_be_taken_back(self, store: Store) -> None:
        with store.write() as tx:
            _page(tx)
            ids = _ids(tx, "1", "3")
            tx.label(ids[:1], Label.COMPLAINT, "lee", NOW)
            tx.label(ids, Label.NOT_A_COMPLAINT, "dana", NOW + HOUR)
            assert _told(tx.labels(BUSINESS)) == [("1", 0, "dana", True), ("3", 0, "dana", True)]
            assert tx.take_back(ids, Label.COMPLAINT, "lee", NOW + HOUR) == 0
            assert tx.take_back(ids, Label.NOT_A_COMPLAINT, "lee", NOW + HOUR) == 2
            assert _told(tx.labels(BUSINESS)) == [("1", 1, "lee", True)]
            assert tx.take_back([], Label.COMPLAINT, "lee", NOW) == 0

    def test_a_case_worked_as_one_confirms_its_complaints(self, store: Store) -> None:
        with store.write() as tx:
            _page(tx)
            case = case_of(tx, "1")
            tx.revise(
                replace(case, state=State.CONTACTED, owner="lee", revision=2),
                CaseEvent(case.id, NOW, "lee", "contact", State.OPEN, State.CONTACTED),
            )
            assert _told(tx.labels(BUSINESS)) == [("1", 1, "lee", False)]
            tx.label(_ids(tx, "1"), Label.NOT_A_COMPLAINT, "dana", NOW)
            assert _told(tx.labels(BUSINESS)) == [("1", 0, "dana", True)]
