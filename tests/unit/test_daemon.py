"""The service: its jobs, its hour, its end."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fakes import ACME, BAD, NOW, Clock, judge, said

from monitor.collect.ingest import Ingest, Reading
from monitor.core.cases import Action, Details
from monitor.core.errors import StoreError
from monitor.core.gestures import Line, Link
from monitor.core.intents import Alert
from monitor.core.message import Kind, Queued
from monitor.daemon import Service
from monitor.escalate import Clockwork
from monitor.recover import file_of, move
from monitor.settings import load
from monitor.systemd import Manager
from storage.engine import open_store
from storage.store import SqlStore

SETTINGS = """
[business]
name = "Acme Coffee"
timezone = "Europe/London"
[digest]
at = "08:30"
[storage]
retention = { pages = "30d" }
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = open_store("sqlite:///monitor.db", settings_dir=tmp_path)
    yield store
    store.close()


class House:
    """What the service runs, with nothing behind it but a database."""

    def __init__(self, store: SqlStore, folder: Path) -> None:
        (folder / "monitor.toml").write_text(SETTINGS)
        self.store = store
        self.folder = folder
        self.stop = threading.Event()
        self.clock = Clock()
        self.settings = load(folder / "monitor.toml", {})
        self.feeds = [SimpleNamespace(name="news")]
        self.homes = self.webhooks = self.lookout = None
        self.enabled = {"news": True}
        self.destination = self.digest_destination = "slack:C1"
        self.places = SimpleNamespace(channels=("slack:C1",))
        self.inbound: object = None
        self.jobs: list[str] = []
        self.collector = SimpleNamespace(run=self._job("collect"))
        policy = self.settings.policy
        self.clockwork = Clockwork(store, ACME.key, policy, lambda tx, case: "slack:C1")
        self.deliverer = SimpleNamespace(drain=self._job("deliver"))

    def _job(self, name: str) -> Callable[..., None]:
        def run(*_: object, **__: object) -> None:
            self.jobs.append(name)

        return run

    def now(self) -> datetime:
        return self.clock()

    def weekly(self, day: str) -> None:
        told = self.folder / "monitor.toml"
        told.write_text(SETTINGS.replace("[digest]", f'[digest]\nweekly = "{day}"'))
        self.settings = load(told, {})

    def take_over_strays(self) -> None:
        """There is no other channel."""

    def prepare(self) -> int:
        with self.store.write() as tx:
            tx.register_feed("news", "pages", ACME.key, self.clock())
        return 0

    def service(self, **environ: str) -> Service:
        return Service(self, Manager(environ))  # type: ignore[arg-type]


@pytest.fixture
def house(store: SqlStore, tmp_path: Path) -> House:
    return House(store, tmp_path)


def run_until(house: House, happened: Callable[[], object], service: Service) -> int:
    """Run the service on this thread, which owns the signals, until something has happened."""

    def watch() -> None:
        for _ in range(6_000):
            if happened() or house.stop.is_set():
                break
            threading.Event().wait(0.01)
        house.stop.set()

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = service.run()
    watcher.join()
    return code


def test_it_collects_and_delivers_until_it_is_told_to_stop(house: House) -> None:
    house.clock.at = datetime.now(UTC)
    code = run_until(house, lambda: {"collect", "deliver"} <= set(house.jobs), house.service())
    assert code == 0
    assert {"collect", "deliver"} <= set(house.jobs)


@pytest.mark.parametrize("fault", [StoreError("the disk is full"), ZeroDivisionError("a bug of ours")])
def test_a_fault_that_is_no_feeds_ends_the_service_with_one(
    house: House, fault: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise fault

    house.clock.at = datetime.now(UTC)
    house.collector.run = failing
    service = house.service()
    assert run_until(house, lambda: False, service) == 1
    assert service.fault is fault
    told = capsys.readouterr().out
    assert "the service must stop" in told
    assert ("Traceback" in told) is isinstance(fault, ZeroDivisionError)


def test_the_manager_hears_of_beginning_life_and_end(house: House, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(30)
        heard: list[str] = []

        def lively() -> bool:
            heard.append(manager.recv(1000).decode())
            return "WATCHDOG=1" in heard[-1]

        house.clock.at = datetime.now(UTC)
        service = house.service(NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="40000")
        assert run_until(house, lively, service) == 0
        manager.settimeout(0.1)
        while "STOPPING=1" not in heard[-1]:
            heard.append(manager.recv(1000).decode())
    assert heard[0].startswith("READY=1\nSTATUS=listening to 1 feeds")


# ── the digest ───────────────────────────────────────────────────────────────────────────────────────────


def digests(house: House) -> list[Queued]:
    with house.store.read() as tx:
        return [
            row
            for row in tx.ready(house.clock() + timedelta(days=1), ["slack:C1"])
            if row.kind is Kind.DIGEST
        ]


def listened_since(house: House, at: datetime) -> None:
    house.prepare()
    with house.store.write() as tx:
        tx.lease_feed("news", "t", at, at, force=True)
        tx.succeed_feed("news", "t", at, at)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "spans"),
    [
        ("2026-11-22T08:29", []),
        ("2026-11-22T08:30", ["2026-11-21T00:00:00+00:00"]),
        ("2026-11-22T23:59", ["2026-11-21T00:00:00+00:00"]),
        # summer: the hour is London's, not ours
        ("2026-07-01T07:29", []),
        ("2026-07-01T07:30", ["2026-06-29T23:00:00+00:00"]),
        # the day the clocks went back had 25 hours
        ("2026-10-26T08:30", ["2026-10-24T23:00:00+00:00"]),
    ],
)
def test_the_digest_is_queued_at_its_local_hour_and_once(house: House, now: str, spans: list[str]) -> None:
    listened_since(house, at("2026-01-01"))
    house.clock.at = at(now)
    for _ in range(3):
        house.service().digest()
    assert [row.data["since"] for row in digests(house) if row.data] == spans


@pytest.mark.parametrize(
    ("now", "weeks"),
    [
        # Monday the 23rd, from the hour on
        ("2026-11-23T08:29", ["2026-11-09"]),
        ("2026-11-23T08:30", ["2026-11-16"]),
        # the service was off on Monday: late is better than never
        ("2026-11-25T03:00", ["2026-11-16"]),
        ("2026-11-29T23:59", ["2026-11-16"]),
    ],
)
def test_the_week_is_told_on_its_day_or_later_and_once(house: House, now: str, weeks: list[str]) -> None:
    house.weekly("monday")
    listened_since(house, at("2026-01-01"))
    house.clock.at = at(now)
    for _ in range(3):
        house.service().digest()
    told = [row.data for row in digests(house) if row.data and row.data["length"] == "week"]
    assert [str(data["since"])[:10] for data in told] == weeks


def test_no_week_is_told_unless_the_settings_say_so(house: House) -> None:
    listened_since(house, at("2026-01-01"))
    house.clock.at = at("2026-11-23T09:00")
    house.service().digest()
    assert [row.data["length"] for row in digests(house) if row.data] == ["day"]


def test_a_week_before_which_nobody_listened_is_not_told(house: House) -> None:
    house.weekly("Friday ")
    house.clock.at = at("2026-11-27T09:00")
    listened_since(house, at("2026-11-23T08:00"))
    house.service().digest()
    assert [row.data["length"] for row in digests(house) if row.data] == ["day"]


def test_a_day_on_which_nobody_listened_has_no_digest(house: House) -> None:
    house.clock.at = at("2026-11-22T09:00")
    listened_since(house, at("2026-11-22T08:00"))
    house.service().digest()
    assert digests(house) == []
    house.clock.pass_(timedelta(days=1))
    house.service().digest()
    assert len(digests(house)) == 1


def test_cases_wake_when_their_time_has_come(house: House) -> None:
    ingest = Ingest(house.store, judge, ACME, 0.5, timedelta(days=1), "slack:C1")
    with house.store.write() as tx:
        telling = ingest.telling(tx, "news", "run", Alert.ALL, NOW)
        ingest.store_judged(tx, ingest.judged([said("1")]), telling, NOW, Reading("news"))
    move(house.store, 1, Action.SNOOZE, "ann", NOW, details=Details(until=NOW + timedelta(hours=1)))
    asleep = []
    for _ in range(2):
        house.service().escalate()
        asleep.append(file_of(house.store, 1).case.snoozed)
        house.clock.pass_(timedelta(hours=1))
    assert asleep == [NOW, None]


def test_upkeep_removes_words_whose_time_is_over(house: House) -> None:
    ingest = Ingest(house.store, judge, ACME, 0.5, timedelta(days=1), "slack:C1")
    for age, name in ((31, "old"), (29, "young")):
        then = NOW - timedelta(days=age)
        with house.store.write() as tx:
            telling = ingest.telling(tx, "news", "run", Alert.ALL, then)
            ingest.store_judged(tx, ingest.judged([said(name, by=name)]), telling, then, Reading("news"))
    house.service().upkeep()

    def words(name: str) -> Any:
        with house.store.read() as tx:
            heard = tx.mention(ACME.key, "pages", name)
            return heard.mention.text if heard else None

    assert (words("old"), words("young")) == ("", BAD)


class Ear:
    """An inbound that only says how it is."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.line = Line(Link.CONNECTED, NOW, 3)

    def start(self, answer: object) -> None:
        self.heard.append("start")

    def stop(self) -> None:
        self.heard.append("stop")

    def state(self) -> Line:
        return self.line


def test_who_listens_stands_in_the_database_until_the_end(house: House, store: SqlStore) -> None:
    house.clock.at = datetime.now(UTC)
    house.inbound = ear = Ear()

    def listening() -> list[Line]:
        with store.read() as tx:
            return [one.line for one in tx.listeners(house.clock() - timedelta(minutes=1))]

    seen: list[list[Line]] = []

    def noted() -> bool:
        seen.append(listening())
        return bool(seen[-1])

    assert run_until(house, noted, house.service()) == 0
    assert seen[-1] == [ear.line]
    assert ear.heard == ["start", "stop"]
    assert listening() == []
