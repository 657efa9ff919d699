"""The databases themselves refuse to change what is only ever appended, and an original baseline once it is fixed.

A migration that alters one of these tables on SQLite copies it, and must create its triggers again.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_events", "assessments", "rebaselines", "programme_settings")
NEVER_DELETED = (
    "api_keys", "assessor_assignments", "challenge_entrants", "challenges", "lot_partners", "lots", "milestones",
    "organisations", "programmes", "sources", "suppliers",
)  # fmt: skip
FIXED = "OLD.original_end IS NOT NULL AND (NEW.original_start {0} OLD.original_start OR NEW.original_end {0} OLD.original_end)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def downgrade() -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    names = [(table, "no_update") for table in APPEND_ONLY]
    names += [(table, "no_delete") for table in (*APPEND_ONLY, *NEVER_DELETED)]
    names.append(("milestones", "original_fixed"))
    if on_postgresql:
        names += [(table, "no_truncate") for table in (*APPEND_ONLY, *NEVER_DELETED)]
    for table, name in names:
        op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if on_postgresql else ""))
    if on_postgresql:
        op.execute("DROP FUNCTION refuse_change()")


def _upgrade_sqlite() -> None:
    for table in APPEND_ONLY:
        _on_sqlite(table, "no_update", "UPDATE", "is append-only")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        _on_sqlite(table, "no_delete", "DELETE", "is never deleted from")
    _on_sqlite(
        "milestones",
        "original_fixed",
        "UPDATE OF original_start, original_end",
        "keeps its original baselines",
        f"WHEN {FIXED.format('IS NOT')}",
    )


def _on_sqlite(table: str, name: str, event: str, words: str, when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
    )


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% %', TG_TABLE_NAME, TG_ARGV[0]; END $$"
    )
    for table in APPEND_ONLY:
        _on_postgresql(table, "no_update", "BEFORE UPDATE", "is append-only")
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        _on_postgresql(table, "no_delete", "BEFORE DELETE", "is never deleted from")
        _on_postgresql(table, "no_truncate", "BEFORE TRUNCATE", "is never deleted from", each="STATEMENT")
    when = f"WHEN ({FIXED.format('IS DISTINCT FROM')})"
    _on_postgresql("milestones", "original_fixed", "BEFORE UPDATE", "keeps its original baselines", when=when)


def _on_postgresql(table: str, name: str, event: str, words: str, *, each: str = "ROW", when: str = "") -> None:
    op.execute(
        f"CREATE TRIGGER {table}_{name} {event} ON {table} FOR EACH {each} {when} EXECUTE FUNCTION refuse_change('{words}')"
    )
