"""The contract: what was said and done in spans of time, as a digest reads it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from monitor.core.cases import Action, Details, How, transition
from monitor.core.expectations import mask_of
from monitor.core.intents import Alert, Judged
from monitor.core.message import Kind, OutboxState, Receipt
from monitor.core.model import Case, Evidence, Mention, Place, Promise, Severity, State
from monitor.core.ports import Store
from monitor.core.recounting import Ended, Tally
from monitor.core.store import Transaction
from storage.testing.field import (
    BUSINESS,
    FEED,
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
    send,
)

DAY = timedelta(days=1)
TODAY = NOW - 12 * HOUR, NOW + 12 * HOUR
YESTERDAY = NOW - 36 * HOUR, NOW - 12 * HOUR
MILL = Place(location="Mill Lane")


def missing(mention: Mention, *keys: str, severity: Severity = Severity.HIGH, **more: Any) -> Judged:
    """A complaint that names these expectations."""
    judged = bad(mention, severity)
    told = tuple(Evidence(key, mention.words[:6], 0, 6) for key in keys)
    return replace(judged, verdict=replace(judged.verdict, expectations=told, **more))


def praised(mention: Mention, *staff: str) -> Judged:
    judged = fine(mention, praise=True)
    return replace(judged, verdict=replace(judged.verdict, staff=staff))


def moved(tx: Transaction, case: Case, action: Action, now: datetime = NOW, **more: Any) -> Case:
    step = transition(case, action, "lee", now, **more)
    assert tx.revise(step.case, step.event)
    return step.case


def ids(found: Iterable[Any]) -> list[str]:
    return [heard.mention.native_id for heard in found]


class RecountingRules:
    def test_a_post_is_counted_when_it_was_said(self, store: Store) -> None:
        """However late it was heard; without a date, or with one to come, when it was heard."""
        with store.write() as tx:
            hear(
                tx,
                bad(said("late", author=by("a"), published=NOW - 20 * HOUR)),
                bad(said("undated", author=by("b"), published=None)),
                bad(said("to come", author=by("c"), published=NOW + 90 * DAY)),
            )
            for native_id, when in (("late", NOW - 20 * HOUR), ("undated", NOW), ("to come", NOW)):
                heard = tx.mention(BUSINESS, SOURCE, native_id)
                assert heard is not None
                assert heard.said == when
                ((tally,),) = tx.tallies(BUSINESS, [(when, when + timedelta(microseconds=1))])
                assert tally.count == (1 if native_id == "late" else 2)
            assert [
                sum(tally.count for tally in day) for day in tx.tallies(BUSINESS, [YESTERDAY, TODAY])
            ] == [1, 2]

    def test_posts_that_are_alike_are_one_tally(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                missing(said("1", author=by("a"), place=MILL), "fairness", "respect"),
                missing(said("2", author=by("b"), place=MILL), "respect", "fairness"),
                missing(said("3", author=by("c"))),
                praised(said("4", author=by("d"))),
                fine(said("5", author=by("e"))),
                fine(said("6", author=by("f"))),
            )
            hear(tx, fine(said("7", author=by("g"))), feed="another")
            mask = mask_of(["respect", "fairness"])
            found, nothing = tx.tallies(BUSINESS, [TODAY, YESTERDAY])
            assert set(found) == {
                Tally(FEED, "Mill Lane", True, False, mask, 2),
                Tally(FEED, "", True, False, 0, 1),
                Tally(FEED, "", False, True, 0, 1),
                Tally(FEED, "", False, False, 0, 2),
                Tally("another", "", False, False, 0, 1),
            }
            assert len(found) == 5
            assert nothing == ()
            assert tx.tallies("other", [TODAY]) == [()]
            assert tx.tallies(BUSINESS, []) == []

    def test_an_edit_moves_a_post_to_its_new_day_and_expectations(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, missing(said("1", "It came late", published=NOW - 20 * HOUR), "promptness"))
            later = NOW + HOUR
            hear(tx, missing(said("1", "It was rude", published=NOW - HOUR), "respect"), now=later)
            assert tx.tallies(BUSINESS, [YESTERDAY, TODAY]) == [
                (),
                (Tally(FEED, "", True, False, mask_of(["respect"]), 1),),
            ]
            # never later than it was first heard, whenever it was edited
            hear(tx, missing(said("1", "It was unfair", published=later), "fairness"), now=later)
            heard = tx.mention(BUSINESS, SOURCE, "1")
            assert heard is not None
            assert heard.said == NOW
            assert tx.tallies(BUSINESS, [(NOW, NOW + MINUTE)])[0][0].broken == mask_of(["fairness"])
            hear(tx, fine(said("1", "It is fine now", published=None)), now=later + HOUR)
            assert tx.tallies(BUSINESS, [(NOW, NOW + MINUTE)]) == [(Tally(FEED, "", False, False, 0, 1),)]

    def test_what_was_deleted_or_blanked_still_counts(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, missing(said("1"), "respect"), praised(said("2", author=by("b")), "Omar"))
            before = tx.tallies(BUSINESS, [TODAY])
            tx.mark_gone(BUSINESS, SOURCE, ["1", "2"], NOW, words=True)
            assert sorted(tx.tallies(BUSINESS, [TODAY])[0], key=str) == sorted(before[0], key=str)
            assert tx.thanks_said(BUSINESS, *TODAY, 9) == ([], 0)
            ((told,), total) = tx.complaints_said(BUSINESS, *TODAY, 9)
            assert (told.mention.words, total) == ("", 1)

    def test_what_was_heard_late_is_known(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1")))
            late, other = said("2", author=by("b"), place=MILL), said("3", published=NOW - 20 * HOUR)
            hear(tx, fine(late), fine(other), now=NOW + HOUR)
            assert tx.heard_after(BUSINESS, *TODAY, NOW) == 1
            assert tx.heard_after(BUSINESS, *YESTERDAY, NOW) == 1
            assert tx.heard_after(BUSINESS, *TODAY, NOW, place="Mill Lane") == 1
            assert tx.heard_after(BUSINESS, *YESTERDAY, NOW, place="Mill Lane") == 0
            assert tx.heard_after(BUSINESS, *TODAY, NOW - MINUTE) == 2
            assert tx.heard_after(BUSINESS, *TODAY, NOW + HOUR) == 0

    def test_it_is_known_when_feeds_were_read_well(self, store: Store) -> None:
        with store.write() as tx:
            for name in ("a", "b"):
                tx.register_feed(name, "rss", BUSINESS, NOW)
            for at in (NOW + 2 * HOUR, NOW, NOW + HOUR, NOW + 2 * DAY):
                tx.lease_feed("a", "t", at, at + MINUTE, force=True)
                tx.succeed_feed("a", "t", at, at)
            tx.lease_feed("b", "t", NOW, NOW + MINUTE, force=True)
            tx.succeed_feed("b", "somebody else's", NOW, NOW)
            tx.fail_feed("b", "t", NOW, NOW, "nobody answered")
            assert tx.listened(NOW - DAY, NOW + DAY) == {"a": [(NOW, NOW + 2 * HOUR)]}
            assert tx.listened(NOW, NOW + 9 * DAY) == {
                "a": [(NOW, NOW + 2 * HOUR), (NOW + 2 * DAY, NOW + 2 * DAY)]
            }
            assert tx.listened(NOW + DAY, NOW + DAY) == {}

    def test_each_case_complains_once_and_the_worst_first(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                missing(said("old", published=NOW - 20 * HOUR), severity=Severity.CRITICAL),
                missing(said("mild", author=by("b")), severity=Severity.LOW),
                missing(said("sure", author=by("c")), complaint=0.99),
                missing(said("newer", author=by("d"), published=NOW - MINUTE)),
                missing(said("older", author=by("e"))),
                missing(said("worse of two", author=by("f")), severity=Severity.CRITICAL),
                missing(said("one of two", author=by("f")), severity=Severity.LOW, complaint=0.99),
                missing(said("no complaint after all", author=by("g")), severity=Severity.CRITICAL),
                fine(said("fine", author=by("h"))),
            )
            moved(tx, case_of(tx, "no complaint after all"), Action.DISMISS, note="a joke")
            found, total = tx.complaints_said(BUSINESS, *TODAY, 9)
            assert ids(found) == ["worse of two", "sure", "newer", "older", "mild"]
            assert total == 5
            found, total = tx.complaints_said(BUSINESS, *TODAY, 2)
            assert (ids(found), total) == (["worse of two", "sure"], 5)
            assert tx.complaints_said("other", *TODAY, 9) == ([], 0)

    def test_complaints_of_one_place(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", place=MILL)), bad(said("2", author=by("b"))))
            found, total = tx.complaints_said(BUSINESS, *TODAY, 9, place="Mill Lane")
            assert (ids(found), total) == (["1"], 1)
            assert tx.complaints_said(BUSINESS, *TODAY, 9, place="mill lane\x00") == ([], 0)

    def test_thanks_name_somebody_first(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                praised(said("kind", author=by("a"), published=NOW - MINUTE)),
                praised(said("to Omar", author=by("b"), published=NOW - 2 * HOUR, place=MILL), "Omar"),
                praised(said("to Mina", author=by("c")), "Mina"),
                praised(said("gone", author=by("d")), "Zoe"),
                praised(said("of yesterday", author=by("e"), published=NOW - 20 * HOUR), "Kim"),
            )
            tx.mark_gone(BUSINESS, SOURCE, ["gone"], NOW, words=False)
            found, total = tx.thanks_said(BUSINESS, *TODAY, 9)
            assert (ids(found), total) == (["to Mina", "to Omar", "kind"], 3)
            assert [heard.verdict.staff for heard in found] == [("Mina",), ("Omar",), ()]
            assert ids(tx.thanks_said(BUSINESS, *TODAY, 1)[0]) == ["to Mina"]
            found, total = tx.thanks_said(BUSINESS, *TODAY, 9, place="Mill Lane")
            assert (ids(found), total) == (["to Omar"], 1)

    def test_cases_are_counted_as_they_stand(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("early", author=by("a"))), now=TODAY[0] - MINUTE)
            hear(tx, *(bad(said(one, author=by(one), place=MILL)) for one in ("claimed", "lost", "waits")))
            hear(tx, bad(said("backlog", author=by("z"))), alert=Alert.NONE)
            moved(tx, case_of(tx, "claimed"), Action.CLAIM)
            moved(tx, case_of(tx, "lost"), Action.LOSE, note="gone")
            assert tx.opened(BUSINESS, *TODAY) == 4
            assert tx.opened(BUSINESS, *TODAY, place="Mill Lane") == 3
            assert tx.unclosed(BUSINESS) == (3, 1)
            assert tx.unclosed(BUSINESS, place="Mill Lane") == (2, 0)
            assert [case.customer for case in tx.unclaimed(BUSINESS)] == ["a", "waits"]
            assert [case.customer for case in tx.unclaimed(BUSINESS, place="Mill Lane")] == ["waits"]
            assert (tx.opened("other", *TODAY), tx.unclosed("other"), tx.unclaimed("other")) == (
                0,
                (0, 0),
                [],
            )

    def test_what_was_worked_on_comes_with_its_history(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, *(bad(said(one, author=by(one), place=MILL)) for one in ("a", "b", "c")))
            first = moved(tx, case_of(tx, "a"), Action.CLAIM)
            second = moved(tx, case_of(tx, "b"), Action.CLAIM, NOW + 20 * HOUR)
            deeds = {Action.CLAIM.value, Action.LOSE.value}
            (worked,) = tx.worked(BUSINESS, *TODAY, deeds)
            assert (worked.case, worked.events) == (first, tuple(tx.events(first.id)))
            assert [event.action for event in worked.events] == ["opened", "claim"]
            both = tx.worked(BUSINESS, TODAY[0], NOW + DAY, deeds, place="Mill Lane")
            assert [one.case for one in both] == [first, second]
            assert tx.worked(BUSINESS, *TODAY, deeds, place="Elsewhere") == []
            assert tx.worked("other", *TODAY, deeds) == []
            assert [one.case.id for one in tx.worked(BUSINESS, *TODAY, {"opened"})] == [
                case_of(tx, one).id for one in ("a", "b", "c")
            ]

    def test_ends_come_with_what_may_have_helped(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                missing(said("won", author=by("a"), place=MILL), "respect"),
                missing(said("won again", author=by("a")), "fairness"),
                missing(said("lost", author=by("b"))),
                missing(said("dismissed", author=by("c"))),
                missing(said("open", author=by("d"))),
            )
            case = moved(tx, case_of(tx, "won"), Action.CONTACT, NOW + MINUTE)
            for outcome in ("kept", "broken", None):
                made = tx.make_promise(Promise(0, case.id, "a call", NOW + HOUR, NOW, "lee"))
                tx.update_promise(replace(made, outcome=outcome, ended=NOW if outcome else None))
            moved(tx, case, Action.RECOVER, NOW + HOUR, details=Details(how=How.REFUND))
            moved(tx, case_of(tx, "lost"), Action.LOSE, NOW + 2 * HOUR, note="gone")
            moved(tx, case_of(tx, "dismissed"), Action.DISMISS, note="a joke")
            won = Ended(State.RECOVERED, NOW, NOW + MINUTE, "refund", mask_of(["respect", "fairness"]), 1, 1)
            lost = Ended(State.LOST, NOW, None, "", 0, 0, 0)
            assert tx.ended(BUSINESS, *TODAY, 9) == [lost, won]
            assert tx.ended(BUSINESS, *TODAY, 1) == [lost]
            assert tx.ended(BUSINESS, *TODAY, 9, place="Mill Lane") == [won]
            assert tx.ended(BUSINESS, NOW, NOW + 2 * HOUR, 9) == [won]
            assert tx.ended("other", *TODAY, 9) == []

    def test_promises_that_stand_come_with_their_cases(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, bad(said("1", place=MILL)), bad(said("2", author=by("b"))))
            one, two = case_of(tx, "1"), case_of(tx, "2")
            second = tx.make_promise(Promise(0, one.id, "a call", NOW + 2 * HOUR, NOW, "lee"))
            first = tx.make_promise(Promise(0, two.id, "a letter", NOW + HOUR, NOW, "lee"))
            kept = tx.make_promise(Promise(0, two.id, "cake", NOW, NOW, "lee"))
            tx.update_promise(replace(kept, outcome="kept", ended=NOW))
            tx.make_promise(Promise(0, two.id, "tea", NOW + DAY, NOW, "lee"))
            two = moved(tx, two, Action.LOSE, note="gone")
            assert tx.standing_until(BUSINESS, NOW + DAY, 9) == ([(first, two), (second, one)], 2)
            assert tx.standing_until(BUSINESS, NOW + DAY, 1) == ([(first, two)], 2)
            assert tx.standing_until(BUSINESS, NOW + DAY, 9, place="Mill Lane") == ([(second, one)], 1)
            assert tx.standing_until("other", NOW + DAY, 9) == ([], 0)

    def test_cards_are_found_by_their_cases(self, store: Store) -> None:
        with store.write() as tx:
            hear(tx, *(bad(said(one, author=by(one))) for one in "abc"))
            cases = [case_of(tx, one).id for one in "abc"]
            cards = [row for row in tx.ready(NOW, [SLACK]) if row.kind is Kind.CARD]
            assert len(cards) == 3
            for row in cards[:2]:
                send(tx, row)
            assert tx.links(cases, "slack") == {}
            tx.claim(cards[2].id, "l", NOW, NOW + MINUTE)
            there = Receipt("C0ACME", "ts", NOW, "https://slack.example/p1")
            tx.settle(cards[2].id, "l", OutboxState.SENT, receipt=there)
            assert tx.links(cases, "slack") == {cards[2].case_id: there.link}
            assert tx.links(cases, "console") == {}
            assert tx.links([], "slack") == {}

    def test_whom_a_case_names(self, store: Store) -> None:
        with store.write() as tx:
            hear(
                tx,
                missing(said("1", author=by("a")), staff=("Omar",)),
                missing(said("2", author=by("a")), staff=("Mina", "Omar")),
                missing(said("3", author=by("b"))),
            )
            case, other = case_of(tx, "1").id, case_of(tx, "3").id
            assert tx.staff_of([case, other]) == {case: ("Omar", "Mina")}
            assert tx.staff_of([]) == {}
