"""Log lines to standard error: one fact a line, readable by people and by grep, with no secret in them."""

from __future__ import annotations

import logging
import sys
import unicodedata
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

HIDDEN = "[hidden]"
LEVELS = (logging.CRITICAL, logging.WARNING, logging.INFO, logging.DEBUG)
LONGEST = 2_000


def configure(verbosity: int = 0, secrets: Iterable[str | None] = (), *, told: bool = False) -> None:
    """0: what a person should know; 1: what is done; 2: everything. `secrets` are cut out of every line.

    `told`: the command tells the person by itself what came of it, so that warnings would say it twice.
    """
    level = LEVELS[min(max(verbosity, 0), 2) + (0 if told and not verbosity else 1)]
    known = tuple(secret for secret in secrets if secret)

    def line(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
        return _line(event, known)

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            structlog.processors.format_exc_info,
            line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    # libraries below us: their warnings repeat what we say in plain words
    logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr, force=True)


def visible(text: str) -> str:
    """Text without control and direction characters: a log line ends where we end it."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)


def _without(text: str, secrets: tuple[str, ...]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _line(event: MutableMapping[str, Any], secrets: tuple[str, ...]) -> str:
    """`2026-11-23T08:30:00Z warning: feed failed  feed=news error=…`; a traceback follows, set in."""

    def told(value: Any) -> str:
        return visible(_without(str(value), secrets))[:LONGEST]

    trace = _without(str(event.pop("exception", "")), secrets)
    head = f"{event.pop('timestamp')} {event.pop('level')}: {told(event.pop('event', ''))}"
    facts = " ".join(f"{key}={told(value)}" for key, value in event.items() if value is not None)
    return "\n".join(
        [
            "  ".join(part for part in (head, facts) if part),
            # set in, so that words in an error cannot pass for a line of ours
            *(f"    {visible(row)}" for row in trace.splitlines()),
        ]
    )
