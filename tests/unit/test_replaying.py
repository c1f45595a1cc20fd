"""What another judge would have made of the past: one customer, one case, and nothing told that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from fakes import NOW, said

from monitor.core.labels import DESK, Label
from monitor.core.model import Case, Evidence, Heard, Rating, Severity, State, Verdict
from monitor.core.replay_cases import Terms
from monitor.core.replay_diff import Change, Kind, Outcome, outcome
from monitor.core.replaying import Replay
from monitor.core.rereading import Reread
from monitor.core.routing import Route, Routing
from monitor.core.severity import History, Weighed, history_told, remembering
from monitor.core.suppress import Ground, Rule

HOUR = timedelta(hours=1)
LONG = "The {} at Acme Coffee leaked over my bag and nobody at the counter would even look at it, never again"
YES = Verdict(0.6, True, Severity.MEDIUM, ("reads as a bad experience",), version="complaint:1")
NO = Verdict(0.3, False, version="complaint:1")
HIGH = Verdict(0.8, True, Severity.HIGH, ("was promised a call",), version="complaint:2")
GRAVE = Verdict(0.8, True, Severity.CRITICAL, ("somebody's safety is at stake",), ("safety",))
BROKE = {
    key: Verdict(0.6, True, Severity.MEDIUM, expectations=(Evidence(key, "x"),))
    for key in ("respect", "clarity")
}


def terms(**more: Any) -> Terms:
    there = Routing("console")
    known: dict[str, Any] = {
        "rules": (),
        "window": 24 * HOUR,
        "first_reading": lambda _feed, _at: False,
        "then": there,
        "now": there,
        "same": lambda one, other: one == other,
    }
    return Terms(**(known | more))


def case(number: int, customer: str, hours: int, state: State = State.OPEN, **more: Any) -> Case:
    opened = NOW + hours * HOUR
    return Case(number, "acme", "pages", customer, customer.title(), state, Severity.MEDIUM, opened, **more)


def post(
    number: int,
    then: Verdict,
    by: str | None = "fred",
    *,
    hours: int | None = None,
    at: Case | None = None,
    text: str = "Cold coffee.",
    label: Label | None = None,
    blanked: bool = False,
    ago: timedelta = HOUR,
) -> Reread:
    seen = NOW + (number if hours is None else hours) * HOUR
    mention = said(str(number), text, by=by, ago=ago)
    heard = Heard(number, "pages", mention, then, seen, at.id if at else None)
    return Reread(heard, blanked, label, at)


def made(*posts: tuple[Reread, Verdict | None], past: Sequence[Case] = (), **more: Any) -> Outcome:
    world = Replay(terms(**more), NOW)
    for one, thought in posts:
        world.take(one, thought, past if world.asks(one, thought) else ())
    return outcome(world.posts, world.units)


def only(found: Outcome) -> Change:
    (change,) = found.changes
    return change


def test_what_both_judges_say_is_no_change() -> None:
    one = case(1, "fred", 1)
    found = made((post(1, YES, at=one), YES), (post(2, NO, at=one), NO), (post(3, NO, "gina"), NO))
    assert (found.before, found.after, found.changes) == (1, 1, ())
    assert (found.posts.read, found.posts.more, found.posts.fewer) == (3, 0, 0)


def test_what_only_one_of_them_hears_is_one_more_or_one_fewer() -> None:
    found = made((post(1, YES, at=case(1, "fred", 1)), NO), (post(2, NO, "gina"), HIGH))
    more, fewer = found.changes
    assert (more.kinds, more.lead, fewer.kinds, fewer.lead) == ((Kind.MORE,), 2, (Kind.FEWER,), 1)
    assert (found.before, found.after) == (1, 1)
    assert more.after is not None and more.after.severity is Severity.HIGH


def test_the_same_customer_is_one_case_however_often_they_complain() -> None:
    found = made(
        (post(1, NO), YES), (post(2, NO), HIGH), (post(3, NO, by=None), YES), (post(4, NO, by=None), YES)
    )
    assert found.counts == {Kind.MORE: 3}
    freds = found.changes[-1]
    assert freds.after is not None
    assert (freds.after.complaints, freds.after.lead, freds.after.severity) == (2, 2, Severity.HIGH)


def test_the_first_of_the_worst_is_shown() -> None:
    change = only(made((post(1, NO), YES), (post(2, NO), HIGH), (post(3, NO), HIGH)))
    assert change.lead == 2


def test_a_case_that_lost_some_of_its_complaints_is_still_one() -> None:
    one = case(1, "fred", 1)
    late = only(made((post(1, YES, at=one), NO), (post(3, YES, at=one), YES)))
    assert (late.kinds, late.lead) == ((Kind.LATER,), 1)
    assert only(made((post(1, YES, at=one), HIGH), (post(2, YES, at=one), NO))).kinds == (Kind.GRAVER,)


def test_an_alert_before_the_real_one_is_the_same_case_earlier() -> None:
    change = only(made((post(1, NO), YES), (post(5, YES, at=case(7, "fred", 5)), YES)))
    assert (change.kinds, change.unit.case_id, change.lead) == ((Kind.EARLIER,), 7, 1)
    # and where the real one would be none any more, there is still one
    change = only(made((post(1, NO), YES), (post(5, YES, at=case(7, "fred", 5)), NO)))
    assert change.kinds == (Kind.EARLIER,)


def test_what_joins_a_case_that_stood_opens_none() -> None:
    one = case(1, "fred", 1)
    found = made((post(1, YES, at=one), YES), (post(2, NO, at=one), YES))
    assert (found.changes, found.posts.more) == ((), 1)


def test_cases_from_before_the_span_are_not_compared() -> None:
    older = case(1, "fred", -5)
    found = made((post(1, YES, at=older), NO))
    assert (found.before, found.after, found.changes, found.older) == (0, 0, (), 1)


def test_a_recovered_customer_opens_that_case_again() -> None:
    ended = case(4, "fred", -50, State.RECOVERED, closed=NOW - 20 * HOUR)
    change = only(made((post(1, NO), YES), past=[ended]))
    assert (change.kinds, change.unit.again) == ((Kind.MORE,), 4)
    assert change.after is not None and change.after.severity is Severity.HIGH, "coming back weighs"
    early = made((post(1, NO, ago=30 * HOUR), YES), past=[ended])
    assert only(early).unit.again is None, "said before it was recovered"
    lost = case(4, "fred", -50, State.LOST, closed=NOW - 20 * HOUR)
    assert only(made((post(1, NO), YES), past=[lost])).unit.again is None


def test_copies_are_one_case() -> None:
    text = LONG.format("kettle")
    found = made((post(1, NO, "fred", text=text), YES), (post(2, NO, "gina", text=text), YES))
    assert found.counts == {Kind.MORE: 1}
    one = case(1, "fred", 1)
    found = made((post(1, YES, "fred", text=text, at=one), YES), (post(2, NO, "gina", text=text), YES))
    assert found.changes == ()
    late = 24 * 40
    found = made(
        (post(1, YES, "fred", text=text, at=one), YES), (post(2, NO, "gina", text=text, hours=late), YES)
    )
    assert found.counts == {Kind.MORE: 1}, "a month later it is another's own"
    shut = case(1, "fred", 1, State.LOST, closed=NOW + 2 * HOUR)
    found = made((post(1, YES, "fred", text=text, at=shut), YES), (post(5, NO, "gina", text=text), YES))
    assert found.counts == {Kind.MORE: 1}
    found = made((post(1, YES, "fred", text=text, at=one), YES), (post(2, NO, "gina", text=text), GRAVE))
    assert found.counts == {Kind.MORE: 1}, "danger is no copy of something milder"
    parted = case(2, "gina", 2)
    first, second = (post(1, YES, "fred", text=text, at=one), post(2, YES, "gina", text=text, at=parted))
    assert made((first, YES), (second, YES)).after == 2, "somebody set it apart"
    # whose first was no complaint then: the copy's case is the same one, earlier
    found = made(
        (post(1, NO, "fred", text=text), YES), (post(2, YES, "gina", text=text, at=case(9, "gina", 2)), YES)
    )
    assert only(found).kinds == (Kind.EARLIER,)


def test_a_rule_in_force_holds_back_what_the_new_judge_hears() -> None:
    rule = Rule(Ground.AUTHOR, "fred", "pages")
    found = made((post(1, NO), YES), (post(2, NO, "gina"), YES), rules=[rule])
    assert (found.counts, found.posts.held) == ({Kind.MORE: 1}, 1)
    held = post(1, YES)
    assert made((held, YES)).posts.held == 1, "and what one held back that was withdrawn stays so"
    assert made((held, GRAVE), rules=[rule]).counts == {Kind.MORE: 1}, "danger is never held back"
    joined = case(3, "fred", 1)
    found = made((post(1, YES, at=joined), NO), (post(2, NO, at=joined), YES), rules=[rule])
    assert found.counts == {Kind.FEWER: 1}, "no case stands any more that it could join"


def test_without_words_the_old_verdict_stands() -> None:
    one = case(1, "fred", 1)
    found = made((post(1, YES, at=one, blanked=True), None), (post(2, NO, "gina", blanked=True), None))
    assert (found.before, found.after, found.changes, found.posts.gone) == (1, 1, (), 2)
    found = made((post(1, YES, "hugo", blanked=True), None))
    assert (found.before, found.after) == (0, 0), "held back by a rule then, and so now"
    assert made((post(1, GRAVE, "hugo", blanked=True), None)).changes == ()


def test_a_case_opened_by_words_that_were_edited_is_taken_as_it_was() -> None:
    eased = case(1, "fred", 1)
    for thought in (NO, YES):
        found = made((post(1, NO, at=eased), thought))
        assert (found.before, found.after, found.changes, found.eased) == (1, 1, (), 1)


def test_what_people_found_is_no_alert_of_the_judge() -> None:
    by_hand = Verdict(0.3, True, Severity.MEDIUM, ("found by dana",), version=DESK)
    one = post(1, by_hand, at=case(1, "fred", 1), label=Label.COMPLAINT)
    still = made((one, NO))
    assert (still.before, still.after, still.changes, still.by_hand) == (0, 0, (), 1)
    assert still.posts.unseen == [1]
    found = made((one, YES))
    assert (only(found).kinds, only(found).unit.word) == ((Kind.MORE,), Label.COMPLAINT)
    assert (found.posts.judged, found.posts.right_then, found.posts.right_now) == (1, 0, 1)


def test_what_people_said_stays_and_is_named() -> None:
    dismissed, worked = case(1, "fred", 1, State.DISMISSED), case(2, "gina", 2, State.RECOVERED)
    alarm = post(1, YES, at=dismissed, label=Label.NOT_A_COMPLAINT)
    real = post(2, YES, "gina", at=worked)
    neither = made((alarm, NO), (real, NO))
    assert (neither.spared, neither.missed, neither.counts) == (1, 1, {Kind.FEWER: 2})
    assert (neither.posts.judged, neither.posts.right_then, neither.posts.right_now) == (2, 1, 1)
    assert (neither.posts.unseen, neither.posts.disagreed) == ([2], [])
    both = made((alarm, YES), (real, YES))
    assert (both.changes, both.posts.unseen, both.posts.disagreed) == ((), [], [1])
    touched = case(2, "gina", 2, State.CONTACTED)
    assert made((post(2, YES, "gina", at=touched), NO)).missed == 0, (
        "answered at the source, by nobody of the desk"
    )


def test_older_posts_of_a_first_reading_are_summed_up() -> None:
    first: dict[str, Any] = {"first_reading": lambda _feed, at: at <= NOW + HOUR}
    old, young, later = post(0, NO, "a", ago=90 * HOUR), post(1, NO, "b"), post(9, NO, "c", ago=90 * HOUR)
    found = made((old, YES), (young, YES), (later, YES), **first)
    assert (found.after, found.quiet_after) == (3, 1)
    backlog = case(1, "fred", 1, backlog=True)
    found = made((post(1, YES, at=backlog, ago=90 * HOUR), YES), **first)
    assert (found.quiet_before, found.quiet_after, found.changes) == (1, 1, ())
    found = made((post(1, YES, at=backlog, ago=90 * HOUR), YES), (post(9, NO, at=backlog), YES), **first)
    assert only(found).kinds == (Kind.LOUDER,)


def test_another_expectation_and_another_channel_are_told() -> None:
    one = post(1, BROKE["respect"], at=case(1, "fred", 1))
    assert only(made((one, BROKE["clarity"]))).kinds == (Kind.EXPECTATION,)
    routes = Routing("slack:C0ALL", (Route("C0HIGH", severity=("high",)),))
    change = only(made((post(1, YES, at=case(1, "fred", 1)), HIGH), then=routes, now=routes))
    assert change.kinds == (Kind.GRAVER, Kind.ROUTE)
    assert change.before is not None and change.after is not None
    assert (change.before.place, change.after.place) == ("slack:C0ALL", "slack:C0HIGH")


def test_the_third_complaint_weighs_more_in_the_new_world_too() -> None:
    told = remembering(Weighed(Severity.MEDIUM, ("it came late",)), History(2, NOW))
    third = Verdict(0.6, True, told.severity, told.reasons, version="complaint:1")
    stands = case(1, "fred", 1)
    assert (
        made(
            (post(1, YES, at=stands), YES), (post(2, YES, at=stands), YES), (post(3, third, at=stands), YES)
        ).changes
        == ()
    )
    change = only(
        made((post(1, YES, at=stands), YES), (post(2, YES, at=stands), NO), (post(3, third, at=stands), YES))
    )
    assert change.kinds == (Kind.MILDER,), "it is the second there"
    change = only(made(*((post(number, NO), YES) for number in (1, 2, 3))))
    assert change.after is not None
    assert (change.after.severity, change.after.past.complaints) == (Severity.HIGH, 2)


@pytest.mark.parametrize("complaints", [0, 1, 2, 7])
@pytest.mark.parametrize("regressed", [True, False])
@pytest.mark.parametrize("severity", [Severity.LOW, Severity.CRITICAL])
def test_what_a_verdict_tells_of_the_past_is_read_back(
    complaints: int, regressed: bool, severity: Severity
) -> None:
    history = History(complaints, NOW, regressed)
    found = Weighed(severity, ("it came late",))
    told = remembering(found, history)
    again = history_told(told.reasons)
    assert remembering(found, again) == told


def test_stars_and_other_facts_are_left_to_the_judges() -> None:
    starred = said("1", "", rating=Rating(1))
    heard = Heard(1, "pages", starred, NO, NOW + HOUR)
    assert only(made((Reread(heard), YES))).lead == 1
