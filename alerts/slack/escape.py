"""Slack's own markup around words that are not ours.

Where Slack parses (mrkdwn, plain_text, a message's top-level text) `&`, `<` and `>` are escaped, exactly once
and after cutting; the text of rich_text is literal and is never escaped.
Source: https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from alerts.words import line, safe_url

# Bold, strike and code signs in a name would spoil the line around it; these look the same and do nothing.
_LOOKALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
# So would an emoji code: a customer called ":white_check_mark: Recovered" must not look like a closed case.
_EMOJI_CODE = re.compile(r":(?=[\w+'-]+:)")


def escape(text: str) -> str:
    """For mrkdwn, plain_text and top-level text. Cut before, never after."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str, limit: int) -> str:
    """Foreign words on one line inside our mrkdwn: at most `limit` characters, then escaped."""
    return escape(_EMOJI_CODE.sub("∶", line(text, limit).translate(_LOOKALIKES)))


ADDRESS = 1_200
"""Characters of an address, escaped: with all that may stand beside it a section takes 3,000."""


def link(url: str | None, label: str, limit: int = 80) -> str:
    """`<url|label>` in mrkdwn; the label alone where the address is not safe, or too long to stand in a line."""
    words = literal(label, limit)
    address = escape(safe_url(url) or "")
    return f"<{address}|{words.replace('|', '¦')}>" if 0 < len(address) <= ADDRESS and words else words


_PERSON = re.compile(r"[UW](?:[A-Z0-9]{8,20}|(?=[A-Z0-9]*[0-9])[A-Z0-9]{2,7})")
_GROUP = re.compile(r"S[A-Z0-9]{2,20}")


def is_person(who: str | None) -> bool:
    """Does it look like the id of somebody in Slack, and not like a name?"""
    return who is not None and _PERSON.fullmatch(who) is not None


def mention(person: str) -> str:
    """By the id of somebody in Slack."""
    return f"<@{person}>"


def called(people: Iterable[str]) -> str:
    """Those who must act, as mentions, so that Slack tells them; by name where no member ID is known."""
    return " ".join(_called(one) for one in people)


def _called(who: str) -> str:
    if is_person(who):
        return mention(who)
    return f"<!subteam^{who}>" if _GROUP.fullmatch(who) else f"*{literal(who, 60)}*"


def date(at: datetime, fallback: str) -> str:
    """A moment in the reader's own time zone; `fallback` where the token is not understood."""
    words = fallback.replace("|", " ").replace("^", " ")
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}} {{time}}|{escape(words)}>"


def mentioned(escaped: str, people: Iterable[str | None]) -> str:
    """Our own escaped words with each of the people, where they stand by their id, as a mention."""
    for who in dict.fromkeys(people):
        if who is not None and is_person(who):
            escaped = re.sub(rf"(?<![\w@]){who}(?!\w)", mention(who), escaped)
    return escaped
