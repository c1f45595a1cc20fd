"""Where an export goes: a file that stands under its name whole or not at all, or a stream."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from monitor.core.errors import MonitorError


@contextmanager
def placed(to: Path | IO[bytes]) -> Iterator[IO[bytes]]:
    """What to write into. A file gets its name when the block ends well; else nothing is left of it.

    It can be read by its owner alone, as the database can, or by whom the file before it could be read by.
    Raises MonitorError where it cannot be written.
    """
    if not isinstance(to, Path):
        yield to
        to.flush()
        return
    path = to.expanduser().resolve()  # a link goes on leading to it
    if path.exists() and not path.is_file():
        raise MonitorError(f"{to} is no ordinary file: name another, or write to standard output with --to -")
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    except OSError as fault:
        raise _unwritable(to, fault) from None
    beside = Path(name)
    try:
        with os.fdopen(number, "wb", buffering=1 << 20) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as fault:
        raise _unwritable(to, fault) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _unwritable(to: Path, fault: OSError) -> MonitorError:
    return MonitorError(f"{to} cannot be written: {fault.strerror or fault}")
