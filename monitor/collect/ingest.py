"""The way from a page of mentions to the database, the same for feeds and imported files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from monitor.core.brand import Brand
from monitor.core.fingerprint import delivery_id, fingerprint
from monitor.core.ingest import customer_of, plan
from monitor.core.intents import Alert, Judged, Known, Telling
from monitor.core.ledger import BACKLOG_HOLD
from monitor.core.model import Business, Mention, Opinion
from monitor.core.ports import Store
from monitor.core.routing import Routing
from monitor.core.signs import newly_answered
from monitor.core.sketch import REMEMBERED, sketch_of
from monitor.core.store import Transaction
from monitor.core.suppress import Rule, holding
from monitor.core.triage import verdict

log = structlog.get_logger(__name__)

Judge = Callable[[Sequence[Mention]], Sequence[Mapping[str, Opinion]]]


@dataclass(slots=True)
class Reading:
    """What one reading of a feed came to."""

    feed: str
    added: int = 0
    updated: int = 0
    known: int = 0
    complaints: int = 0
    unmatched: int = 0
    rejected: list[str] = field(default_factory=list)
    error: str = ""

    def count(self, page: Reading) -> None:
        """Take in what a page came to, once it is committed."""
        self.added += page.added
        self.updated += page.updated
        self.known += page.known
        self.complaints += page.complaints
        self.unmatched += page.unmatched
        self.rejected += page.rejected


NEARLY = 90
"""Per cent of two texts' characters that are the same, in order: more is a copy, less is another customer."""


_NUMBER = re.compile(r"\d+")


def nearly_the_same(one: str, other: str) -> bool:
    """Each with a number that the other has not are two customers: each has an order, a day, a sum of their own."""
    from rapidfuzz.fuzz import ratio

    if ratio(one, other, score_cutoff=NEARLY) < NEARLY:
        return False
    ones, others = set(_NUMBER.findall(one)), set(_NUMBER.findall(other))
    return ones <= others or others <= ones


class Ingest:
    """The way from a page to the database."""

    def __init__(
        self,
        store: Store,
        judge: Judge,
        business: Business,
        threshold: float,
        window: timedelta,
        destination: str,
        routing: Routing | None = None,
        praise: str | None = None,
    ) -> None:
        self.store = store
        self.judge = judge
        self.business = business
        self.brand = Brand(business)
        self.threshold = threshold
        self.window = window
        self.destination = destination
        """Where summaries go, and every card that no route takes."""
        self.routing = routing or Routing(destination)
        self.praise = praise
        """Where kind words go; None: nowhere."""

    def telling(self, tx: Transaction, feed: str, run: str, alert: Alert, now: datetime) -> Telling:
        """Where and how a page of this feed tells.

        What is not told one by one joins the feed's summary while that waits, and it waits on for the next
        page; one that is on its way takes up nothing more.
        """
        key = tx.open_backlog(self.destination, feed)
        if key is not None:
            tx.postpone(delivery_id(self.destination, key), now + BACKLOG_HOLD)
        key = key or f"backlog:{feed}:{run}:{now.isoformat()}"
        return Telling(self.destination, alert, self.window, key, feed, self.routing, self.praise)

    def sum_up(self, tx: Transaction, feed: str, now: datetime) -> None:
        """The reading is over: its summary need not wait any longer."""
        key = tx.open_backlog(self.destination, feed)
        if key is not None:
            tx.release(self.destination, key, now)

    def ours(self, mentions: Sequence[Mention], about: Callable[[Mention], bool]) -> list[Mention]:
        """Those about the business, and those that were when they were heard: an edit may leave its name out."""
        named = [about(mention) for mention in mentions]
        others = [mention.native_id for mention, us in zip(mentions, named, strict=True) if not us]
        if not others:
            return list(mentions)
        with self.store.read() as tx:
            known = tx.known(self.business.key, mentions[0].source, others)
        return [m for m, us in zip(mentions, named, strict=True) if us or m.native_id in known]

    def fresh(self, mentions: Sequence[Mention]) -> list[Mention]:
        """Those that are new, were edited, or in whose case the business has answered since: only they go further.
        Of the same id twice the later counts."""
        if not mentions:
            return []
        mentions = list({mention.native_id: mention for mention in mentions}.values())
        with self.store.read() as tx:
            known = tx.known(self.business.key, mentions[0].source, [m.native_id for m in mentions])
        return [m for m in mentions if m.native_id not in known or _has_news(m, known[m.native_id])]

    def judged(self, mentions: Sequence[Mention]) -> list[Judged]:
        opinions = self.judge(mentions)
        found = []
        for mention, views in zip(mentions, opinions, strict=True):
            thought = verdict(mention, views, threshold=self.threshold, own=self.brand.own(mention))
            sketch = sketch_of(mention) if thought.is_complaint else None
            found.append(Judged(mention, thought, sketch=sketch))
        return found

    def store_judged(
        self, tx: Transaction, judged: Sequence[Judged], telling: Telling, now: datetime, result: Reading
    ) -> int:
        """Plan and store, in the caller's transaction. Returns how many characters had to be replaced."""
        if not judged:
            return 0
        source, key = judged[0].mention.source, self.business.key
        judged = _ruled(judged, [accepted.rule for accepted in tx.rules(key)], telling.feed)
        mentions = [item.mention for item in judged]
        known = tx.known(key, source, [m.native_id for m in mentions])
        # nobody else can have a case: who cannot be told apart is the mention, and that is new
        customers = list({customer_of(m) for m in mentions if m.author.key or m.native_id in known})
        complaining = {
            customer_of(i.mention): None for i in judged if i.verdict.is_complaint and i.mention.author.key
        }
        made = plan(
            judged,
            known=known,
            standing=tx.standing(key, source, customers, telling.in_use),
            recovered=tx.recovered(key, source, customers, telling.in_use),
            telling=telling,
            business=key,
            now=now,
            alike=tx.alike(
                key,
                {item.mention.native_id: item.sketch.hashes for item in judged if item.sketch},
                telling.in_use,
                now - REMEMBERED,
            ),
            same=nearly_the_same,
            histories=tx.histories(key, source, list(complaining)),
            closed=tx.closed(
                list({one.case_id for one in known.values() if one.case_id is not None}), telling.in_use
            ),
        )
        applied = tx.apply(made, key, telling.feed, now)
        held = sum(entry.held_by is not None for entry in made.entries)
        if held:
            log.info("held back by rules", feed=telling.feed, complaints=held)
        result.added += applied.added
        result.updated += applied.updated
        result.complaints += applied.complaints
        result.known += made.unchanged
        return applied.replaced


def _has_news(mention: Mention, known: Known) -> bool:
    answered = known.case_id is not None and newly_answered(mention, known)
    return answered or known.fingerprint != fingerprint(mention)


def _ruled(judged: Sequence[Judged], rules: Sequence[Rule], feed: str) -> Sequence[Judged]:
    """Each complaint with the rule that holds it back, if one does."""
    if not rules:
        return judged
    return [
        replace(item, rule=holding(rules, feed, item.mention, item.verdict))
        if item.verdict.is_complaint
        else item
        for item in judged
    ]
