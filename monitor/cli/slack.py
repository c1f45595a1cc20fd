"""`slack manifest` and `slack setup`: from no app to one that works, in the terminal."""

from __future__ import annotations

import os
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from monitor import slack_app
from monitor.cli import slack_steps as steps
from monitor.cli.app import FAILED, shared
from monitor.core.errors import ConfigError, DeliveryError

if TYPE_CHECKING:
    from monitor.cli.app import Globals
    from monitor.core.ports import Finding
    from monitor.settings import Settings

app = typer.Typer(help="Make the Slack app and connect to it.", no_args_is_help=True)


class Token(NamedTuple):
    """One of the two: the variable that may hold it, the setting that names its file, the file by default."""

    variable: str
    key: str
    file: str
    step: steps.Step
    question: str


BOT = Token("MONITOR_SLACK__BOT_TOKEN", "bot_token_file", "slack-token", steps.BOT, "Bot token (xoxb-...)")
APP = Token(
    "MONITOR_SLACK__APP_TOKEN", "app_token_file", "slack-app-token", steps.APP, "App-level token (xapp-...)"
)


@app.command()
def manifest(
    name: Annotated[str | None, typer.Option(help="The app's name in Slack, 35 characters at most.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="As JSON instead of YAML; Slack takes both.")
    ] = False,
) -> None:
    """Print the manifest from which Slack makes the app: paste it at api.slack.com/apps, "From a manifest".

    Example: complaint-monitor slack manifest --name "Acme Complaints"
    """
    try:
        typer.echo(slack_app.manifest(name, as_json=as_json))
    except ValueError as fault:
        raise typer.BadParameter(f"--name: {fault}") from None


@app.command()
def setup(
    ctx: typer.Context,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Print the steps and what is right already; ask nothing.")
    ] = False,
) -> None:
    """Walk through it: make the app, install it, keep its tokens, choose the channel, check.

    Tokens are asked for without showing them, and kept in files that only you can read. Start it again at any
    time: what is right already is skipped.

    Example: complaint-monitor slack setup
    """
    ask = not no_input and sys.stdin.isatty()
    globals_ = shared(ctx)
    try:
        settings = globals_.settings(tokens=False)
    except ConfigError as fault:
        if ask or not str(fault).startswith("No settings found"):
            raise
        for step in (steps.MAKE, steps.INSTALL, steps.BOT, steps.APP, steps.CHANNEL, steps.CHECK):
            _show(step, by_hand=True)
        return
    if not Walk(globals_, settings, ask).walk() or not ask:
        if ask:
            _told("Not all is done yet. Start this again when you have what is missing.")
            raise typer.Exit(FAILED)
        return
    from monitor.cli.facts import check

    typer.echo(f"\n{steps.CHECK.title}")
    check(ctx)


class Walk:
    """One walk over the steps. Each says what is right already, or shows what to do and asks for what came of it."""

    def __init__(self, globals_: Globals, settings: Settings, ask: bool) -> None:
        self._globals = globals_
        self._settings = settings
        self._ask = ask
        self._access = slack_app.access(settings)

    def walk(self) -> bool:
        """True when nothing is missing any more."""
        bot = self._token(BOT, (steps.MAKE, steps.INSTALL))
        app_token = self._token(APP)
        placed = self._channel(bot)
        if not self._ask:
            _show(steps.CHECK)
        return bot is not None and app_token is not None and placed

    # ── tokens ───────────────────────────────────────────────────────────────────────────────────────────

    def _token(self, kind: Token, before: tuple[steps.Step, ...] = ()) -> str | None:
        """The token that works; None while there is none."""
        from monitor.settings import token_of

        try:
            token = token_of(self._settings, kind.variable)
            finding = self._tried(kind, token) if token is not None else None
            fault = "" if finding is None else _words(finding)
        except ConfigError as unread:
            token, finding, fault = None, None, str(unread)
        if finding is not None and finding.ok:
            for step in (*before, kind.step):
                _done(step)
            _told(f"{finding.what} {finding.detail}.", "  ")
            self._shut(kind)
            return token
        for step in (*(before if token is None else ()), kind.step):
            _show(step, by_hand=not self._ask)
        if fault:
            _told(f"What is there now: {fault}", "  ")
        return self._asked(kind) if self._ask else None

    def _asked(self, kind: Token) -> str | None:
        if os.environ.get(kind.variable, "").strip():
            _told(f"It stands in the variable {kind.variable}, which wins over a file: mend it there.", "  ")
            return None
        while True:
            told: str = typer.prompt(
                f"  {kind.question}, is not shown; Enter: later", "", hide_input=True, show_default=False
            ).strip()
            if not told:
                return None
            finding = self._tried(kind, told)
            # whatever else is amiss, a token that Slack takes is worth keeping
            if finding.ok or finding.what not in ("Slack token", "Slack app token"):
                self._keep(kind, told)
            if finding.ok:
                _told(f"{finding.what} {finding.detail}.", "  ")
                return told
            _told(_words(finding), "  ")

    def _tried(self, kind: Token, token: str) -> Finding:
        from monitor import logs

        logs.configure(self._globals.verbosity, (token,), told=True)
        return self._access.bot_token(token) if kind is BOT else self._access.app_token(token)

    def _keep(self, kind: Token, token: str) -> None:
        from monitor.settings.token_files import write_token

        path = self._file(kind)
        write_token(path, token)
        _told(f"Kept in {path}, which only you can read.", "  ")
        if getattr(self._settings.tables.slack, kind.key) is None:
            self._write({kind.key: kind.file})

    def _shut(self, kind: Token) -> None:
        """A file that somebody wrote by hand is often open to all on the machine."""
        from monitor.settings.token_files import open_to_others

        path = self._file(kind)
        if open_to_others(path):
            path.chmod(0o600)
            _told(f"Others on this machine could read {path}: now only you can.", "  ")

    def _file(self, kind: Token) -> Path:
        named: Path | None = getattr(self._settings.tables.slack, kind.key)
        return self._settings.folder / (named or Path(kind.file)).expanduser()

    # ── the channel ──────────────────────────────────────────────────────────────────────────────────────

    def _channel(self, bot: str | None) -> bool:
        if bot is None:
            _show(steps.CHANNEL, by_hand=not self._ask)
            return False
        shown = False
        while True:
            try:
                name, places = self._access.places(bot)
            except DeliveryError as fault:
                _show(steps.CHANNEL)
                _told(str(fault), "  ")
                return False
            wanted = self._settings.tables.slack.channel
            there = next((place for place in places if place.id == wanted), None)
            if there is not None:
                if not shown:
                    _done(steps.CHANNEL)
                _told(f"Cards go to #{there.name} ({there.id}).", "  ")
                return True
            if not shown:
                _show(steps.CHANNEL, name, by_hand=not self._ask)
                shown = True
            if wanted:
                _told(f"slack.channel is {wanted}, and the bot is not in it yet.", "  ")
            _told("The bot is in these channels:" if places else "The bot is in no channel yet.", "  ")
            for number, place in enumerate(places, 1):
                _told(f"{number}  #{place.name} ({place.id}{', private' if place.private else ''})", "    ")
            if not self._ask:
                return False
            told: str = typer.prompt(
                "  Its number takes it for the cards; Enter looks again; q: later", "", show_default=False
            ).strip()
            if told.lower() == "q":
                return False
            if told.isdecimal() and 0 < int(told) <= len(places):
                self._write({"channel": places[int(told) - 1].id})

    def _write(self, keys: dict[str, str]) -> None:
        """Into `[slack]` of the settings file; where there is none, say which variables do it."""
        from monitor.settings.editing import set_keys

        if self._settings.path is None:
            told = "  ".join(f"MONITOR_SLACK__{key.upper()}={value}" for key, value in keys.items())
            _told(f"There is no settings file: set {told}", "  ")
            return
        set_keys(self._settings.path, "slack", keys)
        written = ", ".join(f"slack.{key} = {value!r}" for key, value in keys.items())
        _told(f"Wrote {written} into {self._settings.path.name}.", "  ")
        self._settings = self._globals.settings(tokens=False)


# ── what is said ─────────────────────────────────────────────────────────────────────────────────────────


def _show(step: steps.Step, bot: str = "complaint-monitor", *, by_hand: bool = False) -> None:
    """`by_hand`: with what to do with what it brings, as nobody will ask for it."""
    typer.echo(f"\n{step.title}")
    for row in (*step.lines, *(steps.BY_HAND.get(step.title, ()) if by_hand else ())):
        if row.startswith("  "):
            typer.echo(f"    {row.strip().format(bot=bot)}")
        else:
            _told(row, "  ")


def _done(step: steps.Step) -> None:
    typer.echo(f"\n{step.title}: done")


def _told(words: str, indent: str = "") -> None:
    from monitor.logs import visible

    for row in words.splitlines():
        typer.echo(
            textwrap.fill(
                visible(row),
                78,
                initial_indent=indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
        )


def _words(finding: Finding) -> str:
    return f"{finding.what}: {finding.detail}. {finding.remedy}".strip()
