"""Bringing a file of reviews in, page by page, as one reading of a feed of its own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from monitor.collect.ingest import Ingest, Reading
from monitor.core.day import NEVER_DUE
from monitor.core.errors import ConfigError, Conflict
from monitor.core.intents import Alert
from monitor.core.model import Page

SOURCE = "files"


def import_pages(
    ingest: Ingest,
    feed: str,
    pages: Iterable[Page],
    *,
    alert: Alert,
    match: bool,
    now: Callable[[], datetime],
    lease: timedelta,
    on_page: Callable[[int], None] = lambda _: None,
) -> Reading:
    """Store every page. `alert` says which complaints are told one by one; the rest is told in one summary.

    `match` keeps only what names the business. Raises Conflict while another import of this feed is running,
    ConfigError when the name belongs to a feed that listens elsewhere: importing would end its listening.
    """
    token = uuid.uuid4().hex
    result = Reading(feed)
    started = now()
    with ingest.store.write() as tx:
        before = next((known for known in tx.feeds() if known.name == feed), None)
        if before is not None and before.source != SOURCE:
            raise ConfigError(
                f"the feed {feed!r} is one that listens to {before.source}: name the import otherwise with --feed"
            )
        tx.register_feed(feed, SOURCE, ingest.business.key, started)
        if tx.lease_feed(feed, token, started, started + lease, force=True) is None:
            raise Conflict(f"another import of feed {feed!r} is running; wait for it, or name another --feed")
    try:
        for page in pages:
            ours = ingest.ours(page.mentions, lambda mention: not match or ingest.brand.matches(mention))
            result.unmatched += len(page.mentions) - len(ours)
            result.rejected += [f"{item.where}: {item.why}" for item in page.rejected]
            fresh = ingest.fresh(ours)
            result.known += len(ours) - len(fresh)
            judged = ingest.judged(fresh)
            at, added = now(), result.added
            with ingest.store.write() as tx:
                telling = ingest.telling(tx, feed, token, alert, at)
                replaced = ingest.store_judged(tx, judged, telling, at, result)
                tx.commit_page(
                    feed,
                    token,
                    page.cursor,
                    at,
                    at + lease,
                    rejected=len(page.rejected),
                    replaced=replaced,
                    heard=result.added > added,
                )
            on_page(len(page.mentions) + len(page.rejected))
    except BaseException:
        with ingest.store.write() as tx:
            tx.return_feed(feed, token)
        raise
    done = now()
    with ingest.store.write() as tx:
        ingest.sum_up(tx, feed, done)
        tx.succeed_feed(feed, token, done, before.next_due if before else NEVER_DUE)
    return result
