"""Running a real source through the real HTTP client against a replay server on loopback."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from monitor.core.errors import SourceError
from monitor.core.model import Business, Feed, Json, Mention, Page
from monitor.core.ports import Source
from sources.http import HttpClient
from sources.testing.replay import Answer, ReplayServer

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ACME = Business("Acme Coffee")
RECORDINGS = Path(__file__).parents[1] / "recordings"


@dataclass(frozen=True)
class Listened:
    """What one run of a source brought, and how it ended."""

    pages: tuple[Page, ...]
    error: SourceError | None

    @property
    def mentions(self) -> list[Mention]:
        return [mention for page in self.pages for mention in page.mentions]

    @property
    def ids(self) -> list[str]:
        return [mention.native_id for mention in self.mentions]

    @property
    def rejected(self) -> list[str]:
        return [f"{item.where}: {item.why}" for page in self.pages for item in page.rejected]

    @property
    def gone(self) -> list[str]:
        return [identity for page in self.pages for identity in page.gone]

    @property
    def cursor(self) -> Mapping[str, Json] | None:
        """As the database gives it back."""
        return json.loads(json.dumps(self.pages[-1].cursor)) if self.pages else None


def listen(
    source: Source,
    server: ReplayServer,
    options: Mapping[str, Any],
    cursor: Mapping[str, Json] | None = None,
    stop_after: int | None = None,
) -> Listened:
    """One run; `stop_after` pages the process dies."""
    feed = Feed("test", source.name, ACME, source.Options(base_url=server.url, **options), NOW, cursor)
    http = HttpClient(now=lambda: NOW, deadline=5, spacing=0, allow_private_hosts=[server.host])
    pages: list[Page] = []
    try:
        for page in source.collect(feed, http):
            pages.append(page)
            if len(pages) == stop_after:
                break
    except SourceError as error:
        return Listened(tuple(pages), error)
    finally:
        http.close()
    return Listened(tuple(pages), None)


def survives_a_kill_after_every_page(run: Callable[..., Listened]) -> None:
    """`run(cursor, stop_after)`: dying after any page and starting again brings what one whole run brings."""
    whole = set(run(None, None).ids)
    count = len(run(None, None).pages)
    for pages in range(1, count):
        killed = run(None, pages)
        again = run(killed.cursor, None)
        assert set(killed.ids) | set(again.ids) == whole, f"lost after page {pages} of {count}"


def brief(listened: Listened) -> dict[str, Json]:
    """What is compared with the expected values: no words, their hashes."""
    return {
        "error": type(listened.error).__name__ if listened.error else None,
        "rejected": len(listened.rejected),
        "mentions": [
            {
                "id": mention.native_id,
                "published": mention.published.isoformat() if mention.published else None,
                "edited": mention.edited.isoformat() if mention.edited else None,
                "stars": mention.rating.stars if mention.rating else None,
                "language": mention.language,
                "parent": mention.parent,
                "likes": mention.reach.likes,
                "author": digest(mention.author.key or ""),
                "title": digest(mention.title),
                "text": digest(mention.text),
            }
            for mention in listened.mentions
        ],
    }


def digest(words: str) -> str:
    """SHA-256, or nothing for nothing."""
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest() if words else ""


def expected(name: str) -> dict[str, Json]:
    """The expected values of every recorded answer of a source, by its file."""
    values: dict[str, Json] = json.loads((RECORDINGS / "expected" / f"{name}.json").read_text("utf-8"))
    return values


def recorded(path: Path) -> Answer:
    """A recorded document as an answer, whatever its content."""
    kind = "text/html" if path.suffix == ".html" else "application/json"
    return Answer(headers={"content-type": kind}, body=path.read_bytes())


BROKEN = {
    "web page": Answer.text("<!doctype html><title>Log in</title>"),
    "null": Answer.json(None),
    "nothing": Answer.text(b"", "application/json"),
    "cut off": Answer.text(b'{"feed": {"entry": [{"id"', "application/json"),
    "a list of numbers": Answer.text(b"5", "application/json"),
    "broken off": Answer(headers={"content-type": "application/json"}, body=b'{"feed": {}}', cut=4),
}
"""Answers with status 200 that are no document, or not the agreed one."""

REFUSALS = {
    401: "Denied",
    403: "Denied",
    404: "Gone",
    410: "Gone",
    429: "RateLimited",
    500: "Unreachable",
    502: "Unreachable",
    503: "Unreachable",
}
"""Statuses and the fault each one is, for every source."""
