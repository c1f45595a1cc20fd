"""What a status means for a feed: the usual reading, which a source overrides only for single cases."""

from __future__ import annotations

from urllib.parse import urlsplit

from monitor.core.errors import BadPayload, Denied, Gone, RateLimited, SourceError, Unreachable
from monitor.core.ports import Response
from sources.retry_after import retry_after

_DENIED = {
    401: "wants a valid log-in (401): check the token in the settings of this feed",
    402: "wants to be paid (402): check the account's plan or credits",
    403: "refuses us (403): check the token's rights, or whether this place may be read at all",
    407: "cannot be asked, because the proxy wants a log-in (407): check HTTPS_PROXY",
    451: "may not show this here, for legal reasons (451): remove this feed, or read it from elsewhere",
}
_GONE = {
    404: "does not know this address (404): check the settings of this feed",
    410: "says this place is gone for good (410): remove this feed from the settings",
}
_LATER = {
    408: "gave up waiting for our request (408)",
    421: "took our request for another server's (421)",
    423: "has this place locked now (423)",
    425: "does not want the request yet (425)",
}


def fault(response: Response) -> SourceError | None:
    """The error to raise for `response`, or None for an answer that can be read (2xx with a body, and 304).

    Messages name the host alone, never the address with its query. `retry_after` is set where the server
    says it and waiting may help.
    """
    status, host = response.status, urlsplit(response.url).hostname or "the server"
    if 200 <= status < 300 and status not in (204, 205, 206):
        return None
    if status == 304:
        return None
    if status == 429:
        return RateLimited(
            f"{host} asks us to come less often (429): it is asked again later; "
            "if this stays, raise `every` of this feed",
            retry_after=retry_after(response),
        )
    if status in _DENIED:
        return Denied(f"{host} {_DENIED[status]}", retry_after=retry_after(response))
    if status in _GONE:
        return Gone(f"{host} {_GONE[status]}")
    if status in _LATER or status >= 500:
        reason = _LATER.get(status, f"has a fault of its own ({status})")
        return Unreachable(f"{host} {reason}: it is asked again later", retry_after=retry_after(response))
    if status in (204, 205, 206):
        return BadPayload(
            f"{host} sent no whole document ({status}): if this stays, check the feed's address"
        )
    if 300 <= status < 400:
        return BadPayload(
            f"{host} points elsewhere without saying where ({status}): check the address of this feed"
        )
    if status < 200:
        return BadPayload(f"{host} never finished its answer ({status})")
    return BadPayload(
        f"{host} does not accept our request ({status}): check the options of this feed",
        retry_after=retry_after(response),
    )
