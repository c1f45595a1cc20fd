"""Telling the service manager how we are: the notify protocol, a datagram to a socket it names."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from datetime import timedelta


class Manager:
    """Whoever started us and wants to know; silent when nobody does."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self._address = environ.get("NOTIFY_SOCKET", "")
        meant = environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        self._microseconds = environ.get("WATCHDOG_USEC", "") if meant else ""

    @property
    def watchdog(self) -> timedelta | None:
        """How often it wants a sign of life, halved for safety; None if it does not."""
        if not self._microseconds.isdecimal() or not int(self._microseconds):
            return None
        return timedelta(microseconds=int(self._microseconds)) / 2

    def tell(self, *facts: str) -> None:
        """`READY=1`, `STATUS=…`, `WATCHDOG=1`, `STOPPING=1`. A manager that is gone is no fault of ours."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            try:
                line.connect(address)
                line.sendall("\n".join(facts).encode())
            except OSError:
                return
