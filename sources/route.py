"""How a request gets to its host: when it is our turn there, and through which proxy."""

from __future__ import annotations

import threading
import time
import urllib.request

from sources.wire import Call, Stopped


class Turns:
    """One request at a time to a host, `spacing` seconds apart, in the order of asking."""

    def __init__(self, spacing: float) -> None:
        self._spacing = spacing
        self._lock = threading.Lock()
        self._next: dict[str, float] = {}

    def wait(self, host: str, call: Call) -> float:
        """Wait for our turn; the seconds waited. Raises Stopped."""
        with self._lock:
            now = time.monotonic()
            if len(self._next) > 10_000:
                self._next = {name: turn for name, turn in self._next.items() if turn > now}
            turn = max(now, self._next.get(host, now))
            self._next[host] = turn + self._spacing
        if turn > now and call.stop.wait(turn - now):
            raise Stopped
        return max(turn - now, 0.0)


class Proxies:
    """Which proxy, if any, leads to a host: the one given, or what the environment says."""

    def __init__(self, proxy: str | None) -> None:
        self._given = proxy
        self._env = {} if proxy else urllib.request.getproxies_environment()

    def of(self, scheme: str, host: str, port: int) -> str | None:
        if self._given:
            return self._given
        found: str | None = self._env.get(scheme) or self._env.get("all")
        if not found:
            return None
        if urllib.request.proxy_bypass_environment(f"{host}:{port}", self._env):  # type: ignore[attr-defined]
            return None
        return found if "://" in found else f"http://{found}"
