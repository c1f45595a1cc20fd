"""`check --probe`: the whole way of a card in a test channel: posted, found by its metadata, drawn anew, deleted.

Besides it asks whether this workspace keeps a `client_msg_id` unique. That is told and never relied on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.slack.send import Slack
from monitor.core.errors import DeliveryError, Outcome
from monitor.core.message import Message, Receipt
from monitor.core.ports import Finding

LOOKS = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds to wait before each look into history, which shows a message with some delay."""
EARLIER = timedelta(minutes=10)
"""How far before the post a look begins, as for any card: so far the clocks may differ."""
AGAIN = "Mend what it says and probe again."
MOST = 10
"""Copies to delete at the most: there are two, and whoever finds more goes in circles."""


@dataclass
class Probe:
    """`message` is the test card; `wait` sleeps for so many seconds."""

    slack: Slack
    message: Message
    now: datetime
    wait: Callable[[float], None]
    posted: list[Receipt] = field(default_factory=list)
    doubt: bool = False
    """A post of unknown fate: there may be more of it than we know."""

    def findings(self) -> Iterator[Finding]:
        """One for each step. Whatever was posted is deleted again, however the steps end."""
        steps = list[Finding]()
        try:
            steps += self._steps()
        finally:
            rest = self._clear()
        yield from steps
        if self.posted or self.doubt:
            yield rest

    def _steps(self) -> Iterator[Finding]:
        first = self._post()
        if isinstance(first, DeliveryError):
            yield Finding("Probe: post", False, str(first), AGAIN)
            return
        yield Finding("Probe: post", True, "a test card was posted")
        yield self._read_back()
        try:
            self.slack.send(self.message, first)
            yield Finding("Probe: update", True, "the card was drawn anew in place")
        except DeliveryError as fault:
            yield Finding("Probe: update", False, str(fault), AGAIN)
        yield self._same_id(first)

    def _post(self) -> Receipt | DeliveryError:
        try:
            self.posted.append(self.slack.send(self.message, None))
        except DeliveryError as fault:
            self.doubt |= fault.outcome is Outcome.UNKNOWN
            return fault
        return self.posted[-1]

    def _read_back(self) -> Finding:
        what = "Probe: read back"
        try:
            found = self._find(LOOKS)
        except DeliveryError as fault:
            return Finding(what, False, str(fault), AGAIN)
        if found is None:
            remedy = (
                "After a lost answer a card may double here. See that the app has *:history, and probe again."
            )
            return Finding(what, False, "history does not show the card by its metadata", remedy)
        return Finding(what, True, "the card was found in history by its metadata")

    def _same_id(self, first: Receipt) -> Finding:
        """The very same post once more. It is well whatever comes of it, since nothing hangs on it."""
        what = "Probe: client_msg_id"
        second = self._post()
        if isinstance(second, DeliveryError):
            return Finding(what, True, f"not known: the second post failed ({second.code or second.outcome})")
        if second.ref == first.ref:
            return Finding(what, True, "kept unique here; cards do not rely on it")
        return Finding(what, True, "not kept unique here; cards do not rely on it")

    def _find(self, looks: tuple[float, ...]) -> Receipt | None:
        """The card in history. Raises the last look's DeliveryError when it could not look at all."""
        last: DeliveryError | None = None
        for pause in looks:
            self.wait(pause)
            try:
                found, last = self.slack.find(self.message, self.now - EARLIER), None
            except DeliveryError as fault:
                last = fault
                continue
            if found is not None:
                return found
        if last is not None:
            raise last
        return None

    def _clear(self) -> Finding:
        what, remedy = "Probe: delete", "Look into the channel, and delete the test card by hand."
        try:
            for receipt in self.posted:
                self._delete(receipt)
            for _ in range(MOST if self.doubt else 0):
                stray = self._find(LOOKS)
                if stray is None:
                    break
                self._delete(stray)
        except DeliveryError as fault:
            return Finding(what, False, str(fault), remedy)
        return Finding(what, True, "nothing of the probe was left behind")

    def _delete(self, receipt: Receipt) -> None:
        """Twice if need be: what is deleted already does no harm. Raises the second DeliveryError."""
        for last in (False, True):
            try:
                self.slack.read("chat.delete", channel=receipt.channel, ts=receipt.ref)
            except DeliveryError as fault:
                if fault.code == "message_not_found":
                    return
                if last:
                    raise
            else:
                return
