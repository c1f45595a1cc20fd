"""Which destinations the settings name, and what goes to which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from monitor.core.errors import ConfigError
from monitor.core.message import CONSOLE as CONSOLE
from monitor.core.model import Case
from monitor.core.routing import Routing
from monitor.core.store import Transaction
from monitor.settings import Settings


@dataclass(frozen=True, slots=True)
class Places:
    """Destinations as the outbox names them: `console`, `slack:<channel>`, `slack:<member>`."""

    routing: Routing
    """Of cards; its fallback is where summaries go, too."""
    digest: str
    praise: str | None = None
    rungs: tuple[str, ...] = ()
    """Channels that rungs of the ladder have of their own."""
    owner: str | None = None
    """Who is told of a channel that is unusable."""
    webhooks: tuple[str, ...] = ()
    """Other programs."""

    @property
    def channels(self) -> tuple[str, ...]:
        """Every channel that something is posted in."""
        found = (*self.routing.destinations, self.digest, self.praise, *self.rungs)
        return tuple(dict.fromkeys(one for one in found if one is not None))

    @property
    def in_use(self) -> tuple[str, ...]:
        """These, and whoever else is told something."""
        return (*self.channels, *([self.owner] if self.owner else []), *self.webhooks)


def places_of(settings: Settings) -> Places:
    """Raises ConfigError where a Slack token is set, and no channel."""
    tables, business = settings.tables, settings.business
    slack = tables.slack
    if settings.bot_token is None:
        return Places(Routing(CONSOLE, business=business), CONSOLE)
    if slack.channel is None:
        raise ConfigError(
            "slack.channel is missing: a Slack token is set, so say which channel the cards go to "
            "(its ID, such as C0123456789)"
        )
    fallback = f"slack:{slack.channel}"
    return Places(
        Routing(fallback, settings.routes, business),
        f"slack:{tables.digest.channel}" if tables.digest.channel else fallback,
        f"slack:{slack.praise_channel}" if slack.praise_channel else None,
        tuple(f"slack:{rung.channel}" for rung in tables.desk.ladder if rung.channel),
        f"slack:{slack.owner}" if slack.owner else None,
        tuple(one.destination for one in tables.webhooks),
    )


def routes_of(settings: Settings) -> Routing:
    """As the settings have it, whether there is a token yet or not: to tell which way a case would go."""
    slack = settings.tables.slack
    fallback = f"slack:{slack.channel}" if slack.channel else CONSOLE
    return Routing(fallback, settings.routes, settings.business)


def placing(routing: Routing) -> Callable[[Transaction, Case], str]:
    """Where the card of a case goes that has none yet."""

    def place(tx: Transaction, case: Case) -> str:
        cue = tx.cues([case.id]).get(case.id)
        return routing.destination(cue.mention, cue.verdict, case.severity) if cue else routing.fallback

    return place
