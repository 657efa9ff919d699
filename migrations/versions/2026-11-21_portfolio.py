"""The tables of the portfolio, its ledger, its keys and its answers already given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recorded_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.Column("actor", sa.String(400), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("request_id", sa.String(80), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=True),
        sa.Column("row_kind", sa.String(60), nullable=False),
        sa.Column("row_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "changed",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_events")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_events_actor"), ["actor"], unique=False)
        batch_op.create_index("ix_audit_events_kind", ["row_kind", "seq"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_events_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index("ix_audit_events_row", ["row_id", "seq"], unique=False)

    op.create_table(
        "idempotency_records",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("actor", sa.String(400), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("path", sa.String(500), nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column(
            "headers",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_records")),
        sa.UniqueConstraint(
            "actor", "method", "path", "key", name=op.f("uq_idempotency_records_actor_method_path_key")
        ),
    )
    with op.batch_alter_table("idempotency_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_idempotency_records_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "sources",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("file", sa.String(300), nullable=True),
        sa.Column("reference", sa.String(120), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("note", sa.String(10000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("key", name=op.f("uq_sources_key")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sources_date"), ["date"], unique=False)
        batch_op.create_index(batch_op.f("ix_sources_title"), ["title"], unique=False)

    op.create_table(
        "organisations",
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
            "kind",
            sa.Enum(
                "ministry",
                "service",
                "unit",
                "knowledgeInstitute",
                "government",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_organisations_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
    )
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisations_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisations_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisations_source"), ["source"], unique=False)

    op.create_table(
        "programmes",
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
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "budget_qualifier",
            sa.Enum(
                "exact",
                "moreThan",
                "upTo",
                name="budget_qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("budget_fund", sa.String(40), nullable=True),
        sa.Column("budget_note", sa.String(10000), nullable=True),
        sa.Column("budget_source", sa.String(80), nullable=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("purpose", sa.String(10000), nullable=True),
        sa.Column(
            "action_lines",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(budget_cents IS NULL AND budget_qualifier IS NULL) OR (budget_cents IS NOT NULL AND budget_cents >= 0 AND budget_qualifier IS NOT NULL)",
            name=op.f("ck_programmes_budget_amount"),
        ),
        sa.ForeignKeyConstraint(["budget_source"], ["sources.key"], name=op.f("fk_programmes_budget_source")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_programmes_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("code", name=op.f("uq_programmes_code")),
        sa.UniqueConstraint("key", name=op.f("uq_programmes_key")),
    )
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programmes_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_programmes_title"), ["title"], unique=False)

    op.create_table(
        "suppliers",
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
            "name_basis",
            sa.Enum(
                "consent", "publishedSource", name="name_basis", native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_suppliers_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliers")),
        sa.UniqueConstraint("key", name=op.f("uq_suppliers_key")),
    )
    with op.batch_alter_table("suppliers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppliers_country"), ["country"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppliers_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppliers_name_basis"), ["name_basis"], unique=False)
        batch_op.create_index(batch_op.f("ix_suppliers_source"), ["source"], unique=False)

    op.create_table(
        "api_keys",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(300), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "programmeOffice",
                "programmeAdmin",
                "supplier",
                "assessor",
                "auditor",
                "viewer",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("supplier_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("expires_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=True),
        sa.Column("revoked_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=True),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("last_used_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=True),
        sa.CheckConstraint("(role = 'supplier') = (supplier_id IS NOT NULL)", name=op.f("ck_api_keys_supplier")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_api_keys_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_keys_role"), ["role"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_keys_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "challenges",
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
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "budget_qualifier",
            sa.Enum(
                "exact",
                "moreThan",
                "upTo",
                name="budget_qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("budget_fund", sa.String(40), nullable=True),
        sa.Column("budget_note", sa.String(10000), nullable=True),
        sa.Column("budget_source", sa.String(80), nullable=True),
        sa.Column("delivery_confidence_points", sa.Integer(), nullable=True),
        sa.Column("delivery_confidence_narrative", sa.String(10000), nullable=True),
        sa.Column("programme_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("effect", sa.String(10000), nullable=True),
        sa.Column("effect_published", sa.String(10000), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "announced",
                "open",
                "running",
                "trial",
                "decided",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(budget_cents IS NULL AND budget_qualifier IS NULL) OR (budget_cents IS NOT NULL AND budget_cents >= 0 AND budget_qualifier IS NOT NULL)",
            name=op.f("ck_challenges_budget_amount"),
        ),
        sa.CheckConstraint(
            "delivery_confidence_points BETWEEN 1 AND 5", name=op.f("ck_challenges_delivery_confidence")
        ),
        sa.ForeignKeyConstraint(["budget_source"], ["sources.key"], name=op.f("fk_challenges_budget_source")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_challenges_programme_id")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_challenges_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenges")),
        sa.UniqueConstraint("code", name=op.f("uq_challenges_code")),
        sa.UniqueConstraint("key", name=op.f("uq_challenges_key")),
    )
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenges_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenges_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenges_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenges_title"), ["title"], unique=False)

    op.create_table(
        "lots",
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
        sa.Column("budget_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "budget_qualifier",
            sa.Enum(
                "exact",
                "moreThan",
                "upTo",
                name="budget_qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("budget_fund", sa.String(40), nullable=True),
        sa.Column("budget_note", sa.String(10000), nullable=True),
        sa.Column("budget_source", sa.String(80), nullable=True),
        sa.Column("delivery_confidence_points", sa.Integer(), nullable=True),
        sa.Column("delivery_confidence_narrative", sa.String(10000), nullable=True),
        sa.Column("programme_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("effect", sa.String(10000), nullable=True),
        sa.Column("effect_published", sa.String(10000), nullable=True),
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
        sa.Column("owner_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("period_start", sa.Date(), nullable=True),
        sa.Column("period_end", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "exploring",
                "marketDialogue",
                "approved",
                "running",
                "paused",
                "phasingOut",
                "completed",
                "terminated",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("has_run", sa.Boolean(), nullable=False),
        sa.Column(
            "cooperation_form",
            sa.Enum(
                "competition",
                "longTermCooperation",
                "strategicPartnership",
                "challengeFollowOn",
                name="cooperation_form",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("contains_ai", sa.Boolean(), nullable=True),
        sa.Column(
            "principles",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "cooperation",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "references",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("replaced_by", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.CheckConstraint(
            "(budget_cents IS NULL AND budget_qualifier IS NULL) OR (budget_cents IS NOT NULL AND budget_cents >= 0 AND budget_qualifier IS NOT NULL)",
            name=op.f("ck_lots_budget_amount"),
        ),
        sa.CheckConstraint(
            "(period_start IS NULL AND period_end IS NULL) OR (period_start IS NOT NULL AND period_end IS NOT NULL AND period_end >= period_start)",
            name=op.f("ck_lots_period"),
        ),
        sa.CheckConstraint("delivery_confidence_points BETWEEN 1 AND 5", name=op.f("ck_lots_delivery_confidence")),
        sa.ForeignKeyConstraint(["budget_source"], ["sources.key"], name=op.f("fk_lots_budget_source")),
        sa.ForeignKeyConstraint(["owner_id"], ["organisations.id"], name=op.f("fk_lots_owner_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_lots_programme_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["lots.id"], name=op.f("fk_lots_replaced_by")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_lots_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("code", name=op.f("uq_lots_code")),
        sa.UniqueConstraint("key", name=op.f("uq_lots_key")),
    )
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lots_contains_ai"), ["contains_ai"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_cooperation_form"), ["cooperation_form"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_domain"), ["domain"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_replaced_by"), ["replaced_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_lots_title"), ["title"], unique=False)

    op.create_table(
        "programme_settings",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("amber_up_to_days", sa.Integer(), nullable=False),
        sa.Column("envelope_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "envelope_qualifier",
            sa.Enum(
                "exact",
                "moreThan",
                "upTo",
                name="envelope_qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("envelope_fund", sa.String(40), nullable=True),
        sa.Column("envelope_note", sa.String(10000), nullable=True),
        sa.Column("envelope_source", sa.String(80), nullable=True),
        sa.Column("recorded_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(envelope_cents IS NULL AND envelope_qualifier IS NULL) OR (envelope_cents IS NOT NULL AND envelope_cents >= 0 AND envelope_qualifier IS NOT NULL)",
            name=op.f("ck_programme_settings_envelope_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["envelope_source"], ["sources.key"], name=op.f("fk_programme_settings_envelope_source")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_programme_settings_programme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_settings")),
    )
    with op.batch_alter_table("programme_settings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_programme_settings_effective_on"), ["effective_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_programme_settings_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "assessor_assignments",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("lot_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("challenge_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(lot_id IS NULL) <> (challenge_id IS NULL)", name=op.f("ck_assessor_assignments_one_parent")
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_assessor_assignments_challenge_id")),
        sa.ForeignKeyConstraint(["key_id"], ["api_keys.id"], name=op.f("fk_assessor_assignments_key_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_assessor_assignments_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessor_assignments")),
        sa.UniqueConstraint("key_id", "challenge_id", name=op.f("uq_assessor_assignments_key_id_challenge_id")),
        sa.UniqueConstraint("key_id", "lot_id", name=op.f("uq_assessor_assignments_key_id_lot_id")),
    )
    with op.batch_alter_table("assessor_assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessor_assignments_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessor_assignments_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessor_assignments_lot_id"), ["lot_id"], unique=False)

    op.create_table(
        "challenge_entrants",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("supplier_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "entered",
                "selected",
                "rejected",
                "withdrawn",
                "winner",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_challenge_entrants_challenge_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_challenge_entrants_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge_entrants")),
        sa.UniqueConstraint("challenge_id", "supplier_id", name=op.f("uq_challenge_entrants_challenge_id_supplier_id")),
    )
    with op.batch_alter_table("challenge_entrants", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_challenge_entrants_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_challenge_entrants_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "lot_partners",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("supplier_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "prime",
                "strategicPartner",
                "partner",
                "incumbent",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_lot_partners_lot_id")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_lot_partners_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_partners")),
    )
    with op.batch_alter_table("lot_partners", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lot_partners_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lot_partners_supplier_id"), ["supplier_id"], unique=False)
        batch_op.create_index(
            "uq_lot_partners_open",
            ["lot_id", "supplier_id", "role"],
            unique=True,
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )

    op.create_table(
        "milestones",
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
        sa.Column("lot_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("challenge_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("programme_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "marketDialogue",
                "research",
                "start",
                "trial",
                "delivery",
                "article36Review",
                "verificationValidation",
                "operationalUse",
                "phaseOut",
                "completion",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("critical", sa.Boolean(), nullable=True),
        sa.Column("acceptance_criterion", sa.String(10000), nullable=True),
        sa.Column("window_start", sa.Date(), nullable=True),
        sa.Column("window_end", sa.Date(), nullable=True),
        sa.Column("original_start", sa.Date(), nullable=True),
        sa.Column("original_end", sa.Date(), nullable=True),
        sa.Column("forecast_start", sa.Date(), nullable=True),
        sa.Column("forecast_end", sa.Date(), nullable=True),
        sa.Column("payment_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "payment_qualifier",
            sa.Enum(
                "exact",
                "moreThan",
                "upTo",
                name="payment_qualifier",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("after", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("ai_version", sa.String(80), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "scheduled",
                "met",
                "partiallyMet",
                "notMet",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("achieved_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN lot_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN challenge_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN programme_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_milestones_one_parent"),
        ),
        sa.CheckConstraint(
            "(forecast_start IS NULL AND forecast_end IS NULL) OR (forecast_start IS NOT NULL AND forecast_end IS NOT NULL AND forecast_end >= forecast_start)",
            name=op.f("ck_milestones_forecast"),
        ),
        sa.CheckConstraint(
            "(original_start IS NULL AND original_end IS NULL) OR (original_start IS NOT NULL AND original_end IS NOT NULL AND original_end >= original_start)",
            name=op.f("ck_milestones_original"),
        ),
        sa.CheckConstraint(
            "(payment_cents IS NULL AND payment_qualifier IS NULL) OR (payment_cents IS NOT NULL AND payment_cents >= 0 AND payment_qualifier IS NOT NULL)",
            name=op.f("ck_milestones_payment_amount"),
        ),
        sa.CheckConstraint(
            "(window_start IS NULL AND window_end IS NULL) OR (window_start IS NOT NULL AND window_end IS NOT NULL AND window_end >= window_start)",
            name=op.f("ck_milestones_window"),
        ),
        sa.ForeignKeyConstraint(["after"], ["milestones.id"], name=op.f("fk_milestones_after")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_milestones_challenge_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_milestones_lot_id")),
        sa.ForeignKeyConstraint(["programme_id"], ["programmes.id"], name=op.f("fk_milestones_programme_id")),
        sa.ForeignKeyConstraint(["source"], ["sources.key"], name=op.f("fk_milestones_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestones")),
        sa.UniqueConstraint("key", name=op.f("uq_milestones_key")),
    )
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_milestones_after"), ["after"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_critical"), ["critical"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_source"), ["source"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_title"), ["title"], unique=False)
        batch_op.create_index(batch_op.f("ix_milestones_window_end"), ["window_end"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "met", "partiallyMet", "notMet", name="outcome", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("assessed_on", sa.Date(), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=True),
        sa.Column("narrative", sa.String(10000), nullable=False),
        sa.Column(
            "evidence",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("corrects", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("recorded_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'met') = (achieved_on IS NOT NULL)", name=op.f("ck_assessments_achieved_when_met")
        ),
        sa.CheckConstraint("achieved_on <= assessed_on", name=op.f("ck_assessments_achieved_before_assessed")),
        sa.ForeignKeyConstraint(["corrects"], ["assessments.id"], name=op.f("fk_assessments_corrects")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_assessments_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
        sa.UniqueConstraint("corrects", name=op.f("uq_assessments_corrects")),
    )
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessments_milestone_id"), ["milestone_id"], unique=False)

    op.create_table(
        "rebaselines",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("window_start", sa.Date(), nullable=False),
        sa.Column("window_end", sa.Date(), nullable=False),
        sa.Column("previous_start", sa.Date(), nullable=False),
        sa.Column("previous_end", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("authority", sa.String(300), nullable=False),
        sa.Column("recorded_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.CheckConstraint(
            "(previous_start IS NULL AND previous_end IS NULL) OR (previous_start IS NOT NULL AND previous_end IS NOT NULL AND previous_end >= previous_start)",
            name=op.f("ck_rebaselines_previous"),
        ),
        sa.CheckConstraint(
            "(window_start IS NULL AND window_end IS NULL) OR (window_start IS NOT NULL AND window_end IS NOT NULL AND window_end >= window_start)",
            name=op.f("ck_rebaselines_window"),
        ),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestones.id"], name=op.f("fk_rebaselines_milestone_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rebaselines")),
    )
    with op.batch_alter_table("rebaselines", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rebaselines_milestone_id"), ["milestone_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("rebaselines", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rebaselines_milestone_id"))

    op.drop_table("rebaselines")
    with op.batch_alter_table("assessments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessments_milestone_id"))

    op.drop_table("assessments")
    with op.batch_alter_table("milestones", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_milestones_window_end"))
        batch_op.drop_index(batch_op.f("ix_milestones_title"))
        batch_op.drop_index(batch_op.f("ix_milestones_status"))
        batch_op.drop_index(batch_op.f("ix_milestones_source"))
        batch_op.drop_index(batch_op.f("ix_milestones_programme_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_lot_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_kind"))
        batch_op.drop_index(batch_op.f("ix_milestones_critical"))
        batch_op.drop_index(batch_op.f("ix_milestones_challenge_id"))
        batch_op.drop_index(batch_op.f("ix_milestones_after"))

    op.drop_table("milestones")
    with op.batch_alter_table("lot_partners", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_lot_partners_open",
            sqlite_where=sa.text("ended_on IS NULL"),
            postgresql_where=sa.text("ended_on IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_lot_partners_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_lot_partners_lot_id"))

    op.drop_table("lot_partners")
    with op.batch_alter_table("challenge_entrants", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenge_entrants_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_challenge_entrants_challenge_id"))

    op.drop_table("challenge_entrants")
    with op.batch_alter_table("assessor_assignments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessor_assignments_lot_id"))
        batch_op.drop_index(batch_op.f("ix_assessor_assignments_key_id"))
        batch_op.drop_index(batch_op.f("ix_assessor_assignments_challenge_id"))

    op.drop_table("assessor_assignments")
    with op.batch_alter_table("programme_settings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programme_settings_programme_id"))
        batch_op.drop_index(batch_op.f("ix_programme_settings_effective_on"))

    op.drop_table("programme_settings")
    with op.batch_alter_table("lots", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lots_title"))
        batch_op.drop_index(batch_op.f("ix_lots_status"))
        batch_op.drop_index(batch_op.f("ix_lots_source"))
        batch_op.drop_index(batch_op.f("ix_lots_replaced_by"))
        batch_op.drop_index(batch_op.f("ix_lots_programme_id"))
        batch_op.drop_index(batch_op.f("ix_lots_owner_id"))
        batch_op.drop_index(batch_op.f("ix_lots_domain"))
        batch_op.drop_index(batch_op.f("ix_lots_cooperation_form"))
        batch_op.drop_index(batch_op.f("ix_lots_contains_ai"))

    op.drop_table("lots")
    with op.batch_alter_table("challenges", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_challenges_title"))
        batch_op.drop_index(batch_op.f("ix_challenges_status"))
        batch_op.drop_index(batch_op.f("ix_challenges_source"))
        batch_op.drop_index(batch_op.f("ix_challenges_programme_id"))

    op.drop_table("challenges")
    with op.batch_alter_table("api_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_keys_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_api_keys_role"))

    op.drop_table("api_keys")
    with op.batch_alter_table("suppliers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suppliers_source"))
        batch_op.drop_index(batch_op.f("ix_suppliers_name_basis"))
        batch_op.drop_index(batch_op.f("ix_suppliers_name"))
        batch_op.drop_index(batch_op.f("ix_suppliers_country"))

    op.drop_table("suppliers")
    with op.batch_alter_table("programmes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_programmes_title"))
        batch_op.drop_index(batch_op.f("ix_programmes_source"))

    op.drop_table("programmes")
    with op.batch_alter_table("organisations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisations_source"))
        batch_op.drop_index(batch_op.f("ix_organisations_name"))
        batch_op.drop_index(batch_op.f("ix_organisations_kind"))

    op.drop_table("organisations")
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sources_title"))
        batch_op.drop_index(batch_op.f("ix_sources_date"))

    op.drop_table("sources")
    with op.batch_alter_table("idempotency_records", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_idempotency_records_recorded_at"))

    op.drop_table("idempotency_records")
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_events_row")
        batch_op.drop_index(batch_op.f("ix_audit_events_recorded_at"))
        batch_op.drop_index("ix_audit_events_kind")
        batch_op.drop_index(batch_op.f("ix_audit_events_actor"))

    op.drop_table("audit_events")
