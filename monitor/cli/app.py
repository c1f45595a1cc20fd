"""The root of the command line: options every command shares, and what a fault looks like to a person."""

from __future__ import annotations

import shutil
import sys
import textwrap
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from monitor.core.errors import ConfigError, MonitorError

if TYPE_CHECKING:
    from monitor.settings import Settings

FAILED, CONFIG = 1, 78

Json = Annotated[bool, typer.Option("--json", help="Print facts for machines.")]


class Commands(TyperGroup):
    """Turns the product's own faults into one plain message and the right exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ConfigError as fault:
            say("The settings cannot be used:" if len(fault.problems) > 1 else "", *fault.problems)
            raise typer.Exit(CONFIG) from None
        except MonitorError as fault:
            say(str(fault))
            raise typer.Exit(FAILED) from None


@dataclass(slots=True)
class Globals:
    """What was said before the command's name."""

    config: Path | None
    verbosity: int

    def settings(self, *, told: bool = True, tokens: bool = True) -> Settings:
        """The settings, with logging set up so that no secret of theirs can show.

        `told`: the command itself says what came of it (only the service leaves that to the log). `tokens`:
        False leaves the secrets unread.
        """
        from monitor import logs
        from monitor.settings import load

        logs.configure(self.verbosity, told=told)
        settings = load(self.config, tokens=tokens)
        logs.configure(self.verbosity, (settings.bot_token, settings.app_token), told=told)
        return settings

    def optional(self) -> Settings | None:
        """The settings where there are some: for commands that work without."""
        try:
            return self.settings()
        except ConfigError as fault:
            if self.config is not None or not str(fault).startswith("No settings found"):
                raise
            return None


def shared(ctx: typer.Context) -> Globals:
    found: Globals = ctx.obj
    return found


app = typer.Typer(
    name="complaint-monitor",
    cls=Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"complaint-monitor {version('complaint-monitor')}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Settings file (else MONITOR_CONFIG, else ./monitor.toml)."),
    ] = None,
    verbose: Annotated[
        int, typer.Option("--verbose", "-v", count=True, help="Say what is being done; -vv says everything.")
    ] = 0,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Hear public complaints, and put each customer's case where a person can win them back.

    First steps: `init` writes the settings, `check` tests them, `run --once` does one round, `run` is the
    service. `demo` shows it all without any settings.
    """
    ctx.obj = Globals(config, verbose)


def say(*lines: str) -> None:
    """To the person at the keyboard, on standard error."""
    from monitor.logs import visible

    width = shutil.get_terminal_size().columns if sys.stderr.isatty() else 0
    for line in (line for text in lines for line in text.splitlines()):
        rows = (
            textwrap.wrap(visible(line), width, break_long_words=False, break_on_hyphens=False)
            if width
            else [line]
        )
        for row in rows:
            print(visible(row), file=sys.stderr)  # noqa: T201


def emit(value: Any) -> None:
    """Facts as JSON. Everything beyond ASCII is escaped, so that no customer's words can steer a terminal."""
    import json

    typer.echo(json.dumps(value, indent=2))


def progress(total: int, label: str, *, quiet: bool, rate: bool = False) -> Any:
    """A progress bar on standard error, where a person sees it and no pipe swallows it. `rate`: with how many a
    second."""
    if quiet or not sys.stderr.isatty():
        return nullcontext(lambda _: None)

    @contextmanager
    def bar() -> Any:
        from rich.console import Console
        from rich.progress import Progress, TextColumn

        columns = Progress.get_default_columns()
        if rate:
            columns = (*columns, TextColumn("{task.fields[rate]}"))
        with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
            task = shown.add_task(label, total=total or None, rate="")

            def advance(rows: int) -> None:
                shown.advance(task, rows)
                speed = shown.tasks[0].speed
                shown.update(task, rate=f"{speed:,.0f} a second" if speed else "")

            yield advance

    return bar()


def main() -> None:
    """The console script."""
    from monitor.cli import (
        demo,
        desk,
        digest,
        draft,
        escalate,
        evaluate,
        explain,
        facts,
        moves,
        query,
        queue,
        replay,
        service,
        setup,
        slack,
    )

    app.add_typer(moves.app, name="cases")
    app.add_typer(slack.app, name="slack")
    setup.register(app)
    service.register(app)
    digest.register(app)
    facts.register(app)
    explain.register(app)
    evaluate.register(app)
    query.register(app)
    replay.register(app)
    desk.register(app)
    draft.register(app)
    queue.register(app)
    escalate.register(app)
    demo.register(app)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    app()
