"""Sockets that keep a deadline: every wait below HTTP ends when the whole call's time is up.

httpx and httpcore count time for each read anew, so a server that drips one byte now and then holds a call
for ever. Here the calling thread's `Call` says how long there is left in all, where it may connect to, and
whether the service is stopping; the sockets look at it in short slices.
"""

from __future__ import annotations

import os
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpcore

_SLICE = 0.2
"""Seconds between two looks at the clock and the stop sign."""


class Late(Exception):
    """The call's time is up."""


class Stopped(Exception):
    """The service is stopping."""


@dataclass(slots=True)
class Call:
    """One call's time and target. `addresses` are the checked ones: no name is looked up again."""

    until: float
    """On the monotonic clock."""
    stop: threading.Event
    addresses: Sequence[str] = ()
    connected: bool = False
    """A new connection was made, rather than an idle one used again."""
    peer: tuple[str, int] = field(default=("", 0))
    """The (host, port) that `addresses` belong to."""

    def left(self) -> float:
        """Seconds left. Raises Late or Stopped."""
        if self.stop.is_set():
            raise Stopped
        left = self.until - time.monotonic()
        if left <= 0:
            raise Late
        return left

    def slice(self) -> float:
        return min(self.left(), _SLICE)


def resolve(host: str, port: int, call: Call) -> list[str]:
    """The addresses of `host`. Raises OSError, Late or Stopped; a hanging name server is left behind."""
    found: list[str] = []
    faults: list[OSError] = []
    done = threading.Event()

    def ask() -> None:
        try:
            for *_, sockaddr in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
                if str(sockaddr[0]) not in found:
                    found.append(str(sockaddr[0]))
        except OSError as fault:
            faults.append(fault)
        except UnicodeError:
            faults.append(socket.gaierror(socket.EAI_NONAME, "not a name"))
        finally:
            done.set()

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    while not done.wait(call.slice()):
        pass
    if faults:
        raise faults[0]
    return found


class Wire(httpcore.NetworkBackend):
    """Connects for httpcore, under the calling thread's `Call`."""

    def __init__(self) -> None:
        self._local = threading.local()

    def begin(self, call: Call) -> None:
        """From here on this thread works for `call`."""
        self._local.call = call

    def call(self) -> Call:
        call: Call = self._local.call
        return call

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        call = self.call()
        call.connected = True
        # A proxy is the one place that is connected to without being the call's checked target.
        addresses = call.addresses if (host, port) == call.peer else resolve(host, port, call)
        fault: OSError = OSError("no address")
        for address in addresses:
            try:
                return _Stream(_connect(address, port, call), self.call)
            except OSError as refused:
                fault = refused
        raise httpcore.ConnectError(fault.strerror or str(fault)) from fault

    def sleep(self, seconds: float) -> None:
        self.call().stop.wait(min(seconds, self.call().left()))


def _connect(address: str, port: int, call: Call) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        target: Any = (address, port)
        if ":" in address:  # carries the zone of a link-local address along
            target = socket.getaddrinfo(address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)[
                0
            ][4]
        try:
            sock.connect(target)
        except BlockingIOError:
            while not _ready(sock, select.POLLOUT, call.slice()):
                pass
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock


def _ready(sock: socket.socket, event: int, seconds: float) -> bool:
    poll = select.poll()
    poll.register(sock, event)
    return bool(poll.poll(seconds * 1000))


class _Stream(httpcore.NetworkStream):
    def __init__(self, sock: socket.socket, call: Callable[[], Call]) -> None:
        self._sock = sock
        self._call = call

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            self._sock.settimeout(self._call().slice())
            try:
                return self._sock.recv(max_bytes)
            except TimeoutError:
                continue
            except OSError as fault:
                raise httpcore.ReadError(fault.strerror or "read failed") from fault

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        while rest:
            self._sock.settimeout(self._call().slice())
            try:
                rest = rest[self._sock.send(rest) :]
            except TimeoutError:
                continue
            except OSError as fault:
                raise httpcore.WriteError(fault.strerror or "write failed") from fault

    def close(self) -> None:
        self._sock.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        if isinstance(self._sock, ssl.SSLSocket):
            raise httpcore.ConnectError("a proxy that is itself reached by https is not supported")
        secure: ssl.SSLSocket | None = None
        try:
            secure = ssl_context.wrap_socket(
                self._sock, server_hostname=server_hostname, do_handshake_on_connect=False
            )
            while True:
                secure.settimeout(self._call().slice())
                try:
                    secure.do_handshake()
                    return _Stream(secure, self._call)
                except TimeoutError:
                    continue
        except ssl.SSLCertVerificationError as fault:
            (secure or self._sock).close()
            raise httpcore.ConnectError(f"its certificate is not trusted: {fault.verify_message}") from fault
        except OSError as fault:
            (secure or self._sock).close()
            raise httpcore.ConnectError("no secure connection came about (TLS)") from fault
        except BaseException:
            (secure or self._sock).close()
            raise

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._sock, ssl.SSLSocket):
            return self._sock
        if info == "socket":
            return self._sock
        if info == "client_addr":
            return self._sock.getsockname()
        if info == "server_addr":
            return self._sock.getpeername()
        if info == "is_readable":
            return self._sock.fileno() < 0 or _ready(self._sock, select.POLLIN, 0)
        return None
