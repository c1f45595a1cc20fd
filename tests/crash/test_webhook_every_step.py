"""A process killed at any step of telling another program: all arrives, in the order of each case, known by its id."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from fakes import ACME, Clock, Stop, judge, said
from lives import Death, MortalStore, Steps

from alerts.cloudevent import cloud_event
from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action
from monitor.core.happening import Follower
from monitor.core.intents import Alert
from monitor.core.message import Message, Receipt
from monitor.deliver import Deliverer
from monitor.pace import Pace
from monitor.recover import move
from storage.engine import open_store
from storage.store import SqlStore

HOOK = "webhook:desk"
LEASE = timedelta(minutes=1)
HAPPENED = [(1, "opened"), (1, "claimed"), (1, "contacted"), (2, "opened")]


class Program:
    """Takes everything. Its sender may die just before and just after each call."""

    name: ClassVar[str] = "webhook"
    api: ClassVar[int] = 1

    def __init__(self, clock: Clock) -> None:
        self.steps = Steps()
        self.clock = clock
        self.taken: dict[str, tuple[int, str]] = {}
        """Case and event by id: in the order in which each came first."""

    def send(self, message: Message, previous: Receipt | None) -> Receipt:
        self.steps.step()
        event: Any = cloud_event(message, self.clock(), words=False)
        told = (event["data"]["case"]["id"], event["data"]["event"]["action"])
        assert self.taken.setdefault(event["id"], told) == told
        self.steps.step()
        return Receipt(message.channel, event["id"], self.clock())

    def find(self, message: Message, since: object) -> Receipt | None:
        return None

    def check(self, channel: str) -> Sequence[Any]:
        return []


def tell(store: SqlStore, program: Program, clock: Clock) -> None:
    Deliverer(
        MortalStore(store, program.steps),
        {"webhook": program},
        (HOOK,),
        now=clock,
        lease=LEASE,
        paces={"webhook": Pace()},
        stop=Stop(clock),
        business=ACME,
    ).drain()


def happen(folder: Path, clock: Clock) -> SqlStore:
    store = open_store("sqlite:///monitor.db", settings_dir=folder, followers=(Follower(HOOK),))
    ingest = Ingest(store, judge, ACME, 0.5, timedelta(days=1), "console")
    with store.write() as tx:
        telling = ingest.telling(tx, "news", "run", Alert.ALL, clock())
        mentions = [said("p1", by="ann"), said("p2", by="gil")]
        ingest.store_judged(tx, ingest.judged(mentions), telling, clock(), Reading("news"))
    for action in (Action.CLAIM, Action.CONTACT):
        move(store, 1, action, "dana", clock())
    return store


def test_death_at_every_single_step(tmp_path: Path) -> None:
    steps = 0
    for last in range(1, 1000):
        folder = tmp_path / str(last)
        folder.mkdir()
        clock = Clock()
        store = happen(folder, clock)
        program = Program(clock)
        program.steps = Steps(last)
        try:
            tell(store, program, clock)
        except Death:
            steps = last
        clock.pass_(LEASE)
        program.steps = Steps()
        tell(store, program, clock)
        with store.read() as tx:
            assert tx.addressed() == ["console"], f"died at step {last}"
        store.close()
        assert sorted(program.taken.values()) == sorted(HAPPENED), f"died at step {last}"
        assert [told for told in program.taken.values() if told[0] == 1] == HAPPENED[:3], (
            f"died at step {last}"
        )
        if steps < last:
            break
    assert steps > 20, "as many as a life has"
