"""A program on loopback that webhooks are sent to: it keeps what came, and misbehaves as it is told."""

from __future__ import annotations

import json
import socketserver
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


@dataclass(frozen=True)
class Got:
    """One request."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Manner:
    """How a request is answered."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    how: str = "answers"
    """Or `hangs` (takes it and says nothing), `drips` (begins an answer and never ends), `cuts` (takes it and hangs
    up), `babbles` (what it says is no HTTP), `floods` (its answer has no end)."""


class Receiver:
    def __init__(self) -> None:
        self.got: list[Got] = []
        self.manners: deque[Manner] = deque()
        """Of the next requests; then `always`."""
        self.always = Manner()
        self.closing = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.got.append(Got(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                manner = receiver.manners.popleft() if receiver.manners else receiver.always
                self.close_connection = True
                try:
                    receiver._answer(self, manner)
                except OSError:
                    """Whoever asked had enough."""

            def log_message(self, *_: Any) -> None:
                """What came is kept."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A connection that broke is part of the play."""

        self._server: socketserver.BaseServer = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def _answer(self, handler: BaseHTTPRequestHandler, manner: Manner) -> None:
        match manner.how:
            case "hangs":
                self.closing.wait()
            case "drips":
                while not self.closing.wait(0.05):
                    handler.wfile.write(b"HTTP/1.1 200 OK\r\nx: y"[: 1 + len(self.got) % 2])
                    handler.wfile.flush()
            case "cuts":
                handler.connection.close()
            case "babbles":
                handler.wfile.write(b"220 mail.example ready\r\n\r\n")
            case "floods":
                handler.wfile.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
                while not self.closing.is_set():
                    handler.wfile.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            case _:
                handler.send_response(manner.status)
                for name, value in {**manner.headers, "content-length": "0"}.items():
                    handler.send_header(name, value)
                handler.end_headers()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        return f"http://{self.host}/hook/PATH-IS-SECRET?key=QUERY-IS-SECRET"

    def types(self) -> list[str]:
        """What happened, as told: `case.opened`."""
        return [got.event["type"].removeprefix("internal.complaint-monitor.") for got in self.got]

    def __enter__(self) -> Receiver:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
