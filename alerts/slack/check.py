"""Can we deliver to these channels? Asked step by step, so that the first thing amiss is named with its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from alerts.slack import scopes
from alerts.words import line
from monitor.core.errors import DeliveryError
from monitor.core.ports import Finding

Read = Callable[..., tuple[dict[str, Any], dict[str, str]]]
"""Calls a method of Slack with arguments by name: the answer and its headers. Raises DeliveryError."""

INSTALL = "Add them under OAuth & Permissions at api.slack.com/apps, then install the app again."
SKEW = 300
"""Seconds of difference between the clocks that history look-ups still bear."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Who the token is, and what Slack's answer said beside it."""

    name: str
    team: str
    granted: frozenset[str] | None
    """Its scopes; None where Slack did not tell."""
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found out about one channel. `kinds`: of scopes it needs; empty where it could not be seen."""

    findings: tuple[Finding, ...]
    kinds: frozenset[str] = frozenset()
    blind: bool = False
    """It was refused for want of a scope."""


def who(read: Read) -> Bot:
    """Whose token this is. Raises DeliveryError."""
    answer, headers = read("auth.test")
    told = headers.get("x-oauth-scopes")
    granted = frozenset(scope.strip() for scope in told.split(",")) if told is not None else None
    name, team = (line(str(answer.get(key) or "?"), 60) for key in ("user", "team"))
    return Bot(name, team, granted, headers)


def findings(read: Read, channels: Mapping[str, str], *, desk: bool = False) -> list[Finding]:
    """`channels`: each ID with the setting that names it. `desk`: people work on cases in Slack."""
    try:
        bot = who(read)
    except DeliveryError as fault:
        return [Finding("Slack token", False, "could not be checked", str(fault))]
    looked = [_look(read, channel, where, bot.name) for channel, where in channels.items()]
    return [
        Finding("Slack token", True, f"works: @{bot.name} in {bot.team}"),
        *_clock(bot.headers),
        _scopes(bot.granted, looked, desk=desk),
        *(finding for one in looked for finding in one.findings),
    ]


def _look(read: Read, channel: str, where: str, bot: str) -> Looked:
    if not re.fullmatch(r"[CGD][A-Z0-9]{2,}", channel):
        what = f"{channel!r} is not a channel's ID" if channel else f"{where} is not set"
        remedy = f"Set {where} to the ID (C...) at the foot of the channel's About tab in Slack."
        return Looked((Finding("Slack channel", False, what, remedy),))
    try:
        place = read("conversations.info", channel=channel)[0].get("channel") or {}
    except DeliveryError as fault:
        what = f"{channel} ({where}) cannot be seen"
        remedy = _named(str(fault), bot, where)
        return Looked((Finding("Slack channel", False, what, remedy),), blind=fault.code == "missing_scope")
    name = f"#{line(str(place.get('name') or channel), 80)}"
    kinds = frozenset({"groups" if place.get("is_private") else "channels"})
    if place.get("is_archived"):
        remedy = f"Bring it back in Slack, or set {where} to another one."
        return Looked((Finding("Slack channel", False, f"{name} ({where}) is archived", remedy),), kinds)
    if not place.get("is_member"):
        what, remedy = f"the bot is not in {name} ({where})", f"Type `/invite @{bot}` in {name}."
        return Looked((Finding("Slack channel", False, what, remedy),), kinds)
    inside = Finding("Slack channel", True, f"{name} ({channel}, {where}): the bot is in it")
    try:
        read("conversations.history", channel=channel, limit=1)
    except DeliveryError as fault:
        what = f"of {name} cannot be read, so a doubt stays one"
        return Looked((inside, Finding("Slack history", False, what, _named(str(fault), bot, where))), kinds)
    readable = Finding("Slack history", True, f"of {name} can be read: nothing is lost or posted twice")
    return Looked((inside, readable), kinds)


def _scopes(granted: frozenset[str] | None, looked: list[Looked], *, desk: bool) -> Finding:
    if granted is None:
        return Finding("Slack scopes", True, "Slack did not say which are granted; sending will tell")
    kinds = {kind for one in looked for kind in one.kinds}
    if any(one.blind for one in looked):
        kinds |= {kind for kind in scopes.KINDS if f"{kind}:read" not in granted}
    lacks = scopes.missing(granted, kinds, desk=desk)
    if lacks:
        return Finding("Slack scopes", False, f"missing: {', '.join(lacks)}", INSTALL)
    spare = ", ".join(scope for scope in scopes.BOT if scope not in granted)
    return Finding("Slack scopes", True, "all that is needed" + (f"; not {spare}" if spare else ""))


def _clock(headers: Mapping[str, str]) -> list[Finding]:
    """A look into history starts at a time of our clock: one that runs ahead would miss what is there."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return []
    if theirs.tzinfo is None:
        return []
    ahead = (datetime.now(UTC) - theirs).total_seconds()
    if abs(ahead) <= SKEW:
        return [Finding("Clock", True, "agrees with Slack's")]
    side = "ahead of" if ahead > 0 else "behind"
    what = f"this machine's clock is {abs(ahead) / 60:.0f} minutes {side} Slack's"
    return [Finding("Clock", False, what, "Set the clock, best by NTP.")]


def _named(words: str, bot: str, where: str) -> str:
    """A fault's words with the names of this very app and setting."""
    mine = words.replace("@complaint-monitor", f"@{bot}").replace(" (your app's name)", "")
    return mine.replace("slack.channel", where)
