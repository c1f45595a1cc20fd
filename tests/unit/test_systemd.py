"""The notify protocol, spoken to a real socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.systemd import Manager


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """Somebody who listens, and the address as the service manager gives it."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@monitor-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(name if request.param == "path" else "\0" + name[1:])
        listener.settimeout(5)
        yield name, listener


def test_facts_arrive_as_one_datagram(manager: tuple[str, socket.socket]) -> None:
    address, listener = manager
    Manager({"NOTIFY_SOCKET": address}).tell("READY=1", "STATUS=listening to 2 feeds")
    assert listener.recv(1000) == b"READY=1\nSTATUS=listening to 2 feeds"


def test_without_a_manager_or_with_one_that_is_gone_nothing_happens(tmp_path: Path) -> None:
    Manager({}).tell("READY=1")
    Manager({"NOTIFY_SOCKET": str(tmp_path / "absent")}).tell("READY=1")
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as other:
        other.bind(str(tmp_path / "stream"))
        Manager({"NOTIFY_SOCKET": str(tmp_path / "stream")}).tell("READY=1")


@pytest.mark.parametrize(
    ("environ", "beat"),
    [
        ({"WATCHDOG_USEC": "30000000"}, timedelta(seconds=15)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, timedelta(seconds=15)),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "²"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_fed_twice_as_often_as_it_asks(
    environ: dict[str, str], beat: timedelta | None
) -> None:
    assert Manager(environ).watchdog == beat
