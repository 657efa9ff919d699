"""Modules of routes are imported when first asked for, or in the background; a request sees no difference."""

import asyncio
import gc
import logging
import sys
from types import ModuleType

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from api.garbage import permanent_objects
from api.http import contract
from api.http.on_demand import RoutesOnDemand, log, resource_of
from api.http.route import routes_of
from api.main import create_app
from tests.support.service import Apos, Clock, contract_app, running

LOTS, SOURCES = "api.routes.portfolio.lots", "api.routes.registers.sources"


def on_demand(app: FastAPI) -> RoutesOnDemand:
    """The routes of an application."""
    [found] = [route for route in contract_app(app).routes if isinstance(route, RoutesOnDemand)]
    return found


@pytest.mark.parametrize(
    ("path", "resource"),
    [
        ("/lots", "lots"),
        ("/lots/{lotId}", "lots"),
        ("/lots/{lotId}/partners", "lots/partners"),
        ("/lots/{lotId}/partners/{partnerId}", "lots/partners"),
        ("/score-schemes/{schemeId}/simulations/{simulationId}/results", "score-schemes/simulations"),
        ("/lots/", "lots"),
        ("/lots/1/", "lots/"),
        ("/", ""),
    ],
)
def test_a_path_is_about_a_resource(path: str, resource: str) -> None:
    assert resource_of(path) == resource


async def test_a_request_imports_the_module_of_its_resource_alone(apos: Apos, admin: httpx.AsyncClient) -> None:
    assert on_demand(apos.app).imported == []
    assert (await admin.get("/lots")).status_code == 200
    assert on_demand(apos.app).imported == [LOTS]


async def test_what_does_not_exist_imports_nothing(apos: Apos, admin: httpx.AsyncClient) -> None:
    for path in ("/nothing", "/lots/1/nothing", "/", "//"):
        assert (await admin.get(path)).status_code == 404
    assert on_demand(apos.app).imported == []


async def test_a_server_imports_the_rest_once_it_is_ready(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done = asyncio.Event()
    load_in_turns = RoutesOnDemand.load_in_turns

    async def noted(routes: RoutesOnDemand) -> None:
        await load_in_turns(routes)
        done.set()

    monkeypatch.setattr(RoutesOnDemand, "load_in_turns", noted)
    async with running(database_url, Clock(), rate_limit=1000) as apos:
        routes = on_demand(apos.app)
        assert routes.imported == []
        async with asyncio.timeout(30):
            await done.wait()
    assert routes.imported == list(routes.resources)


async def test_the_contract_is_made_when_it_is_first_read(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    describe = contract.describe
    monkeypatch.setattr(contract, "describe", lambda *given: made.append(given) or describe(*given))
    async with running(database_url, Clock(), rate_limit=1000) as apos:
        client = apos.client()
        assert (await client.get("http://apos.test/readyz")).status_code == 200
        assert made == []
        first, second = [await client.get("/openapi.json") for _ in range(2)]
        assert first.json() == second.json()
        assert len(made) == 1


async def test_the_order_of_imports_does_not_change_the_order_of_routes(apos: Apos) -> None:
    on_demand(apos.app).load(SOURCES)
    one_by_one = [route.operation.path for route in apos.routes]
    assert one_by_one == [route.operation.path for route in routes_of(contract_app(create_app(apos.service.settings)))]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a module that cannot be imported."""
    monkeypatch.setitem(sys.modules, "api.routes.broken", None)
    return "api.routes.broken"


async def test_a_module_that_cannot_be_imported_is_logged_and_the_others_are_there(
    broken: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # import-linter, which another test runs, disables every logger that exists by then.
    monkeypatch.setattr(log, "disabled", False)
    routes = RoutesOnDemand({broken: ("broken",), LOTS: ("lots", "lots/partners", "lots/assessors")})
    await routes.load_in_turns()
    assert routes.imported == [LOTS]
    assert [(line.levelno, line.getMessage()) for line in caplog.records] == [
        (logging.ERROR, f"the routes of {broken} cannot be imported")
    ]


async def test_a_request_to_a_module_that_cannot_be_imported_fails_each_time(
    broken: str, apos: Apos, admin: httpx.AsyncClient
) -> None:
    contract_app(apos.app).router.routes.append(RoutesOnDemand({broken: ("broken",)}))
    for _ in range(2):
        answer = await admin.get("/broken")
        assert (answer.status_code, answer.json()["type"]) == (500, "/problems/internal")
    assert (await admin.get("/lots")).status_code == 200


def test_a_route_that_asks_nobody_for_a_credential_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("api.routes.open")
    module.router = APIRouter()  # type: ignore[attr-defined]
    module.router.get("/open")(lambda: None)
    monkeypatch.setitem(sys.modules, "api.routes.open", module)
    with pytest.raises(AssertionError, match="nobody would be asked for a credential"):
        RoutesOnDemand({"api.routes.open": ("open",)}).load("api.routes.open")


def test_garbage_is_collected_again_also_after_a_failure() -> None:
    def fail() -> None:
        with permanent_objects():
            assert not gc.isenabled()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert gc.isenabled()


async def test_a_server_with_a_module_that_cannot_be_imported_is_no_longer_ready(broken: str, apos: Apos) -> None:
    routes = on_demand(apos.app)
    ready = "http://apos.test/readyz"
    assert (await apos.client().get(ready)).status_code == 200
    routes.resources = {broken: ("broken",)}
    await routes.load_in_turns()
    answer = await apos.client().get(ready)
    assert (answer.status_code, answer.text) == (503, "some routes cannot be imported; the log says why\n")
