"""Which expectation was broken, and the words that show it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.aspects import EXPECTATIONS
from monitor.core.model import Evidence, Mention, Opinion, Rating
from monitor.scoring.cues import cues
from monitor.scoring.expectations import ASKED, Expectations, settings
from monitor.scoring.quote import LONGEST, MOST
from monitor.scoring.topics import Topics, table
from monitor.scoring.vocabulary import read

SCORER = Expectations()


def heard(value: float | None = 0.9, language: str | None = None, **more: object) -> dict[str, list[Opinion]]:
    return {
        "complaint": [Opinion("complaint", "1", value, **more)],  # type: ignore[arg-type]
        "stars": [Opinion("stars", "1")],
        "language": [Opinion("language", "1", label=language)],
    }


def opinion(text: str, stars: float | None = None, **more: object) -> Opinion:
    mention = Mention("files", "1", text, rating=Rating(stars) if stars else None)
    (found,) = SCORER.weigh([mention], heard(**more))  # type: ignore[arg-type]
    assert found.signals == tuple(item.signal for item in found.evidence)
    assert len(set(found.signals)) == len(found.signals)
    return found


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("The lady at the till was so rude to my father", "respect"),
        ("They shouted at us in front of everybody", "respect"),
        ("Brindle promised to fix it by Friday and has not", "follow_through"),
        ("Nobody told us the shop would be shut", "communication"),
        ("I only ever get canned responses that answer another question", "listening"),
        ("An hour on hold before anybody answers", "promptness"),
        ("Service here is painfully slow", "promptness"),
        ("They had no alternative to offer me at all", "alternatives"),
        ("Asked to speak to a manager and there was no manager", "authority"),
        ("The small print is so confusing", "clarity"),
        ("The young man had no clue and gave me wrong advice", "expertise"),
        ("They don't care and blame the customer", "advocacy"),
        ("The kettle broke after two days", "reliability"),
        ("Flight cancelled again", "reliability"),
        ("The app crashes when I open it", "reliability"),
        ("Way too expensive for what you get", "fairness"),
        ("You charged me twice", "fairness"),
    ],
)
def test_the_broken_expectation_comes_first_with_its_words(text: str, key: str) -> None:
    found = opinion(text)
    assert found.signals[0] == key
    assert found.evidence[0].words


def test_what_is_no_complaint_costs_nothing() -> None:
    mentions = [Mention("files", str(place), "The kettle broke") for place in range(2)]
    below = Opinion("complaint", "1", ASKED - 0.01)
    unheard = {"complaint": [below, Opinion("complaint", "1")], "stars": [], "language": []}
    first, second = SCORER.weigh(mentions, unheard)
    assert (first.signals, first.evidence) == ((), ())
    assert first is second


def test_at_the_limit_it_is_asked() -> None:
    assert opinion("The kettle broke", value=ASKED).signals == ("reliability",)


def test_what_the_complaint_scorer_heard_is_taken_in_with_its_words() -> None:
    text = "hm, so that is that, zwoop"
    told = Evidence("promised_no_call", "that is that", 7, 19)
    found = opinion(text, signals=("promised_no_call",), evidence=(told,))
    assert found.signals[0] == "follow_through"
    assert "that is that" in found.evidence[0].words


def test_other_languages_are_told_by_what_the_complaint_scorer_heard() -> None:
    text = "Der Kaffee war kalt. Die Leute waren unfreundlich zu uns."
    told = Evidence("respect", "unfreundlich", 38, 50)
    found = opinion(text, language="de", signals=("respect",), evidence=(told,))
    assert found.signals == ("respect",)
    assert found.evidence[0].words == "Die Leute waren unfreundlich zu uns."


def test_other_languages_fall_back_to_the_stars_and_then_to_how_the_text_begins() -> None:
    assert opinion("Der Kaffee war kalt", 1, language="de").evidence == (
        Evidence("reliability", "1 of 5 stars"),
    )
    assert opinion("Der Kaffee war kalt", language="de").evidence == (
        Evidence("reliability", "Der Kaffee war kalt", 0, 19),
    )


@pytest.mark.parametrize("language", ["de", None])
@pytest.mark.parametrize("before", ["\n\n ", "\n" * 2_000])
def test_blank_lines_before_the_words_are_not_the_evidence(before: str, language: str | None) -> None:
    (told,) = opinion(f"{before}Kettle kaputt", language=language).evidence
    assert (told.words, told.start) == ("Kettle kaputt", len(before))


@pytest.mark.parametrize("text", ["", "  \n "])
def test_without_words_the_stars_tell(text: str) -> None:
    assert opinion(text, 2).evidence == (Evidence("reliability", "2 of 5 stars"),)


def test_without_words_and_stars_nothing_is_told() -> None:
    assert opinion("").signals == ()


@pytest.mark.parametrize(
    "text", ["👎", "zwoop", "!!!", "1", "@brindle #fail", "x" * 5_000, "\u0e01" * 900, ".\n" * 50]
)
def test_every_complaint_with_words_gets_an_expectation_with_evidence(text: str) -> None:
    found = opinion(text)
    assert found.evidence
    assert all(item.words for item in found.evidence)


TELLING = st.sampled_from(
    [
        *[
            "rude",
            "waiting",
            "refund",
            "broken",
            "promised",
            "nobody",
            "told",
            "slow",
            ".",
            ",",
            "!",
            "?",
            "\n",
            "\t",
            "and",
            "the",
            "not",
            "…",
            "。",
            "é",
            "İ",
        ],
        "x" * 50,
    ]
)


@given(st.lists(TELLING, max_size=60).map(" ".join) | st.text(max_size=300))
def test_evidence_is_exact_and_short(text: str) -> None:
    found = opinion(text)
    for item in found.evidence:
        assert text[item.start : item.end] == item.words
        assert len(item.words.split()) <= MOST
        assert len(item.words) <= LONGEST
        assert item.signal in EXPECTATIONS
    assert bool(found.evidence) is bool(text.strip())


@given(st.lists(st.lists(TELLING, max_size=20).map(" ".join), min_size=1, max_size=6))
def test_a_text_gets_the_same_alone_and_in_a_batch(texts: list[str]) -> None:
    mentions = [Mention("files", str(place), text) for place, text in enumerate(texts)]
    together = {name: given * len(texts) for name, given in heard().items()}
    assert SCORER.weigh(mentions, together) == [SCORER.weigh([one], heard())[0] for one in mentions]


@pytest.mark.parametrize(
    "text",
    [
        "rude " * 4_000,
        "a" * 20_000,
        "no " * 7_000,
        " " * 20_000 + "x",
        "not " * 5_000,
        "\n" * 20_000,
        "," * 20_000,
    ],
)
def test_hostile_text_costs_a_bounded_time(text: str) -> None:
    """Anything worse than linear would meet the suite's time limit."""
    opinion(text)


def test_the_table_and_the_words_name_the_same_twelve() -> None:
    assert set(table("expectations").labels) == EXPECTATIONS
    assert {row["key"] for row in settings()["signal"]} <= EXPECTATIONS
    known = {signal.key for signal in cues().signals}
    assert set(settings()["signals"]) <= known
    assert all(set(adds) <= EXPECTATIONS for adds in settings()["signals"].values())


def test_a_table_is_read_as_it_was_written() -> None:
    found = table("expectations")
    assert set(found.written()) == {"labels", "places", "weights", "rarity", "scale", "bias", "pieces"}
    assert Topics(found).odds(read([])).shape == (0, 12)
