"""What the operator may set, where it is read from, and what is said when it cannot be used.

One TOML file (`--config`, else `MONITOR_CONFIG`, else `./monitor.toml`); every key also as the variable
`MONITOR_SECTION__KEY`, which wins. Secrets come from variables, files and systemd credentials alone.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError

from monitor.core.errors import ConfigError
from monitor.core.model import Business
from monitor.core.policy import Policy
from monitor.core.routing import Route
from monitor.settings.tables import Tables

FILE = "monitor.toml"
PREFIX = "MONITOR_"
TOKEN = re.compile(r"\b(?:(?:xox[a-z]|xapp)-[\w-]+|whsec_[\w+/=-]+)")
"""A Slack token, or the secret of a webhook, that somebody put in the wrong place."""
LISTS = ("feeds", "webhooks")
NOT_SETTINGS = {"MONITOR_CONFIG", "MONITOR_TEST_DATA"}
BOT_TOKEN, APP_TOKEN = "MONITOR_SLACK__BOT_TOKEN", "MONITOR_SLACK__APP_TOKEN"
SECRETS = {BOT_TOKEN: "slack_bot_token", APP_TOKEN: "slack_app_token"}
"""The variable that holds each secret, and the name of the systemd credential that may hold it instead."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force. Secrets are kept apart and never shown."""

    tables: Tables
    path: Path | None
    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)

    @property
    def folder(self) -> Path:
        """What relative paths in the settings are relative to."""
        return self.path.parent if self.path else Path.cwd()

    @property
    def secrets(self) -> tuple[str, ...]:
        """All that can be read, to be cut out of whatever is logged."""
        found = [self.bot_token, self.app_token]
        for hook in self.tables.webhooks:
            with suppress(ConfigError):
                found += hook.secret(self.folder).split()
        return tuple(one for one in found if one)

    @property
    def business(self) -> Business:
        return self.tables.business.value()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tables.business.timezone)

    @property
    def policy(self) -> Policy:
        """What the desk has agreed on."""
        return self.tables.desk.policy(self.tables.business.timezone)

    @property
    def routes(self) -> tuple[Route, ...]:
        """Which cases go to which channel; `slack.channel` takes the rest."""
        return tuple(one.value() for one in self.tables.slack.routes)


def load(
    path: Path | None = None, environ: Mapping[str, str] | None = None, *, tokens: bool = True
) -> Settings:
    """Read the settings. Raises ConfigError naming every problem with its place and its remedy.

    `tokens` False leaves the secrets alone: for set-up, which mends a token file that cannot be read.
    """
    try:
        return _load(path, os.environ if environ is None else environ, tokens)
    except ConfigError as fault:
        raise ConfigError(*(TOKEN.sub("[a token]", problem) for problem in fault.problems)) from None


def token_of(settings: Settings, name: str, environ: Mapping[str, str] | None = None) -> str | None:
    """The secret that belongs to this variable, as it stands now. Raises ConfigError."""
    slack = settings.tables.slack
    file = slack.bot_token_file if name == BOT_TOKEN else slack.app_token_file
    return _secret(name, file, settings.folder, os.environ if environ is None else environ)


def _load(path: Path | None, environ: Mapping[str, str], tokens: bool) -> Settings:
    chosen = path or (Path(environ["MONITOR_CONFIG"]) if environ.get("MONITOR_CONFIG") else None)
    file = chosen or (Path(FILE) if Path(FILE).is_file() else None)
    text = _read(file) if file else ""
    tree = _parse(text, file)
    variables, problems = _overlay(tree, environ)
    problems += _forbidden_secrets(tree, text, file)
    if "business" not in tree and not problems and file is None:
        raise ConfigError(
            f"No settings found: there is no {FILE} here. Run `complaint-monitor init` to write one, "
            "or name one with --config PATH or MONITOR_CONFIG."
        )
    try:
        tables = Tables.model_validate(tree)
    except ValidationError as fault:
        problems += [_problem(error, text, file, variables) for error in fault.errors()]
        raise ConfigError(*problems) from None
    problems += _duplicates(tables, text, file)
    if problems:
        raise ConfigError(*problems)
    resolved = file.resolve() if file else None
    found = Settings(tables, resolved)
    if not tokens:
        return found
    bot_token, app_token = (token_of(found, name, environ) for name in (BOT_TOKEN, APP_TOKEN))
    return replace(found, bot_token=bot_token, app_token=app_token)


def place_of(loc: tuple[str | int, ...], text: str, file: Path | None) -> str:
    """`monitor.toml line 12, feeds[0].every`, as near as the file tells."""
    name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc).lstrip(".")
    line = _line_of(loc, text)
    if file is None:
        return name
    return f"{file} line {line}, {name}" if line else f"{file}, {name}"


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(
            f"There is no settings file {file}. Run `complaint-monitor init` to write one."
        ) from None
    except (OSError, UnicodeDecodeError) as fault:
        raise ConfigError(f"{file} cannot be read: {fault}") from None


def _parse(text: str, file: Path | None) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise ConfigError(f"{file} is not valid TOML: {fault}") from None


def _overlay(
    tree: dict[str, Any], environ: Mapping[str, str]
) -> tuple[dict[tuple[str, ...], str], list[str]]:
    """Put the `MONITOR_…` variables over the file. Returns which key came from which, and what is wrong."""
    variables: dict[tuple[str, ...], str] = {}
    problems = []
    for name, raw in sorted(environ.items()):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS or name in SECRETS:
            continue
        section, _, key = name.removeprefix(PREFIX).lower().partition("__")
        known = Tables.model_fields.get(section)
        if known is None:
            problems.append(f"{name} is no setting: sections are {', '.join(Tables.model_fields)}")
            continue
        if section in LISTS:
            value = _json(raw)
            if isinstance(value, list) and not key:
                tree[section] = value
                variables[section,] = name
            else:
                problems.append(f"{name} must be MONITOR_{section.upper()} with a JSON list of {section}")
            continue
        model = known.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)) or key not in model.model_fields:
            keys = ", ".join(getattr(model, "model_fields", {}))
            problems.append(f"{name} is no setting: [{section}] knows {keys}")
            continue
        table = tree.setdefault(section, {})
        if isinstance(table, dict):
            table[key] = _json(raw) if raw[:1] in "[{" else _plain(raw, model, key)
            variables[section, key] = name
    return variables, problems


def _plain(raw: str, model: type[BaseModel], key: str) -> Any:
    """A number, true or false written as text counts as such where one is due; everything else stays text."""
    wanted = model.model_fields[key].annotation
    if wanted is bool and raw in ("true", "false"):
        return raw == "true"
    return int(raw) if wanted is int and re.fullmatch(r"-?\d+", raw) else raw


def _json(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        return raw


def _forbidden_secrets(tree: Mapping[str, Any], text: str, file: Path | None) -> list[str]:
    table = tree.get("slack")
    if not isinstance(table, dict):
        return []
    problems = []
    for key in ("bot_token", "app_token"):
        if table.pop(key, None) is not None:
            where = place_of(("slack", key), text, file)
            problems.append(
                f"{where}: a secret does not belong in the settings file. Put it into the variable "
                f"MONITOR_SLACK__{key.upper()}, or into a file of its own named by slack.{key}_file."
            )
    return problems


def _duplicates(tables: Tables, text: str, file: Path | None) -> list[str]:
    problems = []
    for section, kind in (("feeds", "feed"), ("webhooks", "webhook")):
        seen: set[str] = set()
        for index, one in enumerate(getattr(tables, section)):
            if one.name in seen:
                where = place_of((section, index, "name"), text, file)
                problems.append(
                    f"{where}: two {section} are called {one.name!r}; a {kind}'s name is its identity"
                )
            seen.add(one.name)
    return problems


def _secret(name: str, file: Path | None, folder: Path, environ: Mapping[str, str]) -> str | None:
    if environ.get(name, "").strip():
        return _one_word(environ[name].strip(), name)
    credentials = environ.get("CREDENTIALS_DIRECTORY")
    if file is None and credentials and (Path(credentials) / SECRETS[name]).is_file():
        file = Path(credentials) / SECRETS[name]
    if file is None:
        return None
    try:
        secret = (folder / file.expanduser()).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is no text"
        raise ConfigError(f"{name}_FILE: the file {file} cannot be read: {why}") from None
    if not secret:
        raise ConfigError(f"{name}_FILE: the file {file} is empty where a token was due")
    return _one_word(secret, f"{name}_FILE")


def _one_word(secret: str, name: str) -> str:
    """The token, which stands in a header of every call: there, anything but plain characters breaks the call
    in a way that looks like a broken connection."""
    if not re.fullmatch(r"[!-~]+", secret):
        raise ConfigError(
            f"{name}: this is no token: it must be one word (xoxb-...), with nothing else around it"
        )
    return secret


def _problem(error: Any, text: str, file: Path | None, variables: Mapping[tuple[str, ...], str]) -> str:
    loc = tuple(error["loc"])
    variable = variables.get(loc[:1]) or variables.get(loc[:2])
    where = f"{variable}, {place_of(loc, text, None)}" if variable else place_of(loc, text, file)
    kind, told = error["type"], error["msg"].removeprefix("Value error, ")
    if kind == "extra_forbidden":
        told = f"no such setting. Known here: {', '.join(_known_at(loc[:-1]))}"
    elif kind == "missing":
        told = "is missing and has no default"
    elif kind in ("model_type", "model_attributes_type", "tuple_type"):
        told = (
            "several businesses are not supported yet: write one [business] table"
            if loc == ("business",)
            else "must be a table"
            if kind != "tuple_type"
            else "must be a list"
        )
    elif "\n" not in told and not isinstance(error.get("input"), dict) and loc[-1:] != ("url",):
        # a fault that points into what was found shows it already; and whoever knows an address may post there
        shown = repr(error.get("input"))
        told = f"{told} (found {shown if len(shown) <= 60 else shown[:57] + '...'})"
    return f"{where}: {told}"


def _known_at(loc: tuple[str | int, ...]) -> list[str]:
    if not loc:
        return list(Tables.model_fields)
    model = Tables.model_fields[str(loc[0])].annotation
    model = next(iter(get_args(model)), model)  # of a list of tables: one of them
    for part in (one for one in loc[1:] if isinstance(one, str)):
        inner = getattr(model, "model_fields", {}).get(part)
        model = next(iter(get_args(inner.annotation)), inner.annotation) if inner else None
    return list(getattr(model, "model_fields", {}))


def _line_of(loc: tuple[str | int, ...], text: str) -> int | None:
    """The line of a key, by its table header and name: good enough to point a person there."""
    if not loc:
        return None
    section, rest = str(loc[0]), loc[1:]
    if rest and re.search(rf"^\s*\[{{1,2}}\s*{re.escape(f'{section}.{rest[0]}')}\s*\]", text, re.M):
        section, rest = f"{section}.{rest[0]}", rest[1:]  # a table (or several) within the table
    nth = rest[0] if rest and isinstance(rest[0], int) else 0
    key = next((str(part) for part in rest if isinstance(part, str)), None)
    at, seen, inside = None, -1, False
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[{1,2}\s*([\w.-]+)\s*\]{1,2}", line)
        if header:
            inside = header[1] == section
            seen += inside
            if inside and seen == nth:
                at = number
        elif inside and seen == nth and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
            return number
        elif at is None and seen < 0 and re.match(rf"\s*{re.escape(section)}\s*[.=]", line):
            at = number
    return at
