"""Every command, every option, every setting and every source's option is documented, with its true default."""

from __future__ import annotations

import json
import re
import sys
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from pydantic import BaseModel, TypeAdapter

from alerts.signing import keys_of, signature
from monitor import plugins, slack_app
from monitor.cli import app as root
from monitor.cli import main, slack_steps
from monitor.core.export import COLUMNS
from monitor.core.exporting import Kept
from monitor.core.happening import NAMES
from monitor.settings import desk, tables, webhooks
from monitor.settings.reading import SECRETS

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text("utf-8")
DOCS = {path.stem: path.read_text("utf-8") for path in (PROJECT / "docs").glob("*.md")}
EVERYWHERE = {"help"}
"""Options that each command has; told once, for the root."""


def section(text: str, heading: str) -> str:
    """What stands under `## heading`, up to the next of its kind."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found, f"there is no section {heading!r}"
    return found[1]


def rows(text: str) -> dict[str, str]:
    """The first table's keys with their defaults as written."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", text, re.M)
    ]
    return {row[0].strip("`"): row[1] for row in cells if row[0].startswith("`")}


# ── commands ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def command_line() -> Any:
    """The command line as the console script puts it together: a group of commands."""
    before, sys.argv = sys.argv, ["complaint-monitor", "--version"]
    try:
        with pytest.raises(SystemExit):
            main()
    finally:
        sys.argv = before
    return typer.main.get_command(root.app)


def commands(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        full = f"{above} {name}".strip()
        if hasattr(command, "commands"):
            yield from commands(command, full)
        else:
            yield full, command


def test_every_command_is_documented_with_all_it_takes(command_line: Any) -> None:
    found = dict(commands(command_line))
    assert {"run", "cases show", "demo"} <= found.keys()
    missing = []
    for name, command in found.items():
        text = section(DOCS["commands"], name)
        for parameter in command.params:
            if parameter.param_type_name == "option":
                if parameter.name in EVERYWHERE:
                    continue
                known = [*parameter.opts, *parameter.secondary_opts]
                missing += [f"{name} {option}" for option in known if f"`{option}" not in text]
            else:
                shown = (parameter.name or "").upper()
                missing += [f"{name} {shown}"] * (shown not in text)
    assert missing == []


def test_no_command_is_documented_that_is_none(command_line: Any) -> None:
    told = set(re.findall(r"^## (.+)$", DOCS["commands"], re.M))
    assert told == {name for name, _ in commands(command_line)}


def test_every_command_is_in_the_readme(command_line: Any) -> None:
    table = section(README, "Commands")
    missing = [
        name
        for name, _ in commands(command_line)
        if f"`{name.split()[-1]}" not in table and f"`{name}" not in table
    ]
    assert missing == []


def test_the_roots_options_are_documented(command_line: Any) -> None:
    before = DOCS["commands"].partition("\n## ")[0]
    missing = [
        option for parameter in command_line.params for option in parameter.opts if f"`{option}" not in before
    ]
    assert missing == []


# ── settings ─────────────────────────────────────────────────────────────────────────────────────────────

LISTS = ("feeds", "webhooks")
SECTIONS = {name: field.annotation for name, field in tables.Tables.model_fields.items() if name not in LISTS}


@pytest.mark.parametrize("name", SECTIONS)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    model = SECTIONS[name]
    assert isinstance(model, type)
    assert issubclass(model, BaseModel)
    agrees(model, rows(section(DOCS["settings"], f"`[{name}]`")))


def test_every_key_of_the_transformer_is_documented_with_its_default() -> None:
    agrees(tables.TransformerSection, rows(section(DOCS["settings"], "`[scoring.transformer]`")))


@pytest.mark.parametrize("name", ["slack.routes", "desk.ladder", "webhooks"])
def test_every_key_of_a_list_of_tables_is_documented_with_its_default(name: str) -> None:
    model = {
        "slack.routes": desk.RouteSection,
        "desk.ladder": desk.RungSection,
        "webhooks": webhooks.WebhookSection,
    }[name]
    agrees(model, rows(section(DOCS["settings"], f"`[[{name}]]`")))


def test_every_key_of_a_feed_is_documented_with_its_default() -> None:
    agrees(tables.FeedSection, rows(section(DOCS["settings"], "`[[feeds]]`")))


def test_every_place_for_a_secret_is_documented() -> None:
    text = section(DOCS["settings"], "Secrets")
    for variable, credential in SECRETS.items():
        assert f"`{variable}`" in text
        assert f"`{variable}_FILE`" in text
        assert f"`{credential}`" in text


@pytest.mark.parametrize("name", plugins.names(plugins.SOURCES))
def test_every_source_is_documented_with_its_options(name: str) -> None:
    agrees(plugins.load(plugins.SOURCES, name).Options, rows(section(DOCS["sources"], name)))
    assert f"| `{name}` |" in section(README, "Sources")
    assert f"`{name}`" in section(DOCS["settings"], "`[[feeds]]`")


def agrees(model: type[BaseModel], told: dict[str, str]) -> None:
    """The same keys, and each default, read as TOML, is the default. A dash stands for none."""
    assert told.keys() == model.model_fields.keys()
    for key, field in model.model_fields.items():
        if told[key] == "–":
            assert field.is_required() or field.get_default(call_default_factory=True) is None, key
            continue
        written = tomllib.loads(f"value = {told[key].strip('`')}")["value"]
        understood = TypeAdapter(field.rebuild_annotation()).validate_python(written)
        assert understood == field.get_default(call_default_factory=True), key


# ── set-up ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_manifest_that_is_packaged_is_the_one_that_is_printed() -> None:
    packaged = json.loads((PROJECT / "packaging" / "slack-manifest.json").read_text("utf-8"))
    assert packaged == json.loads(slack_app.manifest(None, as_json=True))


def test_every_scope_is_explained_and_every_step_of_setup_is_told() -> None:
    page = DOCS["slack"]
    for scope in json.loads(slack_app.manifest(None, as_json=True))["oauth_config"]["scopes"]["bot"]:
        assert f"| `{scope}` |" in page
    assert "| `connections:write` |" in page
    for step in (
        slack_steps.MAKE,
        slack_steps.INSTALL,
        slack_steps.BOT,
        slack_steps.APP,
        slack_steps.CHANNEL,
    ):
        assert step.title in page


def test_links_between_the_documents_lead_somewhere() -> None:
    documents = [*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")]
    assert len(documents) > 8
    broken = []
    for document in documents:
        for target in re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", document.read_text("utf-8")):
            if target and not (document.parent / target).exists():
                broken.append(f"{document.name}: {target}")
    assert broken == []


def test_the_units_and_the_crontab_shield_the_plain_package_names() -> None:
    packaging = PROJECT / "packaging"
    running = [path for path in packaging.iterdir() if "bin/complaint-monitor" in path.read_text("utf-8")]
    assert {path.suffix for path in running} >= {".service", ".example", ".sh"}
    for path in running:
        assert "PYTHONSAFEPATH=1" in path.read_text("utf-8"), path.name


def test_the_unit_tells_systemd_how_it_is_and_keeps_the_token_out_of_sight() -> None:
    unit = (PROJECT / "packaging" / "complaint-monitor.service").read_text("utf-8")
    for line in (
        "Type=notify",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "StateDirectory=complaint-monitor",
    ):
        assert f"\n{line}\n" in unit
    assert re.search(r"^WatchdogSec=\d+$", unit, re.M)
    for credential in SECRETS.values():
        assert re.search(rf"^LoadCredential={credential}:", unit, re.M)
    assert re.search(r"^RestartPreventExitStatus=.*\b78\b", unit, re.M)
    assert "xoxb" not in unit


# ── export ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("what", Kept)
def test_every_column_of_an_export_is_documented_with_its_type(what: Kept) -> None:
    found = re.search(rf"^### {what}$(.*?)(?=^#|\Z)", DOCS["export"], re.M | re.S)
    assert found
    assert list(rows(found[1]).items()) == [(column.name, column.type.value) for column in COLUMNS[what]]


# ── webhooks ─────────────────────────────────────────────────────────────────────────────────────────────


def test_every_event_of_a_webhook_is_documented() -> None:
    told = DOCS["webhook"]
    assert [name for name in NAMES.values() if f"`{name}`" not in told] == []


def test_the_page_verifies_what_is_sent() -> None:
    """The lines on the page are run as they stand there."""
    found = re.search(r"```python\n(.*?)```", DOCS["webhook"], re.S)
    assert found
    names: dict[str, Any] = {}
    exec(found[1], names)
    secret, body, at = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b"{}", int(time.time())
    headers = {"webhook-id": "a", "webhook-timestamp": str(at)}
    signed = headers | {"webhook-signature": f"v1,no {signature(keys_of(secret), 'a', at, body)}"}
    assert names["verified"](signed, body, secret)
    assert not names["verified"](signed, b"{ }", secret)
    assert not names["verified"](signed | {"webhook-timestamp": str(at - 301)}, body, secret)
