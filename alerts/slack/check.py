"""Can we deliver to this channel? Asked step by step, so that the first thing amiss is named with its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from alerts.words import line
from monitor.core.errors import DeliveryError
from monitor.core.ports import Finding

Read = Callable[..., tuple[dict[str, Any], dict[str, str]]]
"""Calls a method of Slack with arguments by name: the answer and its headers. Raises DeliveryError."""

INSTALL = "Add them under OAuth & Permissions at api.slack.com/apps, then install the app again."
SKEW = 300
"""Seconds of difference between the clocks that history look-ups still bear."""


def findings(read: Read, channel: str) -> list[Finding]:
    try:
        who, headers = read("auth.test")
    except DeliveryError as fault:
        return [Finding("Slack token", False, "could not be checked", str(fault))]
    bot = line(str(who.get("user") or "bot"), 60)
    found = [Finding("Slack token", True, f"works: @{bot} in {line(str(who.get('team') or '?'), 60)}")]
    found += _clock(headers)
    granted = headers.get("x-oauth-scopes")
    if not re.fullmatch(r"[CGD][A-Z0-9]{2,}", channel):
        what = f"{channel!r} is not a channel's ID" if channel else "slack.channel is not set"
        remedy = "Set slack.channel to the ID (C...) at the foot of the channel's About tab in Slack."
        return [*found, _scopes(granted, private=None), Finding("Slack channel", False, what, remedy)]
    try:
        place = read("conversations.info", channel=channel)[0].get("channel") or {}
    except DeliveryError as fault:
        return [
            *found,
            _scopes(granted, private=None),
            Finding("Slack channel", False, f"{channel} cannot be seen", _invited(str(fault), bot)),
        ]
    name = f"#{line(str(place.get('name') or channel), 80)}"
    found.append(_scopes(granted, private=bool(place.get("is_private"))))
    if place.get("is_archived"):
        remedy = "Bring it back in Slack, or set slack.channel to another one."
        return [*found, Finding("Slack channel", False, f"{name} is archived", remedy)]
    if not place.get("is_member"):
        remedy = f"Type `/invite @{bot}` in {name}."
        return [*found, Finding("Slack channel", False, f"the bot is not in {name}", remedy)]
    found.append(Finding("Slack channel", True, f"{name} ({channel}): the bot is in it"))
    try:
        read("conversations.history", channel=channel, limit=1)
    except DeliveryError as fault:
        return [*found, Finding("Slack history", False, "cannot be read, so a doubt stays one", str(fault))]
    return [*found, Finding("Slack history", True, "can be read: nothing is lost or posted twice")]


def _scopes(granted: str | None, *, private: bool | None) -> Finding:
    if granted is None:
        return Finding("Slack scopes", True, "Slack did not say which are granted; sending will tell")
    have = {scope.strip() for scope in granted.split(",")}
    kinds = {None: ("channels", "groups"), False: ("channels",), True: ("groups",)}[private]
    missing = [] if "chat:write" in have else ["chat:write"]
    for right in ("read", "history"):
        if not any(f"{kind}:{right}" in have for kind in kinds):
            missing.append(" or ".join(f"{kind}:{right}" for kind in kinds))
    if missing:
        return Finding("Slack scopes", False, f"missing: {', '.join(missing)}", INSTALL)
    return Finding("Slack scopes", True, "all that is needed")


def _clock(headers: dict[str, str]) -> list[Finding]:
    """A look into history starts at a time of our clock: one that runs ahead would miss what is there."""
    try:
        theirs = parsedate_to_datetime(headers.get("date", ""))
    except ValueError:
        return []
    if theirs.tzinfo is None:
        return []
    ahead = (datetime.now(UTC) - theirs).total_seconds()
    if abs(ahead) <= SKEW:
        return []
    side = "ahead of" if ahead > 0 else "behind"
    what = f"this machine's clock is {abs(ahead) / 60:.0f} minutes {side} Slack's"
    return [Finding("Clock", False, what, "Set the clock, best by NTP.")]


def _invited(words: str, bot: str) -> str:
    return words.replace("@complaint-monitor", f"@{bot}").replace(" (your app's name)", "")
