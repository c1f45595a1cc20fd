"""What set-up and `check` want to know of a Slack app: whose tokens these are, where its bot is, what works."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from alerts.slack import tokens
from alerts.slack.check import findings, who
from alerts.slack.probe import Probe
from alerts.slack.send import API_URL, Slack
from alerts.slack.socket_check import socket_mode
from alerts.words import line
from monitor.core.errors import DeliveryError
from monitor.core.message import Message
from monitor.core.ports import Finding

NO_APP_TOKEN = Finding(
    "Slack app token",
    False,
    "there is none: cards are posted, but nobody hears their buttons, Home and /complaints",
    "`complaint-monitor slack setup` says where it is found, and keeps it.",
)


class Place(NamedTuple):
    """A channel that the bot is in."""

    id: str
    name: str
    private: bool


class Access:
    """`timeout` is in seconds and holds for each wait of a call."""

    def __init__(self, api_url: str = API_URL, timeout: float = 10.0) -> None:
        self._api_url = api_url
        self._timeout = timeout

    def bot_token(self, token: str) -> Finding:
        """Is this the bot's token, and does Slack take it?"""
        what, remedy = "Slack token", f"Copy it anew from {tokens.WHERE[tokens.BOT]}."
        amiss = tokens.amiss(token, tokens.BOT)
        if amiss is not None:
            return Finding(what, False, amiss, remedy)
        try:
            bot = who(self._slack(token).read)
        except DeliveryError as fault:
            return Finding(what, False, str(fault), remedy)
        return Finding(what, True, f"works: @{bot.name} in {bot.team}")

    def app_token(self, token: str) -> Finding:
        """Is this the app-level token, and does Socket Mode open with it?"""
        return socket_mode(self._slack(token).read, token)

    def places(self, token: str) -> tuple[str, list[Place]]:
        """The bot's name, and the channels it is in, as far as its scopes let it see. Raises DeliveryError."""
        read = self._slack(token).read
        bot, found = who(read), list[Place]()
        for kind, scope in (("public_channel", "channels:read"), ("private_channel", "groups:read")):
            if bot.granted is not None and scope not in bot.granted:
                continue
            cursor, seen = "", {""}
            while True:
                answer, _ = read(
                    "users.conversations", types=kind, exclude_archived=True, limit=200, cursor=cursor
                )
                for row in answer.get("channels") or ():
                    found.append(
                        Place(str(row["id"]), line(str(row.get("name")), 80), kind == "private_channel")
                    )
                cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
                if cursor in seen:
                    break
                seen.add(cursor)
        return bot.name, sorted(found, key=lambda place: place.name)

    def examine(self, token: str, app_token: str | None, channels: Mapping[str, str]) -> Iterator[Finding]:
        """All of it, posting nothing. `channels`: each ID with the setting that names it."""
        amiss = tokens.amiss(token, tokens.BOT)
        if amiss is not None:
            yield Finding("Slack token", False, amiss, f"Copy it anew from {tokens.WHERE[tokens.BOT]}.")
        else:
            yield from findings(self._slack(token).read, channels, desk=app_token is not None)
        yield self.app_token(app_token) if app_token is not None else NO_APP_TOKEN

    def probe(self, token: str, message: Message) -> Iterator[Finding]:
        """Post the test card, read it back, draw it anew, delete it."""
        return Probe(self._slack(token), message, datetime.now(UTC), time.sleep).findings()

    def _slack(self, token: str) -> Slack:
        return Slack(token, self._api_url, self._timeout)
