"""How cues are heard: what stands before and behind a word decides which are tried, and never what is found."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.scoring.cues import LONG, Cues
from monitor.scoring.cues import settings as table
from monitor.scoring.notation import beginnings, opening
from monitor.scoring.vocabulary import Noted

TABLE = table()
WORDS = sorted(
    {
        word.replace("*", "ed").replace("_", "wombat").replace("#", "12").replace("..", "quietly")
        for row in TABLE["signal"]  # type: ignore[attr-defined]
        for cue in row["cues"]
        for word in re.findall(r"[^\s()\[\]|]+", cue)
    }
    | {"wombat", "and", "Acme", "they'd", "promise's", "never_called", "İt", "¿no"}
)
PARTED_BY = st.sampled_from([" ", " ", " ", " ", ", ", ". ", "  ", "\n", " '", "' ", "-", "… "])

QUICK = Cues(TABLE)
with pytest.MonkeyPatch.context() as patch:
    patch.setattr("monitor.scoring.notation._needed", lambda _: "")
    EAGER = Cues(TABLE)
EAGER._openings = Noted(lambda _: "")  # how the next word opens is not known


@given(st.lists(st.tuples(st.sampled_from(WORDS), PARTED_BY), max_size=30))
@settings(max_examples=150, deadline=None)
def test_looking_at_the_next_word_first_loses_nothing(said: list[tuple[str, str]]) -> None:
    text = "".join(word + between for word, between in said)
    found = QUICK.heard(text)
    assert found == EAGER.heard(text)
    assert found == QUICK.heard(text + "\n" * LONG)


@pytest.mark.parametrize(
    ("cue", "said", "heard"),
    [
        (
            "(promised|swore to) [us] (ring|call) back",
            "they swore to, us ring back",
            "swore to, us ring back",
        ),
        ("paid* [in] my (card|wom*)", "we paid my wombats", "paid my wombats"),
        ("late", "so late!", "late"),
        ("didn't .. reply", "they didnt ever really reply", "didnt ever really reply"),
        ("after # weeks", "after 3 weeks", "after 3 weeks"),
        ("24/7 help", "no 24/7 help", "24/7 help"),
    ],
)
def test_a_cue_is_heard_however_it_begins(cue: str, said: str, heard: str) -> None:
    signal = {"key": "told", "kind": "grievance", "weight": 1.0, "cues": [cue]}
    (hit,) = Cues({"negators": [], "signal": [signal]}).heard(said)
    assert said[hit.start : hit.end] == heard


def test_what_can_follow_a_beginning() -> None:
    follow = {
        head: begun.follow
        for begun in beginnings("(kept|was [so] late) [me] waiting")
        for head in begun.heads
    }
    assert follow == {"kept": {opening("me"), "wai"}, "was": {"so", "lat"}}
    (alone,) = beginnings("never [again]")
    (any_word,) = beginnings("not _ good")
    assert alone.follow is None
    assert any_word.follow is None


@pytest.mark.parametrize(
    ("cue", "needs"),
    [
        ("my [_] funeral", "funeral"),
        ("with (a disability|disabilities)", "disabilit"),
        ("my (card|order)", ""),
        ("a funeral [today]", "funeral"),
        ("the [_] white (couple|family)", "white"),
        ("the [white] car", ""),
        ("the (funeral|(big|bad) funeral)", ""),
        ("they didn't", ""),
        ("funeral", ""),
    ],
)
def test_letters_that_a_cue_needs(cue: str, needs: str) -> None:
    assert {begun.needs for begun in beginnings(cue)} == {needs}
