"""Which opinions make a complaint, how bad it is, and the reasons that are read aloud."""

from __future__ import annotations

from typing import Any

import pytest
from fakes import said
from hypothesis import given
from hypothesis import strategies as st

from monitor.core import triage
from monitor.core.model import Evidence, Mention, Opinion, Rating, Reach, Verdict
from monitor.core.severity import weigh
from monitor.core.triage import Sensitivity, verdict

TEXT = said("1", "The coffee was cold.")


def of(
    *signals: str, value: float | None = 0.6, mention: Mention = TEXT, threshold: float = 0.5, **more: Any
) -> Verdict:
    judge = Opinion("complaint", "3", value, None, signals, (Evidence("x", "cold", 15, 19),))
    sentiment = more.pop("sentiment", None)
    opinions = {"complaint": judge}
    if sentiment is not None:
        opinions["vader"] = Opinion("vader", "1", sentiment)
    return verdict(mention, opinions, threshold=threshold, **more)


def test_severity_and_reasons_are_those_of_the_table() -> None:
    """Held together here; what the table says stands in test_severity."""
    loud = said("1", "Cold.", rating=Rating(1), reach=Reach(20_000, 300))
    wordless = said("1", "", rating=Rating(1))
    for mention in (loud, wordless):
        judged = of("rude", "resolved", value=0.9, mention=mention)
        weighed = weigh(
            0.9, ["rude", "resolved"], mention.rating, mention.reach, words=bool(mention.words.strip())
        )
        assert (judged.severity, judged.reasons) == weighed
    assert "resolved" in of("rude", "resolved", value=0.9).signals


@pytest.mark.parametrize("sensitivity", list(Sensitivity))
def test_the_threshold_itself_is_a_complaint_and_a_hair_below_is_none(sensitivity: Sensitivity) -> None:
    threshold = triage.THRESHOLDS[sensitivity]
    assert of(value=threshold, threshold=threshold).is_complaint
    assert not of(value=threshold - 1e-9, threshold=threshold).is_complaint


def test_sensitivity_rises_from_low_to_high() -> None:
    low, normal, high = (triage.THRESHOLDS[one] for one in Sensitivity)
    assert low > normal > high


@pytest.mark.parametrize(
    ("why", "more"),
    [
        (triage.OWN_POST, {"own": True}),
        (triage.REPOST, {"mention": said("1", repost=True)}),
        (triage.OFF_TOPIC, {"matched": False}),
    ],
)
def test_some_mentions_are_never_complaints_nor_praise(why: str, more: dict[str, Any]) -> None:
    for signals in (("safety",), ("praise", "thanks")):
        judged = of(*signals, value=1.0, sentiment=0.99, **more)
        assert (judged.is_complaint, judged.severity, judged.praise) == (False, None, False)
        assert judged.reasons == (why,)


def test_no_view_is_no_complaint() -> None:
    assert not of(value=None).is_complaint


def test_what_was_put_right_says_so() -> None:
    assert of("resolved", value=0.1).reasons == ("says it was put right",)


def test_praise_is_what_the_scorer_heard_and_never_beside_a_complaint() -> None:
    assert of("praise", value=0.1).praise
    assert not of("thanks", value=0.1, sentiment=0.9).praise
    assert not of("praise", value=0.9).praise
    assert not of("praise", value=0.1, own=True).praise


def test_a_complaint_is_not_praise_however_polite() -> None:
    assert not of("thanks", value=0.9, sentiment=0.9).praise


def test_kind_words_are_no_evidence_for_a_complaint_but_for_praise() -> None:
    kind, hard = Evidence("thanks", "thank you"), Evidence("rude", "so rude")

    def evidence(value: float) -> tuple[Evidence, ...]:
        judge = Opinion("complaint", "3", value, None, ("thanks", "rude"), (kind, hard))
        return verdict(TEXT, {"complaint": judge}, threshold=0.5).evidence

    assert evidence(0.9) == (hard,)
    assert evidence(0.1) == (kind, hard)


def test_the_language_is_the_scorers_or_else_the_sources() -> None:
    opinions = {"complaint": Opinion("complaint", "3", 0.0)}
    french = said("1", "Bonjour", language="fr")
    assert verdict(french, opinions, threshold=0.5).language == "fr"
    opinions["language"] = Opinion("language", "1", None, "de")
    assert verdict(french, opinions, threshold=0.5).language == "de"


@given(
    signals=st.lists(
        st.sampled_from(
            [
                "safety",
                "vulnerable",
                "legal_threat",
                "competitor",
                "rude",
                "price",
                "praise",
                "resolved",
                "question",
            ]
        )
    ),
    value=st.none() | st.floats(0, 1),
    stars=st.none() | st.integers(1, 5),
    own=st.booleans(),
)
def test_the_same_inputs_give_the_same_sound_verdict(
    signals: list[str], value: float | None, stars: int | None, own: bool
) -> None:
    mention = said("1", "Cold.", rating=Rating(stars) if stars else None)
    judged = of(*signals, value=value, mention=mention, own=own)
    assert judged == of(*signals, value=value, mention=mention, own=own)
    assert (judged.severity is None) is not judged.is_complaint
    assert not (judged.praise and judged.is_complaint)
    assert judged.reasons or not judged.is_complaint, "a complaint needs a reason that can be read aloud"
    assert judged.version == "complaint:3"


def test_broken_expectations_and_staff_are_told_unless_the_mention_is_ruled_out() -> None:
    broken = Evidence("respect", "so rude", 0, 7)
    opinions = {
        "complaint": Opinion("complaint", "3", 0.9),
        "expectations": Opinion("expectations", "1", signals=("respect",), evidence=(broken,)),
        "staff": Opinion(
            "staff", "1", evidence=(Evidence("staff", "Omar"), Evidence("staff", "Omar", 9, 13))
        ),
    }
    mention = Mention("files", "1", "so rude, Omar")
    found = verdict(mention, opinions, threshold=0.5)
    assert (found.expectations, found.staff) == ((broken,), ("Omar",))
    ruled_out = verdict(mention, opinions, threshold=0.5, own=True)
    assert (ruled_out.expectations, ruled_out.staff) == ((), ())


def kind_of(*signals: str, label: str | None = None, value: float = 0.1, **more: Any) -> Verdict:
    opinions = {
        "complaint": Opinion("complaint", "3", value, None, signals),
        "kind": Opinion("kind", "1", 0.9 if label else None, label),
    }
    return verdict(more.pop("mention", TEXT), opinions, threshold=0.5, **more)


@pytest.mark.parametrize("kind", sorted(triage.KINDS))
def test_what_is_no_complaint_is_said_in_words(kind: str) -> None:
    judged = kind_of(label=kind)
    assert (judged.kind, judged.reasons) == (kind, (f"reads as {triage.KINDS[kind]}",))


def test_a_complaint_is_nothing_else() -> None:
    judged = kind_of(label="wish", value=0.5)
    assert (judged.kind, judged.reasons) == (None, ("reads as a bad experience",))


def test_what_is_known_comes_before_how_it_reads() -> None:
    passed_on = said("1", "Cold.", repost=True)
    assert kind_of(label="wish", own=True).kind == "own"
    assert kind_of(label="wish", own=True).reasons == (triage.OWN_POST,)
    assert kind_of(label="wish", mention=passed_on).kind == "repost"
    assert kind_of(label="wish", mention=passed_on).reasons == (triage.REPOST,)
    assert kind_of("resolved", label="info").kind == "resolved"
    assert kind_of("resolved", label="info").reasons == ("says it was put right",)
    assert kind_of("praise", label="thanks").kind == "thanks"
    assert kind_of("praise").kind == "praise"
    assert kind_of().kind is None


def test_without_a_scorer_for_it_the_kind_is_open() -> None:
    assert (of(value=0.1).kind, of(value=0.1).reasons) == (None, ())
    assert kind_of(label="news", matched=False).reasons == (triage.OFF_TOPIC,)
