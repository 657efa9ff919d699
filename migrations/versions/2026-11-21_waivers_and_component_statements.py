"""Waivers of knock-outs, append-only: the databases themselves refuse to change one."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("waivers",)


def upgrade() -> None:
    _create_tables()
    for table in APPEND_ONLY:
        _guard(table, "UPDATE", "is append-only")
        _guard(table, "DELETE", "is never deleted from")


def _guard(table: str, event: str, words: str, when: str = "") -> None:
    """Refuses an event on a table, on PostgreSQL with every DELETE the TRUNCATE that would do the same."""
    name = f"{table}_no_{event.lower()}"
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when}"
            f" BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
        )
        return
    function = f"EXECUTE FUNCTION refuse_change('{words}')"
    op.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {when} {function}")
    if event == "DELETE":
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {function}")


def _create_tables() -> None:
    op.create_table(
        "waivers",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column(
            "code",
            sa.Enum("KO-1", "KO-2", "KO-3", name="code", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("component_key", sa.String(200), nullable=True),
        sa.Column(
            "dimension",
            sa.Enum(
                "operationalUse",
                "softwareUpdates",
                "spareParts",
                "cloudAccess",
                "ammunitionSupply",
                name="dimension",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("authority", sa.String(300), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("alternative_trajectory", sa.String(10000), nullable=False),
        sa.Column("recorded_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.CheckConstraint("(component_key IS NULL) <> (dimension IS NULL)", name=op.f("ck_waivers_one_place")),
        sa.ForeignKeyConstraint(["declaration_id"], ["origin_declarations.id"], name=op.f("fk_waivers_declaration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waivers")),
    )
    with op.batch_alter_table("waivers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_waivers_declaration_id"), ["declaration_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("waivers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waivers_declaration_id"))

    op.drop_table("waivers")