"""Does Socket Mode open? A socket is opened, waited at for its hello, and closed: clicks go to any one socket of
the app, so ours is there for a moment only."""

from __future__ import annotations

import json
import logging
import threading
from typing import Any
from urllib.parse import urlsplit

from alerts.slack import tokens
from alerts.slack.check import Read
from alerts.words import line
from monitor.core.errors import DeliveryError
from monitor.core.ports import Finding

WHAT = "Slack Socket Mode"
MOST = 10
"""Sockets that Slack allows an app."""
PATIENCE = 10.0
"""Seconds until a hello is not waited for any more."""
_AGAIN = f"Copy it anew from {tokens.WHERE[tokens.APP]}; `complaint-monitor slack setup` asks for it."
_TOKEN_FAULTS = frozenset(
    {"not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired"}
    | {"not_allowed_token_type", "missing_args"}
)
_OFF = (
    "Socket Mode is switched off",
    "Switch it on under Socket Mode, among the app's pages at api.slack.com/apps.",
)
_CROWD = (
    f"{MOST} sockets are open already, and Slack allows no more",
    "Stop what runs twice: one service is enough, and each installation needs an app of its own.",
)
_SILENT = (
    "a socket opened, but Slack said no hello",
    "Try again. If this stays, look at the proxy or firewall: it must let WebSockets (wss) through.",
)


def socket_mode(read: Read, token: str, patience: float = PATIENCE) -> Finding:
    """`read` calls with the app-level `token`; the whole may take `patience` seconds and a few more."""
    amiss = tokens.amiss(token, tokens.APP)
    if amiss is not None:
        return Finding("Slack app token", False, amiss, _AGAIN)
    try:
        url = str(read("apps.connections.open")[0].get("url") or "")
    except DeliveryError as fault:
        return _refused(fault)
    first = _first_frame(url, patience)
    match first.get("type"), first.get("reason"):
        case "hello", _:
            return Finding(WHAT, True, _opened(first.get("num_connections")))
        case _, "link_disabled":
            return Finding(WHAT, False, *_OFF)
        case _, "too_many_websockets":
            return Finding(WHAT, False, *_CROWD)
        case "disconnect", reason:
            return Finding(
                WHAT, False, f"Slack closed the socket at once ({line(str(reason), 60)})", _SILENT[1]
            )
    return Finding(WHAT, False, *_SILENT)


def _refused(fault: DeliveryError) -> Finding:
    if fault.code in _TOKEN_FAULTS:
        return Finding("Slack app token", False, f"Slack does not accept it ({fault.code})", _AGAIN)
    if fault.code == "missing_scope":
        remedy = f"Make a new one with connections:write, under {tokens.WHERE[tokens.APP]}."
        return Finding("Slack app token", False, "it lacks the scope connections:write", remedy)
    return Finding(WHAT, False, "could not be checked", str(fault))


def _opened(count: Any) -> str:
    others = count - 1 if isinstance(count, int) else 0
    if others <= 0:
        return "opens and says hello: buttons, Home and /complaints can be heard"
    sockets = "1 other socket is" if others == 1 else f"{others} other sockets are"
    return f"opens and says hello; {sockets} open already, as of a service that runs"


def _first_frame(url: str, patience: float) -> dict[str, Any]:
    """The hello or the disconnect; empty when neither came."""
    from slack_sdk.proxy_env_variable_loader import load_http_proxy_from_env
    from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState

    silent = logging.Logger("slack_sdk", logging.CRITICAL + 1)
    state: Any = ConnectionState()  # type: ignore[no-untyped-call]
    heard: dict[str, Any] = {}

    def listen(text: str) -> None:
        frame = json.loads(text)
        if frame.get("type") in ("hello", "disconnect"):
            heard.update(frame)
            state.terminated = True

    secure = urlsplit(url).scheme == "wss"
    proxy = load_http_proxy_from_env(silent) if secure else None
    link = Connection(url, silent, proxy=proxy, receive_timeout=1, on_message_listener=listen)
    try:
        link.connect()
    except Exception:  # noqa: BLE001 - whatever broke it, there is no socket
        return heard
    late = threading.Timer(patience, lambda: setattr(state, "terminated", True))
    late.start()
    try:
        if link.is_active():
            link.run_until_completion(state)
    finally:
        late.cancel()
        link.disconnect()
    return heard
