"""What a failure of the database means, where it is not a fault of the service: no room left, or no answer in time."""

import sqlite3
from enum import Enum, auto

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE_FULL = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE}
"""A full disk, a file at its limit, and a `-wal` or `-shm` file that cannot grow."""
_POSTGRESQL_FULL, _POSTGRESQL_SHORT = "53100", "53"
"""The state of a full disk, and the class of all resources that PostgreSQL may be short of, such as connections."""


class Failure(Enum):
    """Why the database could not do what it was asked."""

    FULL = auto()
    BUSY = auto()


def failure_of(error: Exception) -> Failure | None:
    """What a failure means; None where neither the disk nor the load is the reason."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    state = getattr(origin, "sqlstate", None) or ""
    if getattr(origin, "sqlite_errorcode", None) in _SQLITE_FULL or state == _POSTGRESQL_FULL:
        return Failure.FULL
    if getattr(origin, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR:
        return None  # such as a column that does not exist
    if isinstance(error, OperationalError | PoolTimeout) or state.startswith(_POSTGRESQL_SHORT):
        return Failure.BUSY
    return None
