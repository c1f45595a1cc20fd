"""A socket of Slack's Socket Mode: the SDK's own, with what it waits for taken out of the way of acknowledgements.

The SDK makes a new socket in the thread that hands messages on, waits there as long as a rate limit says, and goes
in circles when Slack has too many sockets. Here a wish of Slack's only wakes the watchdog, which alone makes sockets.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit
from urllib.request import proxy_bypass

from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState
from slack_sdk.socket_mode.request import SocketModeRequest

from alerts.slack import errors
from alerts.slack.client import SILENT, web_client
from alerts.slack.send import of_api_error
from monitor.core.errors import DeliveryError, Remedy

AT_ONCE = 20
"""How many messages are looked at together. Forms wait there for their answer, for less than a second each."""
BUFFER = 1 << 16
"""Bytes read at once: the SDK calls itself once more for each further piece of a message."""
CONTROL = 1_000
"""Characters: a message of Slack's own about the socket is no longer."""
_REFUSED = (
    "Slack does not accept the app-level token (xapp-...). Make one under Basic Information, App-Level Tokens, with "
    "the scope connections:write, put it into MONITOR_SLACK__APP_TOKEN and restart."
)
_REFUSALS = frozenset(
    {
        *("not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_args"),
        *("not_allowed_token_type", "missing_scope", "no_permission", "access_denied"),
    }
)
_OFF = "Socket Mode is switched off for this app. Switch it on under Socket Mode at api.slack.com/apps."
_CROWD = (
    "Slack allows no more sockets for this app. Stop what runs twice: each installation needs an app of its own, as "
    "Slack sends each click to any one socket."
)
REASONS = {"link_disabled": _OFF, "too_many_websockets": _CROWD}
"""Why Slack closes a socket, where a new one at once would not help."""


class Socket(SocketModeClient):
    """`request` gets what is to be acknowledged; `wish` is told why Slack closes the socket. Seconds throughout."""

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        timeout: float,
        ping: float,
        request: Callable[[SocketModeClient, SocketModeRequest], None],
        wish: Callable[[str], None],
    ) -> None:
        self._wish = wish
        self.heard_at = time.monotonic()
        """When anything last came from Slack, a pong too; or when this socket was opened."""
        self._pong: float | None = None
        super().__init__(
            token,
            logger=SILENT,
            web_client=web_client(token, api_url, timeout),
            auto_reconnect_enabled=False,
            ping_interval=ping,
            receive_buffer_size=BUFFER,
            concurrency=AT_ONCE,
            on_message_listeners=[self._heard],
        )
        if proxy_bypass(urlsplit(api_url).hostname or ""):
            self.proxy = None
        self.socket_mode_request_listeners.append(request)  # type: ignore[arg-type]

    def issue_new_wss_url(self) -> str:
        """Raises DeliveryError, whose words hold no token."""
        try:
            answer = self.web_client.api_call("apps.connections.open").data
        except SlackApiError as fault:
            raise of_api_error(fault) from None
        except Exception as fault:  # noqa: BLE001 - whatever broke the call
            raise errors.of_exception(fault) from None
        if not isinstance(answer, dict) or not isinstance(answer.get("url"), str):
            raise errors.of_answer(200, {}, {})
        return str(answer["url"])

    def enqueue_message(self, message: str) -> None:
        if len(message) < CONTROL and '"disconnect"' in message:
            told = json.loads(message)
            if told.get("type") == "disconnect":
                self._wish(str(told.get("reason") or "unknown"))
                return
        super().enqueue_message(message)

    def renew(self) -> None:
        """A new socket in place of the old, which stays where there is no new one. Raises DeliveryError."""
        url = self.issue_new_wss_url()
        fresh = Connection(
            url,
            self.logger,
            proxy=self.proxy,
            ping_interval=self.ping_interval,
            receive_buffer_size=self.receive_buffer_size,
            on_message_listener=self._on_message,
            on_error_listener=self._on_error,
            on_close_listener=self._on_close,
            ssl_context=self.web_client.ssl,
        )
        heard_at = time.monotonic()
        fresh.connect()
        if not fresh.is_active():
            raise errors.of_exception(ConnectionError())
        old, old_state = self.current_session, self.current_session_state
        self.heard_at, self._pong = heard_at, None
        self.current_session, self.current_session_state = fresh, ConnectionState()  # type: ignore[no-untyped-call]
        old_state.terminated = True
        if old is not None:
            _cut(old)

    def close(self) -> None:
        """Takes in nothing more. What was taken in is acknowledged first, and the rest not at all: whoever did
        that is told by Slack. Takes about a second."""
        self.current_session_state.terminated = True
        self.closed = True
        self.message_processor.shutdown()  # type: ignore[no-untyped-call]
        self.message_workers.shutdown()
        if self.current_session is not None:
            _cut(self.current_session)
        runner = self.current_session_runner
        runner.event.set()
        while runner.is_alive():
            # a reader that just begins to read a new socket takes back what it was told before
            self.current_session_state.terminated = True
            runner.thread.join(0.1)

    def feel(self) -> float:
        """Ask for a sign of life, and tell how long ago the last one came."""
        session = self.current_session
        if session is not None:
            try:
                session.ping(f"{session.session_id}:{time.time()}")
            except OSError:
                _cut(session)
            if session.last_ping_pong_time is not None and session.last_ping_pong_time != self._pong:
                self._pong = session.last_ping_pong_time
                self.heard_at = time.monotonic()
        return time.monotonic() - self.heard_at

    def _heard(self, _: str) -> None:
        self.heard_at = time.monotonic()


def _cut(session: Connection) -> None:
    """The SDK holds a lock while it waits three seconds for bytes: an end of the stream frees it."""
    held = session.sock
    if held is not None:
        with suppress(OSError):
            held.shutdown(socket.SHUT_RDWR)
    session.close()


def words_of(fault: DeliveryError) -> str:
    """Why there is no socket, for a person."""
    if fault.code in _REFUSALS:
        return f"{_REFUSED} ({fault.code})"
    if fault.remedy is Remedy.PERSON:
        return str(fault)
    return f"Slack gives no socket now, and is asked again ({fault.code})."
