"""Confirmations of waivers, and the scheme that a scoring profile names.

Waivers that are stored count as confirmed when they were recorded. A profile gets the scheme of the first score stored for its
lot or challenge, which fixed it until now, or else the one in force: what the next score would have been of. Each of these rows
gets an event. Scores are left as they are.

A step down loses confirmations, and waivers that were only proposed, because all waivers counted before; the ledger keeps the
events of both. A step up brings back the confirmations and the schemes that the ledger has of the rows that are there.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.base import moment_text, new_id

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.CHAR(36).with_variant(postgresql.UUID(as_uuid=False), "postgresql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.String(27).with_variant(sa.DateTime(timezone=True), "postgresql")


def _table(name: str, **columns: Any) -> sa.TableClause:
    return sa.table(name, *(sa.column(each, kind) for each, kind in columns.items()))


EVENTS = _table(
    "audit_events",
    **{"seq": sa.BigInteger, "recorded_at": MOMENT, "row_id": ID, "version": sa.Integer, "changed": JSON, "state": JSON},
    **dict.fromkeys(("actor", "role", "request_id", "reason", "row_kind"), sa.String),
)
WAIVERS = _table("waivers", id=ID, recorded_at=MOMENT)
CONFIRMATIONS = _table("waiver_confirmations", id=ID, version=sa.Integer, waiver_id=ID, confirmed_at=MOMENT)
PROFILES = _table("scoring_profiles", id=ID, version=sa.Integer, lot_id=ID, challenge_id=ID, scheme=sa.String)
DECLARATIONS = _table("origin_declarations", id=ID, lot_id=ID, challenge_id=ID)
SCORES = _table("scores", id=ID, declaration_id=ID, scheme_version=sa.String)
SCHEMES = _table("score_schemes", id=ID, scheme_version=sa.String)
PUBLICATIONS = _table("scheme_publications", scheme_id=ID, effective_on=sa.Date)
KEPT = {"no_update": ("UPDATE", "is append-only"), "no_delete": ("DELETE", "is never deleted from")}


def upgrade() -> None:
    _create_confirmations()
    _confirm_waivers()
    _guard("waiver_confirmations", KEPT)
    with _profiles_unguarded(), op.batch_alter_table("scoring_profiles") as batch:
        batch.add_column(sa.Column("scheme", sa.String(40), nullable=True))
    with _profiles_unguarded():
        _name_schemes()
        with op.batch_alter_table("scoring_profiles") as batch:
            batch.alter_column("scheme", existing_type=sa.String(40), nullable=False)
            batch.create_foreign_key(op.f("fk_scoring_profiles_scheme"), "score_schemes", ["scheme"], ["scheme_version"])
            batch.create_index(op.f("ix_scoring_profiles_scheme"), ["scheme"])


def downgrade() -> None:
    with _profiles_unguarded(), op.batch_alter_table("scoring_profiles") as batch:
        batch.drop_index(op.f("ix_scoring_profiles_scheme"))
        batch.drop_constraint(op.f("fk_scoring_profiles_scheme"), type_="foreignkey")
        batch.drop_column("scheme")
    _unguard("waivers", ("no_delete",))
    op.execute("DELETE FROM waivers WHERE id NOT IN (SELECT waiver_id FROM waiver_confirmations)")
    _guard("waivers", {"no_delete": KEPT["no_delete"]}, truncate=False)
    op.drop_table("waiver_confirmations")


def _create_confirmations() -> None:
    op.create_table(
        "waiver_confirmations",
        sa.Column("id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("waiver_id", sa.CHAR(36).with_variant(postgresql.UUID(), "postgresql"), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["waiver_id"], ["waivers.id"], name=op.f("fk_waiver_confirmations_waiver_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiver_confirmations")),
        sa.UniqueConstraint("waiver_id", name=op.f("uq_waiver_confirmations_waiver_id")),
    )


def _confirm_waivers() -> None:
    known = {state["waiver_id"]: state for _, state in _last_states("waiver_confirmations").values()}
    for row in op.get_bind().execute(sa.select(WAIVERS).order_by(WAIVERS.c.id)).mappings().all():
        waiver_id, moment = str(row["id"]), row["recorded_at"]
        before = known.get(waiver_id)
        state = before or {
            "id": str(new_id()),
            "version": 1,
            "waiver_id": waiver_id,
            "confirmed_at": moment_text(moment) if _on_server() else moment,
        }
        confirmed_at = datetime.fromisoformat(state["confirmed_at"]) if _on_server() else state["confirmed_at"]
        op.get_bind().execute(sa.insert(CONFIRMATIONS), {**state, "confirmed_at": confirmed_at})
        if before is None:
            reason = "every waiver counted when it was recorded, before another actor was asked to confirm it"
            _add_event("waiver_confirmations", {}, state, reason)


def _name_schemes() -> None:
    states = _last_states("scoring_profiles")
    for row in op.get_bind().execute(sa.select(PROFILES).order_by(PROFILES.c.id)).mappings().all():
        version, before = states[str(row["id"])]
        known = before.get("scheme") if version == row["version"] else None
        scheme = known or _first_scheme(row) or _scheme_in_force()
        after = row["version"] + (known is None)
        here = sa.update(PROFILES).where(PROFILES.c.id == row["id"])
        op.get_bind().execute(here.values(scheme=scheme, version=after))
        if known is None:
            reason = "a scoring profile names its scheme from now on; until now the first score fixed it"
            _add_event("scoring_profiles", before, {**before, "scheme": scheme, "version": after}, reason)


def _first_scheme(profile: Mapping[str, Any]) -> str | None:
    """The scheme of the first score stored for the lot or challenge of a profile."""
    column = "challenge_id" if profile["lot_id"] is None else "lot_id"
    joined = SCORES.join(DECLARATIONS, DECLARATIONS.c.id == SCORES.c.declaration_id)
    of_parent = sa.select(SCORES.c.scheme_version).select_from(joined).where(DECLARATIONS.c[column] == profile[column])
    found: str | None = op.get_bind().execute(of_parent.order_by(SCORES.c.id).limit(1)).scalar_one_or_none()
    return found


def _scheme_in_force() -> str:
    today = datetime.now(ZoneInfo("Europe/Amsterdam")).date()
    joined = SCHEMES.join(PUBLICATIONS, PUBLICATIONS.c.scheme_id == SCHEMES.c.id)
    published = sa.select(SCHEMES.c.scheme_version).select_from(joined).order_by(PUBLICATIONS.c.effective_on.desc())
    found: str = op.get_bind().execute(published.where(PUBLICATIONS.c.effective_on <= today).limit(1)).scalar_one()
    return found


def _last_states(kind: str) -> dict[str, tuple[int, dict[str, Any]]]:
    """The last version and state that the ledger has of each row of a table, by its id."""
    told = sa.select(EVENTS.c.row_id, EVENTS.c.version, EVENTS.c.state).where(EVENTS.c.row_kind == kind)
    rows = op.get_bind().execute(told.order_by(EVENTS.c.seq))
    return {str(row_id): (version, dict(state)) for row_id, version, state in rows}


def _add_event(kind: str, before: Mapping[str, Any], state: Mapping[str, Any], reason: str) -> None:
    now = datetime.now(UTC)
    changed = {
        name: [before.get(name), value]
        for name, value in state.items()
        if name != "version" and before.get(name) != value
    }
    event = {
        "recorded_at": now if _on_server() else moment_text(now),
        "actor": "system:apos-server",
        "role": "programmeAdmin",
        "request_id": "migration-0011",
        "reason": reason,
        "row_kind": kind,
        "row_id": state["id"],
        "version": state["version"],
        "changed": changed,
        "state": dict(state),
    }
    op.get_bind().execute(sa.insert(EVENTS), event)


def _on_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"


class _profiles_unguarded:  # noqa: N801  # reads as a context manager
    """Within it a frozen profile can be changed; SQLite copies a table that is altered, and its triggers go with the old one."""

    def __enter__(self) -> None:
        names = ("frozen",) if _on_server() else ("frozen", "no_delete")
        _unguard("scoring_profiles", names)

    def __exit__(self, *_: object) -> None:
        when = "WHEN (OLD.frozen_at IS NOT NULL)"
        _guard("scoring_profiles", {"frozen": ("UPDATE", "is frozen")}, when, truncate=False)
        if not _on_server():
            _guard("scoring_profiles", {"no_delete": KEPT["no_delete"]})


def _unguard(table: str, names: Sequence[str]) -> None:
    for name in names:
        op.execute(f"DROP TRIGGER {table}_{name}" + (f" ON {table}" if _on_server() else ""))


def _guard(table: str, guards: Mapping[str, tuple[str, str]], when: str = "", *, truncate: bool = True) -> None:
    """Refuses events on a table, on PostgreSQL with every DELETE the TRUNCATE that would do the same, unless it stayed."""
    for name, (event, words) in guards.items():
        if not _on_server():
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} {when}"
                f" BEGIN SELECT RAISE(ABORT, '{table} {words}'); END"
            )
            continue
        function = f"EXECUTE FUNCTION refuse_change('{words}')"
        op.execute(f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table} FOR EACH ROW {when} {function}")
        if event == "DELETE" and truncate:
            op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {function}")
