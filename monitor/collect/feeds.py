"""Reading the feeds that are due.

    lease the due feeds -> fetch them in parallel -> page by page, on one thread:
        drop what is known or not about us -> judge -> [ one transaction: plan, cursor, lease ]
    -> the feed's next due time, in the last page's transaction when the end is known by then

Fetching, parsing and judging happen outside the transaction. A page and the cursor that passes it are stored
together or not at all, so a reading killed anywhere goes on where it was.
"""

from __future__ import annotations

import queue
import random
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from monitor.collect.ingest import Ingest, Reading
from monitor.core.brand import Brand
from monitor.core.desk_card import redraw
from monitor.core.errors import Conflict, MonitorError, StoreError
from monitor.core.intents import MONITOR, Alert
from monitor.core.model import CaseEvent, Feed, Mention, Page
from monitor.core.ports import Http, Source
from monitor.core.query import Query
from monitor.core.schedule import next_due
from monitor.core.store import FeedState, Transaction

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Listening:
    """One feed of the settings, ready to be read."""

    name: str
    source: Source
    options: Any
    every: timedelta
    match: bool | None = None
    keep: Query | None = None

    @property
    def must_name(self) -> bool:
        """Searches and streams bring posts about others, too; the business's own pages do not."""
        return self.source.searches if self.match is None else self.match

    def about(self, mention: Mention, brand: Brand) -> bool:
        """Is it to be kept? What must name the business has to, and nothing gets past the feed's own query."""
        if self.keep is not None and not self.keep.matches(mention):
            return False
        return not self.must_name or mention.addressed or brand.matches(mention)


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What a fetch thread hands over: a page, or (page None) the end: whole, faulty or interrupted."""

    state: FeedState
    page: Page | None
    fault: Exception | None = None
    whole: bool = False
    wish: datetime | None = None
    """The server's last wish so far not to be asked again earlier."""


class Collector:
    """Reads feeds for one process. Several processes may collect at once: leases keep them apart."""

    def __init__(
        self,
        ingest: Ingest,
        http: Http,
        feeds: Sequence[Listening],
        *,
        now: Callable[[], datetime],
        lease: timedelta,
        workers: int,
        stop: threading.Event,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.ingest = ingest
        self.store = ingest.store
        self.http = http
        self.feeds = {feed.name: feed for feed in feeds}
        self.now = now
        self.lease = lease
        self.workers = workers
        self.stop = stop
        self.jitter = jitter

    def run(self, names: Sequence[str] | None = None, *, force: bool = False) -> list[Reading]:
        """Read the feeds that are due (`force`: due or not), at most `workers` at once."""
        token = uuid.uuid4().hex
        results: dict[str, Reading] = {}
        leased = self._lease(names, token, force)
        if not leased:
            return []
        pages: queue.Queue[_Fetched] = queue.Queue(maxsize=2 * self.workers)
        done: set[str] = set()
        with ThreadPoolExecutor(max_workers=min(self.workers, len(leased))) as pool:
            for state in leased:
                results[state.name] = Reading(state.name)
                pool.submit(self._fetch, state, pages, done)
            try:
                self._store_all(len(leased), pages, token, results, done)
            except BaseException:
                # nobody empties the queue any more: let no other feed begin, and make room for the two last
                # words of each fetch thread
                done.update(results)
                pool.shutdown(wait=False, cancel_futures=True)
                while not pages.empty():
                    pages.get_nowait()
                raise
        return list(results.values())

    # ── fetching, in threads ─────────────────────────────────────────────────────────────────────────────

    def _lease(self, names: Sequence[str] | None, token: str, force: bool) -> list[FeedState]:
        """The feeds this run may read. Looks first, so that an idle service writes nothing."""
        wanted = self.feeds.keys() if names is None else self.feeds.keys() & set(names)
        now = self.now()
        with self.store.read() as tx:
            due = [
                feed.name for feed in tx.feeds() if feed.name in wanted and (force or feed.next_due <= now)
            ]
        if not due:
            return []
        with self.store.write() as tx:
            leases = [tx.lease_feed(name, token, now, now + self.lease, force=force) for name in due]
        return [state for state in leases if state is not None]

    def _fetch(self, state: FeedState, pages: queue.Queue[_Fetched], done: set[str]) -> None:
        listening = self.feeds[state.name]
        feed = Feed(
            name=state.name,
            source=state.source,
            business=self.ingest.business,
            options=listening.options,
            now=self.now(),
            cursor=state.cursor,
        )
        fault: Exception | None = None
        whole = False
        wish: datetime | None = None
        try:
            if self.stop.is_set():
                return
            for page in listening.source.collect(feed, self.http):
                wish = page.not_before or wish
                pages.put(_Fetched(state, page, wish=wish))
                if state.name in done:
                    return
                if self.stop.is_set():
                    break
            else:
                whole = True
        except Exception as caught:  # noqa: BLE001  one connector's fault must not end the others'
            fault = caught
        except BaseException as caught:  # noqa: BLE001  nor may one that calls sys.exit() pass for read to its end
            fault = RuntimeError(f"the connector gave up: {caught!r}")
        finally:
            pages.put(_Fetched(state, None, fault, whole, wish))

    # ── storing, on this thread ──────────────────────────────────────────────────────────────────────────

    def _store_all(
        self,
        open_feeds: int,
        pages: queue.Queue[_Fetched],
        token: str,
        results: Mapping[str, Reading],
        done: set[str],
    ) -> None:
        while open_feeds:
            fetched = pages.get()
            name = fetched.state.name
            if fetched.page is None:
                open_feeds -= 1
            if name in done:
                continue
            if fetched.page is None:
                self._finish(fetched, token, results[name])
                continue
            try:
                if self._store_page(fetched.state, fetched.page, pages, token, results[name]):
                    done.add(name)
            except Conflict as fault:
                done.add(name)
                results[name].error = f"another process took this feed over: {fault}"
                log.warning("feed taken over", feed=name)
            except StoreError:
                raise
            except Exception as bug:  # noqa: BLE001  a scorer's fault over one page must not end the others
                done.add(name)
                self._finish(_Fetched(fetched.state, None, bug, wish=fetched.wish), token, results[name])

    def _store_page(
        self,
        state: FeedState,
        page: Page,
        pages: queue.Queue[_Fetched],
        token: str,
        result: Reading,
    ) -> bool:
        """Store the page, and with it the end of the reading if that has come. Returns whether it had."""
        listening, ingest = self.feeds[state.name], self.ingest
        ours = ingest.ours(page.mentions, lambda mention: listening.about(mention, ingest.brand))
        fresh = ingest.fresh(ours)
        judged = ingest.judged(fresh)
        part = Reading(state.name, known=len(ours) - len(fresh), unmatched=len(page.mentions) - len(ours))
        for item in page.rejected:
            part.rejected.append(f"{item.where}: {item.why}")
            log.warning("item not readable", feed=state.name, where=item.where, why=item.why)
        first = state.baselined is None or page.baseline
        end = _end_in(state, pages)
        now = self.now()
        with self.store.write() as tx:
            telling = ingest.telling(tx, state.name, token, Alert.RECENT if first else Alert.ALL, now)
            replaced = ingest.store_judged(tx, judged, telling, now, part)
            if page.gone:
                self._mark_gone(tx, state, page, now)
            tx.commit_page(
                state.name,
                token,
                page.cursor,
                now,
                now + self.lease,
                rejected=len(page.rejected),
                replaced=replaced,
                heard=part.added > 0,
            )
            if end is not None:
                self._end(tx, end, token, result)
        result.count(part)
        if end is None:
            return False
        _log(end, result)
        return True

    def _mark_gone(self, tx: Transaction, state: FeedState, page: Page, now: datetime) -> None:
        touched = tx.mark_gone(self.ingest.business.key, state.source, page.gone, now, words=page.gone_words)
        for case_id in touched:
            case = tx.case(case_id)
            if case is None:
                continue
            marked = replace(case, revision=case.revision + 1)
            tx.revise(
                marked, CaseEvent(case_id, now, MONITOR, "post deleted at its source", case.state, case.state)
            )
            redraw(tx, marked, now)

    def _finish(self, end: _Fetched, token: str, result: Reading) -> None:
        with self.store.write() as tx:
            self._end(tx, end, token, result)
        _log(end, result)

    def _end(self, tx: Transaction, end: _Fetched, token: str, result: Reading) -> None:
        """The reading is over, well or not: free its summary, give the lease back, say when the next is due."""
        state, fault, now = end.state, end.fault, self.now()
        every = self.feeds[state.name].every
        self.ingest.sum_up(tx, state.name, now)
        if self.stop.is_set() and not end.whole:
            tx.return_feed(state.name, token)
            result.error = STOPPED
        elif fault is None:
            due = next_due(now, every, not_before=end.wish, jitter=self.jitter())
            tx.succeed_feed(state.name, token, now, due)
        else:
            result.error = (
                str(fault) if isinstance(fault, MonitorError) else f"fault in a connector: {fault!r}"
            )
            due = next_due(
                now,
                every,
                failures=state.failures + 1,
                retry_after=getattr(fault, "retry_after", None),
                not_before=end.wish,
                jitter=self.jitter(),
            )
            tx.fail_feed(state.name, token, now, due, result.error)


STOPPED = "the service was stopped in the middle of the reading; it goes on there next time"


def _end_in(state: FeedState, pages: queue.Queue[_Fetched]) -> _Fetched | None:
    """The end of the feed's reading, if it waits in the queue already and no page before it.

    It stays there to be counted. Most feeds are one page, and a commit costs more than all else a page does.
    """
    with pages.mutex:
        coming = next((one for one in pages.queue if one.state is state), None)
    return coming if coming is not None and coming.page is None else None


def _log(end: _Fetched, result: Reading) -> None:
    if end.fault is None and not result.error:
        log.info("feed read", feed=end.state.name, added=result.added, complaints=result.complaints)
    elif end.fault is not None and result.error != STOPPED:
        trace = None if isinstance(end.fault, MonitorError) else end.fault
        log.warning("feed failed", feed=end.state.name, error=result.error, exc_info=trace)
