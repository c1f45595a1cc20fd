"""`export` from the command line: into files, into pipes, and with the wrong words."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess

import pytest
from stage import COMMAND, Newsstand, Stage, mark, posts

from monitor.cli.export import told_to_end


def heard(stage: Stage, stand: Newsstand) -> None:
    stage.environ.pop("MONITOR_SLACK__BOT_TOKEN")
    stage.listen("news")
    stand.feeds["news"] = posts(1, 3)
    stage.well("run", "--once")


def test_all_three_go_into_files_by_their_ending_and_into_pipes(stage: Stage, stand: Newsstand) -> None:
    heard(stage, stand)
    for what in ("mentions", "cases", "events"):
        told = stage.well("export", what, "--to", f"{what}.jsonl")
        assert told.out == ""
        assert f"{what}.jsonl: " in told.err
        lines = (stage.folder / f"{what}.jsonl").read_text().splitlines()
        piped = stage.well("export", what)
        rows = list(csv.DictReader(io.StringIO(piped.out, newline="")))
        assert len(rows) == len(lines) >= 3
        assert [row["id"] for row in rows] == [str(json.loads(line)["id"]) for line in lines]
    words = (stage.folder / "mentions.jsonl").read_text()
    assert all(mark(number) in words for number in (1, 2, 3))
    assert stage.well("export", "mentions", "--until", "2001-01-01", "--format", "jsonl").out == ""


def test_a_pipe_that_closes_early_ends_it_without_a_traceback(stage: Stage, stand: Newsstand) -> None:
    heard(stage, stand)
    for format in ("csv", "jsonl", "parquet"):  # noqa: A001
        run = subprocess.run(
            f"{COMMAND} export mentions --format {format} | true",
            shell=True,
            check=False,
            cwd=stage.folder,
            env=stage.environ,
            capture_output=True,
        )
        assert b"Traceback" not in run.stderr
        assert b"panicked" not in run.stderr


def test_whoever_ends_it_by_a_signal_is_heard_while_a_file_can_still_be_taken_away() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), told_to_end():
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_wrong_words_are_usage_errors(stage: Stage) -> None:
    stage.write()
    for wrong in (("people",), ("cases", "--format", "xlsx"), ("cases", "--since", "soon")):
        assert stage.do("export", *wrong).code == 2
    assert stage.do("export", "cases", "--since", "2026-01-02", "--until", "2026-01-01").code == 2
    ended = stage.do("export", "cases", "--to", "nowhere/cases.csv")
    assert ended.code == 1
    assert "nowhere/cases.csv cannot be written" in ended.err
