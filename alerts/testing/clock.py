"""A clock for tests: it stands, runs at any speed, or is put forward by hand."""

from __future__ import annotations

import threading
import time


class Clock:
    """Unix seconds when called. `speed` 0 stands still, 60 makes a minute of each second."""

    def __init__(self, start: float | None = None, speed: float = 0.0) -> None:
        self._base = time.time() if start is None else start
        self._speed = speed
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def __call__(self) -> float:
        with self._lock:
            return self._read()

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._base += seconds

    def run(self, speed: float) -> None:
        """From now on at this speed."""
        with self._lock:
            self._base, self._since, self._speed = self._read(), time.monotonic(), speed

    def _read(self) -> float:
        return self._base + (time.monotonic() - self._since) * self._speed
