"""The contract: what the desk says of verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from monitor.core.labels import Label, Labelled
from monitor.core.model import CaseEvent, Severity, State
from monitor.core.ports import Store
from monitor.core.store import Account, Transaction
from monitor.core.suppress import Accepted, Ground, Rule
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

    def test_a_label_stays_with_the_words_that_were_judged(self, store: Store) -> None:
        with store.write() as tx:
            _page(tx)
            tx.label(_ids(tx, "1", "3"), Label.NOT_A_COMPLAINT, "dana", NOW)
            before = tx.labels(BUSINESS)[0].verdict
            worse = bad(said("1", "It burned my son", title="The kettle"), Severity.CRITICAL)
            worse = replace(worse, verdict=replace(worse.verdict, complaint=0.95, signals=("safety",)))
            hear(tx, worse, now=NOW + HOUR)
            edited, as_it_was = tx.labels(BUSINESS)
            assert (edited.mention.native_id, edited.mention.words, edited.verdict) == ("1", "", before)
            assert edited.label is Label.NOT_A_COMPLAINT
            assert as_it_was.mention == said("3", author=by("hugo"))
            now = tx.mention(BUSINESS, SOURCE, "1")
            assert now is not None
            assert now.mention.words == "The kettle\nIt burned my son"
            tx.label([now.id], Label.COMPLAINT, "lee", NOW + HOUR)
            assert tx.labels(BUSINESS)[1].verdict == now.verdict, "that is about the present words"

    def test_what_left_a_dismissed_case_is_found_by_its_label(self, store: Store) -> None:
        with store.write() as tx:
            _page(tx)
            case, other = case_of(tx, "1"), case_of(tx, "3")
            stray, stays = _ids(tx, "1", "3")
            tx.label([stray, stays], Label.NOT_A_COMPLAINT, "dana", NOW)
            assert tx.strayed(case.id, "dana", NOW) == [stays], (
                "it is in another case, which is not dismissed"
            )
            assert tx.strayed(other.id, "dana", NOW) == [stray]
            assert tx.strayed(case.id, "lee", NOW) == tx.strayed(case.id, "dana", NOW + HOUR) == []
            closed = replace(other, state=State.DISMISSED, closed=NOW, revision=other.revision + 1)
            tx.revise(closed, CaseEvent(other.id, NOW, "dana", "dismiss", other.state, closed.state))
            assert tx.strayed(case.id, "dana", NOW) == []

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

    def test_a_rule_is_in_force_until_it_is_withdrawn(self, store: Store) -> None:
        first, second = Rule(Ground.AUTHOR, "fred", SOURCE), Rule(Ground.PHRASE, "a haiku about a queue")
        with store.write() as tx:
            assert tx.accept(BUSINESS, first, "dana", NOW)
            assert tx.accept(BUSINESS, second, "lee", NOW + MINUTE)
            assert not tx.accept(BUSINESS, first, "lee", NOW + HOUR)
            assert tx.rules(BUSINESS) == [
                Accepted(first, "dana", NOW),
                Accepted(second, "lee", NOW + MINUTE),
            ]
            assert tx.rules("other") == []
            assert not tx.withdraw("other", first.key, "lee", NOW)
            assert tx.withdraw(BUSINESS, first.key, "lee", NOW)
            assert not tx.withdraw(BUSINESS, first.key, "lee", NOW)
            assert tx.accept(BUSINESS, first, "eve", NOW + HOUR)
            assert [(one.rule, one.by) for one in tx.rules(BUSINESS)] == [(second, "lee"), (first, "eve")]

    def test_what_is_held_back_is_suppressed_until_a_case_has_it(self, store: Store) -> None:
        rule = Rule(Ground.AUTHOR, "fred", SOURCE)
        page = [replace(bad(said("1")), rule=rule), bad(said("2", author=by("gina")))]
        with store.write() as tx:
            hear(tx, *page)
            assert tx.account() == Account(2, 0, 1, 0, 1, 0)
            assert tx.held_back() == 1
            (held,) = tx.held(BUSINESS, rule.key)
            assert (held.mention.native_id, held.case_id, held.told_by) == ("1", None, None)
            assert tx.held(BUSINESS, "other") == tx.held("other", rule.key) == []
            (told,), _ = tx.complaints_said(BUSINESS, NOW - HOUR, NOW + HOUR, 9)
            assert told.mention.native_id == "2"
            hear(tx, bad(said("1", "Nobody at Acme Coffee called me back, still")), now=NOW + MINUTE)
            assert tx.account() == Account(2, 0, 2, 0, 0, 0)
            assert tx.held_back() == 0

    def test_what_was_heard_is_found_again(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                bad(said("1", "Half of 100% cold_soup")),
                fine(said("2", "Soup", title="COLD day", author=by("gina"), url="https://acme.example/2")),
                fine(said("3", "1000 colds", author=by("hugo"), url="https://acme.example/2")),
            )

            def found(**asked: Any) -> list[str]:
                return [one.mention.native_id for one in tx.recent(BUSINESS, **{"limit": 9, **asked})]

            assert found() == ["3", "2", "1"]
            assert found(limit=1) == ["3"]
            assert found(find="cold") == ["3", "2", "1"]
            assert found(find="100%") == found(find="d_s") == ["1"]
            assert found(complaints=True) == ["1"]
            assert found(quiet=True) == ["3", "2"]
            assert tx.recent("other", limit=9) == []
            (first,) = _ids(tx, "1")
            assert [one.id for one in tx.named(BUSINESS, str(first))] == [first]
            both = tx.named(BUSINESS, "https://acme.example/2")
            assert [one.mention.native_id for one in both] == ["2", "3"]
            assert tx.named(BUSINESS, "nothing\x00") == tx.named("other", str(first)) == []
            assert tx.named(BUSINESS, "9" * 30) == []
