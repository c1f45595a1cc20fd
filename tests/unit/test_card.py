"""A card in each state: what comes next, who has it, how long there is, and what was promised."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from alerts import phrases
from alerts.pace import lasting, pace, paces
from alerts.slack import actions
from alerts.slack.blocks import Level, render
from alerts.slack.buttons import likely
from alerts.slack.escape import is_person, mentioned
from alerts.testing import samples
from monitor.core.clocks import clocks
from monitor.core.message import Card, Kind, Message, Note
from monitor.core.model import Case, Evidence, State
from monitor.core.moves import possible
from monitor.core.policy import Policy

NOW = samples.NOW
HOUR = timedelta(hours=1)


def drawn(content: Card, level: Level = Level.FULL) -> list[dict[str, Any]]:
    message = Message("d1", Kind.CARD, "C1", content, case_id=12, timezone="Europe/London")
    blocks: list[dict[str, Any]] = render(message, level)["blocks"]
    return blocks


def controls(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [control for block in blocks if block["type"] == "actions" for control in block["elements"]]


def stands(content: Card) -> str:
    """The section about the case, its fields too."""
    block = next(b for b in drawn(content)[2:] if b["type"] == "section" and "*Why" not in b["text"]["text"])
    return "\n".join([block["text"]["text"], *(field["text"] for field in block.get("fields", []))])


# ── what can be done ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize(
    ("state", "first"),
    [
        (State.OPEN, "claim"),
        (State.CLAIMED, "contact"),
        (State.CONTACTED, "recover"),
        (State.RECOVERED, "reopen"),
        (State.LOST, "reopen"),
        (State.DISMISSED, "reopen"),
    ],
)
def test_what_comes_next_stands_first_and_alone(state: State, first: str, level: Level) -> None:
    found = controls(drawn(samples.full_card(state=state), level))
    assert found[0]["action_id"] == first
    assert found[0]["value"] == f"{first}:12:1"
    primary = [control["action_id"] for control in found if control.get("style") == "primary"]
    assert primary == ([] if state.closed else [first])


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("promises", [0, 2])
@pytest.mark.parametrize("asleep", [False, True])
def test_the_menu_holds_five_moves_that_the_case_allows(state: State, promises: int, asleep: bool) -> None:
    case = samples.case(state=state, owner="U0ANN", snoozed=NOW if asleep else None)
    wanted = likely(case, promises)
    assert 1 <= len(wanted) <= 5
    assert len(set(wanted)) == len(wanted)
    assert set(wanted) <= {str(move) for move in possible(case)} | {actions.DRAFT}
    assert ("keep" in wanted) is bool(promises)
    if not state.closed:
        assert ("wake" in wanted) is asleep


def test_each_control_says_case_and_revision() -> None:
    found = controls(drawn(samples.full_card(state=State.CLAIMED, id=7, revision=31)))
    options = [option["value"] for control in found for option in control.get("options", [])]
    values = [control["value"] for control in found if "value" in control] + options
    presses = [actions.read_value(value) for value in values]
    assert {(press.case_id, press.revision) for press in presses} == {(7, 31)}
    assert [press.move for press in presses] == [
        "contact",
        "more_modal",
        "keep",
        "draft",
        "promise",
        "wake",
        "escalate",
    ]


def test_a_proposal_can_be_taken_up_where_it_stands() -> None:
    asks = Note(
        samples.case(state=State.CONTACTED), "Fred wrote again. Recovered?", "Thanks!", None, "propose"
    )
    message = samples.message(asks, Kind.REPLY, thread=None)
    taken, not_yet = controls(render(message)["blocks"])
    assert (taken["action_id"], not_yet["action_id"]) == ("recover", "note")
    done = replace(asks, case=samples.case(state=State.RECOVERED))
    assert controls(render(replace(message, content=done))["blocks"]) == []


# ── how it stands ────────────────────────────────────────────────────────────────────────────────────────


def test_a_card_tells_owner_level_promise_and_sleep() -> None:
    content = replace(samples.full_card(wake=NOW + 20 * HOUR), rung="manager")
    told = stands(content)
    assert "*Open again, owned by <@U0ANN>* · :arrow_double_up: escalated to level 2 (manager)" in told
    assert f"by <!date^{int((NOW + 3 * HOUR).timestamp())}^" in told
    assert "2 more promises" in told
    assert "*:zzz: Asleep*\nuntil <!date^" in told
    assert "third complaint since".capitalize() in str(drawn(content))


def test_a_customer_who_is_waited_for() -> None:
    told = stands(samples.card(state=State.CONTACTED, owner="Ann", waiting=NOW, contacted=NOW))
    assert "Customer contacted by Ann" in told
    assert "*Waiting*\nfor the customer since <!date^" in told


def test_what_broke_stands_with_the_words_that_show_it() -> None:
    heard = samples.heard()
    broken = (
        Evidence("promptness", "They promised to call back on", 18, 48),
        Evidence("promptness", "Third", 0, 5),
        Evidence("reliability", "1 of 5 stars"),
    )
    content = replace(
        samples.card(), mentions=(replace(heard, verdict=replace(heard.verdict, expectations=broken)),)
    )
    why = drawn(content)[2]["text"]["text"]
    assert why.startswith(
        "*What broke:* how long it takes (“They promised to call back on”), what they got (1 of 5 stars)\n*Why:* "
    )
    assert "*In their words:* “Third time”" in why
    twice = tuple(Evidence(key, "They promised", 18, 31) for key in ("promptness", "follow_through"))
    same = replace(heard, verdict=replace(heard.verdict, expectations=twice))
    assert [shown for _, shown in phrases.broken(replace(content, mentions=(same,)))] == [
        "“They promised”",
        "",
    ]
    gone = replace(heard, gone_at=NOW, mention=replace(heard.mention, text=""))
    gone = replace(gone, verdict=replace(heard.verdict, expectations=broken))
    assert phrases.broken(replace(content, mentions=(gone,))) == [
        ("how long it takes", ""),
        ("what they got", "1 of 5 stars"),
    ]


def test_a_short_title_is_the_headline_and_a_long_one_is_quoted() -> None:
    titled = samples.heard(title="Never called back")
    first, quote = drawn(replace(samples.card(), mentions=(titled,)))[:2]
    assert first["text"]["text"].endswith(f"*<{samples.URL}|Never called back>* by Fictional Fred")
    assert "Never" not in str(quote)
    wordy = samples.heard(title="Never, and I mean never, " * 5)
    first, quote = drawn(replace(samples.card(), mentions=(wordy,)))[:2]
    assert first["text"]["text"].endswith("|Fictional Fred>*")
    assert "Never, and I mean never" in str(quote)


# ── the clocks ───────────────────────────────────────────────────────────────────────────────────────────


def clocked(hours: float, **of_case: Any) -> list[tuple[str, str]]:
    case: Case = samples.case(**of_case)
    told = clocks(case, Policy(), NOW + hours * HOUR)
    assert told is not None
    return list(paces(told, lambda at: f"{at:%d %b %H:%M}"))


@pytest.mark.parametrize(
    ("hours", "of_case", "expected"),
    [
        (1, {}, [("First answer", "due 02 Mar 16:05"), ("Solution", "due 04 Mar 14:05")]),
        (1.6, {}, [("First answer", "due soon, 02 Mar 16:05"), ("Solution", "due 04 Mar 14:05")]),
        (2.5, {}, [("First answer", "overdue since 02 Mar 16:05"), ("Solution", "due 04 Mar 14:05")]),
        (
            9,
            {"snoozed": NOW + HOUR, "pauses": ((NOW + HOUR, None),)},
            [
                ("First answer", "the clock stands, 1 h left"),
                ("Solution", "the clock stands, 15 h left"),
            ],
        ),
        (
            30,
            {"state": State.RECOVERED, "contacted": NOW + HOUR / 3, "closed": NOW + 27 * HOUR},
            [("First answer", "in time, after 20 min"), ("Closed", "in time, after 10 h")],
        ),
    ],
)
def test_a_clock_in_plain_words(
    hours: float, of_case: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert clocked(hours, **of_case) == expected


def test_what_came_late_is_called_late() -> None:
    told = clocks(samples.case(contacted=NOW + 20 * HOUR), Policy(), NOW + 21 * HOUR)
    assert told is not None
    assert pace(told.first_response, str).startswith("late, after ")


def test_a_case_that_needed_no_answer_has_no_clock() -> None:
    assert "First answer" in stands(samples.full_card(state=State.LOST, closed=NOW))
    assert "First answer" not in stands(samples.full_card(state=State.DISMISSED, closed=NOW))


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "less than a minute"), (20, "20 min"), (60, "1 h"), (80, "1 h 20 min"), (1_565, "26 h")],
)
def test_spans_in_words(minutes: int, words: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == words


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", ["U0ANN", "U02AB3CD4EF", "W012A3CDE", "UABCDEFGHI"])
def test_who_is_somebody_in_slack(who: str) -> None:
    assert is_person(who)


@pytest.mark.parametrize("who", [None, "", "Ann", "URSULA", "UWE", "u0ann", "U0ANN>", "C0COMPLAINTS", "U1 2"])
def test_who_is_not(who: str | None) -> None:
    assert not is_person(who)


def test_only_those_who_acted_are_mentioned() -> None:
    told = "U0ANN handed it over to U0BOB, not U0ANNA nor U0EVE"
    assert mentioned(told, ["U0ANN", "U0BOB", "Ann", None]) == (
        "<@U0ANN> handed it over to <@U0BOB>, not U0ANNA nor U0EVE"
    )


def test_a_customer_who_is_called_like_somebody_in_slack_calls_nobody() -> None:
    note = Note(samples.case("U0ANN"), "U0ANN wrote again", "Help U0ANN", samples.URL)
    assert "<@" not in str(render(samples.message(note, Kind.REPLY))["blocks"])
    assert "<@" not in str(drawn(samples.card("U0ANN", "U0ANN")))


def test_a_move_names_who_made_it_and_leads_to_what_was_written() -> None:
    note = Note(
        samples.case(), "U0ANN told the customer", "Sorry.", samples.URL, "contact", people=("U0ANN",)
    )
    first, quote = render(samples.message(note, Kind.REPLY))["blocks"]
    assert first["text"]["text"] == f"<@U0ANN> told the customer · <{samples.URL}|see it there>"
    assert quote["type"] == "rich_text"
