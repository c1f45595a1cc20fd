"""The first route that fits takes the case, and says on what grounds."""

from __future__ import annotations

import pytest
from fakes import ACME, said

from monitor.core.model import Evidence, Mention, Place, Severity, Verdict
from monitor.core.routing import CONDITIONS, Facts, Route, facts_of, route

POST = said("1", source="appstore", place=Place(location="Pretend Pier", storefront="DE"), language="de")
VERDICT = Verdict(
    0.9,
    True,
    Severity.HIGH,
    language="de",
    expectations=(
        Evidence("respect", "rude"),
        Evidence("promptness", "waited"),
        Evidence("respect", "ruder"),
    ),
)
FACTS = facts_of(POST, VERDICT, ACME)
FITS = {
    "source": "AppStore",
    "place": "pretend pier",
    "severity": "high",
    "expectation": "promptness",
    "language": "DE",
    "business": "acme coffee",
}


def test_the_facts_are_those_of_the_post_and_of_its_verdict() -> None:
    assert FACTS == {
        "source": ("appstore",),
        "place": ("Pretend Pier", "DE"),
        "severity": ("high",),
        "expectation": ("respect", "promptness"),
        "language": ("de",),
        "business": ("Acme Coffee", "default"),
    }
    assert tuple(FACTS) == CONDITIONS
    assert facts_of(POST, VERDICT, ACME, Severity.CRITICAL)["severity"] == ("critical",)
    plain = facts_of(said("2"), Verdict(0.1, False), ACME)
    assert (plain["place"], plain["severity"], plain["expectation"], plain["language"]) == ((), (), (), ())


@pytest.mark.parametrize("key", CONDITIONS)
def test_each_condition_takes_what_fits_and_leaves_the_rest(key: str) -> None:
    fits, other = Route("C1", **{key: ("x", FITS[key])}), Route("C2", **{key: ("something else",)})
    assert route(FACTS, [other, fits], "C9")[:2] == ("C1", 2)
    assert route(FACTS, [other], "C9")[:2] == ("C9", None)
    unknown: Facts = dict.fromkeys(CONDITIONS, ())
    assert route(unknown, [fits], "C9").channel == "C9", "what is not known fits no condition"


def test_all_conditions_must_hold_and_each_is_a_reason() -> None:
    every = {key: (value,) for key, value in FITS.items()}
    assert route(FACTS, [Route("C1", **every)], None) == (
        "C1",
        1,
        (
            "source is appstore",
            "place is Pretend Pier",
            "severity is high",
            "expectation is promptness",
            "language is de",
            "business is Acme Coffee",
        ),
    )
    for key in CONDITIONS:
        assert route(FACTS, [Route("C1", **{**every, key: ("another",)})], None).channel is None, key


def test_the_first_that_fits_wins_and_the_fallback_says_so() -> None:
    routes = [Route("C1", severity=("critical",)), Route("C2", source=("appstore",)), Route("C3")]
    assert route(FACTS, routes, "C9") == ("C2", 2, ("source is appstore",))
    other: Facts = facts_of(Mention("rss", "1", "Bad."), VERDICT, ACME)
    assert route(other, routes, "C9") == ("C3", 3, ("it takes every case",))
    assert route(other, routes[:2], "C9") == ("C9", None, ("no route fits, so it goes to slack.channel",))
    assert route(other, [], "C9").reasons == ("there are no routes: all goes to slack.channel",)
