"""What a person asks of the desk in a line (`/complaints find refund`), and the values that answer it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.core.digest import Digest
from monitor.core.queue import Line, Queue
from monitor.core.sending import Trouble

LONGEST = 200
"""Characters of a search that are looked for."""
_PAGE = re.compile(r"(?:^|\s)page\s+(\d{1,6})$", re.I)


class Topic(StrEnum):
    QUEUE = "queue"
    MINE = "mine"
    FIND = "find"
    STATUS = "status"
    DIGEST = "digest"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Asked:
    topic: Topic
    words: str = ""
    """Find: what for. Help: the word that was not understood."""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what a search found, the newest case first."""

    words: str
    now: datetime
    timezone: str
    lines: tuple[Line, ...]
    page: int
    more: bool
    """There is a next page."""


@dataclass(frozen=True, slots=True)
class FeedLine:
    name: str
    state: str
    """As `status` tells it: heard, quiet, silent, failing, ..."""
    last: datetime | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """How the whole is: what `status` tells."""

    now: datetime
    timezone: str
    mentions: int
    complaints: int
    held_back: int
    cases: Mapping[str, int]
    outbox: Mapping[str, int]
    feeds: tuple[FeedLine, ...]
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True, slots=True)
class Help:
    unknown: str = ""
    """The word that nobody understood; empty where help was asked for."""


Reply = Queue | Found | Condition | Digest | Help


def asked(text: str) -> Asked:
    """What the line asks for. Nothing asks for the queue; what is not understood gets help."""
    words = " ".join(text[: LONGEST + 50].split())
    page = 1
    if told := _PAGE.search(words):
        page, words = max(1, int(told[1])), words[: told.start()].rstrip()
    first, _, rest = words.partition(" ")
    if not first:
        return Asked(Topic.QUEUE, page=page)
    if first.casefold() not in set(Topic):
        return Asked(Topic.HELP, first)
    topic = Topic(first.casefold())
    if topic is not Topic.FIND:
        return Asked(topic, page=page)
    wanted = rest.strip("\"'“”")[:LONGEST].strip()
    return Asked(Topic.FIND, wanted, page) if wanted else Asked(Topic.HELP)
