"""Whatever happened to a feed: it is never read too early, and never forgotten."""

from __future__ import annotations

from datetime import timedelta

from fakes import NOW
from hypothesis import given
from hypothesis import strategies as st

from monitor.core.clock import LONGEST
from monitor.core.schedule import next_due

SPANS = st.timedeltas(min_value=timedelta(seconds=1), max_value=LONGEST)
WISHES = st.none() | st.timedeltas(min_value=timedelta(days=-400), max_value=timedelta(days=400))


@given(
    every=SPANS,
    failures=st.integers(0, 10_000),
    retry_after=WISHES,
    not_before=WISHES,
    jitter=st.floats(0, 1),
)
def test_due_is_within_its_bounds(
    every: timedelta,
    failures: int,
    retry_after: timedelta | None,
    not_before: timedelta | None,
    jitter: float,
) -> None:
    due = next_due(
        NOW,
        every,
        failures=failures,
        retry_after=retry_after,
        not_before=None if not_before is None else NOW + not_before,
        jitter=jitter,
    )
    day = timedelta(hours=24)
    plain = every if not failures else min(every, timedelta(minutes=1))
    longest = every * 1.1 + timedelta(seconds=1) if not failures else timedelta(hours=6)
    assert due >= NOW + plain, "early"
    for wish in (retry_after, not_before):
        if wish is not None:
            assert due >= NOW + min(wish, day), "earlier than the server asked"
            longest = max(longest, min(wish, day))
    assert due <= NOW + longest, "later than anything asks for"


@given(st.integers(1, 40), st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=2)))
def test_one_failure_more_never_means_sooner(failures: int, every: timedelta) -> None:
    assert next_due(NOW, every, failures=failures) <= next_due(NOW, every, failures=failures + 1)
