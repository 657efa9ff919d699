"""The application: its routers, the headers of every answer, and the paths outside the contract (health, problem pages)."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy.exc import SQLAlchemyError
from starlette.routing import Mount

from api.http import contract, problems
from api.http.auth import flush_used_keys, run_maintenance
from api.http.cors import CorsMiddleware
from api.http.methods import EncodedSlashMiddleware, HeadMiddleware, Message, Receive, Scope, Send, on_wrong_method
from api.http.observing import ObservingMiddleware
from api.http.on_demand import RoutesOnDemand
from api.http.service import Clock, Service, system_clock
from api.logs import REQUEST_ID
from api.settings import Settings
from api.store.database import Database
from api.store.schema import REVISION, heads
from api.workers import working_for

if TYPE_CHECKING:
    from api.actions.scoring.simulation_runs import SimulationRunner
    from api.http.metrics import Metrics

RESOURCES = {
    "portfolio.programmes": ("programmes", "programmes/settings"),
    "portfolio.lots": ("lots", "lots/partners", "lots/assessors"),
    "portfolio.challenges": ("challenges", "challenges/entrants", "challenges/assessors"),
    "portfolio.milestones": ("milestones", "lots/milestones", "challenges/milestones", "programmes/milestones"),
    "portfolio.assessments": ("milestones/assessments", "milestones/rebaselines"),
    "portfolio.suppliers": ("suppliers",),
    "portfolio.consents": ("suppliers/consents",),
    "scoring.scoring_profiles": ("lots/scoring-profile", "challenges/scoring-profile"),
    "declarations.origin_declarations": ("origin-declarations", "origin-declarations/withdrawals"),
    "declarations.components": ("origin-declarations/components", "component-statements/components"),
    "declarations.intake_previews": ("intake-previews",),
    "declarations.declaration_templates": ("declaration-templates",),
    "declarations.submissions": ("origin-declarations/submissions",),
    "declarations.reviews": ("origin-declarations/reviews",),
    "declarations.changes": ("origin-declarations/changes",),
    "declarations.waivers": ("origin-declarations/waivers",),
    "declarations.waiver_confirmations": ("waivers/confirmations",),
    "declarations.component_statements": ("component-statements", "component-statements/verdict", "component-verdicts"),
    "scoring.scores": ("origin-declarations/score", "score-previews"),
    "declarations.evidence_expiries": ("evidence-expiries",),
    "scoring.score_schemes": ("score-schemes", "score-schemes/publications"),
    "scoring.simulations": ("score-schemes/simulations",),
    "scoring.rankings": ("lots/ranking", "challenges/ranking"),
    "oversight.dependencies": ("dependencies", "dependencies/safeguards"),
    "oversight.critical_components": ("critical-components",),
    "oversight.commitments": ("commitments",),
    "portfolio.trials": ("trials",),
    "registers.test_sites": ("test-sites",),
    "registers.targets": ("targets",),
    "registers.budget_lines": ("budget-lines",),
    "registers.organisations": ("organisations",),
    "registers.sources": ("sources",),
    "registers.withdrawals": (
        *("milestones/withdrawals", "trials/withdrawals", "commitments/withdrawals", "budget-lines/withdrawals"),
        *("test-sites/withdrawals", "targets/withdrawals", "dependencies/withdrawals"),
        "critical-components/withdrawals",
    ),
    "portfolio.portfolio_status": ("portfolio-status",),
    "access.audit_events": ("audit-events",),
    "access.api_keys": ("api-keys", "api-keys/confirmations"),
    "access.me": ("me",),
}
"""The resources of each module of `api.routes`, by which `RoutesOnDemand` finds it; their order is that of the contract."""
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


def create_app(settings: Settings, clock: Clock = system_clock) -> FastAPI:
    """The application: the contract's paths under /v1, and health and problem pages outside it."""

    @asynccontextmanager
    async def running(outer: FastAPI) -> AsyncIterator[None]:
        database = Database(settings.database_url, settings.pool_size)
        importing = asyncio.create_task(routes.load_in_turns())
        try:
            async with serving(outer, Service(settings, database, clock)):
                yield
        finally:
            importing.cancel()

    routes = RoutesOnDemand({f"api.routes.{module}": resources for module, resources in RESOURCES.items()})
    api = _contract_app(settings, routes)
    outer = FastAPI(lifespan=running, openapi_url=None, redirect_slashes=False)
    _add_health(outer, routes)
    outer.mount("/v1", api)
    problems.install(outer)
    outer.add_exception_handler(405, on_wrong_method)
    outer.add_middleware(HeadMiddleware)
    outer.add_middleware(EncodedSlashMiddleware)
    if settings.cors_origins:
        outer.add_middleware(CorsMiddleware, origins=settings.cors_origins)
    metrics = _metrics_of(outer, settings.metrics_key) if settings.metrics_key else None
    outer.add_middleware(ObservingMiddleware, metrics=metrics)
    outer.add_middleware(HeadersMiddleware)
    return outer


def _metrics_of(app: FastAPI, key: str) -> "Metrics":
    """The figures that are kept of this process, and their path. Imported only here: most services keep none."""
    from api.http.metrics import Metrics, answer

    metrics = Metrics()

    @app.get("/metrics")
    async def read_metrics(request: Request) -> Response:
        return answer(request, key, metrics)

    return metrics


async def _carry_out_simulations(service: Service) -> None:
    """Carries out simulations until cancelled.

    What it needs is imported in a thread: the whole of scoring, which a server need not have to be ready.
    """
    runner = await asyncio.to_thread(_simulation_runner)
    lease_seconds = service.settings.simulation_lease_seconds
    async with working_for("simulations", service.turns):
        await runner(service.database, service.clock, service.simulations_asked, lease_seconds).run()


def _simulation_runner() -> "type[SimulationRunner]":
    from api.actions.scoring.simulation_runs import SimulationRunner

    return SimulationRunner


@asynccontextmanager
async def serving(app: FastAPI, service: Service) -> AsyncIterator[None]:
    """Runs the application with this service, and what it does in the background.

    On exit, simulations are left to go on elsewhere, processes that read files are ended, last uses of keys are stored, and the
    database is closed.
    """
    mounted = [route.app for route in app.routes if isinstance(route, Mount) and isinstance(route.app, FastAPI)]
    for each in (app, *mounted):
        each.state.service = service
    background = [asyncio.create_task(work(service)) for work in (run_maintenance, _carry_out_simulations)]
    try:
        yield
    finally:
        for task in background:
            task.cancel()
        await asyncio.gather(*background, return_exceptions=True)
        service.files.close()
        try:
            await flush_used_keys(service)
        finally:
            await service.database.close()


def _contract_app(settings: Settings, routes: RoutesOnDemand) -> FastAPI:
    api = FastAPI(
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.router.routes.append(routes)
    problems.install(api)
    api.add_exception_handler(405, on_wrong_method)
    api.state.contract = cache(lambda: contract.describe(api, settings))

    @api.get("/openapi.json", include_in_schema=False)
    async def openapi() -> JSONResponse:
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=300"}
        return JSONResponse(api.state.contract(), headers=headers)

    return api


def _add_health(app: FastAPI, routes: RoutesOnDemand) -> None:
    @app.get("/livez")
    async def live() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.get("/readyz")
    async def ready(request: Request) -> PlainTextResponse:
        service: Service = request.app.state.service
        try:
            async with asyncio.timeout(2), service.database.reading() as session:
                found = set((await session.exec_driver_sql(REVISION)).scalars())
        except (SQLAlchemyError, TimeoutError):
            return PlainTextResponse("the database does not answer\n", 503)
        if found != heads():
            return PlainTextResponse("the database was migrated after this process was started; replace it\n", 503)
        if service.was_full():
            return PlainTextResponse("the disk of the database is full; free room on it\n", 503)
        if routes.failed:
            return PlainTextResponse("some routes cannot be imported; the log says why\n", 503)
        return PlainTextResponse("ok\n")

    @app.get("/problems/{slug}")
    async def problem_page(request: Request) -> Response:
        # Not as a parameter, the first of which makes FastAPI import the whole of pydantic's first version.
        return problems.page(request.path_params["slug"]) or PlainTextResponse(
            "this kind of problem does not exist\n", 404
        )


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
        REQUEST_ID.set(request.state.request_id)

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
