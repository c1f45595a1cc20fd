"""One entry of a feed as a mention: who it is, which one it is, and when it was said.

Feeds promise little about any of these. An id need not be unique beyond its feed, an author may be a name
shared by thousands, and a date may lie in the next century: here it is decided what to rely on.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from monitor.core.model import Author, Mention
from sources.feed_document import Document, Entry, Person
from sources.text import language_code, web_address

_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Older than the web: a clock that was never set."""
_CLOCKS_DIFFER = timedelta(days=1)
"""Many sites write their local time as if it were UTC."""
_LONGEST_ID = 400
_GLOBAL_ID = re.compile(
    r"[a-z][a-z0-9+.-]*://.+|tag:.+|urn:.+|at://.+|yt:video:.+|t[1-6]_[a-z0-9]+|.{20,}", re.I | re.S
)
"""Unique beyond the feed: an address, a tag, a name of YouTube's or Reddit's, or long enough to be random."""
_REDDIT_TAIL = re.compile(
    r"\s*submitted by\s*\S+(?:\s+to\s+\S+)?(?:\s*\[link\])?\s*\[(?:\d+ )?comments?\]\s*$"
)
_SHARED_MAILBOX = re.compile(r"(?:no-?reply|do-?not-?reply|donotreply|webmaster|admin|info)@", re.I)


def mentions(document: Document, url: str, now: datetime) -> tuple[Mention, ...]:
    """The document's entries in their order, one for each id (the newest version). `url` is the configured
    one, which ids and names are scoped by; dates later than `now` are nobody's and are left out.
    """
    scope = _scope(url)
    links = Counter(entry.link for entry in document.entries if entry.link and not entry.id)
    found: dict[str, Mention] = {}
    for entry in document.entries:
        alone = entry.link is not None and links[entry.link] == 1 and entry.link != document.home
        one = _mention(entry, document, scope, now, alone)
        known = found.get(one.native_id)
        if known is None or _version(one) > _version(known):
            found[one.native_id] = one
    return tuple(found.values())


def _mention(entry: Entry, document: Document, scope: str, now: datetime, alone: bool) -> Mention:
    link = unwrapped(entry.link)
    title, text = entry.title, entry.text
    if "googlealerts" in entry.id:
        title, text = (re.sub(r"\s*(?:\.\.\.|…)$", "", words) for words in (title, text))
    if entry.link and (urlsplit(entry.link).hostname or "").endswith("reddit.com"):
        text = _REDDIT_TAIL.sub("", text)
    published, updated = _usable(entry.published, now), _usable(entry.updated, now)
    if entry.published is None:
        published, updated = updated, None
    return Mention(
        source="rss",
        native_id=_native_id(entry, link, scope, alone),
        text=text,
        title=title,
        url=link,
        author=_author(entry.author, scope.partition("/")[0], link),
        published=published,
        edited=updated if updated and published and updated > published else None,
        language=language_code(entry.language) or language_code(document.language),
    )


def _native_id(entry: Entry, link: str | None, scope: str, alone: bool) -> str:
    """The entry's own id if it is unique in the world, else within this feed; its link; its content."""
    if entry.id:
        own = entry.id if _GLOBAL_ID.fullmatch(entry.id) else f"{scope}#{entry.id}"
    elif link and alone:
        own = link
    else:
        own = f"{scope}#{_digest(entry.title or entry.text, entry.date, link or '')}"
    return own if len(own) <= _LONGEST_ID else f"{own[:200]}#{_digest(own)}"


def _author(person: Person, host: str, link: str | None) -> Author:
    """Keyed by what only this person has: a page of their own or an address, else the name at this host.
    Two people in one case are worse than one person in two.
    """
    name = person.name
    page = web_address(person.uri)
    if page is not None:
        parts = urlsplit(page)
        own = bool(parts.path.strip("/") or parts.query)  # the front page of a site is everybody's
        return Author(page if own else f"{page} {name}".strip(), name, page)
    if person.email and not _SHARED_MAILBOX.match(person.email):
        return Author(f"{person.email.lower()} {name}".strip(), name)
    if not name:
        return Author()
    return Author(f"{host} {name.casefold()}", name)


def unwrapped(link: str | None) -> str | None:
    """The page behind Google's redirect, where `link` is one."""
    if link is None:
        return None
    parts = urlsplit(link)
    if (
        not re.fullmatch(r"(?:www\.)?google(?:\.[a-z]{2,3}){1,2}", parts.hostname or "")
        or parts.path != "/url"
    ):
        return link
    query = parse_qs(parts.query)
    inner: Iterable[str] = (*query.get("url", ()), *query.get("q", ()))
    return next((page for page in map(web_address, inner) if page), link)


def _usable(moment: datetime | None, now: datetime) -> datetime | None:
    if moment is None or not _EARLIEST <= moment <= now + _CLOCKS_DIFFER:
        return None
    return moment  # not cut to `now`: it must be the same on every reading


def _version(mention: Mention) -> datetime:
    return mention.edited or mention.published or _EARLIEST


def _scope(url: str) -> str:
    """The feed's own host and path; its query, which may hold a key, only as a print."""
    parts = urlsplit(url)
    query = f"?{_digest(parts.query)[:8]}" if parts.query else ""
    return f"{(parts.hostname or '').lower()}{parts.path}{query}"


def _digest(*parts: str) -> str:
    joined = "\x1f".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(joined).hexdigest()[:24]
