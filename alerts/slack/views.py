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
_ID = re.compile(r"\b[UW][A-Z0-9]{2,20}\b")


def spoken(words: str) -> str:
    """Our words to a person as mrkdwn, with people as mentions."""
    cut = clean(words, limit=WORDS)
    return mentioned(escape(cut), _ID.findall(cut))


def loading(name: str) -> View:
    """`name`: by which it is found again, should Slack's answer to the opening get lost."""
    return {**notice("One moment", "_Loading…_", literal=True), "callback_id": "loading", "external_id": name}


def notice(title: str, words: str, *, literal: bool = False) -> View:
    return {
        "type": "modal",
        "callback_id": "notice",
        "title": plain(title[:TITLE]),
        "close": plain("Close"),
        "blocks": [section(words if literal else spoken(words) or "…")],
    }
