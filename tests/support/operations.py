"""The operations of the contract, as the tests that are generated from it see them.

Nothing here knows a noun: a new route is one more operation, by its own path, guard and parameters.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from starlette.routing import Mount

from api.http.contract import describe
from api.http.route import Route, routes_of
from api.main import create_app
from api.settings import Settings
from domain.permissions import Permission

PAGING = ("limit", "cursor", "sort")
SAME_ROWS = {"component-verdicts": "component-statements"}
"""Lists of what is told of rows that paths name elsewhere."""
UNKNOWN = "01a1fd21-9384-76b9-bb16-d38cd1af38c8"
"""An id that leads to no row at all."""
NO_EVENT = 2**62


@dataclass(frozen=True)
class Operation:
    """One method of one path, with the one permission that guards it."""

    method: str
    path: str
    permission: Permission
    stores: bool
    success: int
    formats: tuple[str, ...]
    headers: tuple[str, ...]
    references: tuple[str, ...]
    queries: dict[str, dict[str, Any]]

    @property
    def name(self) -> str:
        """As a reader of the contract says it: `GET /lots/{lotId}`."""
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """What the path names."""
        return tuple(re.findall(r"{(\w+)}", self.path))

    @property
    def is_list(self) -> bool:
        """Whether it answers page by page."""
        return "cursor" in self.queries

    @property
    def is_nameless_list(self) -> bool:
        """Whether it is a list that stands under no row."""
        return self.is_list and not self.parameters

    @property
    def sorts(self) -> list[str]:
        """The orders it can come in; none where it has but one."""
        found: list[str] = self.queries.get("sort", {}).get("enum", [])
        return found

    @property
    def filters(self) -> dict[str, dict[str, Any]]:
        """What a list can be asked by, and any other query parameter, with the schema of each."""
        return {name: schema for name, schema in self.queries.items() if not self.is_list or name not in PAGING}

    def at(self, named: dict[str, Any]) -> str:
        """The path with these ids in it."""
        return self.path.format(**named)

    def leads_to(self, path: str) -> bool:
        """Whether a path with ids in it is one of this operation."""
        return re.fullmatch(re.sub(r"{\w+}", "[^/]+", self.path), path) is not None


@cache
def _contract() -> tuple[tuple[Route, ...], dict[str, Any]]:
    """The routes and the document that describes them."""
    app = create_app(Settings.model_construct())
    [mounted] = [route for route in app.routes if isinstance(route, Mount)]
    inner: Any = mounted.app
    return tuple(routes_of(inner)), describe(inner, Settings.model_construct())


@cache
def operations() -> tuple[Operation, ...]:
    """Every operation of the contract, in order."""
    routes, document = _contract()
    return tuple(operation_of(route, method, document) for route in routes for method in sorted(route.methods or ()))


def schema(name: str) -> dict[str, Any]:
    """A schema of the contract, by its name."""
    found: dict[str, Any] = _contract()[1]["components"]["schemas"][name]
    return found


def operation_of(route: Route, method: str, document: dict[str, Any]) -> Operation:
    """An operation from its route and what the contract says of it. Raises where not exactly one permission guards it."""
    [permission] = route.operation.permissions
    told = document["paths"][route.path][method.lower()]
    # What is still running is answered with 202; what a test asks for is not.
    [success] = [int(status) for status in told["responses"] if status.startswith("2") and status != "202"]
    given = told.get("parameters", [])
    return Operation(
        method=method,
        path=route.path,
        permission=permission,
        stores=route.operation.writes,
        success=success,
        formats=tuple(told["responses"][str(success)]["content"]),
        headers=tuple(p["name"] for p in given if p["in"] == "header"),
        references=_references(told, document),
        queries={p["name"]: _plain(p["schema"], document) for p in given if p["in"] == "query"},
    )


def _references(told: dict[str, Any], document: dict[str, Any]) -> tuple[str, ...]:
    """The fields of a body that hold the id of a row."""
    content = told.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return ()
    fields = _plain(content["application/json"]["schema"], document).get("properties", {})
    return tuple(name for name, field in fields.items() if _plain(field, document).get("format") == "uuid")


def _plain(given: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """A schema without the null that leaving a field out stands for, and with what it refers to."""
    for choice in given.get("anyOf", []):
        if choice.get("type") != "null":
            return _plain(choice, document)
    if "$ref" in given:
        found: dict[str, Any] = document["components"]["schemas"][given["$ref"].rpartition("/")[2]]
        return found
    return given


@cache
def parameters_by_noun() -> dict[str, str]:
    """The parameter that names a row, by the last part of the path under which such rows are: lots, lotId."""
    last = re.compile(r"/([a-z-]+)/{(\w+)}$")
    found = (last.search(operation.path) for operation in operations())
    return {match[1]: match[2] for match in found if match}


def parameter_of(path: str) -> str | None:
    """The parameter that names the rows made or listed at a path, None where no path names one."""
    last = path.rpartition("/")[2]
    return parameters_by_noun().get(SAME_ROWS.get(last, last))
