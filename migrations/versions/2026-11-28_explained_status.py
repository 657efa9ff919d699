"""What explains a line of the status is kept with progress; budgets and envelopes without a fund get their programme's.

A programme's fund is that of its envelope in force, or else of its budget. Where it has none, the budgets stay as they are,
and are listed. A step down keeps the funds: they could be given before, too.
"""

import logging
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

log = logging.getLogger("apos.migrations")
ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
EVENTS = sa.table(
    "audit_events",
    sa.column("row_id", ID),
    sa.column("changed", JSON),
    sa.column("state", JSON),
    *(
        sa.column(name)
        for name in ("seq", "recorded_at", "actor", "role", "request_id", "reason", "row_kind", "version")
    ),
)
REASON = "a budget in a programme with an envelope names its fund: it is given that of the programme"


def upgrade() -> None:
    with op.batch_alter_table("parent_progress") as batch:
        for name in ("judges", "last_achieved", "origin"):
            batch.add_column(sa.Column(name, JSON, nullable=True))
        batch.add_column(sa.Column("last_recorded_on", sa.Date(), nullable=True))
    _give_funds()


def downgrade() -> None:
    with op.batch_alter_table("parent_progress") as batch:
        for name in ("judges", "last_achieved", "origin", "last_recorded_on"):
            batch.drop_column(name)


def _give_funds() -> None:
    programmes = {row["id"]: row for row in _rows("programmes", "budget", "code")}
    settings = _rows("programme_settings", "envelope", "programme_id", "effective_on")
    in_force: dict[str, Mapping[str, Any]] = {}
    for row in sorted(settings, key=lambda row: (str(row["effective_on"]), str(row["id"]))):
        if str(row["effective_on"]) <= date.today().isoformat():
            in_force[row["programme_id"]] = row
    funds, enclosed = {}, set()
    for key, programme in programmes.items():
        own = in_force.get(key)
        envelope_fund = own["envelope_fund"] if own and own["envelope_cents"] is not None else None
        funds[key] = envelope_fund or (programme["budget_fund"] if programme["budget_cents"] is not None else None)
        if programme["budget_cents"] is not None or any(
            row["programme_id"] == key and row["envelope_cents"] is not None for row in settings
        ):
            enclosed.add(key)
    left = []
    for row in programmes.values():
        left += _give("programmes", "budget", row, funds[row["id"]], row["code"])
    guarded = [row for row in settings if row["envelope_cents"] is not None and row["envelope_fund"] is None]
    if guarded:
        _guard_settings(drop=True)
        for row in guarded:
            place = f"{programmes[row['programme_id']]['code']} from {row['effective_on']}"
            left += _give("programme_settings", "envelope", row, funds[row["programme_id"]], place)
        _guard_settings(drop=False)
    for table in ("lots", "challenges"):
        for row in _rows(table, "budget", "code", "programme_id"):
            if row["programme_id"] in enclosed:
                left += _give(table, "budget", row, funds[row["programme_id"]], row["code"])
    for place in left:
        log.warning("no fund is known for the budget of %s; give it one", place)


def _rows(table: str, prefix: str, *names: str) -> list[Mapping[str, Any]]:
    columns = [sa.column("id", ID)]
    columns += [sa.column(name, ID) if name.endswith("_id") else sa.column(name) for name in names]
    columns += [sa.column(f"{prefix}_cents"), sa.column(f"{prefix}_fund"), sa.column("version")]
    return [dict(row) for row in op.get_bind().execute(sa.select(*columns).select_from(sa.table(table))).mappings()]


def _give(table: str, prefix: str, row: Mapping[str, Any], fund: str | None, place: str) -> list[str]:
    """Gives a row its fund, with an event; what stays without one is returned, to be listed."""
    name = f"{prefix}_fund"
    if row[f"{prefix}_cents"] is None or row[name] is not None:
        return []
    if fund is None:
        return [f"{table.replace('_', ' ')} {place}"]
    found = sa.table(table, sa.column("id", ID), sa.column(name), sa.column("version"))
    version = row["version"] + 1
    given = {name: fund, "version": version}
    connection = op.get_bind()
    connection.execute(sa.update(found).where(found.c.id == row["id"]).values(given))
    newest = sa.select(EVENTS.c.state).where(EVENTS.c.row_id == row["id"]).order_by(EVENTS.c.seq.desc()).limit(1)
    state = connection.execute(newest).scalar_one()
    now = datetime.now(UTC)
    event = {
        "recorded_at": now if _on_server() else now.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "actor": "system:apos-server",
        "role": "programmeAdmin",
        "request_id": "migration-0014",
        "reason": REASON,
        "row_kind": table,
        "row_id": row["id"],
        "version": version,
        "changed": {name: [None, fund]},
        "state": {**state, **given},
    }
    connection.execute(sa.insert(EVENTS), event)
    return []


def _guard_settings(*, drop: bool) -> None:
    """Settings are append-only; only this migration gives those without a fund the one that they must name now."""
    on_server = _on_server()
    if drop:
        op.execute("DROP TRIGGER programme_settings_no_update" + (" ON programme_settings" if on_server else ""))
    elif on_server:
        op.execute(
            "CREATE TRIGGER programme_settings_no_update BEFORE UPDATE ON programme_settings FOR EACH ROW"
            " EXECUTE FUNCTION refuse_change('is append-only')"
        )
    else:
        op.execute(
            "CREATE TRIGGER programme_settings_no_update BEFORE UPDATE ON programme_settings"
            " BEGIN SELECT RAISE(ABORT, 'programme_settings is append-only'); END"
        )


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"
