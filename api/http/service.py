"""What one running service holds: settings, the database, the clock, and state that is kept in memory.

Time is passed in: nothing in the api reads the machine's clock except through the clock given here.
"""

import asyncio
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from starlette.requests import Request

from api.http.file_readers import FileReaders
from api.http.unfinished_bodies import UnfinishedBodies
from api.intake.processes.pool import Pool
from api.settings import Settings
from api.store.database import Database
from api.workers import Turns

Clock = Callable[[], datetime]
NOT_READY = timedelta(minutes=1)
"""How long a service is not ready after the disk of its database was full; then it is tried again."""


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class KnownKeys:
    """The valid keys that were read at one version of the database, by their hash; another version knows none of them."""

    version: int | None = None
    rows: dict[str, Any] = field(default_factory=dict)

    def at(self, version: int | None) -> dict[str, Any]:
        """Those known at this version, to look up and to add to; what is added without a version is not kept."""
        if version is None or version != self.version:
            self.version, self.rows = version, {}
        return self.rows


@dataclass(slots=True)
class Counts:
    """What this process knows of the current minute: how often each subject was counted, by all processes."""

    minute: int = 0
    known: dict[str, int] = field(default_factory=dict)

    def at(self, minute: int) -> dict[str, int]:
        """The counts of this minute; those of another are forgotten."""
        if minute != self.minute:
            self.minute, self.known = minute, {}
        return self.known


@dataclass(slots=True)
class Service:
    """A running service, one per process.

    `used_keys` are last uses of API keys that are not stored yet; `keys` are valid API keys as the database has them now.
    `status` is the status of the portfolio that was made last, for as long as nobody commits.
    `in_flight` are the requests with an Idempotency-Key that this process is answering, by actor, path and key. `counts`
    are how often keys and addresses asked within this minute, as far as a limit is set.
    `turns` are the queues of large work, `bodies` the request bodies that are there or on their way.
    `full_at` is when the disk of the database was last found full.
    `simulations_asked` is set when a simulation was stored that is to be carried out in the background.
    `files` reads what is uploaded, in a `pool` of processes: its own, unless it is given one.
    """

    settings: Settings
    database: Database
    clock: Clock = system_clock
    used_keys: dict[UUID, datetime] = field(default_factory=dict)
    keys: KnownKeys = field(default_factory=KnownKeys)
    in_flight: set[tuple[str, ...]] = field(default_factory=set)
    status: Any = None
    full_at: datetime | None = None
    turns: Turns = field(init=False)
    bodies: UnfinishedBodies = field(init=False)
    counts: Counts = field(default_factory=Counts)
    simulations_asked: asyncio.Event = field(default_factory=asyncio.Event)
    files: FileReaders = field(init=False)
    pool: InitVar[Pool | None] = None

    def __post_init__(self, pool: Pool | None) -> None:
        given = self.settings
        self.files = FileReaders(given, pool)
        self.turns = Turns(files=given.file_workers, per_key=given.waiting_per_key, in_all=given.waiting_in_all)
        self.bodies = UnfinishedBodies(given.unfinished_bytes_per_key, given.unfinished_bytes)

    def was_full(self) -> bool:
        """Whether the disk of the database was found full within the last minute."""
        return self.full_at is not None and self.clock() - self.full_at < NOT_READY


def service_of(request: Request) -> Service:
    """The service that handles a request."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return service
