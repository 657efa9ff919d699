"""Runs migrations on SQLite and PostgreSQL, with the service's own settings unless a URL or engine is handed in.

SQLite cannot alter a table: it is copied. With foreign keys on, dropping the old one would delete its children, so they
are off while migrating, and checked before the end.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection, Engine, create_engine

from api.settings import Settings, sync_url
from domain import METADATA

config = context.config


PLAIN = {
    "Id": 'sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql")',
    "UtcDateTime": 'sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")',
    "EuroCents": "sa.BigInteger()",
    "JSON": 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")',
}
"""Our column types as plain ones: an old migration must not change when our code does."""


def render_item(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Writes our column types as what they are in the database."""
    name = type(thing).__name__
    if kind != "type" or name not in (*PLAIN, "AutoString"):
        return False
    autogen.imports.add("from sqlalchemy.dialects import postgresql")
    return PLAIN.get(name) or (f"sa.String({thing.length})" if thing.length else "sa.Text()")


def migrate(connection: Connection) -> None:
    """Runs the migrations that were asked for on a connection, all of them or none."""
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # The driver would begin no transaction before DDL, and a failing migration would leave half of itself.
        driver: Any = connection.connection.dbapi_connection
        driver.isolation_level = None
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=on_sqlite,
        render_item=render_item,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if on_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        context.run_migrations()
        if on_sqlite:
            broken = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
            if broken:
                raise RuntimeError(f"the migration left rows without their parents: {broken[:5]}")


def run() -> None:
    """Finds the database: an engine or connection handed in, else the URL handed in, else the settings."""
    given = config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
        return
    url = config.attributes.get("url") or Settings().database_url
    engine = given if isinstance(given, Engine) else create_engine(sync_url(url), poolclass=sa.NullPool)
    with engine.connect() as connection:
        migrate(connection)


run()
