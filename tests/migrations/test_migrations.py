"""Migrations: up and down on both databases, keeping data, and matching the tables."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import DatabaseError

import domain
from api.store.schema import config_for, heads, is_compared, is_current, migrate
from domain.base import Audited
from domain.declarations.waivers import WaiverConfirmation
from domain.ledger import AuditEvent, state_of, table_of
from domain.permissions import Role
from domain.scoring.scoring_profiles import ScoringProfile
from tests.support.databases import Postgres, Sqlite
from tests.support.declared import PROFILE, a_scheme
from tests.support.filled import a_filled_database, contents, engine_of, the_real_portfolio
from tests.support.given import Given
from tests.support.service import Clock, running
from tests.support.sides import waived

REVISIONS = [script.revision for script in ScriptDirectory.from_config(config_for("")).walk_revisions()][::-1]


@pytest.fixture
def blank_url(server: Postgres | Sqlite) -> str:
    """A database without any table."""
    return server.blank()


def test_the_history_is_one_line() -> None:
    script = ScriptDirectory.from_config(config_for(""))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert REVISIONS == [
        "0001",
        "0002",
        "0003",
        "0004",
        "0005",
        "0006",
        "0007",
        "0008",
        "0009",
        "0010",
        "0011",
        "0012",
        "0013",
        "0014",
        "0015",
        "0016",
        "0017",
        "0018",
        "0019",
        "0020",
    ]


def test_a_start_compares_with_the_newest_revision_that_alembic_knows() -> None:
    assert heads() == set(ScriptDirectory.from_config(config_for("")).get_heads())


def test_it_runs_up_and_down_and_up_again(blank_url: str) -> None:
    assert not is_current(blank_url)
    migrate(blank_url)
    assert is_current(blank_url)
    command.downgrade(config_for(blank_url), "base")
    assert contents(blank_url) == {}
    migrate(blank_url)
    assert is_current(blank_url)


def test_the_tables_are_what_the_migrations_make(database_url: str) -> None:
    with engine_of(database_url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_compared})
        assert compare_metadata(context, domain.METADATA) == []


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_a_step_down_and_up_keeps_the_real_portfolio(database_url: str, revision: str) -> None:
    await the_real_portfolio(database_url)
    before = contents(database_url)
    count = sum(len(rows) for rows in before.values())
    found = before["listed_values"]
    assert count - len(found) - len(before["parent_progress"]) == 142 + 4, (
        "the portfolio with its events, and the scheme with its publication and their events"
    )
    command.downgrade(config_for(database_url), revision)
    kept = contents(database_url)
    assert without_changed_columns(kept) == without_changed_columns(without_newer_columns(before, kept, revision))
    migrate(database_url)
    gone: dict[str, list[dict[str, Any]]] = {name: [] for name in before.keys() - kept.keys() - BROUGHT}
    listed = {"listed_values": [line for line in found if line["row_kind"] in kept]}
    after = contents(database_url)
    made_anew = {"parent_progress": [{**row, "revision": 1} for row in before["parent_progress"]]}
    assert after == {**before, **gone, **listed, **made_anew}


def without_newer_columns(
    before: dict[str, list[dict[str, Any]]], kept: dict[str, list[dict[str, Any]]], revision: str
) -> dict[str, list[dict[str, Any]]]:
    """What a step down keeps of what was there: the same rows of the tables that remain, in the columns that remain."""
    return {
        name: [{column: _told_at(revision, row.get(column)) for column in rows[0]} for row in before[name]]
        if rows
        else before[name]
        for name, rows in kept.items()
    }


def _told_at(revision: str, value: Any) -> Any:
    """A value as a version says it: before 0016 a cooperation is of the government."""
    return "government" if value == "cooperation" and revision < "0016" else value


def without_changed_columns(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Without what is derived and was kept in another form: as JSON, or by its id alone."""
    progress = [
        {name: value for name, value in row.items() if name not in ("judges", "last_achieved", "next_milestone_id")}
        for row in found.get("parent_progress", [])
    ]
    return {**found, **({"parent_progress": progress} if "parent_progress" in found else {})}


BROUGHT = {"score_schemes", "scheme_publications"}
"""What a step up brings by itself, and brings back."""
APPEND_ONLY = [
    *("audit_events", "assessments", "rebaselines", "programme_settings"),
    *("score_schemes", "submissions", "reviews", "scores", "waivers"),
    *("scheme_publications", "simulations", "waiver_confirmations"),
]
NOT_KEPT = (
    "idempotency_records",
    "listed_values",
    "parent_progress",
    "simulation_runs",
    "simulated_declarations",
    "request_counts",
)
"""What the service may delete: it keeps these for itself."""
TABLES = [name for name in domain.METADATA.tables if name not in NOT_KEPT]


REFUSED = (
    "append-only",
    "never deleted",
    "keeps its original",
    "is frozen",
    "was submitted",
    "was signed",
    "stay as they are",
)


async def test_the_databases_themselves_refuse_to_rewrite_history(database_url: str) -> None:
    await a_filled_database(database_url)
    before = contents(database_url)
    statements = [f"UPDATE {name} SET version = 9" for name in APPEND_ONLY]
    statements += [f"DELETE FROM {name}" for name in TABLES if before[name]]
    statements += [
        "UPDATE milestones SET original_end = '2031-12-30' WHERE key = 'm-c15-trial'",
        "UPDATE milestones SET original_start = NULL, original_end = NULL WHERE key = 'm-c15-trial'",
        "UPDATE components SET name = 'other'",
        "UPDATE simulation_results SET difference = '9.0'",
        "INSERT INTO simulation_results SELECT simulation_id, 99, declaration_id, supplier_id, lot_id, challenge_id,"
        " reference_date, scheme_before, score_before, score_after, difference, points_difference, adjustment_before,"
        " adjustment_after, rank_before, rank_after, criteria, causes, verdicts, added_count, removed_count, added,"
        " removed FROM simulation_results",
        "INSERT INTO components SELECT component_set, 99, key, parent_key, name, part_number, manufacturer, function_group,"
        " quantity, unit_value, country_of_manufacture, country_of_control, licence_country, export_regime,"
        " second_source_country, stock_weeks, lead_time_weeks, evidence_level, evidence_expires_on, evidence_uri,"
        " evidence_sha256, statement_id FROM components WHERE position = 0",
        "UPDATE origin_declarations SET system_name = 'other'",
        "UPDATE origin_declarations SET price_cents = NULL",
        "UPDATE origin_declarations SET component_set = NULL",
        "UPDATE origin_declarations SET conversion = '{}'",
        "UPDATE origin_declarations SET status = 'draft'",
        "UPDATE origin_declarations SET status = 'accepted'",
        "UPDATE scoring_profiles SET cap_percent = '50'",
        "UPDATE scoring_profiles SET frozen_at = NULL",
        "UPDATE component_statements SET name = 'other'",
        "UPDATE component_statements SET withdrawn_on = NULL",
        "UPDATE statement_verdicts SET origin_shares = '{}'",
        "UPDATE statement_verdicts SET withdrawn_on = NULL",
    ]
    if database_url.startswith("postgresql"):
        statements += [f"TRUNCATE {name} CASCADE" for name in TABLES]
    for statement in statements:
        with engine_of(database_url).connect() as connection, pytest.raises(DatabaseError) as refused:
            connection.execute(sa.text(statement))
        said = str(refused.value)
        assert any(words in said for words in REFUSED), statement
    assert contents(database_url) == before


REPLACED = ["audit_events", "scores", "score_schemes", "scoring_profiles", "origin_declarations", "components"]
REPLACED += ["scheme_publications", "simulations", "simulation_results"]


@pytest.mark.parametrize("table", REPLACED)
async def test_the_service_cannot_replace_a_row_of_sqlite_behind_the_triggers(sqlite: Sqlite, table: str) -> None:
    url = sqlite.empty()
    await a_filled_database(url)
    before = contents(url)
    async with running(url, Clock()) as apos:
        with pytest.raises(DatabaseError) as refused:
            async with apos.service.database.writing() as session:
                await session.exec_driver_sql(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")
    assert any(words in str(refused.value) for words in REFUSED)
    assert contents(url) == before


async def test_what_may_change_still_can(database_url: str) -> None:
    await a_filled_database(database_url)
    with engine_of(database_url).begin() as connection:
        statement = (
            "UPDATE milestones SET window_end = '2027-06-01', original_end = original_end WHERE key = 'm-c15-trial'"
        )
        assert connection.execute(sa.text(statement)).rowcount == 1
        superseded = "UPDATE origin_declarations SET status = 'superseded', version = version + 1"
        assert connection.execute(sa.text(superseded)).rowcount == 1
        for table in ("signatories", "statement_signatories"):
            erased = f"UPDATE {table} SET name = NULL, function = NULL, email = NULL"
            assert connection.execute(sa.text(erased)).rowcount == 1
        assert connection.execute(sa.text("UPDATE component_statements SET shared_with = '[]'")).rowcount == 1


async def test_a_step_down_loses_declarations_alone_and_a_step_up_brings_the_scheme_back(database_url: str) -> None:
    await a_filled_database(database_url)
    before = contents(database_url)
    command.downgrade(config_for(database_url), "0002")
    kept = contents(database_url)
    assert without_changed_columns(kept) == without_changed_columns(without_newer_columns(before, kept, "0001"))
    migrate(database_url)
    after = contents(database_url)
    assert after["score_schemes"] == before["score_schemes"]
    assert after["audit_events"] == before["audit_events"], "the event of the scheme is not repeated"
    assert after["scheme_publications"] == before["scheme_publications"]
    assert after["origin_declarations"] == after["components"] == after["scores"] == []


async def _scored_before_another_scheme(url: str) -> tuple[str, bytes]:
    """The path of a stored score and its bytes, in a database where another scheme is in force by now.

    Another profile is published, of a lot where nobody was scored.
    """
    async with running(url, Clock()) as apos:
        client = await apos.as_(Role.PROGRAMME_ADMIN)
        scheme = (await client.post("/score-schemes", json={"document": a_scheme("BM-1.1")})).json()
        publication = {"effectiveOn": "2026-11-21", "authority": "a", "reason": "r"}
        assert (await client.post(f"/score-schemes/{scheme['id']}/publications", json=publication)).status_code == 201
        given = Given(apos, client, count(100))
        await given.put(f"/lots/{(await given.lot())['id']}", "scoring-profile", PROFILE)
        [declared] = (await client.get("/origin-declarations")).json()["items"]
        path = f"/origin-declarations/{declared['id']}/score"
        return path, (await client.get(path)).content


async def _read(url: str, path: str) -> bytes:
    async with running(url, Clock()) as apos:
        return (await (await apos.as_(Role.PROGRAMME_ADMIN)).get(path)).content


def _forget_what_the_ledger_has_of_it(url: str) -> None:
    """Leaves the ledger as it was before there were confirmations, schemes in profiles and what assessments were without."""
    with engine_of(url).begin() as connection:
        if url.startswith("postgresql"):
            connection.execute(sa.text("ALTER TABLE audit_events DISABLE TRIGGER USER"))
        else:
            for trigger in [name for name in _triggers(url) if name.startswith("audit_events")]:
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        events = table_of(AuditEvent)
        connection.execute(sa.delete(events).where(events.c.row_kind == "waiver_confirmations"))
        assessed = sa.select(events).where(events.c.row_kind.in_(("assessments", "milestones")))
        for event in connection.execute(assessed).mappings().all():
            state = {**event["state"], "assessed_without": None}
            connection.execute(sa.update(events).where(events.c.seq == event["seq"]).values(state=state))
        of_profiles = sa.select(events).where(events.c.row_kind == "scoring_profiles")
        for event in connection.execute(of_profiles).mappings().all():
            state = {name: value for name, value in event["state"].items() if name != "scheme"}
            connection.execute(sa.update(events).where(events.c.seq == event["seq"]).values(state=state))


def _assert_the_ledger_tells_of(url: str, *kinds: type[Audited]) -> None:
    """The newest event of every row of these tables has the row; later columns of others were lost on the way down."""
    with engine_of(url).connect() as connection:
        events = connection.execute(sa.select(table_of(AuditEvent)).order_by(table_of(AuditEvent).c.seq)).mappings()
        newest = {(event["row_kind"], event["row_id"]): event["state"] for event in events}
        for kind in kinds:
            for row in connection.execute(sa.select(table_of(kind))).mappings():
                assert newest[table_of(kind).name, row["id"]] == json.loads(json.dumps(state_of(kind(**row))))


async def test_what_a_first_score_fixed_stands_in_the_profile_and_stored_waivers_are_confirmed(
    database_url: str,
) -> None:
    await a_filled_database(database_url)
    path, score = await _scored_before_another_scheme(database_url)
    before = contents(database_url)
    command.downgrade(config_for(database_url), "0010")
    _forget_what_the_ledger_has_of_it(database_url)
    migrate(database_url)
    after = contents(database_url)
    assert after["scores"] == before["scores"]
    assert after["waivers"] == before["waivers"]
    [waiver], [confirmation] = after["waivers"], after["waiver_confirmations"]
    assert (confirmation["waiver_id"], confirmation["confirmed_at"]) == (waiver["id"], waiver["recorded_at"])
    schemes = {row["frozen_at"] is not None: (row["scheme"], row["version"]) for row in after["scoring_profiles"]}
    assert schemes == {True: ("BM-1.0", 2), False: ("BM-1.1", 2)}
    _assert_the_ledger_tells_of(database_url, ScoringProfile, WaiverConfirmation)
    assert await _read(database_url, path) == score


async def test_a_step_down_loses_proposed_waivers_and_a_step_up_brings_confirmations_and_schemes_back(
    database_url: str,
) -> None:
    await a_filled_database(database_url)
    path, score = await _scored_before_another_scheme(database_url)
    before = contents(database_url)
    async with running(database_url, Clock()) as apos:
        client = await apos.as_(Role.PROGRAMME_ADMIN)
        body = waived("radio")
        assert (await client.post(path.replace("/score", "/waivers"), json=body)).status_code == 201
    command.downgrade(config_for(database_url), "0010")
    assert contents(database_url)["waivers"] == before["waivers"]
    migrate(database_url)
    after = contents(database_url)
    for table in ("waivers", "waiver_confirmations", "scoring_profiles", "scores"):
        assert after[table] == before[table]
    assert await _read(database_url, path) == score


def test_a_scheme_that_is_not_the_one_this_migration_brings_is_refused(
    blank_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.upgrade(config_for(blank_url), "0002")
    safe_load = yaml.safe_load
    monkeypatch.setattr(yaml, "safe_load", lambda text: {**safe_load(text), "version": "BM-9"})
    with pytest.raises(RuntimeError, match="is not the scheme that this migration brings"):
        migrate(blank_url)
    assert "score_schemes" not in contents(blank_url)


CHECKS = [
    ("window that ends before it starts", {"window_start": "2027-01-01", "window_end": "2026-01-01"}),
    ("half a window", {"window_start": "2027-01-01", "window_end": None}),
    ("two parents", {"programme_id": "(SELECT id FROM programmes LIMIT 1)"}),
    ("an amount without a qualifier", {"payment_cents": 5}),
    ("a qualifier without an amount", {"payment_qualifier": "exact"}),
    ("an unknown kind", {"kind": "zzz"}),
]


@pytest.mark.parametrize(("what", "values"), CHECKS, ids=[what for what, _ in CHECKS])
async def test_the_databases_themselves_refuse(database_url: str, what: str, values: dict[str, Any]) -> None:
    await a_filled_database(database_url)
    sets = ", ".join(
        f"{name} = {value if isinstance(value, int) or str(value).startswith('(') else 'NULL' if value is None else repr(value)}"
        for name, value in values.items()
    )
    with engine_of(database_url).connect() as connection, pytest.raises(DatabaseError):
        connection.execute(sa.text(f"UPDATE milestones SET {sets} WHERE key = 'm-c15-trial'"))


def test_a_migration_that_leaves_orphans_is_undone(sqlite: Sqlite, tmp_path: Path) -> None:
    url = sqlite.empty()
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO lot_partners (id, version, lot_id, supplier_id, role) VALUES ('x', 1, 'none', 'none', 'partner')"
        )
    with pytest.raises(RuntimeError, match="rows without their parents"):
        command.downgrade(config_for(url), "0001")
    assert is_current(url)
    assert "lot_partners_no_delete" in _triggers(url)


def _triggers(url: str) -> set[str]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars())
