"""A Slack workspace in memory: people, channels with their messages, tokens, and what people have open.

It holds the state and the rules that all surfaces share; what the Web API does with it stands in `web`, what
people do in `people`. Names, answers and error codes are those of https://docs.slack.dev.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from alerts.testing.call import Refusal
from alerts.testing.screens import Screens
from alerts.testing.tiers import Tiers

__all__ = ["APP_TOKEN", "SCOPES", "TOKEN", "Channel", "Refusal", "Workspace"]

SCOPES = frozenset(
    {"chat:write", "commands", "channels:read", "groups:read", "channels:history", "groups:history"}
    | {"users:read"}
)
TOKEN = "xoxb-look-alike"  # noqa: S105 - opens nothing but the look-alike
APP_TOKEN = "xapp-look-alike"  # noqa: S105 - likewise
APP, TEAM, BOT, BOT_ID = "A0MONITOR", "T0ACME", "U0MONITOR", "B0MONITOR"
EVENTS = frozenset({"app_home_opened", "app_uninstalled", "tokens_revoked"})


@dataclass(slots=True)
class Channel:
    """A conversation; `messages` by ts, oldest first. `member`: is the bot in it?"""

    id: str
    name: str = "complaints"
    private: bool = False
    archived: bool = False
    member: bool = True
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: set[str] | None = None
    """Who is in it, beside the bot; None for everybody in the workspace."""
    user: str | None = None
    """The other side of a direct message."""

    def holds(self, user: str) -> bool:
        if self.user is not None:
            return user in (self.user, BOT)
        return self.member if user == BOT else self.people is None or user in self.people

    def scopes(self, right: str) -> str:
        """What a token needs to `read` about it, or to read its `history`."""
        return f"{'im' if self.user else 'groups' if self.private else 'channels'}:{right}"


@dataclass(slots=True)
class Workspace:
    """State and rules. `now` gives Unix seconds and dates everything, limits too; `ticks` gives the seconds
    that real people wait, for triggers and acknowledgements. `pace` is the least span between posts to one
    channel (seconds, None for no limit); `lag` hides fresh messages from history (seconds); `tiers` enforces
    the documented calls per minute."""

    now: Callable[[], float] = time.time
    ticks: Callable[[], float] = time.monotonic
    url: str = "https://acme.slack.example/"
    tokens: dict[str, frozenset[str]] = field(
        default_factory=lambda: {TOKEN: SCOPES, APP_TOKEN: frozenset({"connections:write"})}
    )
    channels: dict[str, Channel] = field(default_factory=dict)
    users: dict[str, dict[str, Any]] = field(default_factory=dict)
    pace: float | None = None
    tiers: bool = False
    lag: float = 0.0
    page: int = 100
    """The most rows of one answer, whatever the caller asks for."""
    revoked: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    """Kinds of blocks that are known, and that this workspace does not take all the same: new ones come to some
    workspaces later than to others."""
    home_tab: bool = True
    """Is the Home tab switched on for the app?"""
    events: frozenset[str] = EVENTS
    """The events that the app subscribed to; others are not sent."""
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    """What one person alone saw: `user`, `channel`, `ts`, `text`, `blocks`, and `thread_ts` if in one."""
    meter: Tiers = field(init=False)
    screens: Screens = field(init=False)
    _last_ts: int = 0

    def __post_init__(self) -> None:
        self.meter = Tiers(self._time)
        self.screens = Screens(ticks=self.elapsed, now=self._time, app=APP, bot=BOT_ID, team=TEAM)

    def _time(self) -> float:
        return self.now()

    def elapsed(self) -> float:
        """`ticks`, as it is set at the moment."""
        return self.ticks()

    # ── people ───────────────────────────────────────────────────────────────────────────────────────────

    def add_person(self, user: str, name: str = "", *, email: str = "", zone: str = "Europe/London") -> None:
        """Somebody who works here. `zone` is a name of the tz database; `email` defaults to one at example.com."""
        handle = (name or user).lower().replace(" ", ".")
        profile = {
            "real_name": name or user,
            "display_name": name,
            "email": email or f"{handle}@example.com",
        }
        about = {"id": user, "team_id": TEAM, "name": handle, "real_name": name or user, "profile": profile}
        self.users[user] = {**about, "deleted": False, "is_bot": False, "tz": zone, "is_admin": False}

    def person(self, user: str) -> dict[str, Any]:
        """Whoever acts is somebody here."""
        if user not in self.users:
            self.add_person(user)
        return self.users[user]

    # ── channels and messages ────────────────────────────────────────────────────────────────────────────

    def visible(self, wanted: str) -> Channel:
        """The channel of this id, if the bot may know of it. Raises Refusal."""
        channel = self.channels.get(wanted)
        if channel is None or (channel.private and not channel.member):
            raise Refusal("channel_not_found")
        return channel

    def direct(self, user: str) -> Channel:
        """The direct messages between the bot and this person. Raises Refusal when there is no such person."""
        if user not in self.users:
            raise Refusal("channel_not_found")
        made = Channel(f"D0{user[1:]}", name="", private=True, user=user)
        return self.channels.setdefault(made.id, made)

    def members(self, channel: Channel) -> list[str]:
        everybody = [*self.users, BOT] if BOT not in self.users else list(self.users)
        return [user for user in everybody if channel.holds(user)]

    def add(self, channel: Channel, message: dict[str, Any]) -> dict[str, Any]:
        """Put a message where it belongs, with a ts of its own."""
        stored = {**message, "ts": self.stamp()}
        channel.messages[stored["ts"]] = stored
        return stored

    def whisper(self, channel: Channel, user: str, message: dict[str, Any]) -> dict[str, Any]:
        """Show a message to this person alone."""
        shown = {"user": user, "channel": channel.id, "ts": self.stamp(), **message}
        self.ephemerals.append(shown)
        return shown

    def remove(self, channel: Channel, ts: str) -> None:
        """What began a thread leaves a mark in its place."""
        channel.messages.pop(ts)
        if any(other.get("thread_ts") == ts for other in channel.messages.values()):
            mark = {"type": "message", "subtype": "tombstone", "user": "USLACKBOT", "ts": ts, "thread_ts": ts}
            channel.messages[ts] = {**mark, "text": "This message was deleted.", "blocks": []}
            channel.messages = dict(sorted(channel.messages.items(), key=lambda item: float(item[0])))

    def stamp(self) -> str:
        """A ts no other message has, later than all before it."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def permalink(self, channel: str, ts: str) -> str:
        return f"{self.url}archives/{channel}/p{ts.replace('.', '')}"

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────────────

    def admit(self, token: str | None, *, app: bool = False) -> frozenset[str]:
        """The scopes of a token of the right kind (`app`: an app-level one). Raises Refusal."""
        if not token:
            raise Refusal("not_authed")
        if token in self.revoked:
            raise Refusal("token_revoked")
        if token not in self.tokens:
            raise Refusal("invalid_auth")
        if token.startswith("xapp-") != app:
            raise Refusal("not_allowed_token_type")
        return self.tokens[token]
