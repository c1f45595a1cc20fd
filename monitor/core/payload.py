"""Telling a document from something that merely came with status 200."""

from __future__ import annotations

import json

from monitor.core.errors import BadPayload
from monitor.core.model import Json


def decode(body: bytes) -> Json:
    """JSON from bytes. Raises BadPayload, naming what came instead: nothing, `null`, a web page, a torso."""
    if not body.strip():
        raise BadPayload("the answer is empty where a JSON document was due")
    if body.lstrip()[:1] == b"<":
        raise BadPayload("the answer is a web page where a JSON document was due (a log-in or error page?)")
    try:
        value = json.loads(body)
    except UnicodeDecodeError as fault:
        raise BadPayload(f"the answer is not UTF-8 at byte {fault.start}") from fault
    except (ValueError, RecursionError) as fault:
        at = getattr(fault, "pos", None)
        where = f" at character {at} of {len(body)} bytes" if at is not None else ""
        raise BadPayload(f"the answer is not whole JSON: it breaks{where}") from fault
    if value is None:
        raise BadPayload("the answer is `null` where a JSON document was due")
    return value
