"""Origin declarations with their lines, submissions, reviews and scores; scoring profiles; and the scheme BM-1.0.

The scheme comes from its file, whose digest is pinned here. The databases themselves refuse to change what was submitted,
reviewed or scored, a line once it is written, and a profile once it is frozen; lines go only when no declaration has them.
A step down keeps the ledger, and so the event of the scheme, which a step up does not repeat.
"""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa
import yaml
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SCHEME = Path(__file__).parents[1] / "schemes" / "bm-1.0.yaml"
SCHEME_ID = "01a1fd00-0000-7000-8000-00000000b100"
SCHEME_DIGEST = "46deec1f450497186e5394a1d7ece9cc37063b1d99eeb9d1f7c4b24062716076"
ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPEND_ONLY = ("score_schemes", "submissions", "reviews", "scores")
NEVER_DELETED = (*APPEND_ONLY, "signatories", "scoring_profiles", "origin_declarations")
ARROWS = (
    "OLD.status = NEW.status OR OLD.status = 'draft' AND NEW.status = 'submitted'"
    " OR OLD.status = 'submitted' AND NEW.status IN ('accepted', 'returned')"
    " OR OLD.status IN ('accepted', 'returned') AND NEW.status = 'superseded'"
)
DECLARED = (
    "id", "supplier_id", "lot_id", "challenge_id", "series", "revision", "revises", "price_cents", "system_name",
    "system_version", "system_final_assembly_country", "total_component_cost_cents", "design_authority", "dimensions",
    "component_set", "component_count", "components_digest", "components_cents",
)  # fmt: skip


def upgrade() -> None:
    _create_tables()
    if op.get_bind().dialect.name == "postgresql":
        _guard_on_postgresql()
    else:
        _guard_on_sqlite()
    _add_scheme()


def _add_scheme() -> None:
    document = yaml.safe_load(SCHEME.read_text(encoding="utf-8"))
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    if hashlib.sha256(canonical.encode()).hexdigest() != SCHEME_DIGEST:
        raise RuntimeError(f"{SCHEME.name} is not the scheme that this migration brings; restore it")
    row = {
        "id": SCHEME_ID,
        "version": 1,
        "scheme_version": document["version"],
        "country_list_version": document["countryLists"]["version"],
        "algorithm": document["algorithm"],
        "status": document["status"],
        "digest": SCHEME_DIGEST,
        "document": document,
    }
    columns = [sa.column("id", ID), sa.column("document", JSON)]
    columns += [sa.column(name) for name in row if name not in ("id", "document")]
    op.get_bind().execute(sa.insert(sa.table("score_schemes", *columns)), row)
    events = sa.table(
        "audit_events",
        sa.column("row_id", ID),
        sa.column("changed", JSON),
        sa.column("state", JSON),
        *(sa.column(name) for name in ("recorded_at", "actor", "role", "request_id", "reason", "row_kind", "version")),
    )
    if op.get_bind().execute(sa.select(events.c.version).where(events.c.row_id == SCHEME_ID)).first():
        return
    now = datetime.now(UTC)
    moment = now.isoformat(timespec="microseconds").replace("+00:00", "Z")
    event = {
        "recorded_at": now if op.get_bind().dialect.name == "postgresql" else moment,
        "actor": "system:apos-server",
        "role": "programmeAdmin",
        "request_id": "migration-0003",
        "reason": "the first bonus-malus scheme",
        "row_kind": "score_schemes",
        "row_id": SCHEME_ID,
        "version": 1,
        "changed": {name: [None, value] for name, value in row.items() if name != "version"},
        "state": row,
    }
    op.get_bind().execute(sa.insert(events), event)


def _changes(differs: str) -> str:
    """What may not happen to a declaration: a step of status that is no arrow, and another content once submitted."""
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in DECLARED)
    return f"NOT ({ARROWS}) OR OLD.status <> 'draft' AND ({changed})"


SUBMITTED = "SELECT 1 FROM origin_declarations d WHERE d.component_set = {0}.component_set AND d.status <> 'draft'"
USED = "SELECT 1 FROM origin_declarations d WHERE d.component_set = {0}.component_set"


def _guard_on_sqlite() -> None:
    for table in (*APPEND_ONLY, "components"):
        _on_sqlite(table, "no_update", "UPDATE", "is append-only")
    for table in NEVER_DELETED:
        _on_sqlite(table, "no_delete", "DELETE", "is never deleted from")
    _on_sqlite("scoring_profiles", "frozen", "UPDATE", "is frozen", "WHEN OLD.frozen_at IS NOT NULL")
    _on_sqlite("origin_declarations", "submitted", "UPDATE", "was submitted", f"WHEN {_changes('IS NOT')}")
    words = "of a declaration stay as they are"
    _on_sqlite("components", "submitted", "INSERT", words, f"WHEN EXISTS ({SUBMITTED.format('NEW')})")
    _on_sqlite("components", "used", "DELETE", words, f"WHEN EXISTS ({USED.format('OLD')})")


def _on_sqlite(table: str, name: str, event: str, words: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
    )


def _guard_on_postgresql() -> None:
    for table in (*APPEND_ONLY, "components"):
        _on_postgresql(table, "no_update", "BEFORE UPDATE", "is append-only")
    for table in NEVER_DELETED:
        _on_postgresql(table, "no_delete", "BEFORE DELETE", "is never deleted from")
    for table in (*NEVER_DELETED, "components"):
        _on_postgresql(table, "no_truncate", "BEFORE TRUNCATE", "is never deleted from", each="STATEMENT")
    frozen = "WHEN (OLD.frozen_at IS NOT NULL)"
    _on_postgresql("scoring_profiles", "frozen", "BEFORE UPDATE", "is frozen", when=frozen)
    submitted = f"WHEN ({_changes('IS DISTINCT FROM')})"
    _on_postgresql("origin_declarations", "submitted", "BEFORE UPDATE", "was submitted", when=submitted)
    _lines_on_postgresql("submitted", "INSERT", "NEW", SUBMITTED)
    _lines_on_postgresql("used", "DELETE", "OLD", USED)


def _lines_on_postgresql(name: str, event: str, rows: str, refused: str) -> None:
    """Refuses for all lines of a statement at once; for each of a hundred thousand it would take longer than storing them."""
    op.execute(
        f"CREATE FUNCTION refuse_lines_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF EXISTS (SELECT 1 FROM (SELECT DISTINCT component_set FROM lines) l WHERE EXISTS ({refused.format('l')}))"
        " THEN RAISE EXCEPTION 'components of a declaration stay as they are'; END IF; RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER components_{name} AFTER {event} ON components REFERENCING {rows} TABLE AS lines"
        f" FOR EACH STATEMENT EXECUTE FUNCTION refuse_lines_{name}()"
    )


def _on_postgresql(table: str, name: str, event: str, words: str, *, each: str = "ROW", when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} {event} ON {table} FOR EACH {each} {when} EXECUTE FUNCTION refuse_change('{words}')"
    )


def _create_tables() -> None:
    op.create_table(
        "components",
        sa.Column("component_set", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("parent_key", sa.String(200), nullable=True),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("part_number", sa.String(300), nullable=True),
        sa.Column("manufacturer", sa.String(300), nullable=True),
        sa.Column("function_group", sa.String(300), nullable=True),
        sa.Column("quantity", sa.String(20), nullable=False),
        sa.Column("unit_value", sa.String(20), nullable=True),
        sa.Column("country_of_manufacture", sa.String(2), nullable=True),
        sa.Column("country_of_control", sa.String(2), nullable=True),
        sa.Column("licence_country", sa.String(4), nullable=True),
        sa.Column("export_regime", sa.String(4), nullable=True),
        sa.Column("second_source_country", sa.String(2), nullable=True),
        sa.Column("stock_weeks", sa.String(20), nullable=True),
        sa.Column("lead_time_weeks", sa.String(20), nullable=True),
        sa.Column(
            "evidence_level",
            sa.Enum(
                "none",
                "selfDeclared",
                "document",
                "audited",
                name="evidence_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("evidence_expires_on", sa.Date(), nullable=True),
        sa.Column("evidence_uri", sa.String(2000), nullable=True),
        sa.Column("evidence_sha256", sa.String(64), nullable=True),
        sa.PrimaryKeyConstraint("component_set", "position", name=op.f("pk_components")),
    )
    op.create_table(
        "score_schemes",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("scheme_version", sa.String(40), nullable=False),
        sa.Column("country_list_version", sa.String(40), nullable=False),
        sa.Column("algorithm", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column(
            "document",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_schemes")),
        sa.UniqueConstraint("scheme_version", name=op.f("uq_score_schemes_scheme_version")),
    )
    op.create_table(
        "origin_declarations",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("lot_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("challenge_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("series", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("revises", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "accepted",
                "returned",
                "superseded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("price_cents", sa.BigInteger(), nullable=True),
        sa.Column("system_name", sa.String(300), nullable=False),
        sa.Column("system_version", sa.String(300), nullable=True),
        sa.Column("system_final_assembly_country", sa.String(2), nullable=True),
        sa.Column("total_component_cost_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "design_authority",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "dimensions",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("component_set", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("component_count", sa.Integer(), nullable=False),
        sa.Column("components_digest", sa.String(64), nullable=True),
        sa.Column("components_cents", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(lot_id IS NULL) <> (challenge_id IS NULL)", name=op.f("ck_origin_declarations_one_parent")
        ),
        sa.CheckConstraint("price_cents >= 0", name=op.f("ck_origin_declarations_price")),
        sa.CheckConstraint("total_component_cost_cents >= 0", name=op.f("ck_origin_declarations_total_component_cost")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_origin_declarations_challenge_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_origin_declarations_lot_id")),
        sa.ForeignKeyConstraint(["revises"], ["origin_declarations.id"], name=op.f("fk_origin_declarations_revises")),
        sa.ForeignKeyConstraint(["supplier_id"], ["suppliers.id"], name=op.f("fk_origin_declarations_supplier_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_origin_declarations")),
        sa.UniqueConstraint("revises", name=op.f("uq_origin_declarations_revises")),
        sa.UniqueConstraint("series", "revision", name=op.f("uq_origin_declarations_series_revision")),
    )
    with op.batch_alter_table("origin_declarations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_origin_declarations_challenge_id"), ["challenge_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_origin_declarations_component_set"), ["component_set"], unique=False)
        batch_op.create_index(batch_op.f("ix_origin_declarations_lot_id"), ["lot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_origin_declarations_status"), ["status"], unique=False)
        batch_op.create_index(batch_op.f("ix_origin_declarations_supplier_id"), ["supplier_id"], unique=False)

    op.create_table(
        "scoring_profiles",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lot_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column("challenge_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=True),
        sa.Column(
            "function_groups",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "dimensions",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("cap_percent", sa.String(20), nullable=False),
        sa.Column("require_eu_prime", sa.Boolean(), nullable=False),
        sa.Column("reference_amount_cents", sa.BigInteger(), nullable=True),
        sa.Column("frozen_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=True),
        sa.CheckConstraint("(lot_id IS NULL) <> (challenge_id IS NULL)", name=op.f("ck_scoring_profiles_one_parent")),
        sa.ForeignKeyConstraint(["challenge_id"], ["challenges.id"], name=op.f("fk_scoring_profiles_challenge_id")),
        sa.ForeignKeyConstraint(["lot_id"], ["lots.id"], name=op.f("fk_scoring_profiles_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scoring_profiles")),
        sa.UniqueConstraint("challenge_id", name=op.f("uq_scoring_profiles_challenge_id")),
        sa.UniqueConstraint("lot_id", name=op.f("uq_scoring_profiles_lot_id")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("accepted", "returned", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("narrative", sa.String(10000), nullable=False),
        sa.Column(
            "remarks",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("reviewed_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["origin_declarations.id"], name=op.f("fk_reviews_declaration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_reviews_declaration_id")),
    )
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reviews_reviewed_at"), ["reviewed_at"], unique=False)

    op.create_table(
        "scores",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("scheme_version", sa.String(40), nullable=False),
        sa.Column("country_list_version", sa.String(40), nullable=False),
        sa.Column("reference_date", sa.Date(), nullable=False),
        sa.Column("score", sa.String(60), nullable=True),
        sa.Column("adjustment_percent", sa.String(60), nullable=False),
        sa.Column("fictitious_price_cents", sa.BigInteger(), nullable=True),
        sa.Column(
            "points",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=True,
        ),
        sa.Column(
            "knock_outs",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "origin_shares",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "european_verdict",
            sa.Enum(
                "undetermined",
                "assembledOutside",
                "licenceProduction",
                "decisiveDependency",
                "european",
                name="european_verdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "concentration",
            sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"),
            nullable=False,
        ),
        sa.Column("completeness", sa.String(60), nullable=True),
        sa.Column("confidence", sa.String(60), nullable=True),
        sa.Column("total_cents", sa.BigInteger(), nullable=True),
        sa.Column("declared_cents", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["declaration_id"], ["origin_declarations.id"], name=op.f("fk_scores_declaration_id")),
        sa.ForeignKeyConstraint(
            ["scheme_version"], ["score_schemes.scheme_version"], name=op.f("fk_scores_scheme_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_scores_declaration_id")),
    )
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scores_scheme_version"), ["scheme_version"], unique=False)

    op.create_table(
        "submissions",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("submitted_at", sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["origin_declarations.id"], name=op.f("fk_submissions_declaration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submissions")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_submissions_declaration_id")),
    )
    op.create_table(
        "signatories",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(300), nullable=True),
        sa.Column("function", sa.String(300), nullable=True),
        sa.Column("email", sa.String(300), nullable=True),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_signatories_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signatories")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_signatories_submission_id")),
    )


def downgrade() -> None:
    op.drop_table("signatories")
    op.drop_table("submissions")
    with op.batch_alter_table("scores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_scores_scheme_version"))

    op.drop_table("scores")
    with op.batch_alter_table("reviews", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reviews_reviewed_at"))

    op.drop_table("reviews")
    op.drop_table("scoring_profiles")
    with op.batch_alter_table("origin_declarations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_origin_declarations_supplier_id"))
        batch_op.drop_index(batch_op.f("ix_origin_declarations_status"))
        batch_op.drop_index(batch_op.f("ix_origin_declarations_lot_id"))
        batch_op.drop_index(batch_op.f("ix_origin_declarations_component_set"))
        batch_op.drop_index(batch_op.f("ix_origin_declarations_challenge_id"))

    op.drop_table("origin_declarations")
    op.drop_table("score_schemes")
    op.drop_table("components")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_lines_submitted()")
        op.execute("DROP FUNCTION refuse_lines_used()")
