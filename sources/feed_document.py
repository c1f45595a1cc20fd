"""A feed's bytes as a list of entries: RSS 0.9x, 1.0 and 2.0, Atom, and JSON Feed.

What cannot be read as a feed raises BadPayload, in words that say what came instead. What is broken but
readable is read, since much of the real web is; a document whose end is missing says so.
"""

from __future__ import annotations

import calendar
import io
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from monitor.core.errors import BadPayload
from monitor.core.model import Json, Rejected
from monitor.core.payload import decode
from monitor.core.ports import Response
from sources.charset import guess
from sources.text import instant, plain, web_address

_MOST = {b"<": 200_000, b"xml:base": 2_000, b"categor": 10_000, b"subject": 10_000, b"keywords": 10_000}
"""More than any feed holds; each of them makes reading slow without bound (a few seconds at these)."""
_NESTED = rb"&(?!#(?!0*38;|[xX]0*26;))"  # an entity, or the sign that begins one; not `&#160;`
_LONG_ENTITY = re.compile(
    rb"<!ENTITY\s+(?:%\s+)?[^\s\"'>]+\s*"
    rb"(?:\"(?:[^\">]{17}|[^\">]*" + _NESTED + rb")|'(?:[^'>]{17}|[^'>]*" + _NESTED + rb"))"
)
"""Declared in place, and longer than any sign needs or holding another entity."""
_REFERENCE = re.compile(rb"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
_NO_SIGN = "\ufffd".encode()
_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|feed|rdf)\b", re.I)
_CHANNEL_END = re.compile(rb"</channel\s*>\s*$", re.I)
_RDF = ("rss10", "rss090")
"""Where the items follow the channel instead of standing in it."""
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_NAMED_FEED = re.compile(
    rb"<link\b[^<>]{0,500}type=[\"']?application/(?:rss|atom)\+xml[^<>]{0,500}>", re.I
)  # what a web page says its feed is
_MAIL = re.compile(r"[^\s()<>\[\]\"',;:@]+@[^\s()<>\[\]\"',;:@]+")
_HREF = re.compile(rb"href=[\"']?([^\"'\s<>]{1,500})", re.I)


@dataclass(frozen=True, slots=True)
class Person:
    """An author as the feed names them; empty where it does not."""

    name: str = ""
    uri: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item, its words already plain; nothing in it can be relied on to be there."""

    id: str = ""
    link: str | None = None
    title: str = ""
    text: str = ""
    author: Person = Person()
    published: datetime | None = None
    updated: datetime | None = None
    date: str = ""
    """The date as written, usable or not."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...]
    whole: bool
    """False when the end is missing: more entries may be on the server than here."""
    language: str = ""
    home: str | None = None
    """The page the feed belongs to."""


def read(response: Response) -> Document:
    """The feed in `response`. Raises BadPayload."""
    start = response.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise BadPayload("the answer is empty where a feed was due")
    if start[:1] in b"{[" or start.rstrip() == b"null":
        return _json_feed(decode(start))
    return _xml_feed(response)


# ── XML ──────────────────────────────────────────────────────────────────────────────────────────────────


def _xml_feed(response: Response) -> Document:
    import feedparser  # slow to load, and `--help` does not need it
    from feedparser.encodings import convert_to_utf8

    said = _CHARSET.search(response.headers.get("content-type", ""))
    charset = said[1] if said else guess(response.body)
    kind = f"application/xml; charset={charset}" if charset else "application/xml"
    try:
        # blanks before the XML declaration make it an error, and are everywhere
        data: bytes = convert_to_utf8({"content-type": kind}, response.body.lstrip(b" \t\r\n"), {})
        _refuse_bombs(data)
        data = _REFERENCE.sub(_sign, data)
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(data),  # never bytes or text: those could name a file or an address
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except BadPayload:
        raise
    except Exception as fault:
        raise BadPayload(f"the feed cannot be read ({type(fault).__name__})") from fault
    if not parsed.get("version"):
        raise BadPayload(_instead(data, response.url))
    top: Mapping[str, Any] = parsed["feed"]
    atom, base = str(parsed["version"]).startswith("atom"), _base(response.url)
    owner = _person(top, base) if atom else Person()
    whole = not _broken(parsed) or _closed(data, channel_is_last=not str(parsed["version"]).startswith(_RDF))
    items = list(parsed["entries"])
    if not whole:
        items = items[:-1]  # the last one stopped somewhere in the middle
    entries, rejected = _each(items, lambda item: _xml_entry(item, owner, base))
    return Document(
        entries, rejected, whole, str(top.get("language") or ""), web_address(top.get("link"), base)
    )


def _refuse_bombs(data: bytes) -> None:
    if _LONG_ENTITY.search(data):
        raise BadPayload("the feed declares entities that grow when they are read: a mistake or an attack")
    for sign, most in _MOST.items():
        if data.count(sign) > most:
            raise BadPayload(
                f"the feed has more than {most} parts of one kind ({sign.decode()}): it is not read"
            )


def _sign(reference: re.Match[bytes]) -> bytes:
    """A reference by number to what is no character would make the parser give the whole feed up."""
    digits = (reference[1] or reference[2]).lstrip(b"0")
    number = int(digits or b"0", 16 if reference[1] else 10) if len(digits) < 9 else -1
    return reference[0] if 0 < number < 0xD800 or 0xDFFF < number < 0x110000 else _NO_SIGN


def _broken(parsed: Mapping[str, Any]) -> bool:
    from xml.sax import SAXException

    return isinstance(parsed.get("bozo_exception"), SAXException)


def _closed(data: bytes, channel_is_last: bool) -> bool:
    tail = data[-4000:]
    return bool(_END.search(tail) or (channel_is_last and _CHANNEL_END.search(tail)))


def _xml_entry(item: Mapping[str, Any], owner: Person, base: str) -> Entry:
    title = item.get("title_detail") or {}
    contents = [content for content in item.get("content") or () if content.get("value")]
    summary = item.get("summary_detail") or {}
    texts = [_words(content) for content in (*contents, summary)]
    # `updated` alone would fall back to `published`, with a warning
    updated = _moment(item, "updated") or _moment(item, "created")
    person = _person(item, base)
    languages = (detail.get("language") for detail in (*contents, summary, title))
    return Entry(
        id=str(_raw(item, "id") or "").strip(),
        link=web_address(item.get("link"), base),
        title=" ".join(_words(title).split()),
        text=max(texts, key=len, default=""),
        author=person if person != Person() else owner,
        published=_moment(item, "published"),
        updated=updated,
        date=str(_raw(item, "published") or _raw(item, "updated") or ""),
        language=next((str(language) for language in languages if language), ""),
    )


def _words(detail: Mapping[str, Any]) -> str:
    value = str(detail.get("value") or "")
    if detail.get("type") == "text/plain" and not re.search(r"</?[a-zA-Z][^<>]{0,200}>", value):
        return "\n".join(line.rstrip() for line in value.strip().splitlines())
    return plain(value.replace("<br></br>", "<br>"))


def _person(item: Mapping[str, Any], base: str) -> Person:
    detail = item.get("author_detail") or {}
    said = str(_raw(item, "author") or detail.get("name") or "")[:500]
    mail = _MAIL.search(said)
    name = said.replace(mail[0], " ").strip(" \t()<>[]\"'") if mail else str(detail.get("name") or said)
    page = web_address(detail.get("href"), base) if detail.get("href") else None
    email = mail[0] if mail else _text(detail.get("email"))
    return Person(" ".join(plain(name).split()), page or "", email)


def _moment(item: Mapping[str, Any], name: str) -> datetime | None:
    parsed = _raw(item, f"{name}_parsed")
    if isinstance(parsed, time.struct_time):
        try:
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return instant(_raw(item, name))


def _base(url: str) -> str:
    """What relative links count from, without the name and password that may stand in an address."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _raw(item: Mapping[str, Any], name: str) -> Any:
    """What the feed said; the parser's own `get` answers some names with others, and warns."""
    assert isinstance(item, dict)
    return dict.get(item, name)


def _instead(data: bytes, url: str) -> str:
    if re.search(rb"<(!doctype\s+html|html|head|body)\b", data[:4000], re.I):
        found = _NAMED_FEED.search(data[:200_000])
        href = _HREF.search(found[0]) if found else None
        feed = web_address(href[1].decode("utf-8", "replace"), url) if href else None
        named = f"; that page names its feed: {feed}" if feed and "?" not in feed else ""
        return f"the answer is a web page where a feed was due: check the feed's `url`{named}"
    return "the answer is no feed (neither RSS nor Atom nor JSON Feed): check the feed's `url`"


# ── JSON Feed ────────────────────────────────────────────────────────────────────────────────────────────


def _json_feed(top: Json) -> Document:
    version = top.get("version") if isinstance(top, dict) else None
    items = top.get("items") if isinstance(top, dict) else None
    if not isinstance(items, list) or "jsonfeed" not in str(version).lower():
        raise BadPayload("the answer is JSON, but no JSON Feed: check the feed's `url`")
    owner = _json_person(top)
    entries, rejected = _each(items, lambda item: _json_entry(item, owner))
    return Document(
        entries, rejected, True, _text(top.get("language")), web_address(top.get("home_page_url"))
    )


def _json_entry(item: Json, owner: Person) -> Entry:
    if not isinstance(item, dict):
        raise ValueError("it is no object")
    key = item.get("id")
    text = _text(item.get("content_text")) or plain(_text(item.get("content_html")))
    person = _json_person(item)
    return Entry(
        id=(_text(key) or (json.dumps(key) if isinstance(key, int | float) else "")).strip(),
        link=web_address(item.get("url")) or web_address(item.get("external_url")),
        title=" ".join(plain(_text(item.get("title"))).split()),
        text=text or plain(_text(item.get("summary"))),
        author=person if person != Person() else owner,
        published=instant(item.get("date_published")),
        updated=instant(item.get("date_modified")),
        date=_text(item.get("date_published")),
        language=_text(item.get("language")),
    )


def _json_person(item: Mapping[str, Any]) -> Person:
    several = item.get("authors")
    one = several[0] if isinstance(several, list) and several else item.get("author")
    if not isinstance(one, dict):
        return Person()
    return Person(" ".join(_text(one.get("name")).split()), _text(one.get("url")))


# ── both ─────────────────────────────────────────────────────────────────────────────────────────────────


def _each(items: list[Any], entry: Callable[[Any], Entry]) -> tuple[tuple[Entry, ...], tuple[Rejected, ...]]:
    entries: list[Entry] = []
    rejected: list[Rejected] = []
    for number, item in enumerate(items, 1):
        try:
            found = entry(item)
        except (ValueError, TypeError, AttributeError, LookupError) as fault:
            rejected.append(Rejected(f"entry {number}", f"it cannot be read: {str(fault)[:200]}"))
            continue
        if found.title or found.text:
            entries.append(found)
        else:
            rejected.append(Rejected(f"entry {number}", "it has no words"))
    return tuple(entries), tuple(rejected)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
