"""Cooperations and signatures of sources: what a step down says of them, and what a step up brings back."""

import json
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from sqlalchemy.exc import DatabaseError

from api.store.schema import config_for, migrate
from domain.ledger import AuditEvent, table_of
from domain.registers import Organisation, Source
from tests.support.filled import contents, engine_of
from tests.support.portfolio import PORTFOLIO, imported
from tests.support.service import Clock, running


def _kinds(url: str) -> dict[str, str]:
    return {row["key"]: row["kind"] for row in contents(url)["organisations"]}


def _read(stored: Any) -> Any:
    """A list, which SQLite keeps as text."""
    return json.loads(stored) if isinstance(stored, str) else stored


def _written_by_the_older_version(connection: sa.Connection, key: str, kind: str) -> None:
    """Gives an organisation another kind as the version before did: the row, and an event with its whole state."""
    rows, events = table_of(Organisation), table_of(AuditEvent)
    row_id = connection.execute(sa.select(rows.c.id).where(rows.c.key == key)).scalar_one()
    connection.execute(sa.update(rows).where(rows.c.id == row_id).values(kind=kind, version=2))
    event: dict[str, Any] = dict(
        connection.execute(sa.select(events).where(events.c.row_id == row_id)).mappings().one()
    )
    later = {"seq": None, "version": 2, "state": {**event["state"], "kind": kind, "version": 2}}
    connection.execute(sa.insert(events).values({name: value for name, value in {**event, **later}.items() if value}))


async def test_cooperations_are_of_the_government_before_and_come_back_but_for_what_was_written_meanwhile(
    database_url: str,
) -> None:
    async with running(database_url, Clock()) as apos:
        await imported(apos, PORTFOLIO)
    kinds, sources = _kinds(database_url), contents(database_url)["sources"]
    cooperations = {key for key, kind in kinds.items() if kind == "cooperation"}
    assert cooperations == {"epc-drones", "dcc", "gopin"}
    command.downgrade(config_for(database_url), "0015")
    assert _kinds(database_url) == {**kinds, **dict.fromkeys(cooperations, "government")}
    refused = sa.text("UPDATE organisations SET kind = 'cooperation'")
    with engine_of(database_url).connect() as connection, pytest.raises(DatabaseError):
        connection.execute(refused)
    with engine_of(database_url).begin() as connection:
        _written_by_the_older_version(connection, "gopin", "unit")
    migrate(database_url)
    assert _kinds(database_url) == {**kinds, "gopin": "unit"}
    assert contents(database_url)["sources"] == sources
    signed = {row["key"]: len(_read(row["signed_by"])) for row in sources}
    letters = {"ai-hub-answers-2026": 3, "ai-dss-2026": 1, "dmf-reply-2026": 2, "responsible-ai-2025": 2}
    assert signed == {**letters, "apos-progress-2026": 0}


async def test_the_copied_table_keeps_its_guards(database_url: str) -> None:
    async with running(database_url, Clock()) as apos:
        await imported(apos, PORTFOLIO)
    for table in (Organisation, Source):
        with engine_of(database_url).connect() as connection, pytest.raises(DatabaseError, match="never deleted"):
            connection.execute(sa.delete(table_of(table)))
