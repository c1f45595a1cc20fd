"""Signatures as Standard Webhooks has them: HMAC-SHA256 over id, time and body, by a secret that both sides know."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64
"""Bytes of a key."""


def keys_of(secret: str) -> list[bytes]:
    """The keys of `whsec_…`; of several, with blanks between, while one takes another's place.

    Raises ValueError, without a word of the secret in it.
    """
    written = secret.split()
    if not written:
        raise ValueError("the secret is empty")
    return [_key(one) for one in written]


def _key(written: str) -> bytes:
    try:
        if not written.startswith(PREFIX):
            raise ValueError
        key = base64.b64decode(written.removeprefix(PREFIX), validate=True)
    except (ValueError, binascii.Error):
        raise ValueError(f"the secret must be {PREFIX} and then base64") from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"the secret must be of {SHORTEST} to {LONGEST} bytes, this one is of {len(key)}")
    return key


def signature(keys: Sequence[bytes], ident: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`: one for each key."""
    signed = f"{ident}.{timestamp}.".encode() + body
    made = (base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys)
    return " ".join(f"v1,{one}" for one in made)
