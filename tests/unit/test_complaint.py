"""What is a complaint to answer, what only sounds like one, and the words that show it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Mention, Opinion, Rating
from monitor.core.triage import THRESHOLDS, Sensitivity
from monitor.scoring.complaint import Complaint
from monitor.scoring.cues import Cues, cues, settings
from monitor.scoring.quote import LONGEST
from monitor.scoring.vader import polarity

COMPLAINT = Complaint()


def opinion(text: str, stars: float | None = None, **more: str) -> Opinion:
    rating = None if stars is None else Rating(stars)
    (found,) = COMPLAINT.score([Mention("files", "1", text, rating=rating, **more)])  # type: ignore[arg-type]
    return found


LINE = THRESHOLDS[Sensitivity.NORMAL]
MISSED = {
    "You keep promising to phone",
    "Zero response so far",
    "Switched to their competitor",
}
"""Complaints of few words that the rules hear and the trained models outvote: known to be judged wrong."""
FALSE_ALARMS = {"I cannot fault the service", "the staff was not rude at all"}
"""Denials of few words: known to be judged wrong."""


def value(text: str, stars: float | None = None) -> float:
    found = opinion(text, stars).value
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "signal"),
    [
        ("They promised a callback and never called", "promised_no_call"),
        ("You said someone would ring. Nobody called me back.", "promised_no_call"),
        ("She said she'd ring me back. She didn't.", "promised_no_call"),
        ("I want the call back I was promised", "promised_no_call"),
        ("You keep promising to phone", "promised_no_call"),
        ("Still waiting for my beans", "still_waiting"),
        ("Two weeks and counting, where's my order?", "still_waiting"),
        ("I waited 40 minutes for one coffee", "still_waiting"),
        ("Where is my parcel?", "still_waiting"),
        ("no response to three letters", "no_response"),
        ("I wrote last week about my order and haven't heard back", "no_response"),
        ("Never got an answer from your office", "no_response"),
        ("Zero response so far", "no_response"),
        ("an hour on hold, then cut off", "on_hold"),
        ("Kept me on hold for two hours", "on_hold"),
        ("been holding for 40 minutes", "on_hold"),
        ("This is the third time I write to you", "repeat_contact"),
        ("it breaks again and again", "repeat_contact"),
        ("They refused to refund me", "refund_refused"),
        ("I want my money back", "refund_refused"),
        ("Asked for a refund and they said no", "refund_refused"),
        ("They won't give me my money back", "refund_refused"),
        ("was told I can't have a refund", "refund_refused"),
        ("you charged me twice", "charged_twice"),
        ("double charged this month", "charged_twice"),
        ("The man at the till was so rude", "rude"),
        ("We were treated like dirt", "rude"),
        ("Done. We are switching to another company", "competitor"),
        ("taking my business to the shop next door", "competitor"),
        ("Switched to their competitor", "competitor"),
        ("gone with another provider", "competitor"),
        ("They told me it was sorted. It is not.", "not_working"),
        ("The soup gave my whole family food poisoning", "safety"),
        ("turned away because I'm disabled", "discrimination"),
        ("my solicitor will write to you", "legal_threat"),
        ("you broke the machine and now I am going to the press", "press_threat"),
        ("rude to my elderly mother", "vulnerable"),
    ],
)
def test_each_grievance_is_heard_and_makes_a_complaint(text: str, signal: str) -> None:
    found = opinion(text)
    assert signal in found.signals
    assert found.value is not None
    assert (found.value >= LINE) is (text not in MISSED)


def test_a_broken_promise_is_a_complaint_although_its_words_are_friendly() -> None:
    assert polarity("They promised a callback and never called").compound > 0.3
    assert value("They promised a callback and never called") > 0.65


@pytest.mark.parametrize(
    "text",
    [
        "I was upset about the delay but they made it right",
        "Furious about my broken kettle, but the manager replaced it and said sorry",
        "The app had bugs, support fixed them in ten minutes",
    ],
)
def test_trouble_that_was_put_right_is_no_complaint_however_angry_it_was(text: str) -> None:
    found = opinion(text)
    assert "resolved" in found.signals
    assert found.value is not None
    assert found.value < 0.5


@pytest.mark.parametrize(
    "text",
    [
        "They said it was fixed. It is not, and this is my fourth call.",
        "They sorted it, and then they charged me twice and were rude.",
        "It was sorted by the manager, but nobody called me back and I'm still waiting.",
    ],
)
def test_what_was_put_right_by_words_alone_is_a_complaint(text: str) -> None:
    assert value(text) >= 0.5


@pytest.mark.parametrize(
    "text",
    [
        "I was angry but they fixed it within an hour",
        "They lost my parcel at first but the manager sorted it the same day",
        "How do I get a refund for a gift card?",
        "Could you please put my order on hold until Friday?",
        "Wrong order at first, they sorted it out within minutes, thank you",
        "My refund came the next day, lovely people",
        "Got a full refund, no questions asked. Brilliant.",
        "Never had a problem with them",
        "no complaints",
        "Can't complain",
        "I cannot fault the service",
        "couldn't be happier",
        "not bad at all",
        "the staff was not rude at all",
        "Thank you to Fictional Fred at the till, he made my day",
        "Best coffee in town",
        "Do you open on Sundays?",
        "Had a coffee at Acme this morning",
        "It would be nice if you had oat milk",
        "We're hiring! Apply now for our shop in Leeds",
        "Acme announces its quarterly results",
    ],
)
def test_praise_the_resolved_and_the_harmless_are_no_complaints(text: str) -> None:
    assert (value(text) < 0.35) is (text not in FALSE_ALARMS)


def test_where_nothing_is_said_nothing_is_judged() -> None:
    for empty in ("", " \n"):
        assert opinion(empty).value is None
        assert "nothing to judge" in opinion(empty).notes[0]
    assert value("", 1) > LINE > value("", 5)


@pytest.mark.parametrize(
    ("stars", "low", "high"), [(1, 0.9, 1), (2, 0.8, 1), (3, 0.3, 0.65), (4, 0, 0.1), (5, 0, 0.1)]
)
def test_stars_alone_say_much(stars: float, low: float, high: float) -> None:
    assert low <= value("", stars) <= high


def test_high_stars_outweigh_a_grumble_and_not_a_broken_promise() -> None:
    assert value("Good coffee but the queue is slow", 4) < 0.35
    assert value("An hour on hold, nobody answered, they refused my refund", 4) > 0.65
    assert value("slow queue", 1) > value("slow queue", 2) > value("slow queue", 4)


@pytest.mark.parametrize(
    ("text", "stars", "praised"),
    [
        ("Thank you, wonderful people", None, True),
        ("ok", 5, True),
        ("Never had a problem, good shop", None, True),
        ("They ruined my day", None, False),
        ("thanks for nothing, the machine is broken again", None, False),
        ("I was angry but they fixed it within an hour", None, False),
        ("the shop is on the corner", None, False),
        ("great", 1, False),
    ],
)
def test_praise_is_told_for_the_digest_only_when_nothing_is_wrong(
    text: str, stars: float | None, praised: bool
) -> None:
    assert ("praise" in opinion(text, stars).signals) is praised


def test_evidence_holds_the_exact_words() -> None:
    text = "ÜBER-LATE… They’ve CHARGED ME TWICE!\nİ was put ON HOLD"
    found = opinion(text, title="No Response")  # type: ignore[call-arg]
    whole = f"No Response\n{text}"
    assert {item.signal for item in found.evidence} >= {"charged_twice", "on_hold", "no_response"}
    assert all(whole[item.start : item.end] == item.words for item in found.evidence)
    assert "CHARGED ME TWICE" in {item.words for item in found.evidence}


def test_evidence_for_a_complaint_stands_before_evidence_against_it() -> None:
    found = opinion("Thank you for the coffee, but you charged me twice")
    assert [item.signal for item in found.evidence] == ["charged_twice", "thanks"]


def test_a_customer_s_frailty_is_no_complaint_by_itself() -> None:
    assert value("I take my elderly mother there in her wheelchair") < 0.5


@pytest.mark.parametrize("text", ["dont buy", "don't buy", "don’t buy", "DON'T BUY"])
def test_apostrophes_and_case_do_not_matter(text: str) -> None:
    assert "warning" in opinion(text).signals


def test_languages_not_built_in_are_judged_by_their_stars_alone_and_it_is_said() -> None:
    finnish = "Kahvi oli kylmää ja henkilökunta rude, kukaan ei vastannut kirjeeseeni"
    silent, low, high = opinion(finnish), opinion(finnish, 1), opinion(finnish, 5)
    assert (silent.value, silent.signals, silent.evidence) == (None, (), ())
    assert "another language (fi)" in silent.notes[0]
    assert low.value == value("", 1)
    assert high.value == value("", 5)
    assert "stars alone" in low.notes[0]


def test_the_claimed_language_decides_which_words_are_judged() -> None:
    assert opinion("Still waiting for my beans", language="fi").value is None  # type: ignore[call-arg]
    assert opinion("Still waiting for my beans", language="fr").signals == ()  # type: ignore[call-arg]


def test_a_negator_turns_a_grievance_only_within_its_clause() -> None:
    assert "rude" not in opinion("nobody was ever rude").signals
    assert "rude" in opinion("This is not a shop. Rude man.").signals
    assert "rude" in opinion("not a good day but rude staff").signals


def test_weights_grow_with_repetition_and_not_without_end() -> None:
    once, twice, often = (value(" the soup was bland." * times) for times in (1, 2, 200))
    assert once < twice <= often
    assert often <= 1


@given(st.text(st.characters(), max_size=200), st.sampled_from([None, 1.0, 3.0, 5.0]))
def test_any_text_is_judged_within_bounds_and_evidence_is_exact(text: str, stars: float | None) -> None:
    found = opinion(text, stars)
    assert found.value is None or 0 <= found.value <= 1
    assert all(text[item.start : item.end] == item.words for item in found.evidence)


ROWS: list[dict[str, Any]] = settings()["signal"]  # type: ignore[assignment]
TELLING = sorted(
    {word.strip("()[]*.#") for row in ROWS for cue in row["cues"] for word in re.split(r"[\s|]", cue)}
)


@given(st.lists(st.sampled_from(TELLING), max_size=30).map(" ".join))
def test_any_order_of_telling_words_is_judged_with_exact_evidence(text: str) -> None:
    found = opinion(text, language="en")  # type: ignore[call-arg]
    assert (found.value is None) is (not text.strip())
    assert all(text[item.start : item.end] == item.words for item in found.evidence)


@pytest.mark.parametrize(
    "text",
    [
        "promised " * 2_500, "never " * 3_500, "no " * 7_000, "still waiting " * 1_500, "told me " * 2_500,
        "," * 20_000, "never" + "," * 20_000, "'" * 20_000, "a'" * 10_000, "x" * 20_000, "refused to " * 1_900,
        "promised a the a the " * 1_000, "İ" * 20_000, "not not so " * 1_800, "waiting " * 2_500, "said no " * 2_500,
    ],
)  # fmt: skip
def test_hostile_text_costs_a_bounded_number_of_attempts(text: str) -> None:
    """A pattern that goes back over everything would need minutes for these, and meet the suite's time limit."""
    found = opinion(text, language="en")  # type: ignore[call-arg]
    assert found.value is not None


def test_every_cue_is_found_in_words_of_its_own() -> None:
    """Each cue, with the first of all its choices, is heard as its signal or as one that stands before it."""
    order = [signal.key for signal in cues().signals]
    for row in ROWS:
        if not row["key"]:
            continue
        for cue in row["cues"]:
            said = first_choice(cue)
            if row.get("named"):
                said = f"{said[:-1]}Globex"
            hits = cues().heard(said)
            assert hits, f"{row['key']}: “{said}” from {cue[:60]}"
            assert min(order.index(hit.signal.key) for hit in hits) <= order.index(row["key"]), said


def first_choice(cue: str) -> str:
    """The cue in its shortest first form: optional parts left out, the first of each choice, stems as they are."""
    optional = 0
    words: list[str] = []
    passed: list[bool] = []
    for item in (
        cue.replace("(", " ( ")
        .replace(")", " ) ")
        .replace("[", " [ ")
        .replace("]", " ] ")
        .replace("|", " | ")
        .split()
    ):
        if item == "[":
            optional += 1
        elif item == "]":
            optional -= 1
        elif optional:
            continue
        elif item == "(":
            passed.append(False)
        elif item == ")":
            passed.pop()
        elif item == "|":
            passed[-1] = True
        elif not any(passed) and item.strip("."):
            words.append("7" if item == "#" else item.rstrip("*"))
    return " ".join(words)


@pytest.mark.parametrize("cue", ["(a|b", "a)", ".. a", "[a] b", "fi* it"])
def test_a_cue_that_cannot_be_read_is_refused(cue: str) -> None:
    row = {"key": "x", "kind": "grievance", "weight": 1.0, "cues": [cue]}
    with pytest.raises(AssertionError):
        Cues({"negators": [], "signal": [row]})


# Macro-F1 at the line that must be kept on labelled posts, a little below what was measured; stock VADER at -.05 has
# .61, .60, .73, .76, .70, .73, .71.
FLOORS = {
    "us_airline": 0.72, "trustpilot_fanatics": 0.84, "google_play_banks_et": 0.79, "tripadvisor_hotels": 0.86,
    "sanders": 0.70, "fabsa": 0.82, "ijcnlp_en": 0.75,
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_labelled_posts_are_told_apart_better_than_by_sentiment(name: str, test_data: Path) -> None:
    lines = (
        (test_data / "labelled" / "dev" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:3_000]
    )
    rows = [row for row in map(json.loads, lines) if "label" in row]
    mentions = [Mention("files", row["id"], row["text"], language="en") for row in rows]
    truth = [row["label"] == 1 for row in rows]
    ours = macro_f1([(found.value or 0.0) >= LINE for found in COMPLAINT.score(mentions)], truth)
    vader = macro_f1([polarity(row["text"]).compound <= -0.05 for row in rows], truth)
    assert ours >= FLOORS[name]
    assert ours > vader + 0.02


def macro_f1(told: list[bool], truth: list[bool]) -> float:
    def f1(side: bool) -> float:
        hit = sum(a is side and b is side for a, b in zip(told, truth, strict=True))
        return 2 * hit / (told.count(side) + truth.count(side))

    return (f1(True) + f1(False)) / 2


def test_a_page_of_blank_lines_is_not_shown_as_what_weighs_most() -> None:
    (found,) = Complaint().score([Mention("files", "1", "\n" * 2_000 + "kettle", rating=Rating(1))])
    assert (found.value or 0) > 0.5
    assert found.evidence == ()


@pytest.mark.parametrize("text", ["!" * 1_500 + " bad bad", "terrible" * 400, "wall-of-signs/" * 20 + " bad"])
def test_a_wall_of_signs_without_spaces_is_quoted_in_part(text: str) -> None:
    (found,) = Complaint().score([Mention("files", "1", text, rating=Rating(1))])
    assert found.evidence
    for told in found.evidence:
        assert 0 < len(told.words) <= LONGEST
        assert text[told.start : told.end] == told.words
