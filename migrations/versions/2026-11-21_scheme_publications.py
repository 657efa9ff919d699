"""Publications of score schemes, with BM-1.0 in force from the start; simulations with their results.

All of it is append-only, and a simulation's results are complete once its row is there. A step down keeps the ledger, and
so the events of publications, which a step up brings back and does not repeat. Simulations are lost on a step down.
"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SCHEME_ID = "01a1fd00-0000-7000-8000-00000000b100"
PUBLICATION_ID = "01a1fd00-0000-7000-8000-00000000b101"
EFFECTIVE_ON = date(2026, 1, 1)
ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPEND_ONLY = ("scheme_publications", "simulations", "simulation_results")
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
WHOLE = "SELECT 1 FROM simulations s WHERE s.id = {0}.simulation_id"


def upgrade() -> None:
    _create_tables()
    if _on_server():
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()
    _publish_first_scheme()


def _publish_first_scheme() -> None:
    now = datetime.now(UTC)
    moment = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
    first = {
        "id": PUBLICATION_ID,
        "version": 1,
        "scheme_id": SCHEME_ID,
        "effective_on": EFFECTIVE_ON.isoformat(),
        "authority": "system:apos-server",
        "reason": "the first bonus-malus scheme, a proposal; every score so far was stored under it",
        "published_at": moment,
    }
    known = _published_before()
    for state in known or [first]:
        _publish(state)
    if known:
        return
    event = {
        "recorded_at": now if _on_server() else moment,
        "actor": "system:apos-server",
        "role": "programmeAdmin",
        "request_id": "migration-0007",
        "reason": first["reason"],
        "row_kind": "scheme_publications",
        "row_id": PUBLICATION_ID,
        "version": 1,
        "changed": {name: [None, value] for name, value in first.items() if name != "version"},
        "state": first,
    }
    op.get_bind().execute(sa.insert(EVENTS), event)


def _published_before() -> list[dict[str, object]]:
    """What the ledger has of publications, from before a step down, of schemes that are there."""
    schemes = sa.table("score_schemes", sa.column("id", ID))
    there = set(op.get_bind().execute(sa.select(schemes.c.id)).scalars())
    told = sa.select(EVENTS.c.state).where(EVENTS.c.row_kind == "scheme_publications").order_by(EVENTS.c.seq)
    return [state for state in op.get_bind().execute(told).scalars() if state["scheme_id"] in there]


def _publish(state: dict[str, object]) -> None:
    columns = [sa.column("id", ID), sa.column("scheme_id", ID), sa.column("effective_on", sa.Date)]
    columns += [sa.column(name) for name in ("version", "authority", "reason", "published_at")]
    moment = str(state["published_at"])
    row = {
        **state,
        "effective_on": date.fromisoformat(str(state["effective_on"])),
        "published_at": datetime.fromisoformat(moment) if _on_server() else moment,
    }
    op.get_bind().execute(sa.insert(sa.table("scheme_publications", *columns)), row)


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _guard_on_sqlite() -> None:
    for table in APPEND_ONLY:
        _on_sqlite(table, "no_update", "UPDATE", "is append-only")
        _on_sqlite(table, "no_delete", "DELETE", "is never deleted from")
    whole = f"WHEN EXISTS ({WHOLE.format('NEW')})"
    _on_sqlite("simulation_results", "whole", "INSERT", "of a simulation stay as they are", whole)


def _on_sqlite(table: str, name: str, event: str, words: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
    )


def _guard_on_postgresql() -> None:
    for table in APPEND_ONLY:
        _on_postgresql(table, "no_update", "BEFORE UPDATE", "is append-only")
        _on_postgresql(table, "no_delete", "BEFORE DELETE", "is never deleted from")
        _on_postgresql(table, "no_truncate", "BEFORE TRUNCATE", "is never deleted from", each="STATEMENT")
    op.execute(
        "CREATE FUNCTION refuse_results() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF EXISTS (SELECT 1 FROM (SELECT DISTINCT simulation_id FROM results) r WHERE EXISTS ({WHOLE.format('r')}))"
        " THEN RAISE EXCEPTION 'simulation_results of a simulation stay as they are'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER simulation_results_whole AFTER INSERT ON simulation_results REFERENCING NEW TABLE AS results"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_results()"
    )


def _on_postgresql(table: str, name: str, event: str, words: str, *, each: str = "ROW") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} {event} ON {table} FOR EACH {each} EXECUTE FUNCTION refuse_change('{words}')"
    )


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=nullable)


def _json(name: str) -> sa.Column:
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return sa.Column(name, kind, nullable=False)


def _moment(name: str) -> sa.Column:
    return sa.Column(name, sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False)


def _create_tables() -> None:
    op.create_table(
        "scheme_publications",
        _id("id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("scheme_id"),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        _moment("published_at"),
        sa.ForeignKeyConstraint(["scheme_id"], ["score_schemes.id"], name=op.f("fk_scheme_publications_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme_publications")),
        sa.UniqueConstraint("scheme_id", name=op.f("uq_scheme_publications_scheme_id")),
        sa.UniqueConstraint("effective_on", name=op.f("uq_scheme_publications_effective_on")),
    )
    op.create_table(
        "simulations",
        _id("id"),
        sa.Column("version", sa.Integer(), nullable=False),
        _id("scheme_id"),
        _moment("simulated_at"),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("compared", "moved_up", "moved_down", "unchanged")),
        *(sa.Column(name, sa.String(60), nullable=True) for name in ("largest_rise", "largest_fall", "mean_difference")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("knocked_out", "relieved", "rank_changes")),
        _json("by_parent"),
        sa.Column("results_digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["score_schemes.id"], name=op.f("fk_simulations_scheme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_simulations")),
    )
    with op.batch_alter_table("simulations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_simulations_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "simulation_results",
        _id("simulation_id"),
        sa.Column("position", sa.Integer(), nullable=False),
        _id("declaration_id"),
        _id("supplier_id"),
        _id("lot_id", nullable=True),
        _id("challenge_id", nullable=True),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("scheme_before", sa.String(40), nullable=False),
        *(sa.Column(n, sa.String(60), nullable=True) for n in ("score_before", "score_after", "difference")),
        sa.Column("points_difference", sa.String(60), nullable=True),
        *(sa.Column(name, sa.String(60), nullable=False) for name in ("adjustment_before", "adjustment_after")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("rank_before", "rank_after")),
        *(_json(name) for name in ("criteria", "causes", "verdicts")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("added_count", "removed_count")),
        *(_json(name) for name in ("added", "removed")),
        sa.PrimaryKeyConstraint("simulation_id", "position", name=op.f("pk_simulation_results")),
    )


def downgrade() -> None:
    op.drop_table("simulation_results")
    with op.batch_alter_table("simulations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_simulations_scheme_id"))

    op.drop_table("simulations")
    op.drop_table("scheme_publications")
    if _on_server():
        op.execute("DROP FUNCTION refuse_results()")
