"""Writing into the operator's own settings file: a few keys of one table, everything else left as it stands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from monitor.core.errors import ConfigError


def with_keys(text: str, table: str, keys: Mapping[str, str]) -> str:
    """The text with these keys set in `[table]`, in place of what they were, or of a commented line.

    Raises ConfigError, with the lines to write by hand, where the table is not in a form that this understands.
    """
    lines = text.splitlines()
    head = next(
        (n for n, row in enumerate(lines) if re.match(rf"\s*\[\s*{re.escape(table)}\s*\]", row)), None
    )
    if head is None:
        lines += ["", f"[{table}]"]
        head = len(lines) - 1
    for key, value in keys.items():
        end = next((n for n in range(head + 1, len(lines)) if re.match(r"\s*\[", lines[n])), len(lines))
        written = f"{key} = {json.dumps(value, ensure_ascii=False)}"
        at = _line_of(key, lines, head + 1, end)
        if at is None:
            lines.insert(head + 1, written)
        else:
            lines[at] = written
    made = "\n".join(lines) + "\n"
    if _tree(made) != _expected(text, table, keys):
        told = "\n".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items())
        raise ConfigError(
            f"the settings file has a form that is not changed for you; write under [{table}]:\n{told}"
        )
    return made


def set_keys(path: Path, table: str, keys: Mapping[str, str]) -> None:
    """The same in the file. Raises ConfigError; the file then stays as it was."""
    try:
        made = with_keys(path.read_text("utf-8-sig"), table, keys)
        beside = path.with_name(f"{path.name}.new")
        beside.write_text(made, "utf-8")
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as fault:
        raise ConfigError(f"{path} cannot be written: {fault.strerror or fault}") from None


def _line_of(key: str, lines: list[str], begin: int, end: int) -> int | None:
    """Where the key stands, or else a comment that shows it."""
    for mark in ("", r"#\s*"):
        for number in range(begin, end):
            if re.match(rf"\s*{mark}{re.escape(key)}\s*=", lines[number]):
                return number
    return None


def _tree(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _expected(text: str, table: str, keys: Mapping[str, str]) -> dict[str, Any]:
    tree = deepcopy(_tree(text)) or {}
    found = tree.get(table)
    tree[table] = {**(found if isinstance(found, dict) else {}), **keys}
    return tree
