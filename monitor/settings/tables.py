"""Every key of the settings file: its type, its default, and what it is for."""

from __future__ import annotations

import re
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from monitor.core.model import Business
from monitor.core.query import QueryError, parse
from monitor.core.triage import Sensitivity
from monitor.settings.desk import DeskSection, RouteSection
from monitor.settings.values import Channel, Member, Section, Span, Zone, at_least, web_address
from monitor.settings.webhooks import WebhookSection


def _weekday(told: Any) -> Any:
    """Its number, from Monday's 0."""
    if told is None or (isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= 6):
        return told
    if isinstance(told, str) and told.strip().lower() in _WEEKDAYS:
        return _WEEKDAYS.index(told.strip().lower())
    raise ValueError(f'{told!r} is no day of the week: write one such as "monday", or leave it out')


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _clock_time(told: Any) -> time:
    if isinstance(told, time) and told.tzinfo is None:
        return told
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", told.strip()) if isinstance(told, str) else None
    if found is None:
        raise ValueError(f"{told!r} is no time of day: write one such as 08:30")
    return time(int(found[1]), int(found[2]))


def _rising(spans: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
    if list(spans) != sorted(set(spans)):
        raise ValueError("the times must rise, such as 2s, 8s, 30s")
    return spans


def _query(text: str | None) -> str | None:
    if text is not None:
        try:
            parse(text)
        except QueryError as fault:
            raise ValueError(str(fault)) from None
    return text


def _private_hosts(hosts: tuple[str, ...]) -> tuple[str, ...]:
    for host in hosts:
        if not re.fullmatch(r"(\[[0-9A-Fa-f:.%\w]+\]|[^\s/*@\[\]]+?)(:\d{1,5})?", host):
            raise ValueError(
                f"{host!r} is no host: write a name or an address, with or without a port, such as 10.0.0.5:8080"
            )
    return hosts


def _labels(told: Any) -> Any:
    """One label may stand without its brackets."""
    return (told,) if isinstance(told, str) else told


def _languages(codes: tuple[str, ...]) -> tuple[str, ...]:
    for code in codes:
        if not re.fullmatch(r"[a-z]{2}", code):
            raise ValueError(f"{code!r} is no language code: write two small letters, such as en")
    return codes


Written = Annotated[str | None, AfterValidator(_query)]
"""A query as the operator wrote it, known to be readable."""


class BusinessSection(Section):
    name: str = Field(min_length=1, description="The name customers use; matched in searches and streams.")
    aliases: tuple[str, ...] = Field((), description="Other spellings of the name.")
    handles: tuple[str, ...] = Field((), description="How people address the business, such as @acme.")
    own_accounts: tuple[str, ...] = Field(
        (), description="Its own accounts: their posts are never complaints."
    )
    exclude: tuple[str, ...] = Field((), description="Phrases that hold the name but mean somebody else.")
    query: Written = Field(None, description="What posts of searches must match, in place of the name.")
    timezone: Zone = Field("UTC", description="Where its day begins.")

    def value(self) -> Business:
        return Business(
            name=self.name,
            aliases=self.aliases,
            handles=self.handles,
            own_accounts=self.own_accounts,
            exclude=self.exclude,
            timezone=self.timezone,
            query=parse(self.query) if self.query is not None else None,
        )


class StorageSection(Section):
    url: str = Field("sqlite:///monitor.db", description="SQLite file or postgresql+psycopg://… address.")
    retention: dict[str, Span] = Field(
        default_factory=dict, description="By source: how long customers' words are kept, such as 30d."
    )


class CollectSection(Section):
    lease: Annotated[Span, at_least(timedelta(seconds=1))] = Field(
        timedelta(minutes=5), description="How long one process may hold a feed without a sign of life."
    )
    workers: int = Field(16, strict=True, ge=1, le=64, description="How many feeds are fetched at once.")


class DeliverySection(Section):
    lease: Annotated[Span, at_least(timedelta(seconds=1))] = Field(
        timedelta(seconds=60), description="How long one process may hold a message while sending it."
    )


class TriageSection(Section):
    baseline_window: Span = Field(
        timedelta(hours=24), description="On a feed's first reading only posts younger than this alert."
    )


class TransformerSection(Section):
    """A text classifier whose opinion is weighed with our own. There is none unless this table is there."""

    model: str = Field(min_length=1, description="A folder with the model, or its name on the hub.")
    revision: str | None = Field(None, min_length=1, description="Of a hub model: the commit, branch or tag.")
    label: Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_labels)] = Field(
        (), description="Which of the model's labels mean a complaint; several count together."
    )
    weight: float = Field(
        0.5, strict=True, ge=0, le=1, description="The model's share in the mean of the log-odds."
    )
    languages: Annotated[tuple[str, ...], AfterValidator(_languages)] = Field(
        ("en",), min_length=1, description="Which languages the model reads."
    )
    batch: int = Field(16, strict=True, ge=1, le=256, description="How many texts it reads at once.")
    max_tokens: int = Field(
        256, strict=True, ge=8, le=8192, description="How much of a text it reads, in its own word pieces."
    )
    threads: int = Field(
        0, strict=True, ge=0, le=256, description="How many threads it takes; 0: as many as there are cores."
    )


class ScoringSection(Section):
    sensitivity: Sensitivity = Field(Sensitivity.NORMAL, description="low, normal or high: how much alerts.")
    max_chars: int = Field(
        20_000,
        strict=True,
        ge=200,
        le=1_000_000,
        description="Longer texts are judged by their head and tail.",
    )
    transformer: TransformerSection | None = Field(
        None, description="A second opinion by a text classifier of your choice."
    )


class SlackSection(Section):
    channel: Channel = Field(None, description="ID of the channel for cards, such as C0123456789.")
    api_url: Annotated[str, AfterValidator(web_address)] = Field(
        "https://slack.com/api/", description="Any Slack-compatible server."
    )
    post_interval: Span = Field(timedelta(seconds=1.1), description="Between posts, per channel.")
    update_interval: Span = Field(timedelta(seconds=1.3), description="Between card updates, per workspace.")
    storm_after: int = Field(
        20, strict=True, ge=0, description="More waiting cards than this become one summary; 0: never."
    )
    storm_age: Span = Field(timedelta(seconds=60), description="Cards waiting longer than this likewise.")
    verify_after: Annotated[tuple[Span, ...], AfterValidator(_rising)] = Field(
        (timedelta(seconds=2), timedelta(seconds=8), timedelta(seconds=30)),
        min_length=1,
        description="When to look whether a message of unknown fate arrived, after the call began.",
    )
    bot_token_file: Path | None = Field(None, description="File that holds the bot token (xoxb-…).")
    app_token_file: Path | None = Field(None, description="File that holds the app token (xapp-…).")
    mask_staff: bool = Field(
        True, strict=True, description="Shorten the names of staff in the complaints that channels show."
    )
    praise_channel: Channel = Field(None, description="ID of the channel for kind words; default: none.")
    owner: Member | None = Field(
        None, description="Member ID of whoever is told when a channel is unusable; default: nobody."
    )
    people: Annotated[tuple[Member, ...], BeforeValidator(_labels)] = Field(
        (), description="Member IDs of those who may work on cases in Slack; [] for everybody."
    )
    routes: tuple[RouteSection, ...] = Field(
        (), description="Cases that go to other channels; first match wins."
    )


class DigestSection(Section):
    at: Annotated[time, BeforeValidator(_clock_time)] = Field(
        time(8, 30), description="When the service posts yesterday's digest, in the business's time zone."
    )
    weekly: Annotated[int | None, BeforeValidator(_weekday)] = Field(
        None,
        description="On this day, from the same hour on, the service also posts the digest of the last week.",
    )
    channel: Channel = Field(None, description="Channel ID for the digest; default: slack.channel.")


class IncidentsSection(Section):
    enabled: bool = Field(
        True, strict=True, description="Many complaints with one cause are told together, as an incident."
    )
    over_after: Annotated[Span, at_least(timedelta(minutes=1))] = Field(
        timedelta(hours=4), description="An incident is over when all was as usual for so long."
    )


class HttpSection(Section):
    allow_private_hosts: Annotated[tuple[str, ...], AfterValidator(_private_hosts)] = Field(
        (),
        description="Hosts (or host:port) in private networks that feeds may be read from, and webhooks posted to.",
    )
    deadline: Annotated[Span, at_least(timedelta(seconds=1))] = Field(
        timedelta(seconds=30), description="The longest one request may take in all."
    )
    max_bytes: int = Field(10_000_000, strict=True, ge=1000, description="The largest answer, unpacked.")


class FeedSection(BaseModel):
    """One `[[feeds]]`. What is not common to all feeds is an option of its source."""

    model_config = ConfigDict(extra="allow", frozen=True, str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=100, description="The feed's identity.")
    source: str = Field(min_length=1, description="Which connector reads it.")
    every: Annotated[Span, at_least(timedelta(seconds=1))] = Field(
        timedelta(minutes=15), description="How often it is read."
    )
    enabled: bool = Field(True, strict=True, description="false pauses the feed.")
    match: bool | None = Field(None, strict=True, description="Keep only posts that name the business.")
    keep: Written = Field(None, description="Keep only posts that match this query.")

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class Tables(Section):
    """The file as a whole."""

    business: BusinessSection
    storage: StorageSection = StorageSection()
    collect: CollectSection = CollectSection()
    delivery: DeliverySection = DeliverySection()
    triage: TriageSection = TriageSection()
    scoring: ScoringSection = ScoringSection()
    slack: SlackSection = SlackSection()
    desk: DeskSection = DeskSection()
    digest: DigestSection = DigestSection()
    incidents: IncidentsSection = IncidentsSection()
    http: HttpSection = HttpSection()
    feeds: tuple[FeedSection, ...] = ()
    webhooks: tuple[WebhookSection, ...] = ()
