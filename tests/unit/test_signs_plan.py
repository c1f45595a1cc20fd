"""What a page tells of cases beside complaints: answers at the source, kind words, sleepers that must wake."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from fakes import BAD, LOVELY, NOW, PLAIN, WORSE, judge, said

from monitor.core.fingerprint import fingerprint
from monitor.core.ingest import plan
from monitor.core.intents import Alert, Judged, Known, Plan, Standing, Telling
from monitor.core.message import Kind
from monitor.core.model import Case, Mention, Rating, Reply, Severity, State
from monitor.core.moves import SOURCE
from monitor.core.triage import verdict

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
CARD = "card-row"


def decide(
    *mentions: Mention,
    standing: Case | None = None,
    recovered: Case | None = None,
    known: Mapping[str, Known] | None = None,
    card: str | None = CARD,
    asked: str = "fred",
) -> Plan:
    judged = [Judged(m, verdict(m, judge([m])[0], threshold=0.5)) for m in mentions]
    return plan(
        judged,
        known=known or {},
        standing={asked: Standing(standing, card)} if standing else {},
        recovered={asked: Standing(recovered, card)} if recovered else {},
        telling=Telling("slack:C1", Alert.ALL, DAY, "backlog:1", "feed"),
        business="default",
        now=NOW,
    )


def fred(state: State = State.OPEN, **more: object) -> Case:
    case = Case(5, "default", "pages", "fred", "Fred", state, Severity.LOW, NOW - 2 * DAY, revision=4)
    return replace(case, **more)  # type: ignore[arg-type]


ASLEEP = fred(State.CLAIMED, owner="ann", snoozed=NOW - DAY, wake=NOW + DAY, pauses=((NOW - DAY, None),))
ANSWERED = fred(
    State.CONTACTED, owner="ann", contacted=NOW - DAY, waiting=NOW - DAY, pauses=((NOW - DAY, None),)
)


def stored(mention: Mention, case_id: int | None = 5, **more: object) -> dict[str, Known]:
    was = verdict(mention, judge([mention])[0], threshold=0.5)
    known = Known(9, fingerprint(mention), was.is_complaint, case_id, CARD, rating=mention.rating)
    return {mention.native_id: replace(known, **more)}  # type: ignore[arg-type]


def reply(at: datetime | None) -> Reply:
    return Reply("We are sorry, Fred.", at)


def actions(made: Plan) -> list[str]:
    return [event.action for event in made.events]


def asks(made: Plan) -> list[bool]:
    return [bool((message.data or {}).get("propose")) for message in made.messages]


# ── sleepers, and customers who are waited for ───────────────────────────────────────────────────────────


@pytest.mark.parametrize("words", [BAD, PLAIN])
def test_the_customers_next_post_wakes_a_sleeping_case(words: str) -> None:
    made = decide(said("1", words), standing=ASLEEP)
    case = made.revised[5]
    assert (case.snoozed, case.wake, case.owner, case.revision) == (None, None, "ann", 5)
    assert case.pauses == ((NOW - DAY, NOW),)
    assert actions(made)[-1] == "wake"


def test_an_edit_wakes_it_too() -> None:
    made = decide(said("1", WORSE), standing=ASLEEP, known=stored(said("1")))
    assert made.revised[5].snoozed is None
    assert actions(made) == ["edited", "wake"]


def test_who_posts_again_is_waited_for_no_longer_and_stays_answered() -> None:
    case = decide(said("1"), standing=ANSWERED).revised[5]
    assert (case.waiting, case.state, case.contacted) == (None, State.CONTACTED, NOW - DAY)
    assert case.pauses == ((NOW - DAY, NOW),)


def test_a_regression_is_an_event_of_its_own_and_said_in_the_thread() -> None:
    won = fred(
        State.RECOVERED, owner="ann", claimed=NOW - DAY, closed=NOW - HOUR * 2, level=2, escalated=NOW - DAY
    )
    made = decide(said("1"), recovered=won)
    case = made.revised[5]
    assert actions(made) == ["regress", "complained again"]
    assert (case.owner, case.claimed, case.level, case.closed) == (None, None, 0, None)
    assert case.pauses == ((NOW - 2 * HOUR, NOW),)
    assert (made.messages[-1].data or {})["action"] == "regress"


# ── answers at the source ────────────────────────────────────────────────────────────────────────────────


def test_a_complaint_that_is_answered_already_opens_as_answered() -> None:
    made = decide(said("1", reply=reply(NOW)))
    (case,) = made.cases
    assert (case.state, case.contacted, case.waiting, case.owner) == (State.CONTACTED, NOW, NOW, None)
    assert [event.actor for event in made.events] == ["monitor", SOURCE]
    assert [message.kind for message in made.messages] == [Kind.CARD], "the card says so itself"


def test_an_answer_that_came_since_marks_the_case_and_is_told() -> None:
    made = decide(said("1", reply=reply(NOW - HOUR)), standing=fred(), known=stored(said("1")))
    case = made.revised[5]
    assert (case.state, case.contacted, case.waiting) == (State.CONTACTED, NOW - HOUR, NOW - HOUR)
    assert made.answers == {9: reply(NOW - HOUR)}
    assert made.entries == []
    (event,) = made.events
    assert (event.actor, event.action) == (SOURCE, "contact")
    assert event.data == {"source": True, "link": "https://posts.example/1"}
    assert [message.kind for message in made.messages] == [Kind.UPDATE, Kind.REPLY]


def test_an_answer_that_is_known_tells_nothing_again() -> None:
    made = decide(said("1", reply=reply(NOW)), standing=fred(), known=stored(said("1"), answered=True))
    assert (made.events, made.answers, made.unchanged) == ([], {}, 1)


def test_an_answer_that_a_person_had_noted_is_only_kept() -> None:
    made = decide(said("1", reply=reply(NOW)), standing=ANSWERED, known=stored(said("1")))
    assert (made.events, list(made.answers)) == ([], [9])


def test_an_answer_to_somebody_elses_copy_is_no_answer_to_the_customer() -> None:
    made = decide(said("1", reply=reply(NOW)), standing=fred(), known=stored(said("1"), case_id=6))
    assert (made.events, list(made.answers)) == ([], [9])


def test_who_edits_after_the_answer_has_spoken_last() -> None:
    mention = said("1", WORSE, reply=reply(NOW - 2 * HOUR), edited=NOW - HOUR)
    case = decide(mention, standing=fred(), known=stored(said("1"))).revised[5]
    assert (case.state, case.waiting) == (State.CONTACTED, None)


# ── kind words ───────────────────────────────────────────────────────────────────────────────────────────


def test_kind_words_after_the_complaint_ask_whether_the_customer_is_recovered() -> None:
    made = decide(said("1", LOVELY), standing=fred())
    assert actions(made) == ["wrote again", "propose"]
    assert made.events[-1].data == {"after": "1"}
    assert made.revised[5].state is State.OPEN, "a person says so"
    assert asks(made) == [False, True]
    again = decide(said("1", LOVELY), standing=fred())
    assert again.events[-1].key == made.events[-1].key is not None


@pytest.mark.parametrize(
    "mention", [said("1", PLAIN), said("1", LOVELY, ago=9 * DAY), said("1", LOVELY, ago=None)]
)
def test_plain_words_and_kind_ones_from_before_ask_nothing(mention: Mention) -> None:
    made = decide(mention, standing=fred())
    assert actions(made) == ["wrote again"]
    assert not any(asks(made))


@pytest.mark.parametrize(
    ("text", "stars", "asked"),
    [(BAD, 4.0, True), (BAD, 2.0, False), (BAD, 1.0, False), (LOVELY, 1.0, True), (PLAIN, None, False)],
)
def test_more_stars_ask_too_if_they_are_no_poor_ones(text: str, stars: float | None, asked: bool) -> None:
    before = said("1", BAD + " So there.", rating=Rating(1.0))
    now = said("1", text, rating=None if stars is None else Rating(stars))
    made = decide(now, standing=fred(), known=stored(before))
    assert ("propose" in actions(made)) == asked
    assert any(asks(made)) == asked


def test_a_linked_author_joins_under_their_own_place() -> None:
    made = decide(said("7", by="gina", source="elsewhere"), standing=fred(), asked="gina")
    assert made.cases == []
    assert made.entries[0].case_id == 5
    assert (made.messages[-1].data or {})["source"] == "elsewhere"
