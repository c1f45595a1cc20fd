"""Small stand-ins for the world: a clock that is set by hand, a place to listen to, a receiver.

They are kept honest by the contract suites (`tests/contract/test_fakes.py`).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from monitor.core.errors import DeliveryError, Outcome
from monitor.core.message import Kind, Message, Receipt
from monitor.core.model import Author, Business, Evidence, Feed, Mention, Opinion, Page
from monitor.core.ports import Finding, Http

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ACME = Business("Acme Coffee", own_accounts=("@acme",), timezone="Europe/London")

BAD = "Cold coffee and nobody cares, bad."
WORSE = "Bad: food poisoning, twice."
LOVELY = "Lovely staff, thank you."
PLAIN = "I had a coffee there."


class Clock:
    """Time that passes only when it is told to."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, span: timedelta) -> None:
        self.at += span


class Stop(threading.Event):
    """A stop signal that nobody waits for in real time: waiting moves the clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        assert timeout is not None, "a wait without an end"
        self.waits.append(timeout)
        assert len(self.waits) < 10_000, "it spins"
        if not self.is_set():
            self.clock.pass_(timedelta(seconds=timeout))
        return self.is_set()


def said(
    native_id: str,
    text: str = BAD,
    *,
    by: str | None = "fred",
    ago: timedelta | None = timedelta(hours=1),
    source: str = "pages",
    **more: Any,
) -> Mention:
    """Something a fictional customer said, `ago` before NOW (None: undated)."""
    author = Author(by, by.title(), f"https://people.example/{by}") if by else Author(None, "Somebody")
    return Mention(
        source=source,
        native_id=native_id,
        text=text,
        url=f"https://posts.example/{native_id}",
        author=author,
        published=None if ago is None else NOW - ago,
        **more,
    )


def judge(mentions: Sequence[Mention]) -> list[Mapping[str, Opinion]]:
    """Opinions by one word each: `bad` is a complaint, `poison` a critical one, `lovely` praise."""
    return [{"complaint": _opinion(mention)} for mention in mentions]


def _opinion(mention: Mention) -> Opinion:
    words = mention.words.casefold()
    if "explode" in words:
        raise RuntimeError("this scorer has a bug")
    signals = [signal for word, signal in (("poison", "safety"), ("lovely", "praise")) if word in words]
    at = words.find("bad")
    evidence = (Evidence("bad", mention.words[at : at + 3], at, at + 3),) if at >= 0 else ()
    return Opinion("complaint", "1", 0.6 if at >= 0 else 0.0, None, tuple(signals), evidence)


@dataclass
class Reading:
    """What a place has for whoever reads it: pages, faults to raise, things to do on the way."""

    steps: list[Page | Exception | Callable[[], object]]


class Pages:
    """A source whose every reading is written down beforehand, by feed. Without one it has nothing new."""

    name: ClassVar[str] = "pages"
    api: ClassVar[int] = 1
    searches: ClassVar[bool] = False

    class Options(BaseModel):
        model_config = ConfigDict(extra="forbid")

    def __init__(self) -> None:
        self.readings: dict[str, deque[Reading]] = {}
        self.asked: list[Feed] = []

    def will(self, feed: str, *steps: Page | Exception | Callable[[], object]) -> None:
        """The next reading of `feed`."""
        self.readings.setdefault(feed, deque()).append(Reading(list(steps)))

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        self.asked.append(feed)
        waiting = self.readings.get(feed.name)
        for step in waiting.popleft().steps if waiting else []:
            if isinstance(step, Exception):
                raise step
            if isinstance(step, Page):
                yield step
            else:
                step()


class Searches(Pages):
    """The same, for a place that is searched: what it brings must name the business."""

    searches: ClassVar[bool] = True


@dataclass
class Inbox:
    """A receiver that keeps what arrived, and fails as it is told: before the message arrives, or after."""

    clock: Callable[[], datetime]
    name: ClassVar[str] = "inbox"
    api: ClassVar[int] = 1
    calls: list[Message] = field(default_factory=list)
    """Every try."""
    arrived: list[Message] = field(default_factory=list)
    """What readers see, in order; drawing a message anew does not add to it."""
    redrawn: list[Message] = field(default_factory=list)
    looks: int = 0
    faults: deque[tuple[DeliveryError | Exception, bool] | None] = field(default_factory=deque)
    blind: deque[DeliveryError | Exception] = field(default_factory=deque)
    always: DeliveryError | None = None
    _receipts: dict[str, Receipt] = field(default_factory=dict)

    def fail(self, fault: DeliveryError | Exception, *, arrives: bool = False) -> None:
        """The next send fails so."""
        self.faults.append((fault, arrives))

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        self.calls.append(message)
        fault = self.faults.popleft() if self.faults else None
        if self.always is not None:
            raise self.always
        if fault is not None and not fault[1]:
            raise fault[0]
        if previous is not None:
            self.redrawn.append(message)
            receipt = replace(previous, at=self.clock())
        else:
            self.arrived.append(message)
            ref = str(len(self.arrived))
            receipt = Receipt(message.channel, ref, self.clock(), f"https://inbox.example/{ref}")
            self._receipts[message.delivery_id] = receipt
        if fault is not None:
            raise fault[0]
        return receipt

    def find(self, message: Message, since: datetime) -> Receipt | None:
        self.looks += 1
        if self.blind:
            raise self.blind.popleft()
        return self._receipts.get(message.delivery_id)

    def check(self, channel: str) -> Sequence[Finding]:
        return [Finding("the inbox", ok=True)]

    @property
    def kinds(self) -> list[Kind]:
        return [message.kind for message in self.arrived]


def lost_answer() -> DeliveryError:
    return DeliveryError("the answer was lost", outcome=Outcome.UNKNOWN)


class NoHttp:
    """For sources that need no network."""

    def get(self, url: str, **_: Any) -> Any:
        raise AssertionError(f"nobody should ask for {url}")
