"""The contract: complaints in the same words are found, as long as their case is not closed."""

from __future__ import annotations

from dataclasses import replace

from monitor.core.intents import Alert
from monitor.core.model import CaseEvent, State
from monitor.core.ports import Store
from monitor.core.sketch import compared
from monitor.core.store import Account, Transaction
from storage.testing.field import (
    BUSINESS,
    CONSOLE,
    HOUR,
    MINUTE,
    NOW,
    SLACK,
    SOURCE,
    bad,
    by,
    case_of,
    fine,
    hear,
    said,
)

TEXT = "Nobody at Acme Coffee called me back about the parcel that was lost in spring."
HASHES = bad(said("x", TEXT)).sketch


def _alike(
    tx: Transaction, destination: str = SLACK, business: str = BUSINESS
) -> list[tuple[int, str | None]]:
    assert HASHES is not None
    found = tx.alike(business, {"x": HASHES.hashes, "y": (1, 2)}, destination, NOW - HOUR)
    assert found.keys() <= {"x"}
    return [(near.stands.case.id, near.stands.card) for near in found.get("x", [])]


class CopyingRules:
    def test_a_complaint_in_the_same_words_is_found(self, store: Store) -> None:
        assert HASHES is not None
        with store.write() as tx:
            hear(
                tx,
                bad(said("1", TEXT)),
                bad(said("2", "Another matter", author=by("gina"))),
                fine(said("3", TEXT, author=by("hugo"))),
            )
            case = case_of(tx, "1")
            (near,) = tx.alike(BUSINESS, {"x": HASHES.hashes}, SLACK, NOW - HOUR)["x"]
            card = tx.card_of(case.id, "slack")
            assert card is not None
            assert (near.words, near.told_by) == (compared(TEXT), card.id)
            assert (near.stands.case, near.stands.card) == (case, card.id)
            assert _alike(tx, CONSOLE) == [(case.id, None)]
            assert _alike(tx, business="other") == []
            assert tx.alike(BUSINESS, {"x": HASHES.hashes[:1]}, SLACK, NOW - HOUR) == {}
            assert len(tx.alike(BUSINESS, {"x": HASHES.hashes[:2]}, SLACK, NOW - HOUR)["x"]) == 1
            assert tx.alike(BUSINESS, {"x": HASHES.hashes}, SLACK, NOW + 24 * HOUR) == {}
            assert tx.alike(BUSINESS, {}, SLACK, NOW) == {}

    def test_a_closed_case_is_not_found(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", TEXT)))
            case = case_of(tx, "1")
            assert len(_alike(tx)) == 1
            tx.revise(
                replace(case, state=State.LOST, closed=NOW, revision=2),
                CaseEvent(case.id, NOW, "lee", "lose", State.OPEN, State.LOST),
            )
            assert _alike(tx) == []

    def test_an_edit_is_found_by_its_new_words(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                bad(said("1", "Something quite different that nobody at Acme Coffee has answered so far.")),
            )
            assert _alike(tx) == []
            for minute in (1, 2):
                hear(tx, bad(said("1", TEXT + "!" * minute)), now=NOW + minute * MINUTE)
                assert len(_alike(tx)) == 1

    def test_what_finds_copies_is_forgotten(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", TEXT)))
            hear(
                tx,
                bad(said("2", "All different words about one lost umbrella and a bus.", author=by("gina"))),
            )
            assert tx.forget_sketches(NOW) == 0
            assert tx.forget_sketches(NOW + 24 * HOUR) > 0
            assert tx.forget_sketches(NOW + 24 * HOUR) == 0
            assert _alike(tx) == []

    def test_copies_are_one_case_and_every_one_is_accounted_for(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", TEXT)), bad(said("2", TEXT, author=by("gina"))))
            hear(tx, bad(said("3", TEXT, author=by("hugo"))), now=NOW + MINUTE)
            hear(tx, bad(said("4", TEXT, author=by("ida"))), now=NOW + HOUR, alert=Alert.NONE)
            (case,) = tx.cases()
            assert case.customer == "fred"
            assert [one.mention.native_id for one in tx.mentions_of(case.id)] == ["1", "2", "3", "4"]
            assert tx.account() == Account(4, 0, 4, 0, 0, 0)
            assert [event.action for event in tx.events(case.id)] == ["opened", *["copied"] * 3]
            known = tx.known(BUSINESS, SOURCE, ["1", "2"])
            assert (known["1"].copied, known["2"].copied) == (False, True)
            assert tx.cues([case.id])[case.id].mention.native_id == "1"

    def test_the_anonymous_and_the_long_named_are_not_taken_for_copies(self, store: Store) -> None:
        long = "ä" * 300
        with store.write() as tx:
            hear(tx, bad(replace(said(long, TEXT), author=by(long))), bad(said("2", author=by("gina"))))
            anonymous = replace(said("3" * 300, "Nobody at all"), author=replace(by("x"), key=None))
            hear(tx, bad(anonymous))
            known = tx.known(BUSINESS, SOURCE, [long, "2", "3" * 300])
            assert [one.copied for one in known.values()] == [False] * 3
