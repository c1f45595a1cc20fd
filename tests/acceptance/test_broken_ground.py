"""Full disk, locked or unwritable database, vanished network, signals: one plain message, and nothing lost."""

from __future__ import annotations

import os
import resource
import signal
import socket
import socketserver
import sqlite3
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import GRUMBLE, Ended, Newsstand, Stage, lost_and_doubled, posts, until

from alerts.testing.slack import SlackLookalike


def one_plain_message(ended: Ended, *words: str) -> None:
    assert "Traceback" not in ended.err + ended.out
    lines = [line for line in ended.err.splitlines() if line.strip()]
    assert len(lines) == 1, ended.err
    assert all(word in lines[0] for word in words), lines


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with next to no room, where we may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder if mounted else Path()
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_said_plainly_and_loses_nothing(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, small_disk: Path, tmp_path: Path
) -> None:
    stage.listen("news")
    if small_disk == Path():
        # no right to mount: a limit on file size meets the database in the same way
        stage.well("status")
        room = (tmp_path / "monitor.db").stat().st_size + 20_000
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, limits[1]))
    else:
        stage.settings["storage"] = {"url": f"sqlite:///{small_disk}/monitor.db"}
        stage.write()
        stage.well("status")
    stand.feeds["news"] = posts(1, 400, text=GRUMBLE + " A sad tale." * 100)
    try:
        ended = stage.do("run", "--once", "--wait", "1s")
    finally:
        if small_disk == Path():
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert ended.code == 1
    one_plain_message(ended, "full")
    assert not stage.told
    if small_disk != Path():
        subprocess.run(["mount", "-o", "remount,size=60m", str(small_disk)], check=True)
    stand.feeds["news"] = posts(1, 8)
    # the reading that broke off could not even give its lease back: it lapses first
    until(lambda: stage.well("run", "--once", "--all") and stage.told, "the feed is read after the disk grew")
    assert lost_and_doubled(stage.told, range(1, 9)) == (0, 0)
    assert stage.account()["delivered"] == 8


def test_a_locked_database_is_waited_for_and_then_said(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, tmp_path: Path
) -> None:
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    stage.well("status")
    holder = sqlite3.connect(tmp_path / "monitor.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    ended = stage.do("run", "--once")
    assert ended.code == 1
    one_plain_message(ended, "monitor.db", "lock")
    holder.execute("ROLLBACK")
    holder.close()
    stage.well("run", "--once")
    assert lost_and_doubled(stage.told, [1, 2]) == (0, 0)


def test_a_database_that_is_none_is_said_plainly(stage: Stage, tmp_path: Path) -> None:
    stage.listen("news")
    (tmp_path / "monitor.db").write_bytes(b"This is a shopping list: coffee, milk, sugar. " * 200)
    ended = stage.do("run", "--once")
    assert ended.code == 1
    one_plain_message(ended, "monitor.db")


def test_a_database_folder_that_is_not_there(stage: Stage, tmp_path: Path) -> None:
    stage.settings["storage"] = {"url": "sqlite:///nowhere/monitor.db"}
    stage.listen("news")
    ended = stage.do("run", "--once")
    assert ended.code == 78
    one_plain_message(ended, "nowhere", "does not exist")


def test_a_read_only_database(stage: Stage, stand: Newsstand, slack: SlackLookalike, tmp_path: Path) -> None:
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    stage.well("status")
    file = tmp_path / "monitor.db"
    if os.geteuid() == 0:
        # root may write to everything; not to what is immutable, nor to what somebody else's user owns
        command = ["chattr", "+i", str(file)]
        if subprocess.run(command, capture_output=True, check=False).returncode != 0:
            file.unlink()
            file.symlink_to("/proc/version")
    else:
        file.chmod(0o400)
    try:
        ended = stage.do("run", "--once")
    finally:
        if file.is_symlink():
            file.unlink()
        elif os.geteuid() == 0:
            subprocess.run(["chattr", "-i", str(file)], check=True)
        else:
            file.chmod(0o600)
    assert ended.code == 1
    one_plain_message(ended, "monitor.db")
    stage.well("run", "--once")
    assert lost_and_doubled(stage.told, [1, 2]) == (0, 0)


def test_a_vanished_network(stage: Stage, slack: SlackLookalike, stand: Newsstand) -> None:
    """First the feed is out of reach, then Slack."""
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    address = stage.feeds[0]["url"]
    stage.feeds[0]["url"] = "http://127.0.0.1:9/news"
    stage.settings["http"]["allow_private_hosts"] = ["127.0.0.1"]
    stage.write()
    ended = stage.well("run", "--once")
    assert ended.err.count("could not be reached") == 1
    feed = stage.well("status", "--json").json["feeds"][0]
    assert (feed["failures"], feed["last_success"]) == (1, None)

    stage.feeds[0]["url"] = address
    stage.settings["slack"]["api_url"] = "http://127.0.0.1:9/api/"
    stage.write()
    ended = stage.well("run", "--once", "--all", "--wait", "1s")
    assert ended.err.count("Nobody listens at Slack's address") == 1
    assert "goes out later" in stage.well("run", "--once", "--json", "--wait", "1s").json["held"]
    assert stage.account()["queued"] == 2
    stage.settings["slack"]["api_url"] = slack.api_url
    stage.write()
    stage.well("run", "--once")
    assert lost_and_doubled(stage.told, [1, 2]) == (0, 0)


@pytest.fixture
def doorkeeper() -> Iterator[int]:
    """The door of a PostgreSQL that asks for a password and lets nobody in; its port."""

    def answer(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!I", len(body) + 4) + body

    refusal = b'SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed for user "monitor"\0\0'

    class Door(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            while True:
                (length,) = struct.unpack("!I", self.request.recv(4, socket.MSG_WAITALL))
                asked = self.request.recv(length - 4, socket.MSG_WAITALL)
                if asked[:4] == struct.pack("!HH", 3, 0):
                    break
                self.request.sendall(b"N")  # no TLS here
            self.request.sendall(answer(b"R", struct.pack("!I", 3)))
            self.request.recv(1024)
            self.request.sendall(answer(b"E", refusal))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Door) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_wrong_postgres_password_is_never_repeated(stage: Stage, doorkeeper: int) -> None:
    address = f"postgresql+psycopg://monitor:hunter2-secret@127.0.0.1:{doorkeeper}/monitor"
    stage.settings["storage"] = {"url": address}
    stage.listen("news")
    for command in (["run", "--once"], ["status"], ["migrate"], ["-vv", "run"]):
        ended = stage.do(*command)
        assert ended.code == 1
        one_plain_message(ended, "password")
        assert "hunter2" not in ended.err + ended.out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_a_slow_fetch(
    stage: Stage, slack: SlackLookalike, stand: Newsstand, number: signal.Signals
) -> None:
    stage.listen("slow")
    stage.listen("news")
    stand.feeds["news"] = posts(1, 2)
    stand.silent.add("slow")
    service = stage.start("run")
    assert stand.asked.wait(60)
    service.send_signal(number)
    ended = stage.ended(service)
    assert ended.code == 0, ended.err
    assert "Traceback" not in ended.err
    feeds = {feed["name"]: feed for feed in stage.well("status", "--json").json["feeds"]}
    assert (feeds["slow"]["failures"], feeds["slow"]["last_error"]) == (0, None)
    stand.silent.clear()
    stand.feeds["slow"] = posts(10, 1)
    # the lease was given back: nobody need wait for it to lapse
    stage.well("run", "--once", "--all")
    assert lost_and_doubled(stage.told, [1, 2, 10]) == (0, 0)
