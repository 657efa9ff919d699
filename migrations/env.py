"""Runs migrations on SQLite and PostgreSQL, on the database of the settings unless a URL or connection is passed in.

SQLite cannot alter most of a table, so Alembic copies it and drops the old one. With foreign keys on, dropping it would
delete its child rows; so they are switched off while migrating, and checked before the transaction commits.
"""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from api.settings import Settings
from api.store.engines import engine_of
from api.store.parent_progress import rebuild
from api.store.schema import is_compared
from domain import METADATA

config = context.config


PLAIN_TYPES = {
    "Id": 'sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql")',
    "UtcDateTime": 'sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")',
    "EuroCents": "sa.BigInteger()",
    "JSON": 'sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")',
}
"""Our column types as plain SQLAlchemy types, so that old migrations do not change when our types do."""


def render_item(kind: str, item: Any, autogen: Any) -> str | Literal[False]:
    """The source text of one of our column types as its database type; False leaves other items to Alembic."""
    name = type(item).__name__
    if kind != "type" or name not in (*PLAIN_TYPES, "AutoString"):
        return False
    autogen.imports.add("from sqlalchemy.dialects import postgresql")
    return PLAIN_TYPES.get(name) or (f"sa.String({item.length})" if item.length else "sa.Text()")


def migrate(connection: Connection) -> None:
    """Runs the requested migrations on a connection, all of them or none. Raises RuntimeError for orphaned rows on SQLite."""
    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # By default the driver begins no transaction before DDL, so a failing migration would be applied in part.
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
        include_name=is_compared,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if on_sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        before = context.get_context().get_current_heads()
        context.run_migrations()
        after = context.get_context().get_current_heads()
        if after != before and set(after) == set(ScriptDirectory.from_config(config).get_heads()):
            # By the rules of this version, which may differ from those by which the rows were kept so far.
            rebuild(connection)
        if on_sqlite:
            orphans = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
            if orphans:
                raise RuntimeError(f"the migration left rows without their parents: {orphans[:5]}")


def run() -> None:
    """Migrates the engine or connection that was passed in, else the URL that was passed in, else that of the settings."""
    given = config.attributes.get("connection")
    if isinstance(given, Connection):
        migrate(given)
        return
    url = config.attributes.get("url") or Settings().database_url
    engine = given if isinstance(given, Engine) else engine_of(url)
    with engine.connect() as connection:
        migrate(connection)


run()
