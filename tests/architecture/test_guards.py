"""The guards: every route of the contract asks for a credential and for exactly one permission."""

import ast
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from api.http.auth import RequiresRead, RequiresWrite
from api.http.route import Route
from api.main import create_app
from domain.permissions import Permission
from tests.architecture.modules import Module, modules, snippet
from tests.architecture.stand_in import DEFAULTS, contract_of

PUBLIC = {"/openapi.json"}
"""What anybody may read without a credential: the contract itself, and nothing else of it."""


def unguarded_routes(app: FastAPI) -> list[str]:
    """The routes of an application that are neither public nor guarded by exactly one permission."""
    faults = []
    pending: list[Any] = list(app.routes)
    while pending:
        route = pending.pop(0)
        inner = getattr(getattr(route, "original_router", route), "routes", None)
        path = getattr(route, "path", type(route).__name__)
        if inner:
            pending.extend(inner)
        elif path not in PUBLIC:
            faults += [f"{path}: {fault}" for fault in _faults_of(route)]
    return faults


def _faults_of(route: Any) -> list[str]:
    if not isinstance(route, Route):
        return ["is no Route, so nobody is asked for a credential"]
    guards = route.operation.permissions
    if len(guards) != 1:
        return [f"is guarded by {len(guards)} permissions instead of one"]
    if "GET" in (route.methods or ()) and not guards[0].value.startswith("read"):
        return [f"is read with {guards[0]}, which is no permission to read"]
    return []


def writes_under_reading_permissions(module: Module) -> list[str]:
    """The guards of a module that let somebody write who may only read."""
    return [
        f"{module.at(node)}: {ast.unparse(node)} lets a reader write"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and module.names.of(node.func) is RequiresWrite
        and any(isinstance(part, ast.Attribute) and part.attr.startswith("READ") for part in node.args)
    ]


def test_every_route_is_guarded_by_exactly_one_permission() -> None:
    assert unguarded_routes(contract_of(create_app(DEFAULTS))) == []


def test_nobody_writes_with_a_permission_to_read() -> None:
    assert [fault for module in modules("api") for fault in writes_under_reading_permissions(module)] == []


def test_a_write_with_a_permission_to_read_is_seen() -> None:
    imports = "from api.http.auth import RequiresWrite\nfrom domain.permissions import Permission"
    text = f"{imports}\nw = RequiresWrite(Permission.READ_AUDIT)"
    found = writes_under_reading_permissions(snippet("api/routes/portfolio/lots.py", text))
    assert found == ["api/routes/portfolio/lots.py:3: RequiresWrite(Permission.READ_AUDIT) lets a reader write"]


def _app(*guards: Any, route_class: type = Route, method: str = "GET") -> FastAPI:
    router = APIRouter(route_class=route_class)

    async def route() -> None: ...

    router.add_api_route("/lots", route, methods=[method], dependencies=list(guards))
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.include_router(router)
    return app


@pytest.mark.parametrize(
    ("app", "fault"),
    [
        pytest.param(_app(), "is guarded by 0 permissions instead of one", id="no guard"),
        pytest.param(
            _app(RequiresRead(Permission.READ_PORTFOLIO), RequiresWrite(Permission.EDIT_PORTFOLIO)),
            "is guarded by 2 permissions instead of one",
            id="two guards",
        ),
        pytest.param(
            _app(RequiresRead(Permission.READ_PORTFOLIO), route_class=APIRouter().route_class),
            "is no Route, so nobody is asked for a credential",
            id="a route that does not authenticate",
        ),
        pytest.param(
            _app(RequiresRead(Permission.EDIT_PORTFOLIO)),
            "is read with editPortfolio, which is no permission to read",
            id="read with a permission to write",
        ),
    ],
)
def test_a_route_that_is_not_guarded_is_seen(app: FastAPI, fault: str) -> None:
    assert unguarded_routes(app) == [f"/lots: {fault}"]


def test_a_guarded_route_is_fine() -> None:
    assert unguarded_routes(_app(RequiresWrite(Permission.EDIT_PORTFOLIO), method="POST")) == []
