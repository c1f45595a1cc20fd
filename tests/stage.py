"""A stage for the whole line: feeds on loopback, the Slack look-alike, and the real command in its own folder.

What was told is always counted from the look-alike's own log, by a mark that each post carries in its words.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from alerts.testing.slack import SlackLookalike

COMMAND = Path(sys.executable).parent / "complaint-monitor"
PATIENCE = 120.0
"""Seconds after which a command is taken to hang. Nothing is expected to take so long."""

GRUMBLE = (
    "The coffee at Acme Coffee was cold, the staff ignored me, and nobody said sorry. Disappointing service."
)
ALARM = "Acme Coffee gave me food poisoning, I ended up in hospital and nobody called back."
PRAISE = "Acme Coffee is a lovely place with friendly staff, thank you."
MARK = re.compile(r"\bqz\d{5}zq\b")


def mark(number: int) -> str:
    """A word that nobody else says: it stands for one post."""
    return f"qz{number:05d}zq"


THINGS = [
    "tray",
    "stone",
    "river",
    "pencil",
    "cloud",
    "ladder",
    "button",
    "window",
    "garden",
    "basket",
    "ribbon",
    "kettle",
    "bridge",
    "candle",
    "carpet",
    "feather",
    "hammer",
    "island",
    "jacket",
    "lantern",
    "marble",
    "needle",
    "orchard",
    "pebble",
    "quilt",
    "saddle",
    "teapot",
    "umbrella",
    "violin",
    "walnut",
]


def saying(text: str, number: int) -> str:
    """What the post of that number says: `text`, its mark, and enough of its own that it is no copy of another."""
    things = random.Random(number)
    own = mark(number)
    while len(own) < min(max(55, len(text) * 2 // 3), 5_000):
        own += f" {things.choice(THINGS)}"
    return f"{text} {own}"


@dataclass
class Post:
    """One entry of a feed."""

    number: int
    text: str = GRUMBLE
    author: str = ""
    published: datetime | None = field(default_factory=lambda: datetime.now(UTC) - timedelta(minutes=5))
    guid: str = ""

    def xml(self) -> str:
        said = f"<pubDate>{format_datetime(self.published)}</pubDate>" if self.published else ""
        return (
            f"<item><guid isPermaLink='false'>{self.guid or f'post-{self.number}'}</guid>{said}"
            f"<title>A visit</title><link>https://posts.example/{self.number}</link>"
            f"<author>{escape(self.author or f'Fictional Fred {self.number}')}</author>"
            f"<description>{escape(saying(self.text, self.number))}</description></item>"
        )


def posts(first: int, count: int, **like: Any) -> list[Post]:
    return [Post(number, **like) for number in range(first, first + count)]


class Newsstand:
    """Feeds on loopback that a test may change, silence or break while they are read."""

    def __init__(self) -> None:
        self.feeds: dict[str, list[Post]] = {}
        self.statuses: dict[str, tuple[int, dict[str, str]]] = {}
        self.answers: dict[str, Callable[[dict[str, str]], Any]] = {}
        """JSON documents of other places, by path: what they say to these query parameters, None is a 404."""
        self.silent: set[str] = set()
        self.asked = threading.Event()
        """Somebody stands before a silent feed."""
        self.closing = threading.Event()
        stand = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                name = self.path.partition("?")[0].strip("/")
                if name in stand.silent:
                    stand.asked.set()
                    stand.closing.wait()
                status, headers = stand.statuses.get(name, (200, {}))
                if name in stand.answers:
                    said = stand.answers[name](dict(parse_qsl(urlsplit(self.path).query)))
                    body = json.dumps(said).encode() if said is not None else b""
                    headers = {"Content-Type": "application/json", **headers}
                else:
                    body = stand.document(name).encode() if name in stand.feeds else b""
                    headers = {"Content-Type": "application/rss+xml; charset=utf-8", **headers}
                status = 404 if status == 200 and not body else status
                self.send_response(status)
                for key, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(key, value)
                self.send_header("Connection", "close")
                self.close_connection = True
                try:
                    self.end_headers()
                    self.wfile.write(body)
                except ConnectionError:
                    """The reader was killed: part of the play."""

            def log_message(self, *_: Any) -> None:
                """The look-alike's log is the one that counts."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def root(self) -> str:
        return f"http://{self.host}"

    def url(self, name: str) -> str:
        return f"{self.root}/{name}"

    def document(self, name: str) -> str:
        items = "".join(post.xml() for post in self.feeds[name])
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>"

    def __enter__(self) -> Newsstand:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@dataclass(frozen=True)
class Ended:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.out, f"nothing was printed; exit {self.code}: {self.err}"
        return json.loads(self.out)


class Stage:
    """A folder with settings, and the real command run in it. Spans are short, so that nobody waits long."""

    def __init__(self, folder: Path, slack: SlackLookalike, stand: Newsstand, *, token: bool = True) -> None:
        self.folder = folder
        self.slack = slack
        self.stand = stand
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith(("MONITOR_", "COV"))}
        self.environ |= {"NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "error::DeprecationWarning:monitor"}
        if token:
            self.environ["MONITOR_SLACK__BOT_TOKEN"] = slack.token
        self.settings: dict[str, dict[str, Any]] = {
            "business": {"name": "Acme Coffee", "timezone": "Europe/London"},
            "collect": {"lease": "1s"},
            "delivery": {"lease": "1s"},
            "slack": {
                "channel": slack.channel,
                "api_url": slack.api_url,
                "post_interval": "0.01s",
                "update_interval": "0.01s",
                "storm_after": 0,
                "verify_after": ["0.1s", "0.2s", "0.3s"],
            },
            "http": {"allow_private_hosts": [stand.host]},
        }
        self.feeds: list[dict[str, Any]] = []
        self._running: list[subprocess.Popen[str]] = []

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────

    def listen(self, name: str, source: str = "rss", **options: Any) -> None:
        """Add a feed, by default the stand's feed of that name, due every second."""
        if source == "rss":
            options = {"url": self.stand.url(name), "every": "1s", **options}
            self.stand.feeds.setdefault(name, [])
        self.feeds.append({"name": name, "source": source, **options})
        self.write()

    def write(self) -> None:
        lines: list[str] = []
        for section, values in self.settings.items():
            lines += [f"[{section}]", *(f"{key} = {json.dumps(value)}" for key, value in values.items())]
        for feed in self.feeds:
            lines += ["[[feeds]]", *(f"{key} = {json.dumps(value)}" for key, value in feed.items())]
        (self.folder / "monitor.toml").write_text("\n".join(lines) + "\n", "utf-8")

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────

    def start(self, *arguments: str, **environ: str) -> subprocess.Popen[str]:
        if not (self.folder / "monitor.toml").exists():
            self.write()
        process = subprocess.Popen(
            [COMMAND, *arguments],
            cwd=self.folder,
            env={**self.environ, **environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._running.append(process)
        return process

    def ended(self, process: subprocess.Popen[str]) -> Ended:
        """Wait for its end, whatever way it comes to it."""
        try:
            out, err = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError(f"{process.args} hangs; it said: {out}{err}") from None
        self._running.remove(process)
        return Ended(process.returncode, out, err)

    def do(self, *arguments: str, **environ: str) -> Ended:
        return self.ended(self.start(*arguments, **environ))

    def well(self, *arguments: str, **environ: str) -> Ended:
        """A command that must succeed."""
        ended = self.do(*arguments, **environ)
        assert ended.code == 0, f"{arguments}: exit {ended.code}\n{ended.out}\n{ended.err}"
        return ended

    def kill(self, process: subprocess.Popen[str]) -> Ended:
        process.send_signal(signal.SIGKILL)
        return self.ended(process)

    def close(self) -> None:
        for process in list(self._running):
            self.kill(process)

    # ── what the world saw ───────────────────────────────────────────────────────────────────────────────

    @property
    def told(self) -> Counter[str]:
        return told(self.slack.calls)

    def account(self) -> dict[str, int]:
        """`reconcile`, which must end well: exit 1 is a lost complaint."""
        account: dict[str, int] = self.well("reconcile", "--json").json
        assert account["unaccounted"] == 0
        assert sum(n for key, n in account.items() if key != "complaints") == account["complaints"]
        return account


def stored(calls: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The bodies of the posts that Slack truly stored."""
    return [call["body"] for call in calls if call["method"] == "chat.postMessage" and call["stored"]]


def told(calls: Iterable[dict[str, Any]]) -> Counter[str]:
    """How often each marked post was told by a message about its case: 0 is lost, 2 is doubled."""
    return Counter(
        word
        for body in stored(calls)
        if about(body).get("case_id") is not None
        for word in set(MARK.findall(json.dumps(body)))
    )


def about(body: dict[str, Any]) -> dict[str, Any]:
    """What a post says of itself: `{"delivery_id", "case_id"}`."""
    metadata = body.get("metadata") or {}
    payload: dict[str, Any] = (json.loads(metadata) if isinstance(metadata, str) else metadata)[
        "event_payload"
    ]
    return payload


def lost_and_doubled(found: Counter[str], numbers: Sequence[int]) -> tuple[int, int]:
    """Of the posts with these numbers."""
    return (
        sum(found[mark(number)] == 0 for number in numbers),
        sum(found[mark(number)] > 1 for number in numbers),
    )


def until(happened: Callable[[], object], what: str) -> None:
    """Wait for something that must happen; the deadline only ends a hang."""
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.02)
