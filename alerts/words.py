"""Customers' words made safe to show: nothing invisible, nothing that turns the line around, nothing endless.

Every receiver passes what customers wrote through `clean` or `line`; what its own markup needs on top
(Slack: `alerts.slack.escape`) comes last, after cutting.
"""

from __future__ import annotations

import re
from unicodedata import category
from urllib.parse import quote, urlsplit, urlunsplit

ELLIPSIS = "…"
AHEAD = 20
"""Looked at before cutting: so many times the limit (and at least 2,000 characters). What comes later is
never shown, so that a megabyte costs no more than a page."""
MARKS = 4
"""Combining marks kept on one letter: enough for every script, too few to paint over the neighbours."""
URL_LIMIT = 2_000

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"  # C0 and C1, but for the breaks above, tab and newline
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"  # tags: text that no reader sees and every machine reads
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*")
_JOINERS = "\u200c\u200d"
_SKIN = range(0x1F3FB, 0x1F400)
_FLAG = range(0x1F1E6, 0x1F200)


def clean(text: str, *, limit: int, lines: int = 12) -> str:
    """`text` without controls, direction overrides and heaps of marks; at most `limit` characters.

    Line breaks stay, at most `lines` lines of them. What was cut ends in an ellipsis.
    """
    seen = AHEAD * limit + 2_000
    head = _BREAKS.sub("\n", text[:seen])
    head = _SURROGATES.sub("\ufffd", _UNSEEN.sub("", head)).replace("\t", " ")
    if not head.isascii():
        head = _few_marks(head)
    head = _EMPTY_LINES.sub("\n\n", head).strip()
    parts = head.split("\n")
    if len(parts) > lines:
        head = "\n".join(parts[:lines]).rstrip() + f" {ELLIPSIS}"
    cut = len(text) > seen and not head.endswith(ELLIPSIS)
    return shorten(f"{head}{ELLIPSIS}" if cut else head, limit)


def line(text: str, limit: int) -> str:
    """`clean` on a single line."""
    return shorten(" ".join(clean(text, limit=4 * limit + 200, lines=200).split()), limit)


def flat(text: str, limit: int) -> str:
    """`clean` on a single line that still shows where lines ended: a title does not run into its text."""
    rows = (" ".join(row.split()) for row in clean(text, limit=4 * limit + 200, lines=200).split("\n"))
    return shorten(" / ".join(row for row in rows if row), limit)


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters (at least 1), cut between words where one ends near, never inside a sign."""
    if len(text) <= limit:
        return text
    end = limit - 1
    while end > 0 and _belongs_to_the_left(text, end):
        end -= 1
    end = end or limit - 1
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if space >= end - max(12, limit // 5) and space > 0:
        end = space
    return text[:end].rstrip().removesuffix(ELLIPSIS).rstrip() + ELLIPSIS


def safe_url(url: str | None, limit: int = URL_LIMIT) -> str | None:
    """An http(s) address that is what it seems, or None. Nothing in it can end or change the markup around.

    An address with a user name in it (`https://bank.example@other.example/`) is refused: it is a disguise.
    """
    if url is None or len(url) > limit or re.search(r"[\x00-\x1f\x7f-\x9f]", url.strip()):
        return None
    try:
        parts = urlsplit(_SURROGATES.sub("\ufffd", url.strip()))
        port = f":{parts.port}" if parts.port is not None else ""
        host = (parts.hostname or "").encode("idna").decode("ascii").lower()
    except ValueError:  # a broken port, bracket or host name (UnicodeError is one of these)
        return None
    if parts.scheme.lower() not in ("http", "https") or "@" in parts.netloc:
        return None
    if not _HOST.fullmatch(host):
        return None
    place = f"[{host}]{port}" if ":" in host else f"{host}{port}"
    rest = (quote(part, safe="%/:?#[]@!$&'()*+,;=-._~") for part in parts[2:])
    whole = urlunsplit((parts.scheme.lower(), place, *rest))
    return whole if len(whole) <= limit else None


def _few_marks(text: str) -> str:
    kept: list[str] = []
    run = 0
    for sign in text:
        run = run + 1 if sign in _JOINERS or category(sign) in ("Mn", "Me") else 0
        if run <= MARKS:
            kept.append(sign)
    return "".join(kept)


def _belongs_to_the_left(text: str, at: int) -> bool:
    """Would a cut before `at` tear a sign apart: a mark from its letter, a face from its skin, half a flag?"""
    right, left = text[at], text[at - 1]
    if category(right) in ("Mn", "Me", "Mc") or right in _JOINERS or left == "\u200d" or ord(right) in _SKIN:
        return True
    if ord(right) in _FLAG and ord(left) in _FLAG:
        before = at
        while before > 0 and ord(text[before - 1]) in _FLAG:
            before -= 1
        return (at - before) % 2 == 1
    return False
