"""Log lines: one fact a line, no secret, no control sign, no line that is not ours."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
import structlog

from monitor import logs

SECRET = "xoxb-12345-hush"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def told(capsys: pytest.CaptureFixture[str], verbosity: int = 0, **more: bool):  # type: ignore[no-untyped-def]
    """A logger, and what it wrote."""
    logs.configure(verbosity, (SECRET, None, ""), **more)
    return structlog.get_logger("test"), lambda: capsys.readouterr().err


def test_a_line_says_when_how_grave_and_what(capsys: pytest.CaptureFixture[str]) -> None:
    log, read = told(capsys)
    log.warning("feed failed", feed="news", error="nobody answered", nothing=None)
    (line,) = read().splitlines()
    moment, _, rest = line.partition(" ")
    assert moment.endswith("Z")
    assert rest == "warning: feed failed  feed=news error=nobody answered"


@pytest.mark.parametrize(
    "value",
    [SECRET, f"Bearer {SECRET}", ValueError(SECRET), [SECRET], {"token": SECRET}, "x" * 1990 + SECRET],
)
def test_a_secret_is_cut_out_whatever_holds_it(capsys: pytest.CaptureFixture[str], value: object) -> None:
    log, read = told(capsys)
    log.error("refused", why=value)
    log.error(f"refused {SECRET}")
    line = read()
    assert "hush" not in line
    assert "12345" not in line
    assert "[hidden]" in line


def test_a_secret_is_cut_out_of_tracebacks(capsys: pytest.CaptureFixture[str]) -> None:
    log, read = told(capsys)
    try:
        raise RuntimeError(f"wrong token {SECRET}")
    except RuntimeError:
        log.exception("fault")
    line = read()
    assert "RuntimeError: wrong token [hidden]" in line
    assert "Traceback" in line
    assert SECRET not in line


def test_words_of_strangers_cannot_pass_for_a_line_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    log, read = told(capsys)
    forged = "\n2026-01-01T00:00:00Z error: all is lost\x1b[2J\u202e\u2028end\x00\x9b"
    log.warning("item not readable", why=forged)
    try:
        raise RuntimeError(forged)
    except RuntimeError:
        log.exception("fault")
    lines = read().split("\n")
    assert sum(not line.startswith("    ") for line in lines if line) == 2, "two lines are ours"
    assert not {sign for line in lines for sign in line if sign < " " or sign in "\x7f\x9b\u202e\u2028"}


def test_an_endless_fact_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    log, read = told(capsys)
    log.warning("long", words="x" * 100_000)
    assert len(read()) < 2_200


@pytest.mark.parametrize(
    ("verbosity", "quietly", "levels"),
    [
        (0, False, ["warning", "error"]),
        (0, True, []),
        (1, False, ["info", "warning", "error"]),
        (1, True, ["info", "warning", "error"]),
        (2, False, ["debug", "info", "warning", "error"]),
        (9, False, ["debug", "info", "warning", "error"]),
        (-1, False, ["warning", "error"]),
    ],
)
def test_verbosity_is_what_a_person_asked_for(
    capsys: pytest.CaptureFixture[str], verbosity: int, quietly: bool, levels: list[str]
) -> None:
    log, read = told(capsys, verbosity, told=quietly)
    for level in ("debug", "info", "warning", "error"):
        getattr(log, level)("event")
    assert [line.split()[1].rstrip(":") for line in read().splitlines()] == levels


def test_libraries_below_us_are_silent(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    _, read = told(capsys, 2)
    logging.getLogger("somebody.else").error("noise %s", SECRET)
    assert read() == ""
    assert sys.stderr is not None
