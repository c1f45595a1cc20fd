"""Kinds of options that several sources have."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or any(letter.isspace() for letter in value):
        raise ValueError("give a whole address, such as https://example.social")
    if parts.username is not None:
        raise ValueError(
            "leave name and password out of the address: a token goes into token_env or token_file"
        )
    if parts.query or parts.fragment:
        raise ValueError("give the server's address alone, without ? or #")
    return value.rstrip("/")


BaseUrl = Annotated[str, AfterValidator(_address)]
"""Where a server is: http or https, without a slash at the end. A path in front of the API may be part of it."""
