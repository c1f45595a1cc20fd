"""The desk put together: what tells of clicks, and what answers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from monitor.clicks import Clicks
from monitor.commands import reply
from monitor.core.asking import Reply
from monitor.core.ports import Inbound, Store
from monitor.forming import Forming
from monitor.homes import Homes
from monitor.settings import Settings


def inbound_of(settings: Settings, now: Callable[[], datetime], timeout: float) -> Inbound | None:
    """None while Slack or its app-level token is missing. `timeout`: seconds of a call."""
    if settings.bot_token is None or settings.app_token is None:
        return None
    from alerts.slack.inbound import SlackInbound

    return SlackInbound(
        settings.bot_token,
        settings.app_token,
        settings.tables.slack.api_url,
        timeout=timeout,
        timezone=settings.business.timezone,
        now=now,
    )


def clicks_of(
    store: Store,
    settings: Settings,
    destinations: Sequence[str],
    *,
    now: Callable[[], datetime],
    homes: Homes | None,
    enabled: Mapping[str, bool],
) -> Clicks:
    def asked(text: str, person: str) -> Reply:
        return reply(store, text, person, settings.business, settings.policy, now(), enabled)

    return Clicks(
        store,
        settings.business.key,
        tuple(dict.fromkeys(destinations)),
        now=now,
        forming=Forming(store, settings, now),
        people=settings.tables.slack.people,
        homes=homes,
        asked=asked,
    )
