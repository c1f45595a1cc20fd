"""httpx over a pool of connections whose sockets keep our time (`sources.wire`)."""

from __future__ import annotations

from collections.abc import Iterator

import httpcore
import httpx

from monitor.core.errors import Denied
from sources.wire import Wire


class Transport(httpx.BaseTransport):
    """httpx's own, but over a pool whose sockets keep our time."""

    def __init__(self, pool: httpcore.ConnectionPool) -> None:
        self._pool = pool

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(
            answer.status, headers=answer.headers, stream=_Stream(answer), extensions=answer.extensions
        )

    def close(self) -> None:
        self._pool.close()


class _Stream(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


def pool(wire: Wire, proxy: str | None) -> httpcore.ConnectionPool:
    limits = {"max_connections": None, "max_keepalive_connections": 20, "keepalive_expiry": 5.0}
    secure = httpx.create_ssl_context()
    if proxy is None:
        return httpcore.ConnectionPool(ssl_context=secure, network_backend=wire, **limits)  # type: ignore[arg-type]
    parts = httpx.Proxy(proxy)
    if parts.url.scheme != "http":
        raise Denied("this proxy cannot be used: HTTPS_PROXY must begin with http://")
    return httpcore.HTTPProxy(
        proxy_url=httpcore.URL(
            scheme=parts.url.raw_scheme, host=parts.url.raw_host, port=parts.url.port or 80, target=b"/"
        ),
        proxy_auth=parts.raw_auth,
        ssl_context=secure,
        network_backend=wire,
        **limits,  # type: ignore[arg-type]
    )
