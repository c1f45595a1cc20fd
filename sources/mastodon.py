"""Posts on a Mastodon server, or on another that speaks its API: hashtags, a search, and mentions of us.

Each of them is a stream, newest first. Every reading begins at the top, so that edits and deletions among the
newest posts are seen, and goes down until it meets what the last whole reading saw at the top:

    page, page, ... -> posts -> one Page each -> a known post, or the end -> remember the newest posts
    remembered posts that are missing where they should be -> asked for one by one -> 404: gone

Only a reading that got so far moves the cursor; one that breaks off is begun anew. Ids are each server's own
and opaque; a post is known by its `uri`. What its author deletes is deleted here as well, words and all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar
from urllib.parse import quote, urlsplit

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from monitor.core.errors import BadPayload, Denied, Gone, RateLimited, SourceError
from monitor.core.model import Feed, Json, Mention, Page, Rejected
from monitor.core.ports import Http, Response
from sources.mastodon_posts import mention
from sources.options import BaseUrl
from sources.retry_after import retry_after
from sources.secrets import TokenOptions
from sources.status import fault
from sources.text import instant, links, rebase

LIMIT = 40
"""Posts asked for at a time, and posts remembered of each stream."""
FIRST_PAGES = 5
"""Of a first reading."""
MOST_PAGES = 250
"""Of any reading: ten thousand posts since the last one, or a server that leads us in circles."""
CHECKS = 10
"""Missing posts asked for in one reading of a stream."""


def _bare(tag: object) -> object:
    return tag.strip().removeprefix("#") if isinstance(tag, str) else tag


Tag = Annotated[
    str, BeforeValidator(_bare), StringConstraints(pattern=r"^[^\s#/?&%]+$", to_lower=True, max_length=100)
]


class Options(TokenOptions):
    """What a feed of this source may set. At least one of `tags`, `search` and `mentions`."""

    tags: Annotated[tuple[Tag, ...], Field(max_length=50)] = ()
    """Hashtags, with or without #. Most servers show them without a token."""
    search: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)] | None = (
        None
    )
    """Words to search for: only on servers with full-text search, and only posts whose authors allow it."""
    mentions: bool = False
    """Posts addressed to the account of the token."""
    base_url: BaseUrl = "https://mastodon.social"

    @model_validator(mode="after")
    def _something_to_read(self) -> Options:
        if not (self.tags or self.search or self.mentions):
            raise ValueError('say what to read: tags = ["acme"], search = "acme" or mentions = true')
        if (self.search or self.mentions) and not self.has_token:
            what = "search" if self.search else "mentions"
            raise ValueError(
                f"{what} needs the token of an account on that server: make an application there "
                '(Preferences, Development) and name its token with token_env = "NAME" or token_file = "path"'
            )
        return self


class Mastodon:
    """One feed is one server, with any number of streams."""

    name: ClassVar[str] = "mastodon"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = True
    Options: ClassVar[type[Options]] = Options

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        """A stream that cannot be read does not stop the others: its fault is raised after them."""
        options: Options = feed.options
        reading = _Reading(options, http, feed.cursor or {})
        faults: list[SourceError] = []
        for stream in _streams(options):
            try:
                yield from reading.read(stream)
                yield from reading.check(stream)
            except RateLimited:
                raise
            except SourceError as error:
                faults.append(error)
        if faults:
            raise faults[0]


# ── streams ──────────────────────────────────────────────────────────────────────────────────────────────

_Params = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Stream:
    key: str
    """Its name in the cursor."""
    where: str
    path: str
    params: _Params = ()
    addressed: bool = False
    search: bool = False
    """Pages are turned by number, and posts the account may not see are left out of them."""


def _streams(options: Options) -> Iterator[_Stream]:
    """Mentions first: what is addressed to us is said to be so although a hashtag brings it too."""
    if options.mentions:
        yield _Stream(
            "mentions", "mentions", "/api/v1/notifications", (("types[]", "mention"),), addressed=True
        )
    if options.search:
        params = (("q", options.search), ("type", "statuses"))
        yield _Stream(f"search:{options.search}", "the search", "/api/v2/search", params, search=True)
    for tag in dict.fromkeys(options.tags):
        yield _Stream(
            f"tag:{tag}", f"hashtag #{tag}", f"/api/v1/timelines/tag/{quote(tag, safe='', errors='replace')}"
        )


@dataclass(frozen=True, slots=True)
class _Post:
    """A place in a stream. All but the item go into the cursor."""

    place: str
    """The id by which the stream is walked: the post's, or the notification's."""
    status: str
    """The id to ask for the post by, here."""
    identity: str
    written: str
    item: Mention | Rejected | None = None

    @property
    def stored(self) -> list[str]:
        return [self.place, self.status, self.identity, self.written]


class _Reading:
    """One run over the streams of a feed: what is remembered of each, and what was told already."""

    def __init__(self, options: Options, http: Http, cursor: Mapping[str, Json]) -> None:
        self._options = options
        self._http = http
        self._token = options.token()
        kept = cursor.get("streams", {}) if cursor.get("server") == options.base_url else {}
        wanted = [stream.key for stream in _streams(options)]
        self._states: dict[str, Json] = {key: kept[key] for key in wanted if key in kept}
        self._told: set[str] = set()

    def read(self, stream: _Stream) -> Iterator[Page]:
        """From the top down to what is known."""
        state = self._states.get(stream.key)
        known = {place for place, *_ in state["window"]} if state else set()
        since = instant(state["since"]) if state else None
        most = MOST_PAGES if state else FIRST_PAGES
        url, params = self._options.base_url + stream.path, (*stream.params, ("limit", str(LIMIT)))
        top: list[_Post] = []
        seen: set[str] = set()
        asked: set[tuple[str, _Params]] = set()
        for number in range(1, most + 1):
            response = self._http.get(url, params=params or None, token=self._token)
            self._refuse(response, stream)
            posts = self._posts(response.json(), stream, number)
            top = top if number > 1 else posts
            places = {post.place for post in posts}
            if places and places <= seen:
                posts = []  # a server that does not turn pages shows the same one for ever
            times = [moment for post in posts if (moment := instant(post.written))]
            older = bool(since and times and max(times) < since)
            following = self._following(response, stream, posts, number)
            asked.add((url, params))
            end = following is None or following in asked
            seen |= places
            done = end or older or not known.isdisjoint(places) or number == most
            rejected = [post.item for post in posts if isinstance(post.item, Rejected)]
            if number == MOST_PAGES and not end:
                rejected.append(
                    Rejected(stream.where, f"more than {MOST_PAGES} pages: what is older was not read")
                )
            if done:
                self._states[stream.key] = _remembered(state, top, seen, passed=end or older)
            yield self._page(
                tuple(self._untold(posts)),
                rejected=tuple(rejected),
                baseline=state is None,
                response=response,
            )
            if done or following is None:
                return
            url, params = following

    def check(self, stream: _Stream) -> Iterator[Page]:
        """Ask for posts that are missing. Whatever the answer is, it is final, but for a fault."""
        state = self._states[stream.key]
        asked, later = state["doubt"][:CHECKS], state["doubt"][CHECKS:]
        if not asked:
            return
        gone = []
        for _, status, identity, _ in asked:
            url = f"{self._options.base_url}/api/v1/statuses/{quote(status, safe='', errors='replace')}"
            response = self._http.get(url, token=self._token)
            if response.status in (404, 410):
                gone.append(identity)
            elif response.status == 429 or response.status >= 500:
                self._refuse(response, stream)
        window = [entry for entry in state["window"] if entry[2] not in gone]
        self._states[stream.key] = {**state, "window": window, "doubt": later}
        yield replace(self._page(()), gone=tuple(gone), gone_words=bool(gone))

    def _page(
        self,
        mentions: tuple[Mention, ...],
        rejected: tuple[Rejected, ...] = (),
        baseline: bool = False,
        response: Response | None = None,
    ) -> Page:
        pause = retry_after(response) if response else None
        return Page(
            mentions,
            {"server": self._options.base_url, "streams": dict(self._states)},
            rejected=rejected,
            not_before=response.now + pause if response and pause else None,
            baseline=baseline,
        )

    def _untold(self, posts: Sequence[_Post]) -> Iterator[Mention]:
        for post in posts:
            if isinstance(post.item, Mention) and post.item.native_id not in self._told:
                self._told.add(post.item.native_id)
                yield post.item

    def _posts(self, document: Json, stream: _Stream, number: int) -> list[_Post]:
        if stream.search and isinstance(document, dict):
            document = document.get("statuses")
        if not isinstance(document, list):
            raise BadPayload(f"the answer for {stream.where} is JSON, but no list of posts: check base_url")
        posts = []
        for count, entry in enumerate(document, 1):
            post = self._post(entry, stream)
            if isinstance(post.item, Rejected):
                where = f"{stream.where}, page {number}, post {count}"
                post = replace(post, item=replace(post.item, where=where))
            posts.append(post)
        return posts

    def _post(self, entry: Json, stream: _Stream) -> _Post:
        status = entry
        if stream.addressed and isinstance(entry, dict):
            if entry.get("type") != "mention":
                return _Post(str(entry.get("id") or ""), "", "", "")
            status = entry.get("status")
        item = mention(status, Mastodon.name, server=self._options.base_url, addressed=stream.addressed)
        place = str(entry.get("id") or "") if isinstance(entry, dict) else ""
        if not isinstance(status, dict) or not isinstance(item, Mention):
            return _Post(place, "", "", "", item)
        written = str(status.get("created_at") or "")
        return _Post(place, str(status.get("id") or ""), item.native_id, written, item)

    def _following(
        self, response: Response, stream: _Stream, posts: Sequence[_Post], number: int
    ) -> tuple[str, _Params] | None:
        """Where the next older page is. Only an empty page proves that there is none: posts a server hides
        are missing from full pages, and some never say where the next page is."""
        url, params = self._options.base_url + stream.path, (*stream.params, ("limit", str(LIMIT)))
        if stream.search:
            return (url, (*params, ("offset", str(number * LIMIT)))) if posts else None
        linked = links(response.headers.get("link", "")).get("next")
        if linked:
            return rebase(linked, self._options.base_url), ()
        places = [post.place for post in posts if post.place]
        return (url, (*params, ("max_id", places[-1]))) if places else None

    def _refuse(self, response: Response, stream: _Stream) -> None:
        host = urlsplit(self._options.base_url).hostname
        if response.status in (401, 403, 422):
            raise Denied(
                f"{host} refuses our token for {stream.where} ({response.status}): make a new one with the "
                "rights read:statuses, read:search and read:notifications"
                if self._token
                else f"{host} shows {stream.where} only to people who are logged in ({response.status}): name "
                'the token of an account there with token_env = "NAME" or token_file = "path"'
            )
        if response.status == 404:
            raise Gone(
                f"{host} has no {stream.where} to read (404): not every server offers this, "
                "so check base_url or read it on another server"
            )
        error = fault(response)
        if error:
            raise error


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────


def _remembered(state: Json, top: Sequence[_Post], seen: set[str], *, passed: bool) -> dict[str, Json]:
    """What to keep of a stream after a whole reading.

    `window`: its newest posts. `doubt`: those that were in the window, should have been seen and were not.
    `since`: when the oldest of the window was written; nothing new is older. `passed`: the reading went
    beyond the whole window. A top without a single post is not believed as long as posts are remembered.
    """
    before: list[list[str]] = state["window"] if state else []
    doubt: list[list[str]] = state["doubt"] if state else []
    reached = [index for index, entry in enumerate(before) if entry[0] in seen]
    within = before if passed else before[: reached[-1]] if reached else []
    missing = [entry for entry in within if entry[0] not in seen and entry[1]]
    doubt = [*doubt, *(entry for entry in missing if entry not in doubt)][-LIMIT:]
    window = [post.stored for post in top if post.place][:LIMIT] or before
    written = sorted(moment for entry in window if (moment := instant(entry[3])))
    since = written[0].isoformat() if written else state["since"] if state else None
    return {"window": window, "doubt": doubt, "since": since}
