"""Which rights the Slack app needs, and what for: the manifest asks for them, `check` looks whether they are there."""

from __future__ import annotations

from collections.abc import Collection, Mapping

BOT: Mapping[str, str] = {
    "chat:write": "to post cards and draw them anew",
    "commands": "for /complaints",
    "channels:read": "to see whether the bot is in a public channel",
    "groups:read": "to see whether the bot is in a private channel",
    "channels:history": "to look in a public channel whether a card arrived",
    "groups:history": "to look in a private channel whether a card arrived",
    "users:read": "to show people's names",
}
"""Of the bot token."""
APP = "connections:write"
"""Of the app-level token: to hear buttons, Home and /complaints."""
DESK = ("commands", "users:read")
"""Needed only where people work on cases in Slack."""
KINDS = ("channels", "groups")
"""Public channels, private channels."""


def missing(have: Collection[str], kinds: Collection[str], *, desk: bool) -> list[str]:
    """What is needed and not granted, each with what it is for.

    `kinds`: of the channels in use; empty where none could be seen, and then one kind is as good as the other.
    """
    lacks = [_told(scope) for scope in ("chat:write", *(DESK if desk else ())) if scope not in have]
    for right in ("read", "history"):
        wanted = [f"{kind}:{right}" for kind in KINDS if kind in kinds or not kinds]
        gone = [scope for scope in wanted if scope not in have]
        if not kinds and len(gone) < len(wanted):
            continue
        lacks += [f"{' or '.join(gone)} ({BOT[gone[0]]})"] if gone and not kinds else [_told(s) for s in gone]
    return lacks


def _told(scope: str) -> str:
    return f"{scope} ({BOT[scope]})"
