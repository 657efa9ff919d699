"""Organisations that are a cooperation of several, and of sources who signed them and where they are published.

Only this version can say these. A step down calls a cooperation `government`, which is nearest, and drops the columns of
sources; the ledger keeps all of it. A step up brings back what the newest event of each row has. On SQLite the table of
organisations is copied, so its triggers are made again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = ("ministry", "service", "unit", "knowledgeInstitute", "government")
ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
RESTORED: dict[str, dict[str, Any]] = {
    "organisations": {"kind": sa.String()},
    "sources": {"signed_by": JSON, "uri": sa.String()},
}
"""The columns that a step up fills from the ledger, by table, with their types."""


def upgrade() -> None:
    op.add_column("sources", sa.Column("signed_by", JSON, nullable=False, server_default="[]"))
    op.add_column("sources", sa.Column("uri", sa.String(2000), nullable=True))
    _allow_kinds((*KINDS, "cooperation"))
    for table in RESTORED:
        _restore(table)


def downgrade() -> None:
    op.execute("UPDATE organisations SET kind = 'government' WHERE kind = 'cooperation'")
    _allow_kinds(KINDS)
    op.drop_column("sources", "uri")
    op.drop_column("sources", "signed_by")


def _allow_kinds(kinds: tuple[str, ...]) -> None:
    triggers: list[Any] = []
    if op.get_bind().dialect.name == "sqlite":
        own = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'organisations'"
        triggers = list(op.get_bind().execute(sa.text(own)))
    for trigger in triggers:
        op.execute(f"DROP TRIGGER {trigger.name}")
    with op.batch_alter_table("organisations") as batch:
        batch.drop_constraint(op.f("ck_organisations_kind"), type_="check")
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        batch.create_check_constraint(op.f("ck_organisations_kind"), f"kind IN ({listed})")
    for trigger in triggers:
        op.get_bind().exec_driver_sql(trigger.sql)


def _restore(table: str) -> None:
    """Fills the columns from the newest event of each row, where that event has them."""
    columns = [sa.column(name, kind) for name, kind in RESTORED[table].items()]
    rows = sa.table(table, sa.column("id", ID), *columns)
    events = sa.table(
        "audit_events", sa.column("seq"), sa.column("row_kind"), sa.column("row_id", ID), sa.column("state", JSON)
    )
    asked = sa.select(events.c.row_id, events.c.state).where(events.c.row_kind == table).order_by(events.c.seq)
    newest: dict[str, dict[str, Any]] = {str(row_id): state for row_id, state in op.get_bind().execute(asked)}
    for row_id, state in newest.items():
        known = {name: state[name] for name in RESTORED[table] if name in state}
        if known:
            op.get_bind().execute(sa.update(rows).where(rows.c.id == row_id).values(**known))
