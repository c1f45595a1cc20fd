"""What is written into a setting, and how it is understood: time spans, time zones, channels, people."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from monitor.core.clock import span


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"{name!r} is no time zone: write one such as Europe/London or UTC")
    return name


def at_least(least: timedelta) -> AfterValidator:
    def check(value: timedelta) -> timedelta:
        if value < least:
            raise ValueError(f"must be at least {least.total_seconds():g}s")
        return value

    return AfterValidator(check)


def _channel(value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[CGD][A-Z0-9]{2,}", value):
        raise ValueError(
            f"{value!r} is no channel ID: open the channel's details in Slack and copy the ID at the bottom, "
            "such as C0123456789 (names do not work, because messages are updated by ID)"
        )
    return value


def web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        right = False
    if not right:
        raise ValueError("this is no web address: write one such as https://slack.com/api/")
    return value


def _person(value: str) -> str:
    if not re.fullmatch(r"[UWS][A-Z0-9]{2,}", value):
        raise ValueError(
            f"{value!r} is no member ID: open the person's profile in Slack, press the three dots and choose "
            "'Copy member ID', such as U0123456789 (a user group has one too, beginning with S)"
        )
    return value


def _member(value: str) -> str:
    if _person(value).startswith("S"):
        raise ValueError(f"{value!r} is a user group: name one person, such as U0123456789")
    return value


def _span(told: Any) -> timedelta:
    """With its unit always: a bare 24 would be taken for hours by one and for seconds by another."""
    if isinstance(told, timedelta):
        return told
    if isinstance(told, int | float) or (isinstance(told, str) and re.fullmatch(r"\s*\d+(\.\d+)?\s*", told)):
        if isinstance(told, bool) or float(told) != 0:
            raise ValueError(f"{told!r} has no unit: write a time span such as 90s, 15m, 24h or 2d")
        return timedelta(0)
    return span(told)


Span = Annotated[timedelta, BeforeValidator(_span)]
Zone = Annotated[str, AfterValidator(_zone)]
Channel = Annotated[str | None, AfterValidator(_channel)]
NeededChannel = Annotated[str, AfterValidator(_channel)]
Person = Annotated[str, AfterValidator(_person)]
Member = Annotated[str, AfterValidator(_member)]
