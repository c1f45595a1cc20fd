"""A Slack look-alike: real HTTP and WebSocket servers on loopback that keep a workspace, and fail on demand.

    with SlackLookalike(log=path) as slack:
        slack.fail("drop", after=True, method="chat.postMessage")
        ... the program under test, given slack.api_url, slack.token, slack.app_token and slack.channel ...
        assert slack.deliveries()["delivery-1"] == 1
        click = slack.people.click(slack.messages()[0]["ts"], "claim", "U0ADA").wait()
        assert click.acked and click.ack_after < 1.0

| part | holds |
|---|---|
| `people` | what persons do: click, choose, submit, type a command, open Home, archive a channel, ... |
| `sockets` | Socket Mode: the envelopes that were sent, and every way a socket can fail |
| `workspace` | channels, people, tokens, limits; what was whispered; open modals and Home |

What truly was stored is counted from its own log, one JSON line for each call, written before the answer
goes out: `{"n", "at", "method", "body", "stored", "ts", "answer", "fault"}`. By hand or beside another
program: `python -m alerts.testing.slack --port 8998 --log calls.jsonl`. Socket Mode needs `websockets`.
"""

from __future__ import annotations

import argparse
import random
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from alerts.testing import server, web
from alerts.testing.calls import CallLog, read_log, stored_posts
from alerts.testing.faults import HOWS, Fault, Faults
from alerts.testing.hooks import Hooks
from alerts.testing.people import People
from alerts.testing.sockets import Sockets
from alerts.testing.workspace import APP, APP_TOKEN, SCOPES, TOKEN, Channel, Refusal, Workspace

__all__ = ["CHANNEL", "WRITES", "SlackLookalike", "read_log", "stored_posts"]

CHANNEL = "C0COMPLAINTS"
WRITES = (*web.WRITES, "response_url")


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
        tiers: bool = False,
    ) -> None:
        self.workspace = Workspace(now=now, pace=pace, lag=lag, tiers=tiers)
        self.workspace.tokens[TOKEN] = frozenset(scopes)
        for at, name in enumerate(channels):
            self.workspace.channels[name] = Channel(name, name="complaints" if at == 0 else f"other-{at}")
        self.token = TOKEN
        self.app_token = APP_TOKEN
        self.channel = channels[0]
        self.faults = Faults()
        self._log = CallLog(log, WRITES)
        self.calls = self._log.lines
        self.closing = threading.Event()
        self._lock = threading.RLock()
        self._open: set[socket.socket] = set()
        self._server = server.HttpServer(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self.sockets = Sockets(self._lock, self.workspace.elapsed, APP)
        self.hooks = Hooks(self.workspace)
        self.people = People(self.workspace, self.sockets, self.hooks, self._lock, self._hook_url)

    @property
    def api_url(self) -> str:
        return f"{self._root}{server.API}"

    @property
    def _root(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _hook_url(self, path: str) -> str:
        return f"{self._root}{server.HOOKS}{path}"

    def __enter__(self) -> SlackLookalike:
        self._log.open()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.sockets.close()
        self._server.shutdown()
        with self._lock:
            for connection in self._open:
                server.hush(connection)
        self._server.server_close()
        self._thread.join()
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

    def go_down(self) -> None:
        """An outage: the sockets drop, and every call is a 503, until `come_back`."""
        self.faults.down = True
        self.sockets.drop()

    def come_back(self) -> None:
        self.faults.down = False

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What stands in the channel now, threads included, oldest first."""
        with self._lock:
            return list(self.workspace.channels[channel or self.channel].messages.values())

    def thread(self, ts: str, channel: str | None = None) -> list[dict[str, Any]]:
        """A message and what was answered below it, oldest first."""
        return [m for m in self.messages(channel) if ts in (m["ts"], m.get("thread_ts"))]

    def whispers(self, user: str) -> list[dict[str, Any]]:
        """What this person alone was shown, oldest first."""
        with self._lock:
            return [shown for shown in self.workspace.ephemerals if shown["user"] == user]

    def modals(self, user: str) -> list[dict[str, Any]]:
        """What this person has open, the one in sight last."""
        with self._lock:
            return self.workspace.screens.stack(user)

    def home(self, user: str) -> dict[str, Any] | None:
        """This person's Home as last published."""
        with self._lock:
            return self.workspace.screens.homes.get(user)

    def called(self, method: str) -> list[dict[str, Any]]:
        """The lines of the log about this method."""
        return [call for call in list(self.calls) if call["method"] == method]

    def until(self, holds: Callable[[], Any], timeout: float = 10.0) -> Any:
        """Wait until `holds` gives something true, and give that. Raises TimeoutError after real seconds."""
        deadline = time.monotonic() + timeout
        while not (found := holds()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"did not come about within {timeout} s")
            time.sleep(0.01)
        return found

    def deliveries(self) -> Counter[str]:
        """How often each delivery was stored by a post, by its delivery id."""
        return stored_posts(self.calls)

    # ── what the handler asks ────────────────────────────────────────────────────────────────────────────

    def time(self) -> float:
        return self.workspace.now()

    def answer(
        self, method: str, token: str | None, body: dict[str, Any]
    ) -> tuple[Fault | None, server.Answer]:
        """Do the call, write the log line, and say what goes out."""
        with self._lock:
            fault = self.faults.next(method)
            if fault is not None and not fault.after:
                self._note(method, body, {"ok": False, "error": f"fault: {fault}"}, fault)
                return fault, server.Answer({"ok": False, "error": "internal_error"})
            headers = {}
            status = 200
            try:
                reply = {"ok": True, **self._do(method, token, body)}
                if token in self.workspace.tokens:
                    headers["x-oauth-scopes"] = ",".join(sorted(self.workspace.tokens[token]))
            except Refusal as refusal:
                reply = {"ok": False, "error": refusal.code, **refusal.extra}
                if refusal.retry_after is not None:
                    status, headers["Retry-After"] = 429, str(refusal.retry_after)
                elif method == "response_url":
                    status = 404
            self._note(method, body, reply, fault)
            return fault, server.Answer(reply, status, headers)

    def _do(self, method: str, token: str | None, body: dict[str, Any]) -> dict[str, Any]:
        if method == "response_url":
            return self.hooks.post(body["hook"], {key: body[key] for key in body if key != "hook"})
        return web.answer(self.workspace, method, token, body, self.sockets.address)

    def _note(self, method: str, body: dict[str, Any], reply: dict[str, Any], fault: Fault | None) -> None:
        self._log.note(self.workspace.now(), method, body, reply, fault)

    def opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)


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
            f"listening: api_url = {slack.api_url} token = {slack.token} channel = {slack.channel}"
            f" app_token = {slack.app_token}\n"
        )
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
