"""The door to the network, against a server on loopback that misbehaves in every way we have met.

Deadlines are told from hanging by what happened, never by a clock: a call that does not end fails the run.
"""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from monitor.core.errors import BadPayload, Denied, SourceError, Unreachable
from sources.http import HttpClient
from sources.testing.replay import Answer, ReplayServer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def server() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server


@pytest.fixture
def other() -> Iterator[ReplayServer]:
    with ReplayServer() as server:
        yield server


@pytest.fixture
def client(server: ReplayServer) -> Iterator[Callable[..., HttpClient]]:
    made: list[HttpClient] = []

    def make(**options: Any) -> HttpClient:
        options = {"deadline": 5.0, "spacing": 0.0, "allow_private_hosts": [server.host], **options}
        made.append(HttpClient(now=lambda: NOW, **options))
        return made[-1]

    yield make
    for http in made:
        http.close()


Make = Callable[..., HttpClient]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Names that resolve as told; everything else as always."""
    told: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def lookup(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host not in told:
            return real(host, port, *args, **options)
        if not told[host]:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in told[host]]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return told


def fails(kind: type[SourceError], call: Callable[[], object]) -> str:
    with pytest.raises(SourceError) as caught:
        call()
    assert type(caught.value) is kind, caught.value
    return str(caught.value)


# ── asking ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_whole(client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(203, {"X-Thing": "1"}, b"hello"))
    answer = client().get(f"{server.url}/a?x=1", params={"q": "cold cup", "y": "2"})
    assert (answer.status, answer.body, answer.headers["x-thing"], answer.now) == (203, b"hello", "1", NOW)
    assert server.requests[0].params == {"x": "1", "q": "cold cup", "y": "2"}
    assert server.requests[0].headers["user-agent"].startswith("complaint-monitor/")
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


def test_several_values_of_one_parameter_all_go_out(client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer())
    client().get(f"{server.url}/a", params=[("types[]", "mention"), ("types[]", "reply")])
    assert server.requests[0].target == "/a?types%5B%5D=mention&types%5B%5D=reply"


@pytest.mark.parametrize("status", [200, 304, 400, 401, 404, 429, 500, 599])
def test_every_status_is_an_answer(status: int, client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(status))
    assert client().get(f"{server.url}/a").status == status


def test_one_client_serves_many_threads(client: Make, server: ReplayServer) -> None:
    for number in range(40):
        server.add(f"/{number}", Answer(body=str(number).encode(), delay=0.01))
    http = client()
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda number: http.get(f"{server.url}/{number}").body, range(40)))
    assert bodies == [str(number).encode() for number in range(40)]


# ── time and size ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"x" * 10_000, drip=0.02),
        Answer(body=b"x", drip_headers=0.05),
        Answer(delay=60),
        Answer(200, {"content-length": "100"}, b"x" * 10, cut=10, drip=0.3),
    ],
    ids=["a body drop by drop", "headers drop by drop", "silence", "silence in the middle"],
)
def test_a_slow_server_does_not_hold_us(answer: Answer, client: Make, server: ReplayServer) -> None:
    server.add("/a", answer)
    said = fails(Unreachable, lambda: client(deadline=0.4).get(f"{server.url}/a?key=SECRET"))
    assert "within 0.4 seconds" in said
    assert "SECRET" not in said


def test_redirects_share_one_deadline(client: Make, server: ReplayServer) -> None:
    for number in range(5):
        server.add(f"/{number}", Answer(302, {"location": f"/{number + 1}"}, delay=0.2))
    server.add("/5", Answer())
    fails(Unreachable, lambda: client(deadline=0.5).get(f"{server.url}/0"))
    assert len(server.requests) < 5


def test_a_server_that_never_takes_the_connection_is_given_up(client: Make) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        http = client(deadline=0.5, allow_private_hosts=["127.0.0.1"])
        fails(Unreachable, lambda: http.get(f"http://127.0.0.1:{port}/"))
        for one in crowd:
            one.close()


def test_a_secure_greeting_that_never_ends_is_given_up(client: Make) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(5)
        http = client(deadline=0.5, allow_private_hosts=["127.0.0.1"])
        fails(Unreachable, lambda: http.get(f"https://127.0.0.1:{mute.getsockname()[1]}/"))


def test_a_name_server_that_hangs_is_left_behind(client: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(60) and [])
    said = fails(Unreachable, lambda: client(deadline=0.3).get("http://slow.example/"))
    done.set()
    assert "slow.example" in said


def test_stopping_ends_a_call_in_the_middle(client: Make, server: ReplayServer) -> None:
    stop = threading.Event()
    server.add("/a", Answer(body=b"x" * 10_000, drip=0.05))
    http = client(deadline=300.0, stop=stop)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(http.get, f"{server.url}/a")
        while not server.requests:
            pass
        stop.set()
        assert "stopping" in fails(Unreachable, call.result)


def test_stopping_ends_the_wait_for_a_turn(client: Make, server: ReplayServer, outside: str) -> None:
    stop = threading.Event()
    server.add("/a", Answer())
    http = client(spacing=3600.0, stop=stop)
    http.get(f"{outside}/a")
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(http.get, f"{outside}/a")
        stop.set()
        assert "stopping" in fails(Unreachable, call.result)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(body=b"x" * 2001), BadPayload),
        (Answer(body=b"x" * 5_000_000, zipped=True), BadPayload),
        (Answer(headers={"content-encoding": "br"}, body=b"x"), BadPayload),
        (Answer(headers={"content-encoding": "gzip"}, body=b"\x1f\x8bnonsense"), BadPayload),
        (Answer(body=b"x" * 100, cut=10), Unreachable),
        (Answer(reset=True), Unreachable),
        (Answer(headers={"content-length": "-5"}, body=b"x"), Unreachable),
        (Answer(headers={"content-length": "x" * 200_000}), Unreachable),
    ],
    ids=["large", "bomb", "brotli", "broken gzip", "cut", "reset", "nonsense", "endless header"],
)
def test_what_cannot_be_taken_is_a_fault(
    answer: Answer, kind: type[SourceError], client: Make, server: ReplayServer
) -> None:
    server.add("/a", answer)
    fails(kind, lambda: client(max_body=2000).get(f"{server.url}/a"))


def test_a_bomb_never_grows_beyond_the_limit(client: Make, server: ReplayServer) -> None:
    bomb = gzip.compress(bytes(100_000_000), mtime=0)
    server.add("/a", Answer(headers={"content-encoding": "gzip"}, body=bomb))
    http = client(max_body=1_000_000)
    tracemalloc.start()
    try:
        fails(BadPayload, lambda: http.get(f"{server.url}/a"))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 10_000_000


def test_packed_answers_arrive_unpacked(client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(body=b"cold cup " * 100, zipped=True))
    assert client().get(f"{server.url}/a").body == b"cold cup " * 100


def test_a_server_that_is_not_there(client: Make) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        http = client(allow_private_hosts=["127.0.0.1"])
        said = fails(Unreachable, lambda: http.get(f"http://127.0.0.1:{taken.getsockname()[1]}/"))
    assert "Connection refused" in said


def test_a_name_that_does_not_exist(client: Make, names: dict[str, list[str]]) -> None:
    names["nowhere.example"] = []
    assert "nowhere.example" in fails(Unreachable, lambda: client().get("http://nowhere.example/"))


# ── redirects ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("first", "second", "moved"), [(301, 308, True), (301, 302, False), (307, 303, False)]
)
def test_where_a_feed_moved_is_told_when_it_is_for_good(
    first: int, second: int, moved: bool, client: Make, server: ReplayServer
) -> None:
    server.add("/a", Answer(first, {"location": "b?x=1"}))
    server.add("/b", Answer(second, {"location": "{server}/c#top"}))
    server.add("/c", Answer(body=b"here"))
    answer = client().get(f"{server.url}/a")
    assert (answer.body, answer.url) == (b"here", f"{server.url}/c")
    assert answer.moved_to == (f"{server.url}/c" if moved else None)


def test_five_redirects_are_followed_and_a_sixth_is_not(client: Make, server: ReplayServer) -> None:
    for number in range(7):
        server.add(f"/{number}", Answer(302, {"location": f"/{number + 1}"}))
    server.add("/7", Answer(body=b"far"))
    assert client().get(f"{server.url}/2").body == b"far"
    assert "5 times" in fails(Unreachable, lambda: client().get(f"{server.url}/1"))


def test_a_circle_ends(client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(301, {"location": "/a"}))
    fails(Unreachable, lambda: client().get(f"{server.url}/a"))
    assert len(server.requests) == 6


@pytest.mark.parametrize(
    "place",
    [
        "ftp://x.example/",
        "file:///etc/passwd",
        "gopher://x/",
        "data:,x",
        "http://[::1",
        "http://a:b/",
    ],
)
def test_a_redirect_to_no_web_address_is_refused(place: str, client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(302, {"location": place}))
    fails(Denied, lambda: client().get(f"{server.url}/a"))


def test_a_token_stays_with_its_host(client: Make, server: ReplayServer, other: ReplayServer) -> None:
    server.add("/a", Answer(302, {"location": "/b"}))
    server.add("/b", Answer(302, {"location": f"{other.url}/c"}))
    other.add("/c", Answer(302, {"location": f"{server.url}/d"}))
    server.add("/d", Answer())
    http = client(allow_private_hosts=["127.0.0.1"])
    http.get(f"{server.url}/a", token="made-up", headers={"X-Api-Key": "also", "Accept": "text/xml"})
    assert [asked.headers.get("authorization") for asked in server.requests] == [
        "Bearer made-up",
        "Bearer made-up",
        None,
    ]
    (stranger,) = other.requests
    assert "authorization" not in stranger.headers
    assert "x-api-key" not in stranger.headers
    assert stranger.headers["accept"] == "text/xml"


def test_a_password_in_an_address_goes_to_that_host_alone_and_into_no_message(
    client: Make, server: ReplayServer, other: ReplayServer
) -> None:
    server.add("/a", Answer(302, {"location": f"{other.url}/c"}))
    other.add("/c", Answer(302, {"location": "/c"}))
    http = client(allow_private_hosts=["127.0.0.1"])
    address = f"http://fred:SECRET@{server.host}/a?key=SECRET"
    said = fails(Unreachable, lambda: http.get(address))
    assert server.requests[0].headers["authorization"].startswith("Basic ")
    assert "authorization" not in other.requests[0].headers
    assert "SECRET" not in said


@pytest.mark.parametrize("token", ["", "SE CRET", "SECRET\n", "SECRÉT", "SECRET" * 2_000])
def test_a_token_that_is_none_is_refused_unseen(token: str, client: Make, server: ReplayServer) -> None:
    said = fails(Denied, lambda: client().get(f"{server.url}/a", token=token))
    assert not token or token.strip() not in said
    assert server.requests == []


def test_a_token_never_goes_out_unencrypted(client: Make, names: dict[str, list[str]]) -> None:
    names["outside.example"] = ["1.1.1.1"]
    said = fails(Denied, lambda: client().get("http://outside.example/", token="made-up"))
    assert "https://" in said


@pytest.mark.parametrize("value", ["a\nb", "é", "a\x00b"])
def test_a_header_that_cannot_be_sent_is_refused_unseen(
    value: str, client: Make, server: ReplayServer
) -> None:
    assert value not in fails(Denied, lambda: client().get(f"{server.url}/a", headers={"x-key": value}))


# ── where we go ──────────────────────────────────────────────────────────────────────────────────────────


INSIDE = """
    localhost 127.0.0.1 127.1 2130706433 0x7f000001 0.0.0.0 10.0.0.1 192.168.1.1 172.16.0.1 169.254.169.254
    100.64.0.1 224.0.0.1 255.255.255.255 168.63.129.16 [::1] [::ffff:127.0.0.1] [fe80::1] [fd00:ec2::254]
    [ff02::1] [64:ff9b::7f00:1] [2002:7f00:1::]
"""


@pytest.mark.parametrize("host", INSIDE.split())
def test_an_inside_address_is_refused_with_its_remedy(host: str, client: Make) -> None:
    said = fails(Denied, lambda: client(allow_private_hosts=[]).get(f"http://{host}:8080/"))
    assert "http.allow_private_hosts" in said


def test_a_name_is_judged_by_where_it_leads(client: Make, names: dict[str, list[str]]) -> None:
    names["inside.example"] = ["10.1.2.3"]
    names["mixed.example"] = ["1.1.1.1", "127.0.0.1"]
    for host in names:
        assert "allow_private_hosts" in fails(Denied, lambda host=host: client().get(f"http://{host}/"))


def test_a_named_private_host_is_read(client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(body=b"in"))
    port = server.host.partition(":")[2]
    for entry in (server.host, "127.0.0.1", f" 127.0.0.1:{port} "):
        assert client(allow_private_hosts=[entry]).get(f"{server.url}/a").body == b"in"
    for entry in ("127.0.0.1:1", "localhost", f"localhost:{port}", "127.0.0.2"):
        http = client(allow_private_hosts=[entry])
        fails(Denied, lambda http=http: http.get(f"{server.url}/a"))


def test_a_name_is_looked_up_once_and_that_address_is_used(
    client: Make, server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that shows an outside address when asked and an inside one when used gets nowhere."""
    answers = iter(["1.1.1.1"])
    lookups: list[str] = []
    connected: list[object] = []

    def lookup(host: Any, port: Any, *_: Any, **__: Any) -> Any:
        lookups.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, "127.0.0.1"), port))]

    def connect(address: str, port: int, call: object) -> socket.socket:
        connected.append((address, port))
        raise OSError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr("sources.wire._connect", connect)
    fails(Unreachable, lambda: client().get("http://rebinding.example:8080/"))
    assert lookups == ["rebinding.example"]
    assert connected == [("1.1.1.1", 8080)]


@pytest.fixture
def outside(server: ReplayServer, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch) -> str:
    """A host that counts as outside, though the tests' server answers for it."""
    import sources.wire

    real = sources.wire._connect
    names["outside.example"] = ["1.1.1.1"]
    port = int(server.host.partition(":")[2])
    monkeypatch.setattr(
        "sources.wire._connect",
        lambda address, _, call: (
            real("127.0.0.1", port, call) if address == "1.1.1.1" else real(address, _, call)
        ),
    )
    return "http://outside.example"


def test_a_redirect_from_outside_to_inside_is_refused_even_to_a_named_host(
    outside: str, client: Make, server: ReplayServer, other: ReplayServer
) -> None:
    server.add("/out", Answer(302, {"location": f"{other.url}/in"}))
    server.add("/ok", Answer(body=b"outside"))
    other.add("/in", Answer(body=b"secret"))
    http = client(allow_private_hosts=[other.host, server.host])
    assert http.get(f"{outside}/ok").body == b"outside"
    said = fails(Denied, lambda: http.get(f"{outside}/out"))
    assert "never followed" in said
    assert other.requests == []
    # ... and an idle connection to the inside, opened rightly, changes nothing.
    assert http.get(f"{other.url}/in").body == b"secret"
    fails(Denied, lambda: http.get(f"{outside}/out"))


def test_a_redirect_from_inside_to_outside_and_back_is_refused(
    outside: str, client: Make, server: ReplayServer, other: ReplayServer
) -> None:
    other.add("/a", Answer(302, {"location": f"{outside}/b"}))
    server.add("/b", Answer(302, {"location": f"{other.url}/c"}))
    fails(Denied, lambda: client(allow_private_hosts=[other.host]).get(f"{other.url}/a"))


def test_a_redirect_between_named_hosts_is_followed_and_to_others_is_not(
    client: Make, server: ReplayServer, other: ReplayServer
) -> None:
    server.add("/a", Answer(302, {"location": f"{other.url}/b"}))
    other.add("/b", Answer(body=b"next door"))
    assert client(allow_private_hosts=[server.host, other.host]).get(f"{server.url}/a").body == b"next door"
    fails(Denied, lambda: client(allow_private_hosts=[server.host]).get(f"{server.url}/a"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://a/",
        "http://",
        "http://[::1",
        "http://a:99999/",
        "http://a:0/",
        "http://0177.0.0.1/",
        "http://[fe80::1%25eth0]/",
        "//a/b",
        "http:///x",
        "http://a b/",
        "http://\u0000/",
    ],
)
def test_what_is_no_web_address_is_refused(url: str, client: Make) -> None:
    fails(Denied, lambda: client().get(url))


# ── conditional, spaced, through a proxy ─────────────────────────────────────────────────────────────────


def test_validators_are_handed_back_to_the_same_address_alone(client: Make, server: ReplayServer) -> None:
    headers = {"ETag": 'W/"1"', "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT"}
    server.add("/a", Answer(headers=headers, body=b"x"), Answer(304), Answer(304, {"etag": '"2"'}))
    server.add("/b", Answer())
    http = client()
    first = http.get(f"{server.url}/a?key=SECRET")
    assert "SECRET" not in str(first.validators)
    again = http.get(f"{server.url}/a?key=SECRET", validators=first.validators)
    assert again.not_modified
    assert again.validators == first.validators
    third = http.get(f"{server.url}/a?key=SECRET", validators=again.validators)
    assert third.validators["etag"] == '"2"'
    http.get(f"{server.url}/b", validators=first.validators)
    http.get(f"{server.url}/a?key=OTHER", validators=first.validators)
    sent = [asked.headers for asked in server.requests]
    assert [head.get("if-none-match") for head in sent] == [None, 'W/"1"', 'W/"1"', None, None]
    assert sent[1]["if-modified-since"] == "Sat, 21 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize("etag", ["é", "x" * 2000, ""])
def test_a_validator_that_cannot_be_sent_back_is_not_kept(
    etag: str, client: Make, server: ReplayServer
) -> None:
    server.add("/a", Answer(headers={"etag": etag}, body=b"x"))
    assert client().get(f"{server.url}/a").validators == {}


def test_an_error_proves_nothing(client: Make, server: ReplayServer) -> None:
    server.add("/a", Answer(500, {"etag": '"1"'}), Answer(404, {"etag": '"1"'}))
    http = client()
    assert http.get(f"{server.url}/a").validators == {}
    assert http.get(f"{server.url}/a").validators == {}


def test_requests_to_one_outside_host_keep_their_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    from sources.route import Turns
    from sources.wire import Call

    class Stop(threading.Event):
        waits: list[float]

        def wait(self, timeout: float | None = None) -> bool:
            self.waits.append(timeout or 0)
            return False

    stop = Stop()
    stop.waits = []
    monkeypatch.setattr("sources.route.time.monotonic", lambda: 100.0)
    turns = Turns(2.0)
    call = Call(until=1e9, stop=stop)
    assert [turns.wait(host, call) for host in ("a", "a", "b", "a")] == [0.0, 2.0, 0.0, 4.0]
    assert stop.waits == [2.0, 4.0]


def test_waiting_for_a_turn_does_not_eat_the_deadline(
    outside: str, client: Make, server: ReplayServer
) -> None:
    server.add("/a", Answer(body=b"x"))
    http = client(deadline=1.0, spacing=1.1)
    assert [http.get(f"{outside}/a").status for _ in range(2)] == [200, 200]


def test_a_proxy_is_asked_and_looks_the_name_up(
    client: Make, server: ReplayServer, names: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    server.add("http://outside.example/a", Answer(body=b"by proxy"))
    names["outside.example"] = []
    assert client(allow_private_hosts=[]).get("http://outside.example/a").body == b"by proxy"


def test_a_proxy_is_asked_to_connect_for_https(
    client: Make, server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", f"http://fred:SECRET@{server.host}")
    server.add("*", Answer(502), Answer(407))
    http = client(allow_private_hosts=[])
    said = fails(Unreachable, lambda: http.get("https://outside.example/a", token="made-up"))
    assert "SECRET" not in said
    assert "proxy" in said
    assert (server.requests[0].method, server.requests[0].target) == ("CONNECT", "outside.example:443")
    assert "authorization" not in server.requests[0].headers
    assert "HTTPS_PROXY" in fails(Denied, lambda: http.get("https://outside.example/a"))


def test_a_proxy_does_not_open_the_inside(
    client: Make, server: ReplayServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    http = client(allow_private_hosts=[])
    for host in ("127.0.0.1", "169.254.169.254", "localhost", "0x7f.1", "[::ffff:10.0.0.1]"):
        fails(Denied, lambda host=host: http.get(f"http://{host}/a"))
    assert server.requests == []


def test_no_proxy_and_this_machine_go_direct(
    client: Make, server: ReplayServer, other: ReplayServer, outside: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", other.url)
    monkeypatch.setenv("NO_PROXY", "outside.example")
    server.add("/a", Answer(body=b"direct"))
    http = client()
    assert http.get(f"{outside}/a").body == b"direct"
    assert http.get(f"{server.url}/a").body == b"direct"
    assert other.requests == []


def test_a_proxy_of_a_kind_we_cannot_use_is_told(client: Make) -> None:
    http = client(proxy="socks5://127.0.0.1:1")
    assert "http://" in fails(Denied, lambda: http.get("http://outside.example/"))


def test_an_idle_connection_that_died_is_opened_anew(client: Make) -> None:
    """A server that promises to keep the connection, answers once, and hangs up."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        taken = 0

        def serve() -> None:
            nonlocal taken
            for _ in range(2):
                talk, _ = listener.accept()
                with talk:
                    taken += 1
                    talk.recv(4000)
                    talk.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

        thread = threading.Thread(target=serve)
        thread.start()
        http = client(allow_private_hosts=["127.0.0.1"])
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        assert [http.get(url).body for _ in range(2)] == [b"ok", b"ok"]
        thread.join()
        assert taken == 2


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Made for this run by openssl, for 127.0.0.1; certificate and key in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    both, key = tmp_path / "both.pem", tmp_path / "key.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", key, "-out", both], check=True, capture_output=True)
    both.write_text(both.read_text() + key.read_text())
    return both


@pytest.fixture
def secure(certificate: Path) -> Iterator[str]:
    """The address of an https server that says ok to everybody."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)

        def serve() -> None:
            talk, _ = listener.accept()
            try:
                with context.wrap_socket(talk, server_side=True) as safe:
                    safe.recv(4000)
                    safe.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n" + b"x" * 200_000)
            except OSError:
                talk.close()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}/"
        thread.join()


def test_a_secure_answer_is_read(
    client: Make, secure: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert len(client(allow_private_hosts=["127.0.0.1"]).get(secure, token="made-up").body) == 200_000


def test_a_certificate_nobody_vouches_for_is_not_trusted(client: Make, secure: str) -> None:
    http = client(allow_private_hosts=["127.0.0.1"])
    assert "certificate is not trusted" in fails(Unreachable, lambda: http.get(secure, token="made-up"))
