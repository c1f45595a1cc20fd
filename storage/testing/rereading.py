"""The contract: what was heard, read again."""

from __future__ import annotations

from monitor.core.labels import Label
from monitor.core.ports import Store
from monitor.core.rereading import Reread, Stretch
from storage.testing.field import BUSINESS, HOUR, NOW, SOURCE, bad, by, case_of, fine, hear, said


def _names(found: list[Reread]) -> list[str]:
    return [one.heard.mention.native_id for one in found]


class RereadingRules:
    def test_a_stretch_is_read_again_in_the_order_in_which_it_was_heard(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("early")), now=NOW - HOUR)
            hear(tx, bad(said("1")), fine(said("2", author=by("gina"))), bad(said("3", author=by("hugo"))))
            hear(tx, fine(said("late", author=by("ivan"))), now=NOW + HOUR)
        with store.read() as tx:
            stretch = tx.stretch(BUSINESS, NOW, NOW + HOUR)
            assert stretch is not None
            assert (stretch.since, stretch.until, stretch.posts) == (NOW, NOW + HOUR, 3)
            assert _names(tx.reread(stretch)) == ["1", "2", "3"]
            first, second = tx.reread(stretch, limit=2)
            assert _names([first, second]) == ["1", "2"]
            assert _names(tx.reread(stretch, second.heard.id)) == ["3"]
            assert tx.reread(stretch, stretch.last) == []
            assert first == Reread(tx.mention(BUSINESS, SOURCE, "1") or first.heard, case=case_of(tx, "1"))
            assert second.case is None
            assert tx.stretch(BUSINESS, NOW + 2 * HOUR, NOW + 3 * HOUR) is None
            assert tx.stretch("other", NOW, NOW + HOUR) is None

    def test_of_more_than_the_limit_the_last_are_read(self, store: Store) -> None:
        with store.write() as tx:
            for hour in range(4):
                hear(tx, fine(said(str(hour), author=by(f"p{hour}"))), now=NOW + hour * HOUR)
        with store.read() as tx:
            two = tx.stretch(BUSINESS, NOW, NOW + 9 * HOUR, 2)
            assert two is not None
            assert (two.since, two.posts, _names(tx.reread(two))) == (NOW + 2 * HOUR, 2, ["2", "3"])
            assert tx.stretch(BUSINESS, NOW, NOW + 9 * HOUR, 4) == tx.stretch(BUSINESS, NOW, NOW + 9 * HOUR)

    def test_what_is_heard_later_is_not_in_a_stretch(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, fine(said("1")))
            stretch = tx.stretch(BUSINESS, NOW, NOW + HOUR)
            hear(tx, fine(said("2", author=by("gina"))))
            assert isinstance(stretch, Stretch)
            assert _names(tx.reread(stretch)) == ["1"]

    def test_each_comes_with_its_label_and_whether_its_words_are_there(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), fine(said("2", author=by("gina"))), fine(said("3", author=by("hugo"))))
            ids = {name: known.id for name, known in tx.known(BUSINESS, SOURCE, ["1", "2", "3"]).items()}
            tx.label([ids["1"], ids["2"]], Label.NOT_A_COMPLAINT, "dana", NOW)
            tx.label([ids["1"]], Label.COMPLAINT, "lee", NOW + HOUR)
            tx.take_back([ids["2"]], Label.NOT_A_COMPLAINT, "lee", NOW + HOUR)
            tx.mark_gone(BUSINESS, SOURCE, ["2"], NOW, words=True)
            tx.mark_gone(BUSINESS, SOURCE, ["3"], NOW, words=False)
            stretch = tx.stretch(BUSINESS, NOW, NOW + HOUR)
            assert stretch is not None
            told = [(one.label, one.blanked) for one in tx.reread(stretch)]
            assert told == [(Label.COMPLAINT, False), (None, True), (None, False)]
            again = tx.heard_of([ids["1"], 10**6])
            assert [one.mention.native_id for one in again.values()] == ["1"]
            assert tx.heard_of([]) == {}

    def test_the_cases_of_customers_are_found_closed_or_not(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")), bad(said("2", author=by("gina"))))
            found = tx.cases_of(BUSINESS, SOURCE, ["fred", "nobody\x00", "gina"])
            assert found == {"fred": [case_of(tx, "1")], "gina": [case_of(tx, "2")]}
            assert (
                tx.cases_of(BUSINESS, "elsewhere", ["fred"]) == tx.cases_of("other", SOURCE, ["fred"]) == {}
            )
