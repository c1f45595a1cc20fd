"""What Slack sends over a socket: one payload, how often it was sent, and how it was acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from alerts.testing.screens import Trigger

EVENTS, INTERACTIVE, COMMANDS = "events_api", "interactive", "slash_commands"


class Outcome(StrEnum):
    WAITING = "waiting"
    ACKED = "acked"
    NO_ANSWER = "no answer"
    """Slack gave up: who clicked is shown an error, an event is lost."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending. `at` in ticks; `socket` is None when nobody was connected; `number` counts retries from 0."""

    envelope_id: str
    at: float
    socket: int | None
    number: int


@dataclass(frozen=True, slots=True)
class Ack:
    """`after`: seconds since that attempt. `late`: Slack had given up, or had an acknowledgement before."""

    envelope_id: str
    after: float
    socket: int
    payload: dict[str, Any]
    late: bool


@dataclass(slots=True, eq=False)
class Envelope:
    """One thing that happened, as the app is told of it; what came of it fills in by itself."""

    kind: str
    payload: dict[str, Any]
    user: str = ""
    trigger: Trigger | None = None
    then: Callable[[dict[str, Any]], None] | None = None
    """What Slack does with the payload of the first acknowledgement that is in time."""
    attempts: list[Attempt] = field(default_factory=list)
    acks: list[Ack] = field(default_factory=list)
    outcome: Outcome = Outcome.WAITING
    effect: str = ""
    """What became of a submitted modal: `closed`, `errors`, `updated`, `pushed`, `cleared`, or `invalid`
    when Slack could make nothing of the answer and showed an error."""
    errors: dict[str, str] = field(default_factory=dict)
    """What was shown below the inputs of a submitted modal, by block_id."""
    replies: list[dict[str, Any]] = field(default_factory=list)
    """Bodies that came by acknowledgement or through the response_url, as they came."""
    due: float = 0.0
    """When Slack looks at it again, in ticks."""
    failed: bool = False
    """The last attempt failed, and another follows at `due`."""
    _settled: threading.Event = field(default_factory=threading.Event)

    def wait(self, timeout: float = 10.0) -> Envelope:
        """Until it was acknowledged or given up. Raises TimeoutError after `timeout` real seconds."""
        if not self._settled.wait(timeout):
            raise TimeoutError(f"neither acknowledged nor given up after {timeout} s: {self.payload}")
        return self

    def settle(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._settled.set()

    @property
    def acked(self) -> bool:
        return self.outcome is Outcome.ACKED

    @property
    def ack_after(self) -> float | None:
        """Seconds from the attempt to the acknowledgement that counted."""
        return next((ack.after for ack in self.acks if not ack.late), None)

    @property
    def answer(self) -> dict[str, Any]:
        """The payload of the acknowledgement that counted; empty when there was none."""
        return next((ack.payload for ack in self.acks if not ack.late), {})

    @property
    def opened(self) -> list[str]:
        """The views that its trigger opened, by id."""
        return self.trigger.opened if self.trigger else []
