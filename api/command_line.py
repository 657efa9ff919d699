"""What the commands of `apos-server` have in common: settings, the schema, one write, and messages on standard error.

What takes long to import is imported where it is needed, so that help starts at once.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar
from uuid import uuid4

import typer
from pydantic import ValidationError

from api.settings import Settings, without_secrets, without_values

if TYPE_CHECKING:
    from api.store.ledger import Write

Result = TypeVar("Result")


def read_settings() -> Settings:
    """The settings. Ends the command where they are not valid."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = [f"APOS_{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}" for e in error.errors()]
        fail("the settings are not valid", *faults)
    file = settings.database_url.removeprefix("sqlite:///").partition("?")[0]
    folder = Path(file).parent
    if settings.database_url.startswith("sqlite:///") and not folder.is_dir():
        fail(f"APOS_DATABASE_URL: the folder {folder} does not exist; make it, or give another path for the database")
    return settings


def require_schema(settings: Settings) -> None:
    """Ends the command where the database does not have the schema of this version."""
    from api.store import schema

    unmigrated = schema.unmigrated(settings.database_url)
    if unmigrated is not None:
        fail(unmigrated)


def run_write(settings: Settings, reason: str, action: "Callable[[Write], Awaitable[Result]]") -> Result:
    """What `action` gives with a write of the machine itself, which is committed."""
    from api.http.service import system_clock
    from api.store.database import Database
    from api.store.ledger import Write
    from domain.permissions import SYSTEM

    async def run() -> Result:
        database = Database(settings.database_url, pool_size=1)
        try:
            async with database.writing() as session:
                write = Write.begin(session, SYSTEM, system_clock(), reason, f"command-{uuid4()}")
                return await action(write)
        finally:
            await database.close()

    return asyncio.run(run())


def print_message(text: str) -> None:
    """Says something on standard error."""
    print(text, file=sys.stderr)


def fail(*lines: str) -> NoReturn:
    """Says what is wrong on standard error, and ends the command with exit code 1."""
    for line in lines:
        print_message(line)
    raise typer.Exit(1)


def remedy_for(error: Exception) -> str | None:
    """What to say where the database cannot be used: why, and what to do; None for any other error."""
    if "sqlalchemy" not in sys.modules:
        return None
    from api.store.engines import cause_outside
    from api.store.failures import Failure, failure_of

    cause = cause_outside(error)
    if cause is None:
        return None
    url = Settings().database_url
    said = without_values(cause, url)
    if failure_of(error) is Failure.FULL:
        return f"the disk of the database is full ({said}); free room on it, and run this again"
    shown = without_secrets(url)
    cure = "check APOS_DATABASE_URL, that the database runs, and what its user may do"
    return f"the database {shown} cannot be used: {said}; {cure}"
