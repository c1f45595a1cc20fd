"""What the application needs of the world: places to listen to, opinions, receivers, and a memory.

Third parties implement these; `sources.testing`, `alerts.testing` and `storage.testing` hold the contract
suites an implementation is held to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable

from monitor.core.model import Feed, Json, Mention, Opinion, Page

if TYPE_CHECKING:
    from monitor.core.gestures import Answering, Line
    from monitor.core.message import Message, Receipt
    from monitor.core.queue import Queue
    from monitor.core.store import Transaction


# ── the network ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Response:
    """One answer, whole. Header names are lower-case."""

    status: int
    url: str
    """The final address, after redirects."""
    headers: Mapping[str, str]
    body: bytes
    now: datetime
    """When it was received: what relative times in headers count from."""
    validators: Mapping[str, str] = field(default_factory=dict)
    """What to hand back as `validators` next time, to be told "not modified". JSON-safe; keep it in the cursor."""
    moved_to: str | None = None
    """The new address, when every redirect on the way was permanent."""

    @property
    def not_modified(self) -> bool:
        return self.status == 304

    def json(self) -> Json:
        """The decoded document. Raises BadPayload on an empty body, `null`, cut-off JSON or HTML."""
        from monitor.core.payload import decode

        return decode(self.body)


class Http(Protocol):
    """The one door to the network. Raises Unreachable, Denied (refused address) or BadPayload (too large).

    Every status is a Response: which of them is a fault is the source's to say (`sources.status`).
    """

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | Sequence[tuple[str, str]] | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = None,
        validators: Mapping[str, str] | None = None,
    ) -> Response:
        """GET `url`. `token` goes out as a bearer token, never to another host, and never into a log."""
        ...


class Post(Protocol):
    """The same door from inside: what is sent to addresses of the settings. No redirect is followed, and private
    addresses must be allowed by name."""

    def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Response:
        """POST once. Every status is a Response. Raises Denied where we may not or cannot go there, Unreachable where
        no answer came: what was sent may have arrived."""
        ...

    def may_post(self, url: str) -> None:
        """Raises as `post` would, as far as can be told without connecting."""
        ...


# ── the connectors ───────────────────────────────────────────────────────────────────────────────────────


class Source(Protocol):
    """A place people speak at. One file in `sources/`, one entry point in `complaint_monitor.sources`."""

    name: ClassVar[str]
    api: ClassVar[int]
    searches: ClassVar[bool]
    """True for searches and streams, whose mentions must be matched against the business's names."""
    Options: ClassVar[type[Any]]
    """A pydantic model with `extra="forbid"`."""

    def collect(self, feed: Feed, http: Http) -> Iterator[Page]:
        """The pages since `feed.cursor`. Raises SourceError; pages already yielded stay good."""
        ...


class Scorer(Protocol):
    """One opinion on mentions, with its evidence."""

    name: ClassVar[str]
    version: ClassVar[str]
    api: ClassVar[int]

    def score(self, mentions: Sequence[Mention]) -> Sequence[Opinion]:
        """One opinion for each mention, in the same order."""
        ...


class Notifier(Protocol):
    """A receiver of messages."""

    name: ClassVar[str]
    api: ClassVar[int]

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        """Deliver once; with `previous`, replace that message in place. Raises DeliveryError."""
        ...

    def find(self, message: Message, since: datetime) -> Receipt | None:
        """Did this very delivery arrive? None only when it surely is not there; raises DeliveryError if
        that cannot be known, and one that is `gone` if it is not there and what it belongs to is not either."""
        ...

    def check(self, channel: str) -> Sequence[Finding]:
        """Can it deliver to `channel`? Posts nothing."""
        ...


@runtime_checkable
class FindsMany(Protocol):
    """A notifier that sees many messages in one look."""

    def find_all(self, messages: Sequence[Message], since: datetime) -> Mapping[str, Receipt]:
        """Of these messages, which are in one place, those that arrived, by delivery id. Raises as `find` does."""
        ...


class Inbound(Protocol):
    """A desk that tells what people do there."""

    def start(self, answer: Answering) -> None:
        """Listen from now on, in threads of its own. Returns at once, also where the desk cannot be reached:
        it goes on trying. `answer` is called in several threads."""
        ...

    def stop(self) -> None:
        """Take in nothing more, and finish what was taken in. Returns within half a minute."""
        ...

    def state(self) -> Line:
        """How the line is doing now."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `check`: what was looked at, whether it is well, and the remedy if not."""

    what: str
    ok: bool
    detail: str = ""
    remedy: str = ""


@runtime_checkable
class HomeTab(Protocol):
    """Where each person sees what waits for them."""

    def show(self, person: str, queue: Queue, version: str | None) -> str | None:
        """Put the queue there, in place of what there is. Returns what the receiver calls this version, if it does.

        `version`: refuse where something else stands there by now. Raises DeliveryError."""
        ...


# ── memory ───────────────────────────────────────────────────────────────────────────────────────────────


class Store(Protocol):
    """The database. Several processes may hold one at a time; writers take turns."""

    def write(self) -> AbstractContextManager[Transaction]:
        """Leaving commits, an exception rolls back. Raises StoreError."""
        ...

    def read(self) -> AbstractContextManager[Transaction]:
        """One consistent view; writing in it is a bug and fails."""
        ...

    def close(self) -> None: ...
