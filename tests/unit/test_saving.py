"""A report's file is whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from alerts.saving import save
from monitor.core.errors import MonitorError


def test_it_is_made_as_the_umask_says(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        path = save("<p>Grüße 🧑", tmp_path / "report.html")
    finally:
        os.umask(before)
    assert path.read_text("utf-8") == "<p>Grüße 🧑"
    assert path.stat().st_mode & 0o777 == 0o640


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

    monkeypatch.setattr("alerts.saving.os.fsync", full)
    with pytest.raises(MonitorError, match="No space left on device"):
        save("today", path)
    assert path.read_text() == "yesterday"
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
