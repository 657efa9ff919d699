"""The peer: a plain FastAPI application on the service's schema, written as a competent user would with the libraries' guides.

It does the same data work as the floor with an ORM session per request, response models, and an API key that is looked up by
its hash on every request. No visibility, ETag, idempotency or ledger, but for one audit event with an assessment. On
PostgreSQL its routes are asynchronous, with psycopg. On SQLite they are `def` routes on the synchronous engine, which FastAPI
runs in threads, because the service's stack has no asynchronous driver for SQLite.

Nothing of it is tuned beyond what the guides show; its pool has as many connections as the service's.
"""

import argparse
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Annotated
from uuid import UUID

import sqlalchemy as sa
import uvicorn
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from fastapi.responses import PlainTextResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from bench import peer_work as work
from bench.peer_tables import (
    ApiKey,
    AssessmentIn,
    AssessmentOut,
    DeclarationIn,
    DeclarationOut,
    LotOut,
    LotPage,
    Status,
)

POOL = 20
BUSY_SECONDS = 30
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]
Limit = Annotated[int, Query(ge=1, le=200)]
HEADER = ",".join(work.LINE) + "\r\n"


def _session(request: Request) -> Iterator[Session]:
    with Session(request.app.state.engine, expire_on_commit=False) as session:
        yield session


async def _async_session(request: Request) -> AsyncIterator[AsyncSession]:
    async with AsyncSession(request.app.state.engine, expire_on_commit=False) as session:
        yield session


Db = Annotated[Session, Depends(_session)]
AsyncDb = Annotated[AsyncSession, Depends(_async_session)]


def _key(db: Db, bearer: Bearer) -> ApiKey:
    return _known(work.key_of(db, bearer.credentials) if bearer else None)


async def _async_key(db: AsyncDb, bearer: Bearer) -> ApiKey:
    return _known(await db.run_sync(work.key_of, bearer.credentials) if bearer else None)


def _known(key: ApiKey | None) -> ApiKey:
    if key is None:
        raise HTTPException(401, "this needs a valid API key", {"WWW-Authenticate": "Bearer"})
    return key


Key = Annotated[ApiKey, Depends(_key)]
AsyncKey = Annotated[ApiKey, Depends(_async_key)]
on_sqlite = APIRouter(dependencies=[Depends(_key)])
on_postgresql = APIRouter(dependencies=[Depends(_async_key)])


@on_sqlite.get("/lots/{lot_id}")
def lot(lot_id: UUID, db: Db) -> LotOut:
    """One lot, with both colours."""
    return work.one_lot(db, lot_id)


@on_postgresql.get("/lots/{lot_id}")
async def lot_async(lot_id: UUID, db: AsyncDb) -> LotOut:
    """One lot, with both colours."""
    return await db.run_sync(work.one_lot, lot_id)


@on_sqlite.get("/lots")
def lots(db: Db, after: UUID, limit: Limit = 50) -> LotPage:
    """A page of lots after an id, with both colours."""
    return work.lots_after(db, after, limit)


@on_postgresql.get("/lots")
async def lots_async(db: AsyncDb, after: UUID, limit: Limit = 50) -> LotPage:
    """A page of lots after an id, with both colours."""
    return await db.run_sync(work.lots_after, after, limit)


@on_sqlite.get("/status")
def status(db: Db) -> Status:
    """The status of every lot."""
    return work.status_of(db)


@on_postgresql.get("/status")
async def status_async(db: AsyncDb) -> Status:
    """The status of every lot."""
    return await db.run_sync(work.status_of)


@on_sqlite.post("/milestones/{milestone_id}/assessments", status_code=201)
def assess(milestone_id: UUID, body: AssessmentIn, db: Db, key: Key) -> AssessmentOut:
    """Records an assessment."""
    return work.record(db, milestone_id, body, key)


@on_postgresql.post("/milestones/{milestone_id}/assessments", status_code=201)
async def assess_async(milestone_id: UUID, body: AssessmentIn, db: AsyncDb, key: AsyncKey) -> AssessmentOut:
    """Records an assessment."""
    return await db.run_sync(work.record, milestone_id, body, key)


@on_sqlite.post("/declarations", status_code=201)
def declare(body: DeclarationIn, db: Db) -> DeclarationOut:
    """Stores a declaration."""
    return work.declare(db, body)


@on_postgresql.post("/declarations", status_code=201)
async def declare_async(body: DeclarationIn, db: AsyncDb) -> DeclarationOut:
    """Stores a declaration."""
    return await db.run_sync(work.declare, body)


@on_sqlite.get("/declarations/{declaration_id}/components.csv")
def components(declaration_id: UUID, db: Db) -> StreamingResponse:
    """All components of a declaration as CSV, streamed while they are read."""
    found = db.scalars(work.components_of(db, declaration_id))

    def text() -> Iterator[str]:
        yield HEADER
        for rows in found.partitions():
            yield work.csv_of(rows)

    return StreamingResponse(text(), media_type="text/csv")


@on_postgresql.get("/declarations/{declaration_id}/components.csv")
async def components_async(declaration_id: UUID, db: AsyncDb) -> StreamingResponse:
    """All components of a declaration as CSV, streamed while they are read."""
    found = await db.stream_scalars(await db.run_sync(work.components_of, declaration_id))

    async def text() -> AsyncIterator[str]:
        yield HEADER
        async for rows in found.partitions():
            yield work.csv_of(rows)

    return StreamingResponse(text(), media_type="text/csv")


def create_peer(url: str) -> FastAPI:
    """The peer on a database."""

    @asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        if url.startswith("sqlite"):
            app.state.engine = _sqlite_engine(url)
            yield
            app.state.engine.dispose()
            return
        app.state.engine = create_async_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=POOL)
        yield
        await app.state.engine.dispose()

    app = FastAPI(title="peer", lifespan=running)
    app.include_router(on_sqlite if url.startswith("sqlite") else on_postgresql)

    @app.get("/readyz", response_class=PlainTextResponse)
    async def ready() -> str:
        return "ok\n"

    return app


def _sqlite_engine(url: str) -> sa.Engine:
    engine = sa.create_engine(url, pool_size=POOL, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def configure(connection: sa.engine.interfaces.DBAPIConnection, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def main() -> None:
    """Serves the peer on the database of BENCH_DATABASE_URL."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int, required=True)
    app = create_peer(os.environ["BENCH_DATABASE_URL"])
    port = arguments.parse_args().port
    uvicorn.run(app, port=port, loop="uvloop", http="httptools", access_log=False, log_level="warning")


if __name__ == "__main__":
    main()
