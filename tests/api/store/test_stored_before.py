"""What was stored under looser rules is read as it was stored: by id, in lists, in every format, and in what sums it up.

Columns of text, days and documents get what no request may say today, directly in the database; then every read of the
contract is asked by those who see most and least. A new table, column or read takes part by itself; what is left out is named
here, with the reason.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from typing import Any

import httpx
import sqlalchemy as sa
from sqlmodel import AutoString

import domain
from api.http.negotiation import JSON
from domain.permissions import Role
from tests.support.databases import Postgres, Sqlite
from tests.support.filled import engine_of
from tests.support.operations import operations
from tests.support.service import Apos, Clock, running
from tests.support.sides import Chronicle, Ids, a_side, registers

BY_THE_SERVICE = {
    *("audit_events", "idempotency_records", "request_counts", "parent_progress", "listed_values", "api_keys"),
    *("scores", "score_schemes", "scheme_publications", "simulations", "simulation_results", "simulated_declarations"),
    *("simulation_runs", "statement_verdicts", "scoring_profiles"),
}
"""Tables that the service fills by itself, or that scores are computed by."""
COMPUTED_WITH = {
    *("quantity", "stock_weeks", "lead_time_weeks", "key", "parent_key", "component_key", "function_group"),
    *("country_of_manufacture", "country_of_control", "second_source_country", "system_final_assembly_country"),
    *("unit_value", "licence_country", "export_regime", "components_digest", "componentKey"),
}
"""Columns, and fields of documents, that scores are computed from or that rows are found by."""
LISTS_OF_TEXT = {"readings", "principles"}
SAME = re.compile(r"-?\d+(\.\d+)?|[0-9a-f-]{36}|[A-Z]{2}")
"""Numbers, ids and countries within documents, which scores are computed from or rows are found by."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")
WORDS = {str(word) for kind in StrEnum.__subclasses__() for word in kind}
LONGEST = 5000
LINK = "javascript:alert(1)"
TABLES = [table for table in domain.METADATA.sorted_tables if table.name not in BY_THE_SERVICE]


def loosened(value: Any, text: str) -> Any:
    """A document with other texts, links and days than are allowed."""
    if isinstance(value, dict):
        return {name: each if name in COMPUTED_WITH else loosened(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [loosened(each, text) for each in value]
    if not isinstance(value, str) or value in WORDS or SAME.fullmatch(value):
        return value
    if DAY.fullmatch(value):
        return "1026-01-01"
    return LINK if "://" in value else text


def mark(place: str, length: int) -> str:
    """A text that is refused today, and as long as its column allows but for the number of a row."""
    return f"\x01<{place}>\u202e".ljust(min(length, LONGEST) - 3, "-") if length > 2 else "z\x01"


class Loosened:
    """Puts what is refused today into a database; `marks` has each text and day that is new, with its column."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.marks: dict[str, str] = {}

    def all_columns(self) -> None:
        """Texts, days of the year 1026 and documents."""
        with without_triggers(self._url) as connection:
            for table in TABLES:
                self._texts(connection, table)
                self._documents(connection, table)
        self.days(date(1026, 1, 1))

    def days(self, first: date) -> None:
        """Each day another one: the first, and those that follow."""
        following = count()
        with without_triggers(self._url) as connection:
            for table in TABLES:
                days = {
                    column: first + timedelta(days=next(following))
                    for column in table.columns
                    if isinstance(column.type, sa.Date)
                }
                if days:
                    new = {
                        column.name: sa.case((column.is_not(None), sa.literal(day, sa.Date())), else_=None)
                        for column, day in days.items()
                    }
                    connection.execute(table.update().values(new))
                for column, day in days.items():
                    self._mark(connection, column, day.isoformat())

    def _texts(self, connection: sa.Connection, table: sa.Table) -> None:
        for column in table.columns:
            is_text = isinstance(column.type, AutoString) and not column.primary_key and not column.foreign_keys
            if is_text and column.name not in COMPUTED_WITH:
                length = column.type.length  # type: ignore[attr-defined]
                text = LINK if column.name.endswith("uri") else mark(str(column), length)
                value: Any = sa.literal(text)
                if column.unique:
                    value += sa.func.substr(sa.cast(table.c.id, sa.Text), 34)
                connection.execute(table.update().where(column.is_not(None)).values({column.name: value}))
                self._mark(connection, column, text)

    def _documents(self, connection: sa.Connection, table: sa.Table) -> None:
        key = next(iter(table.primary_key.columns))
        for column in (column for column in table.columns if isinstance(column.type, sa.JSON)):
            for row_key, value in connection.execute(sa.select(key, column)).all():
                text = mark(str(column), 40)
                new = [text] if column.name in LISTS_OF_TEXT else loosened(value, text)
                if new != value:
                    connection.execute(table.update().where(key == row_key).values({column.name: new}))
                    for added in set(strings(new)) - set(strings(value)):
                        self.marks[added] = str(column)

    def _mark(self, connection: sa.Connection, column: sa.Column[Any], text: str) -> None:
        if connection.execute(sa.select(column).where(column.is_not(None)).limit(1)).all():
            self.marks[text] = str(column)


@contextmanager
def without_triggers(url: str) -> Iterator[sa.Connection]:
    """A transaction in which nothing is refused for being append-only."""
    with engine_of(url).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in found:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        yield connection


def strings(value: Any) -> Iterator[str]:
    """Every text in a document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def requests(given: Chronicle, own: Ids) -> Iterator[tuple[str, str]]:
    """Every read of the contract, in every format: of one's own rows, and of every row that was made."""
    ids = {name: made[0] for name, made in given.made.items()} | own
    for operation in operations():
        if operation.method == "GET" and set(operation.parameters) <= set(ids):
            paths = [operation.at(ids), *(path for path in given.paths if operation.leads_to(path))]
            options = "?withdrawn=true" if "withdrawn" in operation.queries else ""
            yield from ((path + options, media) for path in dict.fromkeys(paths) for media in operation.formats)


async def asked(client: httpx.AsyncClient, wanted: list[tuple[str, str]]) -> list[httpx.Response]:
    """The answers to each of them."""
    return [await client.get(path, headers={"Accept": media}) for path, media in wanted]


async def a_whole_side(apos: Apos) -> tuple[Chronicle, Ids]:
    """A side with all that is its own, of which what can be is published, and rows that were entered in error."""
    given = Chronicle(apos, await apos.as_(Role.PROGRAMME_ADMIN))
    own = await a_side(given, await registers(given), "a", public=True)
    why = {"kind": "enteredInError", "on": "2026-11-20", "reason": "Per abuis", "authority": "Bureau"}
    for noun in ("TestSite", "Trial", "Target", "BudgetLine"):
        path = re.sub(r"(?<!^)(?=[A-Z])", "-", noun).lower()
        answer = await given.admin.post(f"/{path}s/{own[f'mistaken{noun}Id']}/withdrawals", json=why)
        assert answer.status_code == 201, answer.text
    return given, own


async def test_what_was_stored_before_is_read_as_it_was_stored(server: Postgres | Sqlite) -> None:
    url = server.empty()
    async with running(url, Clock()) as apos:
        given, own = await a_whole_side(apos)
        wanted = list(requests(given, own))
        as_json = [each for each in wanted if each[1] == JSON]
        database = Loosened(url)
        database.all_columns()
        answers = await asked(given.admin, wanted)
        assert refused(answers, {200}) == []
        for client in (apos.client(own["supplierSecret"]), await apos.as_(Role.VIEWER)):
            others = await asked(client, as_json)
            assert refused(others, {200, 403, 404}) == []
            answers += others
        shown = {text for it in answers if it.headers["content-type"] == JSON for text in strings(it.json())}
        assert {column for text, column in database.marks.items() if not is_shown(text, shown)} == set()
        assert len(database.marks) > 100
        database.days(date(9999, 1, 1))
        assert refused(await asked(given.admin, as_json), {200}) == []
    server.drop(url)


def refused(answers: list[httpx.Response], statuses: set[int]) -> list[str]:
    """What is answered with another status than these."""
    return [f"{it.request.url}: {it.status_code} {it.text[:300]}" for it in answers if it.status_code not in statuses]


def is_shown(text: str, shown: set[str]) -> bool:
    """Whether a text is in an answer, alone or with the number of its row."""
    return text in shown or any(each.startswith(text) for each in shown)
