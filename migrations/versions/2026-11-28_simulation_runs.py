"""Simulations that are running or have failed, and the runs of those that take longer than a request.

A simulation changes once, when it ends; its results are complete then. Those made before are complete. A step down keeps
complete simulations and loses the others, of which the ledger keeps the events.
"""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COUNTS = ("compared", "moved_up", "moved_down", "unchanged", "knocked_out", "relieved", "rank_changes")
FIGURES = (*COUNTS, "by_parent", "results_digest")
HAS_FIGURES = " AND ".join(f"{name} IS NOT NULL" for name in FIGURES)
HAS_NONE = " AND ".join(f"{name} IS NULL" for name in FIGURES)
CHECKS = {
    "status": "status IN ('running', 'complete', 'failed')",
    "figures": f"(status = 'complete' AND {HAS_FIGURES}) OR (status <> 'complete' AND {HAS_NONE})",
    "failure": "(status = 'failed') = (failure IS NOT NULL)",
}
STATUS = sa.String(40)
FIXED = ("id", "scheme_id", "simulated_at")
OTHERWISE = "is append-only but for the end of a simulation"
WHOLE_BEFORE = "SELECT 1 FROM simulations s WHERE s.id = {0}.simulation_id"
WHOLE = f"{WHOLE_BEFORE} AND s.status <> 'running'"


def upgrade() -> None:
    _without_triggers()
    with op.batch_alter_table("simulations") as batch:
        batch.add_column(sa.Column("status", STATUS, nullable=False, server_default="complete"))
        batch.add_column(sa.Column("failure", sa.String(300), nullable=True))
        _alter_figures(batch, nullable=True)
    with op.batch_alter_table("simulations") as batch:
        batch.alter_column("status", existing_type=STATUS, existing_nullable=False, server_default=None)
        for name, check in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_simulations_{name}"), check)
    _create_tables()
    _guard(f"OLD.status <> 'running' OR NEW.status = 'running' OR {_fixed_differ()}", OTHERWISE, WHOLE)


def downgrade() -> None:
    op.drop_table("simulated_declarations")
    op.drop_table("simulation_runs")
    _without_triggers()
    op.execute("DELETE FROM simulations WHERE status <> 'complete'")
    with op.batch_alter_table("simulations") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_simulations_{name}"), type_="check")
    with op.batch_alter_table("simulations") as batch:
        batch.drop_column("failure")
        batch.drop_column("status")
        _alter_figures(batch, nullable=False)
    _guard(None, "is append-only", WHOLE_BEFORE)


def _create_tables() -> None:
    op.create_table(
        "simulation_runs",
        _id("simulation_id"),
        sa.Column("actor", sa.String(400), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("total", "done", "tries")),
        _id("lease", nullable=True),
        sa.Column(
            "leased_until", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=True
        ),
        sa.ForeignKeyConstraint(["simulation_id"], ["simulations.id"], name=op.f("fk_simulation_runs_simulation_id")),
        sa.PrimaryKeyConstraint("simulation_id", name=op.f("pk_simulation_runs")),
    )
    op.create_table(
        "simulated_declarations",
        _id("simulation_id"),
        _id("declaration_id"),
        sa.Column("scheme_before", sa.String(40), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("waiver_ids", _json(), nullable=False),
        sa.Column("compared", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["simulation_id"], ["simulations.id"], name=op.f("fk_simulated_declarations_simulation_id")
        ),
        sa.PrimaryKeyConstraint("simulation_id", "declaration_id", name=op.f("pk_simulated_declarations")),
    )


def _alter_figures(batch: BatchOperations, *, nullable: bool) -> None:
    for name in COUNTS:
        batch.alter_column(name, existing_type=sa.Integer(), nullable=nullable)
    batch.alter_column("by_parent", existing_type=_json(), nullable=nullable)
    batch.alter_column("results_digest", existing_type=sa.String(64), nullable=nullable)


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _fixed_differ() -> str:
    differs = "NEW.{0} IS DISTINCT FROM OLD.{0}" if _on_server() else "NEW.{0} IS NOT OLD.{0}"
    return " OR ".join(differs.format(name) for name in FIXED)


def _without_triggers() -> None:
    """On SQLite, a table is copied to alter it: its triggers go with the old one, and those that name it must go before."""
    if _on_server():
        op.execute("DROP TRIGGER simulations_no_update ON simulations")
        op.execute("DROP TRIGGER simulations_no_delete ON simulations")
        return
    for name in ("simulations_no_update", "simulations_no_delete", "simulation_results_whole"):
        op.execute(f"DROP TRIGGER {name}")


def _guard(unless: str | None, words: str, whole: str) -> None:
    """Refuses deletions, updates where `unless` holds (all, where it is None), and results where `whole` finds a row."""
    when = "" if unless is None else f"WHEN ({unless})"
    if _on_server():
        for name, event, text, condition in (
            ("no_update", "UPDATE", words, when),
            ("no_delete", "DELETE", "is never deleted from", ""),
        ):
            op.execute(
                f"CREATE TRIGGER simulations_{name} BEFORE {event} ON simulations FOR EACH ROW {condition}"
                f" EXECUTE FUNCTION refuse_change('{text}')"
            )
        op.execute(
            "CREATE OR REPLACE FUNCTION refuse_results() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF EXISTS (SELECT 1 FROM (SELECT DISTINCT simulation_id FROM results) r WHERE EXISTS ({whole.format('r')}))"
            " THEN RAISE EXCEPTION 'simulation_results of a simulation stay as they are'; END IF; RETURN NULL; END $$"
        )
        return
    for name, event, text, condition in (
        ("simulations_no_update", "UPDATE ON simulations", f"simulations {words}", when),
        ("simulations_no_delete", "DELETE ON simulations", "simulations is never deleted from", ""),
        (
            "simulation_results_whole",
            "INSERT ON simulation_results",
            "simulation_results of a simulation stay as they are",
            f"WHEN EXISTS ({whole.format('NEW')})",
        ),
    ):
        op.execute(f"CREATE TRIGGER {name} BEFORE {event} {condition} BEGIN SELECT RAISE(ABORT, '{text}'); END")


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=nullable)


def _json() -> sa.JSON:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
