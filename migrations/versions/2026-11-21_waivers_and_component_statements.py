"""Waivers of knock-outs; statements of components with their verdicts; and the statement that a line of a declaration names.

The databases themselves refuse to change a waiver, what was signed, and the lines of a statement. Lines get a column by a plain
ALTER TABLE, because SQLite would copy a table that is altered otherwise and drop its triggers. A step down loses waivers,
statements with their lines, and what lines name; the digest of a declaration that named a statement then no longer tells.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("waivers",)
NEVER_DELETED = (*APPEND_ONLY, "component_statements", "statement_signatories", "statement_verdicts")
SIGNED = {
    "component_statements": (
        "id", "supplier_id", "name", "part_number", "total_component_cost_cents", "component_set", "component_count",
        "components_digest", "valid_until", "signed_at", "scheme_version", "reference_date",
    ),
    "statement_verdicts": ("id", "name", "part_number", "origin_shares", "valid_until"),
}  # fmt: skip
"""What never changes of a statement; and a withdrawal is final."""
DECLARED = "SELECT 1 FROM origin_declarations d WHERE d.component_set = {0}.component_set"
SUBMITTED = f"{DECLARED} AND d.status <> 'draft'"
STATED = "SELECT 1 FROM component_statements s WHERE s.component_set = {0}.component_set"
LINES = {"submitted": ("INSERT", "NEW", SUBMITTED), "used": ("DELETE", "OLD", DECLARED)}
"""When lines stay as they are: the event, the rows it is about, and the declarations that have them."""


def upgrade() -> None:
    _create_tables()
    op.add_column(
        "components", sa.Column("statement_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True)
    )
    for table in APPEND_ONLY:
        _guard(table, "UPDATE", "is append-only")
    for table in NEVER_DELETED:
        _guard(table, "DELETE", "is never deleted from")
    for table, columns in SIGNED.items():
        _guard(table, "UPDATE", "was signed", f"WHEN ({_changes(columns)})")
    _guard_lines(f" OR EXISTS ({STATED})")


def _changes(columns: tuple[str, ...]) -> str:
    differs = "IS DISTINCT FROM" if op.get_bind().dialect.name == "postgresql" else "IS NOT"
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in columns)
    return f"{changed} OR OLD.withdrawn_on IS NOT NULL AND NEW.withdrawn_on {differs} OLD.withdrawn_on"


def _guard_lines(stated: str) -> None:
    """Puts other guards in the place of those of lines: `stated` is who has them beside a declaration."""
    words = "of a declaration stay as they are"
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, (event, rows, declared) in LINES.items():
        theirs = f"EXISTS ({declared}){stated}".format("l" if on_postgresql else rows)
        if not on_postgresql:
            op.execute(f"DROP TRIGGER components_{name}")
            op.execute(
                f"CREATE TRIGGER components_{name} BEFORE {event} ON components WHEN {theirs}"
                f" BEGIN SELECT RAISE(ABORT, 'components {words}'); END"
            )
            continue
        op.execute(
            f"CREATE OR REPLACE FUNCTION refuse_lines_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF EXISTS (SELECT 1 FROM (SELECT DISTINCT component_set FROM lines) l WHERE {theirs})"
            f" THEN RAISE EXCEPTION 'components {words}'; END IF; RETURN NULL; END $$"
        )


def _guard(table: str, event: str, words: str, when: str = "") -> None:
    """Refuses an event on a table, on PostgreSQL with every DELETE the TRUNCATE that would do the same."""
    name = f"{table}_no_{event.lower()}"
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
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

    op.create_table(
        "component_statements",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("part_number", sa.String(300), nullable=True),
        sa.Column("total_component_cost_cents", sa.BigInteger(), nullable=False),
        sa.Column("component_set", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("component_count", sa.Integer(), nullable=False),
        sa.Column("components_digest", sa.String(64), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column(
            "shared_with",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("signed_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.Column("scheme_version", sa.String(40), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.CheckConstraint(
            "total_component_cost_cents >= 0", name=op.f("ck_component_statements_total_component_cost")
        ),
        sa.ForeignKeyConstraint(
            ["scheme_version"], ["score_schemes.scheme_version"], name=op.f("fk_component_statements_scheme_version")
        ),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_component_statements_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component_statements")),
        sa.UniqueConstraint("component_set", name=op.f("uq_component_statements_component_set")),
    )
    with op.batch_alter_table("component_statements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_component_statements_scheme_version"), ["scheme_version"], unique=False)
        batch_op.create_index(batch_op.f("ix_component_statements_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "statement_signatories",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(300), nullable=True),
        sa.Column("function", sa.String(300), nullable=True),
        sa.Column("email", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["component_statements.id"], name=op.f("fk_statement_signatories_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_signatories")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_statement_signatories_statement_id")),
    )
    op.create_table(
        "statement_verdicts",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("part_number", sa.String(300), nullable=True),
        sa.Column(
            "origin_shares",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["component_statements.id"], name=op.f("fk_statement_verdicts_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_verdicts")),
    )


def downgrade() -> None:
    _guard_lines("")
    op.execute("DELETE FROM components WHERE component_set IN (SELECT component_set FROM component_statements)")
    op.execute("DELETE FROM listed_values WHERE row_kind = 'component_statements'")
    op.execute("ALTER TABLE components DROP COLUMN statement_id")
    op.drop_table("statement_verdicts")
    op.drop_table("statement_signatories")
    with op.batch_alter_table("component_statements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_component_statements_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_component_statements_scheme_version"))

    op.drop_table("component_statements")
    with op.batch_alter_table("waivers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waivers_declaration_id"))

    op.drop_table("waivers")
