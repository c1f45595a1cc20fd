"""How tables are declared: the one metadata with its names, and the kinds of columns there are."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, MetaData, SmallInteger, text
from sqlmodel import Field, SQLModel

from storage.columns import BIG, Moment


class Record(SQLModel):
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def partial(name: str, condition: str, *columns: str, unique: bool = False) -> Index:
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def moment(*, index: bool = False) -> datetime:
    return Field(sa_type=Moment, index=index)  # type: ignore[no-any-return]


def maybe() -> datetime | None:
    return Field(default=None, sa_type=Moment)  # type: ignore[no-any-return]


def serial() -> int | None:
    return Field(default=None, primary_key=True, sa_type=BIG)  # type: ignore[no-any-return]


def number() -> int:
    """Given by whoever writes, under the writers' lock."""
    return Field(primary_key=True, sa_type=BIG, sa_column_kwargs={"autoincrement": False})  # type: ignore[no-any-return]


def reference(column: str, *, primary_key: bool = False) -> int:
    return Field(foreign_key=column, primary_key=primary_key, sa_type=BIG)  # type: ignore[no-any-return]


def json_list() -> str:
    """JSON, added when rows were there already: those have none."""
    return Field(sa_column_kwargs={"server_default": "[]"})  # type: ignore[no-any-return]


def grade() -> int | None:
    return Field(default=None, sa_type=SmallInteger)  # type: ignore[no-any-return]
