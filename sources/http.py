"""The one door to the network: an HTTP client that a hostile or broken server can neither hold nor misuse.

One straight flow for each hop: may we go there (scheme, address) -> our turn at that host -> ask, with the
whole call's time running -> a redirect? once more, by hand -> read, unpack and measure the body.
Every status is an answer; what it means is the source's to say (`sources.status`).
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

import httpcore
import httpx

from monitor.core.errors import BadPayload, Denied, Unreachable
from monitor.core.ports import Response
from sources.address import Allowed, literal, objection
from sources.conditional import belonging, condition, proof
from sources.inflate import Inflate
from sources.pool import Transport, pool
from sources.route import Proxies, Turns
from sources.text import shown
from sources.wire import Call, Late, Stopped, Wire, resolve

_MOST_REDIRECTS = 5
_REDIRECTS = frozenset((301, 302, 303, 307, 308))
_PERMANENT = frozenset((301, 308))
_TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")
_TO_STRANGERS = frozenset(("accept", "accept-language"))
"""The caller's headers that may go to another host than the one they were meant for."""


def agent() -> str:
    """The name we go by."""
    try:
        number = version("complaint-monitor")
    except PackageNotFoundError:
        number = "0"
    return f"complaint-monitor/{number} (feed reader for customer service)"


@dataclass(frozen=True, slots=True)
class _Hop:
    """Where one request goes, once it may."""

    url: httpx.URL
    host: str
    port: int
    addresses: tuple[str, ...]
    """Checked; empty when a proxy looks the name up."""
    private: bool
    proxy: str | None

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.url.scheme, self.host, self.port


class HttpClient:
    """Implements `monitor.core.ports.Http`. One for the whole process, used from any number of threads.

    `deadline`: seconds one `get` may take in all, from name look-up over redirects to the last byte (waiting
    for our turn at a host apart). `max_body`: bytes after unpacking. `spacing`: seconds between two requests
    to the same host; private hosts need none. `allow_private_hosts`: `host` or `host:port`, as written in
    feeds. `proxy`: used for everything; without it HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY count (but
    allowed hosts on this very machine are always asked directly). Setting `stop` ends every wait.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        deadline: float = 30.0,
        max_body: int = 10_000_000,
        spacing: float = 1.0,
        allow_private_hosts: Sequence[str] = (),
        user_agent: str | None = None,
        proxy: str | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        self._now = now
        self._deadline = deadline
        self._max_body = max_body
        self._allowed = Allowed.of(allow_private_hosts)
        self._basics = {
            "user-agent": user_agent or agent(),
            "accept-encoding": "gzip, deflate",
            "accept": "*/*",
        }
        self._stop = stop or threading.Event()
        self._turns = Turns(spacing)
        self._proxies = Proxies(proxy)
        self._wire = Wire()
        self._clients: dict[str | None, httpx.Client] = {}
        self._opening = threading.Lock()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        validators: Mapping[str, str] | None = None,
    ) -> Response:
        """As `Http.get`; a token is not sent unencrypted to a host outside. BadPayload also: broken packing."""
        target = _address(url, params)
        asked = str(target)
        if token is not None and not _TOKEN.fullmatch(token):
            raise Denied(
                f"the token for {target.host} cannot be one: it is empty or holds blanks, line breaks or "
                "other foreign signs; check the variable or file it comes from"
            )
        own = {name.lower(): value for name, value in (headers or {}).items()}
        if token is not None:
            own["authorization"] = f"Bearer {token}"
        known = belonging(validators, asked)
        call = Call(until=time.monotonic() + self._deadline, stop=self._stop)
        try:
            return self._follow(target, asked, own, known, call)
        except Late:
            raise Unreachable(
                f"{shown(asked)} did not answer in full within {self._deadline:g} seconds: it is asked again later"
            ) from None
        except Stopped:
            raise Unreachable(f"stopping: {shown(asked)} was not read to its end") from None

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Response:
        """As `Post.post`. The answer's body is not read: its status says all."""
        target = self._own(url)
        call = Call(until=time.monotonic() + self._deadline, stop=self._stop)
        try:
            hop = self._encrypted(target, call)
            answer = self._ask(hop, {**self._basics, **headers}, call, body)
            answer.close()
        except Late:
            raise Unreachable(f"{target.host} did not answer within {self._deadline:g} seconds") from None
        except Stopped:
            raise Unreachable(f"stopping: {target.host} was not waited for") from None
        told = {name.lower(): value for name, value in answer.headers.items()}
        return Response(answer.status_code, str(target), told, b"", self._now())

    def may_post(self, url: str) -> None:
        """As `Post.may_post`."""
        target = self._own(url)
        try:
            self._encrypted(target, Call(until=time.monotonic() + self._deadline, stop=self._stop))
        except (Late, Stopped):
            raise Unreachable(f"the name {target.host} could not be looked up in time") from None

    def close(self) -> None:
        """Close idle connections; use no more afterwards."""
        with self._opening:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _own(self, url: str) -> httpx.URL:
        try:
            return _address(url, None)
        except Denied:  # which shows the address, and whoever knows it may post there
            raise Denied("this cannot be read as a web address: check it in the settings") from None

    def _encrypted(self, target: httpx.URL, call: Call) -> _Hop:
        hop = self._check(target, call, before=None)
        if hop.url.scheme == "http" and not hop.private:
            raise Denied(f"{hop.host} would get it unencrypted, for all on the way to read: use https://")
        return hop

    # ── one call ─────────────────────────────────────────────────────────────────────────────────────────

    def _follow(
        self, target: httpx.URL, asked: str, own: dict[str, str], known: Mapping[str, str], call: Call
    ) -> Response:
        first = hop = self._check(target, call, before=None)
        if "authorization" in own and hop.url.scheme == "http" and not hop.private:
            raise Denied(f"{shown(asked)} is not encrypted, and a token is never sent so: use https://")
        permanent = True
        for _ in range(_MOST_REDIRECTS + 1):
            if hop.origin != first.origin:
                own = {name: value for name, value in own.items() if name in _TO_STRANGERS}
            answer = self._ask(hop, {**self._basics, **condition(known, asked, str(hop.url)), **own}, call)
            try:
                place = answer.headers.get("location", "").strip()
                if answer.status_code not in _REDIRECTS or not place:
                    return self._response(answer, hop, asked, first, permanent, known, call)
                permanent = permanent and answer.status_code in _PERMANENT
            finally:
                answer.close()
            hop = self._check(_join(hop.url, place), call, before=hop)
        raise Unreachable(
            f"{shown(asked)} redirects more than {_MOST_REDIRECTS} times, perhaps in a circle: check the address"
        )

    def _check(self, url: httpx.URL, call: Call, before: _Hop | None) -> _Hop:
        """May we go there? Looks the name up once; whoever connects uses these addresses and no others."""
        if url.scheme not in ("http", "https") or not url.host:
            raise Denied(f"{shown(str(url))} is no web address: only http:// and https:// are read")
        host = url.raw_host.decode("ascii").lower()
        port = (443 if url.scheme == "https" else 80) if url.port is None else url.port
        if "%" in host or not 0 < port < 65536:
            raise Denied(f"{shown(str(url))} cannot be read as a web address: its host or port is none")
        number = literal(host)
        allowed = (host, port) in self._allowed
        local = allowed and number is not None and number.is_loopback
        proxy = None if local else self._proxies.of(url.scheme, host, port)
        if proxy is not None:
            addresses: tuple[str, ...] = ()
            whys = [objection(number)] if number is not None else []
        else:
            addresses = self._resolve(host, port, call)
            whys = [objection(found) for found in map(literal, addresses) if found is not None]
        why = next((why for why in whys if why), None)
        if why:
            self._object(host, port, why, allowed, before)
        return _Hop(url, host, port, addresses, why is not None, proxy)

    def _object(self, host: str, port: int, why: str, allowed: bool, before: _Hop | None) -> None:
        article = "an" if why[0] in "aeiou" else "a"
        if before is not None and not before.private:
            raise Denied(
                f"{before.host} redirects to {host}:{port}, which is {article} {why} address: from outside this "
                "is never followed; if that place is yours, put its own address into the feed"
            )
        if not allowed:
            raise Denied(
                f"{host} is {article} {why} address, which is reached only where the settings say so: if this is "
                f'meant, add "{host}:{port}" to `http.allow_private_hosts`'
            )

    def _resolve(self, host: str, port: int, call: Call) -> tuple[str, ...]:
        try:
            return tuple(resolve(host.strip("[]"), port, call))
        except OSError:
            raise Unreachable(
                f"the name {host} could not be looked up: it does not exist, or the network is away"
            ) from None

    def _ask(
        self, hop: _Hop, headers: Mapping[str, str], call: Call, body: bytes | None = None
    ) -> httpx.Response:
        """GET; POST where there is a body."""
        if not hop.private:
            waited = self._turns.wait(hop.host, call)
            call.until += waited
        client = self._client(hop.proxy)
        call.addresses = hop.addresses
        call.peer = (hop.host.strip("[]"), hop.port) if hop.proxy is None else ("", 0)
        self._wire.begin(call)
        for again in (True, False):
            call.connected = False
            try:
                request = client.build_request(
                    "GET" if body is None else "POST", hop.url, headers=headers, content=body
                )
                return client.send(request, stream=True)
            except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError) as fault:
                # An idle connection may die in the very moment it is used again: nothing was answered on
                # it, so asking once more on a new one is no second request.
                if again and not call.connected:
                    continue
                raise self._broken(hop, fault) from None
            except (httpcore.ConnectError, httpcore.ProxyError, httpcore.ProtocolError) as fault:
                raise self._broken(hop, fault) from None
            except (httpx.InvalidURL, httpx.HTTPError):  # httpx looks at redirects it need not follow
                raise _lost(hop.host) from None
            except ValueError:
                raise self._broken(hop, httpcore.LocalProtocolError()) from None
        raise AssertionError("unreachable")

    def _broken(self, hop: _Hop, fault: Exception) -> Unreachable | Denied:
        if isinstance(fault, httpcore.ProxyError):
            if str(fault).startswith("407"):
                return Denied(f"the proxy wants a log-in before it asks {hop.host}: check HTTPS_PROXY")
            return Unreachable(
                f"the proxy could not reach {hop.host} ({_short(fault)}): it is asked again later"
            )
        if isinstance(fault, httpcore.ConnectError):
            through = " through the proxy" if hop.proxy else ""
            return Unreachable(
                f"{hop.host} could not be reached{through} ({_short(fault)}): it is asked again later"
            )
        if isinstance(fault, httpcore.LocalProtocolError):
            return Denied(
                f"the request to {hop.host} holds signs that HTTP does not allow: check the feed's options"
            )
        return Unreachable(f"{hop.host} broke the answer off: it is asked again later")

    def _response(
        self,
        answer: httpx.Response,
        hop: _Hop,
        asked: str,
        first: _Hop,
        permanent: bool,
        known: Mapping[str, str],
        call: Call,
    ) -> Response:
        body = self._body(answer, hop, call)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        final = str(hop.url)
        return Response(
            status=answer.status_code,
            url=final,
            headers=headers,
            body=body,
            now=self._now(),
            validators=proof(answer.status_code, headers, asked, final, known),
            moved_to=final if permanent and hop is not first else None,
        )

    def _body(self, answer: httpx.Response, hop: _Hop, call: Call) -> bytes:
        inflate = Inflate(answer.headers.get("content-encoding", ""), self._max_body)
        try:
            for data in answer.iter_raw():
                call.left()
                inflate.feed(data)
            return inflate.whole()
        except (BadPayload, Unreachable) as fault:
            raise type(fault)(f"{hop.host}: {fault}") from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as fault:
            raise self._broken(hop, fault) from None

    def _client(self, proxy: str | None) -> httpx.Client:
        with self._opening:
            if proxy not in self._clients:
                self._clients[proxy] = httpx.Client(
                    transport=Transport(pool(self._wire, proxy)),
                    trust_env=False,
                    follow_redirects=False,
                    timeout=self._deadline,  # httpx counts it for each read; `Wire` keeps the true time
                )
            return self._clients[proxy]


def _address(url: str, params: Mapping[str, str] | Sequence[tuple[str, str]] | None) -> httpx.URL:
    try:
        target = httpx.URL(url.strip())
        if params:
            target = target.copy_merge_params(httpx.QueryParams(params))  # type: ignore[arg-type]
        return target.copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise Denied(f"{shown(url)} cannot be read as a web address: check the feed's address") from None


def _join(before: httpx.URL, place: str) -> httpx.URL:
    try:
        return before.join(place).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError):
        raise _lost(before.host) from None


def _lost(host: str) -> Denied:
    return Denied(f"{host} redirects to something that is no web address: check the feed's address")


def _short(fault: Exception) -> str:
    words = "".join(sign if sign.isprintable() else " " for sign in str(fault))
    return words[:120] or type(fault).__name__
