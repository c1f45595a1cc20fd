"""Slack as set-up and `check` see it: commands reach the connector through here, as through `wiring`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from monitor.core.message import Message
from monitor.core.ports import Finding

if TYPE_CHECKING:
    from alerts.slack.access import Access
    from monitor.settings import Settings


def manifest(name: str | None, *, as_json: bool) -> str:
    """The app's manifest as text. Raises ValueError for a name that Slack refuses."""
    from alerts.slack.manifest import NAME, written
    from alerts.slack.manifest import manifest as made

    return written(made(NAME if name is None else name), as_json=as_json)


def access(settings: Settings) -> Access:
    """To the Slack that the settings name."""
    from alerts.slack.access import Access

    return Access(settings.tables.slack.api_url)


def channels(settings: Settings) -> dict[str, str]:
    """Every channel the settings name, with the setting that does."""
    tables = settings.tables
    named: list[tuple[str | None, str]] = [
        (tables.slack.channel, "slack.channel"),
        (tables.digest.channel, "digest.channel"),
        (tables.slack.praise_channel, "slack.praise_channel"),
        *((one.channel, f"slack.routes[{n}].channel") for n, one in enumerate(tables.slack.routes)),
        *((one.channel, f"desk.ladder[{n}].channel") for n, one in enumerate(tables.desk.ladder)),
    ]
    found: dict[str, str] = {}
    for channel, where in named:
        if channel is not None:
            found.setdefault(channel, where)
    return found or {"": "slack.channel"}


def examine(settings: Settings) -> Iterator[Finding]:
    """Tokens, scopes, channels, Socket Mode and the clock; posts nothing."""
    assert settings.bot_token is not None
    return access(settings).examine(settings.bot_token, settings.app_token, channels(settings))


def probe(settings: Settings, message: Message) -> Iterator[Finding]:
    """Whether a card goes all its way in a test channel; leaves nothing there."""
    assert settings.bot_token is not None
    return access(settings).probe(settings.bot_token, message)
