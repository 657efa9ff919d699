"""The schema of a database: migrating it, checking that it is up to date, and making derived rows anew."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.settings import driver_url
from api.store.listed_values import rebuild as rebuild_listed_values
from api.store.parent_progress import rebuild as rebuild_progress

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def config_for(database_url: str) -> Config:
    """Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d-%%(month).2d-%%(day).2d_%%(slug)s")
    config.attributes["url"] = database_url
    return config


def migrate(database_url: str) -> None:
    """Brings a database up to date; a SQLite file that does not exist is created."""
    command.upgrade(config_for(database_url), "head")


def rebuild(database_url: str) -> None:
    """Makes all derived rows anew in one transaction; writers wait for it."""
    engine = sa.create_engine(driver_url(database_url), poolclass=sa.NullPool)
    with engine.begin() as connection:
        rebuild_progress(connection)
        rebuild_listed_values(connection)


def is_current(database_url: str) -> bool:
    """Whether a database has the schema that this version needs."""
    if database_url.startswith("sqlite:///") and not Path(database_url.removeprefix("sqlite:///")).exists():
        return False
    engine = sa.create_engine(driver_url(database_url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        current_heads = MigrationContext.configure(connection).get_current_heads()
    return set(current_heads) == set(ScriptDirectory.from_config(config_for(database_url)).get_heads())
