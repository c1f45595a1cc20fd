"""Taking out what is remembered."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from monitor.cli.app import progress, say, shared
from monitor.cli.service import instants
from monitor.core.errors import MonitorError
from monitor.core.exporting import Kept
from monitor.export import Format, export

STANDARD_OUTPUT = "-"


def take_out(
    ctx: typer.Context,
    what: Annotated[Kept, typer.Argument(help="mentions, cases or events.", show_default=False)],
    since: Annotated[
        str | None,
        typer.Option(help="From this day or instant on (when it was heard, opened, or happened)."),
    ] = None,
    until: Annotated[str | None, typer.Option(help="Up to this day or instant, itself not included.")] = None,
    format: Annotated[  # noqa: A002
        Format | None, typer.Option(help="csv, jsonl or parquet. Else by the file's ending, else csv.")
    ] = None,
    to: Annotated[str, typer.Option(help="The file to write; - is standard output.")] = STANDARD_OUTPUT,
) -> None:
    """Write what was heard, the cases, or their history into a file for other programs.

    Examples: complaint-monitor export cases --to cases.csv;
    complaint-monitor export mentions --since 2026-11-01 --to november.jsonl
    """
    from monitor.wiring import open_database

    settings = shared(ctx).settings()
    span = instants(since, until, settings.zone)
    chosen = format or _by_ending(to) or Format.CSV
    place = _stream(chosen) if to == STANDARD_OUTPUT else Path(to)
    with closing(open_database(settings)) as store, ExitStack() as shown:

        def begun(count: Callable[[], int]) -> Callable[[int], None]:
            quiet = not sys.stderr.isatty()
            bar: Callable[[int], None] = shown.enter_context(
                progress(0 if quiet else count(), f"writing {what}", quiet=quiet)
            )
            return bar

        shown.enter_context(told_to_end())
        number = export(store, what, settings.business.key, span, chosen, place, begun=begun)
    if to != STANDARD_OUTPUT:
        say(f"{to}: {number:,} {what}.")


@contextmanager
def told_to_end() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: half a file of customers' words is not left lying about."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _by_ending(to: str) -> Format | None:
    ending = Path(to).suffix.lower().lstrip(".")
    return Format(ending) if ending in set(Format) else None


def _stream(chosen: Format) -> IO[bytes]:
    if chosen is Format.PARQUET and sys.stdout.isatty():
        raise MonitorError("Parquet is nothing to look at: name a file with --to, or send it into a pipe")
    return sys.stdout.buffer


def register(app: typer.Typer) -> None:
    app.command("export")(take_out)
