"""The schema of a database: migrating it, checking that it is up to date, and making derived rows anew.

Alembic is imported where it migrates: a server that starts only compares revisions, which takes a fraction of that time.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from api.store.engines import engine_of
from api.store.listed_values import rebuild as rebuild_listed_values
from api.store.parent_progress import rebuild as rebuild_progress

if TYPE_CHECKING:
    from alembic.config import Config

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


def is_current(database_url: str) -> bool:
    """Whether a database has the schema that this version needs."""
    if database_url.startswith("sqlite:///") and not Path(database_url.removeprefix("sqlite:///")).exists():
        return False
    engine = engine_of(database_url)
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return set(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars()) == heads()


def heads() -> set[str]:
    """The revisions that no other one follows, as the files of the migrations state them."""
    stated = [
        (is_followed, revision)
        for file in (MIGRATIONS / "versions").glob("*.py")
        for is_followed, revision in _REVISION.findall(file.read_text(encoding="utf-8"))
    ]
    followed = {revision for is_followed, revision in stated if is_followed}
    return {revision for is_followed, revision in stated if not is_followed} - followed


def is_compared(name: str | None, kind: str, _within: object) -> bool:
    """Whether Alembic compares something of a database with the tables: not the indexes that only PostgreSQL has."""
    return kind != "index" or name is None or not name.endswith(TEXT_ORDER)
