"""How bad a complaint is: each line of the table, how lines add up, and that the document shows the same table."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.core.aspects import EXPECTATIONS
from monitor.core.model import Rating, Reach, Severity
from monitor.core.severity import History, retold, weigh
from monitor.core.severity_rules import BARE, CAME_BACK, DOUBTS, PAST, PUT_RIGHT, RULES, SILENT, UNSURE, WITH
from monitor.scoring.cues import cues

LOW, MEDIUM, HIGH, CRITICAL = Severity
MAY = datetime(2026, 5, 4, tzinfo=UTC)
DOCUMENT = Path(__file__).parents[2] / "docs" / "severity.md"
SURELY, HARDLY = 0.9, 0.5
ALONE = {
    "safety": (CRITICAL, CRITICAL),
    "discrimination": (CRITICAL, CRITICAL),
    "vulnerable": (HIGH, HIGH),
    "legal_threat": (HIGH, HIGH),
    "press_threat": (HIGH, HIGH),
    "promised_no_call": (HIGH, MEDIUM),
    "repeat_contact": (HIGH, MEDIUM),
    "charged_twice": (HIGH, MEDIUM),
    "refund_refused": (HIGH, MEDIUM),
    "competitor": (HIGH, MEDIUM),
    "still_waiting": (MEDIUM, MEDIUM),
    "no_response": (MEDIUM, MEDIUM),
    "on_hold": (MEDIUM, MEDIUM),
    "rude": (MEDIUM, MEDIUM),
    "not_received": (MEDIUM, LOW),
    "unhelpful": (MEDIUM, LOW),
    "not_working": (MEDIUM, LOW),
    "delayed": (MEDIUM, LOW),
    "poor_quality": (MEDIUM, LOW),
    "scam": (MEDIUM, LOW),
    "price": (MEDIUM, LOW),
    "warning": (MEDIUM, LOW),
    "dismay": (MEDIUM, LOW),
    "ordeal": (MEDIUM, LOW),
}
"""Each grievance by itself: where it surely is a complaint, and where it hardly is."""


@pytest.mark.parametrize("signal", ALONE)
def test_each_signal_by_itself(signal: str) -> None:
    assert (weigh(SURELY, [signal]).severity, weigh(HARDLY, [signal]).severity) == ALONE[signal]
    (reason,) = weigh(HARDLY, [signal]).reasons
    assert (reason == BARE) is (signal in SILENT)


def test_every_grievance_that_is_heard_has_a_reason_or_is_silent_for_one() -> None:
    grievances = {signal.key for signal in cues().signals if signal.kind in ("grievance", "raise")}
    assert grievances == set(ALONE)
    assert grievances - {rule.key for rule in RULES} == set(SILENT)
    assert all(SILENT.values())


@pytest.mark.parametrize(
    ("signals", "value", "severity"),
    [
        ((), HARDLY, LOW),
        ((), 0.69, LOW),
        ((), 0.7, MEDIUM),
        (("rude", "on_hold"), HARDLY, MEDIUM),
        (("rude", "on_hold"), SURELY, HIGH),
        (("not_working", "delayed"), SURELY, MEDIUM),
        (("not_working", "delayed", "unhelpful"), SURELY, HIGH),
        (("price", "warning", "dismay", "scam"), SURELY, MEDIUM),
        (("charged_twice", "refund_refused"), HARDLY, HIGH),
        (("charged_twice", "rude"), HARDLY, HIGH),
        (("legal_threat", "promised_no_call", "competitor", "rude"), SURELY, HIGH),
        (("vulnerable", "unhelpful"), HARDLY, CRITICAL),
        (("vulnerable", "promised_no_call"), HARDLY, CRITICAL),
        (("vulnerable", "price", "dismay", "competitor"), SURELY, HIGH),
        (("safety", "resolved"), HARDLY, CRITICAL),
        (("legal_threat", "resolved"), SURELY, MEDIUM),
        (("rude", "resolved"), SURELY, LOW),
        (("resolved",), HARDLY, LOW),
        (("praise", "thanks", "question", "no such signal"), HARDLY, LOW),
    ],
)
def test_signals_together(signals: tuple[str, ...], value: float, severity: Severity) -> None:
    assert weigh(value, signals).severity is severity


@pytest.mark.parametrize(
    ("rating", "words", "value", "severity", "told"),
    [
        (Rating(3), True, HARDLY, LOW, None),
        (Rating(2), True, HARDLY, MEDIUM, "rated it 2 of 5"),
        (Rating(2), True, SURELY, MEDIUM, "rated it 2 of 5"),
        (Rating(1), True, SURELY, HIGH, "rated it 1 of 5"),
        (Rating(1), True, HARDLY, MEDIUM, "rated it 1 of 5"),
        (Rating(1), False, SURELY, MEDIUM, "rated it 1 of 5"),
        (Rating(0, 10, 0), True, SURELY, HIGH, "rated it 0 of 10"),
        (Rating(2.5, 10, 0), True, SURELY, MEDIUM, "rated it 2.5 of 10"),
    ],
)
def test_stars(rating: Rating, words: bool, value: float, severity: Severity, told: str | None) -> None:
    found = weigh(value, ["dismay"], rating, words=words)
    assert found.severity is severity
    assert [why for why in found.reasons if why.startswith("rated it")] == ([told] if told else [])


@pytest.mark.parametrize(
    ("reach", "severity", "told"),
    [
        (Reach(9_999, 99), LOW, None),
        (Reach(10_000), MEDIUM, "10,000 people follow this author"),
        (Reach(99_999), MEDIUM, "99,999 people follow this author"),
        (Reach(100_000), HIGH, "100,000 people follow this author"),
        (Reach(None, 100), MEDIUM, "100 people like this post"),
        (Reach(0, 0), LOW, None),
    ],
)
def test_reach(reach: Reach, severity: Severity, told: str | None) -> None:
    found = weigh(HARDLY, ["dismay"], None, reach)
    assert (found.severity, found.reasons[0]) == (severity, told or "is angry or disappointed")


def test_what_only_adds_up_stays_at_medium_while_it_may_be_no_complaint() -> None:
    reach = Reach(20_000, 500)
    doubted = weigh(HARDLY, ["rude"], None, reach)
    assert (doubted.severity, doubted.reasons[-1]) == (MEDIUM, UNSURE.reason)
    assert weigh(SURELY, ["rude"], None, reach).severity is HIGH
    assert weigh(HARDLY, ["refund_refused"], None, reach).severity is HIGH, "a strong signal speaks"
    assert UNSURE.reason not in weigh(HARDLY, ["rude"]).reasons, "told only where it matters"


def test_what_was_put_right_is_told_last() -> None:
    assert weigh(SURELY, ["resolved", "rude"]).reasons == ("was treated rudely", PUT_RIGHT)


def test_the_weightiest_reasons_come_first() -> None:
    found = weigh(HARDLY, ["rude", "price", "safety", "competitor"], Rating(1), Reach(12_000))
    assert found.reasons == (
        "somebody's safety is at stake",
        "is leaving for a competitor",
        "was treated rudely",
        "rated it 1 of 5",
        "12,000 people follow this author",
        "finds the price unfair",
    )


def test_where_no_signal_tells_what_the_broken_expectation_does() -> None:
    assert weigh(HARDLY, [], broken=["promptness", "respect"]).reasons == (f"{BARE} with how long it takes",)
    assert weigh(HARDLY, ["ordeal"], broken=["no such key"]).reasons == (BARE,)
    assert weigh(HARDLY, ["rude"], broken=["respect"]).reasons == ("was treated rudely",)
    assert weigh(SURELY, ["resolved"], broken=["fairness"]).reasons == (
        f"{BARE} with prices or charges",
        PUT_RIGHT,
    )
    assert weigh(SURELY, [], broken=["authority"]).severity is weigh(SURELY, []).severity
    assert set(WITH) == EXPECTATIONS


def test_only_grave_signals_are_critical() -> None:
    everything = {signal for signal, (alone, _) in ALONE.items() if alone is not CRITICAL} - {"vulnerable"}
    history = History(9, MAY, regressed=True)
    assert weigh(1.0, everything, Rating(1), Reach(10**9, 10**9), history).severity is HIGH


# ── what the customer said before ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("history", "severity", "told"),
    [
        (History(), MEDIUM, ()),
        (History(1, MAY), MEDIUM, ()),
        (History(2, MAY), HIGH, ("has complained 3 times since May 2026",)),
        (History(7, None), HIGH, ("has complained 8 times",)),
        (History(1, MAY, regressed=True), HIGH, (CAME_BACK,)),
        (History(2, MAY, regressed=True), HIGH, (CAME_BACK, "has complained 3 times since May 2026")),
    ],
)
def test_history(history: History, severity: Severity, told: tuple[str, ...]) -> None:
    found = weigh(HARDLY, ["rude"], history=history)
    assert (found.severity, found.reasons) == (severity, (*told, "was treated rudely"))


def test_a_third_complaint_is_one_step_and_a_return_is_high_at_least() -> None:
    assert weigh(HARDLY, ["price"], history=History(2, MAY)).severity is MEDIUM
    assert weigh(HARDLY, ["price"], history=History(1, MAY, regressed=True)).severity is HIGH


def test_history_stands_behind_what_is_critical() -> None:
    found = weigh(HARDLY, ["safety"], history=History(2, MAY, regressed=True))
    assert found.severity is CRITICAL
    assert found.reasons[0] == "somebody's safety is at stake"
    assert found.reasons[1:] == (CAME_BACK, "has complained 3 times since May 2026")


def test_a_case_tells_the_newest_of_the_past_and_keeps_its_own_reasons() -> None:
    own = ("has complained 3 times since May 2026", "was treated rudely")
    newer = ("has complained 4 times since May 2026", "finds the price unfair")
    assert retold(own, newer) == ("has complained 4 times since May 2026", "was treated rudely")
    assert retold(own, ("finds the price unfair",)) == own


# ── the document ─────────────────────────────────────────────────────────────────────────────────────────


def test_the_document_shows_this_table() -> None:
    wanted = [_row(rule.key, rule.when, rule.effect, rule.reason, rule.strong) for rule in RULES]
    wanted += [_row(rule.key, rule.when, rule.effect, rule.reason, strong=False) for rule in DOUBTS]
    wanted += [_row(key, when, effect, reason, strong=True) for key, when, effect, reason in PAST]
    assert re.findall(r"^\| `.*$", DOCUMENT.read_text("utf-8"), re.M) == wanted


def _row(key: str, when: str, effect: str, reason: str, strong: bool) -> str:
    told = re.sub(r"\{.*?\}", "N", reason) or "(told by no reason)"
    return f"| `{key}` | {when} | {effect} | {'yes' if strong else ''} | {told} |"


def test_the_document_names_what_is_silent() -> None:
    assert all(f"`{key}`" in DOCUMENT.read_text("utf-8") for key in SILENT)
