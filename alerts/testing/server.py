"""The HTTP side of the look-alike: reads a request, lets the look-alike answer it, and misbehaves as told."""

from __future__ import annotations

import json
import os
import select
import socket
import struct
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from alerts.testing.faults import Fault

API, HOOKS = "/api/", "/actions/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes out, unless a fault has its way."""

    reply: dict[str, Any]
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return json.dumps(self.reply).encode()


class Behind(Protocol):
    """Who answers."""

    closing: threading.Event

    def time(self) -> float: ...
    def answer(self, method: str, token: str | None, body: dict[str, Any]) -> tuple[Fault | None, Answer]: ...
    def opened(self, connection: socket.socket) -> None: ...
    def closed(self, connection: socket.socket) -> None: ...


class HttpServer(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], slack: Behind) -> None:
        super().__init__(address, _Handler)
        self.slack = slack

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is part of the play; anything else is a bug and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: HttpServer

    def setup(self) -> None:
        super().setup()
        self.server.slack.opened(self.connection)

    def finish(self) -> None:
        self.server.slack.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """The log of calls says more."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.slack.time())

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        if len(raw) < length:  # the caller died while speaking: Slack would store nothing either
            self.close_connection = True
            return
        body: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
        if "json" in self.headers.get("Content-Type", ""):
            body |= json.loads(raw or b"{}")
        else:
            body |= parse_qsl(raw.decode(), keep_blank_values=True)
        token = body.pop("token", None) or self.headers.get("Authorization", "").removeprefix("Bearer ")
        method = parts.path.removeprefix(API)
        if parts.path.startswith(HOOKS):
            method, body["hook"] = "response_url", parts.path.removeprefix(HOOKS)
        fault, answer = self.server.slack.answer(method, token or None, body)
        if fault is None:
            self._send(answer.status, answer.body, "application/json; charset=utf-8", answer.headers)
        else:
            self._misbehave(fault, answer)

    def _send(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _misbehave(self, fault: Fault, answer: Answer) -> None:
        self.close_connection = fault.how in ("drop", "reset", "timeout", "torso")
        match fault.how:
            case "drop":
                hush(self.connection)
            case "reset":
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                os.close(self.connection.detach())
            case "timeout":
                while not self.server.slack.closing.is_set():
                    # Readable means that the caller hung up: it has nothing more to say.
                    if select.select([self.connection], [], [], 0.05)[0]:
                        break
            case "html":
                self._send(200, b"<!DOCTYPE html><title>Sign in</title>", "text/html; charset=utf-8")
            case "cut":
                self._send(200, answer.body[: len(answer.body) // 2], "application/json")
            case "torso":
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[: len(answer.body) // 2])
                self.wfile.flush()
                hush(self.connection)
            case "429":
                wait = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
                self._send(429, b'{"ok":false,"error":"ratelimited"}', "application/json", wait)
            case "body":
                self._send(200, fault.body.encode(), "application/json")
            case code if code.startswith("error:"):
                reply = json.dumps({"ok": False, "error": code.removeprefix("error:")}).encode()
                self._send(200, reply, "application/json")
            case status:
                self._send(int(status), b"upstream connect error", "text/plain")


def hush(connection: socket.socket) -> None:
    """Close both ways at once; the far side may have been faster."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
