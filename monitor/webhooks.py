"""Other programs that follow the cases: who they are, and a delivery of their own, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from monitor import plugins
from monitor.core.compose import channel_of, scheme_of
from monitor.core.errors import ConfigError
from monitor.core.happening import Follower
from monitor.core.ports import Finding
from monitor.core.store import Transaction
from monitor.deliver import Delivered, Deliverer
from monitor.pace import Pace
from monitor.settings import Settings
from monitor.settings.webhooks import SCHEME

if TYPE_CHECKING:
    from monitor.wiring import App

log = structlog.get_logger(__name__)

TIMEOUT = timedelta(seconds=15)
"""Of one call in all."""
AGENT = "complaint-monitor (webhooks)"


def followers_of(settings: Settings) -> tuple[Follower, ...]:
    return tuple(one.follower for one in settings.tables.webhooks)


def removed(tx: Transaction, settings: Settings) -> list[str]:
    """Webhooks that something waits for or stands against, and that the settings no longer have."""
    known = {one.destination for one in settings.tables.webhooks}
    named = {*tx.addressed(), *(trouble.destination for trouble in tx.troubles())}
    return sorted(one for one in named - known if scheme_of(one) == SCHEME)


def drop_removed(tx: Transaction, settings: Settings) -> list[str]:
    """What waits for a webhook that was taken out is for nobody, nor is its trouble anybody's. What a person
    should know of it."""
    told = []
    for left in removed(tx, settings):
        tx.mended(left)
        if dropped := tx.abandon(left, threads=True):
            told.append(
                f"the settings have no {left} any more: {dropped:,} events that waited for it were dropped "
                "(`export events` has them)"
            )
    for one in told:
        log.warning(one)
    return told


@dataclass(frozen=True, slots=True)
class Webhooks:
    """All of the settings, as one process has them."""

    destinations: tuple[str, ...]
    notifier: Any
    """`alerts.webhook.Webhook`."""
    deliverer: Deliverer

    def drain(self, wait: timedelta) -> Delivered:
        return self.deliverer.drain(wait)

    def check(self) -> Iterator[Finding]:
        for destination in self.destinations:
            yield from self.notifier.check(channel_of(destination))

    def probe(self, destination: str) -> Finding:
        """Send a test event."""
        found: Finding = self.notifier.probe(channel_of(destination))
        return found


def webhooks_of(app: App) -> Webhooks | None:
    """None while there are none. Raises ConfigError where the notifier is not installed."""
    settings = app.settings
    sections = settings.tables.webhooks
    if not sections:
        return None
    from alerts.webhook import Endpoint
    from sources.http import HttpClient

    lease = settings.tables.delivery.lease
    http = HttpClient(
        now=app.now,
        deadline=min(TIMEOUT, lease / 2).total_seconds(),
        spacing=0,
        allow_private_hosts=settings.tables.http.allow_private_hosts,
        user_agent=AGENT,
        stop=app.stop,
    )
    endpoints = {
        one.name: Endpoint(one.url, partial(one.secret, settings.folder), one.words) for one in sections
    }
    notifier = plugins.load(plugins.NOTIFIERS, SCHEME)(endpoints, http, app.now)
    destinations = tuple(one.destination for one in sections)
    deliverer = Deliverer(
        app.store,
        {SCHEME: notifier},
        destinations,
        now=app.now,
        lease=lease,
        paces={SCHEME: Pace()},
        stop=app.stop,
        business=settings.business,
    )
    return Webhooks(destinations, notifier, deliverer)


def left_behind(app: App) -> Iterator[Finding]:
    """What the next run will drop."""
    with app.store.read() as tx:
        for left in removed(tx, app.settings):
            yield Finding(
                left.replace(":", " "),
                False,
                "events wait for it, and the settings have it no more",
                "Put it back under this name, or the next run drops them (`export events` still has them).",
            )


def probe(app: App, destination: str) -> Finding:
    """Raises ConfigError where there is no such webhook."""
    hooks = app.webhooks
    if hooks is None or destination not in hooks.destinations:
        known = ", ".join(hooks.destinations) if hooks else "none"
        raise ConfigError(f"the settings have no {destination}; there are: {known}")
    return hooks.probe(destination)
