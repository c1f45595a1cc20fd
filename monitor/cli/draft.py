"""`draft`: a starting text for the answer to a case, and what to look at again in a person's own."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monitor.cli.app import Json, emit, shared
from monitor.core.errors import ConfigError

if TYPE_CHECKING:
    from monitor.core.finding import Finding
    from monitor.core.playbook import Draft
    from monitor.core.reply import Facts

WIDTH = 80
MARGIN = "  "


def draft(
    ctx: typer.Context,
    case_id: Annotated[
        int, typer.Argument(help="The case's number, as in `cases list`.", show_default=False)
    ],
    check: Annotated[
        str | None, typer.Option(help="Check the answer in this file instead; - reads standard input.")
    ] = None,
    direct: Annotated[bool, typer.Option("--direct", help="The customer alone will read it.")] = False,
    author: Annotated[
        str, typer.Option("--as", help="Who answers, as the customer shall read it.", show_default=False)
    ] = "",
    as_json: Json = False,
) -> None:
    """A starting text for the answer to a customer, in four steps. Sends nothing.

    Example: complaint-monitor draft 12 --as Dana
    """
    from monitor.answering import facts_of, playbooks_of
    from monitor.core.draft import check_draft
    from monitor.core.playbook import draft as drafted
    from monitor.core.reply import Form
    from monitor.recover import file_of
    from monitor.wiring import open_database

    settings = shared(ctx).settings()
    playbooks = playbooks_of(settings)
    text = _read(check) if check is not None else None
    with closing(open_database(settings)) as store:
        file = file_of(store, case_id)
    form = Form.DIRECT if direct else Form.PUBLIC
    facts = facts_of(
        file.case, file.mentions, file.cue, settings, datetime.now(UTC), form=form, author=author
    )
    if text is None:
        made = drafted(facts, playbooks)
        emit(_draft_facts(case_id, made)) if as_json else _show_draft(case_id, made, facts)
        return
    findings = check_draft(text, facts)
    if as_json:
        emit({"case": case_id, "form": form, "findings": [_finding_facts(one) for one in findings]})
    else:
        _show_findings(text, findings)


def _read(name: str) -> str:
    """A file of a person's own, a line ending as one character."""
    try:
        raw = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as fault:
        raise ConfigError(f"--check: {name} cannot be read: {fault.strerror or fault}") from None
    return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


# ── a starting text ──────────────────────────────────────────────────────────────────────────────────────


def _draft_facts(case_id: int, made: Draft) -> dict[str, Any]:
    return {
        "case": case_id,
        "playbook": made.playbook,
        "form": made.form,
        "steps": {step.value: words for step, words in made.steps},
        "text": made.text,
        "notes": list(made.notes),
    }


def _show_draft(case_id: int, made: Draft, facts: Facts) -> None:
    from monitor.cli.show import screen
    from monitor.logs import visible

    out = screen()
    where = f", {facts.source}" if facts.source else ""
    head = f"Case {case_id}: {made.playbook.replace('_', ' ')}, a {made.form.value} reply{where}"
    out.print(visible(head), style="bold")
    for note in made.notes:
        _set_in(f"! {note}", "  ")
    out.print()
    for step, words in made.steps:
        _set_in(f"{step.value:<12}{visible(words)}", " " * 12)
    out.print()
    out.print("As one text, for you to make your own:", style="bold")
    for line in made.text.split("\n"):
        _set_in(visible(line), "")


def _set_in(words: str, indent: str) -> None:
    import textwrap

    for row in textwrap.wrap(words, WIDTH, subsequent_indent=indent, break_on_hyphens=False) or [""]:
        typer.echo(row)


# ── a check ──────────────────────────────────────────────────────────────────────────────────────────────


def _finding_facts(one: Finding) -> dict[str, Any]:
    from monitor.health import iso

    return {
        "rule": one.rule,
        "level": one.level,
        "start": one.start,
        "end": one.end,
        "words": one.words,
        "why": one.why,
        "instead": one.instead,
        "promise": {"what": one.promise.what, "due": iso(one.promise.due)} if one.promise else None,
    }


def _show_findings(text: str, findings: Sequence[Finding]) -> None:
    from monitor.logs import visible

    spans = [(one.start, one.end) for one in findings]
    for start, row in _rows(text):
        typer.echo((MARGIN + visible(row)).rstrip())
        marks = _underline(row, start, spans)
        if marks:
            typer.echo(MARGIN + marks)
    typer.echo()
    for one in findings:
        words = " ".join(visible(one.words).split())
        short = words if len(words) <= 50 else f"{words[:49].rstrip()}…"
        said = f"“{short}” {one.why}" if short else one.why
        _set_in(f"{one.level.value:<8} {said}. {visible(one.instead)}", " " * 9)
    if not findings:
        typer.echo("Nothing to look at again.")


def _rows(text: str) -> Iterator[tuple[int, str]]:
    """The text in rows that fit the screen, each with its offset; broken at blanks where there are any."""
    start = 0
    for line in text.split("\n"):
        at = 0
        while True:
            end = _fits(line, at)
            if end < len(line) and (blank := line.rfind(" ", at + 1, end)) > at:
                end = blank + 1
            yield start + at, line[at:end]
            at = end
            if at >= len(line):
                break
        start += len(line) + 1


def _fits(line: str, at: int) -> int:
    """Where the row that begins at `at` must end."""
    room = WIDTH - len(MARGIN)
    for end in range(at, len(line)):
        room -= _cells(line[end])
        if room < 0:
            return max(end, at + 1)
    return len(line)


def _underline(row: str, start: int, spans: Sequence[tuple[int, int]]) -> str:
    inside = [any(first <= start + place < last for first, last in spans) for place in range(len(row))]
    return "".join(
        ("^" if marked else " ") * _cells(char) for char, marked in zip(row, inside, strict=True)
    ).rstrip()


def _cells(char: str) -> int:
    """How wide a character is drawn, once it is made harmless."""
    from rich.cells import cell_len

    from monitor.logs import visible

    return cell_len(visible(char))


def register(app: typer.Typer) -> None:
    app.command()(draft)
