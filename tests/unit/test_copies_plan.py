"""Nearly the same words from somebody else: one case, counted, told by the message that tells of the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import NOW, judge, said

from monitor.core.fingerprint import fingerprint
from monitor.core.ingest import plan
from monitor.core.intents import Alert, Alike, Entry, Judged, Known, Plan, Standing, Telling
from monitor.core.message import Kind
from monitor.core.model import Case, Mention, Severity, State
from monitor.core.sketch import compared, sketch_of
from monitor.core.suppress import Ground, Rule
from monitor.core.triage import verdict

DAY = timedelta(days=1)
WHERE = "slack:C1"
TEXT = "Bad day at the pier: the cocoa machine took my coins twice and gave me cold water."
WORSE = TEXT + " Poison."
ANNS = Case(7, "default", "elsewhere", "ann", "Ann", State.CLAIMED, Severity.LOW, NOW - DAY, revision=4)


def judged(mention: Mention) -> Judged:
    thought = verdict(mention, judge([mention])[0], threshold=0.5)
    return Judged(mention, thought, sketch=sketch_of(mention) if thought.is_complaint else None)


def same(one: str, other: str) -> bool:
    return one.removesuffix(" poison") == other.removesuffix(" poison")


def decide(
    *page: Mention | Judged,
    original: Case | None = None,
    card: str | None = "card-row",
    told_by: str | None = "card-row",
    alert: Alert = Alert.ALL,
    known: Mapping[str, Known] | None = None,
    standing: Case | None = None,
) -> Plan:
    items = [one if isinstance(one, Judged) else judged(one) for one in page]
    near = [Alike(3, compared(TEXT), Standing(original, card), told_by)] if original else []
    return plan(
        items,
        known=known or {},
        standing={standing.customer: Standing(standing, "own-card")} if standing else {},
        recovered={},
        telling=Telling(WHERE, alert, DAY, "backlog:feed:1", "feed"),
        business="default",
        now=NOW,
        alike={item.mention.native_id: near for item in items},
        same=same,
    )


def entries(made: Plan) -> dict[str, Entry]:
    return {entry.mention.native_id: entry for entry in made.entries}


def actions(made: Plan) -> list[str]:
    return [event.action for event in made.events]


def test_a_copy_counts_in_the_case_of_the_first_and_its_card_is_drawn_anew() -> None:
    made = decide(said("1", TEXT, by="bob"), original=ANNS)
    assert (made.cases, actions(made)) == ([], ["copied"])
    assert (entries(made)["1"].case_id, entries(made)["1"].told_by) == (7, "card-row")
    assert [message.kind for message in made.messages] == [Kind.UPDATE]
    case = made.revised[7]
    assert (case.revision, case.state, case.url, case.severity) == (5, State.CLAIMED, None, Severity.LOW)
    assert entries(made)["1"].hashes == (), "the first is found, its copies need not be"


def test_copies_on_one_page_are_one_case() -> None:
    page = [said(str(n), TEXT, by=f"c{n}", ago=timedelta(hours=9 - n)) for n in range(5)]
    made = decide(*reversed(page))
    (case,) = made.cases
    assert (case.customer, actions(made)) == ("c0", ["opened", *["copied"] * 4])
    (card,) = made.messages
    assert {entry.told_by for entry in made.entries} == {card.id}
    assert {entry.case_id for entry in made.entries} == {-1}
    assert [bool(entries(made)[str(n)].hashes) for n in range(5)] == [True, *[False] * 4]


def test_the_same_customer_again_joins_the_own_case_as_ever() -> None:
    made = decide(said("1", TEXT, by="bob"), said("2", TEXT, by="bob"))
    assert actions(made) == ["opened", "complained again"]
    bobs = replace(ANNS, id=9, source="pages", customer="bob")
    made = decide(said("1", TEXT, by="bob"), original=ANNS, standing=bobs)
    assert (entries(made)["1"].case_id, actions(made)) == (9, ["complained again"])


def test_who_says_the_same_again_and_again_is_looked_for_once() -> None:
    made = decide(*(said(str(n), TEXT, by="bob", ago=timedelta(hours=9 - n)) for n in range(3)))
    assert [bool(entries(made)[str(n)].hashes) for n in range(3)] == [True, False, False]
    bobs = replace(ANNS, source="pages", customer="bob")
    made = decide(said("1", TEXT, by="bob"), original=bobs, standing=bobs)
    assert (entries(made)["1"].case_id, entries(made)["1"].hashes) == (7, ())


def test_other_words_are_another_customer() -> None:
    made = decide(said("1", TEXT.replace("coins", "bank notes"), by="bob"), original=ANNS)
    assert [case.customer for case in made.cases] == ["bob"]


def test_a_worse_copy_makes_the_case_worse_and_keeps_its_address() -> None:
    copy = judged(said("1", TEXT, by="bob"))
    copy = replace(copy, verdict=replace(copy.verdict, severity=Severity.HIGH))
    case = decide(copy, original=replace(ANNS, url="https://first.example")).revised[7]
    assert (case.severity, case.url) == (Severity.HIGH, "https://first.example")


def test_danger_is_no_copy_of_a_milder_complaint_but_of_danger_it_is() -> None:
    page = [said(str(n), WORSE, by=f"c{n}", ago=timedelta(hours=9 - n)) for n in range(3)]
    made = decide(*page, original=ANNS)
    (case,) = made.cases
    assert (case.customer, case.severity, actions(made)) == (
        "c0",
        Severity.CRITICAL,
        ["opened", "copied", "copied"],
    )
    assert 7 not in made.revised, "whoever dismisses the milder one does not dismiss these"
    grave = replace(ANNS, severity=Severity.CRITICAL)
    assert decide(*page, original=grave).cases == []


LAW = "threatens to go to law or to a regulator"
TWICE = "was charged twice or wrongly"


def grave_copy(native_id: str = "1") -> Judged:
    copy = judged(said(native_id, TEXT, by=f"bob {native_id}"))
    thought = replace(
        copy.verdict, severity=Severity.HIGH, signals=("legal_threat",), reasons=(LAW, "it came late")
    )
    return replace(copy, verdict=thought)


def test_a_threat_in_a_copy_is_told_in_the_thread_of_an_equally_bad_case_once() -> None:
    bad = replace(ANNS, severity=Severity.HIGH, reasons=(TWICE,))
    made = decide(grave_copy("1"), grave_copy("2"), original=bad)
    assert made.revised[7].reasons == (TWICE, LAW)
    update, reply = made.messages
    assert (reply.kind, update.kind) == (Kind.REPLY, Kind.UPDATE)
    assert (reply.case_id, reply.data) == (7, {"action": "copied", "mention": "1", "source": "pages"})
    assert [entries(made)[n].told_by for n in "12"] == [reply.id, "card-row"]


def test_what_was_known_to_be_grave_is_not_told_again() -> None:
    made = decide(grave_copy(), original=replace(ANNS, severity=Severity.HIGH, reasons=(TWICE, LAW)))
    assert made.revised[7].reasons == (TWICE, LAW)
    assert [message.kind for message in made.messages] == [Kind.UPDATE]


@pytest.mark.parametrize(("alert", "kinds"), [(Alert.ALL, [Kind.CARD]), (Alert.NONE, [])])
def test_a_copy_of_what_only_a_summary_told_gets_a_card_if_it_is_recent(
    alert: Alert, kinds: list[Kind]
) -> None:
    backlog = replace(ANNS, backlog=True)
    page = [said("1", TEXT, by="bob"), said("2", TEXT, by="cyd", ago=timedelta(minutes=1))]
    made = decide(*page, original=backlog, card=None, told_by="summary", alert=alert)
    assert [message.kind for message in made.messages if message.kind is not Kind.UPDATE] == kinds
    told = {entry.told_by for entry in made.entries}
    assert told == ({made.messages[0].id} if kinds else {"summary"})
    assert made.revised[7].backlog is not bool(kinds)


def test_what_nobody_was_told_of_is_nothing_to_join() -> None:
    made = decide(said("1", TEXT, by="bob"), original=ANNS, card=None, told_by=None)
    assert [case.customer for case in made.cases] == ["bob"]


def test_a_rule_holds_back_before_a_copy_is_looked_for() -> None:
    rule = Rule(Ground.AUTHOR, "bob", "pages")
    made = decide(replace(judged(said("1", TEXT, by="bob")), rule=rule), original=ANNS)
    assert (entries(made)["1"].held_by, entries(made)["1"].case_id, entries(made)["1"].hashes) == (
        rule,
        None,
        (),
    )


def _stored(copied: bool) -> dict[str, Known]:
    return {"1": Known(5, fingerprint(said("1", TEXT)), True, 7, "card-row", copied)}


def test_a_copy_that_is_edited_into_other_words_is_heard_anew() -> None:
    edited = said(
        "1", "Bad news: the pier itself broke under me and nobody has called me back since.", by="bob"
    )
    made = decide(edited, original=ANNS, known=_stored(copied=True))
    assert [case.customer for case in made.cases] == ["bob"]
    assert entries(made)["1"].known == 5
    assert [message.kind for message in made.messages] == [Kind.CARD]


def test_a_copy_that_is_edited_and_stays_one_stays_where_it_is() -> None:
    made = decide(said("1", TEXT.upper(), by="bob"), original=ANNS, known=_stored(copied=True))
    assert (made.cases, entries(made)["1"].case_id, entries(made)["1"].told_by) == ([], 7, "card-row")


def test_an_edited_post_is_no_copy_of_itself() -> None:
    known = {"1": Known(3, "before", False, None, None)}
    made = decide(said("1", TEXT, by="bob"), original=ANNS, known=known)
    assert [case.customer for case in made.cases] == ["bob"]
