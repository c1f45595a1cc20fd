"""The two doors of this package: open the store of the settings, and bring its database up to date."""

from __future__ import annotations

from pathlib import Path

from monitor.core.happening import Follower
from storage.database import PATIENCE, Database, locate, prepare_file
from storage.faults import place
from storage.migrate import advance, bring_up, head
from storage.store import SqlStore


def open_store(
    url: str,
    *,
    settings_dir: Path | None = None,
    patience: float = PATIENCE,
    followers: tuple[Follower, ...] = (),
) -> SqlStore:
    """Open the database at `url`; a relative SQLite path counts from `settings_dir`. `followers` hear of every
    change of a case.

    SQLite is created and upgraded on the way. Raises ConfigError for an address that cannot be used, StoreError
    when the database does not open, or is PostgreSQL and not migrated. `patience` is how many seconds a writer
    waits for its turn.
    """
    database = Database(locate(url, settings_dir), patience=patience)
    try:
        bring_up(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database, followers)


def migrate_store(url: str, *, settings_dir: Path | None = None) -> str:
    """Bring the database up to date, whichever kind it is; what was done, in words.

    Raises ConfigError, StoreError.
    """
    database = Database(locate(url, settings_dir))
    try:
        if database.sqlite:
            prepare_file(database)
        before = advance(database)
    finally:
        database.close()
    where = place(database.url)
    if before == head():
        return f"{where} is up to date (schema {head()})"
    if before is None:
        return f"{where} is ready (schema {head()})"
    return f"{where} was brought from schema {before} to {head()}"
