"""A file stands under its name whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from monitor.core.errors import MonitorError

OWNER = 0o600
"""For its owner alone, as the database is."""
UMASK = 0o666
"""For whom the umask lets read it."""
KNOWN = 50
"""Characters of the name that show beside: names have an end."""


@contextmanager
def saved(to: Path, mode: int, *, instead: str) -> Iterator[IO[bytes]]:
    """What to write into. The file gets its name when the block ends well; else nothing is left of it, and one that
    stood there is as it was.

    `mode`: of a new file, less the umask; one that is replaced keeps who may read it. `instead`: what to do where
    `to` is no file. Raises MonitorError where it cannot be written.
    """
    beside: Path | None = None
    try:
        path = standing(to)
        if path.exists() and not path.is_file():
            raise MonitorError(f"{to} is no ordinary file: {instead}")
        if not path.parent.is_dir():
            raise MonitorError(f"{to} cannot be written: its folder does not exist; make it first")
        name = path.with_name(f".{path.name[:KNOWN]}.{secrets.token_hex(4)}.part")
        number = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        beside = name
        with os.fdopen(number, "wb", buffering=1 << 20) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as fault:
        raise MonitorError(f"{to} cannot be written: {fault.strerror or fault}") from None
    finally:
        if beside is not None:
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def standing(to: Path) -> Path:
    """Where it stands: a link goes on leading to it. Raises MonitorError."""
    try:
        return to.expanduser().resolve()
    except RuntimeError as fault:  # nobody's home, or links in a circle
        raise MonitorError(f"{to} cannot be written: {fault}") from None
