"""Registers of the letters: test sites, trials, targets, budget lines and dependencies; rows are never deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NEVER_DELETED = ("budget_lines", "dependencies", "safeguards", "targets", "test_sites", "trials")


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


def _create_tables() -> None:
    op.create_table(
        "budget_lines",
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
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("amount_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "amount_qualifier",
            sa.Enum(
                "exact",
                "moreThan",
                "upTo",
                name="amount_qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("fund", sa.String(40), nullable=True),
        sa.CheckConstraint(
            "(amount_cents IS NULL AND amount_qualifier IS NULL) OR (amount_cents IS NOT NULL AND amount_cents >= 0 AND amount_qualifier IS NOT NULL)",
            name=op.f("ck_budget_lines_amount_amount"),
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_budget_lines_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_lines")),
        sa.UniqueConstraint("key", name=op.f("uq_budget_lines_key")),
    )
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_budget_lines_fund"), ["fund"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_lines_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_budget_lines_title"), ["title"], unique=False)

    op.create_table(
        "targets",
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
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column(
            "bound",
            sa.Enum("atLeast", "atMost", name="bound", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("bound_pct", sa.Integer(), nullable=False),
        sa.Column("definition_version", sa.String(40), nullable=False),
        sa.CheckConstraint("bound_pct BETWEEN 0 AND 100", name=op.f("ck_targets_bound_pct")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_targets_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_targets")),
        sa.UniqueConstraint("key", name=op.f("uq_targets_key")),
    )
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_targets_definition_version"), ["definition_version"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_targets_title"), ["title"], unique=False)

    op.create_table(
        "test_sites",
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
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column(
            "domain",
            sa.Enum(
                "land",
                "sea",
                "air",
                "space",
                "cyber",
                "joint",
                name="domain",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "hosts",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "partner_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_test_sites_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_sites")),
        sa.UniqueConstraint("key", name=op.f("uq_test_sites_key")),
    )
    with op.batch_alter_table("test_sites", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_test_sites_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_sites_domain"), ["domain"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_sites_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_test_sites_source"), ["source"], unique=False)

    op.create_table(
        "trials",
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
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=True),
        sa.Column("window_end", sa.Date(), nullable=True),
        sa.Column("site_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column(
            "challenge_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "lot_ids",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(window_start IS NULL AND window_end IS NULL) OR (window_start IS NOT NULL AND window_end IS NOT NULL AND window_end >= window_start)",
            name=op.f("ck_trials_window"),
        ),
        sa.ForeignKeyConstraint(["site_id"], ["test_sites.id"], name=op.f("fk_trials_site_id")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_trials_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trials")),
        sa.UniqueConstraint("key", name=op.f("uq_trials_key")),
    )
    with op.batch_alter_table("trials", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trials_site_id"), ["site_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_trials_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_trials_title"), ["title"], unique=False)
        batch_op.create_index(batch_op.f("ix_trials_window_end"), ["window_end"], unique=False)

    op.create_table(
        "dependencies",
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
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("controlling_country", sa.String(2), nullable=True),
        sa.Column(
            "name_basis",
            sa.Enum(
                "consent", "publishedSource", name="name_basis", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("lot_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("alternative_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["alternative_id"], ["lots.id"], name=op.f("fk_dependencies_alternative_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_dependencies_lot_id")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_dependencies_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependencies")),
        sa.UniqueConstraint("key", name=op.f("uq_dependencies_key")),
    )
    with op.batch_alter_table("dependencies", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dependencies_alternative_id"), ["alternative_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependencies_controlling_country"), ["controlling_country"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependencies_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependencies_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_dependencies_subject"), ["subject"], unique=False)

    op.create_table(
        "safeguards",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("dependency_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(10000), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "planned", "inPlace", "notInPlace", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column(
            "evidence",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["dependency_id"], ["dependencies.id"], name=op.f("fk_safeguards_dependency_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguards")),
        sa.UniqueConstraint("dependency_id", "position", name=op.f("uq_safeguards_dependency_id_position")),
    )
    with op.batch_alter_table("safeguards", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safeguards_dependency_id"), ["dependency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safeguards_status"), ["status"], unique=False)



def downgrade() -> None:
    with op.batch_alter_table("safeguards", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safeguards_status"))
        batch_op.drop_index(batch_op.f("ix_safeguards_dependency_id"))

    op.drop_table("safeguards")
    with op.batch_alter_table("dependencies", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dependencies_subject"))
        batch_op.drop_index(batch_op.f("ix_dependencies_source"))
        batch_op.drop_index(batch_op.f("ix_dependencies_lot_id"))
        batch_op.drop_index(batch_op.f("ix_dependencies_controlling_country"))
        batch_op.drop_index(batch_op.f("ix_dependencies_alternative_id"))

    op.drop_table("dependencies")
    with op.batch_alter_table("trials", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trials_window_end"))
        batch_op.drop_index(batch_op.f("ix_trials_title"))
        batch_op.drop_index(batch_op.f("ix_trials_source"))
        batch_op.drop_index(batch_op.f("ix_trials_site_id"))

    op.drop_table("trials")
    with op.batch_alter_table("test_sites", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_test_sites_source"))
        batch_op.drop_index(batch_op.f("ix_test_sites_name"))
        batch_op.drop_index(batch_op.f("ix_test_sites_domain"))
        batch_op.drop_index(batch_op.f("ix_test_sites_country"))

    op.drop_table("test_sites")
    with op.batch_alter_table("targets", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_targets_title"))
        batch_op.drop_index(batch_op.f("ix_targets_source"))
        batch_op.drop_index(batch_op.f("ix_targets_definition_version"))

    op.drop_table("targets")
    with op.batch_alter_table("budget_lines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_budget_lines_title"))
        batch_op.drop_index(batch_op.f("ix_budget_lines_source"))
        batch_op.drop_index(batch_op.f("ix_budget_lines_fund"))

    op.drop_table("budget_lines")
