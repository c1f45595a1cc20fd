"""When may we ask again? The forms in which servers say it, read into one value.

Seen in the wild: Retry-After in seconds or as an HTTP date; `x-ratelimit-reset` as seconds to go (Reddit),
as an ISO instant (Mastodon) or as epoch seconds (GitHub); `x-rate-limit-reset` as epoch seconds (X);
`RateLimit-Reset` as epoch or seconds to go (Bluesky, the IETF drafts); `RateLimit: "name";r=0;t=30` (the newer
draft); `RateLimit-ResetTime` as an ISO instant (Yelp).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from monitor.core.ports import Response
from sources.text import instant

LONGEST = timedelta(hours=24)
"""A server that asks for more is not obeyed further than this."""

_WINDOWS = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset", "ratelimit-resettime")
_REMAINING = ("x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining")
_EPOCH = 1_000_000_000
"""A number at least this large is a moment (2001 and later), a smaller one seconds to go."""
_DRAFT = re.compile(r";\s*t=(\d+(?:\.\d+)?)")


def retry_after(response: Response) -> timedelta | None:
    """How long to stay away, counted from `response.now`; None where the server says nothing usable.

    Retry-After is always meant; the window headers are read when the answer refuses (a status of 400 and
    more) or says that nothing remains. Never negative, never above `LONGEST`.
    """
    said = _span(response.headers.get("retry-after", ""), response.now)
    if said is not None:
        return said
    if response.status < 400 and not _spent(response):
        return None
    spans = [_span(response.headers.get(name, ""), response.now) for name in _WINDOWS]
    draft = _DRAFT.search(response.headers.get("ratelimit", ""))
    if draft:
        spans.append(_span(draft[1], response.now))
    return max((span for span in spans if span is not None), default=None)


def _spent(response: Response) -> bool:
    return any(_number(response.headers.get(name, "")) == 0 for name in _REMAINING)


def _span(value: str, now: datetime) -> timedelta | None:
    value = value.strip()
    number = _number(value)
    if number is not None:
        if number < 0:
            return None
        seconds = number - now.timestamp() if number >= _EPOCH else number
        return timedelta(seconds=min(max(seconds, 0.0), LONGEST.total_seconds()))
    moment = instant(value)
    if moment is None:
        return None
    return min(max(moment - now.astimezone(UTC), timedelta(0)), LONGEST)


def _number(value: str) -> float | None:
    """Plain digits alone: Python also reads `nan`, `1_0` and Arabic digits."""
    return float(value) if re.fullmatch(r"-?[0-9]{1,20}(\.[0-9]{1,20})?", value.strip()) else None
