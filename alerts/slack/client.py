"""The SDK's client as everything here uses it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slack_sdk.web import WebClient

SILENT = logging.Logger("slack", logging.CRITICAL + 1)
"""The SDK writes whole bodies, customers' words with them, into its log; ours says what matters."""


def web_client(token: str, api_url: str, timeout: float) -> WebClient:
    """`timeout`: seconds of a call. It repeats nothing by itself: its own retries post twice."""
    from slack_sdk.web import WebClient

    # It waits any number of seconds, whole or not, whatever its annotation says.
    seconds: Any = timeout
    client = WebClient(token, base_url=api_url, timeout=seconds, retry_handlers=[], logger=SILENT)
    # The SDK would send plain HTTP through HTTPS_PROXY too; urllib knows which is meant for which.
    client.proxy = None
    return client
