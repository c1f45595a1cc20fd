"""Where a token is kept: in a file of its own that nobody but its owner can read."""

from __future__ import annotations

import os
from pathlib import Path

from monitor.core.errors import ConfigError


def write_token(path: Path, token: str) -> None:
    """Put the token into the file, whole or not at all. Raises ConfigError."""
    beside = path.with_name(f"{path.name}.new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside.unlink(missing_ok=True)
        # readable by the owner alone from its first byte on
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{token}\n")
        beside.replace(path)
    except OSError as fault:
        raise ConfigError(f"the token cannot be kept in {path}: {fault.strerror or fault}") from None


def open_to_others(path: Path) -> bool:
    """Can others on this machine read it?"""
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False
