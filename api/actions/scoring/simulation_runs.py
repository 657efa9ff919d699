"""Carries out simulations that take longer than a request, in the background and also after a restart.

A process takes a run by a lease with an end; while it works it stores what it has compared in batches, each of which renews
the lease. A process that was killed loses the lease when that ends, and another goes on from the last batch. A batch is
stored only by the holder of the lease, so nothing is compared twice or lost. Between batches no transaction is open.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.actions.scoring.simulations import (
    Comparison,
    comparison_of,
    complete_simulation,
    fail_simulation,
    simulated_scheme,
)
from api.queries.scoring import simulations as queries
from api.store.database import Database
from api.store.ledger import Write
from api.store.sessions import Session
from api.store.visibility import ReadContext
from api.workers import run_in_worker
from domain.base import new_id
from domain.dates import day_of
from domain.permissions import SYSTEM, Actor, Role
from domain.scoring.algorithm import Algorithm
from domain.scoring.simulation_runs import FAILURE, MAX_TRIES, ToCompare, compared_of, text_of, to_compare_of
from domain.scoring.simulations import ComparedDeclaration, outcome_of

BATCH_DECLARATIONS = 50
"""The most declarations that are compared before they are stored."""
BATCH_LINES = 20_000
"""Scored lines after which a batch is stored, so that it takes a few seconds at most."""
ROWS_PER_FETCH = 500
log = logging.getLogger("apos.simulations")


class LeaseLost(Exception):
    """Another process has taken the run."""


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """A run that this process has the lease of; `tries` as in SimulationRun, this one included."""

    simulation_id: UUID
    scheme_id: UUID
    lease: UUID
    context: ReadContext
    tries: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "ClaimedRun":
        """The run of a row, to be claimed: it reads with the rights of who asked for it, on the day of asking."""
        context = ReadContext(Actor(row["actor"], Role(row["role"])), day_of(row["simulated_at"]))
        return cls(row["simulation_id"], row["scheme_id"], new_id(), context)


@dataclass(frozen=True, slots=True)
class SimulationRunner:
    """Carries out the running simulations of a database, one at a time.

    It looks for one when it starts, when `asked` is set, and twice in the time of a lease, because another process may have
    been killed.
    """

    database: Database
    clock: Callable[[], datetime]
    asked: asyncio.Event
    lease_seconds: float

    async def run(self) -> None:
        """Carries out simulations until cancelled. What goes wrong is logged, and does not end it."""
        while True:
            self.asked.clear()
            try:
                while await self.run_next():
                    pass
            except Exception:
                log.exception("could not look for simulations to carry out; will look again")
            with suppress(TimeoutError):
                async with asyncio.timeout(self.lease_seconds / 2):
                    await self.asked.wait()

    async def run_next(self) -> bool:
        """Carries out the oldest running simulation that no process works on. False where there is none.

        One that stops is tried again when its lease has ended. After MAX_TRIES without anything new it has failed.
        """
        run = await self._claim()
        if run is None:
            return False
        if run.tries > MAX_TRIES:
            await self._fail(run)
            return True
        try:
            await self._carry_out(run)
        except LeaseLost:
            log.warning("simulation %s: another process goes on with it", run.simulation_id)
        except asyncio.CancelledError:
            await self._release(run)
            raise
        except Exception:
            log.exception("simulation %s: stopped; it goes on when its lease ends", run.simulation_id)
        return True

    async def _claim(self) -> ClaimedRun | None:
        now = self.clock()
        async with self.database.reading(one_statement=True) as session:
            found = await session.execute(queries.unclaimed(ReadContext(SYSTEM, day_of(now))), {"now": now})
            row = found.mappings().first()
        if row is None:
            return None
        run = ClaimedRun.of(row)
        values = {"run_id": run.simulation_id, "own": run.lease, "until": self._until(now), "now": now}
        async with self.database.writing() as session:
            tries = (await session.execute(queries.claim(), values)).scalar_one_or_none()
        # Another process that took it at the same moment has it now; there may be another one to take.
        return await self._claim() if tries is None else replace(run, tries=tries)

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.lease_seconds)

    async def _carry_out(self, run: ClaimedRun) -> None:
        async with self.database.reading() as session:
            scheme = await simulated_scheme(session, run.context, run.scheme_id)
        schemes: dict[str, Algorithm] = {}
        last = None
        while batch := await self._next_batch(run, last):
            compared = await self._compare(run, batch, scheme, schemes)
            await self._store(run, compared)
            last = batch[len(compared) - 1].declaration_id
        await self._complete(run)

    async def _next_batch(self, run: ClaimedRun, last: UUID | None) -> Sequence[ToCompare]:
        async with self.database.reading(one_statement=True) as session:
            found = await session.execute(queries.to_compare(run.simulation_id, last, BATCH_DECLARATIONS))
            return [to_compare_of(row) for row in found.mappings()]

    async def _compare(
        self, run: ClaimedRun, batch: Sequence[ToCompare], scheme: Algorithm, schemes: dict[str, Algorithm]
    ) -> Mapping[UUID, str]:
        """The results of the first declarations of a batch, which have about BATCH_LINES together, as texts by their ids."""
        compared: dict[UUID, str] = {}
        lines = 0
        for each in batch:
            async with (
                self.database.reading() as session,
                comparison_of(session, run.context, each, schemes) as comparison,
            ):
                text = await run_in_worker(_text, comparison, scheme, lines=comparison.lines)
            compared[each.declaration_id] = text
            lines += comparison.lines
            if lines >= BATCH_LINES:
                break
        return compared

    async def _store(self, run: ClaimedRun, compared: Mapping[UUID, str]) -> None:
        rows = [
            {"of_simulation": run.simulation_id, "of_declaration": declaration_id, "text": text}
            for declaration_id, text in compared.items()
        ]
        async with self.database.writing() as session:
            await self._renew(session, run, len(rows))
            await session.execute(queries.store_compared(), rows)

    async def _complete(self, run: ClaimedRun) -> None:
        compared: list[ComparedDeclaration] = []
        async with self.database.reading() as session, session.stream(queries.compared(run.simulation_id)) as result:
            async for rows in result.partitions(ROWS_PER_FETCH):
                compared += await run_in_worker(_compared_of_rows, rows, lines=0)
        outcome = await run_in_worker(outcome_of, compared, run.simulation_id, lines=len(compared))
        async with self.database.writing() as session:
            await self._renew(session, run, 0)
            await complete_simulation(self._write(session, run), run.simulation_id, outcome)

    async def _fail(self, run: ClaimedRun) -> None:
        log.error("simulation %s: has failed", run.simulation_id)
        async with self.database.writing() as session:
            await self._renew(session, run, 0)
            await fail_simulation(self._write(session, run), run.simulation_id, FAILURE)

    async def _renew(self, session: Session, run: ClaimedRun, more: int) -> None:
        """Prolongs the lease within a write, so that only its holder stores anything. Raises LeaseLost."""
        values = {"run_id": run.simulation_id, "own": run.lease, "until": self._until(self.clock()), "more": more}
        if (await session.execute(queries.renew(), values)).rowcount != 1:
            raise LeaseLost

    async def _release(self, run: ClaimedRun) -> None:
        """Lets another process go on at once. Where that fails, it waits for the end of the lease."""
        try:
            async with self.database.writing() as session:
                await session.execute(queries.release(), {"run_id": run.simulation_id, "own": run.lease})
        except Exception:
            log.exception("simulation %s: could not be released; it goes on when its lease ends", run.simulation_id)

    def _write(self, session: Session, run: ClaimedRun) -> Write:
        return Write.begin(session, SYSTEM, self.clock(), None, f"simulation-{run.simulation_id}")


def _text(comparison: Comparison, scheme: Algorithm) -> str:
    return text_of(comparison.under(scheme))


def _compared_of_rows(rows: Sequence[Mapping[str, Any]]) -> list[ComparedDeclaration]:
    return [compared_of(row["compared"]) for row in rows]
