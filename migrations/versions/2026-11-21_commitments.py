"""Commitments, critical components and consents, never deleted; and what rows are found by, from the lists they hold."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.references import search_keys, search_keys_of_all

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NEVER_DELETED = ("commitments", "consents", "critical_components")
LISTED = (
    ("lots", "references", "reference", search_keys_of_all),
    ("sources", "reference", "reference", lambda printed: search_keys(printed, None)),
    ("trials", "challenge_ids", "challenge_id", list),
    ("trials", "lot_ids", "lot_id", list),
)


def upgrade() -> None:
    _create_tables()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for table in NEVER_DELETED:
        words = "is never deleted from"
        if not on_postgresql:
            op.execute(
                f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
            )
            continue
        for event, each in (("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION refuse_change('{words}')"
            )
    _list_what_is_there()


def _list_what_is_there() -> None:
    connection = op.get_bind()
    row_id = sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql")
    target = sa.table(
        "listed_values", sa.column("row_kind"), sa.column("name"), sa.column("value"), sa.column("row_id", row_id)
    )
    for table, held, name, values_of in LISTED:
        kind = sa.String() if held == "reference" else sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
        source = sa.table(table, sa.column("id", row_id), sa.column(held, kind))
        found = [
            {"row_kind": table, "name": name, "value": value, "row_id": row.id}
            for row in connection.execute(sa.select(source))
            for value in sorted(values_of(row[1]) if row[1] else [])
        ]
        if found:
            connection.execute(sa.insert(target), found)


def _create_tables() -> None:
    op.create_table(
        "listed_values",
        sa.Column("row_kind", sa.String(40), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.String(320), nullable=False),
        sa.Column("row_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("row_kind", "name", "value", "row_id", name=op.f("pk_listed_values")),
    )
    with op.batch_alter_table("listed_values", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listed_values_row_id"), ["row_id"], unique=False)

    op.create_table(
        "commitments",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=True),
        sa.Column("source", sa.String(80), nullable=True),
        sa.Column("note", sa.String(10000), nullable=True),
        sa.Column(
            "readings",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "toezegging",
                "motie",
                "aim",
                "announcement",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.String(10000), nullable=False),
        sa.Column("made", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_note", sa.String(300), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open", "fulfilled", "withdrawn", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("fulfilled_on", sa.Date(), nullable=True),
        sa.Column("evidence", sa.String(80), nullable=True),
        sa.Column(
            "lot_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "references",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(status = 'fulfilled') = (fulfilled_on IS NOT NULL) AND (status = 'fulfilled') = (evidence IS NOT NULL)",
            name=op.f("ck_commitments_fulfilled_by_a_letter"),
        ),
        sa.CheckConstraint("fulfilled_on >= made", name=op.f("ck_commitments_fulfilled_after_made")),
        sa.ForeignKeyConstraint(["evidence"], ["sources.key"], name=op.f("fk_commitments_evidence")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_commitments_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitments")),
        sa.UniqueConstraint("key", name=op.f("uq_commitments_key")),
    )
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commitments_due"), ["due"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_evidence"), ["evidence"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_made"), ["made"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_commitments_status"), ["status"], unique=False)

    op.create_table(
        "critical_components",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=True),
        sa.Column("source", sa.String(80), nullable=True),
        sa.Column("note", sa.String(10000), nullable=True),
        sa.Column(
            "readings",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("function", sa.String(300), nullable=False),
        sa.Column("dutch_position", sa.String(10000), nullable=True),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_critical_components_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_critical_components")),
        sa.UniqueConstraint("key", name=op.f("uq_critical_components_key")),
    )
    with op.batch_alter_table("critical_components", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_critical_components_function"), ["function"], unique=False)
        batch_op.create_index(batch_op.f("ix_critical_components_source"), ["source"], unique=False)

    op.create_table(
        "consents",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column(
            "scope",
            sa.Enum("public", "lotPartners", name="scope", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(10000), nullable=True),
        sa.CheckConstraint("withdrawn_on >= given_on", name=op.f("ck_consents_withdrawn_after_given")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_consents_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
    )
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consents_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "uq_consents_open",
            ["supplier_id", "scope"],
            unique=True,
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("consents", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_consents_open",
            sqlite_where=sa.text("withdrawn_on IS NULL"),
            postgresql_where=sa.text("withdrawn_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_consents_supplier_id"))

    op.drop_table("consents")
    with op.batch_alter_table("critical_components", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_critical_components_source"))
        batch_op.drop_index(batch_op.f("ix_critical_components_function"))

    op.drop_table("critical_components")
    with op.batch_alter_table("commitments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commitments_status"))
        batch_op.drop_index(batch_op.f("ix_commitments_source"))
        batch_op.drop_index(batch_op.f("ix_commitments_made"))
        batch_op.drop_index(batch_op.f("ix_commitments_kind"))
        batch_op.drop_index(batch_op.f("ix_commitments_evidence"))
        batch_op.drop_index(batch_op.f("ix_commitments_due"))

    op.drop_table("commitments")
    with op.batch_alter_table("listed_values", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listed_values_row_id"))

    op.drop_table("listed_values")
