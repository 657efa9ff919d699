"""The schema of a database: migrating it, checking that it is up to date, and making derived rows anew.

Alembic is imported where it migrates: a server that starts only compares revisions, which takes a fraction of that time.
"""

import asyncio
import re
from collections.abc import Mapping, Set
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from api.store.database import Database
from api.store.engines import engine_of
from api.store.listed_values import rebuild as rebuild_listed_values
from api.store.parent_progress import rebuild as rebuild_progress

if TYPE_CHECKING:
    from alembic.config import Config

ASK_SECONDS = 2
"""How long a database is waited for that is asked for its revision."""
REVISION = "SELECT version_num FROM alembic_version"
TEXT_ORDER = "_in_dutch_order"
"""How the names of indexes on the order of texts end."""
MIGRATIONS = Path(__file__).parents[2] / "migrations"
_REVISION = re.compile(r'^(down_)?revision = "(\w+)"$', re.MULTILINE)


def config_for(database_url: str) -> "Config":
    """Alembic's configuration for a database."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    config.attributes["url"] = database_url
    return config


def migrate(database_url: str) -> None:
    """Brings a database up to date; a SQLite file that does not exist is created."""
    from alembic import command

    command.upgrade(config_for(database_url), "head")


def rebuild(database_url: str) -> None:
    """Makes all derived rows anew in one transaction; writers wait for it."""
    engine = engine_of(database_url)
    with engine.begin() as connection:
        rebuild_progress(connection)
        rebuild_listed_values(connection)


def unmigrated(database_url: str) -> str | None:
    """Why this version cannot work with a database, and what to do; None where it has the schema of this version."""
    found = _revision_of(database_url)
    if found == heads():
        return None
    return _newer(found) or "the database does not have the schema of this version; run `apos-server migrate` first"


def newer(database_url: str) -> str | None:
    """Why this version cannot migrate a database, and what to do; None where it can."""
    return _newer(_revision_of(database_url))


def _newer(found: Set[str]) -> str | None:
    unknown = sorted(found - _revisions().keys())
    if not unknown:
        return None
    return (
        f"the database has the schema of a newer version (revision {', '.join(unknown)}); use that version, or restore a"
        " copy from before its migration"
    )


def _revision_of(database_url: str) -> frozenset[str]:
    """The revisions that a database says it has; none where it was never migrated."""
    if database_url.startswith("sqlite:///") and not Path(database_url.removeprefix("sqlite:///")).exists():
        return frozenset()
    engine = engine_of(database_url)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return frozenset()
        return frozenset(connection.exec_driver_sql(REVISION).scalars())


def is_current(database_url: str) -> bool:
    """Whether a database has the schema that this version needs."""
    return unmigrated(database_url) is None


async def is_served(database: Database) -> bool:
    """Whether a database still has the schema that this process was started for; also where it cannot be asked."""
    with suppress(SQLAlchemyError, TimeoutError):
        async with asyncio.timeout(ASK_SECONDS), database.reading() as session:
            return set((await session.exec_driver_sql(REVISION)).scalars()) == heads()
    return True


@cache
def heads() -> frozenset[str]:
    """The revisions that no other one follows, as the files of the migrations stated them when first asked.

    Kept, because the files may be those of a newer version by the time a running process asks again.
    """
    stated = _revisions()
    return frozenset(stated.keys() - stated.values())


@cache
def _revisions() -> Mapping[str, str | None]:
    """Every revision, and the one that it follows."""
    stated: dict[str, str | None] = {}
    for file in (MIGRATIONS / "versions").glob("*.py"):
        found = dict(_REVISION.findall(file.read_text(encoding="utf-8")))
        stated[found[""]] = found.get("down_")
    return stated


def is_compared(name: str | None, kind: str, _within: object) -> bool:
    """Whether Alembic compares something of a database with the tables: not the indexes that only PostgreSQL has."""
    return kind != "index" or name is None or not name.endswith(TEXT_ORDER)
