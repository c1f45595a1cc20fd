"""A web server on loopback with four places people talk, in the shape the real ones answer in.

The documents under `feeds/` are ordinary answers of a notice board (RSS), the App Store, a Mastodon server and
the Hacker News search. A date in them is written `@2h ago@` and becomes, when served, a date of the document's
own kind, so that "two hours ago" is true whenever the demo is started.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from types import TracebackType
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

BEFORE, AFTER = "before", "after"
APP = 1234567890

_AGO = re.compile(r'"@(?P<n>\d+)(?P<unit>[mhd]) ago, in seconds@"|@(?P<m>\d+)(?P<of>[mhd]) ago@')
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


class Places:
    """Serves what people said so far; `time_passes` and they have said more, and one place is out of order."""

    def __init__(self, now: datetime) -> None:
        self.now = now.replace(microsecond=0)
        self.told = BEFORE
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.places = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def time_passes(self) -> None:
        self.told = AFTER

    def answer(self, target: str) -> tuple[int, str, str]:
        """Status, type and body for what is asked."""
        parts = urlsplit(target)
        if parts.path == "/news.xml":
            return 200, "application/rss+xml", self._document("news.xml", format_datetime)
        if parts.path == f"/us/rss/customerreviews/page=1/id={APP}/sortby=mostrecent/json":
            return 200, _JSON, self._document("reviews.json", datetime.isoformat)
        if parts.path == "/api/v1/timelines/tag/acmecoffee":
            older = "max_id" in parse_qs(parts.query)
            return 200, _JSON, "[]" if older else self._document("timeline.json", datetime.isoformat)
        if parts.path == "/api/v1/search_by_date":
            if self.told == AFTER:
                return 503, "text/plain", "down for maintenance"
            return 200, _JSON, self._document("search.json", datetime.isoformat)
        return 404, "text/plain", "there is nothing here"

    def _document(self, name: str, written: Callable[[datetime], str]) -> str:
        text = (files("monitor.demo") / "feeds" / self.told / name).read_text("utf-8")

        def date(found: re.Match[str]) -> str:
            count, unit = found["n"] or found["m"], found["unit"] or found["of"]
            when = self.now - timedelta(**{_UNITS[unit]: int(count)})
            return str(int(when.timestamp())) if found["n"] else written(when)

        return _AGO.sub(date, text)

    def __enter__(self) -> Places:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self.close()

    def close(self) -> None:
        """Give the port back."""
        self._server.server_close()


_JSON = "application/json; charset=utf-8"


class _Server(ThreadingHTTPServer):
    daemon_threads: ClassVar[bool] = True  # type: ignore[misc]
    places: Places


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        status, kind, body = self.server.places.answer(self.path)
        data = body.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the standard library's
        """The demo tells what is read; a line for each request would bury it."""
