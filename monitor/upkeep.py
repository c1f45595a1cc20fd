"""Words are kept no longer than the operator wants: per source, counted from when they were first heard. What
finds copies is kept a month."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog

from monitor.core.ports import Store
from monitor.core.sketch import REMEMBERED

log = structlog.get_logger(__name__)


def remove_old_words(store: Store, retention: Mapping[str, timedelta], now: datetime) -> int:
    """Blank what is older than its source's retention. Returns how many mentions lost their words."""
    if not retention:
        return 0
    with store.write() as tx:
        gone = {source: tx.expire(source, now - keep) for source, keep in retention.items()}
    for source, mentions in gone.items():
        if mentions:
            log.info("words removed at the end of their retention", source=source, mentions=mentions)
    return sum(gone.values())


def forget_copies(store: Store, now: datetime) -> int:
    """Copies are found for a month; what finds older ones goes. Returns how many marks went."""
    with store.write() as tx:
        return tx.forget_sketches(now - REMEMBERED)
