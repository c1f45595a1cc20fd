"""Conditional GET: what to keep of an answer so that the server can say "not modified" next time.

The values are stored with a feed's cursor, so addresses, which may hold keys, stand in them only as prints.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

_USABLE = re.compile(r"[\x20-\x7e]{1,500}")
"""Anything else could not be sent back, or should not be stored."""


def belonging(validators: Mapping[str, str] | None, asked: str) -> Mapping[str, str]:
    """`validators` if they were given for the address `asked`, or were found there after a redirect."""
    if not validators or _print(asked) not in (validators.get("url"), validators.get("final")):
        return {}
    return validators


def condition(known: Mapping[str, str], asked: str, url: str) -> dict[str, str]:
    """The headers that make a request for `url` conditional; none where another address gave the answer."""
    if not known or known.get("final", _print(asked)) != _print(url):
        return {}
    pairs = (("if-none-match", known.get("etag")), ("if-modified-since", known.get("last_modified")))
    return {name: value for name, value in pairs if value and _USABLE.fullmatch(value)}


def proof(
    status: int, headers: Mapping[str, str], asked: str, final: str, known: Mapping[str, str]
) -> dict[str, str]:
    """What proves next time that we have seen this very answer; carried over by a 304."""
    if status not in (200, 304):
        return {}
    found = {
        key: headers[name]
        for key, name in (("etag", "etag"), ("last_modified", "last-modified"))
        if _USABLE.fullmatch(headers.get(name, ""))
    }
    if status == 304:
        return {**known, **found} if known else {}
    if not found:
        return {}
    return {"url": _print(asked), **({"final": _print(final)} if final != asked else {}), **found}


def _print(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:16]
