"""Plainly fictional customers and what they say, for tests of a store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.core.ingest import customer_of, plan
from monitor.core.intents import Alert, Judged, Outgoing, Telling
from monitor.core.message import Kind, OutboxState, Queued, Receipt
from monitor.core.model import Author, Case, Evidence, Mention, Severity, Verdict
from monitor.core.sketch import REMEMBERED, sketch_of
from monitor.core.store import Applied, Transaction

NOW = datetime(2026, 3, 2, 9, 30, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
BUSINESS = "acme"
SOURCE = "reviews"
FEED = "acme reviews"
SLACK = "slack:C0ACME"
CONSOLE = "console"
VERSION = "complaint:1"


def said(native_id: str, words: str = "Nobody at Acme Coffee called me back", **more: Any) -> Mention:
    """A post by Fictional Fred, ten minutes old."""
    more.setdefault("author", Author("fred", "Fictional Fred"))
    more.setdefault("published", NOW - 10 * MINUTE)
    return Mention(SOURCE, native_id, words, **more)


def by(who: str) -> Author:
    return Author(who, f"Fictional {who.title()}")


def bad(mention: Mention, severity: Severity = Severity.HIGH) -> Judged:
    """Judged to be a complaint."""
    evidence = (Evidence("promised_no_call", mention.words[:6], 0, 6),)
    signals = ("promised_no_call",)
    return Judged(
        mention,
        Verdict(0.9, True, severity, ("was promised a call",), signals, evidence, -0.5, "en", False, VERSION),
        sketch=sketch_of(mention),
    )


def fine(mention: Mention, *, praise: bool = False) -> Judged:
    """Judged to be no complaint."""
    return Judged(mention, Verdict(0.1, False, sentiment=0.5, praise=praise, version=VERSION))


def hear(
    tx: Transaction,
    *page: Judged,
    now: datetime = NOW,
    destination: str = SLACK,
    alert: Alert = Alert.ALL,
    backlog: str = "backlog:1",
    feed: str = FEED,
) -> Applied:
    """Plan and store a page, as collecting does."""
    customers = [customer_of(item.mention) for item in page]
    known = tx.known(BUSINESS, SOURCE, [item.mention.native_id for item in page])
    made = plan(
        page,
        known=known,
        standing=tx.standing(BUSINESS, SOURCE, customers, destination),
        recovered=tx.recovered(BUSINESS, SOURCE, customers, destination),
        telling=Telling(destination, alert, 24 * HOUR, backlog, feed),
        business=BUSINESS,
        now=now,
        alike=tx.alike(
            BUSINESS,
            {item.mention.native_id: item.sketch.hashes for item in page if item.sketch},
            destination,
            now - REMEMBERED,
        ),
        histories=tx.histories(BUSINESS, SOURCE, customers),
        closed=tx.closed([one.case_id for one in known.values() if one.case_id is not None], destination),
    )
    return tx.apply(made, BUSINESS, feed, now)


def case_of(tx: Transaction, native_id: str) -> Case:
    """The case the mention belongs to."""
    heard = tx.mention(BUSINESS, SOURCE, native_id)
    assert heard is not None and heard.case_id is not None
    case = tx.case(heard.case_id)
    assert case is not None
    return case


def note(key: str, kind: Kind = Kind.DIGEST, destination: str = SLACK, **more: Any) -> Outgoing:
    return Outgoing(destination, key, kind, BUSINESS, **more)


def send(tx: Transaction, row: Queued, now: datetime = NOW, *, revision: int | None = None) -> None:
    """Deliver a row."""
    assert tx.claim(row.id, "sender", now, now + MINUTE)
    receipt = Receipt("C0ACME", f"ts-{row.seq}", now)
    assert tx.settle(row.id, "sender", OutboxState.SENT, receipt=receipt, revision=revision)


def send_all(tx: Transaction, now: datetime = NOW, destination: str = SLACK) -> int:
    """Deliver until nothing is ready; how many went out."""
    count = 0
    while rows := tx.ready(now, [destination]):
        for row in rows:
            send(tx, row, now)
            count += 1
    return count
