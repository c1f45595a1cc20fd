"""What a post is that is no complaint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.model import Mention, Opinion
from monitor.core.triage import KINDS, THRESHOLDS
from monitor.scoring.judge import Composed
from monitor.scoring.kind import COMPLAINT, SURE, Kind
from monitor.scoring.topics import Topics, table
from monitor.scoring.vocabulary import read

SCORER = Kind()


def opinion(text: str, value: float | None = 0.1, language: str | None = "en") -> Opinion:
    heard = {
        "complaint": [Opinion("complaint", "1", value)],
        "language": [Opinion("language", "1", label=language)],
    }
    (found,) = SCORER.weigh([Mention("files", "1", text)], heard)
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Would be lovely if you opened a branch in Hexley", "wish"),
        ("Please add a dark mode to the Brindle app", "wish"),
        ("It would be great to pay with points at the till", "wish"),
        ("Allow us to sort the list by price", "wish"),
        ("Does the Marlow Bay shop open on Sundays?", "question"),
        ("Is there parking at the Larch hotel?", "question"),
        ("Can I bring my dog to the café?", "question"),
        ("What time does the last bus go from Pellgate?", "question"),
        ("Tarnbank shares drop 5% after a profit warning", "news"),
        ("Regulator fines Quillmart over late payments", "news"),
        ("Fossway Foods to open 12 new stores next year", "news"),
        ("Minister wants an inquiry into train fares", "news"),
        ("We're hiring drivers in Ashcombe, apply by Friday", "job"),
        ("Vacancy: night porter, Wendel Hotel, full time", "job"),
        ("Looking for a part-time baker, experience welcome", "job"),
        ("The lift at our Pellgate branch is mended, and thank you for your patience", "own"),
        ("Our shop in Hollin Street is open again from Monday. Come and say hello!", "own"),
        ("Win a free phone!! Follow and retweet, link in bio", "spam"),
        ("50% off all watches today only, use code GLINT50", "spam"),
        ("My parcel was lost but they sent a new one the same day, all sorted", "resolved"),
        ("Was angry yesterday, but the manager rang and put it right", "resolved"),
        ("Best haircut I've had in years", "praise"),
        ("Checked in within a minute, clean room, kind people", "praise"),
        ("Thanks for the quick reply, Petra!", "thanks"),
        ("Thank you so much for sorting my ticket", "thanks"),
        ("Cheers for your help today", "thanks"),
        ("My cat sleeps on the router again", "chat"),
        ("Love it when the alarm goes off on a day off #irony", "irony"),
        ("Walked past the new Brindle store today, lovely window", "bystander"),
        ("The Tarnbank advert with the otter is back on telly", "bystander"),
        ("The menu is under settings, then display", "info"),
        ("The scroll position is kept when the page reloads", "info"),
    ],
)
def test_the_kind_is_told(text: str, kind: str) -> None:
    (found,) = SCORER.score([Mention("files", "1", text)])
    assert found.label == kind
    assert found.value is not None and 0 < found.value <= 1


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("The refund has come through now, so it's all settled", "resolved", "info"),
        ("The staff at the Larch were lovely and the soup was perfect", "praise", None),
        ("Hi Owen, could you tell us which branch you visited? We'd like to put this right", "own", None),
        ("Turn your old gold into cash in ten minutes, visit our page", "spam", None),
        ("I'd rather watch paint dry than this match", "chat", None),
        ("Nothing says holiday like three hours of ironing", "irony", None),
        ("Got the new pearfone in my hands at last", "bystander", None),
        ("You can change the date up to two days before", "info", None),
    ],
)
def test_what_it_gets_wrong_or_leaves_open(text: str, kind: str, said: str | None) -> None:
    (found,) = SCORER.score([Mention("files", "1", text)])
    assert found.label == said != kind


@pytest.mark.parametrize(
    "text",
    [
        "The kettle broke after two days and nobody answers my mails",
        "They promised a callback and never called",
        "I was charged twice and want my money back",
    ],
)
def test_what_reads_as_a_complaint_gets_no_name(text: str) -> None:
    assert opinion(text).label is None


def test_every_kind_has_its_words() -> None:
    assert set(table("kind").labels) - {COMPLAINT} <= set(KINDS)


def test_it_builds_on_others_opinions() -> None:
    assert isinstance(SCORER, Composed)


def test_what_is_a_complaint_at_any_sensitivity_is_not_asked() -> None:
    text = "Please add a dark mode to the Brindle app"
    assert max(THRESHOLDS.values()) == SURE
    assert opinion(text, SURE).label is None
    assert opinion(text, SURE - 0.01).label == "wish"
    assert opinion(text, None).label == "wish"


def test_other_languages_are_not_read() -> None:
    text = "Please add a dark mode to the Brindle app"
    assert opinion(text, language="de").label is None
    assert opinion(text, language=None).label == "wish"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "&nbsp;",
        "\x00\ud800",
        "?" * 5_000,
        "a" * 100_000,
        "please add " * 5_000,
        "\u202e#@&;" * 900,
    ],
)
def test_hostile_words_do_no_harm(text: str) -> None:
    found = opinion(text)
    assert found.label is None or found.label in KINDS


TEXTS = [
    "Does the Marlow Bay shop open on Sundays?",
    "Please add a dark mode",
    "&nbsp; &nbsp;",
    "",
    "word " * 700,
    "y" * 200,
    "Tarnbank shares drop 5% 😀",
]


@given(st.lists(st.sampled_from(TEXTS) | st.text(max_size=120), min_size=1, max_size=30))
def test_alone_as_in_a_batch(texts: list[str]) -> None:
    mentions = [Mention("files", str(place), text) for place, text in enumerate(texts)]
    heard = {
        "complaint": [Opinion("complaint", "1", 0.1)] * len(texts),
        "language": [Opinion("language", "1", label="en")] * len(texts),
    }
    assert SCORER.weigh(mentions, heard) == [opinion(text) for text in texts]


def test_nothing_is_said_of_nothing() -> None:
    assert SCORER.weigh([], {"complaint": [], "language": []}) == []


def test_what_was_learned_and_forgotten_comes_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [f"please add word{number}" for number in range(40)]
    first = Topics(table("kind"))
    expected = first.odds(read(texts)).tolist()
    monkeypatch.setattr("monitor.scoring.vocabulary.ROOM", 5)
    assert [first.odds(read([text])).tolist()[0] for text in texts] == expected
    assert first.odds(read(texts)).tolist() == expected
