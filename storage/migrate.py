"""Bringing a database to the schema of this version."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect

from monitor.core.errors import StoreError
from storage.database import Database, prepare_file
from storage.faults import BEHIND, NOT_OURS, place

SCRIPTS = Path(__file__).parent / "migrations"


def revisions() -> list[str]:
    """Every revision this version knows, oldest first. Read from the files' names: Alembic is slow to import."""
    return sorted(path.stem.removeprefix("v") for path in (SCRIPTS / "versions").glob("v[0-9]*.py"))


def head() -> str:
    return revisions()[-1]


def current(connection: Connection) -> str | None:
    """The revision the database is at; None when it is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def upgrade(connection: Connection, target: str = "head") -> None:
    """Run what is missing inside the connection's transaction: all of it, or nothing."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, target)


def bring_up(database: Database) -> None:
    """Make sure that the schema is this version's: SQLite upgrades itself, PostgreSQL only when asked.

    Raises StoreError.
    """
    if database.sqlite:
        prepare_file(database)
    with database.read() as connection:
        found = current(connection)
    if found == head():
        return
    _refuse_newer(database, found)
    if not database.sqlite:
        raise StoreError(BEHIND.format(where=place(database.url)))
    advance(database)


def advance(database: Database) -> str | None:
    """Upgrade, if need be; the revision before. Two that start at once take turns; the second finds it done."""
    with database.write() as connection:
        found = current(connection)
        _refuse_newer(database, found)
        if found is None and database.sqlite and inspect(connection).get_table_names():
            raise StoreError(NOT_OURS.format(where=place(database.url)))
        if found != head():
            upgrade(connection)
    return found


def _refuse_newer(database: Database, found: str | None) -> None:
    if found is not None and found not in revisions():
        raise StoreError(
            f"{place(database.url)} was written by a newer version of Complaint Monitor (schema {found}, "
            f"here {head()}). Install that version, or restore a copy made before the upgrade."
        )
