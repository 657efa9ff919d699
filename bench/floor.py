"""The floor: a bare application on the service's own stack that does the data work and nothing else.

No authentication, visibility, ETag, audit, idempotency, validation or problem handling: what remains is what no service on
this stack can do without. It uses the drivers as a competent author would: connections stay open, one statement per read.
"""

import argparse
import gc
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from pydantic_core import to_json
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from bench.data_work import declaration_of, preview_of, replacement_of, score_of, text_of
from bench.portfolio_work import assessment_of, lots_of, status_of, today
from bench.stores import Store, store_of


class Floor:
    """The routes of the floor, on a store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.routes = [
            Route("/readyz", self.ready),
            Route("/declarations", self.page),
            Route("/declarations", self.add, methods=["POST"]),
            Route("/declarations/{id}", self.one),
            Route("/declarations/{id}/components", self.replace, methods=["PUT"]),
            Route("/declarations/{id}/score", self.score),
            Route("/components", self.components),
            Route("/components.csv", self.components_as_csv),
            Route("/previews", self.preview, methods=["POST"]),
            Route("/lots", self.lots),
            Route("/lots/{id}", self.lot),
            Route("/status", self.status),
            Route("/milestones/{id}/assessments", self.assess, methods=["POST"]),
        ]

    async def ready(self, _request: Request) -> Response:
        """Answers that the server is ready."""
        return PlainTextResponse("ok\n")

    async def one(self, request: Request) -> Response:
        """One declaration."""
        rows = await self.store.read(self.store.statements.one, request.path_params["id"])
        return _answer(_readable(rows[0]))

    async def page(self, request: Request) -> Response:
        """A page of declarations after an id."""
        rows = await self.store.read(self.store.statements.page, request.query_params["after"])
        return _answer([_readable(row) for row in rows])

    async def components(self, request: Request) -> Response:
        """A page of the components of a set after a position."""
        query = request.query_params
        return _answer(await self.store.read(self.store.statements.components, query["set"], int(query["after"])))

    async def add(self, request: Request) -> Response:
        """Stores a declaration."""
        row, lines = declaration_of(await request.body())
        await self.store.run([(self.store.statements.add, row)], lines)
        return _answer({"id": row[0], "componentCount": len(lines)}, 201)

    async def replace(self, request: Request) -> Response:
        """Replaces the components of a declaration."""
        lines = replacement_of(await request.body())
        changed = (lines[0][0], len(lines), request.path_params["id"])
        await self.store.run([(self.store.statements.replace, changed)], lines)
        return _answer({"componentCount": len(lines)})

    async def score(self, request: Request) -> Response:
        """Works out the score of a stored declaration."""
        [declared] = await self.store.read(self.store.statements.one, request.path_params["id"])
        lines = await self.store.read(self.store.statements.lines, declared["component_set"])
        body = score_of([text_of(tuple(line.values())) for line in lines], _readable(declared))
        return Response(body, media_type="application/json")

    async def preview(self, request: Request) -> Response:
        """Works out the score of the declaration in the body."""
        return Response(preview_of(await request.body()), media_type="application/json")

    async def lot(self, request: Request) -> Response:
        """One lot, with both colours."""
        day, own = today().isoformat(), request.path_params["id"]
        return _answer(lots_of(await self.store.read(self.store.portfolio.lot, own, day, day, own))[0])

    async def lots(self, request: Request) -> Response:
        """A page of lots after an id, with both colours."""
        day, after = today().isoformat(), request.query_params["after"]
        return _answer(lots_of(await self.store.read(self.store.portfolio.lots, after, day, day, after)))

    async def status(self, _request: Request) -> Response:
        """The status of every lot."""
        day = today().isoformat()
        return _answer({"lots": status_of(await self.store.read(self.store.portfolio.status, day, day))})

    async def assess(self, request: Request) -> Response:
        """Records an assessment."""
        own, steps = assessment_of(await request.body(), request.path_params["id"], self.store.kind)
        await self.store.run(steps)
        return _answer({"id": own}, 201)

    async def components_as_csv(self, request: Request) -> Response:
        """All components of a set as CSV, streamed while they are read."""
        return StreamingResponse(self.store.csv(request.query_params["set"]), media_type="text/csv")


def _answer(content: Any, status: int = 200) -> Response:
    return Response(to_json(content), status, media_type="application/json")


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    """A declaration with its JSON columns parsed, which SQLite returns as text."""
    for name in ("design_authority", "dimensions"):
        if isinstance(row[name], str):
            row[name] = json.loads(row[name])
    return row


def create_floor(url: str) -> Starlette:
    """The floor on a database."""
    store = store_of(url)

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        await store.open()
        yield
        await store.close()

    return Starlette(routes=Floor(store).routes, lifespan=running)


def main() -> None:
    """Serves the floor on the database of BENCH_DATABASE_URL."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    app = create_floor(os.environ["BENCH_DATABASE_URL"])
    # It imports parts of the service to share their rules; garbage collection of those would slow a bare application down.
    gc.collect()
    gc.freeze()
    port = arguments.parse_args().port
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
