"""The application: its routers, the headers of every answer, and the paths outside the contract (health, problem pages)."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from functools import cache
from typing import Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic.alias_generators import to_camel
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Mount

from api.actions.scoring.simulation_runs import SimulationRunner
from api.http import contract, problems
from api.http.auth import flush_used_keys, run_maintenance
from api.http.route import on_wrong_method
from api.http.service import Clock, Service, system_clock
from api.routes.access import api_keys, audit_events
from api.routes.declarations import (
    changes,
    component_statements,
    components,
    declaration_templates,
    evidence_expiries,
    intake_previews,
    origin_declarations,
    reviews,
    submissions,
    waivers,
)
from api.routes.oversight import commitments, critical_components, dependencies
from api.routes.portfolio import (
    assessments,
    challenges,
    consents,
    lots,
    milestones,
    portfolio_status,
    programmes,
    suppliers,
    trials,
)
from api.routes.registers import budget_lines, organisations, sources, targets, test_sites
from api.routes.scoring import rankings, score_schemes, scores, scoring_profiles, simulations
from api.settings import Settings
from api.store.database import Database

ROUTERS = (
    programmes.router,
    lots.router,
    challenges.router,
    milestones.router,
    assessments.router,
    suppliers.router,
    consents.router,
    scoring_profiles.router,
    origin_declarations.router,
    components.router,
    intake_previews.router,
    declaration_templates.router,
    submissions.router,
    reviews.router,
    changes.router,
    waivers.router,
    component_statements.router,
    scores.router,
    evidence_expiries.router,
    score_schemes.router,
    simulations.router,
    rankings.router,
    dependencies.router,
    critical_components.router,
    commitments.router,
    trials.router,
    test_sites.router,
    targets.router,
    budget_lines.router,
    organisations.router,
    sources.router,
    portfolio_status.router,
    audit_events.router,
    api_keys.router,
)
SECURITY_HEADERS = {
    "API-Version": contract.VERSION,
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The application: the contract's paths under /v1, and health and problem pages outside it."""

    @asynccontextmanager
    async def running(outer: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url, settings.pool_size)
        async with serving(outer, Service(settings, database, clock)):
            yield

    api = _contract_app(settings)
    outer = FastAPI(lifespan=running, openapi_url=None, redirect_slashes=False)
    _add_health(outer)
    outer.mount("/v1", api)
    problems.install(outer)
    outer.add_middleware(HeadersMiddleware)
    return outer


@asynccontextmanager
async def serving(app: FastAPI, service: Service) -> AsyncIterator[None]:
    """Runs the application with this service, and what it does in the background.

    On exit, simulations are left to go on elsewhere, last uses of keys are stored, and the database is closed.
    """
    mounted = [route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, FastAPI)]
    for each in (app, *mounted):
        each.state.service = service
    runner = SimulationRunner(
        service.database, service.clock, service.simulations_asked, service.settings.simulation_lease_seconds
    )
    background = [asyncio.create_task(run_maintenance(service)), asyncio.create_task(runner.run())]
    try:
        yield
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        try:
            await flush_used_keys(service)
        finally:
            await service.database.close()


def _contract_app(settings: Settings) -> FastAPI:
    api = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: to_camel(route.name),
        separate_input_output_schemas=False,
    )
    for router in ROUTERS:
        api.include_router(router)
    problems.install(api)
    api.add_exception_handler(405, on_wrong_method)
    api.state.contract = cache(lambda: contract.describe(api, settings))

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
        return JSONResponse(api.state.contract(), headers=headers)

    return api


def _add_health(app: FastAPI) -> None:
    @app.get("/livez")
    async def live() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.get("/readyz")
    async def ready(request: Request) -> PlainTextResponse:
        service: Service = request.app.state.service
        try:
            async with asyncio.timeout(2), service.database.reading() as session:
                await session.exec_driver_sql("select 1")
        except (SQLAlchemyError, TimeoutError):
            return PlainTextResponse("the database does not answer\n", 503)
        return PlainTextResponse("ok\n")

    @app.get("/problems/{slug}")
    async def problem_page(slug: str) -> Response:
        return problems.page(slug) or PlainTextResponse("this kind of problem does not exist\n", 404)


class HeadersMiddleware:
    """Adds request id, API version and security headers to every answer, refusals included.

    A client's `X-Request-Id` is used where it is well-formed; headers that an answer already has are kept.
    """

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        sent_id = request.headers.get("x-request-id", "")
        request.state.request_id = sent_id if _REQUEST_ID.fullmatch(sent_id) else str(uuid4())

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with_headers(message["headers"], request.state.request_id)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _with_headers(headers: list[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in headers}
    added = {**SECURITY_HEADERS, "X-Request-Id": request_id}
    extra = [
        (name.lower().encode(), value.encode()) for name, value in added.items() if name.lower().encode() not in present
    ]
    return [*headers, *extra]
