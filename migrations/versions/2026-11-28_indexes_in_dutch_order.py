"""Lists by title or name read an index on PostgreSQL.

The bodies of `folded` and `dutch_order` are bound where they are made, so they are found in any schema, also while an index is
built. An index holds at most 2,704 bytes, so `dutch_order` ends after 2,500. SQLite has neither functions nor these indexes.
"""

from typing import Any

from alembic import context, op
from alembic.script import ScriptDirectory

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (
    ("budget_lines", "title"), ("challenges", "title"), ("critical_components", "function"), ("dependencies", "subject"),
    ("lots", "title"), ("milestones", "title"), ("organisations", "name"), ("programmes", "title"), ("sources", "title"),
    ("suppliers", "name"), ("targets", "title"), ("test_sites", "name"), ("trials", "title"),
)  # fmt: skip


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        functions = _functions()
        _make("folded", "text", f"RETURN {functions._folded().removeprefix('SELECT ')}")
        order = functions._dutch_order().removeprefix("SELECT ")
        _make("dutch_order", "bytea", f"RETURN substr({order}, 1, 2500)")
        for table, column in COLUMNS:
            op.execute(f"CREATE INDEX ix_{table}_in_dutch_order ON {table} (dutch_order({column}), id)")


def downgrade() -> None:
    """Functions that find each other by the search path, and no index."""
    if op.get_bind().dialect.name == "postgresql":
        functions = _functions()
        for table, _ in COLUMNS:
            op.execute(f"DROP INDEX ix_{table}_in_dutch_order")
        _make("folded", "text", f"AS $body$ {functions._folded()} $body$")
        _make("dutch_order", "bytea", f"AS $body$ {functions._dutch_order()} $body$")


def _functions() -> Any:
    """The migration that made the functions, which has their definitions."""
    revision_of = ScriptDirectory.from_config(context.config).get_revision("0013")
    assert revision_of is not None
    return revision_of.module


def _make(name: str, result: str, body: str) -> None:
    op.get_bind().exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {name}(t text) RETURNS {result} LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE"
        f" {body}".replace("%", "%%")
    )
