"""The desk put together: what tells of clicks, what answers them, and where people see their queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.clicks import Clicks
from monitor.commands import reply
from monitor.core.asking import Reply
from monitor.core.ports import HomeTab, Inbound
from monitor.forming import Forming
from monitor.homes import Homes

if TYPE_CHECKING:
    from monitor.wiring import App


def inbound_of(app: App, timeout: float) -> Inbound | None:
    """None while Slack or its app-level token is missing. `timeout`: seconds of a call."""
    settings = app.settings
    if settings.bot_token is None or settings.app_token is None:
        return None
    from alerts.slack.inbound import SlackInbound

    return SlackInbound(
        settings.bot_token,
        settings.app_token,
        settings.tables.slack.api_url,
        timeout=timeout,
        timezone=settings.business.timezone,
        now=app.now,
    )


def homes_of(app: App) -> Homes | None:
    """None while there is no such place."""
    tab = app.notifiers.get("slack")
    if not isinstance(tab, HomeTab):
        return None
    settings = app.settings
    return Homes(app.store, tab, settings.business, settings.policy, now=app.now, enabled=app.enabled)


def clicks_of(app: App) -> Clicks:
    """Raises ConfigError for what would fail in the middle of an answer."""
    settings, store = app.settings, app.store
    forming = Forming(store, settings, app.now)
    forming.warm()

    def asked(text: str, person: str) -> Reply:
        return reply(store, text, person, settings.business, settings.policy, app.now(), app.enabled)

    return Clicks(
        store,
        settings.business.key,
        app.places.channels,
        now=app.now,
        forming=forming,
        ladder=settings.policy.ladder,
        people=settings.tables.slack.people,
        homes=app.homes,
        asked=asked,
    )
