"""The composition root: the only place where settings, connectors, judgement and memory meet."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import plugins
from monitor.connectors import SEND_TIMEOUT, feed_of, judge_of, notifiers_of, transformer_of
from monitor.core.adopt import adopt
from monitor.core.errors import ConfigError
from monitor.core.message import Card, Content, Kind, Message
from monitor.core.model import Page
from monitor.core.ports import Http, Inbound, Notifier, Store
from monitor.core.showing import Showing
from monitor.core.triage import THRESHOLDS
from monitor.places import CONSOLE as CONSOLE
from monitor.places import Places, places_of, placing
from monitor.saving import UMASK, saved, standing
from monitor.settings import Settings
from monitor.webhooks import Webhooks, drop_removed, followers_of, webhooks_of

if TYPE_CHECKING:
    from monitor.collect.feeds import Collector, Listening
    from monitor.collect.ingest import Ingest
    from monitor.core.digest import Digest
    from monitor.core.labelled import LabelledSet
    from monitor.deliver import Deliverer
    from monitor.escalate import Clockwork
    from monitor.homes import Homes
    from monitor.incidents import Lookout
    from monitor.scoring.transformer import Transformer


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_database(settings: Settings) -> Store:
    """The database of the settings, brought up to date if it is SQLite."""
    from storage.engine import open_store

    followers = followers_of(settings)
    return open_store(settings.tables.storage.url, settings_dir=settings.folder, followers=followers)


def migrate(settings: Settings) -> str:
    """Bring the database up to date. Returns what was done, in words."""
    from storage.engine import migrate_store

    return migrate_store(settings.tables.storage.url, settings_dir=settings.folder)


@dataclass
class App:
    """Everything one process works with. Heavy parts are made when they are first used."""

    settings: Settings
    store: Store
    stop: threading.Event
    now: Callable[[], datetime] = utc_now
    dropped: list[str] = field(default_factory=list)
    """What `prepare` dropped, in words for a person."""

    @cached_property
    def feeds(self) -> list[Listening]:
        """The enabled feeds. Raises ConfigError with all problems of all feeds at once."""
        found: list[Listening] = []
        problems: list[str] = []
        for index, section in enumerate(self.settings.tables.feeds):
            try:
                feed = feed_of(section, self.settings, index)
            except ConfigError as fault:
                problems += fault.problems
                continue
            if section.enabled:
                found.append(feed)
        if problems:
            raise ConfigError(*problems)
        return found

    @property
    def enabled(self) -> dict[str, bool]:
        """Every feed of the settings, and whether it is read."""
        return {section.name: section.enabled for section in self.settings.tables.feeds}

    @property
    def destination(self) -> str:
        """Where cards go that no route takes: the Slack channel, or the console while there is no token."""
        return self.places.routing.fallback

    @property
    def digest_destination(self) -> str:
        return self.places.digest

    @cached_property
    def places(self) -> Places:
        return places_of(self.settings)

    @cached_property
    def clockwork(self) -> Clockwork:
        from monitor.escalate import Clockwork

        settings, place = self.settings, placing(self.places.routing)
        return Clockwork(self.store, settings.business.key, settings.policy, place)

    @cached_property
    def lookout(self) -> Lookout | None:
        """None: the settings want no incidents."""
        from monitor.incidents import Lookout

        told = self.settings.tables.incidents
        if not told.enabled:
            return None
        return Lookout(self.store, self.settings.business.key, self.destination, told.over_after)

    @cached_property
    def http(self) -> Http:
        return http_of(self.settings, self.now, self.stop)

    @cached_property
    def transformer(self) -> Transformer | None:
        return transformer_of(self.settings)

    @cached_property
    def ingest(self) -> Ingest:
        from monitor.collect.ingest import Ingest

        tables = self.settings.tables
        return Ingest(
            self.store,
            judge_of(self.settings, self.transformer).judge,
            self.settings.business,
            THRESHOLDS[tables.scoring.sensitivity],
            tables.triage.baseline_window,
            self.destination,
            self.places.routing,
            self.places.praise,
        )

    @cached_property
    def collector(self) -> Collector:
        from monitor.collect.feeds import Collector

        collect = self.settings.tables.collect
        return Collector(
            self.ingest,
            self.http,
            self.feeds,
            now=self.now,
            lease=collect.lease,
            workers=collect.workers,
            stop=self.stop,
        )

    @cached_property
    def notifiers(self) -> Mapping[str, Notifier]:
        return notifiers_of(self.settings)

    @cached_property
    def deliverer(self) -> Deliverer:
        from monitor.deliver import Deliverer
        from monitor.pace import Pace

        slack = self.settings.tables.slack
        pace = Pace(
            post=slack.post_interval,
            update=slack.update_interval,
            look=min(slack.update_interval, timedelta(seconds=1.3)),
            storm_after=slack.storm_after,
            storm_age=slack.storm_age,
            verify_after=slack.verify_after,
        )
        return Deliverer(
            self.store,
            self.notifiers,
            self.places.channels,
            now=self.now,
            lease=self.settings.tables.delivery.lease,
            paces={CONSOLE: Pace(), "slack": pace},
            stop=self.stop,
            business=self.settings.business,
            showing=self._showing(),
            fallback=self.destination,
            owner=self.places.owner,
            mutes=self.settings.tables.incidents.enabled,
        )

    def _showing(self) -> Showing:
        masked = frozenset({"slack"}) if self.settings.tables.slack.mask_staff else frozenset[str]()
        return Showing(self.settings.policy, masked)

    @cached_property
    def homes(self) -> Homes | None:
        from monitor.frontdesk import homes_of

        return homes_of(self)

    @cached_property
    def webhooks(self) -> Webhooks | None:
        return webhooks_of(self)

    @cached_property
    def inbound(self) -> Inbound | None:
        from monitor.frontdesk import inbound_of

        return inbound_of(self, SEND_TIMEOUT.total_seconds())

    def prepare(self) -> int:
        """Make the feeds known, and tell a destination that is new to us of the open cases, once.

        Returns how many open cases are told there as backlog. Raises ConfigError for what would fail later,
        in the middle of a reading.
        """
        if self.transformer is not None:
            self.transformer.load()
        business, now = self.settings.business, self.now()
        feeds = self.feeds
        with self.store.write() as tx:
            for feed in feeds:
                tx.register_feed(feed.name, feed.source.name, business.key, now)
            self.dropped += drop_removed(tx, self.settings)
            if self.lookout is None:
                from monitor.incidents import switch_off

                switch_off(tx, business.key, now)
            places = self.places
            also = places.routing.destinations
            return adopt(tx, business.key, CONSOLE, self.destination, now, also=also, keep=places.in_use)

    def take_over_strays(self) -> None:
        """Deliver also what a command without our token queued for its console and did not print."""
        if self.destination == CONSOLE:
            return
        with self.store.read() as tx:
            strays = tx.next_ready_at([CONSOLE])
        if strays is not None:
            with self.store.write() as tx:
                tx.redirect(CONSOLE, self.destination)

    def close(self) -> None:
        self.stop.set()
        if "http" in self.__dict__:
            self.http.close()  # type: ignore[attr-defined]
        self.store.close()


@contextmanager
def open_app(settings: Settings, stop: threading.Event | None = None) -> Iterator[App]:
    app = App(settings, open_database(settings), stop or threading.Event())
    try:
        yield app
    finally:
        app.close()


def http_of(settings: Settings, now: Callable[[], datetime], stop: threading.Event) -> Http:
    from sources.http import HttpClient

    http = settings.tables.http
    return HttpClient(
        now=now,
        deadline=http.deadline.total_seconds(),
        max_body=http.max_bytes,
        allow_private_hosts=http.allow_private_hosts,
        stop=stop,
    )


def file_pages(path: Path, feed: str, columns: Mapping[str, str], scale: float) -> tuple[Iterator[Page], int]:
    """The pages of a file of reviews, and about how many rows it has (0: not known)."""
    from sources.files import read

    return read(path, feed, columns, scale), _lines(path)


def labelled_file(path: Path, name: str, *, stars: bool = False, limit: int | None = None) -> LabelledSet:
    """The labelled posts of a CSV or JSONL file. Raises ConfigError (no such file), BadPayload (none to be read)."""
    from monitor.core.labelled import check_header, labelled_set
    from sources.files import rows

    _lines(path)
    found = rows(path, lambda header: check_header(path.name, header))
    return labelled_set(name, path.name, found, stars=stars, limit=limit)


def _lines(path: Path) -> int:
    try:
        with path.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except OSError as fault:
        raise ConfigError(f"{path} cannot be read: {fault.strerror or fault}") from None


def file_fields() -> tuple[str, ...]:
    """The fields a file of reviews may have."""
    from sources.files import FIELDS

    return FIELDS


def show(content: Content, timezone: str = "UTC") -> None:
    """Print what a message would say, as the console does."""
    kind = Kind.CARD if isinstance(content, Card) else Kind.DIGEST
    message = Message("shown", kind, "", content, timezone=timezone)
    plugins.load(plugins.NOTIFIERS, CONSOLE)().send(message, None)


def write_report(digest: Digest, to: Path) -> Path:
    """The digest as one HTML file, whole or not at all; returns where it stands. Raises MonitorError."""
    from alerts.html.report import report_of

    return _written(report_of(digest), to)


def write_markdown(digest: Digest, to: Path) -> Path:
    """The digest as a Markdown file, as `write_report` does."""
    from alerts.markdown import markdown_of

    return _written(markdown_of(digest), to)


def _written(text: str, to: Path) -> Path:
    with saved(to, UMASK, instead="name a file, such as report.html") as file:
        file.write(text.encode())
    return standing(to)
