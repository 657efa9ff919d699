"""Budgets of before a fund was asked for: in a programme with an envelope they get the fund of the programme, if it has one."""

import logging
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from alembic import command

import domain
from api.store.schema import config_for, migrate
from domain.ledger import AuditEvent, table_of
from domain.permissions import Role
from tests.support.filled import engine_of
from tests.support.given import Given
from tests.support.service import Clock, ledger_matches_rows, running

FUNDS = {"settings": "dmf", "budget": "replacement", "unknown": None, "free": None}
"""The programmes, by where their envelope stands, with the fund of it. The last has no envelope."""
Made = dict[str, dict[str, Any]]


async def _budgets(url: str) -> Made:
    """Each programme with a lot and a challenge that have a budget, a lot with one in a fund of its own, and one without."""
    made: Made = {}
    async with running(url, Clock()) as apos:
        given = Given(apos, await apos.as_(Role.PROGRAMME_ADMIN))
        for name, fund in FUNDS.items():
            budget = {"amount": "90.00", "fund": fund or "dmf"} if name in ("budget", "unknown") else None
            programme = made[f"programmes {name}"] = await given.programme(code=name, budget=budget)
            path = f"/programmes/{programme['id']}/settings"
            if name == "settings":
                body = {"effectiveOn": "2026-11-21", "envelope": {"amount": "80.00", "fund": fund}}
                made["programme_settings settings"] = await given.post(path, body)
            of = {"programmeId": programme["id"]}
            priced = {**of, "budget": {"amount": "5.00", "fund": fund or "dmf"}}
            made[f"lots {name}"] = await given.lot(code=f"lot-{name}", **priced)
            made[f"challenges {name}"] = await given.challenge(code=f"challenge-{name}", **priced)
            own = {"amount": "5.00", "fund": "other"}
            made[f"own {name}"] = await given.lot(code=f"own-{name}", **of, budget=own)
            made[f"unpriced {name}"] = await given.lot(code=f"unpriced-{name}", **of)
        path = f"/programmes/{made['programmes budget']['id']}/settings"
        body = {"effectiveOn": "2026-11-21", "envelope": {"amount": "80.00", "fund": "replacement"}}
        made["programme_settings budget"] = await given.post(path, body)
    return made


def _forget(connection: sa.Connection, table: str, row_id: str, **values: Any) -> None:
    """Gives a row, and the newest state that the ledger has of it, values that the service let stand before."""
    events, rows, key = table_of(AuditEvent), domain.METADATA.tables[table], UUID(row_id)
    connection.execute(sa.update(rows).where(rows.c.id == key).values(**values))
    newest = sa.select(events).where(events.c.row_id == key).order_by(events.c.seq.desc()).limit(1)
    event = connection.execute(newest).mappings().one()
    state = {**event["state"], **values}
    connection.execute(sa.update(events).where(events.c.seq == event["seq"]).values(state=state))


def _forget_funds(url: str, made: Made) -> None:
    """Takes the funds of budgets and envelopes away: all but that of the envelope, or the budget, that has the programme's."""
    guards = {table: f"{table}_no_update" for table in ("audit_events", "programme_settings")}
    with engine_of(url).begin() as connection:
        on_server = connection.dialect.name == "postgresql"
        named = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = {} if on_server else {row.name: row.sql for row in connection.execute(named)}
        for table, guard in guards.items():
            off = f"ALTER TABLE {table} DISABLE TRIGGER {guard}" if on_server else f"DROP TRIGGER {guard}"
            connection.exec_driver_sql(off)
        for name in FUNDS:
            for table in ("lots", "challenges"):
                _forget(connection, table, made[f"{table} {name}"]["id"], budget_fund=None)
        _forget(connection, "programmes", made["programmes unknown"]["id"], budget_fund=None)
        _forget(connection, "programme_settings", made["programme_settings budget"]["id"], envelope_fund=None)
        for table, guard in guards.items():
            on = f"ALTER TABLE {table} ENABLE TRIGGER {guard}" if on_server else triggers[guard]
            connection.exec_driver_sql(on)


def _funds(url: str, made: Made) -> dict[str, str | None]:
    """The fund of every budget and envelope by now."""
    found: dict[str, str | None] = {}
    with engine_of(url).connect() as connection:
        for name, row in made.items():
            kind = name.split()[0].replace("own", "lots").replace("unpriced", "lots")
            table = domain.METADATA.tables[kind]
            column = table.c.envelope_fund if kind == "programme_settings" else table.c.budget_fund
            asked = sa.select(column).where(table.c.id == UUID(row["id"]))
            found[name] = connection.execute(asked).scalar_one()
    return found


async def test_budgets_without_a_fund_get_that_of_their_programme_and_the_others_are_listed(
    database_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # import-linter, which another test runs, disables every logger that exists by then.
    monkeypatch.setattr(logging.getLogger("apos.migrations"), "disabled", False)
    made = await _budgets(database_url)
    command.downgrade(config_for(database_url), "0013")
    _forget_funds(database_url, made)
    with caplog.at_level(logging.WARNING, "apos.migrations"):
        migrate(database_url)
    given = {f"{kind} {name}": fund for name, fund in FUNDS.items() for kind in ("lots", "challenges")}
    assert _funds(database_url, made) == {
        **given,
        **{f"own {name}": "other" for name in FUNDS},
        **{f"unpriced {name}": None for name in FUNDS},
        **{f"programmes {name}": "replacement" if name == "budget" else None for name in FUNDS},
        "programme_settings settings": "dmf",
        "programme_settings budget": "replacement",
    }
    assert sorted(record.args[0] for record in caplog.records if isinstance(record.args, tuple) and record.args) == [
        "challenges challenge-unknown",
        "lots lot-unknown",
        "programmes unknown",
    ]
    ledger_matches_rows(database_url)


async def test_what_is_given_a_fund_is_an_event_with_its_reason(database_url: str) -> None:
    made = await _budgets(database_url)
    command.downgrade(config_for(database_url), "0013")
    _forget_funds(database_url, made)
    migrate(database_url)
    async with running(database_url, Clock()) as apos:
        client = await apos.as_(Role.PROGRAMME_ADMIN)
        events = (await client.get("/audit-events?limit=200")).json()["items"]
        assert {(event["rowKind"], event["rowId"]) for event in events if event["actor"] == "system:apos-server"} >= {
            ("lots", made["lots settings"]["id"]),
            ("challenges", made["challenges budget"]["id"]),
            ("programme_settings", made["programme_settings budget"]["id"]),
        }
        lot = (await client.get(f"/lots/{made['lots settings']['id']}")).json()
        assert (lot["budget"]["fund"], lot["version"]) == ("dmf", made["lots settings"]["version"] + 1)


async def test_settings_are_append_only_again(database_url: str) -> None:
    made = await _budgets(database_url)
    command.downgrade(config_for(database_url), "0013")
    _forget_funds(database_url, made)
    migrate(database_url)
    with engine_of(database_url).connect() as connection, pytest.raises(sa.exc.DatabaseError, match="append-only"):
        connection.execute(sa.text("UPDATE programme_settings SET envelope_fund = 'dmf'"))
