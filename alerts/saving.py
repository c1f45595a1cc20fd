"""A file stands under its name whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from monitor.core.errors import MonitorError


def save(text: str, to: Path) -> Path:
    """Write it, and return where it stands now. Whoever may read the file before it may read it; a new one is made as
    the umask says. Raises MonitorError where it cannot be written; a file that stood there is then as it was."""
    path = to.expanduser().resolve()  # a link goes on leading to it
    if path.exists() and not path.is_file():
        raise MonitorError(f"{to} is no ordinary file: name a file, such as report.html")
    if not path.parent.is_dir():
        raise MonitorError(f"{to} cannot be written: its folder does not exist; make it first")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as fault:
        raise MonitorError(f"{to} cannot be written: {fault.strerror or fault}") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return path
