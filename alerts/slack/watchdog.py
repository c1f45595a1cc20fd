"""Keeps a socket to Slack open: makes the first, and a new one when it broke, went silent, or Slack asks for it.

A socket may stay open and yet bring nothing any more. Each beat asks for a sign of life; when none came for three
pings, the socket counts as silent and is replaced.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Protocol

import structlog

from alerts.slack.listening import REASONS, words_of
from monitor.core.errors import DeliveryError
from monitor.core.gestures import Line, Link

log = structlog.get_logger(__name__)

SILENT_AFTER = 3
"""Pings without a sign of life."""
BEAT = 1.0
LONGEST_PAUSE = 30.0


class Watched(Protocol):
    """A socket, as the watchdog knows it (`alerts.slack.listening.Socket`)."""

    heard_at: float

    def is_connected(self) -> bool: ...
    def renew(self) -> None: ...
    def feel(self) -> float: ...


class Watchdog:
    """`ping` in seconds. `each_beat` is called about every second, in the watchdog's thread."""

    def __init__(
        self, ping: float, each_beat: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.ping = ping
        self._clock = clock
        self.line = Line(Link.OFF, datetime.now(UTC))
        self._each_beat = each_beat
        self._beat = min(BEAT, ping / 4)
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._wished = ""
        self._born = 0.0
        self._failures = 0
        self._not_before = 0.0
        self._thread: threading.Thread | None = None

    def start(self, socket: Watched) -> None:
        self._thread = threading.Thread(target=self._run, args=(socket,), name="slack-watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Returns once nothing is being made any more."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def wish(self, reason: str) -> None:
        """Slack says that it closes the socket."""
        self._wished = reason
        self._wake.set()

    def _run(self, socket: Watched) -> None:
        while not self._stop.is_set():
            try:
                self.look(socket)
                self._each_beat()
            except Exception:
                log.exception("fault in the watchdog of Slack's socket")
            self._wake.wait(self._beat)
            self._wake.clear()
        self._say(Link.OFF)

    def look(self, socket: Watched) -> None:
        """Once: how is it, and what is to be done."""
        wished, self._wished = self._wished, ""
        if wished in REASONS:
            self._say(Link.OFF, REASONS[wished])
            self._pause()
            return
        if not socket.is_connected():
            if self.line.link is not Link.OFF:
                self._say(Link.OFF, "The socket to Slack broke.")
            self._renew(socket)
        elif wished:
            self._renew(socket, counted=False)
        elif socket.feel() > SILENT_AFTER * self.ping:
            self._say(Link.SILENT, "The socket to Slack is open, and nothing comes from it.")
            self._renew(socket)
        elif socket.heard_at > self._born:
            self._failures = 0
            self._not_before = min(self._not_before, self._clock() + self._beat)
            self._say(Link.CONNECTED)

    def _renew(self, socket: Watched, *, counted: bool = True) -> None:
        if self._clock() < self._not_before:
            return
        first = not self._born
        try:
            socket.renew()
        except DeliveryError as fault:
            told = words_of(fault)
            self._say(self.line.link if self.line.link is Link.SILENT else Link.OFF, told)
            self._pause(fault.retry_after.total_seconds() if fault.retry_after else 0.0)
            return
        self._born = socket.heard_at
        self._pause()
        if counted and not first:
            self.line = replace(self.line, renewed=self.line.renewed + 1)
            log.warning("a new socket to Slack", times=self.line.renewed, why=self.line.fault or None)

    def _pause(self, least: float = 0.0) -> None:
        """Each failure in a row doubles the time until the next try. Only a sign of life ends the row."""
        self._failures += 1
        pause = min(self._beat * 2 ** (self._failures - 1), LONGEST_PAUSE)
        self._not_before = self._clock() + max(pause, least)

    def _say(self, link: Link, fault: str = "") -> None:
        before = self.line
        if (link, fault) == (before.link, before.fault):
            return
        since = before.since if link is before.link else datetime.now(UTC)
        self.line = Line(link, since, before.renewed, fault)
        if link is Link.CONNECTED:
            log.info("Slack's socket is open")
        elif fault:
            log.warning("no clicks are heard", link=link.value, why=fault)
