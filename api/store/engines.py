"""Engines whose errors tell nothing of rows: no parameters of a statement, and of PostgreSQL only what it says first.

PostgreSQL adds details to its errors, such as the whole row that broke a constraint, with hashes of keys and people who signed.
Errors end in logs, so what carries rows is taken out of them where they are raised.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, OperationalError

from api.settings import driver_url

NOT_PERMITTED = "42501"
"""What PostgreSQL calls it that a user may not do something."""


def engine_of(url: str, **options: Any) -> sa.Engine:
    """An engine without a pool unless the options say otherwise; its errors carry no rows."""
    given = options if "pool_size" in options else {"poolclass": sa.NullPool, **options}
    return without_rows_in_errors(sa.create_engine(driver_url(url), hide_parameters=True, **given))


def without_rows_in_errors(engine: sa.Engine) -> sa.Engine:
    """The engine itself, whose errors carry no rows from now on."""
    event.listen(engine, "handle_error", _on_error)
    return engine


@contextmanager
def errors_without_rows() -> Iterator[None]:
    """For what goes to the driver without the engine: errors raised within carry no rows."""
    try:
        yield
    except Exception as error:
        _shorten(error)
        raise


def cause_outside(error: Exception) -> str | None:
    """Why a database cannot be used, in a line, where that is no mistake of ours; None for any other error.

    It does not run, refuses the password or an option, is no database, or its user may not do this.
    """
    origin = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(origin, sqlite3.Error):
        is_outside = origin.sqlite_errorcode != sqlite3.SQLITE_ERROR
    else:
        # An error without a state comes from PostgreSQL's own library, before any statement was sent.
        is_outside = isinstance(error, OperationalError) or getattr(origin, "sqlstate", "") in (None, NOT_PERMITTED)
    return " ".join(str(origin).split()) if is_outside else None


def _on_error(context: sa.ExceptionContext) -> None:
    short = _shorten(context.original_exception)
    if short and context.sqlalchemy_exception is not None:
        kind = type(context.original_exception)
        context.sqlalchemy_exception.args = (f"({kind.__module__}.{kind.__qualname__}) {short}",)


def _shorten(error: BaseException) -> str | None:
    """Leaves of an error of PostgreSQL what the server says first; None where it is none of the server."""
    said: str | None = getattr(getattr(error, "diag", None), "message_primary", None)
    if said:
        error.args = (said,)
    return said
