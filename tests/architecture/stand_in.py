"""A service whose database is a stand-in: every select finds one row of plausible values, and nothing is stored.

It lets every route run to its end for every role, so that what a role can reach is seen by reaching it.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import sqlalchemy as sa
import yaml
from fastapi import FastAPI
from sqlalchemy.sql.selectable import SelectBase

from api.http.service import Service
from api.main import create_app
from api.settings import Settings
from domain.base import Id, UtcDateTime
from domain.permissions import Role
from domain.scoring.schemes import digest_of
from tests.architecture.modules import ROOT

SOME_ID = UUID("01a1fd21-9384-76b9-bb16-d38cd1af38c8")
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
DEFAULTS = Settings.model_construct(failure_limit=0)
"""The settings as they are by default, whatever the environment of this machine says."""


SCHEME = yaml.safe_load((ROOT / "migrations" / "schemes" / "bm-1.0.yaml").read_text(encoding="utf-8"))
MEANT: dict[str, Any] = {
    "document": SCHEME,
    "digest": digest_of(SCHEME),
    "algorithm": "bm1",
    "scheme_version": "BM-1.0",
    "function_groups": [{"name": "control", "weight": "1", "critical": False}],
    "cap_percent": "10",
    "total_component_cost_cents": 1_000_000,
    "scoring_profiles.dimensions": ["spareParts"],
    "simulations.status": "complete",
    "function_group": "control",
    "licence_country": "NL",
    "export_regime": "NL",
    "adjustment_percent": "0.00",
    "quantity": "1",
    "unit_value": None,
    "parent_key": None,
    "expires_at": None,
    "previous_until": NOW,
    "awaits_confirmation": False,
    "stock_weeks": None,
    "lead_time_weeks": None,
    "origin_shares": {
        name: {"proven": None, "declared": None, "upperBound": None, "verdict": "possible"} for name in ("edip", "safe")
    },
}
"""Values of columns that must mean something for a route to run to its end, those of one table by its name too."""


class Found(dict[str, Any]):
    """A row, by name or by attribute."""

    def __getattr__(self, name: str) -> Any:
        return self[name]


class Answer:
    """What a statement answers: the one row of a select, and one row changed by anything else."""

    rowcount = 1

    def __init__(self, rows: list[Found]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Found]:
        return iter(self._rows)

    def mappings(self) -> "Answer":
        return self

    def all(self) -> list[Found]:
        return self._rows

    def first(self) -> Found | None:
        return next(iter(self._rows), None)

    def one_or_none(self) -> Found | None:
        return self.first()

    def scalars(self) -> list[Any]:
        return [next(iter(row.values())) for row in self._rows]

    async def partitions(self, _size: int) -> AsyncIterator[list[Found]]:
        yield self._rows

    def one(self) -> Found:
        return self._rows[0]

    def scalar_one(self) -> Any:
        return self.scalars()[0]

    def scalar_one_or_none(self) -> Any:
        return next(iter(self.scalars()), None)


class StandIn:
    """A database and its sessions in one; `role` is that of every key it finds."""

    is_sqlite = True
    kind = "sqlite"

    def __init__(self, role: Role) -> None:
        self._role = role

    @asynccontextmanager
    async def reading(self, *, one_statement: bool = False) -> AsyncIterator["StandIn"]:
        yield self

    writing = reading

    async def snapshot(self) -> str:
        return ""

    def defer(self, _key: Any, _work: Any) -> None:
        """Nothing is stored, so nothing follows from it."""

    async def release(self) -> None:
        """There is no connection to give back."""

    async def settle(self) -> None:
        """Nothing was deferred."""

    def version(self) -> None:
        """Nothing is kept: every request asks for its key."""

    async def execute(self, statement: Any, _parameters: Any = None, *, is_long: bool = False) -> Answer:
        if not isinstance(statement, SelectBase):
            return Answer([])
        row = {column.name: self._value(column) for column in statement.selected_columns}
        return Answer([Found(row)])

    @asynccontextmanager
    async def stream(self, statement: Any) -> AsyncIterator[Answer]:
        yield await self.execute(statement)

    async def exec_driver_sql(self, _statement: str, _rows: Any = None) -> Answer:
        return Answer([])

    def _value(self, column: Any) -> Any:
        for name in (f"{_table(column)}.{column.name}", column.name):
            if name in MEANT:
                return MEANT[name]
        kind = column.type
        if isinstance(kind, sa.JSON):
            return _empty(column)
        if isinstance(kind, Id | UtcDateTime):
            return SOME_ID if isinstance(kind, Id) else NOW
        words = kind.enum_class if isinstance(kind, sa.Enum) else None
        if words is not None and words is not Role:
            return next(iter(words))
        if column.name == "role":
            return self._role
        plain = kind.impl_instance if isinstance(kind, sa.types.TypeDecorator) else kind
        text = "NL" if getattr(plain, "length", None) == 2 else "text"
        return {str: text, int: 1, bool: False, date: date(2026, 11, 20)}[plain.python_type]


def _table(column: Any) -> str:
    base = next(iter(column.base_columns))
    return getattr(getattr(base, "table", None), "name", "")


def _empty(column: Any) -> Any:
    """An empty list where the column is made as a list, else an empty object, or nothing where it may be nothing."""
    base = next(iter(column.base_columns))
    default = base.default.arg(None) if base.default is not None and base.default.is_callable else None
    return [] if isinstance(default, list) else None if base.nullable else {}


def stand_in(role: Role) -> FastAPI:
    """The application, as somebody with this role sees it."""
    app = create_app(DEFAULTS)
    contract_app = contract_of(app)
    app.state.service = contract_app.state.service = Service(DEFAULTS, StandIn(role), lambda: NOW)  # type: ignore[arg-type]
    return app


def contract_of(app: FastAPI) -> FastAPI:
    """The application under /v1, which the contract describes."""
    mounted = next(route for route in app.routes if getattr(route, "path", "") == "/v1")
    inner: FastAPI = mounted.app  # type: ignore[attr-defined]
    return inner


def client(app: FastAPI) -> httpx.AsyncClient:
    """Somebody with a key, asking the application within this process."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer apos_stand-in", "If-Match": "*"}
    return httpx.AsyncClient(transport=transport, base_url="http://apos/v1", headers=headers)
