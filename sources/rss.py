"""RSS, Atom and JSON Feed: news searches, Google Alerts, forums, blogs, subreddits, channels.

    document = GET url, "not modified" welcome
    unchanged       -> nothing new, the cursor stays
    whole           -> all entries; the cursor keeps what proves we have them
    end is missing  -> what could be read, then a fault; the next reading asks for everything again

A feed shows its newest entries whole each time, so there are no pages and no "since": the store knows what
it has. Google's terms allow Alerts for the person who set them up; Reddit asks for about 1 request in 10 s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, field_validator

from monitor.core.errors import BadPayload, RateLimited, SourceError
from monitor.core.model import Feed, Json, Page
from monitor.core.ports import Http, Response
from sources.feed_document import read
from sources.feed_entry import mentions
from sources.retry_after import retry_after
from sources.status import fault
from sources.text import web_address


class Rss:
    """One feed. What it finds is matched against the business's names, since feeds hold other news too."""

    name: ClassVar[str] = "rss"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = True

    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

        url: str
        """The feed's address."""

        @field_validator("url")
        @classmethod
        def _whole(cls, value: str) -> str:
            value = value.strip()
            if value.startswith("feed://"):
                value = "https://" + value.removeprefix("feed://")
            if web_address(value) is None or any(letter.isspace() for letter in value):
                raise ValueError("give the feed's whole address, such as https://example.com/feed.xml")
            return value

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        """One page. The cursor: `{"feed": print of the url, "validators": {...}, "moved": new address}`."""
        url: str = feed.options.url
        cursor = _own(feed.cursor, url)
        first = feed.cursor is None or feed.cursor.get("feed") != cursor["feed"]
        response = _fetch(http, url, cursor)
        wish = retry_after(response)
        not_before = response.now + wish if wish else None
        if response.not_modified:
            yield Page((), cursor, not_before=not_before, unchanged=True)
            return
        document = read(response)
        moved = {"moved": response.moved_to} if response.moved_to else {}
        keep: dict[str, Json] = {"feed": _print(url), **moved}
        if document.whole and response.validators:
            keep["validators"] = dict(response.validators)
        found = mentions(document, url, feed.now)
        if document.whole or found:
            yield Page(found, keep, document.rejected, not_before, baseline=first)
        if not document.whole:
            raise BadPayload(
                f"the feed breaks off in the middle: {len(found)} entries could be read; "
                "it is asked again later, and for everything"
            )


def _fetch(http: Http, url: str, cursor: Mapping[str, Json]) -> Response:
    """The answer, asked at the address the feed has moved to, or at its own when that one fails."""
    moved = cursor.get("moved")
    validators = cursor.get("validators")
    if moved:
        try:
            response = _ask(http, str(moved), validators)
        except RateLimited:
            raise
        except SourceError:
            validators = None
        else:
            return replace(response, moved_to=response.moved_to or str(moved))
    return _ask(http, url, validators)


def _ask(http: Http, url: str, validators: Mapping[str, str] | None) -> Response:
    response = http.get(url, headers={"accept": _ACCEPT}, validators=validators)
    wrong = fault(response)
    if wrong is not None:
        raise wrong
    if response.not_modified and not response.validators:
        raise BadPayload(
            'the server says "not modified" to somebody who has nothing yet: it is asked again later'
        )
    return response


def _own(cursor: Mapping[str, Json] | None, url: str) -> Mapping[str, Json]:
    """The cursor, if it belongs to this address; a changed `url` starts anew."""
    if cursor is None or cursor.get("feed") != _print(url):
        return {"feed": _print(url)}
    return cursor


def _print(url: str) -> str:
    """Stands for the address, which may hold a key, in the stored cursor."""
    return hashlib.sha256(url.encode()).hexdigest()[:16]


_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.5"
)
