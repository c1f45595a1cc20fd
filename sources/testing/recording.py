"""Recorded talks with a server, as JSON files beside what a source must make of them.

    {"about": "what this exercises",
     "options": {"url": "{server}/feed.xml"},          the feed's options; {server} (here and in `expected`) is
                                                       where the replay runs
     "environment": {"ACME_TOKEN": "made-up-secret"},  variables the options name (`token_env`)
     "business": {"name": "Acme Coffee"},
     "cursor": null,
     "exchanges": [{"path": "/feed.xml", "params": {}, "status": 200, "headers": {},
                    "body": "text" | "json": value | "file": "name beside this file"}],
     "expected": {"mentions": [{"native_id": "1", "text": "Cold again.", ...}], "rejected": 0, "gone": [],
                  "unchanged": false, "error": null}}

`expected.mentions` names every field that is not empty; times are ISO 8601. Exchanges are given in order, for
the same path and parameters the last one repeats.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.core.errors import SourceError
from monitor.core.model import Business, Feed, Json, Mention, Page
from monitor.core.ports import Http, Source
from sources.testing.replay import Answer, ReplayServer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
"""When recordings are read, unless they say otherwise (`now`)."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One file."""

    name: str
    folder: Path
    said: Mapping[str, Json]

    @property
    def cursor(self) -> Mapping[str, Json] | None:
        cursor: Mapping[str, Json] | None = self.said.get("cursor")
        return cursor

    @property
    def secrets(self) -> Mapping[str, str]:
        return {name: str(value) for name, value in self.said.get("environment", {}).items()}

    @property
    def expected(self) -> Mapping[str, Json]:
        expected: Mapping[str, Json] = self.said["expected"]
        return expected

    def due(self, server: ReplayServer) -> Mapping[str, Json]:
        """`expected`, at this server."""
        due: Mapping[str, Json] = _placed(self.expected, server.url)
        return due

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.said["now"]) if "now" in self.said else NOW

    def play(self, server: ReplayServer) -> None:
        """Teach `server` the recorded answers, anew."""
        server.forget()
        for exchange in self.said["exchanges"]:
            server.add(exchange["path"], self.answer(exchange), params=exchange.get("params"))

    def feed(self, source: Source, server: ReplayServer, cursor: Mapping[str, Json] | None) -> Feed:
        options = source.Options(**_placed(self.said.get("options", {}), server.url))
        business = Business(**{"name": "Acme Coffee", **self.said.get("business", {})})
        return Feed("recorded", source.name, business, options, self.now, cursor)

    def answer(self, exchange: Mapping[str, Json]) -> Answer:
        if "json" in exchange:
            body = json.dumps(exchange["json"], ensure_ascii=False).encode()
        elif "file" in exchange:
            body = (self.folder / exchange["file"]).read_bytes()
        else:
            body = str(exchange.get("body", "")).encode()
        kind = {"content-type": "application/json"} if "json" in exchange else {}
        return Answer(exchange.get("status", 200), {**kind, **exchange.get("headers", {})}, body)


@dataclass(frozen=True, slots=True)
class Listened:
    """What one reading brought, and the fault it ended with."""

    pages: tuple[Page, ...]
    error: SourceError | None = None

    @property
    def mentions(self) -> list[Mention]:
        return [mention for page in self.pages for mention in page.mentions]

    @property
    def ids(self) -> set[str]:
        return {mention.native_id for mention in self.mentions}

    @property
    def cursor(self) -> Mapping[str, Json] | None:
        """The last one, as a database gives it back."""
        return json.loads(json.dumps(self.pages[-1].cursor)) if self.pages else None

    def summary(self) -> dict[str, Json]:
        """In the form of a recording's `expected`."""
        return {
            "mentions": [shown(mention) for mention in self.mentions],
            "rejected": sum(len(page.rejected) for page in self.pages),
            "gone": [identity for page in self.pages for identity in page.gone],
            "unchanged": bool(self.pages) and all(page.unchanged for page in self.pages),
            "error": type(self.error).__name__ if self.error else None,
        }


def recordings(folder: Path) -> Sequence[Recording]:
    """All of a folder, by name."""
    found = [
        Recording(path.stem, folder, json.loads(path.read_text("utf-8")))
        for path in sorted(folder.glob("*.json"))
    ]
    return [recording for recording in found if "exchanges" in recording.said]


def listen(source: Source, feed: Feed, http: Http) -> Listened:
    """One reading to its end. Only SourceError is a fault a source may have."""
    pages: list[Page] = []
    try:
        for page in source.collect(feed, http):
            pages.append(page)
    except SourceError as error:
        return Listened(tuple(pages), error)
    return Listened(tuple(pages))


def shown(value: Any) -> Json:
    """A mention as JSON, without what is empty."""
    if isinstance(value, datetime):
        return value.isoformat()
    if not is_dataclass(value):
        return value
    return {name: shown(content) for name, content in _filled(value)}


def _filled(value: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(value):
        content = getattr(value, field.name)
        if content not in (None, "", False, (), {}) and (not is_dataclass(content) or any(_filled(content))):
            yield field.name, content


def _placed(value: Json, server: str) -> Json:
    if isinstance(value, str):
        return value.replace("{server}", server)
    if isinstance(value, list):
        return [_placed(item, server) for item in value]
    if isinstance(value, dict):
        return {key: _placed(item, server) for key, item in value.items()}
    return value
