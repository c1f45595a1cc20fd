"""Socket Mode: tickets, hello, envelopes to any one socket, acknowledgements, retries, and all ways to go.

https://docs.slack.dev/apis/events-api/using-socket-mode. Seconds here are ticks of the workspace: real ones,
unless a test says otherwise.
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from alerts.testing.envelopes import EVENTS, Ack, Attempt, Envelope, Outcome

if TYPE_CHECKING:
    from alerts.testing.links import Link, Server

REASONS = ("warning", "refresh_requested", "link_disabled", "too_many_websockets")
TICKET_LIFE = 30.0


class Sockets:
    """All sockets of the app. The public fields may be changed by a test."""

    def __init__(self, lock: threading.RLock, ticks: Callable[[], float], app: str) -> None:
        self.ack_within = 3.0
        """Seconds until Slack gives an attempt up."""
        self.retries: tuple[float, ...] = (0.0, 60.0, 300.0)
        """Seconds from the failure of an event to its next attempt. Interactions are never sent again."""
        self.most = 10
        self.approximate_connection_time = 18_060
        self.silent = False
        """New sockets are accepted, and then nothing comes from them."""
        self.envelopes: list[Envelope] = []
        """All that was ever sent, in order."""
        self.story: list[tuple[int, str]] = []
        """What befell each socket, in order: `open`, `hello`, `disconnect: <reason>`, `drop`, `silent`, `closed`."""
        self._lock = lock
        self._ticks = ticks
        self._app = app
        self._links: list[Link] = []
        self._tickets: dict[str, float] = {}
        self._by_id: dict[str, tuple[Envelope, Attempt]] = {}
        self._pending: list[Envelope] = []
        self._numbers = itertools.count(1)
        self._turn = itertools.count()
        self._server: Server | None = None
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []

    # ── what tests ask and do ────────────────────────────────────────────────────────────────────────────

    @property
    def open(self) -> list[int]:
        """The numbers of the sockets that are connected."""
        with self._lock:
            return [link.number for link in self._links]

    def disconnect(self, reason: str = "refresh_requested", *, socket: int | None = None) -> None:
        """Tell a socket (all of them without a number) to go. After a warning it stays; else Slack closes it."""
        if reason not in REASONS:
            raise ValueError(f"no such reason: {reason}")
        for link in self._chosen(socket, f"disconnect: {reason}"):
            self._say(link, {"type": "disconnect", "reason": reason, "debug_info": {"host": "look-alike"}})
            link.leaving = True
            if reason != "warning":
                closing = threading.Timer(0.2, link.close)  # the app hears the reason before the end
                closing.daemon = True
                closing.start()
                self._threads.append(closing)

    def drop(self, socket: int | None = None) -> None:
        """End a socket, or all, without a word."""
        for link in self._chosen(socket, "drop"):
            link.cut()

    def silence(self, socket: int | None = None) -> None:
        """Let a socket, or all, stay open and say nothing any more, whatever comes in."""
        for link in self._chosen(socket, "silent"):
            link.silent = True

    def send(self, envelope: Envelope) -> Envelope:
        """To any one of the sockets. Sending one a second time is a doubled delivery, as Slack may do it."""
        with self._lock:
            if not self.envelopes:
                self._start(self._watch)
            if envelope not in self.envelopes:
                self.envelopes.append(envelope)
            self._attempt(envelope, envelope.attempts[-1].number if envelope.attempts else 0)
        return envelope

    # ── coming and going ─────────────────────────────────────────────────────────────────────────────────

    def address(self) -> str:
        """Where to connect, once and soon. The first call opens the server."""
        if self._server is None:
            from alerts.testing.links import listen

            self._server = listen(self._serve, self._admit)
            self._start(self._server.serve_forever)
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets[ticket] = self._ticks()
        host, port = self._server.socket.getsockname()[:2]
        return f"ws://{host}:{port}/link/?ticket={ticket}&app_id={self._app}"

    def close(self) -> None:
        self._closing.set()
        for link in self._chosen(None, "drop"):
            link.cut()
        if self._server is not None:
            self._server.shutdown()
        for thread in self._threads:
            thread.join()

    def _start(self, work: Callable[[], None]) -> None:
        self._threads.append(threading.Thread(target=work, daemon=True))
        self._threads[-1].start()

    def _admit(self, link: Link, path: str) -> bool:
        ticket = path.partition("ticket=")[2].partition("&")[0]
        with self._lock:
            born = self._tickets.pop(ticket, None)
            link.silent = self.silent
        return born is not None and self._ticks() - born <= TICKET_LIFE

    def _serve(self, link: Link) -> None:
        from alerts.testing.links import ConnectionClosed

        with self._lock:
            link.number = next(self._numbers)
            self.story.append((link.number, "open"))
            self._links.append(link)
            crowd = len(self._links)
        try:
            if crowd > self.most:
                self._say(link, {"type": "disconnect", "reason": "too_many_websockets"})
                return
            self._say(link, self._hello(crowd))
            self.story.append((link.number, "silent" if link.silent else "hello"))
            for raw in link:
                self._heard(link, raw)
        except ConnectionClosed:
            return
        finally:
            with self._lock:
                self._links.remove(link)
                self.story.append((link.number, "closed"))

    def _hello(self, crowd: int) -> dict[str, Any]:
        host = {"host": "look-alike", "approximate_connection_time": self.approximate_connection_time}
        told = {"type": "hello", "num_connections": crowd, "debug_info": host}
        return {**told, "connection_info": {"app_id": self._app}}

    def _chosen(self, number: int | None, what: str) -> list[Link]:
        with self._lock:
            links = [link for link in self._links if number in (None, link.number)]
            self.story += [(link.number, what) for link in links]
        return links

    # ── envelopes ────────────────────────────────────────────────────────────────────────────────────────

    def _attempt(self, envelope: Envelope, number: int) -> None:
        """Send it over the first socket that takes it, beginning with the next in turn."""
        links = [link for link in self._links if not link.leaving] or list(self._links)
        turn = next(self._turn)
        for place in range(len(links)):
            link = links[(turn + place) % len(links)]
            attempt = self._noted(envelope, number, link.number)
            if self._say(link, _frame(envelope, attempt)):
                return
        self._noted(envelope, number, None)

    def _noted(self, envelope: Envelope, number: int, socket: int | None) -> Attempt:
        envelope_id = f"e0000000-0000-4000-8000-{next(self._numbers):012d}"
        attempt = Attempt(envelope_id, self._ticks(), socket, number)
        envelope.attempts.append(attempt)
        envelope.failed = False
        envelope.due = attempt.at + (0.0 if socket is None else self.ack_within)
        self._by_id[envelope_id] = (envelope, attempt)
        if envelope.outcome is Outcome.WAITING and envelope not in self._pending:
            self._pending.append(envelope)
        return attempt

    def _heard(self, link: Link, raw: str | bytes) -> None:
        frame = json.loads(raw)
        with self._lock:
            if link.silent or frame.get("envelope_id") not in self._by_id:
                return
            envelope, attempt = self._by_id[frame["envelope_id"]]
            after = self._ticks() - attempt.at
            late = envelope.outcome is not Outcome.WAITING or after > self.ack_within
            payload = frame.get("payload") or {}
            envelope.acks.append(Ack(frame["envelope_id"], after, link.number, payload, late))
            if late:
                return
            if envelope.then is not None:
                envelope.then(payload)
            self._pending.remove(envelope)
            envelope.settle(Outcome.ACKED)

    def _watch(self) -> None:
        while not self._closing.wait(0.01):
            with self._lock:
                for envelope in [e for e in self._pending if e.due <= self._ticks()]:
                    self._overdue(envelope)

    def _overdue(self, envelope: Envelope) -> None:
        number = envelope.attempts[-1].number
        if envelope.failed:
            self._attempt(envelope, number + 1)
        elif envelope.kind == EVENTS and number < len(self.retries):
            envelope.failed = True
            envelope.due = self._ticks() + self.retries[number]
        else:
            self._pending.remove(envelope)
            envelope.settle(Outcome.NO_ANSWER)

    def _say(self, link: Link, frame: dict[str, Any]) -> bool:
        from alerts.testing.links import ConnectionClosed

        try:
            link.send(json.dumps(frame))
        except (ConnectionClosed, OSError):
            return False
        return True


def _frame(envelope: Envelope, attempt: Attempt) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "type": envelope.kind,
        "envelope_id": attempt.envelope_id,
        "payload": envelope.payload,
    }
    if envelope.kind == EVENTS:
        reason = "timeout" if attempt.number else ""
        frame |= {"retry_attempt": attempt.number, "retry_reason": reason}
    return {**frame, "accepts_response_payload": envelope.kind != EVENTS}
