"""The WebSocket side, on loopback. Needs the package `websockets`, and is loaded with the first socket."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

__all__ = ["ConnectionClosed", "Link", "Server", "listen"]

_SILENT = logging.Logger("look-alike", logging.CRITICAL + 1)


class Link(ServerConnection):
    """One socket. `number` counts them from 1; one that is `leaving` was told to go and gets nothing new while
    there is another."""

    number: int = 0
    silent: bool = False
    """Connected and dead: nothing goes out any more, not even the answer to a ping."""
    leaving: bool = False

    def send_data(self) -> None:
        if not self.silent:
            super().send_data()
            return
        for data in self.protocol.data_to_send():
            if data.startswith(b"HTTP/"):  # without it there would be no connection to be silent on
                self.socket.sendall(data)

    def cut(self) -> None:
        """End it without a word."""
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def listen(serve_link: Callable[[Link], None], admit: Callable[[Link, str], bool]) -> Server:
    """A server on a free port. `admit` is asked about each path before the socket opens."""

    def gate(link: ServerConnection, request: Request) -> Response | None:
        assert isinstance(link, Link)
        return None if admit(link, request.path) else link.respond(404, "no such ticket\n")

    def handle(link: ServerConnection) -> None:
        assert isinstance(link, Link)
        serve_link(link)

    return serve(
        handle,
        "127.0.0.1",
        0,
        process_request=gate,
        create_connection=Link,
        compression=None,
        ping_interval=None,
        close_timeout=0.5,
        logger=_SILENT,
    )
