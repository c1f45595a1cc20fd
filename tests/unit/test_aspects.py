"""Expectations scored by the aspects that people wrote down."""

from __future__ import annotations

import pytest

from monitor.core.aspects import named, negative, read_mapping
from monitor.core.errors import ConfigError

MAP = read_mapping(
    {
        "_note": "free words",
        "shop": {"slow": ["promptness"], "rude": ["respect", "listening"], "other": None},
    },
    "map.json",
)["shop"]


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("", ()),
        ("slow", ("slow",)),
        ("slow|rude", ("slow", "rude")),
        ("staff.phone.-1|price.1|app.0", ("staff.phone",)),
        ("Seat:negative|Air:positive|Noise:neutral", ("Seat",)),
        ("slow.-1|slow.-1| |", ("slow",)),
        ("version 2.5", ("version 2.5",)),
    ],
)
def test_only_negative_aspects_count(field: str, found: tuple[str, ...]) -> None:
    assert negative(field) == found


def test_hits_count_the_first_two_and_precision_all_that_are_named() -> None:
    found = named(
        [
            (("slow", "rude"), ("promptness", "fairness", "respect")),  # slow hit; rude only by the third
            (("rude",), ("listening",)),
            (("slow", "other"), ("fairness", "promptness")),  # hit, but precision cannot be said
            (("slow",), ()),
            ((), ("fairness",)),  # nothing to say about it
        ],
        MAP,
    )
    assert found.aspects == 5
    assert found.recall == 3 / 5
    assert found.precision == 3 / 4
    assert found.f1 == pytest.approx(2 * 0.6 * 0.75 / 1.35)


def test_the_same_key_twice_is_named_once() -> None:
    found = named([(("slow",), ("fairness", "fairness", "promptness"))], MAP)
    assert (found.recall, found.precision) == (1, 1 / 2)


def test_an_aspect_the_mapping_does_not_know_is_told_and_says_nothing() -> None:
    found = named([(("slow", "smell"), ("promptness",))], MAP)
    assert (found.unknown, found.recall, found.precision) == (("smell",), 1, 0)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([], "an object of sets is needed"),
        ({"shop": ["slow"]}, "shop is no object of aspects"),
        ({"shop": {"slow": "promptness"}}, "shop, slow: a list of expectations is needed, or null"),
        ({"shop": {"slow": []}}, "shop, slow: a list"),
        ({"shop": {"slow": ["speed", 3]}}, "shop, slow: speed, 3 is none of advocacy"),
        ({"shop": {"slow": [["speed"]]}}, "is none of"),
    ],
)
def test_a_wrong_mapping_is_told_by_its_place(document: object, told: str) -> None:
    with pytest.raises(ConfigError, match="map") as fault:
        read_mapping(document, "map.json")
    assert told in str(fault.value)
