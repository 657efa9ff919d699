"""Operations: what a route declares, what the contract says of it and what it does are one and the same."""

import asyncio
import copy
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response

from api.http import problems
from api.http.auth import RequiresRead
from api.http.contract import describe
from api.http.negotiation import CSV, JSON, XLSX
from api.http.operation import Operation, may_answer
from api.http.problems import HttpProblem
from api.http.route import Route, routes_of
from api.http.service import Service
from domain.permissions import Permission, Role
from tests.architecture.contract import contract
from tests.architecture.operations import Caller, Facts, described, differences, name_of, observed
from tests.architecture.stand_in import DEFAULTS, NOW, StandIn, client, contract_of, stand_in


def described_by_hand(route: Route) -> list[str]:
    """What a route tells the contract past its operation."""
    faults = ["openapi_extra"] if route.openapi_extra else []
    faults += [f"responses[{status}]" for status in route.responses if int(status) < 400]
    return [f"{name_of(route.operation)}: {fault}" for fault in faults]


@cache
def _routes() -> tuple[Route, ...]:
    return tuple(routes_of(contract_of(stand_in(Role.VIEWER))))


@pytest.fixture(scope="module")
def behaviour() -> dict[str, tuple[Facts, list[str]]]:
    """What every operation of the contract does."""
    return asyncio.run(observed([route.operation for route in _routes()], stand_in, contract()))


def test_no_route_tells_the_contract_anything_past_its_operation() -> None:
    assert _routes()
    assert [fault for route in _routes() for fault in described_by_hand(route)] == []


def test_what_the_contract_says_is_what_operations_declare() -> None:
    own = [route.operation for route in _routes()]
    assert [fault for each in own for fault in differences(each, described(each, contract()))] == []


def running_faults(operation: Operation, document: Any) -> list[str]:
    """Where the contract does not say of an operation what its declaration says of resources that are running."""
    answers = document["paths"][operation.path][operation.method.lower()]["responses"]
    successes = {status for status in answers if status.startswith("2")}
    waiting = {status for status in successes if "Retry-After" in answers[status]["headers"]}
    accepts = operation.may_be_running and operation.method == "POST"
    expected = {"202"} if accepts else {"200"} if operation.may_be_running else set()
    faults = [] if ("202" in successes) == accepts else ["says 202 otherwise than declared"]
    faults += [] if waiting == expected else ["says Retry-After otherwise than declared"]
    if accepts and _schema_of(answers["202"]) != _schema_of(answers["201"]):
        faults.append("shows something else with 202")
    return [f"{name_of(operation)}: {fault}" for fault in faults]


def _schema_of(answer: Any) -> Any:
    return answer["content"][JSON]["schema"]


def test_the_contract_says_202_and_when_to_ask_again_where_a_resource_may_be_running() -> None:
    assert [fault for route in _routes() for fault in running_faults(route.operation, contract())] == []
    assert [name_of(route.operation) for route in _routes() if route.operation.may_be_running] == [
        "POST /score-schemes/{schemeId}/simulations",
        "GET /score-schemes/{schemeId}/simulations/{simulationId}",
    ]


@pytest.mark.parametrize("declared", [True, False])
def test_a_contract_that_says_running_otherwise_is_seen(declared: bool) -> None:
    [own] = [route.operation for route in _routes() if route.operation.path.endswith("/simulations/{simulationId}")]
    add = next(route.operation for route in _routes() if name_of(route.operation) == "POST /lots")
    other = own if declared else add
    document = copy.deepcopy(contract())
    answers = document["paths"][other.path][other.method.lower()]["responses"]
    if declared:
        answers["200"]["headers"].pop("Retry-After")
        assert running_faults(other, document) == [f"{name_of(other)}: says Retry-After otherwise than declared"]
    else:
        answers["202"] = answers["201"]
        assert running_faults(other, document) == [f"{name_of(other)}: says 202 otherwise than declared"]


def test_what_routes_do_is_what_their_operations_declare(behaviour: dict[str, tuple[Facts, list[str]]]) -> None:
    own = [route.operation for route in _routes()]
    assert [fault for each in own for fault in differences(each, behaviour[name_of(each)][0])] == []


def test_a_tag_and_an_address_say_what_the_body_says(behaviour: dict[str, tuple[Facts, list[str]]]) -> None:
    assert {name: faults for name, (_, faults) in behaviour.items() if faults} == {}


CHANGES: dict[str, dict[str, Any]] = {
    "PATCH /lots/{lotId}": {"needs_if_match": False},
    "POST /lots": {"writes": False},
    "GET /lots/{lotId}": {"answers_in_language": True},
    "GET /portfolio-status": {"formats": {JSON: {}, XLSX: {}}},
    "POST /intake-previews": {"accepts": (JSON, CSV)},
    "PUT /origin-declarations/{declarationId}/components": {"reports": False},
    "GET /challenges/{challengeId}": {"is_list": True},
}


def test_the_contract_follows_operations_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = {name_of(route.operation): route for route in _routes() if name_of(route.operation) in CHANGES}
    for name, route in changed.items():
        monkeypatch.setattr(route, "operation", replace(route.operation, **CHANGES[name]))
    document = describe(contract_of(stand_in(Role.VIEWER)), DEFAULTS)
    own = [route.operation for route in changed.values()]
    assert [fault for each in own for fault in differences(each, described(each, document))] == []
    assert {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation != contract()["paths"][path][method]
    } == set(CHANGES)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param(
            lambda spec: spec["parameters"].pop(),
            "Change-Reason is False, declared True",
            id="a header that is not asked for",
        ),
        pytest.param(
            lambda spec: spec["responses"].pop("428"),
            "If-Match is (True, True, False), declared True",
            id="a problem that is not said",
        ),
        pytest.param(
            lambda spec: spec["responses"].pop("415"),
            "accepts is as 415 does not say, declared ['application/json', 'application/merge-patch+json']",
            id="a content type that is never refused",
        ),
        pytest.param(
            lambda spec: spec["responses"]["200"]["content"].update({CSV: {}}),
            "formats is ['application/json', 'text/csv'], declared ['application/json']",
            id="a format that is not offered",
        ),
    ],
)
def test_a_contract_that_says_something_else_is_seen(change: Callable[[dict[str, Any]], object], fault: str) -> None:
    [own] = [route.operation for route in _routes() if name_of(route.operation) == "PATCH /lots/{lotId}"]
    document = copy.deepcopy(contract())
    change(document["paths"][own.path]["patch"])
    assert differences(own, described(own, document)) == [f"PATCH /lots/{{lotId}}: {fault}"]


class _SaysOnly:
    """A dependency that declares what it does not do."""

    def __init__(self, **facts: Any) -> None:
        self._facts = facts

    async def __call__(self) -> None: ...

    def declares(self, operation: Operation) -> Operation:
        return replace(operation, **self._facts)


async def _needs_match(request: Request) -> None:
    """A dependency that does what it does not declare."""
    if "if-match" not in request.headers:
        raise HttpProblem(428, "a change needs If-Match")


async def _in_dutch(response: Response) -> None:
    response.headers["Content-Language"] = "nl"


async def _json() -> dict[str, str]:
    return {}


async def _tagged(response: Response) -> dict[str, str]:
    response.headers["ETag"] = '"v1-0"'
    return {}


async def _csv() -> Response:
    return Response("key\r\n", media_type=CSV)


def _app(endpoint: Any, *dependencies: Any, **settings: Any) -> FastAPI:
    """A service of one route, on a stand-in for its database."""
    router = APIRouter(route_class=Route)
    guards = [RequiresRead(Permission.READ_PORTFOLIO), *map(Depends, dependencies)]
    router.add_api_route("/lots", endpoint, dependencies=guards, response_model=None, **settings)
    outer, inner = FastAPI(), FastAPI()
    inner.include_router(router)
    problems.install(inner)
    outer.mount("/v1", inner)
    inner.state.service = Service(DEFAULTS, StandIn(Role.PROGRAMME_OFFICE), lambda: NOW)  # type: ignore[arg-type]
    return outer


async def _observed(app: FastAPI) -> tuple[Operation, Facts, list[str]]:
    [route] = routes_of(contract_of(app))
    document = {"paths": {"/lots": {"get": {"operationId": "listLots"}}}}
    facts, faults = (await observed([route.operation], lambda _role: app, document))["GET /lots"]
    return route.operation, facts, faults


@pytest.mark.parametrize(
    ("endpoint", "dependencies", "faults"),
    [
        pytest.param(_json, [], [], id="as declared"),
        pytest.param(_json, [_needs_match], ["If-Match is True, declared False"], id="If-Match undeclared"),
        pytest.param(_json, [_in_dutch], ["Accept-Language is True, declared False"], id="a language undeclared"),
        pytest.param(
            _csv,
            [],
            [f"formats is ['{CSV}'], declared ['{JSON}']"],
            id="CSV undeclared",
        ),
        pytest.param(
            _json,
            [_SaysOnly(needs_if_match=True, writes=True, reports=True)],
            [f"{name} is False, declared True" for name in ("If-Match", "Change-Reason", "reports")],
            id="declared and not done",
        ),
    ],
)
async def test_a_route_that_does_other_than_it_declares_is_seen(
    endpoint: Any, dependencies: list[Any], faults: list[str]
) -> None:
    operation, does, _ = await _observed(_app(endpoint, *dependencies))
    assert differences(operation, does) == [f"GET /lots: {fault}" for fault in faults]


async def test_a_tag_that_is_not_of_the_body_and_a_size_that_is_not_declared_are_seen() -> None:
    app = _app(_tagged)
    [route] = routes_of(contract_of(app))
    assert (await _observed(app))[2] == ['has the tag "v1-0" instead of "44136fa355b3678a"']
    large = replace(route.operation, reads_large_body=True)
    [size, _tag] = await Caller(client(app), large, {"operationId": "listLots"}).faults()
    assert size == "reads large bodies: False"


@pytest.mark.parametrize(
    ("settings", "faults"),
    [
        ({"openapi_extra": {"x-formats": [CSV]}}, ["openapi_extra"]),
        ({"responses": {200: {"content": {CSV: {}}}}}, ["responses[200]"]),
        ({"responses": may_answer(409)}, []),
    ],
)
def test_a_route_that_is_described_by_hand_is_seen(settings: dict[str, Any], faults: list[str]) -> None:
    [route] = routes_of(contract_of(_app(_json, **settings)))
    assert described_by_hand(route) == [f"GET /lots: {fault}" for fault in faults]
