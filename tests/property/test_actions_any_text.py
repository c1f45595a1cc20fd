"""What buttons and modals carry comes back as it went, and nothing else is taken for it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.slack import actions
from alerts.slack.actions import Origin, Press, packed, read_value, unpacked, value_of
from alerts.slack.buttons import LABELS

MOVES = st.sampled_from(sorted(str(move) for move in LABELS))
NUMBERS = st.integers(0, actions.LARGEST)


@given(MOVES, NUMBERS, NUMBERS)
def test_a_value_comes_back_and_fits_every_place(move: str, case_id: int, revision: int) -> None:
    value = value_of(move, case_id, revision)
    assert len(value) < 75
    assert read_value(value) == Press(move, case_id, revision)


@given(st.text() | st.from_regex(r"[a-z]*:-?[0-9٣]{0,30}:[0-9 ]{0,30}(:1)?", fullmatch=True))
def test_no_other_text_is_a_value(text: str) -> None:
    try:
        press = read_value(text)
    except ValueError:
        return
    assert press.move
    assert 0 <= press.case_id <= actions.LARGEST
    assert 0 <= press.revision <= actions.LARGEST


@given(NUMBERS, NUMBERS, st.text(max_size=200), st.text(max_size=200))
def test_what_a_modal_remembers_comes_back_and_fits(
    case_id: int, revision: int, channel: str, ts: str
) -> None:
    metadata = packed(case_id, revision, channel, ts)
    assert len(packed(case_id, revision, channel[:20], ts[:20])) < 3_000
    assert unpacked(metadata) == Origin(case_id, revision, channel, ts)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["case", "revision", "channel", "ts"]), inner)
    ),
    max_leaves=8,
)


@given(st.text() | JSON.map(json.dumps))
def test_no_other_metadata_is_taken_for_ours(text: str) -> None:
    try:
        origin = unpacked(text)
    except ValueError:
        return
    assert type(origin.case_id) is int
    assert isinstance(origin.ts, str)


@pytest.mark.parametrize(
    "text", ["", ":1:2", "claim:1", "claim:1:2:3", "claim:-1:2", "claim:1e3:2", "claim:٣:2"]
)
def test_values_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        read_value(text)


def test_metadata_nested_without_end_is_refused_and_not_a_crash() -> None:
    with pytest.raises(ValueError):
        unpacked("[" * 100_000)
