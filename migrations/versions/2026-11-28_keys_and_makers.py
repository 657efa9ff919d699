"""Keys are renewed and confirmed, and what is known of a statement names its maker.

Keys that exist need no confirmation. The verdict of a statement gets the name that its supplier has now, with an event.

A step down revokes the keys that await confirmation, because every key counted before, and ends the previous secrets of renewed
keys. The names of makers are dropped; the ledger keeps them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.base import moment_text

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def _table(name: str, /, **columns: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(each, kind) for each, kind in columns.items()))


EVENTS = _table(
    "audit_events",
    **{"seq": sa.BigInteger, "recorded_at": MOMENT, "row_id": ID, "version": sa.Integer, "changed": JSON, "state": JSON},
    **dict.fromkeys(("actor", "role", "request_id", "reason", "row_kind"), sa.String),
)
KEYS = _table("api_keys", id=ID, version=sa.Integer, revoked_at=MOMENT, awaits_confirmation=sa.Boolean)
VERDICTS = _table("statement_verdicts", id=ID, version=sa.Integer, maker=sa.String)
STATEMENTS = _table("component_statements", id=ID, supplier_id=ID)
SUPPLIERS = _table("suppliers", id=ID, name=sa.String)


def upgrade() -> None:
    op.add_column("api_keys", sa.Column("previous_hash", sa.String(64), nullable=True))
    op.add_column("api_keys", sa.Column("previous_until", MOMENT, nullable=True))
    op.add_column(
        "api_keys", sa.Column("awaits_confirmation", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index("ix_api_keys_previous_hash", "api_keys", ["previous_hash"], unique=True)
    op.add_column("statement_verdicts", sa.Column("maker", sa.String(300), nullable=False, server_default=""))
    joined = STATEMENTS.join(SUPPLIERS, SUPPLIERS.c.id == STATEMENTS.c.supplier_id)
    made = sa.select(STATEMENTS.c.id, SUPPLIERS.c.name).select_from(joined).order_by(STATEMENTS.c.id)
    for row_id, name in op.get_bind().execute(made).all():
        _change(VERDICTS, str(row_id), {"maker": name}, {"maker": name}, "whoever shares a statement is named from now on")


def downgrade() -> None:
    now = datetime.now(UTC)
    stored, told = (now if _on_server() else moment_text(now)), moment_text(now)
    pending = sa.select(KEYS.c.id).where(KEYS.c.awaits_confirmation, KEYS.c.revoked_at.is_(None)).order_by(KEYS.c.id)
    for row_id in op.get_bind().execute(pending).scalars().all():
        reason = "a key that nobody confirmed does not count after a step down"
        _change(KEYS, str(row_id), {"revoked_at": stored}, {"revoked_at": told}, reason)
    op.drop_column("statement_verdicts", "maker")
    op.drop_index("ix_api_keys_previous_hash", "api_keys")
    for name in ("awaits_confirmation", "previous_until", "previous_hash"):
        op.drop_column("api_keys", name)


def _change(table: sa.TableClause, row_id: str, stored: Mapping[str, Any], told: Mapping[str, Any], reason: str) -> None:
    """Changes columns of a row, and tells so in the ledger."""
    last = sa.select(EVENTS.c.state).where(EVENTS.c.row_kind == table.name, EVENTS.c.row_id == row_id)
    before = dict(op.get_bind().execute(last.order_by(EVENTS.c.seq.desc()).limit(1)).scalar_one())
    state = {**before, **told, "version": before["version"] + 1}
    op.get_bind().execute(
        sa.update(table).where(table.c.id == row_id).values(**stored, version=state["version"])
    )
    now = datetime.now(UTC)
    event = {
        "recorded_at": now if _on_server() else moment_text(now),
        "actor": "system:apos-server",
        "role": "programmeAdmin",
        "request_id": f"migration-{revision}",
        "reason": reason,
        "row_kind": table.name,
        "row_id": row_id,
        "version": state["version"],
        "changed": {name: [before.get(name), value] for name, value in told.items()},
        "state": state,
    }
    op.get_bind().execute(sa.insert(EVENTS), event)


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"
