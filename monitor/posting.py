"""A digest in a channel: once for a channel and a span, its long lists on pages below it, and brought up to date when
somebody asks for it again.

    queue -> [ root, pages below it ] -> sent -> asked again: the same messages drawn anew in place
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import structlog

from monitor.core.changes import facts_of
from monitor.core.compose import scheme_of
from monitor.core.digest import Digest
from monitor.core.intents import Outgoing
from monitor.core.message import CONSOLE, Kind, Message, OutboxState, Queued
from monitor.core.model import Json
from monitor.core.pages import Lists, blank, page_of, pages_below, sheets
from monitor.core.store import Transaction

log = structlog.get_logger(__name__)

IN_FLIGHT = (OutboxState.SENDING, OutboxState.UNKNOWN)


def post(tx: Transaction, digest: Outgoing, lists: Lists, now: datetime) -> bool:
    """Queue a digest and its pages. False when it was queued before, by whomever."""
    wanted = sheets(lists) if _has_threads(digest.destination) else []
    if not tx.queue(_counting(digest, len(wanted)), now):
        return False
    root = tx.outgoing(digest.id)
    assert root is not None, "it was queued just now"
    for sheet in wanted:
        tx.queue(page_of(root, sheet), now)
    return True


def post_again(tx: Transaction, digest: Outgoing, lists: Lists, now: datetime) -> bool:
    """Have a digest that stands drawn anew, with its pages: those that grew, those that are new, and those that are
    needed no more. False while any of them is still on its way: then it is as new as can be."""
    root = tx.outgoing(digest.id)
    if root is None or root.state is OutboxState.PENDING:
        return False
    below = {row.id: row for row in pages_below(tx, root)}
    if any(row.state in IN_FLIGHT for row in (root, *below.values())):
        return False
    wanted = sheets(lists) if _has_threads(root.destination) else []
    kept = {name: told for name, told in (root.data or {}).items() if name == "first"}
    data = {**(_counting(digest, len(wanted)).data or {}), **kept}
    tx.renew(root.id, data, now)
    for page in (page_of(root, sheet) for sheet in wanted):
        row = below.pop(page.id, None)
        if row is None:
            tx.queue(page, now)
        elif _stale(row, page.data or {}):
            _redraw(tx, row, page.data or {}, now)
    for row in below.values():
        if (row.data or {}).get("cases"):
            _redraw(tx, row, blank(row), now)
    return True


def posted_anew(tx: Transaction, row: Queued, now: datetime) -> bool:
    """Whether `row`, of a digest that somebody deleted by hand and somebody else asked for again, waits for its way out
    as a new message. With the digest all its pages do."""
    if row.kind is Kind.DIGEST and row.receipt is not None:
        below = list(pages_below(tx, row))
        if any(page.state in IN_FLIGHT for page in below):
            return True  # when they have come to rest
        for page in below:
            if page.receipt is not None:
                tx.recall(page.id, page.receipt, now)
            else:
                tx.renew(page.id, page.data or {}, now)
    elif row.kind is not Kind.PAGE:
        return False
    tx.settle(row.id, row.lease or "", OutboxState.SENT)
    if row.receipt is not None and tx.recall(row.id, row.receipt, now):
        log.warning("a digest was deleted by hand; it is posted anew", kind=row.kind.value, delivery=row.id)
    return True


def keep_facts(tx: Transaction, row: Queued, message: Message) -> None:
    """What a digest says when it goes out for the first time is kept with it, to tell later what changed."""
    if row.kind is Kind.DIGEST and row.receipt is None and isinstance(message.content, Digest):
        tx.amend(row.id, {**(row.data or {}), "first": facts_of(message.content)})


def _counting(digest: Outgoing, pages: int) -> Outgoing:
    data = {**(digest.data or {}), "pages": pages}
    return Outgoing(digest.destination, digest.key, Kind.DIGEST, digest.business, data=data)


def _stale(row: Queued, data: Mapping[str, Json]) -> bool:
    """A page that shows the same customers needs no drawing; one that never stood does."""
    return row.state is OutboxState.FAILED or row.data != data or row.receipt is None


def _redraw(tx: Transaction, row: Queued, data: Mapping[str, Json], now: datetime) -> None:
    if row.state is OutboxState.PENDING:
        tx.amend(row.id, data)
    else:
        tx.renew(row.id, data, now)


def _has_threads(destination: str) -> bool:
    """The terminal has none."""
    return scheme_of(destination) != CONSOLE
