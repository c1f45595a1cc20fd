"""Whatever happened and whoever wrote what: the digest is within Slack's limits at every level."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from alerts.slack.blocks import Level, render, weight
from alerts.testing.digests import (
    COVERAGE,
    DAY,
    GONE,
    HOSTILE,
    NUTS,
    TOLD,
    UNTIL,
)
from alerts.testing.limits import has_rich_text, refusal
from monitor.core.digest import (
    Against,
    Broken,
    Changed,
    Coverage,
    Day,
    Digest,
    Figure,
    Length,
    Lever,
    Loss,
    Owed,
    Person,
    Recovering,
    Return,
    Share,
    Spot,
    Thanks,
    Trouble,
    Waiting,
)
from monitor.core.message import Kind, Message
from monitor.core.model import Severity
from monitor.core.severity import WITH

WORDS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("<>&*_~`:|@#!\n\u202e\U0001f621a "), max_size=60),
    st.sampled_from(["", HOSTILE, HOSTILE * 30, "\x00\x01", "ab" * 5_000, "<!channel>", "\U0001f1e6" * 300]),
)
COUNTS = st.one_of(st.integers(0, 12), st.integers(0, 10**12))
HOURS = st.floats(-1e6, 1e6)
FIGURES = st.builds(
    Figure,
    COUNTS,
    st.none() | st.floats(0, 1e9),
    st.none() | st.floats(0, 1e9),
    st.none() | st.floats(0, 1e9),
    st.integers(0, 60),
    st.sampled_from(Against),
)
SHARES = st.builds(
    Share, st.integers(0, 50), st.integers(0, 10**9), st.floats(0, 1), st.floats(0, 1), st.booleans()
)
PEOPLE = st.builds(
    lambda **more: replace(NUTS, **more),
    case_id=st.integers(1, 10**12),
    name=WORDS,
    quote=WORDS,
    place=WORDS,
    feed=WORDS,
    source=st.sampled_from(["appstore", "rss", "files", "someplace"]) | WORDS,
    severity=st.sampled_from(Severity),
    expectation=st.sampled_from([*WITH, ""]) | WORDS,
    url=st.none() | WORDS | st.just("https://reviews.example/" + "a" * 1_900),
    link=st.none() | st.just("https://pretend.slack.example/p1"),
    reach=st.none() | COUNTS,
    revision=st.sampled_from([0, 1, 10**9]),
)


def several(kind: Any, most: int = 14) -> Any:
    return st.lists(kind, max_size=most).map(tuple)


@st.composite
def days(draw: st.DrawFn) -> Digest:
    who: st.SearchStrategy[Person] = PEOPLE
    numbers = replace(
        DAY.numbers, complaints=draw(FIGURES), heard=draw(FIGURES), rate=draw(SHARES), waiting=draw(COUNTS)
    )
    keys = draw(st.lists(st.sampled_from([*WITH]) | WORDS, max_size=14, unique=True))
    return replace(
        DAY,
        business=draw(WORDS),
        place=draw(WORDS),
        timezone=draw(st.sampled_from(["Europe/Berlin", "Nowhere/Land", ""])),
        length=draw(st.sampled_from(Length)),
        numbers=numbers,
        waiting=draw(several(st.builds(Waiting, who, HOURS, st.none() | HOURS))),
        waiting_total=draw(COUNTS),
        owed=draw(several(st.builds(Owed, who, WORDS, st.just(TOLD), st.just("U0DANA") | WORDS, HOURS))),
        owed_total=draw(COUNTS),
        complaints=draw(several(who)),
        complaints_total=draw(COUNTS),
        returned=draw(several(st.builds(Return, who, WORDS, WORDS, WORDS, HOURS, st.just(UNTIL)))),
        returned_total=draw(COUNTS),
        lost=draw(several(st.builds(Loss, st.just(GONE) | who, WORDS, st.just(UNTIL)))),
        lost_total=draw(COUNTS),
        thanks=draw(
            several(
                st.builds(
                    Thanks,
                    WORDS,
                    st.just("rss"),
                    WORDS,
                    WORDS,
                    st.just(UNTIL),
                    WORDS,
                    WORDS,
                    several(WORDS, 3),
                )
            )
        ),
        thanks_total=draw(COUNTS),
        broken=tuple(Broken(key, draw(FIGURES)) for key in keys),
        spots=draw(
            several(
                st.builds(
                    Spot,
                    st.sampled_from(["source", "location"]),
                    WORDS,
                    COUNTS,
                    FIGURES,
                    SHARES,
                    st.booleans(),
                )
            )
        ),
        troubles=draw(
            several(
                st.builds(
                    Trouble,
                    WORDS,
                    st.just(UNTIL),
                    st.none() | st.just(TOLD),
                    COUNTS,
                    st.floats(0, 1e6),
                    WORDS,
                )
            )
        ),
        coverage=draw(
            several(st.builds(Coverage, WORDS, WORDS, st.sampled_from(_STATES), COUNTS, error=WORDS))
        )
        or COVERAGE,
        trend=tuple(
            Day(date(2026, 11, 1) + timedelta(days=n), 1, count, listened)
            for n, (count, listened) in enumerate(
                draw(st.lists(st.tuples(COUNTS, st.booleans()), max_size=40))
            )
        ),
        recovering=draw(several(st.builds(Recovering, st.sampled_from(Lever), WORDS, SHARES), 40)),
        recovering_days=draw(st.integers(0, 400)),
        changed=draw(
            st.none()
            | st.builds(Changed, st.just(TOLD), COUNTS, several(st.tuples(WORDS, COUNTS, COUNTS), 12))
        ),
        pages=draw(st.integers(0, 20)),
    )


_STATES = ["heard", "quiet", "failing", "silent", "new", "paused"]


@settings(max_examples=60, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(days())
def test_it_is_within_all_limits(day: Digest) -> None:
    """A day is too big to be shrunk in time: what failed is told as it was drawn."""
    for level in Level:
        body = render(Message("d1", Kind.DIGEST, "C0CARE", day), level)
        assert refusal(body["blocks"], body["text"], updating=True) is None, level
        assert weight(body["blocks"]) < 12_000
        assert has_rich_text(body["blocks"])
        assert 0 < len(body["text"]) < 4_000
