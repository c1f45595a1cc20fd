"""A report's file is whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.core.errors import MonitorError
from monitor.saving import OWNER, UMASK, saved


def save(text: str, to: Path, mode: int = UMASK) -> Path:
    with saved(to, mode, instead="name a file, such as report.html") as file:
        file.write(text.encode())
    return to


def test_it_is_made_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = save("<p>Grüße 🧑", tmp_path / "report.html")
    finally:
        os.umask(before)
    assert path.read_text("utf-8") == "<p>Grüße 🧑"
    assert path.stat().st_mode & 0o777 == 0o640


def test_what_is_for_its_owner_is_for_nobody_else(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert save("words", tmp_path / "cases.csv", OWNER).stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_a_file_before_it_is_replaced_and_keeps_who_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text("yesterday")
    path.chmod(0o600)
    save("today", path)
    assert path.read_text() == "today"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_a_link_goes_on_leading_to_it(tmp_path: Path) -> None:
    (tmp_path / "latest.html").symlink_to(tmp_path / "report.html")
    save("today", tmp_path / "latest.html")
    assert (tmp_path / "latest.html").is_symlink()
    assert (tmp_path / "report.html").read_text() == "today"


def test_a_folder_is_not_overwritten(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="is no ordinary file: name a file, such as"):
        save("today", tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_where_it_cannot_be_written_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        MonitorError, match=r"missing/report.html cannot be written: its folder does not exist; make it"
    ):
        save("today", tmp_path / "missing" / "report.html")


def test_when_it_breaks_off_the_file_before_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.html"
    path.write_text("yesterday")

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("monitor.saving.os.fsync", full)
    with pytest.raises(MonitorError, match="No space left on device"):
        save("today", path)
    assert path.read_text() == "yesterday"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]


def test_nothing_is_left_where_the_writer_falls(tmp_path: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        saved(tmp_path / "cases.csv", OWNER, instead="name a file") as file,
    ):
        file.write(b"half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_name_as_long_as_names_may_be_leaves_room_for_the_one_beside_it(tmp_path: Path) -> None:
    assert save("today", tmp_path / ("n" * 255)).read_text() == "today"


def test_what_leads_nowhere_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "two")
    (tmp_path / "two").symlink_to(tmp_path / "one")
    for nowhere in (tmp_path / "one", Path("~nobody-of-that-name/cases.csv")):
        with pytest.raises(MonitorError, match="cannot be written"):
            save("today", nowhere)
