"""Stories and comments on Hacker News that name something, from its public search (HN Search by Algolia).

The search shows at most the newest 1000 hits of a question, and beyond them an empty list. So we never turn
its pages but ask for what was written up to the oldest hit so far, until all of the span has been shown:

    newest known - 1 hour <= written <= oldest hit so far -> hits -> one Page each

The hour is for what the search learns late. Only a whole reading moves the cursor. The search also finds
near misses and words inside addresses: whether a hit names the business is decided by the application.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from monitor.core.errors import BadPayload
from monitor.core.model import NOBODY, Author, Feed, Json, Mention, Page, Reach, Rejected
from monitor.core.ports import Http
from sources.options import BaseUrl
from sources.status import fault
from sources.text import instant, plain

HITS = 100
"""Asked for at a time."""
FIRST = 1000
"""Hits of a first reading: the newest, as far as one question to the search can see."""
OVERLAP = 3600
"""Seconds before the newest known hit that are read again."""
LONGEST_ID = 200
_SITE = "https://news.ycombinator.com"

Kind = Literal["stories", "comments"]


class Options(BaseModel):
    """What a feed of this source may set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    """As typed into the search; words in double quotes stay together."""
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] = ("stories", "comments")
    base_url: BaseUrl = "https://hn.algolia.com"


class HackerNews:
    """One feed is one question to the search."""

    name: ClassVar[str] = "hackernews"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = True
    Options: ClassVar[type[Options]] = Options

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        """Newest first, from the end of what was read last time."""
        options: Options = feed.options
        asked = {"query": options.query, "kinds": sorted(set(options.kinds))}
        before = feed.cursor or {}
        newest = before.get("newest") if {key: before.get(key) for key in asked} == asked else None
        first = newest is None
        since = 0 if newest is None else max(newest - OVERLAP, 0)
        latest, until = newest or 0, None
        seen: set[str] = set()
        while True:
            response = http.get(
                f"{options.base_url}/api/v1/search_by_date", params=_question(options, since, until)
            )
            error = fault(response)
            if error:
                raise error
            hits, total = _hits(response.json())
            items = [_item(hit, place) for place, hit in enumerate(hits, 1)]
            times = [hit["created_at_i"] for hit in hits if _written(hit)]
            ids = {str(hit["objectID"]) for hit in hits if isinstance(hit, dict) and "objectID" in hit}
            # A moment ahead of us would hide everything written until then.
            latest = max([latest, *(time for time in times if time <= response.now.timestamp())])
            fresh = {item.native_id: item for item in items if isinstance(item, Mention)}
            mentions = tuple(item for native_id, item in fresh.items() if native_id not in seen)
            progress = not ids <= seen
            seen |= ids
            whole = len(hits) < HITS and len(hits) >= total
            done = whole or (first and len(seen) >= FIRST)
            yield Page(
                mentions,
                cursor={**asked, "newest": latest if done else newest},
                rejected=tuple(item for item in items if isinstance(item, Rejected)),
                baseline=first,
                gone=tuple(str(hit["objectID"]) for hit in hits if _deleted(hit)),
            )
            if done:
                return
            if until is not None and max(times, default=0) > until:
                raise BadPayload("the search ignores the span it was asked for: check base_url")
            if not times:
                raise BadPayload(
                    f"the search speaks of {total} hits and shows none with a time: it is asked again later"
                )
            until = min(times) if progress else min(times) - 1


def _question(options: Options, since: int, until: int | None) -> list[tuple[str, str]]:
    tags = [{"stories": "story", "comments": "comment"}[kind] for kind in dict.fromkeys(options.kinds)]
    span = [f"created_at_i>={since}"] + ([f"created_at_i<={until}"] if until is not None else [])
    return [
        ("query", options.query),
        ("tags", f"({','.join(tags)})"),
        ("numericFilters", ",".join(span)),
        ("hitsPerPage", str(HITS)),
        ("typoTolerance", "false"),
    ]


def _hits(document: Json) -> tuple[list[Json], int]:
    """The hits, and how many the span holds by the search's own count (0 where it does not say)."""
    hits = document.get("hits") if isinstance(document, dict) else None
    if not isinstance(hits, list):
        raise BadPayload("the answer is JSON, but no list of hits: check base_url")
    total = document.get("nbHits")
    count = total if isinstance(total, int) else 0
    if not hits and (count or document.get("message")):
        raise BadPayload("the search shows no hits although it has some: it is asked again later")
    return hits, count


def _item(hit: Json, place: int) -> Mention | Rejected | None:
    """None for what was deleted by its author or killed by the site."""
    where = f"hit {place}"
    if not isinstance(hit, dict):
        return Rejected(where, "the hit is no object")
    native_id = str(hit.get("objectID") or "")
    if not 0 < len(native_id) <= LONGEST_ID:
        return Rejected(where, "the hit has no objectID that could be one")
    if hit.get("deleted") or hit.get("dead"):
        return None
    story, parent = hit.get("story_id"), hit.get("parent_id")
    points = hit.get("points")
    return Mention(
        source=HackerNews.name,
        native_id=native_id,
        text=plain(_text(hit.get("comment_text")) or _text(hit.get("story_text"))),
        title=_text(hit.get("title")),
        url=f"{_SITE}/item?id={native_id}",
        author=_author(_text(hit.get("author")).strip()),
        published=instant(hit.get("created_at")) or instant(hit.get("created_at_i")),
        thread=str(story) if story else native_id if not parent else None,
        parent=str(parent) if parent else None,
        reach=Reach(likes=points if isinstance(points, int) else None),
    )


def _author(name: str) -> Author:
    return Author(name, name, f"{_SITE}/user?id={name}") if name else NOBODY


def _text(value: Json) -> str:
    """Fields of the other kind are null, missing or empty, as the years went."""
    return value if isinstance(value, str) else ""


def _written(hit: Json) -> bool:
    return isinstance(hit, dict) and isinstance(hit.get("created_at_i"), int)


def _deleted(hit: Json) -> bool:
    return isinstance(hit, dict) and bool(hit.get("deleted") and hit.get("objectID"))
