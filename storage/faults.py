"""What the databases say, in plain words: what happened, what it means, what to do.

Nothing of the original error is passed on but its code: it may hold parameters, and those are customers' words.
"""

from __future__ import annotations

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from monitor.core.errors import Conflict, StoreError

FULL = "there is no room left on the disk of {where}. Nothing was changed; free some space, then run again."
LOCKED = (
    "{where} was locked by another process for too long. Nothing was changed; "
    "it is tried again next time. If it stays so, look for a program that keeps the database open."
)
READ_ONLY = "{where} cannot be written to. Give this user the right to write the file and its folder."
CANNOT_OPEN = "{where} cannot be opened. Does its folder exist, and may this user read and write there?"
NOT_OURS = "{where} is not a database of Complaint Monitor. Name another file in storage.url."
DAMAGED = (
    "{where} is damaged. Stop the monitor and restore a copy, or recover it with `sqlite3 FILE .recover`."
)
IO = "the disk of {where} failed to read or write. Nothing was changed; look at the disk, then run again."
LOST = "{where} does not answer, or the connection broke. Is it running, and can it be reached from here?"
REFUSED = (
    "{where} refused the log-in. Look at the user and password in storage.url (or its environment variable)."
)
NO_DATABASE = "{where} does not exist. Create the database, or mend storage.url."
CROWDED = "{where} takes no more connections. Close other programs that use it, or raise its limit."
BEHIND = "{where} lacks tables that are needed: run `complaint-monitor migrate`."
FORBIDDEN = "{where} does not let this user do that. Grant it the rights to the tables it needs."
TAKEN = "somebody else changed the same thing in {where} first; the stored value is the true one."
UNKNOWN = "{where} failed ({code}). Nothing was changed."

_SQLITE = {
    "SQLITE_FULL": FULL,
    "SQLITE_BUSY": LOCKED,
    "SQLITE_LOCKED": LOCKED,
    "SQLITE_PROTOCOL": LOCKED,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_PERM": READ_ONLY,
    "SQLITE_CANTOPEN": CANNOT_OPEN,
    "SQLITE_NOTADB": NOT_OURS,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_IOERR": IO,
}
_POSTGRES = {
    "53100": FULL,
    "53300": CROWDED,
    "55P03": LOCKED,
    "40001": LOCKED,
    "40P01": LOCKED,
    "57014": LOCKED,
    "25006": READ_ONLY,
    "28": REFUSED,
    "3D000": NO_DATABASE,
    "42P01": BEHIND,
    "42501": FORBIDDEN,
    "08": LOST,
    "57P": LOST,
}


def plainly(fault: SQLAlchemyError, url: URL) -> StoreError:
    """The StoreError to raise in its place. A broken unique rule is a Conflict: somebody was faster."""
    where = place(url)
    if isinstance(fault, PoolTimeout):
        return StoreError(LOCKED.format(where=where))
    if not isinstance(fault, DBAPIError):
        return StoreError(UNKNOWN.format(where=where, code=type(fault).__name__))
    code = _code(fault)
    if isinstance(fault, IntegrityError) and code in ("SQLITE_CONSTRAINT_UNIQUE", "23505"):
        return Conflict(TAKEN.format(where=where))
    known = _POSTGRES if url.get_backend_name() == "postgresql" else _SQLITE
    for start, message in known.items():
        if code.startswith(start):
            return StoreError(message.format(where=where))
    if not code and isinstance(fault, OperationalError):
        return StoreError(_unreached(fault).format(where=where))
    return StoreError(UNKNOWN.format(where=where, code=code or type(fault.orig).__name__))


def place(url: URL) -> str:
    """The database as a person knows it: never with user or password."""
    if url.get_backend_name() == "postgresql":
        at = url.host or url.query.get("host") or "the local socket"
        return f"the PostgreSQL database {url.database!r} at {at}"
    return f"the database {url.database}"


def _code(fault: DBAPIError) -> str:
    code = getattr(fault.orig, "sqlite_errorname", None) or getattr(fault.orig, "sqlstate", None)
    return str(code or "")


def _unreached(fault: OperationalError) -> str:
    """libpq gives no code for a connection that never came to be: only its words tell."""
    words = str(fault.orig)
    if "password authentication failed" in words or "no password supplied" in words:
        return REFUSED
    if "does not exist" in words and "database" in words:
        return NO_DATABASE
    if "role" in words and "does not exist" in words:
        return REFUSED
    if "too many" in words:
        return CROWDED
    return LOST
