"""A desk for tests: the Slack look-alike, a database with a few customers, the outbox, and the listener between.

Everything is real but the customers and Slack. What people did and were told is read from the look-alike.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any

from alerts.slack.actions import MORE_MODAL, value_of
from alerts.slack.inbound import SlackInbound
from alerts.slack.send import Slack
from alerts.testing.envelopes import Envelope
from alerts.testing.slack import SlackLookalike
from monitor.clicks import Clicks
from monitor.commands import reply
from monitor.core.gestures import Answering, Link
from monitor.core.model import Business, Case
from monitor.deliver import Deliverer
from monitor.forming import Forming
from monitor.homes import Homes
from monitor.pace import Pace
from monitor.recover import File, file_of
from monitor.settings import load
from storage.store import SqlStore
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, bad, by, hear, said

ANA, BEN, EVE = "U0ANA0001", "U0BEN0002", "U0EVE0003"
SOON = tuple(timedelta(seconds=n) for n in (0.05, 0.1, 0.2))
AT_ONCE = Pace(verify_after=SOON)
PING = 2.0
"""Seconds: a busy machine must not take a slow socket for a silent one."""


def now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """`customers` have a case each, numbered from 1."""

    def __init__(
        self,
        folder: Path,
        slack: SlackLookalike,
        *,
        customers: int = 2,
        people: Sequence[str] = (),
        timeout: float = 2.0,
        ping: float = PING,
        patience: float = 2.5,
        store: SqlStore | None = None,
        now: Callable[[], datetime] = now,
        stop: threading.Event | None = None,
        pace: Pace = AT_ONCE,
    ) -> None:
        (folder / "monitor.toml").write_text('[business]\nname = "Acme Coffee"\n', "utf-8")
        self.slack = slack
        self.store = store or temporary_store(folder)
        self.destination = f"slack:{slack.channel}"
        self.now = now
        self.stop = stop or threading.Event()
        settings = load(folder / "monitor.toml", {})
        business = Business("Acme Coffee", BUSINESS)
        notifier = Slack(slack.token, slack.api_url, timeout)
        self.clicks = Clicks(
            self.store,
            BUSINESS,
            (self.destination,),
            now=now,
            forming=Forming(self.store, settings, now),
            people=people,
            homes=Homes(self.store, notifier, business, settings.policy, now=now, enabled={}),
            asked=lambda text, person: reply(self.store, text, person, business, settings.policy, now(), {}),
        )
        self.inbound = SlackInbound(
            slack.token, slack.app_token, slack.api_url, timeout=timeout, ping=ping, patience=patience
        )
        self.deliverer = Deliverer(
            self.store,
            {"slack": notifier},
            (self.destination,),
            now=now,
            lease=timedelta(seconds=30),
            paces={"slack": pace},
            stop=self.stop,
            business=business,
        )
        if customers:
            self.hear(customers)

    def hear(self, customers: int, first: int = 1) -> None:
        words = [
            f"Nobody at Acme Coffee called me back, number {n} {'x' * n}"
            for n in range(first, first + customers)
        ]
        posts = (
            bad(said(f"post-{n}", word, author=by(f"fred{n}"), published=self.now()))
            for n, word in enumerate(words, first)
        )
        with self.store.write() as tx:
            hear(tx, *posts, now=self.now(), destination=self.destination)

    def open(self, answering: Answering | None = None) -> Desk:
        """Post the cards, and listen."""
        self.deliver()
        self.inbound.start(answering or self.clicks)
        self.slack.until(self.connected, timeout=30)
        return self

    def connected(self) -> bool:
        return self.inbound.state().link is Link.CONNECTED

    def deliver(self, wait: float = 5.0) -> None:
        self.deliverer.drain(timedelta(seconds=wait))

    def close(self) -> None:
        self.inbound.stop()
        self.stop.set()
        self.store.close()

    def __enter__(self) -> Desk:
        return self.open()

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────

    def card(self, case_id: int = 1) -> str:
        """The ts of the case's card."""
        with self.store.read() as tx:
            row = tx.card_of(case_id, "slack")
        assert row is not None and row.receipt is not None, f"case {case_id} has no card yet"
        return row.receipt.ref

    def press(self, move: str, who: str = ANA, case_id: int = 1, revision: int | None = None) -> Envelope:
        """Press a button as somebody has it before them who saw that revision (default: the newest).

        Which buttons the card shows now does not matter: every card has "More…", and what a press means is in
        its value alone.
        """
        seen = revision if revision is not None else self.case(case_id).revision
        value = value_of(move, case_id, seen)
        return self.slack.people.click(self.card(case_id), MORE_MODAL, who, value)

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────

    def file(self, case_id: int = 1) -> File:
        return file_of(self.store, case_id)

    def case(self, case_id: int = 1) -> Case:
        return self.file(case_id).case

    def done(self, case_id: int = 1) -> list[tuple[str, str]]:
        """Who did what."""
        return [(event.actor, event.action) for event in self.file(case_id).events][1:]

    def until(self, happened: Callable[[], Any]) -> Any:
        return self.slack.until(happened, timeout=30)

    def told(self, who: str = ANA) -> str:
        """The newest whisper, once there is one."""
        return str(self.until(lambda: self.slack.whispers(who))[-1]["text"])

    def modal(self, callback_id: str, who: str = ANA) -> dict[str, Any]:
        """The modal in sight, once it is that one."""

        def there() -> dict[str, Any] | None:
            stack = self.slack.modals(who)
            return stack[-1] if stack and stack[-1]["callback_id"] == callback_id else None

        found: dict[str, Any] = self.until(there)
        return found
