"""A listener as anybody would write one with slack_bolt, for tests of the look-alike: nothing of ours in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.web import WebClient

from alerts.testing.slack import SlackLookalike

_SILENT = logging.Logger("listener", logging.CRITICAL + 1)


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str = "7:1") -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": words(action_id), "value": value}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": words(value), "value": value} for value in values]


def card(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "do", "elements": list(elements)}]


def field(block_id: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    shown = {"type": "input", "block_id": block_id, "label": words(block_id), "element": element}
    return {**shown, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = {"type": "modal", "title": words("Promise"), "submit": words("Save")}
    return {**title, "callback_id": "promise", "blocks": list(blocks) or [{"type": "divider"}], **more}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks) or [{"type": "divider"}]}


def web(slack: SlackLookalike, token: str | None = None) -> WebClient:
    return WebClient(
        token or slack.token, base_url=slack.api_url, retry_handlers=[], timeout=5, logger=_SILENT
    )


def bolt(slack: SlackLookalike) -> App:
    return App(client=web(slack), logger=_SILENT)


@contextmanager
def listening(slack: SlackLookalike, app: App, *, ping: float = 2.0) -> Iterator[SocketModeHandler]:
    """Connected. `ping`: seconds between two pings. The client gives a socket up that is silent for four of
    them, so a short one finds a dead socket soon, and on a busy machine a live one too."""
    before = len(slack.sockets.open)
    client = web(slack, slack.app_token)
    handler = SocketModeHandler(app, slack.app_token, web_client=client, ping_interval=ping, logger=_SILENT)
    handler.connect()
    slack.until(lambda: len(slack.sockets.open) > before, timeout=20)
    try:
        yield handler
    finally:
        # The client holds its lock while it waits three seconds for bytes: an end of the stream frees it.
        handler.client.auto_reconnect_enabled = False
        slack.sockets.drop()
        handler.close()
