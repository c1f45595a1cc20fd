"""A small HTTP server on loopback that plays recorded answers back, well or badly.

    with ReplayServer() as server:
        server.add("/feed.xml", Answer(body=b"<rss/>"))
        server.add("/api", Answer.json({"page": 2}), params={"page": "2"})
        ...fetch f"{server.url}/feed.xml"...
        assert server.requests[0].headers["user-agent"]

Answers for the same request (path and the named query parameters) are given in the order they were added;
the last one repeats. When several routes fit, the one naming most parameters wins. A request nothing was
recorded for gets status 501 and is listed in `unexpected`.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from monitor.core.model import Json


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, and how badly it is given. Times are seconds."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent as given; `{server}` in a value becomes the server's own address."""
    body: bytes = b""
    delay: float = 0.0
    """Silence before the first byte."""
    cut: int | None = None
    """Break the connection off after so many bytes of the body, although more were promised."""
    drip: float = 0.0
    """Pause before every byte of the body."""
    drip_headers: float = 0.0
    """Pause before every byte of status line and headers."""
    reset: bool = False
    """Reset the connection instead of answering."""
    zipped: bool = False
    """Compress the body with gzip and say so."""

    @classmethod
    def json(cls, value: Json, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        """A JSON document."""
        body = json.dumps(value, ensure_ascii=False).encode()
        return cls(status, {"content-type": "application/json; charset=utf-8", **(headers or {})}, body)

    @classmethod
    def text(
        cls,
        body: str | bytes,
        content_type: str = "text/html; charset=utf-8",
        status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Any other document."""
        raw = body.encode() if isinstance(body, str) else body
        return cls(status, {"content-type": content_type, **(headers or {})}, raw)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived. Header names are lower-case; `params` holds the last value of each name."""

    method: str
    target: str
    """As on the request line: a path with its query, or a whole address when asked as a proxy."""
    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(slots=True)
class _Route:
    path: str
    params: Mapping[str, str]
    answers: list[Answer]
    given: int = 0

    def fits(self, asked: Asked) -> bool:
        return self.path in ("*", asked.path, asked.target) and self.params.items() <= asked.params.items()

    def next(self) -> Answer:
        answer = self.answers[min(self.given, len(self.answers) - 1)]
        self.given += 1
        return answer


class ReplayServer:
    """The server. Use it as a context manager, or `start()` and `close()`."""

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        """Everything asked, in order of arrival."""
        self.unexpected: list[Asked] = []
        """What no answer was recorded for."""
        self._routes: list[_Route] = []
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.replay = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def host(self) -> str:
        """`127.0.0.1:PORT`, as `allow_private_hosts` takes it."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end."""
        return f"http://{self.host}"

    def add(self, path: str, *answers: Answer, params: Mapping[str, str] | None = None) -> None:
        """Answer requests for `path` that carry at least `params`, in this order. The path `*` answers what
        nothing else does."""
        wanted = dict(params or {})
        with self._lock:
            for route in self._routes:
                if route.path == path and route.params == wanted:
                    route.answers.extend(answers)
                    return
            self._routes.append(_Route(path, wanted, list(answers)))

    def forget(self) -> None:
        """Drop all answers and the log of requests."""
        with self._lock:
            self._routes.clear()
            self.requests.clear()
            self.unexpected.clear()

    def answer(self, asked: Asked) -> Answer:
        with self._lock:
            self.requests.append(asked)
            fitting = [route for route in self._routes if route.fits(asked)]
            if not fitting:
                self.unexpected.append(asked)
                return Answer(501, body=f"nothing was recorded for {asked.target}".encode())
            return max(fitting, key=lambda route: (route.path != "*", len(route.params))).next()

    def pause(self, seconds: float) -> None:
        """Wait, or end the talk when the server closes."""
        if seconds and self._closing.wait(seconds):
            raise ConnectionAbortedError

    def start(self) -> ReplayServer:
        self._thread.start()
        return self

    def close(self) -> None:
        """Stop answering; a talk under way ends at its next pause."""
        self._closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> ReplayServer:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    replay: ReplayServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left early is the point of many tests, not news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:
        replay = cast(_Server, self.server).replay
        parts = urlsplit(self.path)
        asked = Asked(
            self.command,
            self.path,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
        )
        self.close_connection = True
        with contextlib.suppress(ConnectionError, TimeoutError):
            self._give(replay, replay.answer(asked))

    do_HEAD = do_POST = do_PUT = do_DELETE = do_CONNECT = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: `ReplayServer.requests` is the log."""

    def _give(self, replay: ReplayServer, answer: Answer) -> None:
        replay.pause(answer.delay)
        if answer.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        body = gzip.compress(answer.body, mtime=0) if answer.zipped else answer.body
        headers = {
            name.lower(): value.replace("{server}", replay.url) for name, value in answer.headers.items()
        }
        if answer.zipped:
            headers["content-encoding"] = "gzip"
        if answer.status not in (204, 304):
            headers.setdefault("content-length", str(len(body)))
        headers.setdefault("connection", "close")
        head = f"HTTP/1.1 {answer.status} -\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
        self._drip(replay, head.encode("latin-1"), answer.drip_headers)
        if self.command != "HEAD":
            self._drip(replay, body[: answer.cut], answer.drip)

    def _drip(self, replay: ReplayServer, data: bytes, pause: float) -> None:
        if not pause:
            self.wfile.write(data)
            return
        for at in range(len(data)):
            replay.pause(pause)
            self.wfile.write(data[at : at + 1])
