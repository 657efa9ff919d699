"""Withdrawals of rows, endings of lots and challenges, and on what assessments rest.

Columns are added to the tables as they stand. Where a CHECK or a unique constraint changes, SQLite copies the table: its triggers,
and those that name it, are made again. The day of the last change of status, and of the end, are read from the ledger, and
the day of the assessment that counts from the assessments. What only this version can say is told otherwise by a step down: a cancelled challenge
is closed, a withdrawn declaration a draft or returned, and what was entered in error is back; the ledger keeps the events.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WITHDRAWABLE = (
    "milestones", "trials", "commitments", "budget_lines", "test_sites", "targets", "dependencies",
    "critical_components", "lot_partners", "challenge_entrants",
)  # fmt: skip
ENDINGS = {"lots": ("completed", "terminated"), "challenges": ("closed", "cancelled")}
CHALLENGE_STATUSES = ("announced", "open", "running", "trial", "decided", "closed")
DECLARATION_STATUSES = ("draft", "submitted", "accepted", "returned", "superseded")
PARTS = {"reason": 1000, "authority": 300}
COUNTED_APART = ("dropped", "entered_in_error")
AMBER_FROM = ("original_amber_from", "current_amber_from")
ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")
ARROWS = (
    "OLD.status = NEW.status OR OLD.status = 'draft' AND NEW.status = 'submitted'"
    " OR OLD.status = 'submitted' AND NEW.status IN ('accepted', 'returned')"
    " OR OLD.status IN ('accepted', 'returned') AND NEW.status = 'superseded'"
)
WITHDRAWS = " OR OLD.status IN ('draft', 'submitted') AND NEW.status = 'withdrawn'"
DECLARED = (
    "id", "supplier_id", "lot_id", "challenge_id", "series", "revision", "revises", "price_cents", "system_name",
    "system_version", "system_final_assembly_country", "total_component_cost_cents", "design_authority", "dimensions",
    "component_set", "component_count", "components_digest", "components_cents",
)  # fmt: skip


def upgrade() -> None:
    with _copied("challenge_entrants") as batch:
        batch.drop_constraint(op.f("uq_challenge_entrants_challenge_id_supplier_id"), type_="unique")
    _add_plain_columns()
    for table in WITHDRAWABLE:
        _add_withdrawal(table)
    with _copied("challenges") as batch:
        _allow_statuses(batch, "challenges", (*CHALLENGE_STATUSES, "cancelled"))
        whole = (f"(status = 'cancelled') = (cancellation_{part} IS NOT NULL)" for part in PARTS)
        batch.create_check_constraint(op.f("ck_challenges_cancellation"), " AND ".join(whole))
    with _copied("origin_declarations") as batch:
        _allow_statuses(batch, "origin_declarations", (*DECLARATION_STATUSES, "withdrawn"))
    _guard_declarations(ARROWS + WITHDRAWS)
    _open_index("challenge_entrants", ["challenge_id", "supplier_id"], "withdrawn_kind IS NULL")
    op.drop_index("uq_lot_partners_open", "lot_partners")
    _open_index("lot_partners", ["lot_id", "supplier_id", "role"], "ended_on IS NULL AND withdrawn_kind IS NULL")
    for table, endings in ENDINGS.items():
        _fill_days_of_status(table, endings)
    _fill_days_of_assessments()


def downgrade() -> None:
    for table in ("lot_partners", "challenge_entrants"):
        op.drop_index(f"uq_{table}_open", table)
    for table in reversed(WITHDRAWABLE):
        for name in ("authority", "reason", "on", "kind"):
            op.execute(f"ALTER TABLE {table} DROP COLUMN withdrawn_{name}")
    _open_index("lot_partners", ["lot_id", "supplier_id", "role"], "ended_on IS NULL")
    with _copied("challenge_entrants") as batch:
        batch.create_unique_constraint(
            op.f("uq_challenge_entrants_challenge_id_supplier_id"), ["challenge_id", "supplier_id"]
        )
    _drop_guard_of_declarations()
    op.execute(
        "UPDATE origin_declarations SET status = CASE WHEN id IN (SELECT declaration_id FROM submissions)"
        " THEN 'returned' ELSE 'draft' END WHERE status = 'withdrawn'"
    )
    _guard_declarations(ARROWS)
    with _copied("origin_declarations") as batch:
        _allow_statuses(batch, "origin_declarations", DECLARATION_STATUSES)
    with _copied("challenges") as batch:
        batch.drop_constraint(op.f("ck_challenges_cancellation"), type_="check")
    op.execute("UPDATE challenges SET status = 'closed' WHERE status = 'cancelled'")
    with _copied("challenges") as batch:
        _allow_statuses(batch, "challenges", CHALLENGE_STATUSES)
    _drop_plain_columns()


def _add_plain_columns() -> None:
    for table in ENDINGS:
        for name in ("status_since", "ended_on"):
            op.add_column(table, sa.Column(name, sa.Date(), nullable=True))
    for part, length in PARTS.items():
        op.add_column("challenges", sa.Column(f"cancellation_{part}", sa.String(length), nullable=True))
    op.add_column("milestones", sa.Column("assessed_on", sa.Date(), nullable=True))
    for table in ("milestones", "assessments"):
        op.add_column(table, sa.Column("assessed_without", JSON, nullable=True))
    for name in COUNTED_APART:
        op.add_column("parent_progress", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in AMBER_FROM:
        op.add_column("parent_progress", sa.Column(name, sa.Date(), nullable=True))


def _drop_plain_columns() -> None:
    for name in (*COUNTED_APART, *AMBER_FROM):
        op.drop_column("parent_progress", name)
    for table in ("milestones", "assessments"):
        op.drop_column(table, "assessed_without")
    op.drop_column("milestones", "assessed_on")
    for part in PARTS:
        op.drop_column("challenges", f"cancellation_{part}")
    for table in ENDINGS:
        for name in ("status_since", "ended_on"):
            op.drop_column(table, name)


def _add_withdrawal(table: str) -> None:
    """Adds the columns with their CHECKs in them, which needs no copy of the table."""
    kinds = "withdrawn_kind IN ('enteredInError', 'dropped')"
    whole = " AND ".join(f"(withdrawn_kind IS NULL) = (withdrawn_{name} IS NULL)" for name in ("on", *PARTS))
    if table != "milestones":
        whole += " AND (withdrawn_kind IS NULL OR withdrawn_kind = 'enteredInError')"
    for column in (
        f"withdrawn_kind VARCHAR(40) CONSTRAINT ck_{table}_withdrawn_kind CHECK ({kinds})",
        "withdrawn_on DATE",
        f"withdrawn_reason VARCHAR({PARTS['reason']})",
        f"withdrawn_authority VARCHAR({PARTS['authority']}) CONSTRAINT ck_{table}_withdrawal CHECK ({whole})",
    ):
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")


def _allow_statuses(batch: Any, table: str, statuses: tuple[str, ...]) -> None:
    name = op.f(f"ck_{table}_status")
    batch.drop_constraint(name, type_="check")
    listed = ", ".join(f"'{status}'" for status in statuses)
    batch.create_check_constraint(name, f"status IN ({listed})")


def _open_index(table: str, columns: list[str], where: str) -> None:
    name = f"uq_{table}_open"
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


@contextmanager
def _copied(table: str) -> Iterator[Any]:
    """A batch of changes of a table; on SQLite, the triggers that stand on it or name it are made again afterwards."""
    triggers: list[Any] = []
    if not _on_server():
        named = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND (tbl_name = :t OR sql LIKE :s)")
        triggers = list(op.get_bind().execute(named, {"t": table, "s": f"%{table}%"}))
    for trigger in triggers:
        op.execute(f"DROP TRIGGER {trigger.name}")
    with op.batch_alter_table(table) as batch:
        yield batch
    for trigger in triggers:
        op.get_bind().exec_driver_sql(trigger.sql)


def _drop_guard_of_declarations() -> None:
    op.execute("DROP TRIGGER origin_declarations_submitted" + (" ON origin_declarations" if _on_server() else ""))


def _guard_declarations(arrows: str) -> None:
    """Refuses another step of status, and another content once it is no draft."""
    name, differs = "origin_declarations_submitted", "IS DISTINCT FROM" if _on_server() else "IS NOT"
    op.execute(f"DROP TRIGGER IF EXISTS {name}" + (" ON origin_declarations" if _on_server() else ""))
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in DECLARED)
    refused = f"NOT ({arrows}) OR OLD.status <> 'draft' AND ({changed})"
    begins = f"CREATE TRIGGER {name} BEFORE UPDATE ON origin_declarations"
    if _on_server():
        op.execute(f"{begins} FOR EACH ROW WHEN ({refused}) EXECUTE FUNCTION refuse_change('was submitted')")
        return
    op.execute(f"{begins} WHEN {refused} BEGIN SELECT RAISE(ABORT, 'origin_declarations was submitted'); END")


def _fill_days_of_status(table: str, endings: tuple[str, ...]) -> None:
    """The days of the last change of status and of the first end, as they were recorded."""
    events = sa.table("audit_events", *_columns("seq", "row_kind"), sa.column("row_id", ID), *_recorded())
    status = events.c.changed["status"]
    asked = sa.select(events.c.row_id, events.c.recorded_at, status.label("change"), events.c.state["status"])
    days: dict[str, dict[str, date]] = {}
    for row_id, moment, change, now in op.get_bind().execute(
        asked.where(events.c.row_kind == table).order_by(events.c.seq)
    ):
        known = days.setdefault(str(row_id), {})
        if not known or change is not None:
            known["status_since"] = _day_of(moment)
            if now in endings:
                known.setdefault("ended_on", _day_of(moment))
    rows = sa.table(table, sa.column("id", ID), sa.column("status_since", sa.Date()), sa.column("ended_on", sa.Date()))
    for row_id, known in days.items():
        op.get_bind().execute(sa.update(rows).where(rows.c.id == row_id).values(**known))


def _fill_days_of_assessments() -> None:
    """The day of the assessment that counts: the latest uncorrected one, by its date and then by when it was recorded."""
    op.execute(
        "UPDATE milestones SET assessed_on = (SELECT MAX(a.assessed_on) FROM assessments a WHERE a.milestone_id = milestones.id"
        " AND NOT EXISTS (SELECT 1 FROM assessments c WHERE c.corrects = a.id)) WHERE status <> 'scheduled'"
    )


def _recorded() -> list[Any]:
    return [sa.column("recorded_at", MOMENT), sa.column("changed", JSON), sa.column("state", JSON)]


def _columns(*names: str) -> list[Any]:
    return [sa.column(name) for name in names]


def _day_of(moment: Any) -> date:
    """The day in the Netherlands on which a moment falls; SQLite has it as text."""
    known = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return known.astimezone(ZoneInfo("Europe/Amsterdam") if known.tzinfo else UTC).date()


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"
