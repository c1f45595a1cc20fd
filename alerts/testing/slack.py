"""A Slack look-alike: a real HTTP server on loopback that keeps messages, and fails on demand.

    with SlackLookalike(log=path) as slack:
        slack.fail("drop", after=True, method="chat.postMessage")
        ... the program under test, given slack.api_url, slack.token and slack.channel ...
        assert slack.deliveries()["delivery-1"] == 1

What truly was stored is counted from its own log, one JSON line for each call, written before the answer
goes out: `{"n", "at", "method", "body", "stored", "ts", "answer", "fault"}`. By hand or beside another
program: `python -m alerts.testing.slack --port 8998 --log calls.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import parse_qsl, urlsplit

from alerts.testing.faults import HOWS, Fault, Faults
from alerts.testing.workspace import SCOPES, TOKEN, Channel, Refusal, Workspace

CHANNEL = "C0COMPLAINTS"
WRITES = ("chat.postMessage", "chat.update", "chat.delete")


class SlackLookalike:
    """See the module. `workspace` is open to tests: channels, tokens, pace, lag and messages may be changed."""

    def __init__(
        self,
        *,
        port: int = 0,
        log: Path | None = None,
        channels: Sequence[str] = (CHANNEL,),
        scopes: Iterable[str] = SCOPES,
        pace: float | None = None,
        lag: float = 0.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.workspace = Workspace(now=now, pace=pace, lag=lag)
        self.workspace.tokens[TOKEN] = frozenset(scopes)
        for at, name in enumerate(channels):
            self.workspace.channels[name] = Channel(name, name="complaints" if at == 0 else f"other-{at}")
        self.token = TOKEN
        self.channel = channels[0]
        self.faults = Faults()
        self.calls: list[dict[str, Any]] = []
        """The lines of the log."""
        self.closing = threading.Event()
        self._path = log
        self._log: TextIO | None = None
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> SlackLookalike:
        if self._path is not None:
            self._log = self._path.open("a", encoding="utf-8")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        with self._lock:
            for connection in self._open:
                _hush(connection)
        self._server.server_close()
        self._thread.join()
        if self._log is not None:
            self._log.close()

    # ── what tests ask ───────────────────────────────────────────────────────────────────────────────────

    def fail(
        self,
        how: str,
        *,
        after: bool = False,
        method: str = "",
        times: int = 1,
        retry_after: str | None = "1",
    ) -> None:
        """Let the next `times` calls (of `method`) fail in this way, before or after the write."""
        if how not in HOWS and not how.startswith("error:"):
            raise ValueError(f"no such fault: {how}")
        self.faults.script += [Fault(how, after=after, method=method, retry_after=retry_after)] * times

    def answer_with(self, body: str, *, method: str = "", times: int = 1) -> None:
        """Answer the next calls (of `method`) with this very body and status 200, and do nothing."""
        self.faults.script += [Fault("body", body=body, method=method)] * times

    def fail_at_random(
        self, share: float, *, seed: int, hows: Sequence[str] = (), methods: Sequence[str] = WRITES
    ) -> None:
        """Let this share (0 to 1) of calls fail, half of them after the write."""
        dice = random.Random(seed)  # noqa: S311 - repeatable, no secret
        self.faults = Faults(
            share=share, hows=tuple(hows) or Faults().hows, methods=tuple(methods), dice=dice
        )

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What stands in the channel now, threads included, oldest first."""
        with self._lock:
            return list(self.workspace.channels[channel or self.channel].messages.values())

    def deliveries(self) -> Counter[str]:
        """How often each delivery was stored by a post, by its delivery id."""
        return stored_posts(self.calls)

    # ── what the handler asks ────────────────────────────────────────────────────────────────────────────

    def answer(self, method: str, token: str | None, body: dict[str, Any]) -> tuple[Fault | None, _Answer]:
        """Do the call, write the log line, and say what goes out."""
        with self._lock:
            fault = self.faults.next(method)
            if fault is not None and not fault.after:
                self._note(method, body, {"ok": False, "error": f"fault: {fault}"}, fault)
                return fault, _Answer({"ok": False, "error": "internal_error"})
            headers = {}
            status = 200
            try:
                reply = {"ok": True, **self.workspace.call(method, token, body)}
                if token in self.workspace.tokens:
                    headers["x-oauth-scopes"] = ",".join(sorted(self.workspace.tokens[token]))
            except Refusal as refusal:
                reply = {"ok": False, "error": refusal.code, **refusal.extra}
                if refusal.retry_after is not None:
                    status, headers["Retry-After"] = 429, str(refusal.retry_after)
            self._note(method, body, reply, fault)
            return fault, _Answer(reply, status, headers)

    def _note(self, method: str, body: dict[str, Any], reply: dict[str, Any], fault: Fault | None) -> None:
        line = {
            "n": len(self.calls),
            "at": self.workspace.now(),
            "method": method,
            "body": body,
            "stored": bool(reply["ok"]) and method in WRITES,
            "ts": reply.get("ts"),
            "answer": "ok" if reply["ok"] else reply["error"],
            "fault": str(fault) if fault else None,
        }
        self.calls.append(line)
        if self._log is not None:
            self._log.write(json.dumps(line) + "\n")
            self._log.flush()

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)


def read_log(path: Path) -> list[dict[str, Any]]:
    """Every whole line of a log."""
    return [
        json.loads(line) for line in path.read_text("utf-8").splitlines(keepends=True) if line[-1] == "\n"
    ]


def stored_posts(calls: Iterable[dict[str, Any]]) -> Counter[str]:
    """How often each delivery was stored by a post, by its delivery id: 0 is lost, 2 is doubled."""
    found: Counter[str] = Counter()
    for call in calls:
        if call["method"] == "chat.postMessage" and call["stored"]:
            metadata = call["body"].get("metadata") or {}
            payload = (json.loads(metadata) if isinstance(metadata, str) else metadata).get("event_payload")
            found[(payload or {}).get("delivery_id", "")] += 1
    return found


class _Answer:
    def __init__(self, reply: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None):
        self.body = json.dumps(reply).encode()
        self.status = status
        self.headers = headers or {}


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], slack: SlackLookalike) -> None:
        super().__init__(address, _Handler)
        self.slack = slack

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is part of the play; anything else is a bug and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.slack.opened(self.connection)

    def finish(self) -> None:
        self.server.slack.closed(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """The log of calls says more."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string(self.server.slack.workspace.now())

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
        fault, answer = self.server.slack.answer(parts.path.removeprefix("/api/"), token or None, body)
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

    def _misbehave(self, fault: Fault, answer: _Answer) -> None:
        self.close_connection = fault.how in ("drop", "reset", "timeout", "torso")
        match fault.how:
            case "drop":
                _hush(self.connection)
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
                _hush(self.connection)
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


def _hush(connection: socket.socket) -> None:
    """Close both ways at once; the far side may have been faster."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m alerts.testing.slack", description=__doc__.split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=8998)
    parser.add_argument("--log", type=Path, help="append each call to this file, one JSON line each")
    parser.add_argument("--channel", action="append", help=f"an ID; may be repeated (default {CHANNEL})")
    parser.add_argument("--pace", type=float, help="least seconds between posts to one channel")
    parser.add_argument("--lag", type=float, default=0.0, help="seconds until history shows a message")
    parser.add_argument("--fail", type=float, default=0.0, help="share of writes that fail, 0 to 1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--how", action="append", choices=HOWS, help="kinds of failure; may be repeated")
    given = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    channels = given.channel or [CHANNEL]
    with SlackLookalike(
        port=given.port, log=given.log, channels=channels, pace=given.pace, lag=given.lag
    ) as slack:
        if given.fail:
            slack.fail_at_random(given.fail, seed=given.seed, hows=given.how or ())
        sys.stdout.write(
            f"listening: api_url = {slack.api_url} token = {slack.token} channel = {slack.channel}\n"
        )
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
