"""The composition root: the only place where settings, connectors, judgement and memory meet."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from monitor import plugins
from monitor.core.adopt import adopt
from monitor.core.errors import ConfigError
from monitor.core.message import Card, Content, Kind, Message
from monitor.core.model import Page
from monitor.core.ports import Http, Inbound, Notifier, Source, Store
from monitor.core.query import parse
from monitor.core.showing import Showing
from monitor.core.triage import THRESHOLDS
from monitor.places import CONSOLE as CONSOLE
from monitor.places import Places, places_of, placing
from monitor.settings import FeedSection, Settings, place_of

if TYPE_CHECKING:
    from monitor.collect.feeds import Collector, Listening
    from monitor.collect.ingest import Ingest
    from monitor.core.labelled import LabelledSet
    from monitor.deliver import Deliverer
    from monitor.escalate import Clockwork
    from monitor.homes import Homes
    from monitor.scoring.judge import Judge
    from monitor.scoring.transformer import Transformer

TRANSFORMER = "transformer"
"""The one scorer that is made only when the settings ask for it."""
SEND_TIMEOUT = timedelta(seconds=10)
YOUNG = 20_000
"""A page is some ten thousand values, all needed to its end: looking through them every 700 costs a tenth."""
CALLS = 5
"""A message may take three drawings and a look at the workspace; the lease must outlast them all."""
RELATIVE = ("path", "token_file")
"""Options that name a file: relative to the settings file, wherever the command runs."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def open_database(settings: Settings) -> Store:
    """The database of the settings, brought up to date if it is SQLite."""
    from storage.engine import open_store

    return open_store(settings.tables.storage.url, settings_dir=settings.folder)


def migrate(settings: Settings) -> str:
    """Bring the database up to date. Returns what was done, in words."""
    from storage.engine import migrate_store

    return migrate_store(settings.tables.storage.url, settings_dir=settings.folder)


def feed_of(section: FeedSection, settings: Settings, index: int | None = None) -> Listening:
    """A feed of the settings with its connector. Raises ConfigError naming place and remedy."""
    from monitor.collect.feeds import Listening

    text = settings.path.read_text("utf-8") if settings.path else ""

    def where(*loc: str | int) -> str:
        loc = loc if index is None else ("feeds", index, *loc)
        return place_of(loc, text, settings.path) if index is not None else ".".join(map(str, loc))

    try:
        source: Source = plugins.load(plugins.SOURCES, section.source)()
    except ConfigError as fault:
        raise ConfigError(f"{where('source')}: {fault}") from None
    options = dict(section.options)
    for name in RELATIVE:
        if isinstance(options.get(name), str):
            options[name] = str(settings.folder / Path(options[name]).expanduser())
    try:
        checked = source.Options.model_validate(options)
    except ValidationError as fault:
        raise ConfigError(*(_option_problem(error, source, where) for error in fault.errors())) from None
    keep = parse(section.keep) if section.keep is not None else None
    return Listening(section.name, source, checked, section.every, section.match, keep)


def _option_problem(error: Any, source: Source, where: Callable[..., str]) -> str:
    """What is wrong with an option. Never its value: it may be a secret in the wrong place."""
    loc, told = error["loc"], error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        told = (
            f"the source {source.name} has no such option; it knows: {', '.join(source.Options.model_fields)}"
        )
    elif error["type"] == "missing":
        told = f"is missing: the source {source.name} needs it"
    place = where(*loc)
    return f"{place}: {told}" if place else told


@dataclass
class App:
    """Everything one process works with. Heavy parts are made when they are first used."""

    settings: Settings
    store: Store
    stop: threading.Event
    now: Callable[[], datetime] = utc_now

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
        )

    def _showing(self) -> Showing:
        masked = frozenset({"slack"}) if self.settings.tables.slack.mask_staff else frozenset[str]()
        return Showing(self.settings.policy, masked)

    @cached_property
    def homes(self) -> Homes | None:
        from monitor.frontdesk import homes_of

        return homes_of(self)

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


def judge_of(settings: Settings | None, transformer: Transformer | None = None) -> Judge:
    """All installed scorers as one judge, and the transformer (given, or made here) if the settings ask for it.

    With it "complaint" is both opinions as one; each alone is there too, as "ours" and "transformer".
    """
    from monitor.scoring.complaint import Complaint
    from monitor.scoring.judge import Judge

    gc.set_threshold(YOUNG)
    installed = [name for name in plugins.names(plugins.SCORERS) if name != TRANSFORMER]
    scorers = {name: plugins.load(plugins.SCORERS, name)() for name in installed}
    if settings and isinstance(scorers.get("complaint"), Complaint):
        scorers["complaint"] = Complaint(names=(settings.business.name, *settings.business.aliases))
    transformer = transformer or transformer_of(settings)
    if transformer is not None:
        from monitor.scoring.transformer import Combined

        ours = scorers["complaint"]
        scorers |= {"ours": ours, TRANSFORMER: transformer, "complaint": Combined(ours, transformer)}
    return Judge(scorers, settings.tables.scoring.max_chars if settings else 20_000)


def transformer_of(settings: Settings | None) -> Transformer | None:
    """The transformer of the settings, not yet loaded. Raises ConfigError when its extra is not installed."""
    section = settings.tables.scoring.transformer if settings else None
    if settings is None or section is None:
        return None
    text = settings.path.read_text("utf-8") if settings.path else ""

    def where(key: str) -> str:
        return place_of(("scoring", "transformer", key), text, settings.path)

    made: Transformer = plugins.load(plugins.SCORERS, TRANSFORMER)(section, settings.folder, where)
    return made


def notifiers_of(settings: Settings) -> dict[str, Notifier]:
    """By the scheme of their destinations."""
    found: dict[str, Notifier] = {CONSOLE: plugins.load(plugins.NOTIFIERS, CONSOLE)()}
    if settings.bot_token is not None:
        timeout = min(SEND_TIMEOUT, settings.tables.delivery.lease / CALLS)
        found["slack"] = plugins.load(plugins.NOTIFIERS, "slack")(
            settings.bot_token, api_url=settings.tables.slack.api_url, timeout=timeout.total_seconds()
        )
    return found


def source_options(name: str) -> type[BaseModel]:
    """The options a source takes."""
    options: type[BaseModel] = plugins.load(plugins.SOURCES, name).Options
    return options


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
