"""What every status means, and when a server wants to be asked again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.core.errors import BadPayload, Denied, Gone, RateLimited, SourceError, Unreachable
from monitor.core.ports import Response
from sources.retry_after import retry_after
from sources.status import fault

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


def answer(status: int, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, "https://fred:SECRET@api.example/v1?key=SECRET", named, b"", NOW)


def due(status: int) -> type[SourceError] | None:
    """The table of the design, written down a second time."""
    if status in (401, 402, 403, 407, 451):
        return Denied
    if status in (404, 410):
        return Gone
    if status == 429:
        return RateLimited
    if status in (408, 421, 423, 425) or status >= 500:
        return Unreachable
    if status == 304 or (200 <= status < 300 and status not in (204, 205, 206)):
        return None
    return BadPayload


@pytest.mark.parametrize("status", range(100, 600))
def test_every_status_has_its_meaning(status: int) -> None:
    error = fault(answer(status, retry_after="60"))
    assert (type(error) if error else None) == due(status)
    if error is not None:
        assert str(status) in str(error)
        assert "api.example" in str(error)
        assert "SECRET" not in str(error)
        assert len(str(error)) > 30


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_fault_carries_the_servers_wish(status: int) -> None:
    error = fault(answer(status, retry_after="60"))
    assert error is not None
    assert error.retry_after == timedelta(minutes=1)


SECONDS = {
    "seconds": ({"retry_after": "284"}, 284),
    "seconds with a fraction": ({"retry_after": " 4.5 "}, 4.5),
    "nothing to wait for": ({"retry_after": "0"}, 0),
    "an HTTP date": ({"retry_after": "Sun, 22 Nov 2026 12:02:00 GMT"}, 120),
    "a date gone by": ({"retry_after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
    "a moment in Retry-After": ({"retry_after": str(EPOCH + 30)}, 30),
    "Reddit: seconds to go": ({"x_ratelimit_remaining": "0.0", "x_ratelimit_reset": "217.0"}, 217),
    "Mastodon: a moment": ({"x_ratelimit_reset": "2026-11-22T12:05:00.123456Z"}, 300.123456),
    "X: epoch seconds": ({"x_rate_limit_reset": str(EPOCH + 900)}, 900),
    "GitHub: epoch seconds": ({"x_ratelimit_reset": str(EPOCH + 60), "x_ratelimit_remaining": "0"}, 60),
    "Bluesky: epoch and a policy": (
        {"ratelimit_reset": str(EPOCH + 200), "ratelimit_policy": "30;w=300", "retry_after": "199"},
        199,
    ),
    "the draft: seconds to go": ({"ratelimit_reset": "50"}, 50),
    "the newer draft": ({"ratelimit": '"default";r=0;t=30', "ratelimit_policy": '"default";q=10;w=60'}, 30),
    "Yelp: a moment with an offset": ({"ratelimit_resettime": "2026-11-22T13:00:00+00:00"}, 3600),
    "two windows: the longer": ({"x_ratelimit_reset": "10", "ratelimit_reset": "20"}, 20),
    "more than a day": ({"retry_after": "999999999"}, 86400),
    "a far century": ({"retry_after": "Fri, 01 Jan 2999 00:00:00 GMT"}, 86400),
    "a date without a zone": ({"retry_after": "Sun, 22 Nov 2026 12:01:00"}, 60),
}


@pytest.mark.parametrize("form", SECONDS)
def test_every_form_of_come_back_later_is_read(form: str) -> None:
    headers, seconds = SECONDS[form]
    assert retry_after(answer(429, **headers)) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "value", ["", "soon", "-5", "nan", "inf", "1e9", "٣٠", "1_000", "0x10", "9" * 400, "Mon, 99 Foo 0000"]
)
def test_nonsense_is_no_wish(value: str) -> None:
    assert retry_after(answer(429, retry_after=value)) is None


def test_nothing_said_is_no_wish() -> None:
    assert retry_after(answer(429)) is None
    assert retry_after(answer(429, retry_after="", x_ratelimit_remaining="0")) is None


def test_a_window_on_a_good_answer_counts_only_when_it_is_spent() -> None:
    assert retry_after(answer(200, x_ratelimit_remaining="99", x_ratelimit_reset="200")) is None
    assert retry_after(answer(200, x_ratelimit_remaining="0", x_ratelimit_reset="200")) == timedelta(
        seconds=200
    )
    assert retry_after(answer(200, x_ratelimit_remaining="0.0", x_ratelimit_reset="7")) == timedelta(
        seconds=7
    )
