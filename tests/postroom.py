"""An outbox before the Slack look-alike, with one clock that is moved by hand: for tests of what goes out."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

from desk import ANA
from fakes import NOW, Clock, Stop

from alerts.slack.send import Slack
from alerts.testing.slack import SlackLookalike
from monitor.core.message import OutboxState, Queued
from monitor.core.model import Business
from monitor.core.moves import Action
from monitor.deliver import Deliverer
from monitor.pace import Pace
from monitor.recover import move
from storage.testing import temporary_store
from storage.testing.field import BUSINESS, bad, by, hear, said

ENDED = (OutboxState.SENT.value, OutboxState.FAILED.value)


class Post:
    """Each customer who is heard has a case of their own."""

    def __init__(self, folder: Path, slack: SlackLookalike) -> None:
        self.slack = slack
        self.clock = Clock(NOW)
        slack.workspace.now = lambda: self.clock().timestamp()
        self.store = temporary_store(folder)
        self.where = f"slack:{slack.channel}"
        self.notifier = Slack(slack.token, slack.api_url)
        self.customers = count(1)

    def drain(self, wait: timedelta) -> list[str]:
        """A process of its own. Returns what it says that a person must mend."""
        return (
            Deliverer(
                self.store,
                {"slack": self.notifier},
                (self.where,),
                now=self.clock,
                lease=timedelta(minutes=1),
                paces={"slack": Pace()},
                stop=Stop(self.clock),
                business=Business("Acme Coffee", BUSINESS),
            )
            .drain(wait)
            .troubles
        )

    def hear(self) -> int:
        """One more customer complains. The number of their case."""
        number = next(self.customers)
        post = said(f"p{number}", f"Nobody called me {'x' * number}", author=by(f"f{number}"), published=NOW)
        with self.store.write() as tx:
            hear(tx, bad(post), now=self.clock(), destination=self.where)
            return max(case.id for case in tx.cases())

    def claim(self, case_id: int) -> None:
        move(self.store, case_id, Action.CLAIM, ANA, self.clock())

    def card(self, case_id: int) -> Queued:
        with self.store.read() as tx:
            row = tx.card_of(case_id, "slack")
        assert row is not None
        return row

    def told(self, case_id: int) -> list[dict[str, Any]]:
        """The posts about it that Slack stored."""
        posts = (call for call in self.slack.called("chat.postMessage") if call["stored"])
        return [call for call in posts if call["body"]["metadata"]["event_payload"]["case_id"] == case_id]

    def failed(self) -> int:
        with self.store.read() as tx:
            return tx.counts()[3].get(OutboxState.FAILED.value, 0)

    def waiting(self) -> int:
        """Messages that are neither sent nor given up."""
        with self.store.read() as tx:
            return sum(number for state, number in tx.counts()[3].items() if state not in ENDED)
