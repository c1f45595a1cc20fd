"""The small windows of an answer: one that is there at once and waits, and one that only says something."""

from __future__ import annotations

import re
from typing import Any

from alerts.slack.blocks import section
from alerts.slack.buttons import plain
from alerts.slack.escape import escape, mentioned
from alerts.words import clean

View = dict[str, Any]

TITLE = 24
WORDS = 2_800
"""Characters of what is said, escaped: a section takes 3,000."""
_ID = re.compile(r"\b[UW][A-Z0-9]{2,20}\b")


def spoken(words: str) -> str:
    """Our words to a person as mrkdwn, with people as mentions."""
    limit = WORDS
    while len(said := _said(words, limit)) > WORDS:
        # a sign grows to five when it is escaped, and an id by three when it becomes a mention
        limit = limit * WORDS // len(said)
    return said or "…"


def _said(words: str, limit: int) -> str:
    cut = clean(words, limit=limit)
    return mentioned(escape(cut), _ID.findall(cut))


def whisper(words: str) -> View:
    """`text` and `blocks` of a message for one person's eyes."""
    text = spoken(words)
    return {"text": text, "blocks": [section(text)]}


def loading(name: str) -> View:
    """`name`: by which it is found again, should Slack's answer to the opening get lost."""
    return {**notice("One moment", "_Loading…_", literal=True), "callback_id": "loading", "external_id": name}


def notice(title: str, words: str, *, literal: bool = False) -> View:
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(title[:TITLE]),
        "close": plain("Close"),
        "blocks": [section(words if literal else spoken(words))],
    }
