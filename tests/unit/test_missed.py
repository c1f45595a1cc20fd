"""A complaint that somebody found: one case, one card, one label, and all of it can be taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import ACME, BAD, LOVELY, NOW, PLAIN, judge, said

from monitor.collect.ingest import Ingest, Reading
from monitor.collect.missed import bring_in
from monitor.core.cases import Action
from monitor.core.desk import Tally, desk
from monitor.core.errors import CaseError
from monitor.core.intents import Alert
from monitor.core.labels import Label
from monitor.core.message import Kind
from monitor.core.model import Mention, Severity, State
from monitor.core.store import Transaction
from monitor.core.suppress import Ground, Rule
from monitor.evaluate import desk_labels
from monitor.recover import move
from storage.testing import temporary_store

WHERE = "slack:C1"


@pytest.fixture
def ingest(tmp_path: Path) -> Iterator[Ingest]:
    store = temporary_store(tmp_path)
    yield Ingest(store, judge, ACME, 0.5, timedelta(days=1), WHERE)
    store.close()


def hear(ingest: Ingest, *mentions: Mention) -> Reading:
    reading = Reading("feed")
    fresh = ingest.judged(ingest.fresh(mentions))
    with ingest.store.write() as tx:
        telling = ingest.telling(tx, "feed", "run", Alert.ALL, NOW)
        ingest.store_judged(tx, fresh, telling, NOW, reading)
    return reading


def number(tx: Transaction, native_id: str) -> int:
    return tx.known(ACME.key, "pages", [native_id])[native_id].id


def labels(ingest: Ingest) -> list[tuple[str, int, bool]]:
    with ingest.store.read() as tx:
        return [(one.mention.native_id, one.label, one.was_complaint) for one in tx.labels(ACME.key)]


def test_what_was_missed_gets_a_case_and_a_card_by_number_or_by_address(ingest: Ingest) -> None:
    hear(ingest, said("1", PLAIN), said("2", LOVELY, by="ann"))
    with ingest.store.read() as tx:
        which = str(number(tx, "1"))
    first = bring_in(ingest, which, "dana", NOW)
    second = bring_in(ingest, "https://posts.example/2", "dana", NOW)
    assert (first.state, first.severity, first.reasons[0]) == (State.OPEN, Severity.MEDIUM, "found by dana")
    assert labels(ingest) == [("1", Label.COMPLAINT, False), ("2", Label.COMPLAINT, False)]
    with ingest.store.read() as tx:
        rows = tx.ready(NOW, [WHERE])
        assert [(row.kind, row.case_id) for row in rows] == [(Kind.CARD, first.id), (Kind.CARD, second.id)]
        assert (tx.account().queued, tx.account().unaccounted) == (2, 0)
    # the place brings it again with the same words: nothing new
    assert hear(ingest, said("1", PLAIN)).updated == 0


def test_it_joins_the_case_its_customer_has(ingest: Ingest) -> None:
    hear(ingest, said("1", BAD), said("2", PLAIN))
    with ingest.store.read() as tx:
        (case,) = tx.cases()
        which = str(number(tx, "2"))
    assert bring_in(ingest, which, "dana", NOW).id == case.id
    with ingest.store.read() as tx:
        assert tx.account().unaccounted == 0
        assert {heard.verdict.is_complaint for heard in tx.mentions_of(case.id)} == {True}


def test_what_cannot_be_brought_in_says_why_and_changes_nothing(ingest: Ingest) -> None:
    hear(ingest, said("1", BAD), said("2", PLAIN, by="ann"), said("3", PLAIN, by="bob"))
    with ingest.store.write() as tx:
        (case,) = tx.cases()
        taken, gone = str(number(tx, "1")), str(number(tx, "2"))
        tx.mark_gone(ACME.key, "pages", ["2"], NOW, words=True)
    for which, why in (
        (taken, f"case {case.id} has this post already"),
        (gone, "was deleted"),
        ("999", "nothing that was heard"),
        ("9" * 40, "nothing that was heard"),
        ("https://nowhere.example/", "mentions --find"),
    ):
        with pytest.raises(CaseError, match=why):
            bring_in(ingest, which, "dana", NOW)
    assert labels(ingest) == []


def test_an_address_of_several_posts_asks_for_a_number(ingest: Ingest) -> None:
    hear(ingest, said("1", PLAIN, source="pages"), said("1", PLAIN, source="pages", thread="t"))
    hear(ingest, said("1", PLAIN, source="other"))
    with pytest.raises(CaseError, match="several posts"):
        bring_in(ingest, "https://posts.example/1", "dana", NOW)


def test_dismissing_takes_it_back_and_reopening_says_it_again(ingest: Ingest) -> None:
    hear(ingest, said("1", PLAIN))
    with ingest.store.read() as tx:
        which = str(number(tx, "1"))
    case = bring_in(ingest, which, "dana", NOW)
    for erred in (False, True):
        move(ingest.store, case.id, Action.DISMISS, "lee", NOW, note="no", not_a_complaint=erred)
        assert labels(ingest) == []
        move(ingest.store, case.id, Action.REOPEN, "lee", NOW)
        assert labels(ingest) == [("1", Label.COMPLAINT, True)]


def test_a_dismissal_labels_only_when_it_says_that_the_judge_erred(ingest: Ingest) -> None:
    hear(ingest, said("1", BAD), said("2", PLAIN))
    with ingest.store.read() as tx:
        (case,) = tx.cases()
    move(ingest.store, case.id, Action.DISMISS, "lee", NOW, note="answered by mail")
    assert labels(ingest) == []
    move(ingest.store, case.id, Action.REOPEN, "lee", NOW)
    move(ingest.store, case.id, Action.DISMISS, "lee", NOW, note="a joke", not_a_complaint=True)
    assert labels(ingest) == [("1", Label.NOT_A_COMPLAINT, True)]
    move(ingest.store, case.id, Action.REOPEN, "lee", NOW)
    assert labels(ingest) == []


def test_what_a_rule_holds_back_is_stored_counted_and_can_be_alerted_after_all(ingest: Ingest) -> None:
    rule = Rule(Ground.AUTHOR, "bard", "pages")
    with ingest.store.write() as tx:
        tx.accept(ACME.key, rule, "dana", NOW)
    heard = hear(ingest, said("1", BAD, by="bard"), said("2", BAD, by="ann"), said("3", PLAIN, by="bard"))
    assert (heard.added, heard.complaints) == (3, 2)
    with ingest.store.read() as tx:
        assert (tx.held_back(), tx.account().suppressed, tx.account().unaccounted) == (1, 1, 0)
        assert [case.customer for case in tx.cases()] == ["ann"]
        (held,) = tx.held(ACME.key, rule.key)
    assert held.verdict.reasons[0] == f"held back by rule {rule.key}: posts by bard (pages)"
    assert hear(ingest, said("1", BAD, by="bard")).updated == 0

    edited = BAD + " Still."
    assert hear(ingest, said("1", edited, by="bard")).updated == 1
    with ingest.store.read() as tx:
        assert (tx.held_back(), tx.account().unaccounted) == (1, 0)

    case = bring_in(ingest, str(held.id), "dana", NOW)
    assert case.severity is held.verdict.severity
    with ingest.store.read() as tx:
        assert (tx.held_back(), tx.account().suppressed, tx.account().queued) == (0, 0, 2)
        assert tx.held(ACME.key, rule.key) == []
    # a customer whose case is open is never held back
    hear(ingest, said("4", BAD, by="bard"))
    with ingest.store.read() as tx:
        assert len(tx.mentions_of(case.id)) == 2


def test_what_the_desk_said_is_what_evaluate_counts(ingest: Ingest) -> None:
    hear(ingest, said("1", BAD, by="ann"), said("2", BAD, by="bob"), said("3", PLAIN, by="cyd"))
    with ingest.store.read() as tx:
        joke, real = (tx.mention(ACME.key, "pages", one) for one in "12")
        which = str(number(tx, "3"))
    assert joke is not None and joke.case_id is not None
    assert real is not None and real.case_id is not None
    move(ingest.store, joke.case_id, Action.DISMISS, "lee", NOW, note="a joke", not_a_complaint=True)
    move(ingest.store, real.case_id, Action.CONTACT, "lee", NOW)
    case = bring_in(ingest, which, "lee", NOW)
    assert desk(desk_labels(ingest.store, ACME)).overall == Tally(alerts=2, real=1, missed=1)
    # taken back and said again: the verdict is a person's by then, and says nothing of the judge
    move(ingest.store, case.id, Action.DISMISS, "lee", NOW, note="no")
    move(ingest.store, case.id, Action.REOPEN, "lee", NOW)
    assert desk(desk_labels(ingest.store, ACME)).overall == Tally(alerts=2, real=1)


CAMPAIGN = "Bad day at the pier: the cocoa machine took my coins twice and gave me cold water."


def test_who_said_the_same_as_another_can_be_parted_from_that_case(ingest: Ingest) -> None:
    page = [said(str(n), CAMPAIGN, by=who) for n, who in enumerate(("ann", "bob", "cyd"))]
    hear(ingest, *page)
    with ingest.store.read() as tx:
        (first,) = tx.cases()
        assert len(tx.mentions_of(first.id)) == 3
        which = str(number(tx, "1"))
    case = bring_in(ingest, which, "dana", NOW, note="he waits too")
    assert (case.customer, case.state, case.severity) == ("bob", State.OPEN, first.severity)
    assert case.reasons[0] == f"set apart from case {first.id} by dana"
    assert labels(ingest) == [], "the judge had seen it"
    with ingest.store.read() as tx:
        assert [heard.mention.native_id for heard in tx.mentions_of(first.id)] == ["0", "2"]
        left = tx.case(first.id)
        assert left is not None
        assert left.revision == first.revision + 1, "its card counts anew"
        event = tx.events(first.id)[-1]
        assert (event.actor, event.action, event.after) == ("dana", "parted", State.OPEN)
        assert event.note == f"a copy has case {case.id} now: he waits too"
        cards = [row for row in tx.ready(NOW, [WHERE]) if row.kind is Kind.CARD]
        assert {row.case_id for row in cards} == {first.id, case.id}
        assert (tx.account().queued, tx.account().unaccounted) == (3, 0)
    assert hear(ingest, *page).updated == 0, "the place brings it again"
    with pytest.raises(CaseError, match=f"case {case.id} has this post already"):
        bring_in(ingest, which, "dana", NOW)


def test_a_copy_in_a_case_that_is_closed_can_be_answered_still(ingest: Ingest) -> None:
    hear(ingest, said("1", CAMPAIGN, by="ann"), said("2", CAMPAIGN, by="bob"))
    with ingest.store.read() as tx:
        (first,) = tx.cases()
        which = str(number(tx, "2"))
    move(ingest.store, first.id, Action.RECOVER, "lee", NOW)
    case = bring_in(ingest, which, "dana", NOW)
    assert (case.customer, case.state) == ("bob", State.OPEN)
    with ingest.store.read() as tx:
        assert [(one.customer, one.state) for one in tx.cases()] == [
            ("ann", State.RECOVERED),
            ("bob", State.OPEN),
        ]


def test_a_copy_that_left_is_dismissed_no_more_when_its_case_is_reopened(ingest: Ingest) -> None:
    hear(ingest, said("1", CAMPAIGN, by="ann"), said("2", CAMPAIGN, by="bob"), said("3", BAD, by="cyd"))
    with ingest.store.read() as tx:
        first, other = (tx.known(ACME.key, "pages", [n])[n].case_id for n in "13")
    assert first is not None
    assert other is not None
    for case_id in (first, other):
        move(ingest.store, case_id, Action.DISMISS, "lee", NOW, note="a chain letter", not_a_complaint=True)
    assert labels(ingest) == [(n, Label.NOT_A_COMPLAINT, True) for n in "123"]
    hear(
        ingest, said("2", "Bad news: the pier itself broke under me, and nobody has rung me since.", by="bob")
    )
    assert labels(ingest) == [(n, Label.NOT_A_COMPLAINT, True) for n in "123"], (
        "the alert was a false one then"
    )
    move(ingest.store, first, Action.REOPEN, "lee", NOW)
    assert labels(ingest) == [("3", Label.NOT_A_COMPLAINT, True)]
