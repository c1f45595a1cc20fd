"""Keeping Home as the desk is, for everybody who looked at it in the last day.

    opened:  somebody looks: drawn now, unless that was done a moment ago
    pressed: somebody pressed a button of it and waits: drawn now
    refresh: a job: whoever's Home is out of date and whose turn has come

Who looked is kept with the paces, so that every process knows it; which page they were on, and what was drawn, only
the process that drew it. To publish twice does no harm: each time the whole is drawn from the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from monitor.core.errors import DeliveryError
from monitor.core.model import Business
from monitor.core.policy import Policy
from monitor.core.ports import HomeTab, Store
from monitor.core.queue import Desk, Queue, Shelf
from monitor.queue import desk_of, queue_of

log = structlog.get_logger(__name__)

SEEN = timedelta(hours=24)
DEBOUNCE = timedelta(seconds=5)
STALE = timedelta(minutes=5)
"""Clocks run on, also when nobody does anything."""
PACE = timedelta(seconds=0.7)
"""Between two that nobody waits for: Slack takes about a hundred a minute from the whole workspace."""
PARKED = timedelta(minutes=1)
"""After a fault, where Slack names no time of its own."""
ALL = "home"
"""The pace of them all."""
Pages = Mapping[Shelf, int]


@dataclass(slots=True)
class _Drawn:
    """What is known of one person's Home."""

    pages: Pages = field(default_factory=dict)
    mark: int | None = None
    """The newest event it shows. None: it is out of date."""
    at: datetime | None = None
    version: str | None = None
    """As the receiver calls what stands there now."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held over a whole drawing: of two of one person the later one is the newer one."""


class Homes:
    """Safe to share between threads. Never called where somebody waits for an acknowledgement."""

    def __init__(
        self,
        store: Store,
        tab: HomeTab,
        business: Business,
        policy: Policy,
        *,
        now: Callable[[], datetime],
        enabled: Mapping[str, bool],
    ) -> None:
        self._store, self._tab, self._business, self._policy = store, tab, business, policy
        self._now, self._enabled = now, enabled
        self._people: dict[str, _Drawn] = {}
        self._read: tuple[Desk, int] | None = None
        """The newest reading, with the newest event before it."""

    def opened(self, person: str) -> None:
        """This person looks. What was drawn less than `DEBOUNCE` ago is brought up to date by `refresh`."""
        self._see(person)
        drawn = self._known(person)
        with drawn.lock:
            if self._turn(person):
                self._draw(person, drawn, self._desk())

    def pressed(self, person: str, pages: Pages | None = None) -> None:
        """This person pressed something in it: to turn to these pages, or a move, after which the pages stay."""
        self._see(person)
        drawn = self._known(person)
        with drawn.lock:
            drawn.pages = drawn.pages if pages is None else dict(pages)
            self._turn(person)
            self._draw(person, drawn, self._desk())

    def refresh(self) -> int:
        """Draw what is out of date, the longest first. Returns how many. Costs two small queries when none is."""
        now = self._now()
        with self._store.read() as tx:
            watching, mark = tx.parked(self._seen(""), now), tx.newest_event()
        people = [name.removeprefix(self._seen("")) for name in watching]
        for gone in self._people.keys() - set(people):
            self._people.pop(gone, None)
        stale = [
            (drawn.at is not None, drawn.at or now, person, drawn)
            for person in people
            if self._outdated(drawn := self._known(person), mark, now)
        ]
        count = 0
        for _, _, person, drawn in sorted(stale, key=lambda one: one[:3]):
            with drawn.lock:
                if self._turn(person, paced=True):
                    count += self._draw(person, drawn, self._lately())
        return count

    def _known(self, person: str) -> _Drawn:
        return self._people.setdefault(person, _Drawn())

    def _outdated(self, drawn: _Drawn, mark: int, now: datetime) -> bool:
        return drawn.mark != mark or drawn.at is None or now - drawn.at >= STALE

    def _see(self, person: str) -> None:
        with self._store.write() as tx:
            tx.park(self._seen(person), self._now() + SEEN)

    def _turn(self, person: str, *, paced: bool = False) -> bool:
        """Is it this one's turn? Asked of the database: other processes draw too."""
        now = self._now()
        with self._store.write() as tx:
            if paced and tx.take_slot(ALL, now, PACE) is not None:
                return False
            return tx.take_slot(f"draw home:{self._business.key}:{person}", now, DEBOUNCE) is None

    def _seen(self, person: str) -> str:
        """Until when this one's Home is kept up to date."""
        return f"home:{self._business.key}:{person}"

    def _desk(self) -> tuple[Desk, int]:
        with self._store.read() as tx:
            mark = tx.newest_event()
            read = desk_of(tx, self._business, self._policy, self._now(), self._enabled), mark
        self._read = read
        return read

    def _lately(self) -> tuple[Desk, int]:
        """For those who do not wait: of ten thousand cases a reading takes half a second. One of a moment ago bears
        its own mark, and is followed by a newer one."""
        read = self._read
        return self._desk() if read is None or self._now() - read[0].now >= DEBOUNCE else read

    def _draw(self, person: str, drawn: _Drawn, read: tuple[Desk, int]) -> bool:
        """A fault of Slack's leaves it out of date: the next `refresh` tries again, after a pause."""
        desk, mark = read
        try:
            drawn.version = self._show(person, drawn, desk)
        except DeliveryError as fault:
            drawn.mark = None
            until = self._now() + (fault.retry_after or PARKED)
            log.warning("a Home could not be drawn", person=person, why=str(fault), code=fault.code)
            with self._store.write() as tx:
                tx.park(ALL, until)
            return False
        drawn.mark, drawn.at = mark, desk.now
        return True

    def _show(self, person: str, drawn: _Drawn, desk: Desk) -> str | None:
        try:
            return self._tab.show(person, self._queue(desk, person, drawn.pages), drawn.version)
        except DeliveryError as fault:
            if fault.code != "hash_conflict":
                raise
        # somebody else drew it meanwhile, and what they know may be older: ours, read anew, stands
        return self._tab.show(person, self._queue(self._desk()[0], person, drawn.pages), None)

    def _queue(self, desk: Desk, person: str, pages: Pages) -> Queue:
        with self._store.read() as tx:
            return queue_of(tx, desk, person, pages=pages)
