"""Slack's tokens by their first letters, so that the wrong one is named before it goes anywhere."""

from __future__ import annotations

BOT, APP = "xoxb-", "xapp-"
WHERE = {
    BOT: "OAuth & Permissions, Bot User OAuth Token (xoxb-...)",
    APP: "Basic Information, App-Level Tokens (xapp-...)",
}
"""Where each is found, among the app's pages at api.slack.com/apps."""
_KINDS = {
    BOT: "a bot token",
    APP: "an app-level token",
    "xoxp-": "a user token, with which everything would be posted in a person's name",
    "xoxe.": "a token that is replaced every 12 hours: token rotation is on, and must be off",
    "xoxe-": "a refresh token",
    "xoxc-": "a token of somebody's browser",
    "xoxs-": "a token of somebody's browser",
    "xoxa-": "a token of an old kind",
}


def amiss(token: str, wanted: str) -> str | None:
    """What is wrong with the looks of a token where a `wanted` (BOT or APP) is due. Never holds the token."""
    if token.startswith(wanted):
        plain = token.isascii() and token.isprintable() and " " not in token
        return None if plain and len(token) > len(wanted) else "it is not whole, or holds more than the token"
    kind = next((told for begin, told in _KINDS.items() if token.startswith(begin)), None)
    return f"this is {kind}" if kind else f"it does not begin with {wanted}"
