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

    def clean(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return {key: _clean(value, known) for key, value in event.items()}

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%dT%H:%M:%SZ", utc=True),
            structlog.processors.format_exc_info,
            clean,
            _line,
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


def _clean(value: Any, secrets: tuple[str, ...]) -> Any:
    if not isinstance(value, str):
        return value
    for secret in secrets:
        value = value.replace(secret, HIDDEN)
    return value


def _line(_: Any, __: str, event: MutableMapping[str, Any]) -> str:
    """`2026-11-23T08:30:00Z warning: feed failed  feed=news error=…`; a traceback follows on its own lines."""
    trace = event.pop("exception", "")
    head = f"{event.pop('timestamp')} {event.pop('level')}: {visible(str(event.pop('event', '')))}"
    facts = " ".join(
        f"{key}={visible(str(value))[:LONGEST]}" for key, value in event.items() if value is not None
    )
    return "  ".join(part for part in (head, facts) if part) + (f"\n{trace}" if trace else "")
