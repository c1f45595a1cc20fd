"""Words, moments and addresses as sources write them, read into one form.

All of it is fed by strangers: every function here takes any input in time linear to its length and raises
nothing.
"""

from __future__ import annotations

import html as entities
import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

# ── words ────────────────────────────────────────────────────────────────────────────────────────────────

_DROPPED = frozenset(
    [
        "script",
        "style",
        "template",
        "noscript",
        "head",
        "iframe",
        "object",
        "svg",
        "math",
        "textarea",
        "select",
    ]
)
_PARAGRAPHS = frozenset(
    [
        "p",
        "blockquote",
        "ul",
        "ol",
        "dl",
        "table",
        "pre",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "figure",
        "hr",
        "section",
        "article",
    ]
)
_LINES = frozenset(
    [
        "div",
        "li",
        "dt",
        "dd",
        "tr",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
        "address",
        "figcaption",
        "details",
        "summary",
    ]
)
_HIDDEN = frozenset(("invisible", "quote-inline"))
"""Mastodon's classes for what it shows otherwise: the dull ends of a link, the line repeating a quoted post."""

_FORMATTING = re.compile(r"<(?:a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)[\s/>]", re.I)
_MOST_TAGS = 6_000
_MOST_WORK = 400_000
_SURROGATES = re.compile("[\ud800-\udfff]")


def plain(html: str) -> str:
    """The words of an HTML fragment as a reader sees them: blocks and `<br>` become line breaks, scripts and
    hidden parts are gone, entities are characters, blanks are single. Text without any tag keeps its lines.
    """
    if "<" not in html:
        return _tidy(entities.unescape(html) if "&" in html else html)
    tags = html.count("<")
    if tags > _MOST_TAGS or tags * len(_FORMATTING.findall(html)) > _MOST_WORK:
        # The rules of HTML rebuild every open <b> in every new <p>, and look up through all open tags at
        # each of them: a megabyte made for it takes gigabytes and minutes. No person writes so; here the
        # tags are cut out without building a tree.
        return _tidy(_cut_tags(html))
    return _tidy(_walk(_SURROGATES.sub("\ufffd", html)))


def _walk(html: str) -> str:
    from selectolax.lexbor import LexborHTMLParser, LexborNode  # slow to load, and `--help` needs none

    parts: list[str] = []
    due = 0  # line breaks to write before the next word
    todo: list[tuple[LexborNode | None, str, bool]] = [(LexborHTMLParser(html).root, "", False)]
    while todo:
        node, tag, pre = todo.pop()
        if node is None:  # the end of an element
            due = max(due, _breaks(tag))
            continue
        if node.next is not None:
            todo.append((node.next, "", pre))
        tag = node.tag or ""
        if tag == "-text":
            words = node.text_content or ""
            if not pre:
                words = words.replace("\n", " ").replace("\r", " ")
            if due and not words.strip():
                continue
            parts.append("\n" * min(due, 2) + words)
            due = 0
        elif tag == "br":
            due += 1
        elif tag[:1] not in ("-", "!", "") and tag not in _DROPPED:
            classes = (node.attributes.get("class") or "").split() if tag in ("span", "p") else ()
            if _HIDDEN.intersection(classes):
                continue
            if tag in ("td", "th") and not due:
                parts.append(" ")
            if "ellipsis" in classes:
                parts.append(f"{_walk_text(node)}…")
                continue
            due = max(due, _breaks(tag))
            todo.append((None, tag, pre))
            if node.child is not None:
                todo.append((node.child, "", pre or tag == "pre"))
    return "".join(parts)


def _walk_text(node: object) -> str:
    return str(node.text(deep=True)) if hasattr(node, "text") else ""


def _breaks(tag: str) -> int:
    return 2 if tag in _PARAGRAPHS else 1 if tag in _LINES else 0


_TAG = re.compile(r"<(?:[a-zA-Z/!?][^<>]*)>")
_LINE_TAG = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|blockquote|pre|ul|ol|table)(?=[\s/>])[^<>]*>", re.I)


def _cut_tags(html: str) -> str:
    for name in ("script", "style"):
        html = _cut_elements(html, name)
    return entities.unescape(_TAG.sub("", _LINE_TAG.sub("\n", html)))


def _cut_elements(html: str, name: str) -> str:
    low, kept, at = html.lower(), [], 0
    if len(low) != len(html):  # lower-casing can lengthen text ("İ"): positions would not fit
        return html
    while (start := low.find(f"<{name}", at)) >= 0:
        end = low.find(f"</{name}", start)
        kept.append(html[at:start])
        at = len(html) if end < 0 else end
        if end < 0:
            break
        close = low.find(">", end)
        at = len(html) if close < 0 else close + 1
    kept.append(html[at:])
    return "".join(kept)


def _tidy(words: str) -> str:
    lines = (" ".join(line.split()) for line in words.split("\n"))
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()


# ── moments ──────────────────────────────────────────────────────────────────────────────────────────────

_NUMBER = re.compile(r"-?[0-9]{9,16}(\.[0-9]{1,9})?")
_ZONE = re.compile(r"\s*(?:Z|z|UTC|GMT)$")
_GAP_BEFORE_OFFSET = re.compile(r"\s+([+-][0-9]{2}:?[0-9]{2})$")


def instant(value: object) -> datetime | None:
    """A moment in UTC from ISO 8601, RFC 822 or the seconds (milli-, microseconds) since 1970, as text or
    number; a moment without a zone counts as UTC. None for anything else.
    """
    if isinstance(value, datetime):
        return _utc(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _since_1970(float(value)) if abs(value) < 1e18 else None
    if not isinstance(value, str) or not 6 <= len(value.strip()) <= 80:
        return None
    said = value.strip()
    if said[4:5] == "-":  # nearly every source writes plain ISO 8601
        try:
            return _utc(datetime.fromisoformat(said))
        except ValueError:
            pass
    if _NUMBER.fullmatch(said):
        return _since_1970(float(said))
    try:
        iso = _GAP_BEFORE_OFFSET.sub(r"\1", _ZONE.sub("+00:00", said))
        return _utc(datetime.fromisoformat(iso))
    except ValueError:
        pass
    try:
        return _utc(parsedate_to_datetime(said))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _utc(moment: datetime) -> datetime | None:
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None


def _since_1970(number: float) -> datetime | None:
    if not math.isfinite(number):
        return None
    size = abs(number)
    seconds = number / 1e6 if size >= 1e14 else number / 1e3 if size >= 1e11 else number
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


# ── languages ────────────────────────────────────────────────────────────────────────────────────────────

_LANGUAGE = re.compile(r"\s*([A-Za-z]{2})(?:[-_][A-Za-z0-9_-]{1,20})?\s*")


def language_code(value: object) -> str | None:
    """`en` from `en`, `en-US` or `en_US`; None for anything that names no ISO 639-1 language."""
    found = _LANGUAGE.fullmatch(value) if isinstance(value, str) else None
    return found[1].lower() if found else None


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────

_LINK = re.compile(r"<([^<>]{1,4000})>([^<]*)")
_REL = re.compile(r";\s*rel\s*=\s*\"?([A-Za-z][A-Za-z .-]{0,80})\"?", re.I)


def links(header: str) -> dict[str, str]:
    """The addresses of a `Link` header by what they lead to, like `{"next": "https://..."}`."""
    found: dict[str, str] = {}
    for address, rest in _LINK.findall(header):
        rel = _REL.search(rest)
        for name in rel[1].lower().split() if rel else ():
            found.setdefault(name, address.strip())
    return found


def rebase(url: str, base_url: str) -> str:
    """`url`, a link the server gave, as reached through `base_url`: path and query stay, the host is ours.

    Servers behind a proxy name themselves otherwise than we reach them. The path of `base_url` is put in
    front unless it stands there already; a relative `url` counts from `base_url`. Raises nothing: an address
    nobody can read becomes `base_url` itself.
    """
    try:
        base = urlsplit(base_url)
        target = urlsplit(urljoin(base_url.rstrip("/") + "/", url))
    except ValueError:
        return base_url
    prefix = base.path.rstrip("/")
    path = target.path or "/"
    if prefix and path != prefix and not path.startswith(prefix + "/"):
        path = prefix + path
    return urlunsplit((base.scheme, base.netloc, path, target.query, ""))


_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?:/[A-Za-z0-9._~/?=&%+#-]*)?")


def web_address(url: object, base: str = "") -> str | None:
    """`url` made absolute against `base`, when it leads to a web page (http or https); else None."""
    if not isinstance(url, str) or not url.strip() or len(url) > 4000:
        return None
    if not base and _PLAIN_ADDRESS.fullmatch(url):  # most are: they need no taking apart
        return url
    try:
        whole = urljoin(base, url.strip())
        parts = urlsplit(whole)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return whole if usable else None


def shown(url: str) -> str:
    """`url` as it may stand in a message: no user, no password, no query, no control characters, not long."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(an address that cannot be read)"
    host = f"[{host}]" if ":" in host else host
    query = "?…" if parts.query else ""
    text = f"{parts.scheme}://{host}{port}{parts.path}{query}"
    clean = "".join(sign if sign.isprintable() else "�" for sign in text)
    return clean if len(clean) <= 200 else f"{clean[:199]}…"
