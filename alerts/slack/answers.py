"""Answers to a person who waits: a whisper, or a window. They pass by the outbox, as nobody needs them later.

Each is tried over every way there is, at once; what Slack would not take then is tried again on each beat, for a
minute. Two whispers alike do no harm; a click that nothing comes of does.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import structlog

from alerts.slack import errors, views
from alerts.slack.reading import Asker
from alerts.slack.send import Slack
from alerts.slack.views import View
from monitor.core.errors import DeliveryError, Outcome, Remedy

log = structlog.get_logger(__name__)

PATIENCE = 60.0
"""Seconds for which an answer is worth giving."""
WAITING = 1_000
"""So many late answers are kept; the oldest goes first."""
OPENINGS = 3
GONE = frozenset({"not_found", "view_not_found"})
"""The person closed the window."""
OPENED_BEFORE = frozenset({"exchanged_trigger_id", "trigger_exchanged", "duplicate_external_id"})
"""An earlier try went through after all."""


@dataclass(frozen=True, slots=True)
class Window:
    """A modal by our own name for it, or by Slack's id."""

    by: str
    name: str


class Answers:
    """Safe to use in several threads. `timeout` in seconds."""

    def __init__(self, slack: Slack, timeout: float) -> None:
        self._slack = slack
        self._timeout = timeout
        self._late: deque[tuple[float, Callable[[], bool]]] = deque(maxlen=WAITING)
        self._lock = threading.Lock()

    # ── what is said ─────────────────────────────────────────────────────────────────────────────────────

    def whisper(self, asker: Asker, words: str) -> None:
        """In the channel, to this person alone; by the address that came with the click; or in a window."""
        body = views.whisper(words)
        self._insist(lambda: self._whispered(asker, body, words))

    def show(self, asker: Asker, body: dict[str, Any]) -> None:
        """The same, of what is drawn already: `text` and `blocks`."""
        self._insist(lambda: self._whispered(asker, body, str(body["text"])))

    def wait(self, asker: Asker) -> Window | None:
        """A window that says to wait, before anything slow begins. None: Slack surely did not open it. Where that
        cannot be known, filling it will tell."""
        name = uuid.uuid4().hex
        return Window("external_id", name) if self._open(asker, views.loading(name)) else None

    def fill(self, window: Window, view: View, otherwise: Callable[[], None] | None = None) -> None:
        """Put this into the window. `otherwise`: what to do where Slack will not, as when the person has closed it."""
        place = {window.by: window.name}

        def filled() -> bool:
            try:
                self._slack.ask("views.update", **place, view=view)
            except DeliveryError as fault:
                if not _final(fault, "views.update"):
                    return False
                if otherwise is not None:
                    otherwise()
            return True

        self._insist(filled)

    # ── how it is done ───────────────────────────────────────────────────────────────────────────────────

    def beat(self) -> None:
        """Try once more what was not taken."""
        with self._lock:
            late, self._late = self._late, deque(maxlen=WAITING)
        for until, attempt in late:
            if attempt():
                continue
            if time.monotonic() < until:
                self._keep(until, attempt)
            else:
                log.warning("an answer to a click was not taken by Slack for a minute, and is dropped")

    @property
    def waiting(self) -> int:
        return len(self._late)

    def _insist(self, attempt: Callable[[], bool]) -> None:
        if not attempt():
            self._keep(time.monotonic() + PATIENCE, attempt)

    def _keep(self, until: float, attempt: Callable[[], bool]) -> None:
        with self._lock:
            self._late.append((until, attempt))

    def _whispered(self, asker: Asker, body: dict[str, Any], words: str) -> bool:
        """True when it was said, or can be said in no way at all."""
        ways = list(self._ways(asker, body))
        hopeless = 0
        for way in ways:
            try:
                way()
            except DeliveryError as fault:
                hopeless += fault.remedy is not Remedy.WAIT
                continue
            return True
        if not ways and asker.trigger and self._open(asker, views.notice("Complaint Monitor", words)):
            return True
        if hopeless == len(ways):
            log.warning(
                "a person could not be answered: Slack takes a whisper in no way", person=asker.person
            )
        return hopeless == len(ways)

    def _ways(self, asker: Asker, body: dict[str, Any]) -> Iterator[Callable[[], object]]:
        if asker.channel and not asker.channel.startswith("D"):
            place = {"channel": asker.channel, "user": asker.person}
            place |= {"thread_ts": asker.thread} if asker.thread else {}
            yield lambda: self._slack.ask("chat.postEphemeral", **place, **body)
        if asker.response_url:
            yield lambda: self._by_address(asker.response_url, body)

    def _by_address(self, url: str, body: dict[str, Any]) -> None:
        from slack_sdk.webhook import WebhookClient

        silent = logging.Logger("slack_sdk", logging.CRITICAL + 1)
        seconds: Any = self._timeout
        client = WebhookClient(url, timeout=seconds, retry_handlers=[], logger=silent)
        client.proxy = None
        try:
            answer = client.send(**body, response_type="ephemeral", replace_original=False)
        except Exception as fault:  # noqa: BLE001 - whatever broke the call
            raise errors.of_exception(fault) from None
        said = answer.body.replace(" ", "").strip()
        if answer.status_code != 200 or not (said == "ok" or '"ok":true' in said):
            raise errors.of_answer(answer.status_code, {}, {})

    def _open(self, asker: Asker, view: View) -> bool:
        """Whether it may be open. A trigger opens one window, and lives three seconds: there is no later for this."""
        method = "views.push" if asker.view else "views.open"
        perhaps = False
        for _ in range(OPENINGS):
            try:
                self._slack.ask(method, trigger_id=asker.trigger, view=view)
            except DeliveryError as fault:
                if fault.code in OPENED_BEFORE:
                    return True
                if fault.remedy is not Remedy.WAIT or "trigger" in fault.code:
                    log.warning("Slack opened no window", why=str(fault))
                    return perhaps
                perhaps = perhaps or fault.outcome is Outcome.UNKNOWN
                continue
            return True
        return perhaps


def _final(fault: DeliveryError, method: str) -> bool:
    """Whether another try is of no use."""
    if fault.remedy is Remedy.WAIT and not fault.code.startswith("invalid"):
        return False
    if fault.code in GONE:
        return True
    log.warning("an answer to a click was refused by Slack", method=method, why=str(fault))
    return True
