"""Every way a mention meets a case, decided without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from fakes import BAD, LOVELY, NOW, PLAIN, WORSE, judge, said

from monitor.core.fingerprint import delivery_id, fingerprint
from monitor.core.ingest import customer_of, plan
from monitor.core.intents import Alert, Entry, Judged, Known, Plan, Standing, Telling, redrawing
from monitor.core.message import Kind
from monitor.core.model import Case, Mention, Severity, State
from monitor.core.severity import History
from monitor.core.severity_rules import CAME_BACK
from monitor.core.suppress import Rule
from monitor.core.triage import verdict

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHERE = "slack:C1"


def judged(mention: Mention) -> Judged:
    return Judged(mention, verdict(mention, judge([mention])[0], threshold=0.5))


def decide(
    *mentions: Mention,
    alert: Alert = Alert.ALL,
    known: Mapping[str, Known] | None = None,
    standing: Case | None = None,
    card: str | None = "card-row",
    recovered: Case | None = None,
    closed: Case | None = None,
    histories: Mapping[str, History] | None = None,
) -> Plan:
    return plan(
        [judged(mention) for mention in mentions],
        known=known or {},
        standing={standing.customer: Standing(standing, card)} if standing else {},
        recovered={recovered.customer: Standing(recovered, card)} if recovered else {},
        telling=Telling(WHERE, alert, DAY, "backlog:feed:1", "feed"),
        business="default",
        now=NOW,
        histories=histories or {},
        closed={closed.id: Standing(closed, card)} if closed else {},
    )


def fred(state: State = State.OPEN, **more: object) -> Case:
    case = Case(5, "default", "pages", "fred", "Fred", state, Severity.LOW, NOW - DAY, revision=4)
    if state.closed:
        case = replace(case, closed=NOW - 2 * HOUR)
    return replace(case, **more)  # type: ignore[arg-type]


def stored(mention: Mention, case_id: int | None = 5, told_by: str | None = "card-row") -> dict[str, Known]:
    """As it is known, before the edit that the test plans."""
    was = judged(mention)
    known = Known(9, fingerprint(mention), was.verdict.is_complaint, case_id, told_by)
    return {mention.native_id: known}


def kinds(made: Plan) -> list[Kind]:
    return [message.kind for message in made.messages]


def actions(made: Plan) -> list[str]:
    return [event.action for event in made.events]


def entry(made: Plan, native_id: str = "1") -> Entry:
    return next(one for one in made.entries if one.mention.native_id == native_id)


# ── new mentions ─────────────────────────────────────────────────────────────────────────────────────────


def test_a_complaint_opens_a_case_and_is_told_by_its_card() -> None:
    made = decide(said("1"))
    (case,), (message,) = made.cases, made.messages
    assert (case.id, case.state, case.customer, case.name) == (-1, State.OPEN, "fred", "Fred")
    assert (case.opened, case.backlog, case.url) == (NOW, False, "https://posts.example/1")
    assert (message.kind, message.case_id, message.destination) == (Kind.CARD, -1, WHERE)
    assert (entry(made).case_id, entry(made).told_by, entry(made).known) == (-1, message.id, None)
    assert message.id == delivery_id(WHERE, message.key)
    assert actions(made) == ["opened"]
    assert made.complaints == 1


@pytest.mark.parametrize("words", [LOVELY, PLAIN])
def test_what_is_no_complaint_is_only_stored(words: str) -> None:
    made = decide(said("1", words))
    assert (made.cases, made.messages, made.events) == ([], [], [])
    assert (entry(made).case_id, entry(made).told_by) == (None, None)


def test_the_business_itself_opens_no_case() -> None:
    own = said("1")
    ruled_out = verdict(own, judge([own])[0], threshold=0.5, own=True)
    made = plan(
        [Judged(own, ruled_out)],
        known={},
        standing={},
        recovered={},
        telling=Telling(WHERE, Alert.ALL, DAY, "b", "feed"),
        business="default",
        now=NOW,
    )
    assert (made.cases, made.messages, len(made.entries)) == ([], [], 1)


def test_a_repost_opens_no_case_and_is_no_word_of_the_customer() -> None:
    assert decide(said("1", repost=True)).cases == []
    made = decide(said("1", repost=True), standing=fred())
    assert (made.revised, made.messages, entry(made).case_id) == ({}, [], None)


def test_a_case_is_opened_by_what_was_said_first() -> None:
    made = decide(said("2", WORSE, ago=HOUR), said("3", ago=None), said("1", ago=2 * HOUR))
    (case,) = made.cases
    assert [message.data["mention"] for message in made.messages if message.data] == ["1", "2", "3"]
    assert kinds(made) == [Kind.CARD, Kind.REPLY, Kind.REPLY]
    assert case.severity is Severity.CRITICAL, "the worst of the page"
    assert {one.case_id for one in made.entries} == {-1}
    assert case.revision == 1


def test_people_who_cannot_be_told_apart_have_a_case_each() -> None:
    made = decide(said("1", by=None), said("2", by=None))
    assert [case.customer for case in made.cases] == ["mention:1", "mention:2"]
    assert customer_of(said("1", by="fred")) == "fred"


def test_a_second_complaint_joins_the_case_and_is_told_in_its_thread() -> None:
    made = decide(said("1", WORSE), standing=fred())
    case = made.revised[5]
    assert made.cases == []
    assert (case.severity, case.revision, case.url) == (Severity.CRITICAL, 5, "https://posts.example/1")
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY]
    assert made.messages[0] == redrawing(case, WHERE, said("1").published), (
        "first: does the card still stand?"
    )
    assert entry(made).told_by == made.messages[1].id
    assert actions(made) == ["complained again"]


def test_a_milder_complaint_leaves_the_severity() -> None:
    case = decide(said("1"), standing=fred(severity=Severity.HIGH, reasons=("why",))).revised[5]
    assert (case.severity, case.reasons) == (Severity.HIGH, ("why",))


LAW = "threatens to go to law or to a regulator"


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.HIGH])
def test_a_threat_stays_with_the_case_whatever_is_said_next(severity: Severity) -> None:
    bad = fred(severity=severity, reasons=(LAW, "it came late"))
    made = decide(said("1"), standing=bad)
    assert LAW in made.revised[5].reasons
    assert ("it came late" in made.revised[5].reasons) is (severity is Severity.HIGH)


def test_a_threat_is_known_of_a_case_that_is_worse_already() -> None:
    threat = judged(said("1"))
    threat = replace(threat, verdict=replace(threat.verdict, severity=Severity.HIGH, reasons=(LAW,)))
    danger = fred(severity=Severity.CRITICAL, reasons=("somebody's safety is at stake",))
    made = plan(
        [threat],
        known={},
        standing={"fred": Standing(danger, "card-row")},
        recovered={},
        telling=Telling(WHERE, Alert.ALL, DAY, "b", "feed"),
        business="default",
        now=NOW,
    )
    assert made.revised[5].reasons == ("somebody's safety is at stake", LAW)


def test_a_customer_on_one_page_three_times_is_one_revision_and_one_redrawing() -> None:
    made = decide(said("1"), said("2"), said("3", LOVELY), standing=fred())
    assert made.revised[5].revision == 5
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY, Kind.REPLY, Kind.REPLY]


def test_a_complaint_in_a_case_nobody_was_told_of_brings_its_card() -> None:
    made = decide(said("1"), standing=fred(backlog=True), card=None)
    assert kinds(made) == [Kind.CARD]
    assert not made.revised[5].backlog
    assert entry(made).told_by == made.messages[0].id


def test_kind_words_of_a_customer_with_a_case_are_shown_to_who_works_it() -> None:
    made = decide(said("1", LOVELY), standing=fred())
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY]
    assert made.revised[5].severity is Severity.LOW
    assert (entry(made).case_id, actions(made)) == (5, ["wrote again", "propose"])
    assert decide(said("1", LOVELY), standing=fred(), card=None).messages == []


# ── first readings and imports ───────────────────────────────────────────────────────────────────────────


def test_a_first_reading_tells_young_complaints_singly_and_old_ones_in_one_message() -> None:
    made = decide(
        said("1", by="ann", ago=HOUR),
        said("2", by="bob", ago=30 * DAY),
        said("3", by="cyd", ago=40 * DAY),
        alert=Alert.RECENT,
    )
    backlog, card = made.messages
    assert (backlog.kind, backlog.key, backlog.case_id) == (Kind.BACKLOG, "backlog:feed:1", None)
    assert backlog.hold_until is not None
    assert backlog.hold_until > NOW
    assert card.kind is Kind.CARD
    assert {case.customer: case.backlog for case in made.cases} == {"ann": False, "bob": True, "cyd": True}
    assert entry(made, "2").told_by == entry(made, "3").told_by == backlog.id
    assert entry(made, "1").told_by == card.id


@pytest.mark.parametrize(
    ("ago", "alone"),
    [
        (timedelta(0), True),
        (DAY, True),
        (DAY + timedelta(seconds=1), False),
        (None, False),
        (-HOUR, True),
        (-2 * DAY, False),
    ],
)
def test_recent_means_dated_within_the_window(ago: timedelta | None, alone: bool) -> None:
    made = decide(said("1", ago=ago), alert=Alert.RECENT)
    assert kinds(made) == [Kind.CARD if alone else Kind.BACKLOG]


@pytest.mark.parametrize("ago", [timedelta(0), 900 * DAY, None])
def test_all_means_all_and_none_means_none(ago: timedelta | None) -> None:
    assert kinds(decide(said("1", ago=ago), alert=Alert.ALL)) == [Kind.CARD]
    assert kinds(decide(said("1", ago=ago), alert=Alert.NONE)) == [Kind.BACKLOG]


def test_a_young_complaint_makes_an_old_case_of_the_same_page_a_real_one() -> None:
    made = decide(said("1", ago=30 * DAY), said("2", ago=HOUR), alert=Alert.RECENT)
    (case,) = made.cases
    assert not case.backlog
    assert kinds(made) == [Kind.BACKLOG, Kind.CARD]


def test_old_kind_words_ping_nobody() -> None:
    made = decide(said("1", LOVELY, ago=300 * DAY), standing=fred(), alert=Alert.RECENT)
    assert made.messages == []
    assert entry(made).case_id == 5


# ── edits ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_words_again_change_nothing() -> None:
    made = decide(said("1"), known=stored(said("1")), standing=fred())
    assert (made.entries, made.messages, made.revised, made.unchanged) == ([], [], {}, 1)


def test_the_same_id_twice_on_a_page_is_one_mention_and_the_later_words_count() -> None:
    made = decide(said("1", PLAIN), said("1", BAD))
    assert [one.mention.text for one in made.entries] == [BAD]
    assert made.unchanged == 1, "every row is accounted for"


def test_an_edited_complaint_is_told_in_its_thread() -> None:
    made = decide(said("1", WORSE), known=stored(said("1")), standing=fred())
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY]
    assert actions(made) == ["edited"]
    assert made.revised[5].severity is Severity.CRITICAL
    assert (entry(made).known, entry(made).case_id, entry(made).told_by) == (9, 5, "card-row")
    assert made.complaints == 0, "it was counted when it was heard"


def test_a_complaint_that_was_edited_away_is_told_too_and_the_case_stays() -> None:
    made = decide(said("1", LOVELY), known=stored(said("1")), standing=fred())
    assert actions(made) == ["eased", "propose"]
    assert made.revised[5].state is State.OPEN
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY]


def test_an_edit_that_makes_a_complaint_of_it_opens_a_case() -> None:
    made = decide(said("1", BAD), known=stored(said("1", PLAIN), None, None))
    assert kinds(made) == [Kind.CARD]
    assert (entry(made).known, entry(made).case_id) == (9, -1)


@pytest.mark.parametrize("card", ["card-row", None])
def test_kind_words_edited_into_a_complaint_are_told_by_somebody(card: str | None) -> None:
    made = decide(said("1", BAD), known=stored(said("1", LOVELY), 5, None), standing=fred(), card=card)
    assert entry(made).told_by == made.messages[-1].id
    assert made.messages[-1].kind is (Kind.REPLY if card else Kind.CARD)


def test_an_edit_back_to_earlier_words_is_told_under_a_key_of_its_own() -> None:
    first = decide(said("1", BAD)).messages[0]
    again = decide(said("1", BAD), known=stored(said("1", LOVELY), 5, "x"))
    assert kinds(again) == [Kind.CARD], "its case was closed meanwhile"
    assert again.messages[0].key != first.key


@pytest.mark.parametrize(("words", "told"), [(WORSE, [Kind.CARD]), (BAD + " Still.", [])])
def test_an_old_post_edited_into_danger_gets_a_card_where_only_a_summary_told_of_it(
    words: str, told: list[Kind]
) -> None:
    made = decide(
        said("1", words, ago=90 * DAY),
        known=stored(said("1"), told_by="summary"),
        standing=fred(backlog=True),
        card=None,
        alert=Alert.RECENT,
    )
    assert kinds(made) == told
    assert made.revised[5].backlog is not bool(told)


GIVEN_UP = [State.DISMISSED, State.LOST]


@pytest.mark.parametrize("state", GIVEN_UP)
@pytest.mark.parametrize("words", [BAD + " Still.", LOVELY])
def test_a_mild_edit_in_a_case_that_was_given_up_is_only_stored(words: str, state: State) -> None:
    made = decide(said("1", words), known=stored(said("1")), closed=fred(state))
    assert (made.messages, made.cases, made.revised) == ([], [], {})
    assert (entry(made).case_id, entry(made).told_by) == (5, "card-row")


@pytest.mark.parametrize("state", GIVEN_UP)
def test_a_case_that_was_given_up_is_open_again_when_its_post_is_edited_into_danger(state: State) -> None:
    edited = said("1", WORSE, ago=90 * DAY)
    ended = fred(state, owner="lee", backlog=True)
    made = decide(edited, known=stored(said("1")), closed=ended, alert=Alert.RECENT)
    case = made.revised[5]
    assert (case.state, case.owner, case.closed, case.backlog) == (State.OPEN, None, None, False)
    assert (case.severity, case.revision) == (Severity.CRITICAL, 5)
    assert (actions(made), made.events[0].before) == (["reopened"], state)
    (card,) = made.messages
    assert card.kind is Kind.CARD, "whoever looks at the thread of a closed case?"
    assert (entry(made).case_id, entry(made).told_by, entry(made).known) == (5, card.id, 9)


def test_danger_that_was_read_and_given_up_stays_so() -> None:
    told = entry(decide(said("1", WORSE))).verdict.reasons
    ended = fred(State.DISMISSED, severity=Severity.CRITICAL, reasons=told)
    made = decide(said("1", WORSE + " Still."), known=stored(said("1", WORSE)), closed=ended)
    assert (made.messages, made.revised) == ([], {})


def test_two_posts_of_one_case_edited_into_danger_open_it_once() -> None:
    known = {**stored(said("1")), "2": replace(stored(said("2"))["2"], id=10)}
    made = decide(said("1", WORSE), said("2", WORSE), known=known, closed=fred(State.LOST))
    assert actions(made) == ["reopened", "edited"]
    assert kinds(made) == [Kind.CARD, Kind.UPDATE, Kind.REPLY]
    assert {one.case_id for one in made.entries} == {5}


def test_an_old_post_edited_into_danger_is_told_in_the_case_its_customer_has_now() -> None:
    made = decide(said("1", WORSE), known=stored(said("1")), closed=fred(State.LOST), standing=fred(id=6))
    assert (entry(made).case_id, actions(made)) == (6, ["complained again"])
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY]
    assert made.revised[6].severity is Severity.CRITICAL


@pytest.mark.parametrize(("state", "times"), [(State.LOST, 2), (State.DISMISSED, 3)])
def test_an_edited_post_of_a_case_that_was_given_up_is_counted_once(state: State, times: int) -> None:
    made = decide(said("1", WORSE), known=stored(said("1")), closed=fred(state), histories=TWICE)
    again = f"has complained {times} times since May 2026"
    assert (again in made.revised[5].reasons) is (times > 2)


# ── customers who come back ──────────────────────────────────────────────────────────────────────────────


def test_a_recovered_customer_who_complains_again_reopens_the_case() -> None:
    made = decide(said("1"), recovered=fred(State.RECOVERED, owner="ann"))
    case = made.revised[5]
    assert (case.state, case.owner, case.closed, case.revision) == (State.OPEN, None, None, 5)
    assert actions(made) == ["regress", "complained again"]
    assert made.events[0].before is State.RECOVERED
    assert kinds(made) == [Kind.UPDATE, Kind.REPLY]
    assert made.cases == []


def test_an_old_complaint_heard_late_does_not_undo_a_recovery() -> None:
    made = decide(said("1", ago=90 * DAY), recovered=fred(State.RECOVERED), alert=Alert.RECENT)
    assert made.revised == {}
    (case,) = made.cases
    assert case.backlog


def test_an_edit_after_the_recovery_reopens_the_case() -> None:
    made = decide(said("1", WORSE, ago=90 * DAY), known=stored(said("1")), recovered=fred(State.RECOVERED))
    assert made.revised[5].state is State.OPEN
    assert actions(made) == ["regress", "edited"]


def test_kind_words_after_the_recovery_leave_it_closed() -> None:
    made = decide(said("1", LOVELY), recovered=fred(State.RECOVERED))
    assert (made.revised, made.events, entry(made).case_id) == ({}, [], None)


# ── what the customer said before ────────────────────────────────────────────────────────────────────────

MAY = NOW.replace(month=5)
TWICE = {"fred": History(2, MAY)}
THRICE = "has complained 3 times since May 2026"


def test_the_third_complaint_weighs_more_and_says_so() -> None:
    made = decide(said("1"), standing=fred(), histories=TWICE)
    case = made.revised[5]
    assert (case.severity, case.reasons[0]) == (Severity.MEDIUM, THRICE)
    assert (entry(made).verdict.severity, entry(made).verdict.reasons[0]) == (Severity.MEDIUM, THRICE)


def test_a_second_complaint_and_those_of_others_weigh_as_they_are() -> None:
    for histories in ({}, {"fred": History(1, MAY)}, {"gina": History(9, MAY)}):
        case = decide(said("1"), standing=fred(), histories=histories).revised[5]
        assert case.severity is Severity.LOW
        assert case.reasons == entry(decide(said("1"))).verdict.reasons


def test_complaints_of_earlier_cases_count_in_a_new_one() -> None:
    (case,) = decide(said("1"), histories=TWICE).cases
    assert (case.severity, case.reasons[0]) == (Severity.MEDIUM, THRICE)


def test_three_complaints_on_one_page_count_in_the_order_they_were_made() -> None:
    made = decide(said("3"), said("1", ago=200 * DAY), said("2", ago=2 * DAY))
    (case,) = made.cases
    assert (case.severity, case.reasons[0]) == (Severity.MEDIUM, THRICE)
    told = [any(why == THRICE for why in entry(made, n).verdict.reasons) for n in ("1", "2", "3")]
    assert told == [False, False, True]


def test_a_worse_case_keeps_its_reasons_and_tells_of_the_repetition() -> None:
    worse = fred(severity=Severity.HIGH, reasons=("has complained 2 times", "was charged twice or wrongly"))
    case = decide(said("1"), standing=worse, histories=TWICE).revised[5]
    assert case.severity is Severity.HIGH
    assert case.reasons == (THRICE, "was charged twice or wrongly")


def test_an_edit_is_no_further_complaint() -> None:
    def edited(complaints: int) -> Case:
        made = decide(
            said("1", BAD + " Still."),
            known=stored(said("1")),
            standing=fred(),
            histories={"fred": History(complaints, MAY)},
        )
        return made.revised[5]

    assert edited(2).severity is Severity.LOW, "it is the second itself"
    assert (edited(3).severity, edited(3).reasons[0]) == (Severity.MEDIUM, THRICE)


def test_who_comes_back_after_being_won_back_is_of_high_severity() -> None:
    made = decide(said("1"), said("2", ago=timedelta(minutes=5)), recovered=fred(State.RECOVERED))
    assert (made.revised[5].severity, made.revised[5].reasons[0]) == (Severity.HIGH, CAME_BACK)
    assert all(entry(made, n).verdict.reasons[0] == CAME_BACK for n in "12")


def test_kind_words_and_copies_are_no_complaints_of_the_customer() -> None:
    made = decide(said("1", LOVELY), standing=fred(), histories=TWICE)
    assert (made.revised[5].severity, made.revised[5].reasons) == (Severity.LOW, ())
    (case, *_) = decide(said("1", LOVELY), said("2", LOVELY), said("3")).cases
    assert case.severity is Severity.LOW


def test_what_a_rule_holds_back_is_told_as_it_is() -> None:
    rule = Rule("phrase", "cold coffee")
    held = replace(judged(said("1")), rule=rule)
    made = plan(
        [held],
        known={},
        standing={},
        recovered={},
        telling=Telling(WHERE, Alert.ALL, DAY, "b", "feed"),
        business="default",
        now=NOW,
        histories=TWICE,
    )
    assert entry(made).verdict.severity is Severity.LOW
