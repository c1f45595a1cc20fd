"""A process that dies at a chosen step, and the next one that goes on from the database: with a clock of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from stage import mark

from alerts.slack.send import Slack
from alerts.testing.slack import SlackLookalike
from monitor.collect.feeds import Collector, Listening
from monitor.collect.ingest import Ingest
from monitor.core.message import Message, Receipt
from monitor.core.model import Author, Business, Feed, Mention, Opinion, Page
from monitor.core.ports import Http, Store
from monitor.core.store import Transaction
from monitor.deliver import Deliverer
from monitor.pace import Pace
from monitor.report import post_digest, yesterday

ACME = Business("Acme Coffee")
BEGAN = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LEASE = timedelta(seconds=30)


class Death(BaseException):
    """The process is gone: nothing of it runs on."""


class Clock:
    """Stands still but for waiting."""

    def __init__(self) -> None:
        self.at = BEGAN

    def now(self) -> datetime:
        return self.at

    def pass_by(self, span: timedelta) -> None:
        self.at += span


class Steps:
    """Counts what a process does, and kills it at one step. After that it can do nothing more."""

    def __init__(self, last: int | None = None) -> None:
        self.last = last
        self.taken = 0
        self.dead = False
        self._lock = threading.Lock()

    def step(self) -> None:
        with self._lock:
            if self.dead:
                raise Death
            self.taken += 1
            if self.taken == self.last:
                self.dead = True
                raise Death


class MortalStore:
    """A store whose process may die just before and just after each commit.

    Dying anywhere earlier in a transaction, or in one that only reads, leaves behind what dying just before
    the commit leaves behind: nothing.
    """

    def __init__(self, store: Store, steps: Steps) -> None:
        self._store = store
        self._steps = steps

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        with self._store.write() as tx:
            yield tx
            self._steps.step()
        self._steps.step()

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        if self._steps.dead:
            raise Death
        with self._store.read() as tx:
            yield tx

    def close(self) -> None:
        """The store outlives its processes."""


class MortalNotifier:
    """A notifier whose process may die just before and just after each call."""

    name: ClassVar[str] = "slack"
    api: ClassVar[int] = 1

    def __init__(self, notifier: Slack, steps: Steps) -> None:
        self._notifier = notifier
        self._steps = steps

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        self._steps.step()
        receipt = self._notifier.send(message, previous)
        self._steps.step()
        return receipt

    def find(self, message: Message, since: datetime) -> Receipt | None:
        self._steps.step()
        found = self._notifier.find(message, since)
        self._steps.step()
        return found

    def check(self, channel: str) -> Sequence[Any]:
        return self._notifier.check(channel)


class Script:
    """A place that shows these pages; the cursor is the number of the last page seen."""

    name: ClassVar[str] = "script"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = False
    Options: ClassVar[type[Any]] = dict

    def __init__(self, steps: Steps) -> None:
        self._steps = steps

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        pages: Sequence[Page] = feed.options
        start = int((feed.cursor or {}).get("page", 0))
        for number, page in enumerate(pages[start:], start + 1):
            self._steps.step()
            yield Page(page.mentions, {"page": number}, gone=page.gone, gone_words=page.gone_words)


def judge(mentions: Sequence[Mention]) -> Sequence[Mapping[str, Opinion]]:
    """A complaint is what says so: what is tried here is not the judgement."""
    return [{"complaint": Opinion("complaint", "1", float("awful" in m.text))} for m in mentions]


def said(
    number: int, text: str, author: str = "", age: timedelta = timedelta(hours=1), marked: int = 0
) -> Mention:
    name = author or f"Fictional Fred {number}"
    return Mention(
        "script",
        f"m{number}",
        f"{text} {mark(marked or number)}",
        author=Author(name, name),
        published=BEGAN - age,
    )


EDITED = 99
OLD = timedelta(days=9)
FIRST = {
    "one": (
        Page((said(1, "awful"), said(2, "awful", age=OLD)), {}),
        Page((said(3, "awful", "Regular Rita"), said(4, "good"), said(5, "awful", age=OLD)), {}),
    ),
    "two": (Page((said(6, "awful"), said(7, "awful")), {}),),
}
SECOND = {
    "one": (
        *FIRST["one"],
        Page((said(8, "awful again", "Regular Rita"), said(1, "awful, edited", marked=EDITED)), {}),
    ),
    "two": (*FIRST["two"], Page((said(9, "awful"),), {}, gone=("m6",), gone_words=True)),
}
ALONE = (1, 3, 6, 7, 8, 9)
"""Posts that are told by a message of their own: a card, or a reply in the thread of one."""
TOGETHER = (2, 5)
"""Posts too old to alert, told in a summary."""
COMPLAINTS = len(ALONE) + len(TOGETHER)


@dataclass
class World:
    """What outlives a process: the database, the channel, the clock."""

    store: Store
    slack: SlackLookalike
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.slack.workspace.now = lambda: self.clock.now().timestamp()


def live(world: World, steps: Steps) -> None:
    """One process from its start to its end: both readings, and delivery after each. Raises Death."""
    for round_, feeds in enumerate((FIRST, SECOND)):
        _listen_and_tell(world, steps, feeds, last=round_ == 1)
        world.clock.pass_by(timedelta(minutes=20))


def _listen_and_tell(world: World, steps: Steps, feeds: Mapping[str, Sequence[Page]], *, last: bool) -> None:
    store = MortalStore(world.store, steps)
    source = Script(steps)
    destination = f"slack:{world.slack.channel}"
    stop = _Patience(world.clock)
    ingest = Ingest(store, judge, ACME, 0.5, timedelta(hours=24), destination)
    http: Any = None
    collector = Collector(
        ingest,
        http,
        [Listening(name, source, pages, timedelta(minutes=15)) for name, pages in feeds.items()],
        now=world.clock.now,
        lease=LEASE,
        workers=2,
        stop=stop,
        jitter=lambda: 0.0,
    )
    deliverer = Deliverer(
        store,
        {"slack": MortalNotifier(Slack(world.slack.token, world.slack.api_url, 5), steps)},
        (destination,),
        now=world.clock.now,
        lease=LEASE,
        paces={"slack": Pace(post=timedelta(seconds=1), update=timedelta(seconds=1))},
        stop=stop,
        business=ACME,
    )
    with store.write() as tx:
        for name in feeds:
            tx.register_feed(name, "script", ACME.key, world.clock.now())
    collector.run()
    if last:
        post_digest(store, ACME, yesterday(world.clock.now(), "UTC"), destination, world.clock.now())
    deliverer.drain(timedelta(minutes=10))


class _Patience(threading.Event):
    """Waiting moves the clock on, and takes no time."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.pass_by(timedelta(seconds=timeout or 0))
        return self.is_set()


def outlive(world: World, fates: Callable[[int], int | None]) -> int:
    """Processes one after the other until one reaches its end; `fates(n)` is the step at which the n-th dies.

    Returns how many there were. Leases lapse between them.
    """
    for number in range(1000):
        try:
            live(world, Steps(fates(number)))
        except Death:
            world.clock.pass_by(LEASE + timedelta(minutes=20))
            continue
        return number + 1
    raise AssertionError("no process ever came to its end")
